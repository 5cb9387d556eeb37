"""Tables of any length within a workbook: rows wait in a spool file, so that memory stays flat.

openpyxl makes the workbook around them (headers, styles, filters, formulas); `save` puts the rows into its sheets.
The same rows give the same file, byte for byte.
"""

import re
import tempfile
import zipfile
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from io import BytesIO
from pathlib import Path
from shutil import copyfileobj
from typing import IO, cast
from xml.sax.saxutils import escape

from openpyxl import Workbook
from openpyxl.cell import Cell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.utils.datetime import to_excel
from openpyxl.worksheet.worksheet import Worksheet

from payerbots.documents.errors import DocumentError
from payerbots.documents.workbook.look import Heading, Kind, Value, height_for, paint_body
from payerbots.documents.workbook.package import sheet_parts

FIRST = 3
"""The row of a table's first record: totals stand in row 1, headers in row 2."""
FILL_IN_GROUND = "FFFBEA"
_LAST = 1_048_576
_IN_MEMORY = 4_000_000
_TEXTS_KEPT = 1 << 12
_LONGEST = 32_767
_FORMULA_LIKE = ("=", "+", "-", "@")
_THEN = (1980, 1, 1, 0, 0, 0)
_ZIP64 = 1 << 30
_LEVEL = 4
_END = b"</sheetData>"
_DIMENSION = re.compile(rb'<dimension ref="[^"]*"')
_MODIFIED = re.compile(rb"(<dcterms:modified[^>]*>)[^<]*")

Encode = Callable[[Value], str]


class SheetFull(DocumentError):
    """More rows than a sheet of Excel can hold."""


@dataclass(frozen=True, kw_only=True)
class Column:
    """A column of a table. `total`: its sum stands above it; `fill_in`: a person fills it in.

    `formula` has the row's number as `{row}`; such columns come last and take no value.
    """

    heading: Heading
    total: bool = False
    fill_in: bool = False
    formula: str = ""


def letter_of(columns: Sequence[Column], header: str) -> str:
    """The letter of the column with this header; raises ValueError where there is none."""
    return get_column_letter([column.heading.header for column in columns].index(header) + 1)


class Table:
    """The rows of one sheet, written as they come; texts of wrapped columns give a row its height."""

    def __init__(self, sheet: Worksheet, columns: Sequence[Column]) -> None:
        self.sheet, self.columns = sheet, columns
        self.last = FIRST - 1
        """The last row that is written."""
        self._spool = tempfile.SpooledTemporaryFile(_IN_MEMORY)  # noqa: SIM115 - closed with the table
        self._cells = [
            (f'<c r="{get_column_letter(index)}', encoder(sheet, column))
            for index, column in enumerate(columns, 1)
        ]
        self._formulas = [column.formula for column in columns if column.formula]
        self._headings = [column.heading for column in columns]
        self._wraps = any(heading.kind is Kind.WRAPPED for heading in self._headings)

    def append(self, values: Sequence[Value]) -> None:
        """Add a row. Raises `SheetFull`."""
        if self.last == _LAST:
            raise SheetFull(
                f"sheet {self.sheet.title}: more than {_LAST} rows, which is all that Excel holds"
            )
        self.last += 1
        row = str(self.last)
        given = [*values, *(text.format(row=row) for text in self._formulas)] if self._formulas else values
        parts = [f'<row r="{row}"{self._height(given)}>']
        for (head, encode), value in zip(self._cells, given, strict=True):
            tail = encode(value)
            if tail:
                parts += (head, row, tail)
        parts.append("</row>")
        self._spool.write("".join(parts).encode())

    def copy_into(self, out: IO[bytes]) -> None:
        """All rows as they stand in the sheet's part."""
        self._spool.seek(0)
        copyfileobj(self._spool, out, 1 << 16)

    def size(self) -> int:
        """Bytes of all rows."""
        return self._spool.tell()

    def close(self) -> None:
        """Let go of the spool file."""
        self._spool.close()

    def _height(self, values: Sequence[Value]) -> str:
        if not self._wraps:
            return ""
        return f' ht="{height_for(self._headings, values):g}" customHeight="1"'


def save(book: Workbook, tables: Iterable[Table], path: Path) -> None:
    """Write the workbook with the rows of its tables."""
    draft = BytesIO()
    book.save(draft)
    with (
        zipfile.ZipFile(draft) as made,
        zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=_LEVEL) as out,
    ):
        parts = sheet_parts(made)
        of_part = {parts[table.sheet.title]: table for table in tables}
        for name in made.namelist():
            _copy(made.read(name), _entry(name), of_part.get(name), out)


def _entry(name: str) -> zipfile.ZipInfo:
    entry = zipfile.ZipInfo(name, _THEN)
    entry.compress_type = zipfile.ZIP_DEFLATED
    return entry


def _copy(data: bytes, entry: zipfile.ZipInfo, table: Table | None, out: zipfile.ZipFile) -> None:
    if entry.filename == "docProps/core.xml":
        data = _MODIFIED.sub(rb"\g<1>1980-01-01T00:00:00Z", data)
    if table is None:
        out.writestr(entry, data, compresslevel=_LEVEL)
        return
    before, end, after = data.partition(_END)
    extent = f'<dimension ref="A1:{get_column_letter(len(table.columns))}{table.last}"'.encode()
    with out.open(entry, "w", force_zip64=table.size() > _ZIP64) as part:
        part.write(_DIMENSION.sub(extent, before, count=1))
        table.copy_into(part)
        part.write(end + after)


def encoder(sheet: Worksheet, column: Column) -> Encode:
    """Turns a column's values into the XML that follows the row's number, without the cell when there is nothing."""
    kind = column.heading.kind
    plain = f'" s="{_style(sheet, column)}"'
    blank = f"{plain}/>" if column.fill_in else ""
    if column.formula:
        return lambda value: f"{plain}><f>{escape(str(value))}</f></c>"
    if kind in {Kind.MONEY, Kind.NUMBER}:
        return lambda value: blank if value is None else f"{plain}><v>{value}</v></c>"
    if kind in {Kind.DATE, Kind.STAMP}:
        return lru_cache(_TEXTS_KEPT)(lambda value: _dated(value, plain, blank))
    quoted = f'" s="{_style(sheet, column, quoted=True)}"'
    return lru_cache(_TEXTS_KEPT)(lambda value: _text(value, (plain, quoted, blank)))


def _dated(value: Value, plain: str, blank: str) -> str:
    if value is None:
        return blank
    serial: float = to_excel(cast("date | datetime", value))  # type: ignore[no-untyped-call]  # the stubs leave it bare
    return f"{plain}><v>{int(serial) if serial == int(serial) else serial}</v></c>"


def _text(value: Value, styles: tuple[str, str, str]) -> str:
    plain, quoted, blank = styles
    if value is None or value == "":
        return blank
    text = _said(value)
    kept = ' xml:space="preserve"' if text != text.strip() else ""
    style = quoted if text.startswith(_FORMULA_LIKE) else plain
    return f'{style} t="inlineStr"><is><t{kept}>{escape(text)}</t></is></c>'


def _said(value: Value) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return ILLEGAL_CHARACTERS_RE.sub("", str(value))[:_LONGEST]


def _style(sheet: Worksheet, column: Column, *, quoted: bool = False) -> int:
    """The number of a look among the workbook's styles."""
    cell = Cell(sheet, row=1, column=1)
    paint_body(cell, column.heading.kind)
    if column.fill_in:
        cell.fill = PatternFill("solid", fgColor=FILL_IN_GROUND)
    cell.quotePrefix = quoted
    return int(cell.style_id)
