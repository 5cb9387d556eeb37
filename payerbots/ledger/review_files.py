"""Workbooks of decisions that were taken in: by their SHA-256, with what their rows came to."""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import F

from payerbots.ledger import audit
from payerbots.ledger.models import ReviewFile
from payerbots.ledger.records import Ledger


@dataclass(frozen=True, kw_only=True)
class Counts:
    """What a workbook's rows came to: decisions taken, and rows that stay open."""

    taken: int
    open: int


@transaction.atomic
def keep(ledger: Ledger, sha256: str, size: int, by: str, counts: Counts) -> datetime | None:
    """Notes that a workbook was taken in; when that was for the first time, if it has been before."""
    now = ledger.now()
    made = {
        "size": size,
        "by": by,
        "first_at": now,
        "last_at": now,
        "taken": counts.taken,
        "open": counts.open,
    }
    row, fresh = ReviewFile.objects.get_or_create(sha256=sha256, defaults=made)
    told = {"taken": counts.taken, "open": counts.open, "again": not fresh}
    audit.note(ledger, by, "review taken in", {}, after=told)
    if fresh:
        return None
    ReviewFile.objects.filter(pk=row.pk).update(
        last_at=now, times=F("times") + 1, taken=F("taken") + counts.taken, open=counts.open
    )
    return row.first_at


def is_done(sha256: str) -> bool:
    """Whether this very workbook was taken in, and no row of it stayed open."""
    return ReviewFile.objects.filter(sha256=sha256, open=0).exists()
