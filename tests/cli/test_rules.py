"""`payerbots rules`: checked, and explained."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from payerbots.cli.main import app
from tests.support import ROOT

RULE = "rules:\n  one:\n    when: ['A*:164']\n    means: m\n    do: d\n    reason: REJ_MEMBER\n"


def rules(*words: str, folder: Path = ROOT) -> tuple[int, str]:
    result = CliRunner().invoke(app, ["rules", *words, "--workspace", str(folder)])
    return result.exit_code, result.output


@pytest.fixture
def office(tmp_path: Path) -> Path:
    (tmp_path / "schedules.yaml").touch()
    (tmp_path / "rules").mkdir()
    for name in ("rejections", "payers", "addresses"):
        text = (ROOT / f"rules/{name}.yaml").read_text()
        (tmp_path / f"rules/{name}.yaml").write_text(text)
    return tmp_path


def test_our_rules_are_right() -> None:
    code, text = rules("check", "--json")
    found = json.loads(text)
    assert (code, found["never_reached"]) == (0, [])
    assert set(found["correct"] + found["suggest"]) == {
        "invalid-member-id",
        "member-not-found",
        "wrong-payer",
        "modifier",
        "our-zip",
        "certificate",
    }


def test_a_rule_that_is_never_reached_is_told(office: Path) -> None:
    file = office / "rules/rejections.yaml"
    file.write_text(RULE + RULE.partition("\n")[2].replace("one", "two").replace("A*", "A7*"))
    code, text = rules("check", folder=office)
    assert (code, "never reached: A7*:164:* of two, one comes first" in text) == (1, True)


@pytest.mark.parametrize(
    ("file", "old", "new", "told"),
    [
        ("rejections", "reason: REJ_MEMBER", "reason: REJ_NOBODY", "rejections.yaml:"),
        ("payers", "ids: [CASMU]", "ids: []", "payers.yaml:"),
        ("payers", "former_ids: [CMG01]", "former_ids: [SUMHP]", "an ID that summit does not have"),
        ("addresses", "44114-1820", "44114", "addresses.yaml:"),
    ],
)
def test_what_is_wrong_in_a_file_is_named(office: Path, file: str, old: str, new: str, told: str) -> None:
    path = office / f"rules/{file}.yaml"
    path.write_text(path.read_text().replace(old, new, 1))
    result = CliRunner().invoke(app, ["rules", "check", "--workspace", str(office)])
    assert told in str(result.exception or result.output)
    assert result.exit_code != 0


@pytest.mark.parametrize(
    ("status", "code", "rule", "team", "correct", "mode"),
    [
        ("A7:164:IL", 0, "invalid-member-id", "eligibility", "member-id", "correct"),
        ("a7:500:85", 0, "our-zip", "intake", "complete-zip", "correct"),
        ("A3:54", 0, "duplicate", "billing", None, None),
        ("A6:187", 1, None, "billing", None, None),
    ],
)
def test_a_status_is_explained(
    status: str, code: int, rule: str | None, team: str, correct: str | None, mode: str | None
) -> None:
    ended, text = rules("explain", status, "--json")
    found = json.loads(text)
    assert (ended, found["rule"], found["team"], found["correct"], found["mode"]) == (
        code,
        rule,
        team,
        correct,
        mode,
    )


def test_an_explanation_in_words() -> None:
    _, text = rules("explain", "A7:500:85")
    assert "our-zip, by A*:500:85" in text
    assert "corrects and sends it: complete-zip, proved by addresses" in text
    assert "also fits address (A*:500:*)" in text


def test_what_is_no_status_is_a_wrong_use() -> None:
    code, text = rules("explain", "seven")
    assert (code, "A7:164:IL" in text) == (2, True)
