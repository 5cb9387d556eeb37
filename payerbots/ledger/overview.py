"""The work at a glance, in numbers: bots, runs and what became of them. Nobody is named."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from django.db.models import Count, Exists, Min, OuterRef, Q, QuerySet

from payerbots.ledger.exceptions import NEEDS_A_PERSON, Heap
from payerbots.ledger.models import (
    Attempt,
    Item,
    ItemKind,
    ItemState,
    Run,
    RunItem,
    RunState,
    SessionSlot,
)
from payerbots.ledger.partial import one_of
from payerbots.ledger.records import Ledger
from payerbots.ledger.runs import OPEN, collecting

PAGE = 50
_LATELY = timedelta(minutes=5)
_RECENT, _SHOWN = 400, 12
_NOT_COUNTED = ("given back", "interrupted", "lost")


@dataclass(frozen=True, kw_only=True)
class RunLine:
    """A run as it is listed. `left` and `for_a_person` are counted while it goes on or is held."""

    id: int
    bot: str
    schedule: str
    state: str
    day: date
    created_at: datetime
    finished_at: datetime | None
    items: int = 0
    left: int = 0
    for_a_person: int = 0

    @property
    def done(self) -> int:
        """Items that have come to an end."""
        return self.items - self.left


@dataclass(kw_only=True)
class BotView:
    """A bot: its last run, what waits, and what ended since a time."""

    name: str
    last: RunLine | None = None
    ready: int = 0
    running: int = 0
    waiting: int = 0
    oldest: datetime | None = None
    exceptions: int = 0
    dollars: Decimal = Decimal(0)
    ended: dict[str, int] = field(default_factory=dict)

    @property
    def backlog(self) -> int:
        """What has not come to an end."""
        return self.ready + self.running + self.waiting


@dataclass(frozen=True, kw_only=True)
class PortalPart:
    """What a run has at one portal."""

    portal: str
    counts: dict[str, int]

    @property
    def items(self) -> int:
        """All of them."""
        return sum(self.counts.values())


@dataclass(frozen=True, kw_only=True)
class RunDetail:
    """A run and how far it is: items by state, by portal and by reason, and its last attempts."""

    line: RunLine
    counts: dict[str, int]
    portals: Sequence[PortalPart]
    reasons: Sequence[tuple[str, int]]
    lately: Sequence[dict[str, Any]]
    collecting: Sequence[str]
    per_minute: float
    keeper: str


def bots(ledger: Ledger, names: Sequence[str], since: datetime, heaps: Sequence[Heap]) -> list[BotView]:
    """Each bot, in this order; others that have items follow. `heaps` are the exceptions."""
    found: dict[str, BotView] = {name: BotView(name=name) for name in names}
    _fill_backlog(ledger, found)
    for heap in heaps:
        one = _of(found, heap.bot)
        one.exceptions, one.dollars = one.exceptions + heap.count, one.dollars + heap.dollars
    _fill_ended(found, since)
    for line in _last_runs():
        _of(found, line.bot).last = line
    return list(found.values())


def _of(found: dict[str, BotView], name: str) -> BotView:
    return found.setdefault(name, BotView(name=name))


def _fill_backlog(ledger: Ledger, found: dict[str, BotView]) -> None:
    waits = Q(state=ItemState.WAITING, not_before__gt=ledger.now())
    rows = (
        Item.objects.filter(one_of("state", OPEN))
        .exclude(kind=ItemKind.COLLECT)
        .values("bot")
        .order_by("bot")
    )
    for row in rows.annotate(
        ready=Count("pk", filter=~Q(state=ItemState.RUNNING) & ~waits),
        running=Count("pk", filter=Q(state=ItemState.RUNNING)),
        waiting=Count("pk", filter=waits),
        oldest=Min("created_at"),
    ):
        one = _of(found, row["bot"])
        one.ready, one.running, one.waiting, one.oldest = (
            row["ready"],
            row["running"],
            row["waiting"],
            row["oldest"],
        )


def _fill_ended(found: dict[str, BotView], since: datetime) -> None:
    ended = Attempt.objects.filter(ended_at__gte=since).exclude(item__kind=ItemKind.COLLECT)
    rows = ended.exclude(outcome__in=_NOT_COUNTED).values_list("item__bot", "outcome")
    for bot, outcome, count in rows.annotate(Count("pk")).order_by("item__bot", "outcome"):
        _of(found, bot).ended[outcome] = count


def _last_runs() -> list[RunLine]:
    later = Run.objects.filter(bot=OuterRef("bot"), pk__gt=OuterRef("pk"))
    return _counted(list(Run.objects.filter(~Exists(later)).order_by("bot")))


def runs(bot: str = "", state: str = "", page: int = 1) -> tuple[list[RunLine], int, int]:
    """A page of runs, the newest first; which page it is, and the last one."""
    found = Run.objects.filter(**{name: value for name, value in (("bot", bot), ("state", state)) if value})
    last = max(1, -(-found.count() // PAGE))
    number = min(max(page, 1), last)
    rows = list(found.order_by("-pk")[(number - 1) * PAGE : number * PAGE])
    return _counted(rows), number, last


def _counted(rows: Sequence[Run]) -> list[RunLine]:
    counted = (
        RunItem.objects.filter(run__in=[row.pk for row in rows])
        .values("run")
        .annotate(
            items=Count("pk"),
            left=Count("pk", filter=Q(item__state__in=OPEN)),
            for_a_person=Count("pk", filter=Q(item__state__in=NEEDS_A_PERSON)),
        )
    )
    known: dict[int, Any] = {row["run"]: row for row in counted.order_by("run")}
    return [_line(row, known.get(row.pk, {})) for row in rows]


def _line(row: Run, counts: dict[str, int]) -> RunLine:
    return RunLine(
        id=row.pk,
        bot=row.bot,
        schedule=row.schedule or "",
        state=row.state,
        day=row.day,
        created_at=row.created_at,
        finished_at=row.finished_at,
        items=counts.get("items", 0),
        left=counts.get("left", 0),
        for_a_person=counts.get("for_a_person", 0),
    )


def run(ledger: Ledger, number: int) -> RunDetail | None:
    """A run and how far it is; None where there is none."""
    row = Run.objects.filter(pk=number).first()
    if row is None:
        return None
    counts: dict[str, int] = {}
    portals: dict[str, dict[str, int]] = {}
    reasons: dict[str, int] = {}
    for portal, state, reason, count in _grouped(number):
        counts[state] = counts.get(state, 0) + count
        mine = portals.setdefault(portal, {})
        mine[state] = mine.get(state, 0) + count
        if state in NEEDS_A_PERSON:
            reasons[reason] = reasons.get(reason, 0) + count
    sums = {
        "items": sum(counts.values()),
        "left": sum(counts.get(state, 0) for state in OPEN),
        "for_a_person": sum(counts.get(state, 0) for state in NEEDS_A_PERSON),
    }
    unfinished = collecting(number).exclude(state=ItemState.DONE)
    recent = _recent(number) if row.state == RunState.RUNNING else []
    return RunDetail(
        line=_line(row, sums),
        counts=counts,
        portals=[PortalPart(portal=name, counts=found) for name, found in sorted(portals.items())],
        reasons=sorted(reasons.items(), key=lambda one: (-one[1], one[0])),
        lately=recent[:_SHOWN],
        collecting=list(unfinished.values_list("state", flat=True)),
        per_minute=_rate(ledger, recent),
        keeper=row.keeper,
    )


def items_of(number: int, state: str, most: int) -> list[Item]:
    """The last items of a run's list, all or those in a state."""
    asked = RunItem.objects.filter(run=number, **({"item__state": state} if state else {}))
    return [one.item for one in asked.select_related("item").order_by("-place")[:most]]


def _grouped(number: int) -> "QuerySet[RunItem, tuple[str, str, str, int]]":
    columns = ("item__portal", "item__state", "item__reason")
    counted = RunItem.objects.filter(run=number).values_list(*columns).annotate(Count("pk"))
    return counted.order_by(*columns)


def _recent(number: int) -> list[dict[str, Any]]:
    """A run's part of the last attempts that were made, the latest first."""
    names = ("item", "number", "started_at", "ended_at", "outcome", "reason", "error")
    rows = list(Attempt.objects.order_by("-pk").values(*names, "item__portal")[:_RECENT])
    asked = RunItem.objects.filter(run=number, item__in=[row["item"] for row in rows])
    mine = set(asked.values_list("item", flat=True))
    return [dict(row) for row in rows if row["item"] in mine]


def _rate(ledger: Ledger, recent: Sequence[dict[str, Any]]) -> float:
    """Items that ended in a minute, of late."""
    now = ledger.now()
    ended: list[datetime] = [
        row["ended_at"]
        for row in recent
        if row["ended_at"] and row["ended_at"] > now - _LATELY and row["outcome"] not in _NOT_COUNTED
    ]
    return len(ended) * 60 / max(1.0, (now - min(ended)).total_seconds()) if ended else 0.0


def sessions(ledger: Ledger) -> dict[str, int]:
    """How many sessions are held now, by portal."""
    held = SessionSlot.objects.filter(slot__gt=0, until__gt=ledger.now()).exclude(owner="")
    return dict(held.values_list("portal").annotate(Count("pk")).order_by("portal"))


def outcomes(since: datetime) -> dict[str, dict[str, int]]:
    """How the attempts since a time ended, by portal."""
    ended = Attempt.objects.filter(ended_at__gte=since).exclude(item__kind=ItemKind.COLLECT)
    found: dict[str, dict[str, int]] = {}
    rows = ended.values_list("item__portal", "outcome").annotate(Count("pk"))
    for portal, outcome, count in rows.order_by("item__portal", "outcome"):
        found.setdefault(portal, {})[outcome] = count
    return found
