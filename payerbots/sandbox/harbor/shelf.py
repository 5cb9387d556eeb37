"""What the bank has to show: files and account movements by bank day. Whoever runs the bank fills the shelf."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from functools import cached_property
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date, datetime


class Kind(StrEnum):
    """What a file holds."""

    LOCKBOX = "lockbox"
    """The day's lockbox file (BAI)."""
    BAI2 = "bai2"
    """The previous-day report of the account (BAI2)."""
    IMAGES = "images"
    """Checks and the papers that came with them, one PDF a batch."""


@dataclass(frozen=True, kw_only=True)
class Version:
    """A file as it was posted. `content` may be made when it is first wanted."""

    posted_at: datetime
    content: bytes | Callable[[], bytes] = field(repr=False)

    @cached_property
    def data(self) -> bytes:
        """The bytes."""
        return self.content if isinstance(self.content, bytes) else self.content()


@dataclass(frozen=True, kw_only=True)
class File:
    """A file of a bank day. Later `versions` replace earlier ones under the same name from `posted_at` on."""

    name: str
    kind: Kind
    batch: str | None = None
    """The batch whose images they are."""
    versions: tuple[Version, ...]

    def at(self, now: datetime) -> Version | None:
        """The version to be seen at a time; None before the first is posted."""
        return max(self._posted(now), key=lambda one: one.posted_at, default=None)

    def is_replaced(self, now: datetime) -> bool:
        """Whether the version to be seen at a time replaced an earlier one."""
        return len(self._posted(now)) > 1

    def _posted(self, now: datetime) -> list[Version]:
        return [one for one in self.versions if one.posted_at <= now]


@dataclass(frozen=True, kw_only=True)
class Batch:
    """Checks that the lockbox deposited together."""

    number: str
    items: int
    amount: Decimal


@dataclass(frozen=True, kw_only=True)
class Movement:
    """A line of the account statement. Credits are positive; a returned item is negative."""

    type: str
    """As the statement names it: ACH CREDIT, INCOMING WIRE, LOCKBOX DEPOSIT, RETURNED ITEM ..."""
    description: str
    reference: str
    amount: Decimal
    details: tuple[str, ...] = ()
    """Addenda and other lines below the description."""


@dataclass(frozen=True, kw_only=True)
class Day:
    """A bank day. Deposits are shown from the day on, movements from the day after."""

    date: date
    files: tuple[File, ...] = ()
    batches: tuple[Batch, ...] = ()
    movements: tuple[Movement, ...] = ()
    opening: Decimal = Decimal(0)
    """The ledger balance at the beginning of the day."""

    @property
    def closing(self) -> Decimal:
        """The ledger balance at the end of the day."""
        return sum((one.amount for one in self.movements), self.opening)


@dataclass(frozen=True, kw_only=True)
class Shelf:
    """All that the bank has for its customer: one account with one lockbox."""

    account: str
    """The account number; pages show its last four digits."""
    lockbox: str
    days: tuple[Day, ...] = ()

    def day(self, date: date) -> Day:
        """The bank day of a date; an empty one when nothing happened."""
        return next((one for one in self.days if one.date == date), Day(date=date))
