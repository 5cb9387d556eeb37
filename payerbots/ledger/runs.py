"""Runs: started once, filled by their collect item, and looked at."""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from django.db import transaction
from django.db.models import Count, Q, QuerySet

from payerbots.ledger import audit, watermarks
from payerbots.ledger.items import finish
from payerbots.ledger.models import NEVER, Item, ItemKind, ItemState, Run, RunItem, RunState
from payerbots.ledger.records import LONGEST_LEASE, Claim, Ending, Fact, Ledger, NewItem, RunView

OPEN = (ItemState.NEW, ItemState.RUNNING, ItemState.WAITING)
"""States of an item that still has to run."""

LATER = timedelta(hours=1)
"""What waits longer than this, such as a file that is promised for tomorrow, no run waits for."""

_APART = 1_000_000
"""Between the places of what two portals list in one run: each list counts its own."""

_CHUNK = 500


def collect_reference(run: int, portal: str) -> str:
    """The reference of a run's collect item."""
    return f"collect:{run}:{portal}"


def collecting(run: int) -> QuerySet[Item, Item]:
    """The collect items of a run."""
    return Item.objects.filter(kind=ItemKind.COLLECT, reference__startswith=collect_reference(run, ""))


@dataclass(frozen=True, kw_only=True)
class Start:
    """A run to be: its bot, the office's day, and options as JSON; a collect item for each of `portals`.

    `portals` of `("",)` is one for all. `keeper` sees it to its end; without one, a worker will. `schedule` and
    `slot`, together unique, say what started it; at its `deadline` it delivers what there is.
    """

    bot: str
    day: date
    options: bytes = field(repr=False)
    portals: Sequence[str]
    actor: str
    keeper: str = ""
    priority: int = 0
    schedule: str | None = None
    slot: str | None = None
    deadline: datetime | None = None


@transaction.atomic
def start(ledger: Ledger, wanted: Start, lease: timedelta = timedelta(0)) -> int:
    """A new run with its collect items, kept for the time of `lease`. Returns its number."""
    now = ledger.now()
    run = Run.objects.create(
        bot=wanted.bot,
        schedule=wanted.schedule,
        slot=wanted.slot,
        deadline_at=wanted.deadline,
        day=wanted.day,
        options_sealed=ledger.keys.seal(wanted.options),
        created_at=now,
        keeper=wanted.keeper,
        keeper_until=now + lease if wanted.keeper else None,
    )
    for portal in wanted.portals:
        Item.objects.create(
            kind=ItemKind.COLLECT,
            bot=wanted.bot,
            reference=collect_reference(run.pk, portal),
            portal=portal,
            priority=wanted.priority,
            request_sealed=ledger.keys.seal(str(run.pk).encode()),
            created_at=now,
            updated_at=now,
        )
    audit.note(ledger, wanted.actor, "run started", {"run": run.pk})
    return run.pk


def keep(ledger: Ledger, run: int, owner: str, lease: timedelta) -> bool:
    """Takes or prolongs the keeping of a run; False when another keeps it."""
    now = ledger.now()
    over = Q(keeper_until__lte=now) | Q(keeper_until__gt=now + LONGEST_LEASE)
    free = Q(keeper="") | Q(keeper=owner) | over
    return bool(Run.objects.filter(free, pk=run).update(keeper=owner, keeper_until=now + lease))


def unkept(ledger: Ledger, bots: Sequence[str]) -> list[int]:
    """Runs whose end nobody sees to: running ones, and held ones for which nothing is left to wait for."""
    now = ledger.now()
    free = Q(keeper="") | Q(keeper_until__lte=now) | Q(keeper_until__gt=now + LONGEST_LEASE)
    mine = Run.objects.filter(free, bot__in=bots, state__in=[RunState.RUNNING, RunState.HELD])
    found = mine.order_by("pk").values_list("pk", "state")
    return [run for run, state in found if state == RunState.RUNNING or not left(run)]


def let_go(owner: str) -> None:
    """Leaves the runs that `owner` keeps to others."""
    Run.objects.filter(keeper=owner).update(keeper="", keeper_until=None)


def left(run: int) -> bool:
    """Whether the run has items that still have to run."""
    return Item.objects.filter(asked_by__run=run, state__in=OPEN).exists()


@transaction.atomic
def add_items(
    ledger: Ledger,
    claim: Claim,
    run: int,
    items: Sequence[NewItem],
    watermark: str | None = None,
    facts: Sequence[Fact] = (),
) -> int:
    """Puts what a collect item found into the ledger and ends it; both or neither. Returns how many were new.

    With `watermark`, the bot has collected so far at this portal from now on. An item whose (bot, reference) is known is not added again: the run just points at it.
    `LeaseLost` when the collect item belongs to another worker by now.
    """
    added = 0
    apart = collecting(run).filter(pk__lt=claim.item).count() * _APART
    for chunk in _chunks(items):
        known = _numbers(claim.bot, chunk)
        fresh = {item.reference: item for item in chunk if item.reference not in known}
        rows = [_row(ledger, claim.bot, item) for item in fresh.values()]
        Item.objects.bulk_create(rows, ignore_conflicts=True)
        added += len(fresh)
        numbers = _numbers(claim.bot, chunk)
        elsewhere = _listed_elsewhere(run, apart, numbers.values())
        RunItem.objects.bulk_create(
            [
                RunItem(run_id=run, item_id=numbers[item.reference], place=apart + item.place)
                for item in chunk
                if numbers[item.reference] not in elsewhere
            ],
            ignore_conflicts=True,
        )
    if watermark is not None:
        watermarks.put(ledger, claim.bot, claim.portal, watermark)
    finish(ledger, claim, Ending(state=ItemState.DONE, outcome="done", facts=facts))
    return added


def _listed_elsewhere(run: int, apart: int, items: Iterable[int]) -> set[int]:
    """Those of the items that another list of the run has already: each stands in one list only."""
    own = Q(place__gte=apart, place__lt=apart + _APART)
    found = RunItem.objects.filter(~own, run=run, item__in=items)
    return set(found.values_list("item", flat=True))


def _chunks(items: Sequence[NewItem]) -> Iterator[Sequence[NewItem]]:
    for start_at in range(0, len(items), _CHUNK):
        yield items[start_at : start_at + _CHUNK]


def _numbers(bot: str, items: Sequence[NewItem]) -> dict[str, int]:
    references = {item.reference for item in items}
    found = Item.objects.filter(bot=bot, reference__in=references).values_list("reference", "pk")
    return dict(found)


def _row(ledger: Ledger, bot: str, item: NewItem) -> Item:
    now = ledger.now()
    unreadable = item.kind == ItemKind.UNREADABLE
    later = item.not_before is not None and item.not_before > now
    return Item(
        kind=item.kind,
        bot=bot,
        reference=item.reference,
        portal=item.portal,
        payer_id=item.payer_id,
        subject=item.subject,
        person=item.person,
        state=ItemState.EXCEPTION if unreadable else ItemState.WAITING if later else ItemState.NEW,
        reason=item.reason,
        priority=item.priority,
        due_at=item.due_at or NEVER,
        not_before=item.not_before,
        amount=item.amount,
        request_sealed=ledger.keys.seal(item.request),
        created_at=now,
        updated_at=now,
        finished_at=now if unreadable else None,
    )


def exists(run: int) -> bool:
    """Whether there is a run of this number."""
    return Run.objects.filter(pk=run).exists()


def look(ledger: Ledger, run: int) -> RunView:
    """The run with the counts of its items by state; its own collect items count too."""
    row = Run.objects.get(pk=run)
    asked = Item.objects.filter(pk__in=RunItem.objects.filter(run=run).values("item"))
    counts = dict(asked.values_list("state").annotate(Count("pk")))
    states = list(collecting(run).exclude(state=ItemState.DONE).values_list("state", flat=True))
    for state in states:
        counts[state] = counts.get(state, 0) + 1
    return RunView(
        id=row.pk,
        bot=row.bot,
        state=row.state,
        day=row.day,
        created_at=row.created_at,
        counts=counts,
        options=ledger.keys.unseal(row.options_sealed),
        collecting=tuple(states),
        deadline=row.deadline_at,
    )


def note_delivered(ledger: Ledger, run: int, files: Mapping[str, str]) -> None:
    """Keeps where the files lie that a run delivered, by what they are; sealed, for a path may name somebody."""
    Run.objects.filter(pk=run).update(delivered_sealed=ledger.keys.seal(json.dumps(dict(files)).encode()))


def delivered(ledger: Ledger, run: int) -> dict[str, str]:
    """The files that a run delivered, by what they are; none before it delivered, and when that was purged."""
    sealed = Run.objects.values_list("delivered_sealed", flat=True).get(pk=run)
    found: dict[str, str] = {} if sealed is None else json.loads(ledger.keys.unseal(sealed))
    return found


@transaction.atomic
def end(ledger: Ledger, run: int, state: RunState, actor: str) -> None:
    """Closes a run: done, held by a portal, interrupted or failed. What it has not collected it never will."""
    collecting(run).filter(state__in=OPEN).update(
        state=ItemState.CANCELLED, updated_at=ledger.now(), finished_at=ledger.now()
    )
    Run.objects.filter(pk=run).update(state=state, finished_at=ledger.now(), keeper="", keeper_until=None)
    audit.note(ledger, actor, "run ended", {"run": run}, after={"state": state})
