"""Tables that are written row by row into a workbook."""

import zipfile
from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook, load_workbook
from openpyxl.worksheet.worksheet import Worksheet

from payerbots.documents.workbook import tables
from payerbots.documents.workbook.framing import frame
from payerbots.documents.workbook.look import Heading, Kind, Value
from payerbots.documents.workbook.tables import Column, SheetFull, Table, save

ROWS: list[list[Value]] = [["a", Decimal(1)], ["b", Decimal(2)]]


def column(kind: Kind = Kind.TEXT, **more: Any) -> Column:
    return Column(heading=Heading(header="H", width=10, kind=kind), **more)


def written(tmp_path: Path, columns: Sequence[Column], *rows: Sequence[Value]) -> Worksheet:
    book = Workbook()
    book.properties.created = datetime(2026, 11, 23)  # noqa: DTZ001 - openpyxl wants UTC without its zone
    table = Table(book.worksheets[0], columns)
    for row in rows:
        table.append(row)
    frame(table, "Title", moving="B", printed="A:A")
    path = tmp_path / "out.xlsx"
    save(book, [table], path)
    table.close()
    return load_workbook(path).worksheets[0]


@pytest.mark.parametrize(
    ("kind", "value", "expected", "data_type"),
    [
        (Kind.TEXT, "SMITH & SONS <x>", "SMITH & SONS <x>", "s"),
        (Kind.TEXT, " blanks kept ", " blanks kept ", "s"),
        (Kind.TEXT, "00123", "00123", "s"),
        (Kind.TEXT, "bell\x07", "bell", "s"),
        (Kind.TEXT, True, "yes", "s"),
        (Kind.TEXT, False, "no", "s"),
        (Kind.TEXT, "", None, "n"),
        (Kind.TEXT, None, None, "n"),
        (Kind.WRAPPED, "Zoë", "Zoë", "s"),
        (Kind.MONEY, Decimal("1234.50"), 1234.5, "n"),
        (Kind.MONEY, Decimal("-0.01"), -0.01, "n"),
        (Kind.MONEY, Decimal(0), 0, "n"),
        (Kind.MONEY, None, None, "n"),
        (Kind.NUMBER, 3, 3, "n"),
        (Kind.DATE, date(2026, 11, 23), datetime(2026, 11, 23), "d"),  # noqa: DTZ001 - Excel knows no zone
        (Kind.STAMP, datetime(2026, 11, 23, 9, 15), datetime(2026, 11, 23, 9, 15), "d"),  # noqa: DTZ001 - as above
        (Kind.DATE, None, None, "n"),
    ],
)
def test_a_value_stands_as_what_it_is(
    tmp_path: Path, kind: Kind, value: Value, expected: object, data_type: str
) -> None:
    cell = written(tmp_path, [column(kind)], [value])["A3"]
    assert (cell.value, cell.data_type) == (expected, data_type)


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", "=cmd|' /C calc'!A0"])
def test_text_never_becomes_a_formula(tmp_path: Path, text: str) -> None:
    cell = written(tmp_path, [column()], [text])["A3"]
    assert (cell.value, cell.quotePrefix) == (text, True)
    with zipfile.ZipFile(tmp_path / "out.xlsx") as archive:
        assert b"<f>" not in archive.read("xl/worksheets/sheet1.xml")


def test_a_text_longer_than_a_cell_is_cut_to_what_fits(tmp_path: Path) -> None:
    assert len(str(written(tmp_path, [column()], ["x" * 40_000])["A3"].value)) == 32_767


def test_cells_have_the_look_of_their_kind(tmp_path: Path) -> None:
    sheet = written(tmp_path, [column(Kind.MONEY), column(Kind.DATE)], [Decimal(1), date(2026, 1, 2)])
    assert (sheet["A3"].number_format, sheet["B3"].number_format) == ("#,##0.00", "mm/dd/yyyy")
    assert (sheet["A3"].font.name, sheet["A3"].alignment.horizontal) == ("Calibri", "right")


def test_room_to_fill_in_is_coloured_though_empty(tmp_path: Path) -> None:
    sheet = written(tmp_path, [column(), column(fill_in=True)], ["a", None])
    assert sheet["B3"].fill.fgColor.rgb == "00FFFBEA"


def test_a_formula_counts_in_its_own_row(tmp_path: Path) -> None:
    columns = [column(Kind.MONEY), column(Kind.MONEY, formula='IF(A{row}<1,"&",A{row})')]
    sheet = written(tmp_path, columns, [Decimal(1)], [Decimal(2)])
    assert [sheet[place].value for place in ("B3", "B4")] == ['=IF(A3<1,"&",A3)', '=IF(A4<1,"&",A4)']


def test_headers_stay_in_view_and_totals_follow_the_filter(tmp_path: Path) -> None:
    sheet = written(tmp_path, [column(), column(Kind.MONEY, total=True)], *ROWS, *ROWS[:1])
    assert (sheet.freeze_panes, sheet.auto_filter.ref, sheet.dimensions) == ("B3", "A2:B5", "A1:B5")
    assert (sheet["A1"].value, sheet["B1"].value) == ("Total of the rows shown", "=SUBTOTAL(109,B3:B5)")
    assert sheet.print_title_rows == "$1:$2"


def test_a_wrapped_text_gives_its_row_the_height_it_needs(tmp_path: Path) -> None:
    sheet = written(tmp_path, [column(Kind.WRAPPED)], ["one two three four five six"], ["one"])
    first, second = (sheet.row_dimensions[row].height or 0 for row in (3, 4))
    assert first > second > 0


def test_a_table_without_rows_is_a_table_still(tmp_path: Path) -> None:
    sheet = written(tmp_path, [column(), column(Kind.MONEY, total=True)])
    assert (sheet["B1"].value, sheet.auto_filter.ref) == ("=SUBTOTAL(109,B3:B3)", "A2:B2")


def test_more_rows_than_a_sheet_holds_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tables, "_LAST", 4)
    table = Table(Workbook().worksheets[0], [column()])
    table.append(["a"])
    table.append(["b"])
    with pytest.raises(SheetFull, match="sheet Sheet: more than 4 rows"):
        table.append(["c"])
    table.close()


def test_the_same_rows_make_the_same_bytes(tmp_path: Path) -> None:
    contents = []
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        written(tmp_path / name, [column(), column(Kind.MONEY)], *ROWS)
        contents.append((tmp_path / name / "out.xlsx").read_bytes())
    assert contents[0] == contents[1]
