"""The rules file: which rule counts for a status, what is refused in it, and that ours says what the field knows."""

from pathlib import Path

import pytest

from payerbots.domain.rejection_rules import Mode, RejectionRules, load, shadowed, status
from payerbots.errors import ConfigError
from payerbots.reasons import Reason
from tests.rejection_samples import rules, said

RULE = "  one:\n    when: ['A7:164:IL']\n    means: m\n    do: d\n    reason: REJ_MEMBER\n"


@pytest.mark.parametrize(
    ("code", "name", "reason"),
    [
        # each rule of the field: the status itself, and one that is near it
        ("A7:164:IL", "invalid-member-id", "REJ_MEMBER"),
        ("A6:164:IL", "invalid-member-id", "REJ_MEMBER"),
        ("A7:165:IL", "", "REJ_UNKNOWN"),
        ("A3:33:IL", "member-not-found", "REJ_MEMBER"),
        ("A7:33", "member-not-found", "REJ_MEMBER"),
        ("A6:33:IL", "", "REJ_UNKNOWN"),
        ("A7:30", "member-and-name", "REJ_MEMBER"),
        ("A8:88", "not-eligible", "REJ_COVERAGE"),
        ("A8:87", "", "REJ_UNKNOWN"),
        ("A3:116:PR", "wrong-payer", "REJ_COVERAGE"),
        ("A7:153:PR", "wrong-payer", "REJ_COVERAGE"),
        ("A7:153:85", "", "REJ_UNKNOWN"),
        ("A7:453", "modifier", "REJ_CODING"),
        ("A7:454", "", "REJ_UNKNOWN"),
        ("A7:507", "hcpcs", "REJ_CODING"),
        ("A7:508", "", "REJ_UNKNOWN"),
        ("A7:254", "diagnosis", "REJ_CODING"),
        ("A7:255", "diagnosis", "REJ_CODING"),
        ("A7:256", "", "REJ_UNKNOWN"),
        ("A7:488", "diagnosis-pointer", "REJ_CODING"),
        ("A7:489", "", "REJ_UNKNOWN"),
        ("A8:496:85", "billing-npi", "REJ_PROVIDER"),
        ("A8:497:85", "", "REJ_UNKNOWN"),
        ("A7:562:85", "billing-npi", "REJ_PROVIDER"),
        ("A7:562:82", "other-npi", "REJ_PROVIDER"),
        ("A7:562", "other-npi", "REJ_PROVIDER"),
        ("A7:563:82", "", "REJ_UNKNOWN"),
        ("A7:500:85", "our-zip", "REJ_ADDRESS"),
        ("A7:500:IL", "address", "REJ_ADDRESS"),
        ("A7:501:85", "address", "REJ_ADDRESS"),
        ("A7:502:85", "", "REJ_UNKNOWN"),
        ("A7:698", "certificate", "REJ_FORM"),
        ("A7:699", "", "REJ_UNKNOWN"),
        ("A7:84", "authorization", "AUTH_NEEDED"),
        ("A3:54", "duplicate", "REJ_DUPLICATE"),
        ("A8:54", "duplicate", "REJ_DUPLICATE"),
        ("A3:78", "duplicate", "REJ_DUPLICATE"),
        ("A3:746", "duplicate", "REJ_DUPLICATE"),
        ("A3:745", "", "REJ_UNKNOWN"),
        ("TA1:024", "file-rejected", "REJ_FILE"),
        ("999:R", "file-rejected", "REJ_FILE"),
        ("A3:247", "see-line", "REJ_UNKNOWN"),
        ("A7:21", "something-missing", "REJ_UNKNOWN"),
    ],
)
def test_the_rule_for_a_status(code: str, name: str, reason: str) -> None:
    found = rules().find(said(code))
    assert (found.name, found.rule.reason.value) == (name, reason)


def test_no_rule_of_ours_is_hidden_behind_another() -> None:
    assert list(shadowed(rules())) == []


def test_duplicates_and_files_are_never_corrected() -> None:
    never = {Reason.REJ_DUPLICATE, Reason.REJ_FILE}
    assert [one for one in rules().rules.values() if one.reason in never and one.correct] == []


def test_a_rule_suggests_unless_it_says_correct(tmp_path: Path) -> None:
    made = written(tmp_path, "rules:\n" + RULE + "    correct: member-id\n    proof: eligibility\n")
    assert made.rules["one"].mode is Mode.SUGGEST


@pytest.mark.parametrize(
    ("patterns", "wins"),
    [
        (("A7:164", "A7:164:IL"), "second"),
        (("A*:164:IL", "A7:164:IL"), "second"),
        (("A7:*:IL", "A*:164"), "second"),
        (("A7:164", "A*:164:IL"), "second"),
        (("*:164:IL", "A*:164:IL"), "first"),
        (("A7:*", "A7:*:IL"), "second"),
    ],
    ids=[
        "entity",
        "category",
        "code before entity",
        "entity before category",
        "equals: the first",
        "any code",
    ],
)
def test_the_most_exact_pattern_counts(tmp_path: Path, patterns: tuple[str, str], wins: str) -> None:
    text = "rules:\n" + "".join(
        RULE.replace("one", name).replace("A7:164:IL", pattern)
        for name, pattern in zip(("first", "second"), patterns, strict=True)
    )
    assert written(tmp_path, text).find(said("A7:164:IL")).name == wins


def test_what_says_nothing_by_itself_gives_way_to_what_does() -> None:
    found = rules().find_all([said("A3:247"), said("A7:21"), said("A7:507", 1)])
    assert [one.name for one in found] == ["hcpcs"]


def test_alone_it_is_unknown() -> None:
    (found,) = rules().find_all([said("A3:247")])
    assert found.rule.reason is Reason.REJ_UNKNOWN


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("rules:\n" + RULE.replace("A7:164:IL", "A7-164"), "line 3: at key rules.one.when.0: found 'A7-164', allowed: cATEGORY:CODE:ENTITY such as"),
        ("rules:\n" + RULE.replace("REJ_MEMBER", "REJ_MEMBERS"), "line 6: at key rules.one.reason: found 'REJ_MEMBERS', allowed:"),
        ("rules:\n" + RULE + "    correct: guess\n", "line 7: at key rules.one.correct: found 'guess', allowed:"),
        ("rules:\n" + RULE + "    correct: member-id\n", "at key rules.one.proof: found 'none', allowed: `eligibility` for member-id"),
        ("rules:\n" + RULE + "    correct: member-id\n    proof: claim\n", "line 8: at key rules.one.proof: found 'claim', allowed: `eligibility`"),
        ("rules:\n" + RULE + "    mode: correct\n", "line 7: at key rules.one.mode: found"),
        ("rules:\n" + RULE + "    proof: claim\n", "line 7: at key rules.one.proof: found"),
        (
            "rules:\n" + RULE.replace("REJ_MEMBER", "REJ_DUPLICATE") + "    correct: member-id\n    proof: eligibility\n",
            "line 7: at key rules.one.correct: found 'member-id', allowed: nothing: REJ_DUPLICATE is never sent again",
        ),
        ("rules:\n" + RULE + "    who: billing\n", "line 7: at key rules.one.who: this key is not known here"),
        ("rules:\n" + RULE + RULE.replace("one", "two"), "line 8: at key rules.two.when.0: found 'A7:164:IL', allowed: a pattern that one does not have"),
        ("rules: {}\n", "line 1: at key rules: found"),
        ("", "at key rules: this key is missing"),
    ],
    ids=["pattern", "reason", "correction", "no proof", "proof", "mode", "proof alone", "never", "key", "twice", "none", "empty"],
)  # fmt: skip
def test_what_is_wrong_in_a_rules_file_is_named(tmp_path: Path, text: str, told: str) -> None:
    with pytest.raises(ConfigError) as refused:
        written(tmp_path, text)
    assert told.removeprefix("line ") in str(refused.value).replace("rejections.yaml:", "")


@pytest.mark.parametrize(
    ("first", "second", "hidden"),
    [
        ("A*:164", "A7*:164", True),
        ("*:164:IL", "A*:164:IL", True),
        ("*:164", "A7:164", False),  # the second is more exact
        ("A7*:164", "A*:164", False),  # the second takes more
        ("A*:164:IL", "A*:164:QC", False),
    ],
)
def test_a_pattern_that_is_never_reached_is_found(
    tmp_path: Path, first: str, second: str, hidden: bool
) -> None:
    text = "rules:\n" + "".join(
        RULE.replace("one", name).replace("A7:164:IL", pattern)
        for name, pattern in (("first", first), ("second", second))
    )
    found = [(name, other) for name, _, other in shadowed(written(tmp_path, text))]
    assert found == ([("second", "first")] if hidden else [])


@pytest.mark.parametrize("text", ["A7", "A7:164:IL:X", "", "seven", "A7 164"])
def test_what_is_no_status_is_none(text: str) -> None:
    assert status(text) is None


def written(folder: Path, text: str) -> RejectionRules:
    file = folder / "rejections.yaml"
    file.write_text(text)
    return load(file)
