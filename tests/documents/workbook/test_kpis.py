"""The workbook of figures: values with what they were reckoned from, tables, charts over them."""

from pathlib import Path
from typing import Any

import openpyxl
import pytest

from payerbots.documents.workbook.kpis import write_kpis
from payerbots.domain.kpi import report
from payerbots.operation.kpi import definitions
from tests.kpi_facts import facts, month


@pytest.fixture
def book(tmp_path: Path) -> Any:
    path = write_kpis(tmp_path / "kpi.xlsx", report(month(), definitions()), "Key figures")
    return openpyxl.load_workbook(path)


def test_every_figure_stands_with_its_denominator_and_how_it_is_reckoned(book: Any) -> None:
    rows = {row[0]: row[1:] for row in book["Figures"].iter_rows(min_row=2, values_only=True)}
    assert rows["Straight-through rate"] == (
        88.4,
        "7,365 of 8,327",
        "items done without a person ÷ items finished, retried ones included",
    )
    value, of, how = rows["Days sales outstanding"]
    assert (value, of) == ("no data", None)
    assert how == "needs the site's A/R file. A/R ÷ daily allowable billing."
    assert len(rows) == len(definitions())


def test_tables_are_numbers_that_add_up(book: Any) -> None:
    for name in ("By week", "By bot", "By portal", "By payer"):
        rows = list(book[name].iter_rows(min_row=2, values_only=True))
        assert sum(row[1] for row in rows) == 8327
        assert all(row[1] == row[2] + row[3] for row in rows)
    assert sum(row[1] for row in book["Exceptions"].iter_rows(min_row=2, values_only=True)) == 962


def test_charts_stand_over_the_rows_they_show(book: Any) -> None:
    columns, rate = book["By week"]._charts
    assert columns.series[0].val.numRef.f == "'By week'!$C$2:$C$6"
    assert rate.series[0].val.numRef.f == "'By week'!$E$2:$E$6"
    (bars,) = book["Exceptions"]._charts
    assert bars.series[0].cat.numRef.f == "'Exceptions'!$A$2:$A$9"


def test_of_nothing_there_is_a_workbook_too(tmp_path: Path) -> None:
    path = write_kpis(tmp_path / "kpi.xlsx", report(facts(), definitions()), "Key figures")
    book = openpyxl.load_workbook(path)
    assert book["Exceptions"].max_row == 1
    assert book["Figures"]["B2"].value == 0
