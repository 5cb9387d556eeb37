"""What the tests of workbooks share: one good row, one result, one picture."""

import io
from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from openpyxl.worksheet.worksheet import Worksheet
from PIL import Image

from payerbots.documents.workbook.records import BadRow, RequestRow, RequestSheet
from payerbots.documents.workbook.rows import ResultRow
from payerbots.domain.coverage import Verdict

TODAY = date(2026, 11, 22)
HEADER = ("Order #", "Acct #", "Ins", "MBI", "Last name", "First", "DOB", "DOS", "HCPCS", "Rent/Purch", "NPI")
GOOD = ("SO-1", "A-1", "Medicare", "1EG4-TE5-MK73", "Smith", "John", date(1948, 3, 14), date(2026, 11, 20))
ROW = (*GOOD, "E0601, A7030", "RR", "1234567893")

Build = Callable[[Sequence[Sequence[object]]], Path]
Read = Callable[[Path], RequestSheet]
ReadRow = Callable[..., RequestRow | BadRow]


def fill(sheet: Worksheet, rows: Sequence[Sequence[Any]]) -> None:
    """Write rows from row 1 on."""
    sheet.title = "Requests"
    for row in rows:
        sheet.append([*row])


def result(row: int = 2, **more: Any) -> ResultRow:
    """A billable result."""
    values: dict[str, Any] = {"row": row, "item": str(1000 + row), "verdict": Verdict.BILL}
    values |= {"checked_at": datetime(2026, 11, 22, 15, 30, tzinfo=UTC), **more}
    return ResultRow(**values)


def png(width: int = 40, height: int = 30) -> bytes:
    """A plain picture."""
    out = io.BytesIO()
    Image.new("RGB", (width, height), "#204080").save(out, "PNG")
    return out.getvalue()
