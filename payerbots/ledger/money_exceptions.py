"""Payments, deposits and concerns within payments that need a person: a page at a time, the most money first."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, time
from decimal import Decimal
from typing import Any

from django.db.models import Count, F, Q, QuerySet, Sum

from payerbots.domain.review import About, Kind
from payerbots.ledger.exceptions import PAGE, Choice, Listed, Page, decided, note_seen, page_of
from payerbots.ledger.models import Concern, Deposit, MoneyState, Payment
from payerbots.ledger.records import Ledger
from payerbots.ledger.subjects import mark_of

KINDS = (Kind.PAYMENT, Kind.DEPOSIT, Kind.CONCERN)


@dataclass(frozen=True)
class _Table:
    """Where a kind's rows are, and what of them is shown."""

    rows: Callable[[], QuerySet[Any, Any]]
    due: str
    listed: Callable[[Ledger, Any], dict[str, Any]]
    beside: tuple[str, ...]


def listed(ledger: Ledger, kind: Kind, choice: Choice, actor: str) -> Page:
    """A page of a kind; the look is audited."""
    table = _TABLES[kind]
    found = _chosen(ledger, kind, choice)
    told = found.aggregate(count=Count("pk"), dollars=Sum("dollars"))
    number, last = page_of(told["count"], choice.page)
    ordered = found.select_related(*table.beside).order_by(
        F(table.due).asc(nulls_last=True), "-dollars", "pk"
    )
    rows = [_listed(ledger, kind, row) for row in ordered[(number - 1) * PAGE : number * PAGE]]
    note_seen(ledger, actor, rows)
    return Page(
        rows=rows, count=told["count"], dollars=told["dollars"] or Decimal(0), number=number, last=last
    )


def how_many(ledger: Ledger) -> dict[Kind, int]:
    """How many there are of each kind."""
    return {kind: _chosen(ledger, kind, Choice()).count() for kind in KINDS}


def by_reason(ledger: Ledger, kind: Kind, choice: Choice) -> list[tuple[str, int, Decimal]]:
    """Reasons with counts and dollars, the most frequent first."""
    found = _chosen(ledger, kind, Choice(pended=choice.pended)).values("reason")
    counted = found.annotate(count=Count("pk"), total=Sum("dollars")).order_by("-count", "reason")
    return [(row["reason"], row["count"], row["total"] or Decimal(0)) for row in counted]


def _chosen(ledger: Ledger, kind: Kind, choice: Choice) -> QuerySet[Any, Any]:
    """Open ones: never settled, or standing otherwise since."""
    waits = Q(case__pended_until__gt=ledger.now().date())
    fresh = Q(case=None) | Q(case__settled="") | Q(stood_at__gt=F("case__changed_at"))
    found = _TABLES[kind].rows().filter(fresh)
    found = found.filter(waits if choice.pended else Q(case=None) | ~waits | Q(case__pended_until=None))
    if choice.reason:
        found = found.filter(reason=choice.reason)
    if choice.person == "-":
        return found.filter(Q(case=None) | Q(case__assignee=""))
    return found.filter(case__assignee__iexact=choice.person) if choice.person else found


def _listed(ledger: Ledger, kind: Kind, row: Any) -> Listed:  # noqa: ANN401 - a row of any of three tables
    return Listed(
        about=About(kind, row.pk),
        mark=mark_of(row),
        state="exception",
        reason=row.reason,
        amount=row.dollars,
        **_TABLES[kind].listed(ledger, row),
        **decided(row, row.reason),
    )


def _of_payment(_: Ledger, row: Payment) -> dict[str, Any]:
    told = f"{row.method} {row.trace}".strip()
    return _of_money(row) | {"payer": row.payer, "facts": _told(told, row.detail)}


def _of_deposit(_: Ledger, row: Deposit) -> dict[str, Any]:
    told = f"{row.kind} {row.check_number or row.trace or row.reference}"
    return _of_money(row) | {"payer": row.payer, "facts": _told(told, row.detail)}


def _of_money(row: Payment | Deposit) -> dict[str, Any]:
    return {
        "item": row.item_id,
        "bot": row.item.bot,
        "portal": row.portal,
        "due": row.until,
        "created_at": datetime.combine(row.received, time(), UTC),
    }


def _told(what: str, detail: str) -> Mapping[str, str]:
    return {"claim": what, "detail": detail}


def _of_concern(ledger: Ledger, row: Concern) -> dict[str, Any]:
    return {
        "item": row.payment.item_id,
        "bot": row.payment.item.bot,
        "portal": row.payment.portal,
        "due": row.due,
        "created_at": row.found_at,
        "payer": row.payment.payer,
        "facts": json.loads(ledger.keys.unseal(row.about_sealed)),
    }


_TABLES: Mapping[Kind, _Table] = {
    Kind.PAYMENT: _Table(
        lambda: Payment.objects.filter(state=MoneyState.EXCEPTION), "until", _of_payment, ("item", "case")
    ),
    Kind.DEPOSIT: _Table(
        lambda: Deposit.objects.filter(state=MoneyState.EXCEPTION), "until", _of_deposit, ("item", "case")
    ),
    Kind.CONCERN: _Table(
        lambda: Concern.objects.filter(over_at=None), "due", _of_concern, ("payment__item", "case")
    ),
}
