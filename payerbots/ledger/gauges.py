"""The ledger's state in numbers for machines that watch: no name, no person, and few series."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, Min, Q

from payerbots.ledger import beats
from payerbots.ledger.models import (
    Item,
    ItemKind,
    ItemState,
    Message,
    MessageState,
    Notice,
    Run,
    RunState,
)
from payerbots.ledger.records import Ledger
from payerbots.ledger.runs import OPEN

FOR_A_PERSON = (ItemState.EXCEPTION, ItemState.PARKED, ItemState.ABANDONED)


@dataclass(frozen=True)
class ItemCount:
    """How many items of a bot at a portal stand where, and since when the oldest of them waits."""

    bot: str
    portal: str
    state: str
    count: int
    oldest: datetime


@dataclass(frozen=True)
class Gauges:
    """All of it at one moment."""

    at: datetime
    items: list[ItemCount]
    runs: dict[str, int]
    workers: int
    notices: int
    messages: int


def gauges(ledger: Ledger, silent: timedelta) -> Gauges:
    """The state now; workers that told of themselves within `silent` are alive."""
    return Gauges(
        at=ledger.now(),
        items=item_counts(),
        runs=dict(
            Run.objects.filter(state__in=[RunState.RUNNING, RunState.HELD])
            .values_list("state")
            .annotate(Count("pk"))
            .order_by("state")
        ),
        workers=len(beats.alive(ledger, silent)),
        notices=Notice.objects.filter(sent_at=None).count(),
        messages=Message.objects.exclude(state=MessageState.DONE).count(),
    )


def item_counts() -> list[ItemCount]:
    """Items that are open or wait for a person, by bot, portal and state."""
    wanted = Item.objects.filter(Q(state__in=OPEN) | Q(state__in=FOR_A_PERSON)).exclude(kind=ItemKind.COLLECT)
    rows = wanted.values_list("bot", "portal", "state").annotate(Count("pk"), Min("created_at"))
    return [ItemCount(*row) for row in rows.order_by("bot", "portal", "state")]
