"""`payerbots posting confirm` as a biller gives it, in an office whose ledger holds the payment."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from django.db import connections

from payerbots.domain.posting_lines import payment_mark
from payerbots.ledger.models import PostedRow
from payerbots.ledger.records import Ledger
from payerbots.ledger.setup import connect
from tests.ledger.desk import KEYS, Clock, Desk
from tests.ledger.money import DAY, a_payment, found, payment_number
from tests.support import ROOT

MARK = payment_mark("1234567890", "T1", DAY, a_payment().amount)
ONE, TWO, OTHER = f"{MARK}-1ABCDEF-1", f"{MARK}-1ABCDEF-2", "ZZZZZZZZZZZZ-1ABCDEF-1"
HEADER = "Row ID,Result,Reason\n"


@pytest.fixture
def office(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with an office's data: a ledger with the payment of trace T1."""
    monkeypatch.setenv("PAYERBOTS_DATA", str(tmp_path))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    connect(tmp_path)
    clock = Clock()
    found(Desk(Ledger(KEYS, clock), clock, tmp_path), a_payment())
    connections.close_all()
    return tmp_path


def confirm(office: Path, answer: str, *options: str) -> tuple[int, str]:
    """How `posting confirm` ends with this answer, and what it says."""
    file = office / "answer.csv"
    file.write_text(answer, encoding="utf-8")
    run = "from payerbots.cli import main; main.COMMANDS.setdefault('posting', ''); main.run()"
    command = [sys.executable, "-c", run, "--workspace", str(ROOT), "posting", "confirm", str(file), *options]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)
    return done.returncode, done.stdout + done.stderr


def test_what_was_posted_is_known_to_the_ledger_by_payment(office: Path) -> None:
    assert confirm(office, f"{HEADER}{ONE},posted,\n{OTHER},posted,\n") == (0, "2 confirmed\n")
    known = dict(PostedRow.objects.values_list("row", "payment"))
    assert known == {ONE: payment_number(), OTHER: None}


def test_the_same_answer_again_changes_nothing(office: Path) -> None:
    confirm(office, f"{HEADER}{ONE},posted,\n")
    before = list(PostedRow.objects.values())
    assert confirm(office, f"{HEADER}{ONE},posted,\n") == (0, "1 known already\n")
    assert list(PostedRow.objects.values()) == before


def test_what_was_refused_and_what_cannot_be_read_is_named(office: Path) -> None:
    answer = f"{HEADER}{ONE},posted,\n{TWO},refused,No such account\n{OTHER},perhaps,\n"
    code, said = confirm(office, answer)
    assert code == 1
    assert said.splitlines() == [
        "1 confirmed, 1 refused, 1 not usable",
        f"line 3, row {TWO}: refused, No such account",
        (
            "answer.csv, line 4, column Result: found 'perhaps', expected one of accepted, posted, imported, ok, yes, "
            "refused, rejected, error, failed, no"
        ),
    ]


def test_json_has_the_same(office: Path) -> None:
    code, said = confirm(office, f"{HEADER}{TWO},refused,\n,posted,\n", "--json")
    told = json.loads(said)
    assert code == 1
    assert (told["confirmed"], told["refused"]) == (0, 1)
    assert told["rows_refused"] == [{"line": 2, "row": TWO, "reason": ""}]
    assert [bad["line"] for bad in told["bad_lines"]] == [3]


def test_a_file_that_is_no_answer_ends_with_2_and_changes_nothing(office: Path) -> None:
    code, said = confirm(office, "Patient,Amount\nSMITH,1\n")
    assert code == 2
    assert "answer.csv" in said
    assert "SMITH" not in said
    assert not PostedRow.objects.exists()
