"""Sheets of Excel workbooks, read quickly: values, merged cells filled, uncalculated formulas marked."""

import re
import zipfile
from collections import defaultdict
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from itertools import islice
from pathlib import Path

from openpyxl import load_workbook
from openpyxl.utils.cell import column_index_from_string, range_boundaries
from openpyxl.workbook import Workbook
from openpyxl.worksheet.worksheet import Worksheet

from payerbots.documents.errors import WorkbookUnusable
from payerbots.documents.workbook.headers import SEARCHED_ROWS
from payerbots.documents.workbook.package import sheet_parts
from payerbots.documents.workbook.values import NOT_CALCULATED

EXPECTED = "an .xlsx, .xlsm or .csv file"
Row = tuple[object, ...]
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_LARGEST = 1_000_000_000
_TALLEST_MERGE = 10_000
_FORMULA_CELL = re.compile(r'<c r="([A-Z]+)([0-9]+)"([^>]*)>(<f[ >/].*?)</c>', re.DOTALL)
_VALUE = re.compile(r"<v>[^<]")


@dataclass(frozen=True)
class XlsxGrid:
    """One sheet of an open workbook."""

    name: str
    sheet: Worksheet
    xml: bytes
    epoch: datetime

    @property
    def visible(self) -> bool:
        """Whether a person sees the sheet."""
        return self.sheet.sheet_state == "visible"

    def head(self) -> list[Row]:
        """The rows among which the header is searched."""
        return [*islice(self._values(), SEARCHED_ROWS)]

    def rows(self) -> Iterator[Row]:
        """All rows; below a cell that is merged downwards its value is repeated."""
        uncalculated, merged = _uncalculated(self._text), self.merged
        above: dict[tuple[int, int], object] = {}
        for number, values in enumerate(self._values(), start=1):
            row = [*values, *(None for _ in range(len(values), _width(uncalculated, merged, number)))]
            for index in uncalculated.get(number, ()):
                row[index] = NOT_CALCULATED if row[index] is None else row[index]
            for index, top in merged.get(number, {}).items():
                row[index] = above.setdefault((top, index), row[index])
            yield tuple(row)

    @cached_property
    def merged(self) -> Mapping[int, dict[int, int]]:
        """Cells that are merged downwards: row number → column index → the first row of the range."""
        return _merged_down(self._text)

    @cached_property
    def _text(self) -> str:
        return self.xml.decode("utf-8", "replace")

    def _values(self) -> Iterator[Row]:
        for row in self.sheet.iter_rows():
            yield tuple(_value(cell) for cell in row)


@contextmanager
def open_workbook(path: Path) -> Iterator[list[XlsxGrid]]:
    """The worksheets of a workbook, values only; raises `WorkbookUnusable`."""
    refuse_other_formats(path)
    with path.open("rb") as file:
        try:
            book = load_workbook(file, read_only=True, data_only=True, keep_links=False)
            with zipfile.ZipFile(file) as archive:
                grids = _grids(book, archive)
        except Exception:  # noqa: BLE001 — openpyxl raises whatever its parsers do; its texts may hold cells
            raise damaged(path) from None
        try:
            yield grids
        finally:
            book.close()


def damaged(path: Path) -> WorkbookUnusable:
    """The error for a workbook that cannot be taken apart."""
    return WorkbookUnusable(path, "it is damaged, or not a workbook of Excel", EXPECTED)


def refuse_other_formats(path: Path) -> None:
    """Raise `WorkbookUnusable` for what is no .xlsx: old .xls, a password, too large, unreadable."""
    try:
        with path.open("rb") as file:
            start = file.read(8)
    except OSError as error:
        raise WorkbookUnusable(path, error.strerror or "it cannot be opened", EXPECTED) from None
    if start == _OLE:
        raise _old_format(path)
    if path.suffix.lower() not in {".xlsx", ".xlsm"}:
        raise WorkbookUnusable(path, f"its name ends in {path.suffix or 'nothing'}", EXPECTED)
    if not zipfile.is_zipfile(path):
        raise damaged(path)
    with zipfile.ZipFile(path) as archive:
        if sum(entry.file_size for entry in archive.infolist()) > _LARGEST:
            raise WorkbookUnusable(path, "it unpacks to more than 1 GB", "a smaller workbook")


def _old_format(path: Path) -> WorkbookUnusable:
    if "EncryptedPackage".encode("utf-16-le") in path.read_bytes():
        return WorkbookUnusable(path, "it is protected by a password", "a workbook that opens without one")
    return WorkbookUnusable(path, "it is in the old .xls format", "the same workbook saved as .xlsx")


def _grids(book: Workbook, archive: zipfile.ZipFile) -> list[XlsxGrid]:
    parts = sheet_parts(archive)
    grids = []
    for sheet in book.worksheets:
        sheet.reset_dimensions()
        grids.append(XlsxGrid(sheet.title, sheet, archive.read(parts[sheet.title]), book.epoch))
    return grids


def _value(cell: object) -> object:
    """A cell's value; a number shown with leading zeros (format `000000`) as that text."""
    value: object = getattr(cell, "value", None)
    if isinstance(value, int) and not isinstance(value, bool):
        form = str(getattr(cell, "number_format", ""))
        return str(value).zfill(len(form)) if re.fullmatch(r"0{2,}", form) else value
    return value


def _uncalculated(xml: str) -> Mapping[int, list[int]]:
    """Row number → column indexes of formulas without a value. A text that is empty is a value."""
    found = defaultdict[int, list[int]](list)
    for letters, row, attributes, body in _FORMULA_CELL.findall(xml):
        if not _VALUE.search(body) and 't="str"' not in attributes:
            found[int(row)].append(column_index_from_string(letters) - 1)
    return found


def _merged_down(xml: str) -> Mapping[int, dict[int, int]]:
    """Row number → column index → the row of the cell that it is merged with."""
    found = defaultdict[int, dict[int, int]](dict)
    for reference in re.findall(r'mergeCell [^>]*?ref="([A-Z]+[0-9]+:[A-Z]+[0-9]+)"', xml):
        left, top, _, bottom = (edge or 0 for edge in range_boundaries(reference))
        if top < bottom <= top + _TALLEST_MERGE:
            for row in range(top, bottom + 1):
                found[row][left - 1] = top
    return found


def _width(uncalculated: Mapping[int, list[int]], merged: Mapping[int, dict[int, int]], row: int) -> int:
    return max((*uncalculated.get(row, ()), *merged.get(row, ())), default=-1) + 1
