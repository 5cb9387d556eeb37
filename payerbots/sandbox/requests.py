"""Writes the sample workbook: forty requests as an office keeps them, tidy but real."""

from __future__ import annotations

from datetime import date, datetime, time
from typing import TYPE_CHECKING

from openpyxl import Workbook
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils import get_column_letter

from payerbots.sandbox.records import Program
from payerbots.sandbox.world import build

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from openpyxl.worksheet.worksheet import Worksheet

    from payerbots.sandbox.records import Request

HEADER_ROW = 4
EPOCH = date(1899, 12, 30)
COLUMNS = (
    ("Order #", 12),
    ("Acct #", 10),
    ("Branch", 12),
    ("Rep", 6),
    ("Payer", 20),
    ("Member #", 15),
    ("Last Name", 18),
    ("First Name", 14),
    ("DOB", 12),
    ("DOS", 12),
    ("HCPCS", 20),
    ("Rent/Purch", 11),
    ("NPI", 13),
    ("Order Date", 12),
    ("Days Open", 10),
    ("Notes", 28),
)
HIDDEN = "Rep"
README = (
    "Eligibility check list - how this sheet is used",
    "One row per order. Check eligibility before the order is confirmed.",
    "Member # is the number on the card. Leave it empty if the card was not seen; then name and DOB are needed.",
    "Rent/Purch: R = rental, P = purchase.",
    "Days Open counts from the order date. Do not type over the formula.",
    "Questions: intake desk, ext. 214.",
)
DATE_FORMAT = "mm/dd/yyyy"

Cell = str | int | date | None


def write_workbook(path: Path, seed: int, today: date) -> None:
    """Write the workbook of a seed: sheets "Requests" (header in row 4) and "Read me"."""
    write(path, build(seed, today).requests, today)


def write(path: Path, rows: Sequence[Request], today: date) -> None:
    """Write requests, each in its own row, as such a workbook."""
    book = Workbook()
    sheet = book.active
    if sheet is None or not hasattr(sheet, "append"):
        message = "a new workbook has no sheet"
        raise TypeError(message)
    sheet.title = "Requests"
    _head(sheet, today)
    for request in rows:
        _line(sheet, request)
    _shape(sheet)
    _read_me(book.create_sheet("Read me"))
    book.properties.creator = "Lakeside Home Medical"
    book.properties.title = "Eligibility check list"
    book.properties.created = datetime.combine(today, time(7, 42))
    book.save(path)


def _head(sheet: Worksheet, today: date) -> None:
    sheet["A1"] = "Lakeside Home Medical - Eligibility check list"
    sheet["A1"].font = Font(size=14, bold=True, color="1F3B57")
    sheet["A2"] = f"printed on {today:%m/%d/%Y} 7:42 AM"
    sheet["A2"].font = Font(italic=True, color="777777")
    for place, (title, width) in enumerate(COLUMNS, start=1):
        cell = sheet.cell(row=HEADER_ROW, column=place, value=title)
        cell.font = Font(bold=True, color="FFFFFF")
        cell.fill = PatternFill("solid", fgColor="1F3B57")
        cell.alignment = Alignment(vertical="center", wrap_text=True)
        sheet.column_dimensions[get_column_letter(place)].width = width


def _line(sheet: Worksheet, request: Request) -> None:
    line = Side(style="hair", color="BBBBBB")
    for place, (title, _) in enumerate(COLUMNS, start=1):
        cell = sheet.cell(row=request.row, column=place, value=_value(request, title))
        cell.border = Border(bottom=line)
        if isinstance(cell.value, date):
            cell.number_format = DATE_FORMAT


def _value(request: Request, title: str) -> Cell:
    cells: dict[str, Cell] = {
        "Order #": request.order,
        "Acct #": int(request.account),
        "Branch": request.branch,
        "Rep": request.representative,
        "Payer": request.payer,
        "Member #": _member_id(request),
        "Last Name": _last(request),
        "First Name": _first(request),
        "DOB": _birth(request),
        "DOS": _service(request),
        "HCPCS": ", ".join(request.hcpcs),
        "Rent/Purch": "R" if request.rental else "P",
        "NPI": request.npi,
        "Order Date": request.ordered_on,
        "Days Open": f"=TODAY()-N{request.row}",
        "Notes": request.note or None,
    }
    return cells[title]


def _member_id(request: Request) -> Cell:
    """Return the ID as typed; a number loses its leading zeros."""
    text = request.member_id
    if "id_as_number" in request.quirks and request.program is Program.COMMERCIAL:
        return int(text)
    if "mbi_dashes" in request.quirks:
        text = f"{text[:4]}-{text[4:7]}-{text[7:]}"
    if "mbi_lower" in request.quirks:
        text = text.lower()
    return text or None


def _last(request: Request) -> Cell:
    text = request.last.upper() if "upper_name" in request.quirks else request.last
    return f"{text}  " if "trailing" in request.quirks else text or None


def _first(request: Request) -> Cell:
    text = request.first.upper() if "upper_name" in request.quirks else request.first
    return f"{text} " if "trailing" in request.quirks else text


def _birth(request: Request) -> Cell:
    if request.born is None:
        return "see chart"
    if "dob_us_text" in request.quirks:
        return f"{request.born.month}/{request.born.day}/{request.born.year}"
    return request.born.isoformat() if "dob_iso" in request.quirks else request.born


def _service(request: Request) -> Cell:
    on = request.on
    if "dos_us_short" in request.quirks:
        return f"{on.month}/{on.day}/{on:%y}"
    if "dos_serial" in request.quirks:
        return (on - EPOCH).days
    return on.isoformat() if "dos_iso" in request.quirks else on


def _shape(sheet: Worksheet) -> None:
    letters = {title: get_column_letter(place) for place, (title, _) in enumerate(COLUMNS, start=1)}
    sheet.column_dimensions[letters[HIDDEN]].hidden = True
    sheet.freeze_panes = f"A{HEADER_ROW + 1}"
    sheet.auto_filter.ref = f"A{HEADER_ROW}:{letters['Notes']}{sheet.max_row}"
    sheet.row_dimensions[HEADER_ROW].height = 22
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.fitToWidth = 1


def _read_me(sheet: Worksheet) -> None:
    sheet.column_dimensions["A"].width = 96
    for row, text in enumerate(README, start=1):
        sheet.cell(row=row, column=1, value=text).font = Font(bold=row == 1)
