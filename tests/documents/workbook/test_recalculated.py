"""Every workbook that is handed out, opened and recalculated by LibreOffice."""

import warnings
from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from openpyxl import Workbook, load_workbook

from payerbots.documents.workbook.fill_in import fill_in
from payerbots.documents.workbook.posting import PostingBook, write_posting
from payerbots.documents.workbook.results import write_results
from payerbots.documents.workbook.review_book import ReviewBook, write_review
from payerbots.domain.posting import LedgerTotals
from payerbots.reasons import Reason
from tests.documents.workbook.offices import recalculated, soffice
from tests.documents.workbook.samples import HEADER, ROW, fill, png, result
from tests.posting_samples import (
    DAY,
    PAYERS,
    book,
    claim,
    exceptions,
    funding,
    line,
    remittance,
    remittances,
    whole_day,
)

ZONE = ZoneInfo("America/New_York")
ODD_PAYERS = ('A*B ~ "C" & <D>?', 'A--B ~ "C" & <D>x', ">0", "=A", "A")
"""Names that would be patterns or comparisons, and others that would fit them."""


@pytest.fixture(scope="module")
def opened(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Workbook]:
    """All workbooks by name, with the values that LibreOffice has calculated."""
    soffice()
    folder = tmp_path_factory.mktemp("office")
    paths = [*_written(folder)]
    return {path.stem: _values(path) for path in recalculated(paths, folder)}


def _values(path: Path) -> Workbook:
    with warnings.catch_warnings(), path.open("rb") as file:
        warnings.simplefilter("ignore")  # of what LibreOffice has added to the file and openpyxl leaves out
        return load_workbook(file, data_only=True)


def _written(folder: Path) -> Iterator[Path]:
    yield write_posting(folder / "day.xlsx", book())
    yield write_posting(folder / "empty.xlsx", PostingBook(day=DAY, zone=ZONE))
    yield write_posting(folder / "wrong.xlsx", replace(book(), ledger=_wrong()))
    yield write_posting(folder / "odd.xlsx", _odd_payers())
    rows = [result(), result(3, reason=Reason.AUTH_NEEDED, patient="=1+1")]
    yield write_results(folder / "results.xlsx", rows, zone=ZONE, title="Results")
    review = ReviewBook(day=DAY, zone=ZONE, rows=exceptions(), picture=lambda _: png())
    yield write_review(folder / "exceptions.xlsx", review)
    own = Workbook()
    fill(own.worksheets[0], [HEADER, ROW])
    own.save(folder / "own.xlsx")
    yield fill_in(folder / "own.xlsx", "Requests", 1, {2: result()}, zone=ZONE).path


def _wrong() -> LedgerTotals:
    return LedgerTotals(payments=7, payments_amount=Decimal("1.00"))


def _odd_payers() -> PostingBook:
    return whole_day([remittance(claim(line()), payer=name, trace=name) for name in ODD_PAYERS])


def _summary(book: Workbook) -> dict[str, list[Any]]:
    """The rows of the summary by their first cell."""
    rows: list[list[Any]] = [[*row] for row in book["Summary"].iter_rows(values_only=True)]
    return {str(name): cells for name, *cells in rows if name}


NAMES = ("day", "empty", "wrong", "odd", "results", "exceptions", "own")


@pytest.mark.parametrize("name", NAMES)
def test_no_cell_is_an_error(opened: dict[str, Workbook], name: str) -> None:
    cells = [
        f"{sheet.title}!{cell.coordinate} {cell.value}"
        for sheet in opened[name]
        for row in sheet.iter_rows()
        for cell in row
        if cell.data_type == "e"
    ]
    assert cells == []


CHECKS: tuple[str, ...] = ("Payments, number", "Payments, dollars", "Lines, number", "Lines, dollars paid")
CHECKS += ("Provider adjustments, dollars", "Deposits matched, dollars", "Deposits not matched, dollars")
CHECKS += ("Denials, number", "Exceptions, number")
PROOFS = ("Proof: lines - adjustments = payments", "Proof: lines = claims paid")


@pytest.mark.parametrize("check", [*CHECKS, *PROOFS])
def test_a_figure_agrees_with_the_ledgers(opened: dict[str, Workbook], check: str) -> None:
    ours, theirs, verdict, *_ = _summary(opened["day"])[check]
    assert ours == theirs != 0
    assert verdict == "agrees"


@pytest.mark.parametrize(
    ("check", "verdict"),
    [
        ("Payments, number", "differs by -1.00"),
        ("Payments, dollars", "differs by 16,944.57"),
        ("Lines, number", "not checked"),
        ("Proof: lines = claims paid", "agrees"),
    ],
)
def test_a_figure_that_differs_says_by_how_much(
    opened: dict[str, Workbook], check: str, verdict: str
) -> None:
    assert _summary(opened["wrong"])[check][2] == verdict


def test_every_batch_comes_to_its_deposit(opened: dict[str, Workbook]) -> None:
    made = remittances()
    rows = [_summary(opened["day"])[funding(each).batch] for each in made]
    assert [row[7] for row in rows] == ["agrees"] * len(made)
    assert [row[5] for row in rows] == [pytest.approx(float(each.amount)) for each in made]


def test_payers_add_up_to_all(opened: dict[str, Workbook]) -> None:
    rows = _summary(opened["day"])
    assert rows["Summit Health Plan"][:6] == [4, pytest.approx(6835.82), 2, pytest.approx(6023.42), 2, 812.4]
    columns = zip(*(rows[payer] for payer, _ in PAYERS), strict=True)
    assert rows["All payers"] == [pytest.approx(sum(column)) for column in columns]


@pytest.mark.parametrize("payer", ODD_PAYERS)
def test_a_payers_name_is_no_pattern(opened: dict[str, Workbook], payer: str) -> None:
    assert _summary(opened["odd"])[payer][2:4] == [1, 100]


@pytest.mark.parametrize(
    "sheet", ["Payments", "Lines", "Adjustments", "Provider adjustments", "Denials", "Deposits"]
)
def test_totals_stand_above_their_columns(opened: dict[str, Workbook], sheet: str) -> None:
    table: list[tuple[Any, ...]] = [*opened["day"][sheet].iter_rows(values_only=True)]
    totals, headers, *rows = table
    for place, (total, header) in enumerate(zip(totals, headers, strict=True)):
        if place and total is not None:
            assert total == pytest.approx(sum(row[place] or 0 for row in rows)), header
    assert any(isinstance(total, int | float) and total for total in totals)


def test_a_payment_and_a_deposit_show_what_is_open(opened: dict[str, Workbook]) -> None:
    assert {row[19] for row in opened["day"]["Payments"].iter_rows(min_row=3, values_only=True)} == {0}
    open_ones = [row[16] for row in opened["day"]["Deposits"].iter_rows(min_row=3, values_only=True)]
    assert [each for each in open_ones if each] == [812.31, 390, -15]
