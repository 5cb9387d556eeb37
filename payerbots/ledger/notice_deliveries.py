"""Who is told of which notice: planned once, taken for a lease, told at least once."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Count, Exists, Max, Min, OuterRef, Q, QuerySet

from payerbots.ledger.models import DeliveryState, Notice, NoticeDelivery
from payerbots.ledger.records import Ledger

OPEN = (DeliveryState.WAITING, DeliveryState.TAKEN)


@dataclass(frozen=True, kw_only=True)
class Told:
    """A notice as a person is told of it. `number` is that of the delivery; None where it is only planned yet."""

    number: int | None = None
    notice: int
    at: datetime
    kind: str
    portal: str = ""
    login: str = ""
    bot: str = ""
    schedule: str = ""
    reason: str = ""
    message: str
    tries: int = 0


@dataclass(frozen=True)
class Planned:
    """That a person is told, from a time on; `urgent`: without waiting for more to tell."""

    person: str
    due_at: datetime
    urgent: bool


def unplanned(limit: int = 500) -> list[Told]:
    """Notices of which nobody has settled yet who is told, the oldest first."""
    rows = Notice.objects.filter(planned_at=None, sent_at=None).order_by("pk")[:limit]
    return [_told(row) for row in rows]


def _told(row: Notice, number: int | None = None, tries: int = 0) -> Told:
    names = ("at", "kind", "portal", "login", "bot", "schedule", "reason", "message")
    return Told(number=number, notice=row.pk, tries=tries, **{name: getattr(row, name) for name in names})


@transaction.atomic
def plan(ledger: Ledger, notice: int, people: Sequence[Planned]) -> bool:
    """Settles who is told of a notice, once. With nobody to tell it counts as told."""
    now = ledger.now()
    fresh = Notice.objects.filter(pk=notice, planned_at=None)
    if not fresh.update(planned_at=now, **({} if people else {"sent_at": now})):
        return False
    NoticeDelivery.objects.bulk_create(
        NoticeDelivery(notice_id=notice, created_at=now, **vars(one)) for one in people
    )
    return True


@dataclass(frozen=True)
class Waiting:
    """What waits for a person: since when it is due, whether some of it is urgent, and when they were last told."""

    person: str
    due_at: datetime
    urgent: bool
    last_at: datetime | None


def waiting(ledger: Ledger) -> list[Waiting]:
    """The people for whom something is due, unless somebody tells them at this moment."""
    now = ledger.now()
    held = NoticeDelivery.objects.filter(person=OuterRef("person"), state=DeliveryState.TAKEN)
    due = _free(now).filter(due_at__lte=now).filter(~Exists(held.filter(lease_until__gt=now)))
    people = due.values("person").annotate(first=Min("due_at"), pressing=Count("pk", filter=Q(urgent=True)))
    return [
        Waiting(row["person"], row["first"], row["pressing"] > 0, _last(row["person"]))
        for row in people.order_by("person")
    ]


def _last(person: str) -> datetime | None:
    found: datetime | None = NoticeDelivery.objects.filter(person=person, state=DeliveryState.SENT).aggregate(
        last=Max("ended_at")
    )["last"]
    return found


def take(ledger: Ledger, person: str, owner: str, lease: timedelta, ahead: timedelta) -> list[Told]:
    """All that is due for a person, and what will be within `ahead`, in `owner`'s hands until the lease ends."""
    now = ledger.now()
    wanted = list(
        _free(now).filter(person=person, due_at__lte=now + ahead).order_by("pk").values_list("pk", flat=True)
    )
    _free(now).filter(pk__in=wanted).update(
        state=DeliveryState.TAKEN, lease_owner=owner, lease_until=now + lease
    )
    mine = _held(owner).filter(pk__in=wanted).select_related("notice").order_by("pk")
    return [_told(row.notice, row.pk, row.tries) for row in mine]


def _free(now: datetime) -> QuerySet[NoticeDelivery, NoticeDelivery]:
    over = Q(state=DeliveryState.TAKEN, lease_until__lte=now)
    return NoticeDelivery.objects.filter(Q(state=DeliveryState.WAITING) | over)


def _held(owner: str) -> QuerySet[NoticeDelivery, NoticeDelivery]:
    return NoticeDelivery.objects.filter(state=DeliveryState.TAKEN, lease_owner=owner)


@transaction.atomic
def end(ledger: Ledger, owner: str, numbers: Sequence[int], state: DeliveryState, error: str = "") -> None:
    """Closes deliveries that are still `owner`'s; a notice is told when all of its are closed."""
    now = ledger.now()
    held = _held(owner).filter(pk__in=numbers)
    notices = list(held.values_list("notice", flat=True))
    held.update(state=state, ended_at=now, error=error, lease_owner="", lease_until=None)
    left = NoticeDelivery.objects.filter(notice=OuterRef("pk"), state__in=OPEN)
    Notice.objects.filter(pk__in=notices, sent_at=None).filter(~Exists(left)).update(sent_at=now)


def put_back(ledger: Ledger, owner: str, numbers: Sequence[int], error: str, wait: timedelta) -> None:
    """They could not be told; they are tried again after a while."""
    for row in _held(owner).filter(pk__in=numbers):
        row.state, row.error, row.tries = DeliveryState.WAITING, error, row.tries + 1
        row.due_at, row.lease_owner, row.lease_until = ledger.now() + wait, "", None
        row.save()


def give_back(owner: str) -> int:
    """What is in `owner`'s hands goes back untold; how much that was."""
    return _held(owner).update(state=DeliveryState.WAITING, lease_owner="", lease_until=None)


def failing(ledger: Ledger, within: timedelta) -> list[dict[str, Any]]:
    """Whom notices could not reach, by person: how many wait after a failure or were given up, and why."""
    recent = NoticeDelivery.objects.exclude(error="").filter(
        Q(state__in=OPEN) | Q(state=DeliveryState.FAILED, ended_at__gt=ledger.now() - within)
    )
    rows = recent.values("person", "error").annotate(count=Count("pk"), since=Min("created_at"))
    return [dict(row) for row in rows.order_by("person", "error")]


def outlook() -> dict[str, int]:
    """How many notices wait to be told, and to how many people."""
    left = NoticeDelivery.objects.filter(state__in=OPEN)
    return {
        "unplanned": Notice.objects.filter(planned_at=None, sent_at=None).count(),
        "waiting": left.values("notice").distinct().count(),
        "people": left.values("person").distinct().count(),
    }
