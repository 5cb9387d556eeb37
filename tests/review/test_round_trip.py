"""Decisions come back from whatever has become of the workbook: each once, at the item that it was made on."""

import warnings
from collections.abc import Callable
from copy import copy
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from openpyxl.workbook import Workbook

from payerbots.ledger.models import Case, Item
from tests.documents.workbook.offices import recalculated
from tests.review.back_office import BackOffice, Filled, fill, headers, write

pytestmark = pytest.mark.xdist_group("round-trip")
UNTIL = date(2026, 12, 31)
MANY = 5_000


def as_it_is(_book: Workbook) -> None:
    """Saved by openpyxl."""


def rows_sorted(book: Workbook) -> None:
    """From the last row to the first."""
    for sheet in _filled(book):
        rows = [[cell.value for cell in row] for row in sheet.iter_rows(min_row=2)]
        for number, values in enumerate(reversed(rows), start=2):
            for index, value in enumerate(values, start=1):
                sheet.cell(number, index).value = value


def columns_moved(book: Workbook) -> None:
    """Decision first, and the others the other way round, with columns of the person's own."""
    for sheet in _filled(book):
        rows = [[cell.value for cell in row][::-1] for row in sheet.iter_rows()]
        for number, values in enumerate(rows, start=1):
            own = ["My notes", "", *values] if number == 1 else ["call back", "x", *values]
            for index, value in enumerate(own, start=1):
                sheet.cell(number, index).value = value


def filtered(book: Workbook) -> None:
    """All rows hidden by a filter, and columns too."""
    for sheet in _filled(book):
        for row in range(2, sheet.max_row + 1):
            sheet.row_dimensions[row].hidden = True
        sheet.column_dimensions["B"].hidden = True


def copied(book: Workbook) -> None:
    """Values only, on a sheet of another name, with a title above, and the hidden column among them."""
    for sheet in _filled(book):
        target = book.create_sheet("From billing")
        target["A1"] = "Worked on Tuesday"
        for row in sheet.iter_rows():
            for cell in row:
                target.cell(cell.row + 3, cell.column).value = cell.value
        book.remove(sheet)


def blank_rows(book: Workbook) -> None:
    """Blanks and formats below the last row."""
    for sheet in _filled(book):
        styled = sheet.cell(2, 1)
        for row in range(sheet.max_row + 1, sheet.max_row + 40):
            for column in range(1, 20):
                cell = sheet.cell(row, column)
                cell.value, cell._style = " " if column == 3 else None, copy(styled._style)


CHANGES: list[Callable[[Workbook], None]] = [
    as_it_is,
    rows_sorted,
    columns_moved,
    filtered,
    copied,
    blank_rows,
]
DATES: list[tuple[str, object]] = [
    ("as a date", UNTIL),
    ("as text", "12/31/2026"),
    ("as ISO text", "2026-12-31"),
    ("as words", "Dec 31, 2026"),
    ("as a number", 46387),
]


def _filled(book: Workbook) -> list[Any]:
    return [sheet for sheet in book.worksheets if "Decision" in headers(sheet)]


def four(office: BackOffice) -> tuple[list[str], Filled]:
    """Four items, one of another team, and a decision on each but the third."""
    numbers = [*office.add(3), *office.add(1, reason="INACTIVE_ON_DATE")]
    return numbers, {
        numbers[0]: {"Decision": "send back", "By": "ana"},
        numbers[1]: {"Decision": "pend until", "Until": UNTIL, "By": "ana", "Note": "card asked for"},
        numbers[3]: {"Decision": "Not Mine", "To / of": "Posting", "By": "Bea C."},
    }


def check(office: BackOffice, numbers: list[str]) -> None:
    """Each decision stands at its item, and nothing at the third."""
    assert office.item(numbers[0]).state == "new"
    assert Case.objects.get(item=int(numbers[1])).pended_until == UNTIL
    assert not Case.objects.filter(item=int(numbers[2])).exists()
    assert Case.objects.get(item=int(numbers[3])).team == "posting"


@pytest.mark.parametrize("change", CHANGES, ids=lambda change: change.__name__)
def test_decisions_arrive_however_the_workbook_was_changed(
    office: BackOffice, tmp_path: Path, change: Callable[[Workbook], None]
) -> None:
    numbers, filled = four(office)
    book = openpyxl.load_workbook(office.export(change.__name__))
    write(book, filled)
    change(book)
    book.save(tmp_path / "back.xlsx")
    came_to = office.take(tmp_path / "back.xlsx")
    assert (came_to.taken, came_to.problems) == (3, [])
    check(office, numbers)
    again = office.take(tmp_path / "back.xlsx")
    assert (again.taken, again.known, again.problems) == (0, 3, [])
    assert again.before is not None


@pytest.mark.parametrize(("form", "cell"), DATES, ids=[row[0] for row in DATES])
def test_a_date_is_understood_as_people_write_it(
    office: BackOffice, tmp_path: Path, form: str, cell: object
) -> None:
    (number,) = office.add(1)
    filled = {number: {"Decision": "pend until", "Until": cell, "By": "ana"}}
    path = fill(office.export(form.replace(" ", "-")), filled, tmp_path / "back.xlsx")
    assert office.take(path).problems == []
    assert Case.objects.get(item=int(number)).pended_until == UNTIL


def test_a_date_in_the_past_is_told_with_its_cell(office: BackOffice, tmp_path: Path) -> None:
    (number,) = office.add(1)
    cell = office.day - timedelta(days=1)
    filled = {number: {"Decision": "pend until", "Until": cell, "By": "ana"}}
    (problem,) = office.take(fill(office.export("past"), filled, tmp_path / "back.xlsx")).problems
    assert (problem.sheet, problem.column != "", "after today" in problem.expected) == ("intake", True, True)


@pytest.fixture(scope="module")
def through(office: BackOffice, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """Workbooks that LibreOffice has opened and saved: changed in each way, and one of 5,000 rows."""
    folder = tmp_path_factory.mktemp("libreoffice")
    cases, paths = [], []
    for change in CHANGES:
        numbers, filled = four(office)
        book = openpyxl.load_workbook(office.export(f"lo-{change.__name__}"))
        write(book, filled)
        change(book)
        path = folder / f"{change.__name__}.xlsx"
        book.save(path)
        cases.append(numbers)
        paths.append(path)
    many = office.add(MANY)
    decided = many[:: MANY // 50]
    large = office.export("lo-many")
    paths.append(
        fill(
            large,
            {one: {"Decision": "resolved by hand", "By": "cy"} for one in decided},
            folder / "many.xlsx",
        )
    )
    saved = recalculated(paths, folder)
    rest = Item.objects.filter(pk__in=[int(one) for one in many]).exclude(
        pk__in=[int(one) for one in decided]
    )
    rest.update(state="cancelled")
    return {
        "saved": dict(zip([path.stem for path in paths], saved, strict=True)),
        "cases": cases,
        "decided": decided,
    }


@pytest.mark.parametrize("change", CHANGES, ids=lambda change: change.__name__)
def test_decisions_arrive_through_libreoffice(
    office: BackOffice, through: dict[str, Any], change: Callable[[Workbook], None]
) -> None:
    came_to = office.take(through["saved"][change.__name__])
    assert (came_to.taken, came_to.problems) == (3, [])
    check(office, through["cases"][CHANGES.index(change)])


def test_of_5000_rows_those_that_were_decided_arrive(office: BackOffice, through: dict[str, Any]) -> None:
    came_to = office.take(through["saved"]["many"])
    assert (came_to.taken, came_to.problems) == (50, [])
    assert came_to.rows >= MANY
    done = Item.objects.filter(state="done").values_list("pk", flat=True)
    assert sorted(done) == sorted(int(one) for one in through["decided"])
    assert office.take(through["saved"]["many"]).known == 50


def test_libreoffice_keeps_what_guides_a_person(through: dict[str, Any]) -> None:
    with warnings.catch_warnings(), through["saved"]["as_it_is"].open("rb") as file:
        warnings.simplefilter("ignore")  # of what LibreOffice adds and openpyxl leaves out
        sheet: Any = openpyxl.load_workbook(file)["intake"]
    places = headers(sheet)
    assert sheet.protection.sheet
    assert sheet.cell(2, places["Item"]).protection.locked
    assert not sheet.cell(2, places["Decision"]).protection.locked
    assert any('"send back,' in str(one.formula1) for one in sheet.data_validations.dataValidation)
    assert sheet.auto_filter.ref
    assert sheet.column_dimensions[sheet.cell(1, places["Row mark"]).column_letter].hidden
