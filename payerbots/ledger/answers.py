"""When somebody was last answered about the same person and items, by keyed hash."""

from collections.abc import Sequence
from datetime import datetime

from django.db.models import Max

from payerbots.ledger.models import Item, ItemKind, ItemState

_CHUNK = 500


def last_answered(bot: str, subjects: Sequence[str]) -> dict[str, datetime]:
    """The last answer of a bot about each subject; one that was never answered is left out."""
    found: dict[str, datetime] = {}
    for start in range(0, len(subjects), _CHUNK):
        rows = Item.objects.filter(
            bot=bot,
            kind=ItemKind.WORK,
            subject__in=subjects[start : start + _CHUNK],
            result_sealed__isnull=False,
            state__in=[ItemState.DONE, ItemState.EXCEPTION],
        )
        found.update(rows.values_list("subject").annotate(Max("finished_at")).order_by())
    return found
