"""What stands around the rows of a table: totals, headers, filter, panes, page."""

from collections.abc import Mapping
from textwrap import wrap

from openpyxl.formatting.rule import Rule
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.styles.differential import DifferentialStyle
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from payerbots.documents.workbook.look import (
    GRAPHITE,
    LINE,
    PALE,
    SLATE,
    VERDICT_COLOURS,
    Kind,
    cell_at,
    paint_header,
    put,
    set_up_page,
)
from payerbots.documents.workbook.tables import FIRST, Table
from payerbots.domain.coverage import Verdict

COLOURS = {
    "good": VERDICT_COLOURS[Verdict.BILL],
    "wait": VERDICT_COLOURS[Verdict.HOLD],
    "other": VERDICT_COLOURS[Verdict.CHANGE_PAYER],
    "bad": VERDICT_COLOURS[Verdict.ASK],
}
"""Ink and ground by what a word says to its reader."""
_HEADER = FIRST - 1
_HEADER_POINTS = 36
_UNDER = Border(bottom=Side(style="thin", color=LINE))


def frame(table: Table, title: str, *, moving: str, printed: str) -> None:
    """Totals above the headers, which follow the filter. Colours come before it: LibreOffice shows the first that fits.

    `moving` is the first column that is not frozen, `printed` are the columns that go on paper (`A:P`).
    """
    sheet, last = table.sheet, max(table.last, FIRST)
    for index, column in enumerate(table.columns, 1):
        letter = get_column_letter(index)
        paint_header(cell_at(sheet, _HEADER, index), column.heading)
        sheet.column_dimensions[letter].width = column.heading.width
        _total(
            sheet,
            index,
            f"SUBTOTAL(109,{letter}{FIRST}:{letter}{last})" if column.total else None,
            column.heading.kind,
        )
    label = cell_at(sheet, 1, 1)
    put(label, "Total of the rows shown")
    sheet.row_dimensions[1].height = 20
    sheet.row_dimensions[_HEADER].height = _header_height(table)
    letter = get_column_letter(len(table.columns))
    sheet.auto_filter.ref = f"A{_HEADER}:{letter}{max(table.last, _HEADER)}"
    sheet.freeze_panes = f"{moving}{FIRST}"
    sheet.sheet_view.showGridLines = False
    sheet.sheet_view.zoomScale = 90
    _lines_between(sheet, f"A{FIRST}:{letter}{last}")
    left, _, right = printed.partition(":")
    set_up_page(sheet, title, print_area=f"{left}1:{right}{last}")
    sheet.print_title_rows = f"1:{_HEADER}"


def _header_height(table: Table) -> float:
    """As high as the longest header needs, in bold and with its indent."""
    lines = (
        len(wrap(column.heading.header, max(int(column.heading.width * 0.8), 4))) for column in table.columns
    )
    return max(13.5 * max(lines) + 6, _HEADER_POINTS)


def _total(sheet: Worksheet, index: int, formula: str | None, kind: Kind) -> None:
    cell = cell_at(sheet, 1, index)
    cell.font = Font(name="Calibri", size=10, bold=True, color=SLATE if formula else GRAPHITE)
    cell.fill = PatternFill("solid", fgColor=PALE)
    cell.alignment = Alignment(vertical="center", horizontal="right" if formula else "left", indent=1)
    if formula:
        cell.value = f"={formula}"
        cell.number_format = kind.number_format


def _lines_between(sheet: Worksheet, reference: str) -> None:
    """Under every row a thin line, under its empty cells too, which the rows leave out."""
    look = DifferentialStyle(border=_UNDER)
    sheet.conditional_formatting.add(reference, Rule(type="expression", formula=["TRUE"], dxf=look))


def colour_words(sheet: Worksheet, reference: str, words: Mapping[str, str]) -> None:
    """Colour the cells in a range that hold one of these words, by what it says (`COLOURS`)."""
    for word, says in words.items():
        ink, ground = COLOURS[says]
        look = DifferentialStyle(
            font=Font(bold=True, color=ink), fill=PatternFill("solid", bgColor=ground), border=_UNDER
        )
        rule = Rule(type="cellIs", operator="equal", formula=[f'"{word}"'], dxf=look)
        sheet.conditional_formatting.add(reference, rule)
