"""`posting-YYYY-MM-DD.xlsx`: what is ready to be posted, what each line came to, and what needs a person."""

from collections.abc import Callable, Iterable, Sequence
from contextlib import ExitStack, closing
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import partial
from pathlib import Path
from zoneinfo import ZoneInfo

import msgspec
from openpyxl import Workbook

from payerbots.documents.workbook import posting_columns as columns
from payerbots.documents.workbook.atomic import save_atomically
from payerbots.documents.workbook.exceptions import HEADINGS, values_of
from payerbots.documents.workbook.framing import colour_words, frame
from payerbots.documents.workbook.look import Value
from payerbots.documents.workbook.posting_summary import Figures, Summary, write_summary_sheet
from payerbots.documents.workbook.rows import ExceptionRow, urgency
from payerbots.documents.workbook.tables import FIRST, Column, Table, letter_of, save
from payerbots.domain.denial_work import DenialWork
from payerbots.domain.posting import (
    Batch,
    DepositRow,
    LedgerTotals,
    PayerStanding,
    PaymentRow,
    PostingLine,
    ProviderAdjustmentRow,
)
from payerbots.domain.posting_lines import adjustments_of
from payerbots.domain.record import Record

_EXCEPTIONS = tuple(Column(heading=heading, total=heading.header == "Dollars") for heading in HEADINGS)
_SHEETS: dict[str, tuple[Sequence[Column], str, str]] = {
    "Payments": (columns.PAYMENTS, "B", "A:O"),
    "Lines": (columns.LINES, "B", "K:AG"),
    "Adjustments": (columns.ADJUSTMENTS, "B", "A:M"),
    "Provider adjustments": (columns.PROVIDER_ADJUSTMENTS, "B", "A:N"),
    "Denials": (columns.DENIALS, "C", "A:R"),
    "Deposits": (columns.DEPOSITS, "C", "A:O"),
    "Exceptions": (_EXCEPTIONS, "D", "A:P"),
}
"""Every sheet after *Summary*: its columns, the first one that moves, and those that are printed."""
_ACTIONS = {"post": "good", "post + denial": "bad", "reverse": "other", "hold": "wait"}
_STATES = {"matched": "good", "waiting": "wait", "exception": "bad"}
_COLOURED = (
    ("Lines", "Action", _ACTIONS),
    ("Provider adjustments", "Action", _ACTIONS),
    ("Deposits", "State", _STATES),
)
"""Columns whose words have a colour."""


@dataclass(frozen=True, kw_only=True)
class PostingBook:
    """What goes into the workbook. `lines` is gone through once, in the order in which it is written.

    `payments` are those alone that balance and whose money was found. `means` puts a CARC into words.
    """

    day: date
    zone: ZoneInfo
    payments: Sequence[PaymentRow] = ()
    lines: Iterable[PostingLine] = ()
    provider_adjustments: Iterable[ProviderAdjustmentRow] = ()
    denials: Iterable[DenialWork] = ()
    deposits: Iterable[DepositRow] = ()
    exceptions: Iterable[ExceptionRow] = ()
    standings: Sequence[PayerStanding] = ()
    batches: Sequence[Batch] = ()
    ledger: LedgerTotals = field(default_factory=LedgerTotals)
    means: Callable[[str], str] = str


def write_posting(path: Path, book: PostingBook) -> Path:
    """Write the workbook; returns where it went, which differs from `path` when that is open elsewhere.

    The same input gives the same bytes, and a file that holds them already is left alone. Raises `SheetFull`.
    """
    return save_atomically(path, partial(_save, book))


def _save(book: PostingBook, path: Path) -> None:
    made = Workbook()
    made.properties.title = f"Posting {book.day}"
    made.properties.creator = "payerbots"
    made.properties.created = datetime(book.day.year, book.day.month, book.day.day)  # noqa: DTZ001 - openpyxl wants UTC without its zone
    made.calculation.fullCalcOnLoad = True
    summary = made.worksheets[0]
    summary.title = "Summary"
    with ExitStack() as stack:
        tables = {
            name: stack.enter_context(closing(Table(made.create_sheet(name), shown)))
            for name, (shown, *_) in _SHEETS.items()
        }
        _fill(book, tables)
        _finish(tables)
        for name, table in tables.items():
            _, moving, printed = _SHEETS[name]
            frame(table, f"{name} {book.day:%m/%d/%Y}", moving=moving, printed=printed)
        figures = Figures({name: (table.columns, table.last) for name, table in tables.items()})
        write_summary_sheet(summary, _summary(book), figures)
        save(made, tables.values(), path)


def _summary(book: PostingBook) -> Summary:
    payers = {row.payer for row in book.payments} | {row.payer for row in book.standings}
    return Summary(
        day=book.day,
        payers=sorted(payers, key=str.casefold),
        standings=book.standings,
        batches=book.batches,
        ledger=book.ledger,
    )


def _fill(book: PostingBook, tables: dict[str, Table]) -> None:
    for line in book.lines:
        tables["Lines"].append(_values(line)[: len(columns.LINES)])
        for adjustment in adjustments_of(line, book.means):
            tables["Adjustments"].append(_values(adjustment))
    rows: dict[str, Iterable[Record]] = {
        "Payments": book.payments,
        "Provider adjustments": book.provider_adjustments,
        # The sum of a lockbox batch is no money beside its checks: it would count twice.
        "Deposits": (row for row in book.deposits if row.state != "unconcerned"),
    }
    for name, records in rows.items():
        for record in records:
            tables[name].append(_values(record))
    for denial in book.denials:
        tables["Denials"].append(columns.values_of_denial(denial))
    for row in sorted(book.exceptions, key=urgency):
        tables["Exceptions"].append(values_of(row, book.zone))


def _values(record: Record) -> tuple[Value, ...]:
    return msgspec.structs.astuple(record)


def _finish(tables: dict[str, Table]) -> None:
    for name, header, words in _COLOURED:
        letter, last = letter_of(_SHEETS[name][0], header), max(tables[name].last, FIRST)
        colour_words(tables[name].sheet, f"{letter}{FIRST}:{letter}{last}", words)
