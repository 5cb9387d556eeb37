"""What a person's decision does to an item. The CLI, workbooks and the console all come through here."""

from dataclasses import dataclass, field

from django.db import transaction
from django.db.models import F

from payerbots.domain.decisions import Decision
from payerbots.errors import DecisionRefused
from payerbots.ledger import audit, intents
from payerbots.ledger.models import Item, ItemKind, ItemState
from payerbots.ledger.records import Ledger

_ENDED_BADLY = (ItemState.EXCEPTION, ItemState.PARKED, ItemState.ABANDONED)
_DECIDABLE = {
    Decision.SEND_BACK: (*_ENDED_BADLY, ItemState.CANCELLED),
    Decision.CORRECTED: (*_ENDED_BADLY, ItemState.CANCELLED),
    Decision.RESOLVED: _ENDED_BADLY,
}
_AFTER = {
    Decision.SEND_BACK: ItemState.NEW,
    Decision.CORRECTED: ItemState.NEW,
    Decision.RESOLVED: ItemState.DONE,
}


@dataclass(frozen=True, kw_only=True)
class Ruling:
    """A decision as somebody made it. `revision` is the one that they saw; `request` a corrected one.

    `not_sent` says that they looked on the portal: an act that may have been done was not. Without it, an
    item that is sent back asks the portal first, and resolved by hand means that the act was done.
    """

    item: int
    decision: Decision
    by: str
    revision: int | None = None
    not_sent: bool = False
    request: bytes | None = field(default=None, repr=False)


@transaction.atomic
def decide(ledger: Ledger, ruling: Ruling) -> str:
    """Applies a decision once; the item's new state.

    Sent back, the item begins a new revision, for which its former failures do not count.
    `DecisionRefused` when the item has moved on since, or the decision does not fit it.
    """
    item = Item.objects.filter(pk=ruling.item).first()
    if item is None or item.kind == ItemKind.COLLECT:
        raise DecisionRefused(f"there is no item {ruling.item}")
    _check(item, ruling)
    after = _AFTER[ruling.decision]
    again = after == ItemState.NEW
    changes: dict[str, object] = {"state": after, "updated_at": ledger.now(), "not_before": None}
    if again:
        changes |= {"revision": F("revision") + 1, "reason": "", "also": [], "finished_at": None}
    if ruling.request is not None:
        changes["request_sealed"] = ledger.keys.seal(ruling.request)
    held = Item.objects.filter(pk=item.pk, state=item.state, revision=item.revision)
    if not held.update(**changes):
        raise DecisionRefused(f"item {item.pk} has moved on")
    if ruling.not_sent or not again:
        intents.rule(ledger, item.pk, done=not ruling.not_sent)
    _tell(ledger, item, ruling, after)
    return after


def _check(item: Item, ruling: Ruling) -> None:
    if ruling.revision is not None and ruling.revision != item.revision:
        raise DecisionRefused(f"item {item.pk} has moved on: revision {item.revision}, not {ruling.revision}")
    allowed = _DECIDABLE.get(ruling.decision, ())
    if item.state not in allowed:
        wanted = ", ".join(allowed) or "nothing yet"
        raise DecisionRefused(f"item {item.pk} is {item.state}; `{ruling.decision}` fits {wanted}")
    if ruling.not_sent and not intents.open_ones(item.pk):
        raise DecisionRefused(f"item {item.pk} has no act that may have been done")
    if (ruling.decision is Decision.CORRECTED) != (ruling.request is not None):
        raise DecisionRefused("corrected values go with `corrected - send back`, and only with it")
    if item.kind == ItemKind.UNREADABLE and ruling.decision is Decision.SEND_BACK:
        raise DecisionRefused(
            f"item {item.pk} is a row that cannot be read: correct the list and run it again"
        )


def _tell(ledger: Ledger, item: Item, ruling: Ruling, after: str) -> None:
    audit.note(
        ledger,
        ruling.by,
        str(ruling.decision),
        {"item": item.pk},
        before={"state": item.state, "reason": item.reason, "revision": item.revision},
        after={"state": after, "corrected": ruling.request is not None, "not_sent": ruling.not_sent},
    )


@transaction.atomic
def cancel(ledger: Ledger, number: int, by: str) -> None:
    """Takes an item that has not run yet out of the work. `DecisionRefused` when it runs or has ended."""
    open_states = [ItemState.NEW, ItemState.WAITING, ItemState.PARKED]
    held = Item.objects.filter(pk=number, state__in=open_states).exclude(kind=ItemKind.COLLECT)
    if not held.update(state=ItemState.CANCELLED, updated_at=ledger.now(), finished_at=ledger.now()):
        raise DecisionRefused(f"item {number} is not waiting: it runs, has ended, or is none")
    audit.note(ledger, by, "cancelled", {"item": number}, after={"state": ItemState.CANCELLED})
