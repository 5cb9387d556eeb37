"""Saves workbooks in memory: openpyxl by itself puts each sheet, in clear, into the machine's temporary folder first."""

from datetime import UTC, date, datetime
from io import BytesIO
from pathlib import Path
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from openpyxl import Workbook
from openpyxl.drawing.spreadsheet_drawing import SpreadsheetDrawing
from openpyxl.worksheet._writer import WorksheetWriter
from openpyxl.writer.excel import ExcelWriter

_THEN = (1980, 1, 1, 0, 0, 0)


def save(book: Workbook, target: Path | BytesIO, *, dated: date | None = None) -> None:
    """Writes the whole workbook to `target`; nothing of it goes anywhere else.

    With `dated` it says that it is of that day, and the same cells make the same bytes.
    """
    now = datetime.now(UTC).replace(tzinfo=None)
    book.properties.modified = datetime(dated.year, dated.month, dated.day) if dated else now  # noqa: DTZ001 - openpyxl wants UTC without its zone
    if dated:
        book.properties.created = book.properties.modified
    with (_Dateless if dated else ZipFile)(target, "w", ZIP_DEFLATED) as archive:
        _InMemory(book, archive).write_data()


class _Dateless(ZipFile):
    """An archive whose entries do not say when they were written."""

    def writestr(self, name: Any, data: Any, *_: Any) -> None:  # noqa: ANN401 - as openpyxl calls it
        entry = ZipInfo(name, _THEN)
        entry.compress_type = ZIP_DEFLATED
        super().writestr(entry, data)


class _InMemory(ExcelWriter):
    def __init__(self, book: Workbook, archive: ZipFile) -> None:
        super().__init__(book, archive)
        self._zip = archive

    def write_worksheet(self, ws: Any) -> None:  # noqa: ANN401 - openpyxl's types leave out what it uses itself
        """As openpyxl's own (3.1), but for where the sheet is written."""
        drawing, out = SpreadsheetDrawing(), BytesIO()
        drawing.charts, drawing.images = ws._charts, ws._images  # noqa: SLF001 - as openpyxl does
        ws._drawing = drawing  # noqa: SLF001 - as above
        writer: Any = WorksheetWriter(ws, out)
        writer.write()
        ws._rels = writer._rels  # noqa: SLF001 - as above
        self._zip.writestr(ws.path[1:], out.getvalue())
        self.manifest.append(ws)
