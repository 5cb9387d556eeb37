"""Runs: started once, filled by their collect item, and looked at."""

from collections.abc import Iterator, Sequence
from datetime import date

from django.db import transaction
from django.db.models import Count

from payerbots.ledger import audit
from payerbots.ledger.items import finish
from payerbots.ledger.models import Item, ItemKind, ItemState, Run, RunItem, RunState
from payerbots.ledger.records import Claim, Ending, Ledger, NewItem, RunView

OPEN = (ItemState.NEW, ItemState.RUNNING, ItemState.WAITING)
"""States of an item that still has to run."""

_CHUNK = 500


def collect_reference(run: int, portal: str) -> str:
    """The reference of a run's collect item."""
    return f"collect:{run}:{portal}"


@transaction.atomic
def start(ledger: Ledger, bot: str, *, day: date, options: bytes, portals: Sequence[str], actor: str) -> int:
    """A new run with one collect item for each of `portals` (`""`: one for all). Returns its number."""
    now = ledger.now()
    run = Run.objects.create(bot=bot, day=day, options_sealed=ledger.keys.seal(options), created_at=now)
    for portal in portals:
        Item.objects.create(
            kind=ItemKind.COLLECT,
            bot=bot,
            reference=collect_reference(run.pk, portal),
            portal=portal,
            request_sealed=ledger.keys.seal(str(run.pk).encode()),
            created_at=now,
            updated_at=now,
        )
    audit.note(ledger, actor, "run started", {"run": run.pk})
    return run.pk


@transaction.atomic
def add_items(ledger: Ledger, claim: Claim, run: int, items: Sequence[NewItem]) -> int:
    """Puts what a collect item found into the ledger and ends it; both or neither. Returns how many were new.

    An item whose (bot, reference) is known is not added again: the run just points at it.
    `LeaseLost` when the collect item belongs to another worker by now.
    """
    added = 0
    for chunk in _chunks(items):
        known = _numbers(claim.bot, chunk)
        fresh = {item.reference: item for item in chunk if item.reference not in known}
        Item.objects.bulk_create([_row(ledger, claim.bot, item) for item in fresh.values()])
        added += len(fresh)
        numbers = _numbers(claim.bot, chunk)
        RunItem.objects.bulk_create(
            [RunItem(run_id=run, item_id=numbers[item.reference], place=item.place) for item in chunk],
            ignore_conflicts=True,
        )
    finish(ledger, claim, Ending(state=ItemState.DONE, outcome="done"))
    return added


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
    return Item(
        kind=item.kind,
        bot=bot,
        reference=item.reference,
        portal=item.portal,
        payer_id=item.payer_id,
        subject=item.subject,
        state=ItemState.EXCEPTION if unreadable else ItemState.NEW,
        reason=item.reason,
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
    collecting = Item.objects.filter(bot=row.bot, reference__startswith=collect_reference(run, ""))
    for state in collecting.exclude(state=ItemState.DONE).values_list("state", flat=True):
        counts[state] = counts.get(state, 0) + 1
    return RunView(
        id=row.pk,
        bot=row.bot,
        state=row.state,
        day=row.day,
        created_at=row.created_at,
        counts=counts,
        options=ledger.keys.unseal(row.options_sealed),
    )


@transaction.atomic
def end(ledger: Ledger, run: int, state: RunState, actor: str) -> None:
    """Closes a run: done, held by a portal, interrupted or failed. What it has not collected it never will."""
    collecting = Item.objects.filter(reference__startswith=collect_reference(run, ""), state__in=OPEN)
    collecting.update(state=ItemState.CANCELLED, updated_at=ledger.now(), finished_at=ledger.now())
    Run.objects.filter(pk=run).update(state=state, finished_at=ledger.now())
    audit.note(ledger, actor, "run ended", {"run": run}, after={"state": state})
