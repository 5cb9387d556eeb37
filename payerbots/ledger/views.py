"""What delivery and people read from the ledger."""

from collections.abc import Iterator, Sequence
from datetime import datetime

from django.db.models import Q

from payerbots.ledger import audit
from payerbots.ledger.models import Evidence, Item, ItemKind, ItemState, RunItem
from payerbots.ledger.records import Ledger, Row
from payerbots.ledger.runs import OPEN, collecting


def rows(ledger: Ledger, run: int) -> Iterator[Row]:
    """The rows of a run's input in order, each with the item that answers it."""
    asked = (
        RunItem.objects.filter(run=run, item__purged_at=None)
        .select_related("item")
        .prefetch_related("item__evidence", "item__tries")
    )
    for entry in asked.order_by("place").iterator(chunk_size=500):
        yield row_of(ledger, entry.item, entry.place)


def items(ledger: Ledger, bot: str, states: Sequence[ItemState]) -> Iterator[Row]:
    """A bot's items in these states, whichever run asked for them, the first one first; each is its own place."""
    found = Item.objects.filter(bot=bot, kind=ItemKind.WORK, state__in=states, purged_at=None)
    fetched = found.prefetch_related("evidence", "tries").order_by("pk")
    for item in fetched.iterator(chunk_size=500):
        yield row_of(ledger, item, item.pk)


def of_person(ledger: Ledger, bot: str, person: str) -> Iterator[Row]:
    """What a bot was answered about a person (a keyed hash), the first answer first."""
    answered = [ItemState.DONE, ItemState.EXCEPTION]
    found = Item.objects.filter(bot=bot, person=person, state__in=answered, result_sealed__isnull=False)
    for item in (
        found.filter(purged_at=None).prefetch_related("evidence", "tries").order_by("finished_at", "pk")
    ):
        yield row_of(ledger, item, item.pk)


def row_of(ledger: Ledger, item: Item, place: int, *, compared: bool = True) -> Row:
    """An item at a place of an input; its evidence and tries are best fetched before. `compared`: with the last answer."""
    kept = sorted(item.evidence.all(), key=lambda one: (one.attempt, one.pk))
    pictures = [one.name for one in kept if one.kind == "picture"]
    return Row(
        place=place,
        item=item.pk,
        kind=item.kind,
        portal=item.portal,
        state=item.state,
        reason=item.reason,
        also=tuple(item.also),
        attempts=item.attempts,
        note=_last_note(item),
        drift=tuple(item.drift),
        created_at=item.created_at,
        finished_at=item.finished_at,
        not_before=item.not_before,
        request=ledger.keys.unseal(item.request_sealed),
        result=_opened(ledger, item.result_sealed),
        previous=_previous(ledger, item) if compared else None,
        pictures=tuple(pictures),
    )


def _last_note(item: Item) -> str:
    """What went wrong in the last attempt; the prefetched rows are used."""
    tries = sorted(item.tries.all(), key=lambda one: one.number)
    return tries[-1].note if tries else ""


def open_by_portal(run: int, until: datetime) -> list[tuple[str, bool]]:
    """The portals for which the run has items to do before `until`, and whether one of them runs now."""
    later = Q(state=ItemState.WAITING, not_before__gt=until)
    left = [
        *Item.objects.filter(~later, asked_by__run=run, state__in=OPEN)
        .values_list("portal", "state")
        .distinct(),
        *collecting(run).filter(state__in=OPEN).values_list("portal", "state"),
    ]
    states: dict[str, set[str]] = {}
    for portal, state in left:
        states.setdefault(portal, set()).add(state)
    return [(portal, ItemState.RUNNING in found) for portal, found in states.items()]


def _opened(ledger: Ledger, sealed: bytes | memoryview | None) -> bytes | None:
    return None if sealed is None else ledger.keys.unseal(sealed)


def _previous(ledger: Ledger, item: Item) -> bytes | None:
    """The last answer about the same person and items before this one."""
    if item.kind != ItemKind.WORK or not item.subject:
        return None
    earlier = Item.objects.filter(
        bot=item.bot,
        subject=item.subject,
        pk__lt=item.pk,
        result_sealed__isnull=False,
        state__in=[ItemState.DONE, ItemState.EXCEPTION],
    )
    found = earlier.order_by("-pk").values_list("result_sealed", flat=True).first()
    return _opened(ledger, found)


def evidence_of(ledger: Ledger, item: int, kind: str, actor: str) -> str | None:
    """The name of an item's newest evidence of a kind; the look is audited."""
    found = Evidence.objects.filter(item=item, kind=kind).order_by("-attempt", "-pk").first()
    if found is None:
        return None
    audit.note(ledger, actor, "evidence opened", {"item": item}, after={"kind": kind})
    return found.name
