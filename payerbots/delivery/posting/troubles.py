"""What of the files needs a person: parts that cannot be used, and files that have not come yet."""

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property

from payerbots.delivery.posting.asks import MoneyAnswer, PaymentKey, RemittanceAsk, Unusable
from payerbots.delivery.posting.view import BANK, REMITTANCES, MoneyView
from payerbots.engine import codec
from payerbots.ledger.models import ItemState
from payerbots.ledger.records import Row
from payerbots.portals.capabilities import BankFile, ListedRemittance
from payerbots.reasons import Reason

OPEN = (ItemState.EXCEPTION, ItemState.PARKED)
"""States of items that are looked at."""
_PENDING = (ItemState.WAITING, ItemState.NEW)


@dataclass(frozen=True, kw_only=True)
class Trouble:
    """An item, or a part of its file, that a person has to look at."""

    item: int
    reason: Reason
    portal: str
    file: str
    first_seen: dt.datetime
    attempts: int
    dollars: Decimal | None = None
    detail: str = ""


@dataclass(frozen=True, kw_only=True)
class Promised:
    """A remittance that a portal lists and has no file of yet; it is fetched from `until` on."""

    item: int
    portal: str
    listed: ListedRemittance
    until: dt.datetime | None


@dataclass(frozen=True)
class Troubles:
    """Drawn from the items of both money bots, whichever run they belong to."""

    view: MoneyView

    def promised(self) -> Iterator[Promised]:
        """What is listed and has not come yet."""
        for row in self.view.facts.items(REMITTANCES, _PENDING):
            ask = codec.unpack(RemittanceAsk, row.request)
            if ask.listed is not None and row.not_before is not None:
                yield Promised(item=row.item, portal=row.portal, listed=ask.listed, until=row.not_before)

    def all(self) -> Iterator[Trouble]:
        """Every trouble that has not been superseded: by the same payment from another file, or a newer file."""
        for row in self.view.facts.items(REMITTANCES, OPEN):
            yield from self._of_remittance(row)
        for row in self._bank_files:
            if row.state in OPEN and not self._is_superseded(row):
                yield from self._of_bank_file(row)

    @cached_property
    def _bank_files(self) -> Sequence[Row]:
        return self.view.facts.items(BANK, (*OPEN, ItemState.DONE))

    def _of_remittance(self, row: Row) -> Iterator[Trouble]:
        ask = codec.unpack(RemittanceAsk, row.request)
        file = ask.listed.number if ask.listed else ask.path.replace("\\", "/").rpartition("/")[2]
        for trouble, unusable in _parts(row, file, ask.listed.amount if ask.listed else None):
            if not (unusable and unusable.payments and all(map(self._has_come, unusable.payments))):
                yield trouble

    def _of_bank_file(self, row: Row) -> Iterator[Trouble]:
        asked = codec.unpack(BankFile, row.request)
        return (trouble for trouble, _ in _parts(row, asked.name, None))

    def _is_superseded(self, row: Row) -> bool:
        """Whether the bank has put another file in its place, and that one was read."""
        asked = codec.unpack(BankFile, row.request)
        return any(
            other.state == ItemState.DONE and other.portal == row.portal and _replaces(other, asked)
            for other in self._bank_files
        )

    def _has_come(self, key: PaymentKey) -> bool:
        return (key.payer_id, key.trace, key.date, key.amount) in self._known

    @cached_property
    def _known(self) -> frozenset[tuple[object, ...]]:
        since = self.view.context.day - dt.timedelta(days=60)
        return frozenset(
            (each.payer_id, each.trace, each.date, each.amount)
            for each in self.view.facts.payments(since=since)
        )


def _replaces(row: Row, asked: BankFile) -> bool:
    other = codec.unpack(BankFile, row.request)
    same = (other.day, other.kind, other.name, other.batch) == (
        asked.day,
        asked.kind,
        asked.name,
        asked.batch,
    )
    return same and other.posted > asked.posted


def _parts(row: Row, file: str, dollars: Decimal | None) -> Iterator[tuple[Trouble, Unusable | None]]:
    answer = codec.unpack(MoneyAnswer, row.result) if row.result else None
    if answer is None or not answer.unusable:
        yield _trouble(row, file, Reason(row.reason), dollars, row.note), None
        return
    for each in answer.unusable:
        yield _trouble(row, file, each.reason, each.dollars, f"{each.where}: {each.what}"), each


def _trouble(row: Row, file: str, reason: Reason, dollars: Decimal | None, detail: str) -> Trouble:
    return Trouble(
        item=row.item,
        reason=reason,
        portal=row.portal,
        file=file,
        first_seen=row.created_at,
        attempts=row.attempts,
        dollars=dollars,
        detail=detail,
    )
