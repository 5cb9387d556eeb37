"""Concerns within payments, as conclusions have them: new, changed, over, and back again."""

import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal

from payerbots.domain.conclusions import Concern
from payerbots.errors import ConclusionRefused
from payerbots.ledger import audit, models
from payerbots.ledger.audit import Change
from payerbots.ledger.facts import is_money
from payerbots.ledger.money_views import in_chunks
from payerbots.ledger.records import Ledger
from payerbots.reasons import Reason

ABOUT = ("patient", "account", "claim", "payer_claim", "detail")
"""What is kept sealed of a concern."""

Rows = dict[tuple[int, str], models.Concern]
_BATCH = 200


def check(concerns: Sequence[Concern], payments: Collection[int]) -> None:
    """`ConclusionRefused` for a concern that cannot be kept."""
    keys = [(one.payment, one.key) for one in concerns]
    if len(keys) != len(set(keys)):
        raise ConclusionRefused("a concern comes twice")
    for one in concerns:
        named = f"a concern of payment {one.payment}"
        if one.payment not in payments:
            raise ConclusionRefused(f"{named}, which has no standing")
        if one.reason not in Reason.__members__:
            raise ConclusionRefused(f"{named}: no reason {one.reason!r}")
        if not is_money(one.dollars) or not one.key:
            raise ConclusionRefused(f"{named}: not in whole cents, or without a key")


def write(ledger: Ledger, actor: str, concerns: Sequence[Concern], payments: Mapping[int, object]) -> int:
    """Writes the concerns of these payments; how many changed. What is not among them any more is over."""
    known: Rows = {
        (row.payment_id, row.key): row
        for row in in_chunks(models.Concern.objects.all(), "payment", sorted(payments))
    }
    wanted = {(one.payment, ledger.keys.hashed("concern", one.key)): one for one in concerns}
    over = [row for place, row in known.items() if place not in wanted and row.over_at is None]
    fresh = [_new(ledger, place, one) for place, one in wanted.items() if place not in known]
    moved = [
        row
        for place, row in known.items()
        if (one := wanted.get(place)) is not None and not _stands(ledger, row, one)
    ]
    models.Concern.objects.bulk_create(fresh, batch_size=_BATCH)
    for row in moved:
        _move(ledger, row, wanted[row.payment_id, row.key])
    for row in over:
        row.over_at = ledger.now()
    columns = ["reason", "dollars", "due", "due_why", "about_sealed", "stood_at", "over_at", "purged_at"]
    models.Concern.objects.bulk_update([*moved, *over], columns, batch_size=_BATCH)
    _tell(ledger, actor, "concern", [*fresh, *moved])
    _tell(ledger, actor, "concern over", over)
    return len(fresh) + len(moved) + len(over)


def _new(ledger: Ledger, place: tuple[int, str], one: Concern) -> models.Concern:
    payment, key = place
    row = models.Concern(payment_id=payment, key=key, found_at=ledger.now())
    _move(ledger, row, one)
    return row


def _move(ledger: Ledger, row: models.Concern, one: Concern) -> None:
    row.reason, row.dollars, row.due, row.due_why = _clear(one)
    row.about_sealed = ledger.keys.seal(_about(one))
    row.stood_at, row.over_at, row.purged_at = ledger.now(), None, None


def _stands(ledger: Ledger, row: models.Concern, one: Concern) -> bool:
    same = (row.reason, row.dollars, row.due, row.due_why) == _clear(one)
    return same and row.over_at is None and ledger.keys.unseal(row.about_sealed) == _about(one)


def _clear(one: Concern) -> tuple[str, Decimal, date | None, str]:
    return one.reason, one.dollars, one.due, one.due_why


def _about(one: Concern) -> bytes:
    return json.dumps({name: getattr(one, name) for name in ABOUT}).encode()


def _tell(ledger: Ledger, actor: str, action: str, rows: Iterable[models.Concern]) -> None:
    changes = [
        Change(
            after={"payment": row.payment_id, "reason": row.reason, "dollars": f"{row.dollars:.2f}"},
        )
        for row in rows
    ]
    audit.notes(ledger, actor, action, changes)
