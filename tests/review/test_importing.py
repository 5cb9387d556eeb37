"""What is not clear is listed with its place and never guessed; two people, copies, and rows that do not fit."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from payerbots.documents.errors import WorkbookUnusable
from payerbots.documents.workbook.review_reading import ReviewProblem
from payerbots.domain.decisions import Decision
from payerbots.engine.desk import directly
from payerbots.keys import Keys, new_key
from payerbots.ledger.models import Audit, Case, Decided, Item, ReviewFile
from payerbots.ledger.records import Ledger
from payerbots.review import entries
from payerbots.review.collecting import collect
from tests.review.back_office import BackOffice, fill, headers

pytestmark = pytest.mark.xdist_group("importing")
BOTH = {"By": "ana"}
UNCLEAR: list[tuple[str, dict[str, object], str, str]] = [
    ("an unknown word", {"Decision": "retry", **BOTH}, "Decision", "one of: send back"),
    ("no name", {"Decision": "send back"}, "By", "the name or initials"),
    ("a note alone", {"Note": "call them"}, "Decision", "one of: send back"),
    ("no amount", {"Decision": "write off", "Adj. code": "WO1", **BOTH}, "Amount", "an amount such as"),
    (
        "words for an amount",
        {"Decision": "write off", "Amount": "all", **BOTH},
        "Amount",
        "an amount such as",
    ),
    (
        "a date for an amount",
        {"Decision": "write off", "Amount": date(2026, 1, 2), **BOTH},
        "Amount",
        "an amount",
    ),
    ("half a cent", {"Decision": "write off", "Amount": 1.005, **BOTH}, "Amount", "an amount such as"),
    ("no code", {"Decision": "write off", "Amount": 5, **BOTH}, "Adj. code", "an adjustment code"),
    ("no date", {"Decision": "pend until", **BOTH}, "Until", "a date such as"),
    (
        "a date of two readings",
        {"Decision": "pend until", "Until": "soon", **BOTH},
        "Until",
        "a date such as",
    ),
    ("no team", {"Decision": "not mine", **BOTH}, "To / of", "one of the teams intake"),
    ("another team", {"Decision": "not mine", "To / of": "night", **BOTH}, "To / of", "one of the teams"),
    ("no person", {"Decision": "assign to", **BOTH}, "To / of", "a person"),
    (
        "no other item",
        {"Decision": "duplicate of", "To / of": "the first", **BOTH},
        "To / of",
        "the other item",
    ),
    (
        "an amount too many",
        {"Decision": "send back", "Amount": 5, **BOTH},
        "Amount",
        "nothing beside `send back`",
    ),
    (
        "a date too many",
        {"Decision": "resolved by hand", "Until": "1/2/2027", **BOTH},
        "Until",
        "nothing beside",
    ),
    (
        "a value too many",
        {"Decision": "send back", "Correct: NPI": "1", **BOTH},
        "Correct: NPI",
        "nothing beside",
    ),
    ("no values", {"Decision": "corrected - send back", **BOTH}, "Decision", "corrected values under"),
    (
        "a value that cannot be read",
        {"Decision": "corrected - send back", "Correct: Birth date": "in spring", **BOTH},
        "Correct: Birth date",
        "expected a date such as 03/14/1948",
    ),
    (
        "a value that was asked already",
        {"Decision": "corrected - send back", "Correct: Last name": "MARLOW", **BOTH},
        "Decision",
        "the corrected values are those that were asked",
    ),
]


@pytest.mark.parametrize(
    ("cells", "header", "said"), [row[1:] for row in UNCLEAR], ids=[row[0] for row in UNCLEAR]
)
def test_what_is_not_clear_is_told_with_its_cell_and_changes_nothing(
    office: BackOffice, tmp_path: Path, cells: dict[str, object], header: str, said: str
) -> None:
    (number,) = office.add(1)
    path = fill(office.export(tmp_path.name), {number: cells}, tmp_path / "back.xlsx")
    came_to = office.take(path)
    (problem,) = came_to.problems
    sheet: Any = openpyxl.load_workbook(path)["intake"]
    assert (problem.sheet, problem.header) == ("intake", header)
    assert sheet[f"{problem.column}1"].value == header
    assert sheet.cell(problem.row, 1).value == number
    assert said in problem.expected
    assert came_to.taken == 0
    assert (office.item(number).state, Case.objects.filter(item=int(number)).count()) == ("exception", 0)


def test_a_name_alone_is_no_decision(office: BackOffice, tmp_path: Path) -> None:
    (number,) = office.add(1)
    came_to = office.take(fill(office.export("names"), {number: BOTH}, tmp_path / "back.xlsx"))
    assert (came_to.taken, came_to.problems) == (0, [])


def test_corrected_values_become_the_request_and_a_new_revision(office: BackOffice, tmp_path: Path) -> None:
    (number,) = office.add(1)
    cells = {
        "Decision": "Corrected \u2013 send back",
        "Correct: Member ID": "000123456",
        "Correct: Birth date": date(1951, 3, 14),
        **BOTH,
    }
    came_to = office.take(fill(office.export("corrected"), {number: cells}, tmp_path / "back.xlsx"))
    assert (came_to.taken, came_to.problems) == (1, [])
    item = office.item(number)
    request = office.desk.ledger.keys.unseal(item.request_sealed)
    assert (item.state, item.revision) == ("new", 2)
    assert b"000123456" in request
    assert b"1951-03-14" in request
    kept = Decided.objects.get(case__item=item)
    assert b"03/14/1948" in office.desk.ledger.keys.unseal(kept.values_sealed or b"")


def two_copies(
    office: BackOffice, tmp_path: Path, one: dict[str, object], other: dict[str, object]
) -> tuple[str, Path, Path]:
    (number,) = office.add(1)
    out = office.export(tmp_path.name)
    first = fill(out, {number: one}, tmp_path / "ana.xlsx")
    return number, first, fill(out, {number: other}, tmp_path / "bea.xlsx")


def test_of_two_people_the_first_stands_and_the_second_is_told(office: BackOffice, tmp_path: Path) -> None:
    number, ana, bea = two_copies(
        office,
        tmp_path,
        {"Decision": "resolved by hand", "By": "ana"},
        {"Decision": "send back", "By": "bea"},
    )
    assert office.take(ana).taken == 1
    came_to = office.take(bea)
    (problem,) = came_to.problems
    assert "was decided before: `resolved by hand` by person:ana" in problem.expected
    assert office.item(number).state == "done"
    assert office.take(bea).problems == came_to.problems


def test_two_people_who_decide_the_same_do_it_once(office: BackOffice, tmp_path: Path) -> None:
    number, ana, bea = two_copies(
        office,
        tmp_path,
        {"Decision": "resolved by hand", "By": "ana"},
        {"Decision": "resolved by hand", "By": "bea"},
    )
    assert office.take(ana).taken == 1
    assert (office.take(bea).known, Decided.objects.filter(case__item=int(number)).count()) == (1, 1)


def test_a_second_person_agrees_in_the_next_workbook(office: BackOffice, tmp_path: Path) -> None:
    (number,) = office.add(1, amount=Decimal("900.00"))
    cells = {"Decision": "write off", "Amount": "$900.00", "Adj. code": "wo1"}
    came_to = office.take(
        fill(office.export("large"), {number: {**cells, "By": "ana"}}, tmp_path / "first.xlsx")
    )
    assert (came_to.proposed, came_to.taken, office.item(number).state) == (1, 0, "exception")
    (row,) = [one for one in collect(office.desk, office.day).rows if one.item == number]
    assert "write off 900.00 WO1, waits for a second person" in (row.previous_decision or "")
    second = fill(office.export("large-2"), {number: {**cells, "By": "bea"}}, tmp_path / "second.xlsx")
    assert (office.take(second).taken, office.item(number).state) == (1, "done")


def test_a_row_that_was_copied_and_differs_is_not_taken_either_time(
    office: BackOffice, tmp_path: Path
) -> None:
    (number,) = office.add(1)
    path = fill(office.export("twice"), {number: {"Decision": "send back", **BOTH}}, tmp_path / "back.xlsx")
    book = openpyxl.load_workbook(path)
    sheet: Any = book["intake"]
    at = next(row for row in range(2, sheet.max_row + 1) if sheet.cell(row, 1).value == number)
    below = sheet.max_row + 1
    for cell in list(sheet[at]):
        sheet.cell(below, cell.column).value = cell.value
    sheet.cell(below, headers(sheet)["Decision"]).value = "resolved by hand"
    book.save(path)
    problems = office.take(path).problems
    assert [problem.row for problem in problems] == [at, below]
    assert all(f"intake row {at}, intake row {below}" in problem.expected for problem in problems)
    assert office.item(number).state == "exception"


def test_cells_that_were_pasted_over_are_noticed(office: BackOffice, tmp_path: Path) -> None:
    number, other = office.add(2)
    path = fill(office.export("pasted"), {number: {"Decision": "send back", **BOTH}}, tmp_path / "back.xlsx")
    book = openpyxl.load_workbook(path)
    sheet: Any = book["intake"]
    places = headers(sheet)
    rows = {sheet.cell(row, 1).value: row for row in range(2, sheet.max_row + 1)}
    for header in ("Item", "Patient", "Account no.", "Order no."):
        value = sheet.cell(rows[other], places[header]).value
        sheet.cell(rows[number], places[header]).value = value
    book.save(path)
    (problem,) = office.take(path).problems
    assert (problem.row, problem.header) == (rows[number], "Item")
    assert "other cells were pasted here" in problem.expected
    assert [office.item(one).state for one in (number, other)] == ["exception", "exception"]


def change_sheet(path: Path, change: Callable[[Any, dict[str, int]], None]) -> None:
    book = openpyxl.load_workbook(path)
    sheet: Any = book["intake"]
    change(sheet, headers(sheet))
    book.save(path)


def _without_mark(sheet: Any, places: dict[str, int]) -> None:
    sheet.delete_cols(places["Row mark"])


def _decision_twice(sheet: Any, places: dict[str, int]) -> None:
    sheet.cell(1, places["Bot"]).value = "Decision"


def _mark_gone(sheet: Any, places: dict[str, int]) -> None:
    for row in range(2, sheet.max_row + 1):
        sheet.cell(row, places["Row mark"]).value = None


def _mark_typed(sheet: Any, places: dict[str, int]) -> None:
    for row in range(2, sheet.max_row + 1):
        cell = sheet.cell(row, places["Row mark"])
        if sheet.cell(row, places["Decision"]).value == "send back":
            cell.value = f"item-1:r1:0:{'a' * 20}:{'b' * 20}"


def _merged(sheet: Any, places: dict[str, int]) -> None:
    letter = sheet.cell(1, places["Decision"]).column_letter
    sheet.merge_cells(f"{letter}2:{letter}{sheet.max_row}")


SPOILT: list[tuple[str, Callable[[Any, dict[str, int]], None], str]] = [
    ("the hidden column is gone", _without_mark, "expected a column Row mark"),
    ("a column stands twice", _decision_twice, "the column Decision only once"),
    ("the marks are gone", _mark_gone, "the mark of the row: copy rows with all their columns"),
    ("a mark was typed", _mark_typed, "the mark that this office wrote"),
    ("cells are merged", _merged, "a cell of its own"),
]


@pytest.mark.parametrize(("change", "said"), [row[1:] for row in SPOILT], ids=[row[0] for row in SPOILT])
def test_a_spoilt_sheet_is_told_and_nothing_of_it_is_taken(
    office: BackOffice, tmp_path: Path, change: Callable[[Any, dict[str, int]], None], said: str
) -> None:
    one, two = office.add(2)
    cells = {one: {"Decision": "send back", **BOTH}, two: {"Decision": "resolved by hand", **BOTH}}
    path = fill(office.export(tmp_path.name), cells, tmp_path / "back.xlsx")
    change_sheet(path, change)
    problems = office.take(path).problems
    assert said in problems[0].expected
    assert office.item(one).state == "exception"


def test_another_offices_workbook_is_refused(office: BackOffice, tmp_path: Path) -> None:
    (number,) = office.add(1)
    path = fill(office.export("other"), {number: {"Decision": "send back", **BOTH}}, tmp_path / "back.xlsx")
    theirs = Keys((new_key(),), new_key(), "another office")
    desk = directly(office.desk.workspace, Ledger(theirs))
    mine, office.desk = office.desk, desk
    try:
        with pytest.raises(WorkbookUnusable, match="its rows are not of this office"):
            office.take(path)
    finally:
        office.desk = mine
    assert office.item(number).state == "exception"


def test_an_item_that_has_moved_on_is_told(office: BackOffice, tmp_path: Path) -> None:
    (number,) = office.add(1)
    path = fill(office.export("moved"), {number: {"Decision": "send back", **BOTH}}, tmp_path / "back.xlsx")
    Item.objects.filter(pk=int(number)).update(revision=2)
    (problem,) = office.take(path).problems
    assert problem.expected == f"item {number} has moved on"


def test_a_file_is_noted_once_with_what_came_of_it(office: BackOffice, tmp_path: Path) -> None:
    good, bad = office.add(2)
    cells = {good: {"Decision": "send back", **BOTH}, bad: {"Decision": "forget it", **BOTH}}
    path = fill(office.export("noted"), cells, tmp_path / "back.xlsx")
    for _ in range(2):
        office.take(path)
    row = ReviewFile.objects.order_by("pk").last()
    assert row is not None
    assert (row.times, row.taken, row.open) == (2, 1, 1)
    assert Audit.objects.filter(action="send back", item=int(good)).count() == 1


def test_what_somebody_filled_in_is_not_written_over(office: BackOffice) -> None:
    (number,) = office.add(1)
    path = office.export("kept")
    before = path.read_bytes()
    assert office.export("kept") == path
    assert path.read_bytes() == before
    fill(path, {number: {"Decision": "send back", **BOTH}})
    beside = office.export("kept")
    assert beside.name == f"{path.stem}-2.xlsx"
    office.take(path)
    assert office.export("kept") == path


@pytest.mark.parametrize("text", ["send back", "SEND  BACK", " Send back "])
def test_words_of_decisions_are_taken_in_any_case(text: str) -> None:
    assert entries.decision_of(text) is Decision.SEND_BACK


@pytest.mark.parametrize("dash", ["-", " - ", "\u2013", " \u2014 ", "\u2212"])
def test_a_dash_that_was_corrected_by_the_program_is_a_dash(dash: str) -> None:
    assert entries.decision_of(f"corrected{dash}send back") is Decision.CORRECTED


@pytest.mark.parametrize(
    ("cell", "amount"),
    [(12, "12.00"), (12.5, "12.50"), (0.1 + 0.2, "0.30"), ("$1,234.50", "1234.50"), ("7", "7.00")],
)
def test_amounts_are_read_to_the_cent(cell: object, amount: str) -> None:
    assert entries.amount_of(cell) == Decimal(amount)


@pytest.mark.parametrize(
    "cell", [None, True, "", "1.2.3", "12,34", "(5.00)", "1e3", "5 or 6", 1.001, float("inf")]
)
def test_what_is_no_amount_is_none(cell: object) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - its caller says what was expected
        entries.amount_of(cell)


def test_a_problem_says_where_and_what() -> None:
    problem = ReviewProblem(
        sheet="intake", row=7, column="T", header="Amount", found="all", expected="expected an amount"
    )
    assert str(problem) == "sheet intake, row 7, column T (Amount): found 'all', expected an amount"


def test_a_workbook_without_rows_gives_way_to_the_next(office: BackOffice) -> None:
    empty = office.export()
    office.add(1)
    assert office.export() == empty
