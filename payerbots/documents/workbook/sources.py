"""Sheets as grids of cells, from .xlsx, .xlsm and .csv files."""

import csv
import io
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Protocol

from openpyxl.utils.datetime import WINDOWS_EPOCH

from payerbots.documents.errors import WorkbookUnusable
from payerbots.documents.workbook.headers import SEARCHED_ROWS, find_header
from payerbots.documents.workbook.sheets import EXPECTED, Row, open_workbook


class Grid(Protocol):
    """One sheet. Rows come in order and without gaps, so that the first is row 1."""

    @property
    def name(self) -> str:
        """The sheet's name."""

    @property
    def visible(self) -> bool:
        """Whether a person sees the sheet."""

    @property
    def epoch(self) -> datetime:
        """Day zero of the serial numbers."""

    def rows(self) -> Iterator[Row]:
        """All rows."""

    def head(self) -> list[Row]:
        """The rows among which the header is searched."""


@dataclass(frozen=True)
class CsvGrid:
    """The rows of a CSV file."""

    name: str
    records: list[Row]
    visible: bool = True
    epoch: datetime = WINDOWS_EPOCH

    def rows(self) -> Iterator[Row]:
        """All rows, every cell as text."""
        return iter(self.records)

    def head(self) -> list[Row]:
        """The rows among which the header is searched."""
        return self.records[:SEARCHED_ROWS]


@contextmanager
def open_source(path: Path) -> Iterator[list[Grid]]:
    """The sheets of a file; raises `WorkbookUnusable` where there is nothing to read."""
    if path.suffix.lower() == ".csv":
        yield [CsvGrid(path.stem, read_csv(path))]
        return
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        with open_workbook(path) as grids:
            yield [*grids]


def read_csv(path: Path) -> list[Row]:
    """The records of a CSV file, by the delimiter under which a header is found best."""
    content = decoded(path)
    readings = [_records(path, content, delimiter) for delimiter in ",;\t|"]
    return max(readings, key=_recognised)


def decoded(path: Path) -> str:
    """The text of a CSV file, in whatever encoding a spreadsheet has saved it; raises `WorkbookUnusable`."""
    try:
        data = path.read_bytes()
    except OSError as error:
        raise WorkbookUnusable(path, error.strerror or "it cannot be opened", EXPECTED) from None
    if b"\x00" in data[:4096] and not data.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise WorkbookUnusable(path, "it is not a text file", "a .csv file")
    encodings = ("utf-16",) if data.startswith((b"\xff\xfe", b"\xfe\xff")) else ("utf-8-sig", "cp1252")
    for encoding in encodings:
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    return data.decode("latin-1")


def _records(path: Path, content: str, delimiter: str) -> list[Row]:
    try:
        return [tuple(record) for record in csv.reader(io.StringIO(content, newline=""), delimiter=delimiter)]
    except csv.Error:
        raise WorkbookUnusable(path, "it is not a table of cells", "a .csv file") from None


def _recognised(records: list[Row]) -> tuple[int, int]:
    header = find_header(records)
    return (len(header.columns) if header else 0, max(map(len, records[:SEARCHED_ROWS]), default=0))
