"""A bank's file as deposits: the checks of a lockbox file, the credits and returned items of an account report.

No deposit comes of a file whose totals do not hold.
"""

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from io import BytesIO
from pathlib import Path

from payerbots.documents.bai.bai2 import read_bai2
from payerbots.documents.bai.bank_texts import bank_texts
from payerbots.documents.bai.fitting import fitting
from payerbots.documents.bai.layout import layouts
from payerbots.documents.bai.lockbox import read_lockbox
from payerbots.documents.errors import FetchAgain
from payerbots.documents.kinds import HEAD, Kind, kind_of
from payerbots.documents.read import LINES_TO_FIT
from payerbots.documents.remittance_file import Unread
from payerbots.domain.bank import Account, Bai2File, BankTransaction, Batch, Group, LockboxFile
from payerbots.domain.companies import company
from payerbots.domain.facts import DepositFact, DepositKind
from payerbots.reasons import Reason

_ZERO = Decimal(0)
_LAST_DIGITS = 4
_KINDS = {"lockbox": Kind.LOCKBOX, "bai2": Kind.BAI2, "images": Kind.PDF}


@dataclass(frozen=True, kw_only=True)
class Source:
    """Where the file comes from: the bank, the file's SHA-256, the office's day, payers that it knows by name."""

    portal: str
    sha256: str
    received: dt.date
    known: Sequence[str] = ()
    layout_folders: Sequence[Path] = ()


def must_be(kind: str, content: bytes) -> None:
    """`FetchAgain` when the content is not of the kind that a bank lists it as: lockbox, bai2 or images."""
    if kind_of(content[:HEAD]) is not _KINDS[kind]:
        raise FetchAgain(f"another kind of file in place of the {kind} file")


def deposits(kind: str, content: bytes, source: Source) -> Iterator[DepositFact | Unread]:
    """The deposits of a lockbox file or account report, or why there are none. `DocumentError`: fetch it again."""
    if kind == "bai2":
        yield from _of_report(read_bai2(BytesIO(content)), source)
        return
    stream = BytesIO(content)
    lines = [line for _, line in zip(range(LINES_TO_FIT), stream, strict=False)]
    stream.seek(0)
    layout = fitting(lines, layouts(*source.layout_folders))
    yield from _of_lockbox(read_lockbox(stream, layout), source)


# -- the account report ----------------------------------------------------------------------------------------


def _of_report(read: Bai2File, source: Source) -> Iterator[DepositFact | Unread]:
    if not read.balance.ok:
        yield _disagrees("report", "its control totals do not hold", None)
        return
    for group in read.groups:
        for account in group.accounts:
            for movement in account.transactions:
                kind = bank_texts().kind(movement)
                if kind is not None and movement.amount:
                    yield _movement(movement, kind, (group, account), source)


def _movement(
    movement: BankTransaction, kind: DepositKind, of: tuple[Group, Account], source: Source
) -> DepositFact:
    group, account = of
    said = bank_texts().said(movement.text)
    amount = movement.amount or _ZERO
    lockbox = "/".join(part for part in (said.get("lockbox"), said.get("batch")) if part)
    return DepositFact(
        portal=source.portal,
        account=account.number[-_LAST_DIGITS:],
        day=group.as_of_date or source.received,
        kind=kind,
        amount=-amount if kind is DepositKind.RETURNED else amount,
        reference=movement.bank_reference or f"line {movement.line}",
        payer=said.get("payer", ""),
        payer_id=said.get("payer_id", ""),
        trace=said.get("trace", ""),
        check_number=said.get("check_number", ""),
        batch=lockbox,
        file=source.sha256,
        received=source.received,
    )


# -- the lockbox file ------------------------------------------------------------------------------------------


def _of_lockbox(read: LockboxFile, source: Source) -> Iterator[DepositFact | Unread]:
    if not read.balance.ok:
        yield from _wrong(read)
        return
    for box in read.lockboxes:
        for batch in box.batches:
            day = batch.deposit_date or box.deposit_date or read.date or source.received
            yield from _checks(batch, box.number, day, source)


def _checks(batch: Batch, lockbox: str, day: dt.date, source: Source) -> Iterator[DepositFact]:
    for place, check in enumerate(batch.checks, 1):
        yield DepositFact(
            portal=source.portal,
            account="",
            day=day,
            kind=DepositKind.CHECK,
            amount=check.amount or _ZERO,
            reference=f"{lockbox}/{batch.number}/{check.item or place}",
            payer=company(check.remitter, source.known),
            check_number=check.check_number.lstrip("0"),
            batch=batch.number,
            file=source.sha256,
            received=source.received,
        )


def _wrong(read: LockboxFile) -> Iterator[Unread]:
    """Each batch that disagrees with itself; when none does, the file as a whole."""
    found = [_batch(batch) for box in read.lockboxes for batch in box.batches if _differs(batch)]
    yield from found or [_disagrees("file", "its own totals do not hold", read.total)]


def _differs(batch: Batch) -> bool:
    return batch.total != _sum(batch) or batch.count not in {None, len(batch.checks)}


def _batch(batch: Batch) -> Unread:
    what = f"{len(batch.checks)} checks come to ${_sum(batch):,.2f}, the bank's own total is "
    what += "missing" if batch.total is None else f"${batch.total:,.2f}"
    return _disagrees(f"batch {batch.number}", what, batch.total)


def _sum(batch: Batch) -> Decimal:
    return sum((each.amount or _ZERO for each in batch.checks), _ZERO)


def _disagrees(where: str, what: str, dollars: Decimal | None) -> Unread:
    return Unread(reason=Reason.LOCKBOX_TOTALS, where=where, what=what, dollars=dollars)


def split(found: Iterable[DepositFact | Unread]) -> tuple[list[DepositFact], list[Unread]]:
    """The deposits, and what could not be used."""
    told = list(found)
    return (
        [each for each in told if isinstance(each, DepositFact)],
        [each for each in told if isinstance(each, Unread)],
    )
