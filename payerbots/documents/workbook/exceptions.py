"""`exceptions.xlsx`: what needs a person, why, what to do, and room for the decision."""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from datetime import date
from decimal import Decimal
from functools import partial
from pathlib import Path
from zoneinfo import ZoneInfo

from openpyxl import Workbook
from openpyxl.styles import Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.hyperlink import Hyperlink
from openpyxl.worksheet.worksheet import Worksheet

from payerbots.documents.workbook.atomic import save_atomically
from payerbots.documents.workbook.columns import local_time
from payerbots.documents.workbook.look import (
    GRAPHITE,
    SLATE,
    TEAL,
    Heading,
    Kind,
    Value,
    set_up_page,
    write_counts,
    write_summary,
    write_table,
)
from payerbots.documents.workbook.pictures import Picture, add_pictures
from payerbots.documents.workbook.rows import ExceptionRow
from payerbots.documents.workbook.saving import save
from payerbots.domain.decisions import Decision
from payerbots.reasons import Reason, text_of

_TITLE = "Exceptions"
_NO_DATE = date.max
_GROUND = "FFFBEA"
HEADINGS = (
    Heading(header="Item", width=13, colour=TEAL),
    Heading(header="Team", width=14, colour=TEAL),
    Heading(header="Reason", width=25, colour=TEAL),
    Heading(header="What to do", width=44, kind=Kind.WRAPPED, colour=TEAL),
    Heading(header="Detail", width=36, kind=Kind.WRAPPED, colour=TEAL),
    Heading(header="Patient", width=22),
    Heading(header="Payer", width=20, kind=Kind.WRAPPED),
    Heading(header="Account no.", width=12),
    Heading(header="Order no.", width=12),
    Heading(header="Claim no.", width=13),
    Heading(header="Payer claim no.", width=15),
    Heading(header="Dollars", width=11, kind=Kind.MONEY),
    Heading(header="First seen", width=16, kind=Kind.STAMP),
    Heading(header="Age (business days)", width=13, kind=Kind.NUMBER),
    Heading(header="Due", width=11, kind=Kind.DATE),
    Heading(header="Why due", width=24, kind=Kind.WRAPPED),
    Heading(header="Attempts", width=9, kind=Kind.NUMBER),
    Heading(header="Previous decision", width=20, kind=Kind.WRAPPED),
    Heading(header="Similar items", width=9, kind=Kind.NUMBER),
    Heading(header="Picture", width=26, kind=Kind.WRAPPED),
    Heading(header="Decision", width=21, colour=GRAPHITE),
    Heading(header="Corrected values", width=26, kind=Kind.WRAPPED, colour=GRAPHITE),
    Heading(header="Note", width=30, kind=Kind.WRAPPED, colour=GRAPHITE),
    Heading(header="By", width=10, colour=GRAPHITE),
)
_PICTURE = 20
FIRST_TO_FILL = 21
_PRINTED = "P"
_TO_FILL = (None, None, None, None)


def write_exceptions(
    path: Path,
    rows: Iterable[ExceptionRow],
    *,
    zone: ZoneInfo,
    picture: Callable[[str], bytes | None],
) -> Path:
    """Write the sheets *Exceptions* (by due date, dollars, team), *Pictures* and *Summary*.

    `picture` gives an item's screenshot as PNG, or None; the first 200 are embedded. Times are shown
    in `zone`. Returns where it was written, which differs from `path` when that is open elsewhere.
    """
    ordered = sorted(rows, key=urgency)
    return save_atomically(path, partial(_save, ordered, zone, picture))


def urgency(row: ExceptionRow) -> tuple[date, Decimal, str, int, str]:
    """What rows are sorted by: due date, dollars, team."""
    return row.due or _NO_DATE, -(row.dollars or Decimal(0)), row.team_name, len(row.item), row.item


def _save(
    rows: Sequence[ExceptionRow], zone: ZoneInfo, picture: Callable[[str], bytes | None], path: Path
) -> None:
    book = Workbook()
    book.properties.title = _TITLE
    book.properties.creator = "payerbots"
    sheet = book.worksheets[0]
    sheet.title = _TITLE
    last = write_table(sheet, HEADINGS, (values_of(row, zone) for row in rows))
    ask_for_decisions(sheet, 2, last)
    _paint_room(sheet, last)
    pictures = add_pictures(book, [row.item for row in rows], picture)
    for number, row in enumerate(rows, start=2):
        _link(sheet, number, pictures.get(row.item))
    _summary(book.create_sheet("Summary"), rows)
    sheet.freeze_panes = "D2"
    set_up_page(sheet, _TITLE, print_area=f"A1:{_PRINTED}{last}")
    save(book, path)


def values_of(row: ExceptionRow, zone: ZoneInfo) -> list[Value]:
    """A row's cells under `HEADINGS`; without its picture, and with nothing decided."""
    return [
        row.item,
        row.team_name,
        row.reason.value,
        row.advice,
        row.detail,
        row.patient,
        row.payer,
        row.account,
        row.order,
        row.claim,
        row.payer_claim,
        row.dollars,
        local_time(row.first_seen, zone),
        row.age,
        row.due,
        row.due_why,
        row.attempts,
        row.previous_decision,
        row.similar,
        None,
        *_TO_FILL,
    ]


def ask_for_decisions(sheet: Worksheet, first: int, last: int, column: int = FIRST_TO_FILL) -> None:
    """Offer the list of decisions in the rows from `first` to `last` of a column."""
    choices = DataValidation(
        type="list",
        formula1='"' + ",".join(decision.value for decision in Decision) + '"',
        allow_blank=True,
        showErrorMessage=True,
        showInputMessage=True,
        errorTitle="Decision",
        error="Choose one of the list; amounts, dates, items and names go into Note.",
        promptTitle="Decision",
        prompt="write off: amount and code · pend until: date · duplicate of: item · assign to: name · "
        "not mine: team. Write these into Note.",
    )
    letter = get_column_letter(column)
    choices.add(f"{letter}{first}:{letter}{max(last, first)}")
    sheet.add_data_validation(choices)


def _paint_room(sheet: Worksheet, last: int) -> None:
    ground = PatternFill("solid", fgColor=_GROUND)
    for row in range(2, last + 1):
        for column in range(FIRST_TO_FILL, len(HEADINGS) + 1):
            sheet.cell(row, column).fill = ground


def _link(sheet: Worksheet, row: int, picture: Picture | None) -> None:
    if picture is None:
        return
    cell = sheet.cell(row, _PICTURE)
    cell.value = picture.text
    if picture.anchor:
        cell.hyperlink = Hyperlink(ref=cell.coordinate, location=f"Pictures!{picture.anchor}")
        cell.font = Font(name="Calibri", size=10, color=SLATE, underline="single")


def _summary(sheet: Worksheet, rows: Sequence[ExceptionRow]) -> None:
    start = write_summary(sheet, _TITLE, [("Items", len(rows)), ("Dollars", _dollars(rows))])
    sheet.cell(3, 2).number_format = Kind.MONEY.number_format
    free = write_counts(sheet, start, _TEAM_HEADINGS, _by_team(rows))
    write_counts(sheet, free, _REASON_HEADINGS, _by_reason(rows))
    set_up_page(sheet, _TITLE)


_TEAM_HEADINGS = (
    Heading(header="Team", width=26, colour=TEAL),
    Heading(header="Items", width=18, kind=Kind.NUMBER, colour=TEAL),
    Heading(header="Dollars", width=16, kind=Kind.MONEY, colour=TEAL),
)
_REASON_HEADINGS = (
    Heading(header="Reason", width=26, colour=GRAPHITE),
    Heading(header="Items", width=18, kind=Kind.NUMBER, colour=GRAPHITE),
    Heading(header="Dollars", width=16, kind=Kind.MONEY, colour=GRAPHITE),
    Heading(header="What it means", width=70, kind=Kind.WRAPPED, colour=GRAPHITE),
)


def _by_team(rows: Sequence[ExceptionRow]) -> list[Sequence[Value]]:
    return [
        (team, count, _dollars(row for row in rows if row.team_name == team))
        for team, count in _most_first(Counter(row.team_name for row in rows))
    ]


def _by_reason(rows: Sequence[ExceptionRow]) -> list[Sequence[Value]]:
    return [
        (code, count, _dollars(row for row in rows if row.reason == code), text_of(Reason(code)).means)
        for code, count in _most_first(Counter(row.reason.value for row in rows))
    ]


def _most_first(counts: Counter[str]) -> list[tuple[str, int]]:
    return sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))


def _dollars(rows: Iterable[ExceptionRow]) -> Decimal:
    return sum((row.dollars for row in rows if row.dollars), Decimal(0))
