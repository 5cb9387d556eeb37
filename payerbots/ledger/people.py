"""What people have done: decisions by person, and what is given to whom."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal
from zoneinfo import ZoneInfo

from django.db.models import Count, Max, Min, Sum

from payerbots.ledger.exceptions import NEEDS_A_PERSON
from payerbots.ledger.models import Case, Decided
from payerbots.ledger.records import Ledger


@dataclass(frozen=True, kw_only=True)
class Work:
    """One person's work since a day."""

    decisions: int
    by_decision: dict[str, int]
    given: int
    """Exceptions that are theirs now."""
    dollars: Decimal
    oldest: datetime | None
    overdue: int


@dataclass(frozen=True, kw_only=True)
class Person:
    """How much somebody has decided since a day, and when the last time."""

    name: str
    decisions: int
    last: datetime


def work_of(ledger: Ledger, actor: str, first: date, zone: ZoneInfo) -> Work:
    """What `actor` has decided since a day, and what waits for them."""
    made = Decided.objects.filter(by__iexact=actor, at__gte=_start(first, zone))
    counted = made.values("decision").annotate(count=Count("pk")).order_by("-count", "decision")
    by_decision: dict[str, int] = {row["decision"]: row["count"] for row in counted}
    mine = Case.objects.filter(assignee__iexact=actor.removeprefix("person:"), item__state__in=NEEDS_A_PERSON)
    told = mine.aggregate(given=Count("pk"), dollars=Sum("item__amount"), oldest=Min("item__created_at"))
    return Work(
        decisions=sum(by_decision.values()),
        by_decision=by_decision,
        given=told["given"],
        dollars=told["dollars"] or Decimal(0),
        oldest=told["oldest"],
        overdue=mine.filter(item__due_at__lt=ledger.now()).count(),
    )


def by_person(first: date, zone: ZoneInfo) -> Sequence[Person]:
    """Everybody who has decided since a day, who did most at the head."""
    made = Decided.objects.filter(at__gte=_start(first, zone)).values("by")
    counted = made.annotate(count=Count("pk"), last=Max("at")).order_by("-count", "by")
    return [
        Person(name=row["by"].removeprefix("person:"), decisions=row["count"], last=row["last"])
        for row in counted
    ]


def _start(day: date, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, time(), zone)
