"""`kpi.xlsx`: the figures of a time with what they were reckoned from, tables, and charts over them."""

from collections.abc import Sequence
from functools import partial
from pathlib import Path

from openpyxl import Workbook
from openpyxl.chart import BarChart, LineChart, Reference
from openpyxl.chart.label import DataLabelList
from openpyxl.worksheet.worksheet import Worksheet

from payerbots.documents.workbook.atomic import save_atomically
from payerbots.documents.workbook.look import (
    TEAL,
    Heading,
    Kind,
    Value,
    cell_at,
    put,
    set_up_page,
    write_summary,
    write_table,
)
from payerbots.documents.workbook.saving import save
from payerbots.domain.kpi import Figure, Line, Report, Unit

_FORMATS = {
    Unit.PERCENT: '0.0" %"',
    Unit.DOLLARS: '"$"#,##0.00',
    Unit.DAYS: '0.0" d"',
    Unit.HOURS: '#,##0.0" h"',
    Unit.COUNT: "#,##0",
}
_COLOURS = ("2F7D6B", "D9822B", "4A6785")
_FIGURES = (
    Heading(header="Figure", width=30, colour=TEAL),
    Heading(header="Value", width=16, kind=Kind.NUMBER, colour=TEAL),
    Heading(header="Of what", width=38, kind=Kind.WRAPPED, colour=TEAL),
    Heading(header="How it is reckoned, or what is missing", width=84, kind=Kind.WRAPPED, colour=TEAL),
)
_LINES = (
    Heading(header="Finished", width=12, kind=Kind.NUMBER),
    Heading(header="Done without a person", width=14, kind=Kind.NUMBER),
    Heading(header="For a person", width=12, kind=Kind.NUMBER),
    Heading(header="Straight-through %", width=16, kind=Kind.NUMBER),
    Heading(header="Retries", width=10, kind=Kind.NUMBER),
    Heading(header="Hours saved", width=13, kind=Kind.NUMBER),
)


def write_kpis(path: Path, report: Report, title: str) -> Path:
    """Write the sheets *Figures*, *By week*, *By bot*, *By portal*, *By payer*, *Exceptions*, *Backlog*, *About*."""
    return save_atomically(path, partial(_save, report, title))


def _save(report: Report, title: str, path: Path) -> None:
    book = Workbook()
    book.properties.title, book.properties.creator = title, "payerbots"
    _figures(book.worksheets[0], report, title)
    weeks = _lines(book.create_sheet("By week"), "Week of", report.by_week, title)
    _week_charts(book["By week"], weeks)
    for name, what, lines in (
        ("By bot", "Bot", report.by_bot),
        ("By portal", "Portal", report.by_portal),
        ("By payer", "Payer", report.by_payer),
    ):
        _lines(book.create_sheet(name), what, lines, title)
    _exceptions(book.create_sheet("Exceptions"), report, title)
    _backlog(book.create_sheet("Backlog"), report, title)
    _about(book.create_sheet("About"), report, title)
    save(book, path)


def _figures(sheet: Worksheet, report: Report, title: str) -> None:
    sheet.title = "Figures"
    write_table(sheet, _FIGURES, [_figure(one) for one in report.figures])
    for row, one in enumerate(report.figures, start=2):
        cell_at(sheet, row, 2).number_format = _FORMATS[one.definition.unit]
    sheet.freeze_panes = "A2"
    set_up_page(sheet, title)


def _figure(one: Figure) -> Sequence[Value]:
    if one.value is None:
        return (one.definition.title, "no data", "", f"{one.note}. {_sentence(one.definition.formula)}")
    of = f"{one.of} ({one.note})" if one.note else one.of
    return (one.definition.title, one.value, of, one.definition.formula)


def _sentence(formula: str) -> str:
    return f"{formula[0].upper()}{formula[1:]}."


def _lines(sheet: Worksheet, what: str, lines: Sequence[Line], title: str) -> int:
    headings = (Heading(header=what, width=30), *_LINES)
    last = write_table(sheet, headings, [_line(one) for one in lines])
    for row in range(2, last + 1):
        cell_at(sheet, row, 5).number_format = "0.0"
        cell_at(sheet, row, 7).number_format = "#,##0.0"
    sheet.freeze_panes = "B2"
    set_up_page(sheet, title)
    return last


def _line(one: Line) -> Sequence[Value]:
    hours: Value = "no data" if one.minutes is None else one.minutes / 60
    rate: Value = one.straight_through
    return (one.name, one.finished, one.done, one.exceptions, rate, one.retries, hours)


def _week_charts(sheet: Worksheet, last: int) -> None:
    """Done and for a person in one column a week; the straight-through rate as a line under it."""
    names = Reference(sheet, min_col=1, min_row=2, max_row=last)
    columns = BarChart()
    columns.type, columns.grouping, columns.overlap, columns.gapWidth = "col", "stacked", 100, 60
    columns.title, columns.height, columns.width = "Items by week", 8.5, 18
    columns.add_data(Reference(sheet, min_col=3, max_col=4, min_row=1, max_row=last), titles_from_data=True)
    columns.set_categories(names)
    _finish(columns)
    sheet.add_chart(columns, f"A{last + 3}")
    rate = LineChart()
    rate.title, rate.height, rate.width = "Straight-through rate by week, %", 8.5, 14
    rate.add_data(Reference(sheet, min_col=5, min_row=1, max_row=last), titles_from_data=True)
    rate.set_categories(names)
    rate.y_axis.scaling.min, rate.y_axis.scaling.max = 0, 100
    _finish(rate)
    rate.legend = None
    if rate.dataLabels is not None:
        rate.dataLabels.position = "t"
    line = rate.series[0]
    line.marker.symbol, line.smooth = "circle", False
    line.graphicalProperties.line.solidFill = _COLOURS[0]
    sheet.add_chart(rate, f"G{last + 3}")


def _finish(chart: BarChart | LineChart) -> None:
    """Axes that show (openpyxl hides them by itself), numbers at the bars, our colours."""
    chart.x_axis.delete = chart.y_axis.delete = False
    chart.dataLabels = DataLabelList()
    chart.dataLabels.showVal = True
    for name in ("showSerName", "showCatName", "showLegendKey", "showPercent"):
        setattr(chart.dataLabels, name, False)
    chart.y_axis.majorGridlines = None
    if chart.legend is not None:
        chart.legend.position = "b"
    for series, colour in zip(chart.series, _COLOURS, strict=False):
        series.graphicalProperties.solidFill = colour


def _exceptions(sheet: Worksheet, report: Report, title: str) -> None:
    headings = (
        Heading(header="Reason", width=30),
        Heading(header="Items", width=12, kind=Kind.NUMBER),
    )
    last = write_table(sheet, headings, list(report.reasons.items()))
    set_up_page(sheet, title)
    if not report.reasons:
        return
    bars = BarChart()
    bars.type, bars.gapWidth, bars.title = "bar", 40, "Exceptions by reason"
    bars.height, bars.width = max(6.0, 0.7 * last), 18
    bars.add_data(Reference(sheet, min_col=2, min_row=1, max_row=last), titles_from_data=True)
    bars.set_categories(Reference(sheet, min_col=1, min_row=2, max_row=last))
    bars.x_axis.scaling.orientation = "maxMin"
    _finish(bars)
    bars.legend = None
    sheet.add_chart(bars, "D2")


def _backlog(sheet: Worksheet, report: Report, title: str) -> None:
    headings = (
        Heading(header="Bot", width=24),
        Heading(header="What", width=24),
        Heading(header="Items", width=12, kind=Kind.NUMBER),
        Heading(header="Oldest since", width=16, kind=Kind.DATE),
    )
    rows: list[Sequence[Value]] = [
        (one.bot, "waits for a person" if one.for_a_person else "open", one.count, one.oldest)
        for one in report.backlog
    ]
    write_table(sheet, headings, rows)
    set_up_page(sheet, title)


def _about(sheet: Worksheet, report: Report, title: str) -> None:
    span = f"From {report.first:%m/%d/%Y} to {report.last:%m/%d/%Y}, both among it."
    notes = [
        span,
        "Everything is counted by the first outcome of an item: what a person did later changes no figure.",
        *(f"By hand, {bot}: {minutes} minutes an item." for bot, minutes in sorted(report.minutes.items())),
    ]
    free = write_summary(sheet, title, [])
    for row, note in enumerate(notes, start=free):
        put(cell_at(sheet, row, 1), note)
    sheet.column_dimensions["A"].width = 110
    set_up_page(sheet, title)
