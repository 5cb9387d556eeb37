"""What the billing system said of the rows of the posting import; days to post are counted to there."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.db import transaction

from payerbots.ledger import audit, epochs
from payerbots.ledger.models import Payment, PostedRow, PostedState
from payerbots.ledger.models.money import ROW_LENGTH
from payerbots.ledger.records import Ledger

_CHUNK = 500


@dataclass(frozen=True, kw_only=True)
class Said:
    """What the billing system said of one row: taken at a time, or refused and why. `payment` where it is known."""

    row: str
    payment: int | None = None
    confirmed_at: datetime | None = None
    refused: str = field(default="", repr=False)
    """Its own words; they may name somebody and are kept sealed."""


@dataclass(frozen=True, kw_only=True)
class Confirmed:
    """What a confirm file came to, by rows. `kept`: refused after they were confirmed, which changes nothing."""

    confirmed: int = 0
    refused: int = 0
    known: int = 0
    kept: int = 0
    unusable: int = 0
    """Rows without an id, or that say neither, or of a payment that is none."""


@transaction.atomic
def confirm(ledger: Ledger, rows: Sequence[Said], actor: str = "") -> Confirmed:
    """Takes over what is new; the same file again changes nothing.

    A row that was refused can be confirmed later. One that was confirmed stays so: a row that is imported twice is
    refused the second time.
    """
    epochs.hold("posting")
    counts = dict.fromkeys(("confirmed", "refused", "known", "kept", "unusable"), 0)
    for start in range(0, len(rows), _CHUNK):
        chunk = rows[start : start + _CHUNK]
        numbers = {one.payment for one in chunk if one.payment is not None}
        payments = set(Payment.objects.filter(pk__in=numbers).values_list("pk", flat=True))
        held = PostedRow.objects.select_for_update().filter(row__in=[one.row for one in chunk]).order_by("pk")
        known = {row.row: row for row in held}
        for one in chunk:
            counts[_take(ledger, known, payments, one)] += 1
    if counts["confirmed"] or counts["refused"]:
        audit.note(ledger, actor, "posting confirmed", {}, after=counts)
    return Confirmed(**counts)


def _take(ledger: Ledger, known: dict[str, PostedRow], payments: set[int], said: Said) -> str:
    """Takes over one row; what it was."""
    if not _is_usable(said, payments):
        return "unusable"
    before = known.get(said.row)
    if before is not None and before.state == PostedState.CONFIRMED:
        return "kept" if said.refused else "known"
    if before is not None and said.refused and _why(ledger, before) == said.refused:
        return "known"
    row = before or PostedRow(row=said.row)
    row.payment_id = said.payment if said.payment is not None else row.payment_id
    row.state = PostedState.REFUSED if said.refused else PostedState.CONFIRMED
    row.confirmed_at = None if said.refused else said.confirmed_at
    row.why_sealed = ledger.keys.seal(said.refused.encode()) if said.refused else None
    row.told_at = ledger.now()
    row.save()
    known[said.row] = row
    return str(row.state)


def _is_usable(said: Said, payments: set[int]) -> bool:
    one_thing = (said.confirmed_at is None) == bool(said.refused)
    fits = 0 < len(said.row) <= ROW_LENGTH and "\0" not in said.row
    return one_thing and fits and (said.payment is None or said.payment in payments)


def _why(ledger: Ledger, row: PostedRow) -> str:
    return "" if row.why_sealed is None else ledger.keys.unseal(row.why_sealed).decode()


def refused(ledger: Ledger) -> dict[str, str]:
    """The rows that the billing system refused and has not taken since, with its words."""
    rows = PostedRow.objects.filter(state=PostedState.REFUSED).order_by("pk")
    return {row.row: _why(ledger, row) for row in rows.iterator(chunk_size=_CHUNK)}


def confirmed(rows: Sequence[str]) -> dict[str, datetime]:
    """When rows were confirmed, those that were."""
    found: dict[str, datetime] = {}
    for start in range(0, len(rows), _CHUNK):
        part = PostedRow.objects.filter(row__in=rows[start : start + _CHUNK], state=PostedState.CONFIRMED)
        found.update((row, at) for row, at in part.values_list("row", "confirmed_at") if at is not None)
    return found
