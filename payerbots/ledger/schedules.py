"""The schedule in the ledger: slots that are due, what became of them, pauses, and who runs the schedules.

A slot is a row before anything is started of it, and its run is written in the same transaction as its end, so
that a scheduler that dies between the two leaves it due, and two of them start it once.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet

from payerbots.ledger import audit, outbox, runs
from payerbots.ledger.models import (
    Run,
    RunState,
    SchedulerLease,
    ScheduleSlot,
    ScheduleStanding,
    SlotReason,
    SlotState,
)
from payerbots.ledger.records import LONGEST_LEASE, Ledger

_LEASE = "scheduler"
_WHILE_STARTING = timedelta(minutes=1)
_FOLLOWED_FOR = timedelta(days=40)
"""How long after it was due a slot can still be followed by a chain."""


@dataclass(frozen=True)
class Process:
    """A scheduler process."""

    owner: str
    host: str
    pid: int


@dataclass(frozen=True)
class Leader:
    """Who runs the schedules, as it last told of itself."""

    owner: str
    host: str
    pid: int
    until: datetime
    started_at: datetime
    seen_at: datetime


@dataclass(frozen=True)
class Standing:
    """How a schedule stands: known since, slots known up to, and its last pause."""

    schedule: str
    since: datetime
    seen_until: datetime
    paused_at: datetime | None = None
    paused_by: str = ""
    paused_until: datetime | None = None
    resumed_at: datetime | None = None

    def is_paused(self, at: datetime) -> bool:
        """Whether it was, or is, paused at a time."""
        if self.paused_at is None or at < self.paused_at:
            return False
        ends = [end for end in (self.paused_until, self.resumed_at) if end is not None]
        return not ends or at < min(ends)


@dataclass(frozen=True, kw_only=True)
class NewSlot:
    """A slot to be. `after` is the number of the slot that it follows, `taken` what it takes in, as JSON."""

    slot: str
    at: datetime
    start_at: datetime
    due_by: datetime | None = None
    after: int | None = None
    taken: bytes | None = field(default=None, repr=False)


@dataclass(frozen=True, kw_only=True)
class SlotView:
    """A slot as it stands. `run` is its run's number, `run_state` how that stands."""

    number: int
    schedule: str
    slot: str
    at: datetime
    start_at: datetime
    due_by: datetime | None
    state: str
    reason: str
    note: str
    run: int | None
    run_state: str
    after: int | None
    decided_at: datetime | None
    taken: bytes | None = field(default=None, repr=False)


@dataclass(frozen=True)
class Pick:
    """What a run takes from an office queue: at most so many messages."""

    queue: str
    most: int
    owner: str


def lead(ledger: Ledger, me: Process, lease: timedelta) -> bool:
    """Takes or prolongs the running of the schedules; False while another does."""
    now = ledger.now()
    told = {"owner": me.owner, "host": me.host, "pid": me.pid, "until": now + lease, "seen_at": now}
    rows = SchedulerLease.objects.filter(name=_LEASE)
    if rows.filter(owner=me.owner).update(**told):
        return True
    SchedulerLease.objects.bulk_create(
        [SchedulerLease(name=_LEASE, until=now, started_at=now, seen_at=now)], ignore_conflicts=True
    )
    over = Q(owner="") | Q(until__lte=now) | Q(until__gt=now + LONGEST_LEASE)
    return bool(rows.filter(over).update(**told, started_at=now))


def step_down(owner: str) -> None:
    """Leaves the schedules to whoever stands by."""
    SchedulerLease.objects.filter(name=_LEASE, owner=owner).update(owner="")


def leader(ledger: Ledger) -> Leader | None:
    """Who runs the schedules now; None: nobody."""
    row = SchedulerLease.objects.filter(name=_LEASE, until__gt=ledger.now()).exclude(owner="").first()
    if row is None:
        return None
    return Leader(row.owner, row.host, row.pid, row.until, row.started_at, row.seen_at)


def standings(names: Iterable[str] | None = None) -> dict[str, Standing]:
    """How schedules stand that were seen before; of all, when none are named."""
    rows = ScheduleStanding.objects.all() if names is None else _of(names)
    return {row.schedule: _standing(row) for row in rows}


def _of(names: Iterable[str]) -> QuerySet[ScheduleStanding, ScheduleStanding]:
    return ScheduleStanding.objects.filter(schedule__in=list(names))


def _standing(row: ScheduleStanding) -> Standing:
    return Standing(
        row.schedule,
        row.since,
        row.seen_until,
        row.paused_at,
        row.paused_by,
        row.paused_until,
        row.resumed_at,
    )


def first_seen(ledger: Ledger, names: Sequence[str]) -> None:
    """Schedules that are new: their slots count from now on."""
    now = ledger.now()
    ScheduleStanding.objects.bulk_create(
        [ScheduleStanding(schedule=name, since=now, seen_until=now) for name in names], ignore_conflicts=True
    )


@transaction.atomic
def note_due(ledger: Ledger, found: Mapping[str, Sequence[NewSlot]], seen_until: datetime) -> None:
    """Writes slots that became due, by schedule, and up to when their slots are known; both or neither.

    A known slot stays as it is.
    """
    for schedule, new in found.items():
        _write(ledger, schedule, new)
    _of(found).filter(seen_until__lt=seen_until).update(seen_until=seen_until)


def add(ledger: Ledger, schedule: str, found: Sequence[NewSlot]) -> None:
    """Writes slots that came of something else than the time. A known slot stays as it is."""
    _write(ledger, schedule, found)


def _write(ledger: Ledger, schedule: str, found: Sequence[NewSlot]) -> None:
    if not found:
        return
    rows = [
        ScheduleSlot(
            schedule=schedule,
            slot=one.slot,
            at=one.at,
            start_at=one.start_at,
            due_by=one.due_by,
            after_id=one.after,
            input_sealed=None if one.taken is None else ledger.keys.seal(one.taken),
            created_at=ledger.now(),
        )
        for one in found
    ]
    ScheduleSlot.objects.bulk_create(rows, ignore_conflicts=True)


def state_of(schedule: str, slot: str) -> str:
    """How a slot stands; empty when there never was such a one."""
    found = ScheduleSlot.objects.filter(schedule=schedule, slot=slot).values_list("state", flat=True).first()
    return found or ""


def run_of(schedule: str, slot: str) -> int | None:
    """The run that a slot came to."""
    return ScheduleSlot.objects.filter(schedule=schedule, slot=slot).values_list("run", flat=True).first()


def due_again(schedule: str, slot: str) -> None:
    """A slot that was missed has its input again."""
    rows = ScheduleSlot.objects.filter(schedule=schedule, slot=slot, state=SlotState.MISSED)
    rows.update(state=SlotState.DUE, reason="", note="", decided_at=None)


def due(ledger: Ledger) -> list[SlotView]:
    """All slots that are due now, in the order of their times."""
    rows = ScheduleSlot.objects.filter(state=SlotState.DUE, start_at__lte=ledger.now())
    return [_view(ledger, row) for row in rows.select_related("run").order_by("at", "pk")]


def look(ledger: Ledger, number: int) -> SlotView:
    """One slot."""
    return _view(ledger, ScheduleSlot.objects.select_related("run").get(pk=number))


def lately(ledger: Ledger, since: datetime, schedule: str = "", limit: int = 1000) -> list[SlotView]:
    """The slots that were due since a time, the latest first."""
    rows = ScheduleSlot.objects.filter(at__gte=since).select_related("run").order_by("-at", "-pk")
    if schedule:
        rows = rows.filter(schedule=schedule)
    return [_view(ledger, row) for row in rows[:limit]]


def last_started(ledger: Ledger) -> dict[str, SlotView]:
    """The latest slot of each schedule that came to a run."""
    found: dict[str, SlotView] = {}
    names = ScheduleSlot.objects.values_list("schedule", flat=True).distinct()
    for name in names.order_by():
        rows = ScheduleSlot.objects.filter(schedule=name, run__isnull=False).select_related("run")
        if row := rows.order_by("-at", "-pk").first():
            found[name] = _view(ledger, row)
    return found


def _view(ledger: Ledger, row: ScheduleSlot) -> SlotView:
    sealed = row.input_sealed
    return SlotView(
        number=row.pk,
        schedule=row.schedule,
        slot=row.slot,
        at=row.at,
        start_at=row.start_at,
        due_by=row.due_by,
        state=row.state,
        reason=row.reason,
        note=row.note,
        run=row.run_id,
        run_state=row.run.state if row.run is not None else "",
        after=row.after_id,
        decided_at=row.decided_at,
        taken=None if sealed is None else ledger.keys.unseal(sealed),
    )


@transaction.atomic
def start(ledger: Ledger, number: int, wanted: runs.Start) -> int | None:
    """Starts the run of a slot that is due, once; its number. None: it is not due any more, another was first."""
    row = _still_due(number)
    if row is None:
        return None
    run = runs.start(ledger, wanted)
    _end(ledger, row, SlotState.STARTED, run=run)
    return run


@transaction.atomic
def start_with_messages(
    ledger: Ledger, number: int, pick: Pick, wanted: Callable[[list[int]], runs.Start]
) -> int | None:
    """As `start`, of a run that takes in messages of an office queue: they are handed on with it, or neither.

    None, and the slot is skipped, when nobody left any.
    """
    row = _still_due(number)
    if row is None:
        return None
    taken = outbox.take(ledger, [pick.queue], pick.owner, _WHILE_STARTING, pick.most)
    if not taken:
        drop(ledger, [number], SlotState.SKIPPED, SlotReason.NOTHING_THERE)
        return None
    numbers = [one.number for one in taken]
    run = runs.start(ledger, wanted(numbers))
    outbox.handed_on(ledger, pick.owner, numbers)
    _end(ledger, row, SlotState.STARTED, run=run, note=f"{len(numbers)} messages of {pick.queue}")
    return run


def _still_due(number: int) -> ScheduleSlot | None:
    locked = ScheduleSlot.objects.select_for_update()
    return locked.filter(pk=number, state=SlotState.DUE).first()


def _end(
    ledger: Ledger, row: ScheduleSlot, state: SlotState, *, run: int | None = None, note: str = ""
) -> None:
    row.state, row.run_id, row.reason = state, run, ""
    row.note, row.decided_at = note[:200], ledger.now()
    row.save(update_fields=["state", "run", "reason", "note", "decided_at"])


def seen_to(ledger: Ledger, number: int, note: str) -> None:
    """A slot that came to slots of its own, such as one a file; they have the runs."""
    ScheduleSlot.objects.filter(pk=number, state=SlotState.DUE).update(
        state=SlotState.STARTED, reason="", note=note[:200], decided_at=ledger.now()
    )


def drop(ledger: Ledger, numbers: Sequence[int], state: SlotState, reason: SlotReason, note: str = "") -> int:
    """Ends slots that do not run, as missed or skipped; how many were due still."""
    return ScheduleSlot.objects.filter(pk__in=numbers, state=SlotState.DUE).update(
        state=state, reason=reason, note=note[:200], decided_at=ledger.now()
    )


def wait(number: int, reason: SlotReason) -> None:
    """Notes what a slot that is due waits for."""
    ScheduleSlot.objects.filter(pk=number, state=SlotState.DUE).exclude(reason=reason).update(reason=reason)


def running(schedule: str) -> tuple[int, datetime] | None:
    """The oldest run of the schedule that is not done, and since when it runs."""
    rows = Run.objects.filter(schedule=schedule, state=RunState.RUNNING).order_by("pk")
    return rows.values_list("pk", "created_at").first()


def ready_to_follow(ledger: Ledger, first: str, follower: str, since: datetime) -> list[SlotView]:
    """The slots of a schedule that ended since a time and that `follower` has not followed yet, the oldest first."""
    followed = ScheduleSlot.objects.filter(after=OuterRef("pk"), schedule=follower)
    over = Q(run__finished_at__gte=since) & ~Q(run__state=RunState.RUNNING)
    dropped = Q(state=SlotState.MISSED, decided_at__gte=since) & ~Q(reason=SlotReason.CAUGHT_UP)
    rows = ScheduleSlot.objects.filter(schedule=first, at__gte=ledger.now() - _FOLLOWED_FOR)
    found = rows.filter(over | dropped).filter(~Exists(followed)).select_related("run").order_by("pk")
    return [_view(ledger, row) for row in found]


def first_of(ledger: Ledger, number: int) -> SlotView:
    """The slot with which a chain began."""
    row = ScheduleSlot.objects.select_related("run").get(pk=number)
    while row.after is not None:
        row = ScheduleSlot.objects.select_related("run").get(pk=row.after.pk)
    return _view(ledger, row)


def has_messages(ledger: Ledger, queue: str) -> bool:
    """Whether messages of an office queue wait for somebody."""
    return bool(outbox.ready(ledger, [queue], 1))


@transaction.atomic
def pause(ledger: Ledger, names: Sequence[str], actor: str, length: timedelta | None) -> None:
    """Slots of these schedules are skipped from now on, for a while or until somebody resumes them."""
    now = ledger.now()
    first_seen(ledger, names)
    until = None if length is None else now + length
    _of(names).update(paused_at=now, paused_by=actor, paused_until=until, resumed_at=None)
    for name in names:
        after = {"schedule": name, "until": until.isoformat(timespec="seconds") if until else ""}
        audit.note(ledger, actor, "schedule paused", {}, after=after)


@transaction.atomic
def resume(ledger: Ledger, names: Sequence[str], actor: str) -> list[str]:
    """Slots of these schedules run again from now on; what was skipped stays so. Which of them were paused."""
    now = ledger.now()
    paused = [name for name, one in standings(names).items() if one.is_paused(now)]
    _of(paused).update(resumed_at=now)
    for name in paused:
        audit.note(ledger, actor, "schedule resumed", {}, after={"schedule": name})
    return paused


@transaction.atomic
def run_now(ledger: Ledger, schedule: str, new: NewSlot, wanted: runs.Start) -> int:
    """A slot and its run at once, because a person asks for it; the run's number."""
    _write(ledger, schedule, [new])
    row = ScheduleSlot.objects.get(schedule=schedule, slot=new.slot)
    run = runs.start(ledger, wanted)
    _end(ledger, row, SlotState.STARTED, run=run)
    return run
