from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING

import openpyxl
import pytest

from payerbots.sandbox.requests import write_workbook
from payerbots.sandbox.world import build

if TYPE_CHECKING:
    from pathlib import Path

    from openpyxl.workbook import Workbook

TODAY = date(2026, 11, 22)
SEED = 1
Table = dict[int, dict[str, object]]


@pytest.fixture(scope="module")
def book(tmp_path_factory: pytest.TempPathFactory) -> Workbook:
    path: Path = tmp_path_factory.mktemp("office") / "requests.xlsx"
    write_workbook(path, SEED, TODAY)
    return openpyxl.load_workbook(path)


@pytest.fixture(scope="module")
def table(book: Workbook) -> Table:
    sheet = book["Requests"]
    titles = [str(cell.value) for cell in sheet[4]]
    lines = sheet.iter_rows(min_row=5, values_only=True)
    return {at: dict(zip(titles, line, strict=True)) for at, line in enumerate(lines, start=5)}


def test_there_are_forty_requests_and_one_blank_row_between_them(table: Table) -> None:
    blank = [at for at, line in table.items() if not any(line.values())]
    assert len(table) == 41
    assert blank == [build(SEED, TODAY).blank_row]


def test_rows_are_those_of_the_world(table: Table) -> None:
    for item in build(SEED, TODAY).requests:
        assert table[item.row]["Order #"] == item.order


def test_the_header_stands_in_row_four_under_a_title(book: Workbook) -> None:
    sheet = book["Requests"]
    assert str(sheet["A2"].value).startswith("printed on 11/22/2026")
    assert sheet["A3"].value is None
    assert sheet["A4"].value == "Order #"


def test_there_is_a_second_sheet_a_hidden_column_and_a_formula(book: Workbook, table: Table) -> None:
    assert book.sheetnames == ["Requests", "Read me"]
    assert book["Requests"].column_dimensions["D"].hidden
    assert str(table[5]["Days Open"]).startswith("=TODAY()-")


def test_some_member_ids_are_numbers_that_lost_their_zeros(table: Table) -> None:
    numbers = [line["Member #"] for line in table.values() if isinstance(line["Member #"], int)]
    assert numbers
    assert all(len(str(number)) < 9 for number in numbers)


@pytest.mark.parametrize("kind", [datetime, str, int])
def test_service_dates_come_as_dates_texts_and_a_serial(table: Table, kind: type) -> None:
    assert any(type(line["DOS"]) is kind for line in table.values())


def test_some_cells_have_trailing_spaces_and_several_codes(table: Table) -> None:
    assert any(str(line["Last Name"]).endswith(" ") for line in table.values())
    assert any("," in str(line["HCPCS"]) for line in table.values())


def test_payers_are_written_in_more_than_one_way(table: Table) -> None:
    payers = {line["Payer"] for line in table.values()} - {None}
    assert payers == {"Summit Health Plan", "SHP", "Medicare", "Medicare Part B"}


def test_one_birth_date_cannot_be_read(table: Table) -> None:
    assert any(line["DOB"] == "see chart" for line in table.values())


@pytest.mark.parametrize("seed", range(2, 8))
def test_every_seed_makes_a_workbook(tmp_path: Path, seed: int) -> None:
    write_workbook(tmp_path / "requests.xlsx", seed, TODAY)
    assert (tmp_path / "requests.xlsx").stat().st_size > 5000
