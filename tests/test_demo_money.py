"""A day of money at all practice sites and the day after: every figure right, nothing twice, nobody named."""

import csv
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from typing import Any

import openpyxl
import pytest

from payerbots.browser.chromium import Chromium
from payerbots.engine.delivering import RunReport
from payerbots.ledger.models import Attempt, Audit, Deposit, Item, Payment, ToldEvent
from payerbots.ledger.models import Match as MatchRow
from payerbots.sandbox import sites
from payerbots.sandbox.money import build
from tests.canaries import unsealed
from tests.cashier import Cashier, cashier
from tests.money_answers import comparable, differences
from tests.support import LoopThread, today

pytestmark = [pytest.mark.xdist_group("money day"), pytest.mark.timeout(400)]
"""All tests look at one day's work, which is done once."""


@dataclass
class Days:
    """What two days came to: the first one run twice."""

    office: Cashier
    remittance: RunReport
    lockbox: RunReport
    again: RunReport
    counts: list[tuple[int, ...]]
    first: dict[str, bytes]
    repeated: dict[str, bytes]
    after: dict[str, Any]
    last: dict[str, bytes]
    log: str


def counts() -> tuple[int, ...]:
    """How much the ledger knows."""
    tables = (
        Item.objects.filter(kind="work"),
        Payment.objects,
        Deposit.objects,
        MatchRow.objects,
        ToldEvent.objects,
    )
    return tuple(table.count() for table in tables)


@pytest.fixture(scope="module")
def days(
    tmp_path_factory: pytest.TempPathFactory, loop_thread: LoopThread, chromium: Chromium
) -> Iterator[Days]:
    folder = tmp_path_factory.mktemp("money")
    yesterday = today() - timedelta(days=1)
    with cashier(folder, loop_thread, chromium, world_day=yesterday) as office:
        remittance, lockbox = office.run("remittance"), office.run("lockbox")
        told, first = [counts()], office.files()
        office.run("remittance")
        again = office.run("lockbox")
        told.append(counts())
        repeated = office.files()
    with cashier(folder, loop_thread, chromium, world_day=yesterday, later=timedelta(days=1)) as later:
        after = later.both()
        yield Days(office, remittance, lockbox, again, told, first, repeated, after, later.files(), later.log)


def right(days: Days, on_later: int = 0) -> dict[str, Any]:
    day = days.office.world_day
    return sites.answers(days.office.seed, day, day + timedelta(days=on_later))


def test_every_figure_is_that_of_the_answers(days: Days) -> None:
    assert differences(days.lockbox.figures, right(days)) == []


def test_no_money_is_late_before_the_bank_was_read(days: Days) -> None:
    reasons = {one["reason"] for one in days.remittance.figures["payments"]}
    assert "DEPOSIT_MISSING" not in reasons


def test_running_again_on_the_same_day_adds_nothing(days: Days) -> None:
    assert days.again.added == 0
    assert days.counts[0] == days.counts[1]
    assert comparable(days.again.figures) == comparable(days.lockbox.figures)


def test_running_again_changes_no_byte_of_any_file(days: Days) -> None:
    assert days.repeated == days.first


def test_what_comes_a_day_late_changes_no_file_of_the_day_before(days: Days) -> None:
    assert {name: days.last[name] for name in days.first} == days.first
    assert len(days.last) == 2 * len(days.first)


def test_late_files_settle_on_the_next_day_what_waited_for_them(days: Days) -> None:
    """All that is open on the next day stands as the answers of that day say; what was settled before is not told."""
    answers = comparable(right(days, 1))
    found = comparable(days.after)
    for name in ("payments", "deposits", "matches"):
        assert [one for one in found[name] if one not in answers[name]] == []
    open_ones = [one for one in answers["payments"] if "ready" not in one]
    assert [one for one in open_ones if one not in found["payments"]] == []
    assert found["unusable"] == answers["unusable"]


def test_a_payment_is_in_the_posting_of_one_day_only(days: Days) -> None:
    rows = {name: import_rows(content) for name, content in days.last.items() if name.endswith(".csv")}
    one, other = (set(ids) for ids in rows.values())
    assert one
    assert other
    assert not one & other


def test_the_import_comes_to_what_was_deposited(days: Days) -> None:
    name = next(name for name in days.first if name.endswith(".csv"))
    records = list(csv.reader(days.first[name].decode().splitlines()))
    trailer = next(row for row in records if "total" in row)
    paid = sum((Decimal(one["amount"]) for one in days.lockbox.figures["matches"]), Decimal(0))
    assert f"{paid:.2f}" in trailer


def test_the_workbook_holds_the_days_payments_and_every_exception(days: Days) -> None:
    path = next(file.path for file in days.lockbox.files if file.what == "posting")
    book = openpyxl.load_workbook(path)
    states = [one["state"] for one in days.lockbox.figures["payments"]]
    assert body(book["Payments"]) == states.count("ready")
    assert body(book["Lines"]) == days.lockbox.figures["lines"]["ready"]["lines"]
    told = {row[2].value for row in book["Exceptions"].iter_rows(min_row=3) if row[2].value}
    wanted = {one["reason"] for one in days.lockbox.figures["holds"] + days.lockbox.figures["unusable"]}
    wanted |= {one["reason"] for one in days.lockbox.figures["payments"] if one["state"] == "exception"}
    assert wanted <= told


def test_nobody_is_named_in_logs_notes_file_names_or_the_database(days: Days) -> None:
    """The book of business is the canary: none of its patients may show up in clear."""
    billed = build(days.office.seed, days.office.world_day).billed
    people = {one.last for one in billed if len(one.last) > 5} | {one.member for one in billed}
    people |= {one.control for one in billed}
    data = days.office.workspace.data
    clear = {
        "log": days.log,
        "notes": "\n".join(Attempt.objects.values_list("note", flat=True)),
        "audit": "\n".join(
            str(row) for row in Audit.objects.values_list("actor", "action", "before", "after")
        ),
        "names": "\n".join(str(path) for path in [*data.rglob("*"), *days.office.out.iterdir()]),
        "data": unsealed(data).decode("latin-1"),
    }
    assert "remittance" in clear["data"]
    for where, text in clear.items():
        found = set(re.findall(r"[\w'-]+", text.upper()))
        assert [one for one in people if one.upper() in found] == [], where


def import_rows(content: bytes) -> list[str]:
    """The IDs of an import's rows."""
    records = list(csv.reader(content.decode().splitlines()))
    at = records[0].index("row_id") if "row_id" in records[0] else len(records[0]) - 1
    return [row[at] for row in records[1:] if row[at]]


def body(sheet: Any) -> int:
    """How many rows a sheet has below its totals and its header."""
    return sum(row[0].value is not None for row in sheet.iter_rows(min_row=3))
