"""Writes a bank's lockbox file in the form that BAI described: 80 columns, records 1 2 5 6 4 7 8 9."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date
    from decimal import Decimal

WIDTH = 80
DESTINATION, ORIGIN = "LAKESIDEHM", "041215537"


@dataclass(frozen=True, kw_only=True)
class Slip:
    """One check as the bank keyed it, with the invoices that were written on it."""

    item: int
    amount: Decimal
    number: str
    remitter: str
    routing: str
    account: str
    invoices: tuple[tuple[str, Decimal], ...] = ()


@dataclass(frozen=True, kw_only=True)
class Sheaf:
    """The checks of one batch; `total` is the bank's own sum."""

    number: str
    slips: tuple[Slip, ...]
    total: Decimal


def write(lockbox: str, day: date, batches: Sequence[Sheaf], time: str = "1545") -> bytes:
    """The file of one lockbox and day."""
    records = [
        _record({1: "1", 2: "00", 4: f"{DESTINATION:10}", 14: f"{ORIGIN:10}", 24: _day(day), 30: time}),
        _record({1: "2", 2: f"{DESTINATION:10}", 12: f"{ORIGIN:10}"}),
        _record(
            {
                1: "5",
                2: "000",
                5: "000",
                8: lockbox,
                15: _day(day),
                21: f"{DESTINATION:10}",
                31: f"{ORIGIN:10}",
            }
        ),
    ]
    for batch in batches:
        records += _batch(lockbox, day, batch)
    count = sum(len(batch.slips) for batch in batches)
    total = sum(_cents(batch.total) for batch in batches)
    records.append(
        _record(
            {1: "8", 2: "999", 5: "999", 8: lockbox, 15: _day(day), 21: f"{count:04d}", 25: f"{total:010d}"}
        )
    )
    records.append(_record({1: "9", 2: f"{len(records) + 1:06d}"}))
    return "".join(f"{record}\n" for record in records).encode("ascii")


def _batch(lockbox: str, day: date, batch: Sheaf) -> list[str]:
    records: list[str] = []
    for slip in batch.slips:
        records += [_check(batch.number, slip), *_invoices(batch.number, slip)]
    count, total = f"{len(batch.slips):03d}", f"{_cents(batch.total):010d}"
    places = {1: "7", 2: batch.number, 5: "000", 8: lockbox, 15: _day(day), 21: count, 24: total}
    return [*records, _record(places)]


def _check(batch: str, slip: Slip) -> str:
    return _record(
        {
            1: "6",
            2: batch,
            5: f"{slip.item:03d}",
            8: f"{_cents(slip.amount):010d}",
            18: slip.routing,
            27: f"{slip.account:>10}",
            37: f"{slip.number:0>10}",
            47: f"{slip.remitter[:30]:30}",
        }
    )


def _invoices(batch: str, slip: Slip) -> list[str]:
    last = len(slip.invoices)
    return [
        _record(
            {
                1: "4",
                2: batch,
                5: f"{slip.item:03d}",
                8: "6",
                9: f"{place:02d}",
                11: "9" if place == last else "0",
                12: f"{number:15}",
                27: f"{_cents(amount):010d}",
            }
        )
        for place, (number, amount) in enumerate(slip.invoices, 1)
    ]


def _record(fields: Mapping[int, str]) -> str:
    """A record from its fields by their first columns, counted from 1."""
    row = [" "] * WIDTH
    for column, text in fields.items():
        row[column - 1 : column - 1 + len(text)] = text
    return "".join(row)


def _day(day: date) -> str:
    return f"{day:%y%m%d}"


def _cents(amount: Decimal) -> int:
    return int(amount * 100)
