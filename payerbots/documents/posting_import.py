"""`posting-import-YYYY-MM-DD.csv`: the lines as a billing system takes them, with the control totals of each batch."""

import csv
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import partial
from pathlib import Path

from payerbots.documents.errors import DocumentError
from payerbots.documents.posting_map import ColumnMap, PostingMap
from payerbots.documents.workbook.atomic import save_atomically
from payerbots.domain.posting import Batch, PostingLine
from payerbots.domain.posting_rows import Tally

_ZERO, _CENT = Decimal(0), Decimal("0.01")
_UNITS_FIELDS = frozenset({"units_billed", "units_paid"})
_FORMULA_LIKE = ("=", "+", "-", "@", "\t", "\r", "\n")
Cell = Callable[[object], str]


class BatchDisagrees(DocumentError):
    """The lines of a batch do not come to what was deposited: nothing was written, a file that was there stays."""


@dataclass(frozen=True, kw_only=True)
class Imported:
    """Where the file went, and how many lines it has."""

    path: Path
    rows: int


def write_import(
    path: Path, lines: Iterable[PostingLine], batches: Sequence[Batch], layout: PostingMap
) -> Imported:
    """Write the file; the path differs from `path` when that is open elsewhere.

    Text that a spreadsheet would take for a formula gets an apostrophe before it. Raises `BatchDisagrees` when the
    lines of a batch, less its provider adjustments, are not what was deposited, or when a batch is not known.
    """
    tallies: dict[str, Tally] = defaultdict(Tally)
    written = save_atomically(path, partial(_save, lines, batches, layout, tallies))
    return Imported(path=written, rows=sum(tally.rows for tally in tallies.values()))


def _save(
    lines: Iterable[PostingLine],
    batches: Sequence[Batch],
    layout: PostingMap,
    tallies: dict[str, Tally],
    path: Path,
) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        out = csv.writer(file, delimiter=layout.delimiter, lineterminator="\r\n")
        out.writerow(column.header for column in layout.columns.values())
        cells = [(field, _cell(field, column, layout)) for field, column in layout.columns.items()]
        for line in lines:
            out.writerow([cell(getattr(line, field)) for field, cell in cells])
            tallies[line.batch].add(line)
        _prove(batches, tallies)
        out.writerows(_trailer(batches, tallies, layout))


def _cell(field: str, column: ColumnMap, layout: PostingMap) -> Cell:
    dates, amounts = column.dates or layout.dates, column.amounts or layout.amounts
    money = _UNITS if field in _UNITS_FIELDS else _MONEY[amounts]
    return lambda value: _said(value, dates, money)


def _said(value: object, dates: str, money: Callable[[Decimal], str]) -> str:
    if value is None or value == "":
        return ""
    if isinstance(value, str):
        return f"'{value}" if value.startswith(_FORMULA_LIKE) else value
    if isinstance(value, Decimal):
        return money(value)
    if isinstance(value, date):
        return value.strftime(dates)
    return ("yes" if value else "no") if isinstance(value, bool) else str(value)


def _dollars(amount: Decimal) -> str:
    """At least two decimals; a third one, where somebody has sent it, is not rounded away."""
    return f"{max(amount, amount.quantize(_CENT), key=_decimals):f}"


def _cents(amount: Decimal) -> str:
    return f"{(amount * 100).normalize():f}"


def _decimals(amount: Decimal) -> int:
    return -int(amount.as_tuple().exponent)


_UNITS = "{:f}".format
_MONEY: Mapping[str, Callable[[Decimal], str]] = {"dollars": _dollars, "cents": _cents}


def _prove(batches: Sequence[Batch], tallies: Mapping[str, Tally]) -> None:
    known = {batch.batch: batch for batch in batches}
    for name in sorted({*known, *tallies}):
        tally, batch = tallies.get(name, Tally()), known.get(name)
        if batch is None:
            raise BatchDisagrees(f"batch {name}: {tally.rows} lines, and no deposit is known for it")
        comes_to = tally.paid - batch.provider_adjustments
        if comes_to != batch.deposited:
            raise BatchDisagrees(
                f"batch {name}: its lines and provider adjustments come to {comes_to}, deposited were {batch.deposited}"
            )


def _trailer(
    batches: Sequence[Batch], tallies: Mapping[str, Tally], layout: PostingMap
) -> Iterator[list[str]]:
    if layout.trailer is None:
        return
    said = partial(_said, dates=layout.dates, money=_MONEY[layout.amounts])
    for name, held in [*((batch.batch, [batch]) for batch in batches), ("total", [*batches])]:
        of_batch = [tallies.get(batch.batch, Tally()) for batch in held]
        paid = sum((tally.paid for tally in of_batch), _ZERO)
        adjusted = sum((batch.provider_adjustments for batch in held), _ZERO)
        totals: dict[str, object] = {
            "batch": name,
            "rows": sum(tally.rows for tally in of_batch),
            "charge": sum((tally.charge for tally in of_batch), _ZERO),
            "paid": paid,
            "provider_adjustments": adjusted,
            "comes_to": paid - adjusted,
            "deposited": sum((batch.deposited for batch in held), _ZERO),
        }
        row = [layout.trailer.mark, *(said(totals[column]) for column in layout.trailer.columns)]
        yield row + [""] * (len(layout.columns) - len(row))
