"""`rejection-analysis.xlsx`: the weeks in charts: what is rejected, for whom, and whether it gets better."""

from collections.abc import Sequence
from functools import partial
from pathlib import Path

from openpyxl import Workbook
from openpyxl.chart import BarChart, LineChart, Reference, Series
from openpyxl.chart.label import DataLabelList
from openpyxl.worksheet.worksheet import Worksheet

from payerbots.documents.workbook.atomic import save_atomically
from payerbots.documents.workbook.look import (
    SLATE,
    Heading,
    Kind,
    Value,
    cell_at,
    set_up_page,
    write_summary,
    write_table,
)
from payerbots.documents.workbook.saving import save
from payerbots.domain.rejection_analysis import Analysis, Share, Week

_M, _N, _D, _W = Kind.MONEY, Kind.NUMBER, Kind.DATE, Kind.WRAPPED
PARETOS = (
    ("Reasons", "By reason", "by_reason"),
    ("Payers", "By payer", "by_payer"),
    ("Referral sources", "By referral source", "by_referral"),
    ("Teams", "By team", "by_team"),
)
"""Sheet, title and field of each Pareto table."""
_PERCENT = "0.0%"
_MOST_BARS = 12
_WEEK_HEADINGS = (
    Heading(header="Week of", width=12, kind=_D),
    Heading(header="First sends", width=11, kind=_N),
    Heading(header="Accepted at once", width=11, kind=_N),
    Heading(header="Rejected", width=11, kind=_N),
    Heading(header="Not decided yet", width=11, kind=_N),
    Heading(header="Clean-claim rate", width=11, kind=_N),
    Heading(header="Rejection rate", width=11, kind=_N),
)
_REPEATED_HEADINGS = (
    Heading(header="Claim", width=14),
    Heading(header="Payer", width=28, kind=_W),
    Heading(header="Times", width=8, kind=_N),
    Heading(header="Dollars", width=12, kind=_M),
    Heading(header="Said, each time", width=60, kind=_W),
    Heading(header="Stands", width=26),
)
_ALIKE_HEADINGS = (
    Heading(header="Reason", width=26),
    Heading(header="Payer", width=30, kind=_W),
    Heading(header="Referral source", width=28, kind=_W),
    Heading(header="Rejections", width=11, kind=_N),
    Heading(header="Dollars", width=14, kind=_M),
)
_BAR, _LINE = "3E7C8A", "C0562F"


def write_analysis(path: Path, analysis: Analysis) -> Path:
    """Write the workbook; where it went, which differs from `path` when that is open elsewhere."""
    return save_atomically(path, partial(_save, analysis))


def lines_of(analysis: Analysis) -> list[tuple[str, Value]]:
    """The key figures, each with its denominator."""
    rate = analysis.clean_rate
    return [
        ("Claims sent since", f"{analysis.first:%m/%d/%Y}" if analysis.first else "none"),
        ("Drawn on", f"{analysis.day:%m/%d/%Y}"),
        ("Claims", f"{analysis.claims} first sends, {analysis.decided} of them decided"),
        ("Rejections", f"{analysis.rejections}, ${analysis.dollars:,.2f} of charges"),
        (
            "First-pass rate",
            f"{rate:.1%}: {analysis.clean} accepted at once of {analysis.decided} decided"
            if rate is not None
            else "no data",
        ),
        ("Rejected more than once", f"{len(analysis.repeated)} claims"),
        (
            "Statuses without a rule",
            ", ".join(f"{code} ({count})" for code, count in analysis.unknown) or "none",
        ),
    ]


def _save(analysis: Analysis, path: Path) -> None:
    book = Workbook()
    book.properties.title, book.properties.creator = "Rejection analysis", "payerbots"
    summary = book.worksheets[0]
    summary.title = "Summary"
    _weeks(book.create_sheet("Weeks"), analysis.weeks)
    for sheet, title, name in PARETOS:
        _pareto(book.create_sheet(sheet), title, getattr(analysis, name))
    _again(book.create_sheet("More than once"), analysis)
    _alike(book.create_sheet("Alike"), analysis)
    _summary(summary, analysis)
    save(book, path)


def _summary(sheet: Worksheet, analysis: Analysis) -> None:
    free = write_summary(sheet, "Rejection analysis", lines_of(analysis))
    sheet.column_dimensions["A"].width, sheet.column_dimensions["B"].width = 26, 16
    _trend_chart(sheet, "Weeks", len(analysis.weeks), f"A{free}")
    _bars(sheet, ("Reasons", "By reason"), len(analysis.by_reason), f"A{free + 17}")
    set_up_page(sheet, "Rejection analysis")
    sheet.page_setup.orientation, sheet.page_setup.fitToHeight = "portrait", 1


def _weeks(sheet: Worksheet, weeks: Sequence[Week]) -> None:
    last = write_table(sheet, _WEEK_HEADINGS, [_week(week) for week in weeks])
    for row in range(2, last + 1):
        for column in (6, 7):
            cell_at(sheet, row, column).number_format = _PERCENT
    sheet.freeze_panes = "A2"
    _trend_chart(sheet, "Weeks", len(weeks), f"A{last + 2}")
    set_up_page(sheet, "Rejections by week")


def _week(week: Week) -> Sequence[Value]:
    return (
        week.monday,
        week.sent,
        week.clean,
        week.rejected,
        week.open,
        week.clean_rate,
        week.rejection_rate,
    )


def _trend_chart(sheet: Worksheet, source: str, count: int, anchor: str) -> None:
    """First sends as stacked bars: accepted at once, rejected, not decided."""
    if not count:
        return
    chart = BarChart(barDir="col", grouping="stacked", overlap=100, gapWidth=70)
    chart.title, chart.width, chart.height = "First sends by week", 21, 8
    for letter, colour in (("C", "2F855A"), ("D", "C53030"), ("E", "B8C2CA")):
        series = Series(
            Reference(range_string=f"'{source}'!${letter}$2:${letter}${count + 1}"),
            title_from_data=False,
            title=_WEEK_HEADINGS["ABCDEFG".index(letter)].header,
        )
        series.graphicalProperties.solidFill = series.graphicalProperties.line.solidFill = colour
        chart.series.append(series)
    chart.set_categories(Reference(range_string=f"'{source}'!$A$2:$A${count + 1}"))
    chart.x_axis.number_format = "mm/dd"
    chart.x_axis.delete = chart.y_axis.delete = False
    chart.y_axis.majorGridlines, chart.y_axis.number_format = None, "0"
    chart.legend.position = "b"
    sheet.add_chart(chart, anchor)


def _pareto(sheet: Worksheet, title: str, shares: Sequence[Share]) -> None:
    headings = (
        Heading(header=title.removeprefix("By ").capitalize(), width=34, kind=_W, colour=SLATE),
        Heading(header="Rejections", width=11, kind=_N),
        Heading(header="Dollars", width=13, kind=_M),
        Heading(header="Share", width=9, kind=_N),
        Heading(header="Up to here", width=10, kind=_N),
    )
    rows = [(one.name, one.count, one.dollars, one.share, one.cumulative) for one in shares]
    last = write_table(sheet, headings, rows)
    for row in range(2, last + 1):
        for column in (4, 5):
            cell_at(sheet, row, column).number_format = _PERCENT
    sheet.freeze_panes = "A2"
    _pareto_chart(sheet, title, shares)
    set_up_page(sheet, f"Rejections {title[0].lower()}{title[1:]}")


def _pareto_chart(sheet: Worksheet, title: str, shares: Sequence[Share]) -> None:
    """Bars by count, and the line of the share up to each."""
    if not shares:
        return
    shown = min(len(shares), _MOST_BARS) + 1
    bars = _bar_chart(sheet.title, title, shown)
    bars.height += max(len(one.name) for one in shares[:_MOST_BARS]) / 8
    line = LineChart()
    series = Series(
        Reference(range_string=f"'{sheet.title}'!$E$2:$E${shown}"),
        title_from_data=False,
        title="Share up to here",
    )
    series.graphicalProperties.line.solidFill, series.smooth = _LINE, False
    line.series.append(series)
    line.y_axis.axId, line.y_axis.crosses = 200, "max"
    line.y_axis.scaling.min, line.y_axis.scaling.max = 0, 1
    line.y_axis.number_format, line.y_axis.majorGridlines, line.y_axis.delete = "0%", None, False
    bars += line
    sheet.add_chart(bars, "G2")


def _bar_chart(source: str, title: str, last: int) -> BarChart:
    chart = BarChart(barDir="col", gapWidth=50)
    chart.title, chart.width, chart.height = title, 22, 10
    series = Series(
        Reference(range_string=f"'{source}'!$B$2:$B${last}"), title_from_data=False, title="Rejections"
    )
    series.graphicalProperties.solidFill = series.graphicalProperties.line.solidFill = _BAR
    chart.series.append(series)
    chart.set_categories(Reference(range_string=f"'{source}'!$A$2:$A${last}"))
    chart.x_axis.delete = chart.y_axis.delete = False
    chart.y_axis.majorGridlines, chart.y_axis.number_format = None, "0"
    chart.legend.position = "b"
    return chart


def _bars(sheet: Worksheet, source: tuple[str, str], count: int, anchor: str) -> None:
    """Lying bars with their numbers, the longest above."""
    if not count:
        return
    chart = _bar_chart(source[0], source[1], min(count, _MOST_BARS) + 1)
    chart.barDir, chart.width, chart.height = "bar", 21, 9
    chart.x_axis.scaling.orientation = "maxMin"
    chart.y_axis.delete, chart.legend = True, None
    chart.series[0].dLbls = DataLabelList(
        showVal=True, showSerName=False, showCatName=False, showLegendKey=False, showPercent=False
    )
    sheet.add_chart(chart, anchor)


def _again(sheet: Worksheet, analysis: Analysis) -> None:
    rows = [
        (one.control, one.payer, one.times, one.dollars, one.codes, one.state) for one in analysis.repeated
    ]
    write_table(sheet, _REPEATED_HEADINGS, rows)
    sheet.freeze_panes = "A2"
    set_up_page(sheet, "Rejected more than once")


def _alike(sheet: Worksheet, analysis: Analysis) -> None:
    rows = [(one.reason, one.payer, one.referred_by, one.count, one.dollars) for one in analysis.alike]
    write_table(sheet, _ALIKE_HEADINGS, rows)
    sheet.freeze_panes = "A2"
    set_up_page(sheet, "Three or more alike")
