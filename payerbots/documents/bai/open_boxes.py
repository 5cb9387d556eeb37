"""The parts of a lockbox file that have begun and not ended, with the sums so far."""

import datetime as dt
from dataclasses import dataclass, field

import msgspec

from payerbots.documents.bai.findings import scaled
from payerbots.domain.bank import Batch, Invoice, Lockbox, LockboxCheck


@dataclass(slots=True)
class OpenCheck:
    """A check and the overflow records that came for it.

    `sequence` is that of the last one, `ended` whether that was marked as the last; None before the first.
    """

    record: LockboxCheck
    units: int | None
    invoices: list[tuple[Invoice, int | None]]
    sequence: int = 0
    ended: bool | None = None

    @property
    def invoiced(self) -> int | None:
        """The sum of the invoices; None when there are none, or when one has no amount."""
        amounts = [units for _, units in self.invoices]
        known = [units for units in amounts if units is not None]
        return sum(known) if known and len(known) == len(amounts) else None

    def closed(self) -> LockboxCheck:
        """The check with all its invoices."""
        return msgspec.structs.replace(self.record, invoices=tuple(invoice for invoice, _ in self.invoices))


@dataclass(slots=True)
class OpenBatch:
    """A batch; `place` is its place in the lockbox, from 1."""

    number: str
    place: int
    date: dt.date | None = None
    checks: list[OpenCheck] = field(default_factory=list)

    @property
    def units(self) -> int:
        """The sum of its checks, those without a readable amount left out."""
        return sum(check.units or 0 for check in self.checks)

    @property
    def shown(self) -> str:
        """What problems call it: by its number only where that is one, as anything may stand there."""
        return self.number if self.number.isascii() and self.number.isdigit() else f"at place {self.place}"

    def closed(self, decimals: int, count: int | None, total: int | None) -> Batch:
        """The batch as its trailer left it."""
        return Batch(
            number=self.number,
            deposit_date=self.date,
            checks=tuple(check.closed() for check in self.checks),
            count=count,
            total=None if total is None else scaled(total, decimals),
        )


@dataclass(slots=True)
class OpenBox:
    """A lockbox; `units` and `count` sum its checks, `place` is its place in the file, from 1."""

    header: Lockbox
    place: int
    units: int = 0
    count: int = 0
    batches: list[Batch] = field(default_factory=list)

    @property
    def number(self) -> str:
        """Empty until a record names it."""
        return self.header.number

    def named(self, number: str) -> bool:
        """Takes the number that a record names; False when it is another one's."""
        if not self.number:
            self.header = msgspec.structs.replace(self.header, number=number)
        return not number or number == self.number

    def add(self, batch: OpenBatch, closed: Batch) -> None:
        """Takes a batch that has ended."""
        self.batches.append(closed)
        self.units += batch.units
        self.count += len(batch.checks)

    def closed(self, decimals: int, count: int | None, total: int | None) -> Lockbox:
        """The lockbox as its trailer left it."""
        amount = None if total is None else scaled(total, decimals)
        return msgspec.structs.replace(self.header, batches=tuple(self.batches), count=count, total=amount)
