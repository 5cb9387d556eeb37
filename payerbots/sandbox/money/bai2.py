"""Writes a bank's previous-day report (BAI2): one account, its balances, its movements, control totals."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date


ZERO = Decimal("0.00")
BANK, CUSTOMER = "041215537", "LAKESIDEHM"
FIRST_DEBIT = 400
ROOM = 78
"""Columns of a record that text may fill."""


@dataclass(frozen=True, kw_only=True)
class Entry:
    """A movement of the account; `type` is BAI2's code, which says whether it is a credit. The amount is positive."""

    type: str
    amount: Decimal
    reference: str
    customer: str = ""
    text: tuple[str, ...] = ()

    @property
    def is_credit(self) -> bool:
        """Whether money came in."""
        return int(self.type) < FIRST_DEBIT


def write(account: str, day: date, opening: Decimal, entries: Sequence[Entry], number: int) -> bytes:
    """The report about one day, made on the evening of it."""
    closing = opening + sum(one.amount if one.is_credit else -one.amount for one in entries)
    body = [_account(account, opening, closing, entries)]
    for entry in entries:
        body += _movement(entry)
    sums = [opening, closing, *(_total(entries, credit=credit)[0] for credit in (True, False))]
    control = sum(map(_cents, sums)) + sum(_cents(one.amount) for one in entries)
    rows = [
        f"01,{BANK},{CUSTOMER},{day:%y%m%d},1730,{number},,,2/",
        f"02,{CUSTOMER},{BANK},1,{day:%y%m%d},2400,USD,2/",
        *body,
        f"49,{control},{len(body) + 1}/",
        f"98,{control},1,{len(body) + 3}/",
        f"99,{control},1,{len(body) + 5}/",
    ]
    return "".join(f"{row}\n" for row in rows).encode("ascii")


def _account(account: str, opening: Decimal, closing: Decimal, entries: Sequence[Entry]) -> str:
    parts = [f"010,{_cents(opening)},,", f"015,{_cents(closing)},,"]
    for code, credit in (("100", True), ("400", False)):
        amount, count = _total(entries, credit=credit)
        parts.append(f"{code},{_cents(amount)},{count},")
    return f"03,{account},USD,{','.join(parts)}/"


def _total(entries: Sequence[Entry], *, credit: bool) -> tuple[Decimal, int]:
    some = [one.amount for one in entries if one.is_credit is credit]
    return sum(some, start=ZERO), len(some)


def _movement(entry: Entry) -> list[str]:
    head = f"16,{entry.type},{_cents(entry.amount)},Z,{entry.reference},{entry.customer},"
    first, *more = [piece for line in entry.text for piece in _pieces(line)] or [""]
    return [head + first if first else f"{head}/", *(f"88,{line}" for line in more)]


def _pieces(line: str) -> list[str]:
    """The line in pieces that records have room for, broken between words."""
    rows = [""]
    for word in line.split():
        longer = f"{rows[-1]} {word}".strip()
        rows = [*rows[:-1], longer] if len(longer) <= ROOM else [*rows, word]
    return rows


def _cents(amount: Decimal) -> int:
    return int(amount * 100)
