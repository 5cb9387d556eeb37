"""Items: claimed under a lease, finished once, given back when a worker cannot go on."""

from collections.abc import Sequence
from datetime import timedelta

from django.db import transaction
from django.db.models import F, Q, QuerySet

from payerbots.errors import LeaseLost
from payerbots.ledger import audit
from payerbots.ledger.models import Attempt, Evidence, Item, ItemState
from payerbots.ledger.records import Claim, Ending, Ledger

ItemRows = QuerySet[Item, Item]
Only = Q
"""Which items a claim is restricted to: `of_run`, `referred_to`."""

_UNCOUNTED = ("given back", "interrupted", "lost")
_FINAL = (ItemState.DONE, ItemState.EXCEPTION, ItemState.PARKED)


def of_run(run: int) -> Only:
    """The items that a run asks for."""
    return Q(asked_by__run=run)


def referred_to(reference: str) -> Only:
    """The item of a reference."""
    return Q(reference=reference)


@transaction.atomic
def claim(
    ledger: Ledger, owner: str, bots: Sequence[str], portal: str, lease: timedelta, only: Only | None = None
) -> Claim | None:
    """The next item of `portal` (`""`: what needs none) becomes `owner`'s until the lease ends.

    By priority, then due time, then age; with `only` (`of_run`, `referred_to`) one of those. None when
    there is nothing to do now.
    """
    now = ledger.now()
    ready = Q(state=ItemState.NEW) | Q(state=ItemState.WAITING, not_before__lte=now)
    wanted = Item.objects.filter(ready, portal=portal, bot__in=bots)
    if only is not None:
        wanted = wanted.filter(only)
    item = wanted.order_by("-priority", F("due_at").asc(nulls_last=True), "pk").first()
    if item is None:
        return None
    taken = Item.objects.filter(ready, pk=item.pk, attempts=item.attempts).update(
        state=ItemState.RUNNING,
        attempts=F("attempts") + 1,
        lease_owner=owner,
        lease_until=now + lease,
        updated_at=now,
    )
    if not taken:
        return None
    number = item.attempts + 1
    Attempt.objects.create(item=item, number=number, revision=item.revision, owner=owner, started_at=now)
    return Claim(
        item=item.pk,
        kind=item.kind,
        bot=item.bot,
        portal=item.portal,
        attempt=number,
        owner=owner,
        failures=_failures(item),
        request=ledger.keys.unseal(item.request_sealed),
    )


def _failures(item: Item) -> tuple[str, ...]:
    ended = Attempt.objects.filter(item=item, revision=item.revision, ended_at__isnull=False)
    return tuple(ended.exclude(outcome__in=_UNCOUNTED).order_by("number").values_list("error", flat=True))


@transaction.atomic
def finish(ledger: Ledger, claim: Claim, ending: Ending) -> None:
    """Writes how the attempt ended: item, attempt, evidence and audit together.

    `LeaseLost` when the item is no longer this claim's; then nothing is written.
    """
    now = ledger.now()
    final = ending.state in _FINAL
    written = _held(claim).update(
        state=ending.state,
        reason=ending.reason,
        also=list(ending.also),
        drift=list(ending.drift),
        result_sealed=None if ending.result is None else ledger.keys.seal(ending.result),
        not_before=None if ending.wait is None else now + ending.wait,
        lease_owner="",
        lease_until=None,
        updated_at=now,
        finished_at=now if final else None,
    )
    if not written:
        raise LeaseLost(f"item {claim.item}, attempt {claim.attempt}")
    Attempt.objects.filter(item_id=claim.item, number=claim.attempt).update(
        ended_at=now, outcome=ending.outcome, reason=ending.reason, error=ending.error, note=ending.note[:200]
    )
    _keep_evidence(ledger, claim, ending)
    after = {"state": ending.state, "reason": ending.reason, "attempt": claim.attempt}
    audit.note(
        ledger, claim.owner, ending.outcome, {"item": claim.item}, before={"state": "running"}, after=after
    )


def _keep_evidence(ledger: Ledger, claim: Claim, ending: Ending) -> None:
    Evidence.objects.bulk_create(
        Evidence(
            item_id=claim.item,
            attempt=claim.attempt,
            kind=kept.kind,
            name=kept.name,
            sha256=kept.sha256,
            size=kept.size,
            created_at=ledger.now(),
        )
        for kept in ending.evidence
    )


def renew(ledger: Ledger, owner: str, lease: timedelta) -> int:
    """Prolongs every lease that `owner` still holds; how many those are."""
    now = ledger.now()
    return _mine(owner).filter(lease_until__gt=now).update(lease_until=now + lease)


@transaction.atomic
def release(ledger: Ledger, owner: str, why: str) -> int:
    """Gives back all that `owner` holds, without counting the attempts; how many those were."""
    return _give_back(ledger, _mine(owner), why)


@transaction.atomic
def take_back_expired(ledger: Ledger) -> int:
    """Items whose worker is gone become new again; how many those were."""
    expired = Item.objects.filter(state=ItemState.RUNNING, lease_until__lt=ledger.now())
    return _give_back(ledger, expired, "lost")


def _give_back(ledger: Ledger, items: ItemRows, why: str) -> int:
    now = ledger.now()
    numbers = list(items.values_list("pk", flat=True))
    Attempt.objects.filter(item__in=numbers, ended_at__isnull=True).update(ended_at=now, outcome=why)
    for number in numbers:
        audit.note(
            ledger, "recovery", why, {"item": number}, before={"state": "running"}, after={"state": "new"}
        )
    back = Item.objects.filter(pk__in=numbers)
    return back.update(state=ItemState.NEW, lease_owner="", lease_until=None, updated_at=now)


def _mine(owner: str) -> ItemRows:
    return Item.objects.filter(state=ItemState.RUNNING, lease_owner=owner)


def _held(claim: Claim) -> ItemRows:
    return _mine(claim.owner).filter(pk=claim.item, attempts=claim.attempt)
