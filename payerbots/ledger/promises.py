"""Slots for whose end a time was promised, and items for whose age a limit was: how they stand."""

import statistics
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, Min, Q

from payerbots.ledger.models import Item, ItemKind, ItemState, Run, RunState, ScheduleSlot, SlotState
from payerbots.ledger.records import Ledger
from payerbots.ledger.runs import OPEN

_LATELY = timedelta(minutes=15)
_KNOWN_RUNS = 10


@dataclass(frozen=True, kw_only=True)
class Promise:
    """A slot that is to be done by a time. `left` items of its run are open; `ended_lately` ended in 15 minutes."""

    number: int
    schedule: str
    bot: str = ""
    start_at: datetime
    due_by: datetime
    state: str
    run: int | None = None
    run_state: str = ""
    began: datetime | None = None
    ended: datetime | None = None
    left: int = 0
    ended_lately: int = 0

    @property
    def kept(self) -> bool:
        """Whether its run was done by the time."""
        return self.run_state == RunState.DONE and self.ended is not None and self.ended <= self.due_by

    @property
    def is_open(self) -> bool:
        """Whether it can still be kept or missed: it was neither dropped nor done."""
        dropped = self.state in {SlotState.MISSED, SlotState.SKIPPED}
        return not dropped and self.run_state != RunState.DONE


def promises(first: datetime, last: datetime) -> list[Promise]:
    """The slots whose promised time lies from `first` up to `last`. A skipped one promised nothing.

    A slot that came to slots of its own, one a file, is left out: those have the runs.
    """
    rows = ScheduleSlot.objects.filter(due_by__gte=first, due_by__lt=last)
    rows = rows.exclude(state=SlotState.SKIPPED).exclude(state=SlotState.STARTED, run=None)
    return [_promise(row) for row in rows.select_related("run").order_by("due_by", "pk")]


def _promise(row: ScheduleSlot) -> Promise:
    run = row.run
    return Promise(
        number=row.pk,
        schedule=row.schedule,
        bot=run.bot if run else "",
        start_at=row.start_at,
        due_by=row.due_by or row.start_at,
        state=row.state,
        run=run.pk if run else None,
        run_state=run.state if run else "",
        began=run.created_at if run else None,
        ended=run.finished_at if run else None,
    )


def with_course(ledger: Ledger, promise: Promise) -> Promise:
    """The same with what is left of its run, and how fast it goes."""
    if promise.run is None:
        return promise
    items = Item.objects.filter(asked_by__run=promise.run)
    counted = items.aggregate(
        left=Count("pk", filter=Q(state__in=OPEN), distinct=True),
        lately=Count("pk", filter=Q(finished_at__gt=ledger.now() - _LATELY), distinct=True),
    )
    values = {**vars(promise), "left": counted["left"], "ended_lately": counted["lately"]}
    return Promise(**values)


def usual_length(schedule: str) -> timedelta | None:
    """How long the last runs of a schedule took in the middle; None: none was done yet."""
    rows = Run.objects.filter(schedule=schedule, state=RunState.DONE, finished_at__isnull=False)
    took = [
        (ended - began).total_seconds()
        for began, ended in rows.order_by("-pk").values_list("created_at", "finished_at")[:_KNOWN_RUNS]
        if ended is not None
    ]
    return timedelta(seconds=statistics.median(took)) if took else None


def oldest_items(bots: Iterable[str]) -> dict[str, datetime]:
    """When the oldest item that is open was made, by bot; a bot without one is left out."""
    return _oldest(Q(bot__in=list(bots), state__in=OPEN))


def oldest_for_a_person() -> dict[str, datetime]:
    """Since when the oldest item waits for a person, by bot."""
    states = (ItemState.EXCEPTION, ItemState.PARKED, ItemState.ABANDONED)
    return _oldest(Q(state__in=states), "finished_at")


def _oldest(which: Q, column: str = "created_at") -> dict[str, datetime]:
    rows = Item.objects.filter(which).exclude(kind=ItemKind.COLLECT).values_list("bot")
    found = rows.annotate(Min(column)).order_by("bot")
    return {bot: at for bot, at in found if at is not None}
