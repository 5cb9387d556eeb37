"""Workbooks of requests as offices keep them."""

from collections.abc import Sequence
from pathlib import Path

import pytest
from openpyxl import Workbook

from payerbots.documents.workbook.records import BadRow, RequestRow
from payerbots.documents.workbook.requests import read_requests
from payerbots.domain.payers import Payer, PayerBook
from tests.documents.workbook.samples import HEADER, ROW, TODAY, Build, Read, ReadRow, fill


@pytest.fixture
def payers() -> PayerBook:
    """Medicare with its own ID form, and a plan whose IDs are nine digits."""
    return PayerBook(
        (
            Payer(name="Medicare", portal="summit", payer_id="MCR", member_id="mbi", aliases=("CMS",)),
            Payer(name="Summit Health Plan", portal="summit", payer_id="SHP", member_id=r"\d{9}", pad_to=9),
        )
    )


@pytest.fixture
def build(tmp_path: Path) -> Build:
    """Writes rows to the first sheet, *Requests*, of a new workbook."""

    def write(rows: Sequence[Sequence[object]]) -> Path:
        book = Workbook()
        fill(book.worksheets[0], rows)
        path = tmp_path / "in.xlsx"
        book.save(path)
        return path

    return write


@pytest.fixture
def read(payers: PayerBook) -> Read:
    """Reads requests as of today."""
    return lambda path: read_requests(path, payers, today=TODAY)


@pytest.fixture
def read_row(build: Build, read: Read) -> ReadRow:
    """Reads one good row in which some cells are replaced, by their header."""

    def one(**cells: object) -> RequestRow | BadRow:
        names = {header.replace(" ", "_").replace("/", "_").strip("_#"): i for i, header in enumerate(HEADER)}
        row: list[object] = [*ROW]
        for name, value in cells.items():
            row[names[name]] = value
        (found,) = read(build([HEADER, row])).rows
        return found

    return one
