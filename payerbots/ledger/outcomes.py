"""How runs, files and money came out in a time: what people are told of."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

from django.db.models import Count, Max, Q, Sum

from payerbots.domain.facts import DepositKind
from payerbots.ledger.kpi_views import posted
from payerbots.ledger.models import (
    Deposit,
    File,
    Item,
    ItemKind,
    ItemState,
    MoneyState,
    Payment,
    PortalStanding,
    Run,
    RunState,
    ScheduleSlot,
    SlotState,
    Watermark,
)

FOR_A_PERSON = (ItemState.EXCEPTION, ItemState.PARKED, ItemState.ABANDONED)


@dataclass(frozen=True)
class EndedRun:
    """A run that ended: how, and what came of its items."""

    number: int
    bot: str
    schedule: str
    state: str
    ended: datetime
    items: int
    done: int
    for_a_person: int


def ended_runs(first: datetime, last: datetime) -> list[EndedRun]:
    """The runs that ended in a time, the first one first."""
    rows = Run.objects.filter(finished_at__gt=first, finished_at__lte=last)
    counted = rows.annotate(
        items=Count("asked__item", distinct=True),
        done=Count("asked__item", filter=Q(asked__item__state=ItemState.DONE), distinct=True),
        left=Count("asked__item", filter=Q(asked__item__state__in=FOR_A_PERSON), distinct=True),
    )
    names = ("pk", "bot", "schedule", "state", "finished_at", "items", "done", "left")
    return [
        EndedRun(pk, bot, schedule or "", state, ended, *counts)
        for pk, bot, schedule, state, ended, *counts in counted.order_by("finished_at", "pk").values_list(
            *names
        )
        if ended is not None
    ]


def failed_runs(since: datetime) -> list[EndedRun]:
    """The runs that failed since a time."""
    rows = Run.objects.filter(state=RunState.FAILED, finished_at__gte=since).order_by("pk")
    return [
        EndedRun(row.pk, row.bot, row.schedule or "", row.state, row.finished_at, 0, 0, 0)
        for row in rows
        if row.finished_at is not None
    ]


def fresh_exceptions(run: int) -> dict[str, int]:
    """The items that a run left to a person and that no run before it had: how many, by reason."""
    began = Run.objects.values_list("created_at", flat=True).get(pk=run)
    fresh = Q(finished_at__gte=began) | Q(finished_at=None, created_at__gte=began)
    rows = Item.objects.filter(fresh, asked_by__run=run, state__in=FOR_A_PERSON).exclude(
        kind=ItemKind.COLLECT
    )
    return dict(rows.values_list("reason").annotate(Count("pk", distinct=True)).order_by("reason"))


def arrivals(since: datetime) -> list[tuple[str, str, datetime]]:
    """When files came, by portal and kind; what was dropped into a folder has no portal and is left out."""
    rows = File.objects.filter(received_at__gte=since).exclude(portal="")
    return list(rows.order_by("received_at").values_list("portal", "kind", "received_at"))


def last_looked(portal: str) -> datetime | None:
    """When a portal was last asked what is new."""
    found: datetime | None = Watermark.objects.filter(portal=portal).aggregate(at=Max("updated_at"))["at"]
    return found


@dataclass(frozen=True)
class NotRun:
    """A slot that did not run, and why."""

    schedule: str
    at: datetime
    state: str
    reason: str


def not_run(first: datetime, last: datetime) -> list[NotRun]:
    """The slots of a time that were missed, and those that still wait although they were due."""
    rows = ScheduleSlot.objects.filter(start_at__gte=first, start_at__lt=last)
    rows = rows.filter(state__in=[SlotState.MISSED, SlotState.DUE])
    return [
        NotRun(row.schedule, row.at, row.state, row.note or row.get_reason_display())
        for row in rows.order_by("at", "pk")
    ]


@dataclass(frozen=True)
class StandingStill:
    """A portal that is stopped or paused."""

    portal: str
    state: str
    reason: str
    since: datetime


def standing_still() -> list[StandingStill]:
    """The portals that are stopped or paused, by name."""
    rows = PortalStanding.objects.filter(state__in=["stopped", "paused"]).order_by("portal")
    return [StandingStill(row.portal, row.state, row.reason, row.since) for row in rows]


@dataclass(frozen=True)
class Money:
    """Dollars of a time, and what is open now: counts and amounts by reason."""

    pulled: Decimal
    payments: int
    deposited: Decimal
    deposits: int
    posted: Decimal
    postings: int
    open_now: Mapping[str, tuple[int, Decimal]] = field(default_factory=dict)

    @property
    def is_there(self) -> bool:
        """Whether there was anything of money at all."""
        return bool(self.payments or self.deposits or self.postings or self.open_now)


def money(since: datetime, until: datetime, zone: ZoneInfo) -> Money:
    """What was pulled from payers, deposited at the bank and posted in a time, by when the files came."""
    seen = Q(file__received_at__gte=since, file__received_at__lt=until)
    pulled = Payment.objects.filter(seen).exclude(state=MoneyState.UNCONCERNED)
    banked = Deposit.objects.filter(seen, amount__gt=0).exclude(kind=DepositKind.BATCH)
    in_books = posted(since, until, zone)
    paid, came = (
        rows.aggregate(total=Sum("amount"), count=Count("pk"))
        for rows in (pulled, banked.exclude(state=MoneyState.UNCONCERNED))
    )
    return Money(
        pulled=paid["total"] or Decimal(0),
        payments=paid["count"],
        deposited=came["total"] or Decimal(0),
        deposits=came["count"],
        posted=sum((one.amount for one in in_books), Decimal(0)),
        postings=len(in_books),
        open_now=_open_money(),
    )


def _open_money() -> dict[str, tuple[int, Decimal]]:
    found: dict[str, tuple[int, Decimal]] = {}
    for model in (Payment, Deposit):
        rows = model.objects.filter(state=MoneyState.EXCEPTION).values_list("reason")
        for reason, count, dollars in rows.annotate(Count("pk"), Sum("dollars")).order_by("reason"):
            before = found.get(reason, (0, Decimal(0)))
            found[reason] = (before[0] + count, before[1] + dollars)
    return found


def waiting_by_reason() -> dict[str, int]:
    """Items that wait for a person, by reason."""
    rows = Item.objects.filter(state__in=FOR_A_PERSON).exclude(kind=ItemKind.COLLECT)
    return dict(rows.values_list("reason").annotate(Count("pk")).order_by("reason"))
