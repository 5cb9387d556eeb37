"""The sheet *Summary* of the posting workbook: figures that are formulas over the other sheets, beside the ledger's own."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from math import ceil

from openpyxl.chart import BarChart, Reference, Series
from openpyxl.worksheet.worksheet import Worksheet

from payerbots.documents.workbook.look import GRAPHITE, TEAL, Heading, Kind, set_up_page
from payerbots.documents.workbook.summary_cells import Formula, Shown, colour_checks, tiles, title, write_rows
from payerbots.documents.workbook.tables import FIRST, Column, letter_of
from payerbots.domain.posting import Batch, LedgerTotals, PayerStanding

_M, _N, _D = Kind.MONEY, Kind.NUMBER, Kind.DATE
_WIDTHS = (34, *(14,) * 10)
_TILES, _PAYERS = 4, 8
_ADJUSTED = "Amount (positive lowers the payment)"
_WILD = "*?~<>="
_BARS = (("E", "2F855A"), ("G", "D69E2E"), ("I", "C53030"))
_CHART_COLUMN = "F"
_CHART_WIDTH, _CHART_LEAST, _CHART_A_PAYER = 19, 8, 1
_ROW_CM = 0.53


@dataclass(frozen=True)
class Figures:
    """Where the rows of the other sheets stand: the columns of each, and its last row. Columns go by their headers."""

    sheets: Mapping[str, tuple[Sequence[Column], int]]

    def column(self, sheet: str, header: str) -> str:
        """A sheet's column, from its first row to its last."""
        columns, last = self.sheets[sheet]
        letter = letter_of(columns, header)
        return f"'{sheet}'!${letter}${FIRST}:${letter}${max(last, FIRST)}"

    def total(self, sheet: str, header: str) -> Formula:
        """The sum of a column."""
        return Formula(f"SUM({self.column(sheet, header)})")

    def total_where(self, sheet: str, header: str, where: str, criterion: str) -> Formula:
        """The sum of a column where another one is as given."""
        return Formula(f"SUMIFS({self.column(sheet, header)},{self.column(sheet, where)},{criterion})")

    def count_where(self, sheet: str, where: str, criterion: str) -> Formula:
        """How many rows have a column as given."""
        return Formula(f"COUNTIFS({self.column(sheet, where)},{criterion})", counts=True)

    def rows(self, sheet: str, header: str) -> Formula:
        """How many rows a sheet has, by a column that is never empty."""
        return Formula(f"COUNTA({self.column(sheet, header)})", counts=True)


@dataclass(frozen=True, kw_only=True)
class Summary:
    """What the sheet needs beside the other sheets."""

    day: date
    payers: Sequence[str]
    standings: Sequence[PayerStanding]
    batches: Sequence[Batch]
    ledger: LedgerTotals


def write_summary_sheet(sheet: Worksheet, summary: Summary, figures: Figures) -> None:
    """Write key figures, payers with a chart, the checks against the ledger, and the control of batches."""
    title(sheet, f"Posting {summary.day:%m/%d/%Y}", _WIDTHS)
    tiles(sheet, _TILES, _key_figures(figures))
    standings = {each.payer: each for each in summary.standings}
    rows = [
        _payer(name, standings.get(name, PayerStanding(payer=name)), row, figures)
        for row, name in enumerate(summary.payers, _PAYERS + 1)
    ]
    below = write_rows(sheet, _PAYERS, _PAYER_HEADINGS, [*rows, _totals(len(rows))], total=True) + 1
    last = _PAYERS + len(rows)
    free = write_rows(sheet, below, _CHECK_HEADINGS, _checks(below + 1, summary.ledger, figures))
    colour_checks(sheet, f"D{below + 1}:D{free - 1}")
    if rows:
        free = max(free, below + _chart(sheet, last, f"{_CHART_COLUMN}{below}"))
    batches = [_batch(batch, row, figures) for row, batch in enumerate(summary.batches, free + 2)]
    end = write_rows(sheet, free + 1, _BATCH_HEADINGS, batches)
    colour_checks(sheet, f"I{free + 2}:I{max(end - 1, free + 2)}")
    set_up_page(sheet, f"Posting {summary.day:%m/%d/%Y}", print_area=f"A1:K{end}")
    sheet.print_title_rows = None


def _key_figures(figures: Figures) -> Sequence[tuple[str, Formula, str]]:
    count, money = "#,##0", Kind.MONEY.number_format
    return (
        ("Payments to post", figures.rows("Payments", "Batch"), count),
        ("Dollars to post", figures.total("Payments", "Payment"), money),
        ("Service lines", figures.rows("Lines", "Batch"), count),
        ("Denials", figures.rows("Denials", "Band"), count),
        ("Dollars denied", figures.total("Denials", "Dollars"), money),
        ("Exceptions", figures.rows("Exceptions", "Item"), count),
    )


def _heading(header: str, kind: Kind = _N, colour: str = TEAL) -> Heading:
    return Heading(header=header, kind=kind, colour=colour)


_PAYER_HEADINGS = (
    _heading("Payer", Kind.TEXT),
    _heading("Payments"),
    _heading("Amount", _M),
    _heading("Matched"),
    _heading("Matched $", _M),
    _heading("Waiting"),
    _heading("Waiting $", _M),
    _heading("Unmatched"),
    _heading("Unmatched $", _M),
    _heading("Lines to post"),
    _heading("Denials"),
)
_CHECK_HEADINGS = (
    _heading("Checked against the ledger", Kind.TEXT, GRAPHITE),
    _heading("This workbook", _M, GRAPHITE),
    _heading("The ledger", _M, GRAPHITE),
    _heading("Verdict", Kind.TEXT, GRAPHITE),
)
_BATCH_HEADINGS = (
    _heading("Batch", Kind.TEXT),
    _heading("Day", _D),
    _heading("Payments"),
    _heading("Rows"),
    _heading("Lines paid", _M),
    _heading("Provider adj.", _M),
    _heading("Comes to", _M),
    _heading("Deposited", _M),
    _heading("Verdict", Kind.TEXT),
    _heading("Deposits", Kind.TEXT),
)


def _payer(name: str, standing: PayerStanding, row: int, figures: Figures) -> Sequence[Shown]:
    criterion = _criterion(f"$A{row}", name)
    return (
        name,
        Formula(f"D{row}+F{row}+H{row}"),
        Formula(f"E{row}+G{row}+I{row}"),
        figures.count_where("Payments", "Payer", criterion),
        figures.total_where("Payments", "Payment", "Payer", criterion),
        standing.waiting,
        standing.waiting_amount,
        standing.exceptions,
        standing.exceptions_amount,
        figures.count_where("Lines", "Payer", criterion),
        figures.count_where("Denials", "Payer", criterion),
    )


def _criterion(cell: str, text: str) -> str:
    """A cell's text as a criterion: what would be a pattern or a comparison in it is taken as it is written."""
    if not any(sign in text for sign in _WILD):
        return cell
    plain = f'SUBSTITUTE(SUBSTITUTE(SUBSTITUTE({cell},"~","~~"),"*","~*"),"?","~?")'
    return f'"="&{plain}'


def _totals(rows: int) -> Sequence[Shown]:
    first, last = _PAYERS + 1, max(_PAYERS + rows, _PAYERS + 1)
    if not rows:
        return ("All payers", *(0 for _ in "BCDEFGHIJK"))
    return ("All payers", *(Formula(f"SUM({letter}{first}:{letter}{last})") for letter in "BCDEFGHIJK"))


def _checks(first: int, ledger: LedgerTotals, figures: Figures) -> Sequence[Sequence[Shown]]:
    """Each figure as the workbook has it and as the ledger has it, and whether they agree."""
    paid, adjusted = (
        figures.total("Payments", "Claims paid"),
        figures.total("Provider adjustments", _ADJUSTED),
    )
    matched, open_ones = figures.total("Deposits", "Matched"), figures.total("Deposits", "Open")
    wanted: Sequence[tuple[str, Formula, Shown]] = (
        ("Payments, number", figures.rows("Payments", "Batch"), ledger.payments),
        ("Payments, dollars", figures.total("Payments", "Payment"), ledger.payments_amount),
        ("Lines, number", figures.rows("Lines", "Batch"), ledger.lines),
        ("Lines, dollars paid", figures.total("Lines", "Paid"), ledger.lines_paid),
        ("Provider adjustments, dollars", adjusted, ledger.provider_adjustments),
        ("Deposits matched, dollars", matched, ledger.deposits_matched),
        ("Deposits not matched, dollars", open_ones, ledger.deposits_unmatched),
        ("Denials, number", figures.rows("Denials", "Band"), ledger.denials),
        ("Exceptions, number", figures.rows("Exceptions", "Item"), ledger.exceptions),
        ("Exceptions, dollars", figures.total("Exceptions", "Dollars"), ledger.exceptions_dollars),
        (
            "Proof: lines - adjustments = payments",
            Formula(f"{figures.total('Lines', 'Paid').text}-{adjusted.text}"),
            figures.total("Payments", "Payment"),
        ),
        ("Proof: lines = claims paid", figures.total("Lines", "Paid"), paid),
    )
    return [
        (name, ours, "no data" if theirs is None else theirs, _verdict(f"B{row}", f"C{row}"))
        for row, (name, ours, theirs) in enumerate(wanted, first)
    ]


def _verdict(one: str, other: str) -> Formula:
    return Formula(
        f'IF(ISTEXT({other}),"not checked",IF(ROUND({one}-{other},2)=0,"agrees",'
        f'"differs by "&TEXT({one}-{other},"#,##0.00")))'
    )


def _batch(batch: Batch, row: int, figures: Figures) -> Sequence[Shown]:
    criterion = _criterion(f"$A{row}", batch.batch)
    return (
        batch.batch,
        batch.day,
        batch.payments,
        figures.count_where("Lines", "Batch", criterion),
        figures.total_where("Lines", "Paid", "Batch", criterion),
        figures.total_where("Provider adjustments", _ADJUSTED, "Batch", criterion),
        Formula(f"E{row}-F{row}"),
        batch.deposited,
        _verdict(f"G{row}", f"H{row}"),
        batch.deposits,
    )


def _chart(sheet: Worksheet, last: int, anchor: str) -> int:
    """A bar for each payer, in three colours: matched, waiting, unmatched; returns how many rows it covers."""
    chart = BarChart(barDir="bar", grouping="stacked", overlap=100, gapWidth=60)
    chart.title = "Dollars by payer"
    chart.width = _CHART_WIDTH
    chart.height = max(_CHART_LEAST, 3 + _CHART_A_PAYER * (last - _PAYERS))
    for letter, colour in _BARS:
        series = Series(
            Reference(range_string=f"Summary!${letter}${_PAYERS + 1}:${letter}${last}"),
            title_from_data=False,
            title=_PAYER_HEADINGS["ABCDEFGHI".index(letter)].header,
        )
        series.graphicalProperties.solidFill = colour
        series.graphicalProperties.line.solidFill = colour
        chart.series.append(series)
    chart.set_categories(Reference(range_string=f"Summary!$A${_PAYERS + 1}:$A${last}"))
    chart.x_axis.scaling.orientation = "maxMin"
    chart.x_axis.delete = chart.y_axis.delete = False
    chart.y_axis.number_format, chart.y_axis.majorGridlines = "#,##0", None
    chart.legend.position = "b"
    sheet.add_chart(chart, anchor)
    return ceil(chart.height / _ROW_CM) + 1
