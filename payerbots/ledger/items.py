"""Items: finished once by whoever holds them, given back when a worker cannot go on."""

import json
from collections import Counter
from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from django.db import transaction
from django.db.models import Q, QuerySet

from payerbots.errors import LeaseLost
from payerbots.ledger import audit, dialect, facts, intents, notices, outbox
from payerbots.ledger.claims import claim, first_ready
from payerbots.ledger.models import Attempt, Evidence, Item, ItemState
from payerbots.ledger.records import LONGEST_LEASE, Claim, Ending, Ledger
from payerbots.reasons import Reason

__all__ = ["claim", "finish", "first_ready", "release", "renew", "take_back_expired"]

ItemRows = QuerySet[Item, Item]

_FINAL = (ItemState.DONE, ItemState.EXCEPTION, ItemState.PARKED)
_ITEM = """
    UPDATE ledger_item SET state = %(state)s, reason = %(reason)s, also = %(also)s{json},
        drift = %(drift)s{json},
        result_sealed = %(result)s, not_before = {wait}, lease_owner = '', lease_until = NULL,
        updated_at = {now}, finished_at = {finished}
    WHERE id = %(item)s AND state = 'running' AND lease_owner = %(owner)s AND attempts = %(attempt)s
    RETURNING id
"""
_ATTEMPT = """
    UPDATE ledger_attempt SET ended_at = {now}, outcome = %(outcome)s, reason = %(reason)s,
        error = %(error)s, note = %(note)s
    WHERE item_id = %(item)s AND number = %(attempt)s {held}
"""
_AUDIT = """
    INSERT INTO ledger_audit (at, actor, action, item, portal, before, after)
    SELECT {now}, %(owner)s, %(outcome)s, {item}, '', %(before)s{json}, %(after)s{json} {held}
"""


def finish(ledger: Ledger, claim: Claim, ending: Ending) -> None:
    """Writes how the attempt ended: item, attempt, evidence, facts, messages and audit together.

    Written a second time, after an answer of the database was lost, it changes nothing. `LeaseLost` when
    the item is no longer this claim's; then nothing is written.
    """
    if dialect.is_postgres() and not _needs_more(ending):
        written = dialect.run(_on_postgres(ending), _values(ledger, claim, ending))
        if not written:
            _refuse(claim, ending)
        return
    with transaction.atomic():
        _finish(ledger, claim, ending)


def _needs_more(ending: Ending) -> bool:
    """Whether more is written with the ending than one statement can."""
    return bool(ending.evidence or ending.messages or ending.facts) or ending.reason == Reason.SENT_UNCERTAIN


def _finish(ledger: Ledger, claim: Claim, ending: Ending) -> None:
    values = _values(ledger, claim, ending)
    if dialect.is_postgres():
        written = dialect.run(_on_postgres(ending), values)
    else:
        written = dialect.run(_sqlite(_ITEM), values)
    if not written:
        _refuse(claim, ending)
        return
    if not dialect.is_postgres():
        dialect.run(_sqlite(_ATTEMPT), values)
        dialect.run(_sqlite(_AUDIT), values)
    _keep_evidence(ledger, claim, ending)
    if ending.reason == Reason.SENT_UNCERTAIN and intents.settled_since(claim):
        intents.no_longer_uncertain(ledger, claim)
        return
    facts.write(ledger, claim, ending.facts)
    outbox.write(ledger, claim, ending.messages)


def _sqlite(sql: str) -> str:
    return sql.format(
        now="%(now)s", wait="%(wait)s", finished="%(finished)s", item="%(item)s", held="", json=""
    )


def _on_postgres(ending: Ending) -> str:
    parts = {
        "now": "payerbots_now()",
        "wait": "payerbots_now() + %(wait)s::interval",
        "finished": "payerbots_now()" if ending.state in _FINAL else "NULL",
        "json": "::jsonb",
    }
    item = _ITEM.format(**parts)
    attempt = _ATTEMPT.format(**parts, held="AND EXISTS (SELECT 1 FROM written)")
    told = _AUDIT.format(**parts, item="id", held="FROM written")
    return f"WITH written AS ({item}), tried AS ({attempt}), told AS ({told}) SELECT id FROM written"  # noqa: S608 - our own text, values are parameters


def _values(ledger: Ledger, claim: Claim, ending: Ending) -> dict[str, Any]:
    after = {"state": ending.state, "reason": ending.reason, "attempt": claim.attempt}
    values = {
        "item": claim.item,
        "owner": claim.owner,
        "attempt": claim.attempt,
        "state": ending.state,
        "outcome": ending.outcome,
        "reason": ending.reason,
        "error": ending.error,
        "note": ending.note[:200],
        "also": json.dumps(list(ending.also)),
        "drift": json.dumps(list(ending.drift)),
        "result": None if ending.result is None else ledger.keys.seal(ending.result),
        "before": json.dumps({"state": "running"}),
        "after": json.dumps(after),
    }
    return values | ({"wait": ending.wait} if dialect.is_postgres() else _times(ledger, ending))


def _times(ledger: Ledger, ending: Ending) -> dict[str, Any]:
    now = ledger.now()
    return {
        "now": dialect.moment(now),
        "wait": dialect.moment(None if ending.wait is None else now + ending.wait),
        "finished": dialect.moment(now if ending.state in _FINAL else None),
    }


def _refuse(claim: Claim, ending: Ending) -> None:
    """Nothing, when this very ending is written already."""
    own = Attempt.objects.filter(item=claim.item, number=claim.attempt, owner=claim.owner)
    if not own.filter(ended_at__isnull=False, outcome=ending.outcome, error=ending.error).exists():
        raise LeaseLost(f"item {claim.item}, attempt {claim.attempt}")


def _keep_evidence(ledger: Ledger, claim: Claim, ending: Ending) -> None:
    if not ending.evidence:
        return
    now = ledger.now()
    Evidence.objects.bulk_create(
        Evidence(
            item_id=claim.item,
            attempt=claim.attempt,
            kind=kept.kind,
            name=kept.name,
            sha256=kept.sha256,
            size=kept.size,
            created_at=now,
        )
        for kept in ending.evidence
    )


def renew(ledger: Ledger, owner: str, held: Sequence[int], lease: timedelta) -> int:
    """Prolongs `owner`'s leases of the items that it works on; how many those are.

    Only of those: one that was claimed for it, but whose answer never came, runs out and goes to another.
    """
    now = ledger.now()
    running = _mine(owner).filter(pk__in=held, lease_until__gt=now)
    return running.update(lease_until=now + lease)


@transaction.atomic
def release(ledger: Ledger, owner: str, why: str) -> int:
    """Gives back all that `owner` holds, without counting the attempts; how many those were."""
    return _give_back(ledger, _mine(owner), why)


@transaction.atomic
def take_back_expired(ledger: Ledger) -> int:
    """Items whose worker is gone become new again; how many those were.

    One that was lost again and again is abandoned: whatever it does to its workers, a person looks first.
    """
    now = ledger.now()
    over = Q(lease_until__lt=now) | Q(lease_until__gt=now + LONGEST_LEASE)
    return _give_back(ledger, Item.objects.filter(over, state=ItemState.RUNNING), "lost")


def _give_back(ledger: Ledger, found: ItemRows, why: str) -> int:
    now = ledger.now()
    rows = list(found.select_for_update(skip_locked=True).values_list("pk", "revision", "portal"))
    numbers = [number for number, _, _ in rows]
    if not numbers:
        return 0
    Attempt.objects.filter(item__in=numbers, ended_at__isnull=True).update(ended_at=now, outcome=why)
    lost = _losses(numbers) if why == "lost" else Counter()
    for number, revision, portal in rows:
        enough = lost[number, revision] >= ledger.enough_losses
        _set_free(ledger, number, abandon=enough)
        after = {"state": ItemState.ABANDONED if enough else ItemState.NEW}
        audit.note(ledger, "recovery", why, {"item": number}, before={"state": "running"}, after=after)
        if enough:
            notices.tell(
                ledger,
                notices.News(
                    key=f"abandoned:{number}:{revision}",
                    kind="abandoned",
                    portal=portal,
                    reason=Reason.ATTEMPTS_USED_UP,
                    message=f"item {number} was lost with its worker {lost[number, revision]} times; "
                    f"look at it, then: payerbots items retry {number}",
                ),
            )
    return len(rows)


def _losses(numbers: Sequence[int]) -> Counter[tuple[int, int]]:
    lost = Attempt.objects.filter(item__in=numbers, outcome="lost")
    return Counter(lost.values_list("item", "revision"))


def _set_free(ledger: Ledger, number: int, *, abandon: bool) -> None:
    now = ledger.now()
    Item.objects.filter(pk=number).update(
        state=ItemState.ABANDONED if abandon else ItemState.NEW,
        reason=Reason.ATTEMPTS_USED_UP if abandon else "",
        lease_owner="",
        lease_until=None,
        updated_at=now,
        finished_at=now if abandon else None,
    )


def _mine(owner: str) -> ItemRows:
    return Item.objects.filter(state=ItemState.RUNNING, lease_owner=owner)
