"""The journal of irreversible acts: an intent is committed before the act and confirmed after it.

An intent without a confirmation may have been carried out or not. Nobody acts again under its key before the
portal has been asked, or a person has looked. Every write here is durable: it is on disk when it returns.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Subquery

from payerbots.errors import LeaseLost
from payerbots.ledger import audit
from payerbots.ledger.models import Attempt, Intent, IntentState, Item, ItemState
from payerbots.ledger.records import LONGEST_LEASE, Claim, Ledger
from payerbots.reasons import Reason


@dataclass(frozen=True)
class Act:
    """What is done once: an action at a portal, under a key (a keyed hash)."""

    portal: str
    action: str
    key: str


@dataclass(frozen=True, kw_only=True)
class Former:
    """What is known of an act that was meant before.

    `token` names that try; `over` says that its page takes no click any more, and `settled` that the portal
    has had its settle time since.
    """

    state: str
    token: str
    confirmation: str
    act_before: datetime
    over: bool
    settled: bool
    wait: timedelta
    """How long until it is settled."""


def former(ledger: Ledger, act: Act, settle: timedelta) -> Former | None:
    """What an earlier try left behind; None when nobody ever meant to do this."""
    row = Intent.objects.filter(**vars(act)).first()
    if row is None:
        return None
    now = ledger.now()
    if row.act_before > now + LONGEST_LEASE:
        _set_right(row, now)
    settled_at = row.act_before + settle
    return Former(
        state=row.state,
        token=row.token,
        confirmation=row.confirmation,
        act_before=row.act_before,
        over=row.act_before <= now,
        settled=settled_at <= now,
        wait=max(settled_at - now, timedelta(0)),
    )


def _set_right(row: Intent, now: datetime) -> None:
    """Written by a clock that is wrong: it was written by now at the latest, and its page closes a lease later."""
    row.intended_at, row.act_before = now, now + (row.act_before - row.intended_at)
    row.save(update_fields=["intended_at", "act_before"])


def begin(ledger: Ledger, claim: Claim, act: Act, token: str, lease: timedelta) -> timedelta:
    """Commits that `claim`'s worker is about to act, and prolongs its lease; how long it may act from now.

    Called again with the same `token`, after an answer of the database was lost, it is still that try.
    `LeaseLost` when the item is another's, or somebody else has meant or done the same.
    """
    with transaction.atomic(durable=True):
        now = ledger.now()
        held = Item.objects.filter(
            pk=claim.item,
            state=ItemState.RUNNING,
            lease_owner=claim.owner,
            attempts=claim.attempt,
            lease_until__gt=now,
        )
        if not held.update(lease_until=now + lease):
            raise LeaseLost(f"item {claim.item}, attempt {claim.attempt}")
        _write(ledger, claim, act, token, now + lease)
        after = {"action": act.action, "attempt": claim.attempt}
        audit.note(ledger, claim.owner, "intended", {"item": claim.item}, after=after)
        return lease


def _write(ledger: Ledger, claim: Claim, act: Act, token: str, act_before: datetime) -> None:
    fresh = {
        "item_id": claim.item,
        "attempt": claim.attempt,
        "token": token,
        "state": IntentState.OPEN,
        "intended_at": ledger.now(),
        "act_before": act_before,
        "ended_at": None,
        "confirmation": "",
    }
    row, made = Intent.objects.select_for_update().get_or_create(**vars(act), defaults=fresh)
    if made or row.token == token:
        return
    if row.state != IntentState.ABSENT:
        raise LeaseLost(f"item {claim.item}: {act.action} is another's")
    Intent.objects.filter(pk=row.pk).update(**fresh)


def confirm(ledger: Ledger, claim: Claim, act: Act, token: str, confirmation: str) -> bool:
    """Commits that the act of a try was done, with the portal's number (at most 80 characters).

    `token` is that of one's own try, or of an earlier one that the portal knows. It counts even when the
    lease is over: what has happened has happened. False when another try took its place.
    """
    return _end(ledger, claim, (act, token), IntentState.DONE, confirmation)


def found_absent(ledger: Ledger, claim: Claim, act: Act, token: str) -> bool:
    """Commits that the portal, after its settle time, knows nothing of an earlier try."""
    return _end(ledger, claim, (act, token), IntentState.ABSENT, "")


def _end(ledger: Ledger, claim: Claim, which: tuple[Act, str], state: str, confirmation: str) -> bool:
    act, token = which
    with transaction.atomic(durable=True):
        list(Item.objects.select_for_update().filter(pk=claim.item).values_list("pk"))
        open_one = Intent.objects.filter(**vars(act), token=token)
        changed = open_one.filter(state=IntentState.OPEN).update(
            state=state, confirmation=confirmation[:80], ended_at=ledger.now()
        )
        if not changed:
            return open_one.filter(state=state).exists()
        after = {"action": act.action, "confirmation": confirmation[:80]}
        name = "act confirmed" if state == IntentState.DONE else "act not found"
        audit.note(ledger, claim.owner, name, {"item": claim.item}, after=after)
        if state == IntentState.DONE:
            no_longer_uncertain(ledger, claim)
        return True


def settled_since(claim: Claim) -> bool:
    """Whether an act of the item was confirmed while `claim`'s attempt took it for uncertain."""
    began = Attempt.objects.filter(item=claim.item, number=claim.attempt).values("started_at")[:1]
    own = Intent.objects.filter(item=claim.item)
    if own.filter(state=IntentState.OPEN).exists():
        return False
    return own.filter(state=IntentState.DONE, ended_at__gte=Subquery(began)).exists()


def no_longer_uncertain(ledger: Ledger, claim: Claim) -> None:
    """An item that is parked because nobody could tell goes on, now that the word has come.

    The word of an earlier try may come before the later one has parked the item, or after: whoever of the two
    holds the item's row last sees what the other wrote.
    """
    waits = Item.objects.filter(pk=claim.item, state=ItemState.PARKED, reason=Reason.SENT_UNCERTAIN)
    if waits.update(state=ItemState.NEW, reason="", updated_at=ledger.now(), finished_at=None):
        audit.note(ledger, claim.owner, "no longer uncertain", {"item": claim.item}, after={"state": "new"})


def open_ones(item: int) -> int:
    """How many acts of an item may have been done or not."""
    return Intent.objects.filter(item=item, state=IntentState.OPEN).count()


def rule(ledger: Ledger, item: int, *, done: bool) -> None:
    """A person has looked on the portal: the open acts of an item were done, or were not."""
    state = IntentState.DONE if done else IntentState.ABSENT
    Intent.objects.filter(item=item, state=IntentState.OPEN).update(state=state, ended_at=ledger.now())
