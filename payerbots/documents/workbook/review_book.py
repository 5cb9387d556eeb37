"""`exceptions-YYYY-MM-DD.xlsx`: what needs a person, a sheet for each team, with room for decisions.

The cells that are known are locked, without a password; those to fill in are not. The same rows make the same bytes.
"""

from collections.abc import Callable, Sequence
from copy import copy
from dataclasses import dataclass, field
from datetime import date
from functools import partial
from pathlib import Path
from zoneinfo import ZoneInfo

from openpyxl import Workbook
from openpyxl.styles import Font, Protection
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.hyperlink import Hyperlink
from openpyxl.worksheet.worksheet import Worksheet

from payerbots.documents.workbook.atomic import save_atomically
from payerbots.documents.workbook.look import (
    SLATE,
    Dresser,
    Value,
    cell_at,
    height_for,
    paint_body,
    paint_header,
    set_up_page,
)
from payerbots.documents.workbook.pictures import Picture, add_pictures
from payerbots.documents.workbook.review_columns import PICTURE, ReviewColumn, columns
from payerbots.documents.workbook.review_rules import Places, ask_for_decisions, colour
from payerbots.documents.workbook.review_summary import Summary, write_summary_sheet
from payerbots.documents.workbook.rows import ExceptionRow, urgency
from payerbots.documents.workbook.saving import save

SUMMARY = "Summary"
_HEADER_POINTS = 44
_MOVING = "B2"


@dataclass(frozen=True, kw_only=True)
class ReviewBook:
    """What goes into the workbook. `picture` gives an item's screenshot as PNG, or None; the first 200 are embedded.

    `pended` and `proposed` count what waits for its date, and for a second person.
    """

    day: date
    zone: ZoneInfo
    rows: Sequence[ExceptionRow] = ()
    pended: int = 0
    proposed: int = 0
    second_person_above: str = ""
    picture: Callable[[str], bytes | None] = field(default=lambda _item: None, repr=False)


def write_review(path: Path, book: ReviewBook) -> Path:
    """Write the workbook; returns where it went, which differs from `path` when that is open elsewhere."""
    return save_atomically(path, partial(_save, book))


def _save(book: ReviewBook, path: Path) -> None:
    made = Workbook()
    made.properties.title = f"Exceptions {book.day:%m/%d/%Y}"
    made.properties.creator = "payerbots"
    made.worksheets[0].title = SUMMARY
    teams = _by_team(book.rows)
    sheets = {team: made.create_sheet(sheet_title(team)) for team in teams}
    pictures = add_pictures(made, [row.item for row in book.rows], book.picture)
    for team, rows in teams.items():
        _Sheet(sheets[team], rows, book, pictures).write(team)
    shown = Summary(
        day=book.day,
        teams={team: (sheet_title(team), rows) for team, rows in teams.items()},
        pended=book.pended,
        proposed=book.proposed,
        second_person_above=book.second_person_above,
    )
    write_summary_sheet(made.worksheets[0], shown)
    save(made, path, dated=book.day)


def sheet_title(team: str) -> str:
    """A team's name as Excel takes it for a sheet."""
    return team.replace("/", " ")[:31]


def _by_team(rows: Sequence[ExceptionRow]) -> dict[str, list[ExceptionRow]]:
    """The rows of each team, the most urgent one first; teams by name."""
    found: dict[str, list[ExceptionRow]] = {
        name: [] for name in sorted({row.team_name for row in rows}, key=str.casefold)
    }
    for row in sorted(rows, key=urgency):
        found[row.team_name].append(row)
    return found


class _Sheet:
    """One team's sheet on its way."""

    def __init__(
        self,
        sheet: Worksheet,
        rows: Sequence[ExceptionRow],
        book: ReviewBook,
        pictures: dict[str, Picture],
    ) -> None:
        self._sheet, self._rows, self._book, self._pictures = sheet, rows, book, pictures
        self._columns = columns(rows, book.zone)
        self._dresser = Dresser()

    def write(self, team: str) -> None:
        """Headers, rows, rules, page."""
        values = [self._values(row) for row in self._rows]
        for index, column in enumerate(self._columns, start=1):
            self._set_up(index, column, any(line[index - 1] is not None for line in values))
        self._sheet.row_dimensions[1].height = _HEADER_POINTS
        headings = [column.heading for column in self._columns]
        for number, line in enumerate(values, start=2):
            self._row(number, line)
            self._sheet.row_dimensions[number].height = height_for(headings, line)
            self._link(number, self._rows[number - 2])
        last = len(values) + 1
        places = Places(
            sheet=self._sheet,
            columns=self._columns,
            last=last,
            locked=[number for number, row in enumerate(self._rows, start=2) if not row.mark],
        )
        colour(places, self._book.day)
        ask_for_decisions(places)
        self._frame(team, last)

    def _values(self, row: ExceptionRow) -> list[Value]:
        found = [column.value(row) if column.value else None for column in self._columns]
        return [None if value == "" else value for value in found]

    def _set_up(self, index: int, column: ReviewColumn, filled: bool) -> None:
        paint_header(cell_at(self._sheet, 1, index), column.heading)
        shown = self._sheet.column_dimensions[get_column_letter(index)]
        shown.width = column.heading.width
        pictured = column.header == PICTURE and bool(self._pictures)
        shown.hidden = column.hidden or not (filled or column.always or pictured)
        if column.value is None:
            sample = cell_at(self._sheet, 2, index)
            paint_body(sample, column.heading.kind)
            sample.protection = Protection(locked=False)
            for name in ("font", "alignment", "number_format", "protection"):
                setattr(shown, name, copy(getattr(sample, name)))

    def _row(self, number: int, line: Sequence[Value]) -> None:
        for index, (column, value) in enumerate(zip(self._columns, line, strict=True), start=1):
            if value is not None:
                self._dresser.write(cell_at(self._sheet, number, index), column.heading.kind, value)

    def _link(self, number: int, row: ExceptionRow) -> None:
        picture = self._pictures.get(row.item)
        if picture is None:
            return
        index = [column.header for column in self._columns].index(PICTURE) + 1
        cell = cell_at(self._sheet, number, index)
        self._dresser.write(cell, self._columns[index - 1].heading.kind, picture.text)
        if picture.anchor:
            cell.hyperlink = Hyperlink(ref=cell.coordinate, location=f"Pictures!{picture.anchor}")
            cell.font = Font(name="Calibri", size=10, color=SLATE, underline="single")

    def _frame(self, team: str, last: int) -> None:
        sheet = self._sheet
        letters = [get_column_letter(index) for index in range(1, len(self._columns) + 1)]
        sheet.auto_filter.ref = f"A1:{letters[-1]}{last}"
        sheet.freeze_panes = _MOVING
        sheet.sheet_view.showGridLines = False
        sheet.sheet_view.zoomScale = 90
        printed = sum(column.printed for column in self._columns)
        title = f"Exceptions {self._book.day:%m/%d/%Y}: {team}"
        set_up_page(sheet, title, print_area=f"A1:{letters[printed - 1]}{last}")
        sheet.protection.sheet = True
        for allowed in ("autoFilter", "sort", "formatCells", "formatColumns", "formatRows"):
            setattr(sheet.protection, allowed, False)
