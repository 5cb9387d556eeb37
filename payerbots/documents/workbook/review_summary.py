"""The summary of the exceptions workbook: how much for whom, why, and how to fill it in."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from openpyxl.chart import BarChart, Reference
from openpyxl.chart.label import DataLabelList
from openpyxl.chart.text import RichText, Text
from openpyxl.chart.title import Title
from openpyxl.drawing.text import CharacterProperties, Paragraph, ParagraphProperties, RegularTextRun
from openpyxl.styles import Alignment, Font
from openpyxl.worksheet.hyperlink import Hyperlink
from openpyxl.worksheet.worksheet import Worksheet

from payerbots.documents.workbook.look import (
    GRAPHITE,
    INK,
    SLATE,
    TEAL,
    Heading,
    Kind,
    Value,
    cell_at,
    put,
    set_up_page,
    write_counts,
    write_summary,
)
from payerbots.documents.workbook.rows import ExceptionRow
from payerbots.reasons import Reason, text_of

_BARS_LEFT = "G"
_CHART_ROWS = 12
_HEADER_POINTS = 30
NOTHING = "Nothing needs a person today."
"""All that a workbook without rows says."""
_TEAMS = (
    Heading(header="Team", width=22, colour=TEAL),
    Heading(header="Exceptions", width=13, kind=Kind.NUMBER, colour=TEAL),
    Heading(header="Dollars", width=14, kind=Kind.MONEY, colour=TEAL),
    Heading(header="Oldest (business days)", width=16, kind=Kind.NUMBER, colour=TEAL),
    Heading(header="Due first", width=12, kind=Kind.DATE, colour=TEAL),
)
_REASONS = (
    Heading(header="Reason", width=22, colour=GRAPHITE),
    Heading(header="Exceptions", width=13, kind=Kind.NUMBER, colour=GRAPHITE),
    Heading(header="Dollars", width=14, kind=Kind.MONEY, colour=GRAPHITE),
    Heading(header="Team", width=16, colour=GRAPHITE),
    Heading(header="What it means", width=12, colour=GRAPHITE),
)


@dataclass(frozen=True, kw_only=True)
class Summary:
    """What is summed up: the rows of each team with its sheet, and what is not in them."""

    day: date
    teams: Mapping[str, tuple[str, Sequence[ExceptionRow]]]
    pended: int
    proposed: int
    second_person_above: str

    @property
    def rows(self) -> list[ExceptionRow]:
        """All rows."""
        return [row for _, rows in self.teams.values() for row in rows]


def write_summary_sheet(sheet: Worksheet, summary: Summary) -> None:
    """Write the sheet."""
    rows = summary.rows
    lines: list[tuple[str, Value]] = [
        ("Date", f"{summary.day:%m/%d/%Y}"),
        ("Exceptions", len(rows)),
        ("Dollars", dollars(rows)),
        ("Pended until a later date", summary.pended),
        ("Waiting for a second person", summary.proposed),
    ]
    first = write_summary(sheet, "Exceptions", lines)
    for row in range(2, first - 1):
        cell_at(sheet, row, 2).alignment = Alignment(horizontal="left", indent=1)
    cell_at(sheet, 4, 2).number_format = Kind.MONEY.number_format
    if not rows:
        _say(sheet, first, [NOTHING])
        set_up_page(sheet, f"Exceptions {summary.day:%m/%d/%Y}")
        return
    free = write_counts(sheet, first, _TEAMS, [_team(team, of) for team, (_, of) in summary.teams.items()])
    sheet.row_dimensions[first].height = _HEADER_POINTS
    _link_teams(sheet, first + 1, summary)
    _chart(sheet, first, len(summary.teams))
    free = max(free, first + _CHART_ROWS + 1)
    free = write_counts(sheet, free, _REASONS, _by_reason(rows))
    _say(sheet, free, _how_to(summary))
    set_up_page(sheet, f"Exceptions {summary.day:%m/%d/%Y}")
    sheet.print_title_rows = None
    sheet.page_setup.fitToHeight = 1


def _team(team: str, rows: Sequence[ExceptionRow]) -> Sequence[Value]:
    due = [row.due for row in rows if row.due]
    return team, len(rows), dollars(rows), max(row.age for row in rows), min(due, default=None)


def _by_reason(rows: Sequence[ExceptionRow]) -> list[Sequence[Value]]:
    counts = Counter(row.reason.value for row in rows)
    return [
        (
            code,
            count,
            dollars(row for row in rows if row.reason == code),
            text_of(Reason(code)).team,
            text_of(Reason(code)).means,
        )
        for code, count in sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))
    ]


def dollars(rows: Iterable[ExceptionRow]) -> Decimal:
    """What is at stake in rows together."""
    return sum((row.dollars for row in rows if row.dollars), Decimal(0))


def _link_teams(sheet: Worksheet, first: int, summary: Summary) -> None:
    for number, (title, _) in enumerate(summary.teams.values(), start=first):
        cell = cell_at(sheet, number, 1)
        cell.hyperlink = Hyperlink(ref=cell.coordinate, location=f"'{title}'!A1")
        cell.font = Font(name="Calibri", size=10, color=SLATE, underline="single")


def _chart(sheet: Worksheet, header: int, teams: int) -> None:
    """Exceptions by team, beside their table."""
    chart = BarChart()
    chart.type, chart.style, chart.legend, chart.gapWidth = "bar", 10, None, 40
    chart.title = _title("Exceptions by team")
    chart.y_axis.delete, chart.x_axis.delete = True, False
    chart.y_axis.majorGridlines = None
    chart.y_axis.scaling.min = 0
    chart.dataLabels = DataLabelList(
        showVal=True, showSerName=False, showCatName=False, showLegendKey=False, showPercent=False
    )
    chart.x_axis.scaling.orientation = "maxMin"
    chart.height, chart.width = 6.2, 17
    chart.add_data(Reference(sheet, min_col=2, min_row=header + 1, max_row=header + teams))
    chart.set_categories(Reference(sheet, min_col=1, min_row=header + 1, max_row=header + teams))
    series = chart.series[0]
    series.graphicalProperties.solidFill = TEAL
    sheet.add_chart(chart, f"{_BARS_LEFT}{header}")


def _title(text: str) -> Title:
    small = ParagraphProperties(defRPr=CharacterProperties(sz=1100, b=True))
    told = Paragraph(pPr=small, r=[RegularTextRun(t=text)])
    return Title(tx=Text(rich=RichText(p=[told])), overlay=False)


def _how_to(summary: Summary) -> list[str]:
    second = f" Above {summary.second_person_above} a second person writes the same off once more, in the next workbook."
    return [
        "How to fill in",
        "Choose a Decision in a row of your team, and write your name or initials under By. Rows without one stay open.",
        "send back: it is asked again as it is.   corrected - send back: the corrected values alone go under the columns that begin with Correct.",
        "write off: Amount and Adj. code."
        + (second if summary.second_person_above else "")
        + "   pend until: a date under Until.",
        "duplicate of: the other item; assign to: a person; not mine: the team; all of them under To / of.",
        "Rows may be sorted, filtered, and copied into another workbook with all their columns.",
        "Known cells are locked: a row whose item or patient was changed is not taken.",
        "Save it as .xlsx and hand it back: into the review folder, or with `payerbots review import`.",
    ]


def _say(sheet: Worksheet, first: int, lines: Sequence[str]) -> None:
    for row, line in enumerate(lines, start=first):
        cell = cell_at(sheet, row, 1)
        put(cell, line)
        bold = row == first
        cell.font = Font(name="Calibri", size=11 if bold else 10, bold=bold, color=SLATE if bold else INK)
