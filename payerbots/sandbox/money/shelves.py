"""What each practice site has on its shelf: Summit's notices, Cascade's EOBs, Harbor Bank's days.

The records have the fields of the sites' own shelves, so that whoever starts a site hands them over one by one.
Contents are functions that make the bytes when they are first wanted. Times are aware UTC.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, time
from functools import lru_cache, partial
from typing import TYPE_CHECKING

from payerbots.sandbox.money import files, images
from payerbots.sandbox.money.paper_eob import eob
from payerbots.sandbox.money.records import Form, Road
from payerbots.sandbox.money.world import LOCKBOX, bank_days, images_name, lockbox_name

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date
    from decimal import Decimal

    from payerbots.sandbox.money.bai2 import Entry
    from payerbots.sandbox.money.records import Batch, Money, Paper, Payment

    Content = Callable[[], bytes]

REPORTED = time(21, 30)
STATEMENT = {
    "165": "ACH CREDIT",
    "195": "INCOMING WIRE",
    "115": "LOCKBOX DEPOSIT",
    "555": "RETURNED ITEM",
    "475": "CHECK PAID",
}


@dataclass(frozen=True, kw_only=True)
class RemittanceNotice:
    """A row of Summit's list. It is listed from `posted_at` on and can be fetched from `available_from` on."""

    document: str
    posted_at: datetime
    available_from: datetime
    payer: str
    npi: str
    trace: str
    method: str
    paid_on: date
    amount: Decimal
    claims: int
    replaces: str = ""
    rows: int = 1
    """How many times it stands in the list."""
    x12: Content | None = field(default=None, repr=False, compare=False)
    eob: Content | None = field(default=None, repr=False, compare=False)


def summit(money: Money) -> tuple[RemittanceNotice, ...]:
    """Everything that Summit's portal has, the older ones included; the latest first."""
    papers = [paper for paper in (*money.papers, *money.history) if paper.road is Road.SUMMIT]
    return tuple(
        _notice(paper) for paper in sorted(papers, key=lambda one: (one.posted_at, one.name), reverse=True)
    )


def _notice(paper: Paper) -> RemittanceNotice:
    payment = paper.payments[0]
    check = payment.check
    return RemittanceNotice(
        document=paper.name,
        posted_at=paper.posted_at,
        available_from=paper.available_from,
        payer=payment.payer.name,
        npi=check.npi,
        trace=check.number,
        method=check.method,
        paid_on=check.date,
        amount=check.amount,
        claims=len(check.claims),
        replaces=paper.replaces,
        rows=1 + paper.listed_twice,
        x12=_once(partial(files.x12, paper)) if paper.form is Form.X12 else None,
        eob=_once(partial(eob, payment)) if paper.also_eob else None,
    )


@dataclass(frozen=True, kw_only=True)
class EobNotice:
    """A row of Cascade's list; the fields are those of its shelf. `method` is ACH, CHK, NON or CARD."""

    number: str
    trace: str
    method: str
    paid_on: date
    amount: Decimal
    claims: int
    posted_at: datetime
    available_from: datetime | None
    content: Content = field(repr=False, compare=False)


def cascade(money: Money) -> tuple[EobNotice, ...]:
    """Everything that Cascade's portal has."""
    return tuple(
        _eob_notice(paper, paper.payments[0]) for paper in money.papers if paper.road is Road.CASCADE
    )


def _eob_notice(paper: Paper, payment: Payment) -> EobNotice:
    check = payment.check
    return EobNotice(
        number=paper.name,
        trace="" if check.method == "NON" else check.number,
        method=check.method,
        paid_on=check.date,
        amount=check.amount,
        claims=len(check.claims),
        posted_at=paper.posted_at,
        available_from=paper.available_from if paper.available_from > paper.posted_at else None,
        content=_once(partial(eob, payment)),
    )


@dataclass(frozen=True, kw_only=True)
class BankVersion:
    """A file as the bank posted it."""

    posted_at: datetime
    content: Content = field(repr=False, compare=False)


@dataclass(frozen=True, kw_only=True)
class BankFile:
    """A file of a bank day: `kind` is lockbox, bai2 or images. A later version replaces the one before."""

    name: str
    kind: str
    batch: str | None = None
    versions: tuple[BankVersion, ...]


@dataclass(frozen=True, kw_only=True)
class BankBatch:
    """A batch as the bank lists it."""

    number: str
    items: int
    amount: Decimal


@dataclass(frozen=True, kw_only=True)
class Movement:
    """A line of the account's statement; a debit is negative."""

    type: str
    description: str
    reference: str
    amount: Decimal
    details: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class BankDay:
    """A bank day with its files, batches and movements."""

    date: date
    files: tuple[BankFile, ...]
    batches: tuple[BankBatch, ...]
    movements: tuple[Movement, ...]
    opening: Decimal


@dataclass(frozen=True, kw_only=True)
class BankShelf:
    """The account and the lockbox at Harbor Bank."""

    account: str
    lockbox: str
    days: tuple[BankDay, ...]


def harbor(money: Money) -> BankShelf:
    """Everything that Harbor Bank has, day by day."""
    days = tuple(_day(money, day) for day in bank_days(money))
    return BankShelf(account=files.ACCOUNT, lockbox=LOCKBOX, days=days)


def _day(money: Money, day: date) -> BankDay:
    batches = [batch for batch in money.batches if batch.day == day]
    return BankDay(
        date=day,
        files=(
            *([_lockbox(money, day, batches)] if batches else []),
            _report(money, day),
            *(_images(money, batch) for batch in batches),
        ),
        batches=tuple(
            BankBatch(number=one.number, items=len(one.checks), amount=one.total) for one in batches
        ),
        movements=tuple(_movement(entry) for entry in files.entries(money, day)),
        opening=files.opening(money, day),
    )


def _lockbox(money: Money, day: date, batches: list[Batch]) -> BankFile:
    corrected = [one.corrected_at for one in batches if one.corrected_at]
    first = partial(files.lockbox, money, day, first=True)
    versions = [BankVersion(posted_at=batches[0].posted_at, content=_once(first))]
    if corrected:
        right = partial(files.lockbox, money, day)
        versions.append(BankVersion(posted_at=max(corrected), content=_once(right)))
    return BankFile(name=lockbox_name(day), kind="lockbox", versions=tuple(versions))


def _report(money: Money, day: date) -> BankFile:
    posted = datetime.combine(day, REPORTED, tzinfo=UTC)
    version = BankVersion(posted_at=posted, content=_once(partial(files.report, money, day)))
    return BankFile(name=f"PDR_{files.ACCOUNT[-4:]}_{day:%Y%m%d}.bai", kind="bai2", versions=(version,))


def _images(money: Money, batch: Batch) -> BankFile:
    version = BankVersion(posted_at=batch.images_from, content=_once(partial(images.draw, money, batch)))
    return BankFile(name=images_name(batch), kind="images", batch=batch.number, versions=(version,))


def _movement(entry: Entry) -> Movement:
    first, *more = entry.text or (STATEMENT[entry.type],)
    return Movement(
        type=STATEMENT[entry.type],
        description=first,
        reference=entry.reference,
        amount=entry.amount if entry.is_credit else -entry.amount,
        details=tuple(more),
    )


def _once(make: Content) -> Content:
    """The function, which makes its bytes only once."""
    return lru_cache(maxsize=1)(make)
