"""How every workbook of ours looks: one header, one body style per kind of value, four verdict colours."""

import textwrap
from collections.abc import Iterable, Sequence
from copy import copy
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import Enum
from functools import lru_cache

from openpyxl.cell import Cell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.formatting.rule import DataBar, FormatObject, Rule
from openpyxl.styles import Alignment, Border, Color, Font, PatternFill, Side
from openpyxl.styles.differential import DifferentialStyle
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.page import PageMargins
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.worksheet import Worksheet

from payerbots.domain.coverage import Verdict

Value = str | int | Decimal | date | datetime | None


class Kind(Enum):
    """What a column holds; the value is its number format."""

    TEXT = "@"
    WRAPPED = "@ "
    DATE = "mm/dd/yyyy"
    STAMP = "mm/dd/yyyy hh:mm"
    MONEY = "#,##0.00"
    NUMBER = "General"

    @property
    def number_format(self) -> str:
        """The number format of Excel."""
        return self.value.strip()


INK = "1F2A33"
HEADER_INK = "FFFFFF"
LINE = "D9DEE3"
PALE = "F4F6F8"
SLATE = "34495A"
TEAL = "1C6470"
GRAPHITE = "66747F"
VERDICT_COLOURS = {
    Verdict.BILL: ("1B5E37", "DFF1E5"),
    Verdict.HOLD: ("7A4B00", "FCEBCB"),
    Verdict.CHANGE_PAYER: ("1F4A80", "DCE8F6"),
    Verdict.ASK: ("8A2A20", "F7DDD9"),
}
"""Ink and ground of each verdict."""

_STYLE = "_style"  # openpyxl has no public way to share a style, and composing one per cell is slow
_LINE_POINTS = 13.0
_TALLEST = 400.0
_THIN = Side(style="thin", color=LINE)
_ROWS = Border(bottom=_THIN)


@dataclass(frozen=True, kw_only=True)
class Heading:
    """A column's header, width in characters, kind of value, and the header's colour."""

    header: str
    width: float = 14
    kind: Kind = Kind.TEXT
    colour: str = SLATE


def cell_at(sheet: Worksheet, row: int, column: int) -> Cell:
    """A cell that can be written; raises TypeError for one that is hidden in a merged range."""
    cell = sheet.cell(row, column)
    if isinstance(cell, Cell):
        return cell
    message = f"{cell.coordinate} is inside a merged range"
    raise TypeError(message)


def put(cell: Cell, value: Value) -> None:
    """Set a value. Text stays text, whatever it begins with: it never becomes a formula."""
    if not isinstance(value, str):
        cell.value = value
        return
    cell.value = ILLEGAL_CHARACTERS_RE.sub("", value)
    cell.data_type = "s"
    if value.startswith(("=", "+", "-", "@")):
        cell.quotePrefix = True


def paint_header(cell: Cell, heading: Heading) -> None:
    """Write a header cell."""
    put(cell, heading.header)
    cell.font = Font(name="Calibri", size=10, bold=True, color=HEADER_INK)
    cell.fill = PatternFill("solid", fgColor=heading.colour)
    cell.alignment = Alignment(horizontal="left", vertical="center", wrap_text=True, indent=1)
    cell.border = Border(left=Side(style="thin", color="FFFFFF"))


def paint_body(cell: Cell, kind: Kind) -> None:
    """Give a cell the look of a kind of value."""
    cell.font = Font(name="Calibri", size=10, color=INK)
    numeric = kind in {Kind.MONEY, Kind.NUMBER}
    cell.alignment = Alignment(
        vertical="top", horizontal="right" if numeric else "left", wrap_text=kind is Kind.WRAPPED, indent=1
    )
    cell.border = _ROWS
    cell.number_format = kind.number_format


def paint_verdict(cell: Cell, verdict: Verdict) -> None:
    """Colour one cell by its verdict."""
    ink, ground = VERDICT_COLOURS[verdict]
    cell.font = Font(name="Calibri", size=10, bold=True, color=ink)
    cell.fill = PatternFill("solid", fgColor=ground)


class Dresser:
    """Gives cells of one workbook their look; a look is composed once and then copied, for speed."""

    def __init__(self) -> None:
        self._styles: dict[Kind, object] = {}

    def write(self, cell: Cell, kind: Kind, value: Value) -> None:
        """Write a value in the look of its kind."""
        if kind in self._styles:
            setattr(cell, _STYLE, copy(self._styles[kind]))
        else:
            paint_body(cell, kind)
            self._styles[kind] = copy(getattr(cell, _STYLE))
        put(cell, value)


def write_table(sheet: Worksheet, headings: Sequence[Heading], rows: Iterable[Sequence[Value]]) -> int:
    """Write a header in row 1 and the rows below, with widths and filters; returns the last row."""
    for index, heading in enumerate(headings, start=1):
        paint_header(cell_at(sheet, 1, index), heading)
        sheet.column_dimensions[get_column_letter(index)].width = heading.width
    sheet.row_dimensions[1].height = 36
    dresser, last = Dresser(), 1
    for last, values in enumerate(rows, start=2):
        for index, (heading, value) in enumerate(zip(headings, values, strict=True), start=1):
            dresser.write(cell_at(sheet, last, index), heading.kind, value)
        sheet.row_dimensions[last].height = height_for(headings, values)
    sheet.auto_filter.ref = f"A1:{get_column_letter(len(headings))}{last}"
    sheet.sheet_view.showGridLines = False
    sheet.sheet_view.zoomScale = 90
    return last


def height_for(headings: Sequence[Heading], values: Sequence[Value]) -> float:
    """The height in points that a row's wrapped texts need: not every program finds it by itself."""
    lines = max(
        (
            _lines(value, max(int(heading.width), 4))
            for heading, value in zip(headings, values, strict=True)
            if heading.kind is Kind.WRAPPED and isinstance(value, str)
        ),
        default=1,
    )
    return min(_LINE_POINTS * max(lines, 1) + 4, _TALLEST)


@lru_cache(1 << 12)
def _lines(text: str, width: int) -> int:
    return sum(max(len(textwrap.wrap(line, width)), 1) for line in text.split("\n"))


def colour_verdicts(sheet: Worksheet, reference: str) -> None:
    """Colour the verdicts in a range; the colour follows when somebody types another verdict."""
    for verdict, (ink, ground) in VERDICT_COLOURS.items():
        look = DifferentialStyle(font=Font(bold=True, color=ink), fill=PatternFill("solid", bgColor=ground))
        rule = Rule(type="cellIs", operator="equal", formula=[f'"{verdict.value}"'], dxf=look)
        sheet.conditional_formatting.add(reference, rule)


def set_up_page(sheet: Worksheet, title: str, *, print_area: str | None = None) -> None:
    """Landscape, fit to the width of a page, header row on each, title and page number at the foot."""
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.paperSize = int(sheet.PAPERSIZE_LEGAL)
    sheet.page_setup.fitToWidth = 1
    sheet.page_setup.fitToHeight = 0
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    sheet.page_margins = PageMargins(left=0.4, right=0.4, top=0.5, bottom=0.75, footer=0.35)
    sheet.print_title_rows = "1:1"
    if print_area:
        sheet.print_area = print_area
    footer = sheet.oddFooter
    if footer is not None:
        footer.left.text = title.replace("&", "&&")
        footer.right.text = "&P / &N"


def write_summary(sheet: Worksheet, title: str, lines: Sequence[tuple[str, Value]]) -> int:
    """Write a title and `label: value` lines at the head of a summary; returns the next free row."""
    sheet.sheet_view.showGridLines = False
    cell_at(sheet, 1, 1).font = Font(name="Calibri", size=16, bold=True, color=SLATE)
    put(cell_at(sheet, 1, 1), title)
    for row, (label, value) in enumerate(lines, start=2):
        cell_at(sheet, row, 1).font = Font(name="Calibri", size=10, color=GRAPHITE)
        put(cell_at(sheet, row, 1), label)
        paint_body(cell_at(sheet, row, 2), _kind_of(value))
        cell_at(sheet, row, 2).border = Border()
        put(cell_at(sheet, row, 2), value)
    return len(lines) + 3


def _kind_of(value: Value) -> Kind:
    if isinstance(value, datetime):
        return Kind.STAMP
    return Kind.TEXT if isinstance(value, str) else Kind.NUMBER


def write_counts(
    sheet: Worksheet, first: int, headings: Sequence[Heading], rows: Sequence[Sequence[Value]]
) -> int:
    """Write a small table from row `first` on, with bars in column B; returns the next free row."""
    dresser = Dresser()
    for index, heading in enumerate(headings, start=1):
        paint_header(cell_at(sheet, first, index), heading)
        letter = get_column_letter(index)
        sheet.column_dimensions[letter].width = max(heading.width, sheet.column_dimensions[letter].width)
    for row, values in enumerate(rows, start=first + 1):
        for index, (heading, value) in enumerate(zip(headings, values, strict=True), start=1):
            dresser.write(cell_at(sheet, row, index), heading.kind, value)
        sheet.row_dimensions[row].height = height_for(headings, values)
    last = first + len(rows)
    if rows:
        ends = [FormatObject(type="num", val=0), FormatObject(type="max")]
        bar = Rule(type="dataBar", dataBar=DataBar(cfvo=ends, color=Color(rgb="FF9DB8C4")))
        sheet.conditional_formatting.add(f"B{first + 1}:B{last}", bar)
    return last + 2
