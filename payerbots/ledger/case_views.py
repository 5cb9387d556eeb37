"""Exceptions as they are open now: items, payments, deposits and concerns that need a person."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time
from decimal import Decimal
from typing import Any

from django.core.exceptions import ObjectDoesNotExist
from django.db.models import QuerySet

from payerbots.domain.review import About, Kind
from payerbots.ledger import cases, views
from payerbots.ledger.cases import Past
from payerbots.ledger.models import (
    NEVER,
    Case,
    Concern,
    DecidedState,
    Deposit,
    Item,
    ItemKind,
    MoneyState,
    Payment,
)
from payerbots.ledger.records import Ledger, Row
from payerbots.ledger.subjects import ENDED_BADLY, mark_of

_CHUNK = 500


@dataclass(frozen=True, kw_only=True)
class OpenCase:
    """An exception. `mark` says how it stands and `seen` how many decisions there are: what its reader has seen.

    `failures` counts the revisions of an item that ended for this reason, this one too. `row` is an item's, with what
    was asked and answered; `facts` are what is known of others, by the names that `ledger.concerns` keeps.
    """

    about: About
    mark: str
    seen: int = 0
    bot: str
    portal: str
    reason: str
    payer: str = ""
    dollars: Decimal | None = None
    first_seen: datetime
    due: date | None = None
    due_why: str = ""
    attempts: int = 0
    failures: int = 0
    subject: str = ""
    team: str = ""
    assignee: str = ""
    pended_until: date | None = None
    proposed: bool = False
    history: Sequence[Past] = ()
    row: Row | None = field(default=None, repr=False)
    facts: Mapping[str, str] = field(default_factory=dict, repr=False)


def open_cases(ledger: Ledger, kinds: Sequence[Kind] = tuple(Kind)) -> Iterator[OpenCase]:
    """All that needs a person, pended ones too."""
    for kind in kinds:
        yield from _KINDS[kind](ledger, None)


def one(ledger: Ledger, about: About) -> OpenCase | None:
    """One exception; None where it needs nobody."""
    return next(iter(_KINDS[about.kind](ledger, about.number)), None)


def _items(ledger: Ledger, number: int | None) -> Iterator[OpenCase]:
    found = Item.objects.filter(state__in=ENDED_BADLY, purged_at=None).exclude(kind=ItemKind.COLLECT)
    fetched = found.select_related("case").prefetch_related("evidence", "tries", "case__history")
    for item in _few(fetched, number):
        yield OpenCase(
            about=About(Kind.ITEM, item.pk),
            bot=item.bot,
            portal=item.portal,
            reason=item.reason,
            dollars=item.amount,
            first_seen=item.created_at,
            due=None if item.due_at == NEVER else item.due_at.date(),
            attempts=item.attempts,
            failures=len({one.revision for one in item.tries.all() if one.reason == item.reason}),
            subject=item.subject,
            row=views.row_of(ledger, item, item.pk, compared=False),
            **_decided(ledger, item),
        )


def _payments(ledger: Ledger, number: int | None) -> Iterator[OpenCase]:
    for row in _money(Payment.objects.filter(state=MoneyState.EXCEPTION), number):
        told = f"{row.method} {row.trace} of {row.date:%m/%d/%Y}" if row.date else f"{row.method} {row.trace}"
        yield from _of_money(ledger, About(Kind.PAYMENT, row.pk), row, f"Payment {told}, {row.amount:,.2f}")


def _deposits(ledger: Ledger, number: int | None) -> Iterator[OpenCase]:
    for row in _money(Deposit.objects.filter(state=MoneyState.EXCEPTION), number):
        named = row.check_number or row.trace or row.reference
        told = f"Deposit {row.kind} {named} of {row.day:%m/%d/%Y}, {row.amount:,.2f}"
        yield from _of_money(ledger, About(Kind.DEPOSIT, row.pk), row, told)


def _of_money(ledger: Ledger, about: About, row: Payment | Deposit, told: str) -> Iterator[OpenCase]:
    kept = _decided(ledger, row)
    if kept.pop("settled") == kept["mark"]:
        return
    yield OpenCase(
        about=about,
        bot=row.item.bot,
        portal=row.portal,
        reason=row.reason,
        payer=row.payer,
        dollars=row.dollars,
        first_seen=datetime.combine(row.received, time(12), UTC),
        due=row.until,
        facts={"detail": f"{told}. {row.detail}".strip()},
        **kept,
    )


def _concerns(ledger: Ledger, number: int | None) -> Iterator[OpenCase]:
    found = Concern.objects.filter(over_at=None).select_related("payment__item", "case")
    for row in _few(found.prefetch_related("case__history"), number):
        kept = _decided(ledger, row)
        if kept.pop("settled") == kept["mark"]:
            continue
        yield OpenCase(
            about=About(Kind.CONCERN, row.pk),
            bot=row.payment.item.bot,
            portal=row.payment.portal,
            reason=row.reason,
            payer=row.payment.payer,
            dollars=row.dollars,
            first_seen=row.found_at,
            due=row.due,
            due_why=row.due_why,
            facts=json.loads(ledger.keys.unseal(row.about_sealed)),
            **kept,
        )


_KINDS = {
    Kind.ITEM: _items,
    Kind.PAYMENT: _payments,
    Kind.DEPOSIT: _deposits,
    Kind.CONCERN: _concerns,
}


def _money(rows: QuerySet[Any, Any], number: int | None) -> Iterator[Any]:
    return _few(rows.select_related("item", "case").prefetch_related("case__history"), number)


def _few(rows: QuerySet[Any, Any], number: int | None) -> Iterator[Any]:
    wanted = rows if number is None else rows.filter(pk=number)
    return iter(wanted.order_by("pk").iterator(chunk_size=_CHUNK))


def _decided(ledger: Ledger, row: Any) -> dict[str, Any]:  # noqa: ANN401 - a row of any of four tables
    """How it stands and what has been decided on it so far."""
    mark, case = mark_of(row), _case(row)
    settled = {} if isinstance(row, Item) else {"settled": case.settled if case else ""}
    if case is None:
        return {"mark": mark, **settled}
    history = cases.history(ledger, case)
    return {
        "mark": mark,
        "seen": case.decisions,
        "team": case.team,
        "assignee": case.assignee,
        "pended_until": case.pended_until,
        "proposed": bool(history) and history[-1].state == DecidedState.PROPOSED,
        "history": history,
        **settled,
    }


def _case(row: Any) -> Case | None:  # noqa: ANN401 - as above
    try:
        found: Case = row.case
    except ObjectDoesNotExist:
        return None
    return found


def newer(ledger: Ledger, bot: str, subjects: Sequence[str]) -> list[tuple[int, str, bytes]]:
    """The items about these subjects: number, subject and what was asked."""
    found: list[tuple[int, str, bytes]] = []
    for start in range(0, len(subjects), _CHUNK):
        part = Item.objects.filter(
            bot=bot, subject__in=subjects[start : start + _CHUNK], kind=ItemKind.WORK, purged_at=None
        )
        found += [
            (number, subject, ledger.keys.unseal(sealed))
            for number, subject, sealed in part.values_list("pk", "subject", "request_sealed")
        ]
    return found
