"""Titles, key figures and small tables on a summary sheet; their cells may be formulas."""

from collections.abc import Sequence
from dataclasses import dataclass

from openpyxl.formatting.rule import Rule
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.styles.differential import DifferentialStyle
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from payerbots.documents.workbook.framing import COLOURS
from payerbots.documents.workbook.look import (
    GRAPHITE,
    PALE,
    SLATE,
    Heading,
    Kind,
    Value,
    cell_at,
    paint_body,
    paint_header,
    put,
)

_COUNT = "#,##0"


@dataclass(frozen=True)
class Formula:
    """A formula, without its `=`; what counts things shows no cents."""

    text: str
    counts: bool = False


Shown = Value | Formula


def title(sheet: Worksheet, text: str, widths: Sequence[float]) -> None:
    """The sheet's title and the widths of its columns."""
    sheet.sheet_view.showGridLines = False
    sheet.sheet_view.zoomScale = 90
    for index, width in enumerate(widths, 1):
        sheet.column_dimensions[get_column_letter(index)].width = width
    cell = cell_at(sheet, 1, 1)
    cell.font = Font(name="Calibri", size=16, bold=True, color=SLATE)
    put(cell, text)
    note = cell_at(sheet, 2, 1)
    note.font = Font(name="Calibri", size=10, color=GRAPHITE)
    put(
        note,
        "To post is what balances and whose money was found. Everything else waits, or stands in Exceptions.",
    )


def tiles(sheet: Worksheet, row: int, figures: Sequence[tuple[str, Formula, str]]) -> None:
    """Key figures side by side: a label and below it a large number; the first stands in A, others take two columns."""
    for place, (label, formula, number_format) in enumerate(figures):
        column = 2 * place if place else 1
        for offset in range(2 if place else 1):
            for line in (row, row + 1):
                cell_at(sheet, line, column + offset).fill = PatternFill("solid", fgColor=PALE)
                cell_at(sheet, line, column + offset).alignment = Alignment(
                    horizontal="left", vertical="center", indent=1
                )
        above, below = cell_at(sheet, row, column), cell_at(sheet, row + 1, column)
        above.font = Font(name="Calibri", size=10, color=GRAPHITE)
        put(above, label)
        below.font = Font(name="Calibri", size=16, bold=True, color=SLATE)
        below.value, below.number_format = f"={formula.text}", number_format
        if place:
            sheet.merge_cells(start_row=row + 1, end_row=row + 1, start_column=column, end_column=column + 1)
    sheet.row_dimensions[row + 1].height = 26


def write_rows(
    sheet: Worksheet,
    first: int,
    headings: Sequence[Heading],
    rows: Sequence[Sequence[Shown]],
    *,
    total: bool = False,
) -> int:
    """A header in row `first` and the rows below, the last one in bold when it is a total; returns the next free row."""
    for index, heading in enumerate(headings, 1):
        paint_header(cell_at(sheet, first, index), heading)
    sheet.row_dimensions[first].height = 24
    for row, values in enumerate(rows, first + 1):
        for index, (heading, value) in enumerate(zip(headings, values, strict=True), 1):
            _write(sheet, (row, index), heading.kind, value)
    last = first + len(rows)
    for index in range(1, len(headings) + 1) if total else ():
        cell_at(sheet, last, index).font = Font(name="Calibri", size=10, bold=True, color=SLATE)
        cell_at(sheet, last, index).border = Border(top=Side(style="thin", color=SLATE))
    return last + 1


def _write(sheet: Worksheet, place: tuple[int, int], kind: Kind, value: Shown) -> None:
    cell = cell_at(sheet, *place)
    paint_body(cell, kind)
    if kind is Kind.NUMBER or isinstance(value, int) or (isinstance(value, Formula) and value.counts):
        cell.number_format = _COUNT
    if isinstance(value, Formula):
        cell.value = f"={value.text}"
    else:
        put(cell, value)


def colour_checks(sheet: Worksheet, reference: str) -> None:
    """Green where a check agrees, red where it differs."""
    first = reference.partition(":")[0]
    for formula, says in ((f'{first}="agrees"', "good"), (f'LEFT({first},7)="differs"', "bad")):
        ink, ground = COLOURS[says]
        look = DifferentialStyle(font=Font(bold=True, color=ink), fill=PatternFill("solid", bgColor=ground))
        sheet.conditional_formatting.add(reference, Rule(type="expression", formula=[formula], dxf=look))
