"""How far runs have come, by bot and portal: what is done, how fast, and how long the rest takes."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Count, Max, Min, Q

from payerbots.ledger.models import ItemState, RunItem, RunState, SessionSlot
from payerbots.ledger.records import Ledger
from payerbots.ledger.runs import OPEN

_WINDOW = timedelta(minutes=2)
_FOR_A_PERSON = (ItemState.EXCEPTION, ItemState.PARKED, ItemState.ABANDONED)


@dataclass(frozen=True, kw_only=True)
class Course:
    """The items of a bot at a portal that runs ask for. `per_minute` is what ended lately; 0 where nothing did."""

    bot: str
    portal: str
    total: int
    left: int
    running: int
    for_a_person: int
    per_minute: float
    sessions: int = 0

    @property
    def ended(self) -> int:
        """What is not open any more."""
        return self.total - self.left

    @property
    def time_left(self) -> timedelta | None:
        """How long the rest takes at this rate; None: nobody can say yet."""
        if not self.left:
            return timedelta(0)
        return timedelta(minutes=self.left / self.per_minute) if self.per_minute else None


@dataclass(frozen=True)
class LateException:
    """An item that came to need a person."""

    item: int
    portal: str
    state: str
    reason: str
    at: datetime


def courses(ledger: Ledger, run: int | None = None) -> list[Course]:
    """How far one run has come, or all that go on."""
    now = ledger.now()
    lately = Q(item__finished_at__gt=now - _WINDOW)
    counted = (
        _asked(run)
        .values("item__bot", "item__portal")
        .annotate(
            total=Count("item", distinct=True),
            left=Count("item", filter=Q(item__state__in=OPEN), distinct=True),
            running=Count("item", filter=Q(item__state=ItemState.RUNNING), distinct=True),
            for_a_person=Count("item", filter=Q(item__state__in=_FOR_A_PERSON), distinct=True),
            lately=Count("item", filter=lately, distinct=True),
            first=Min("item__finished_at", filter=lately),
            began=Max("run__created_at"),
        )
        .order_by("item__bot", "item__portal")
    )
    held = _sessions(now)
    return [_course(row, now, held) for row in counted]


def _asked(run: int | None) -> Any:  # noqa: ANN401 - a query set of rows that a plugin types anew at each step
    rows = RunItem.objects.all()
    return rows.filter(run=run) if run is not None else rows.filter(run__state=RunState.RUNNING)


def _sessions(now: datetime) -> dict[str, int]:
    """Sessions in use, by portal."""
    held = SessionSlot.objects.filter(slot__gt=0, until__gt=now).exclude(owner="")
    return dict(held.values_list("portal").annotate(Count("pk")).order_by("portal"))


def _course(row: dict[str, Any], now: datetime, sessions: dict[str, int]) -> Course:
    since = max(now - _WINDOW, min(row["began"], row["first"] or now))
    minutes = max((now - since).total_seconds(), 1) / 60
    return Course(
        bot=row["item__bot"],
        portal=row["item__portal"],
        total=row["total"],
        left=row["left"],
        running=row["running"],
        for_a_person=row["for_a_person"],
        per_minute=row["lately"] / minutes,
        sessions=sessions.get(row["item__portal"], 0),
    )


def late_exceptions(run: int | None = None, limit: int = 5) -> list[LateException]:
    """The items that came to need a person last, the latest first."""
    rows = _asked(run).filter(item__state__in=_FOR_A_PERSON, item__finished_at__isnull=False)
    names = ("item", "item__portal", "item__state", "item__reason", "item__finished_at")
    found = rows.values_list(*names).distinct().order_by("-item__finished_at", "-item")
    return [LateException(*row) for row in found[:limit]]
