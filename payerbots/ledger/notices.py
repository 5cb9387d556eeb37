"""Notices: what a person must be told, once, by whatever sends notices."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from payerbots.ledger.models import Notice
from payerbots.ledger.records import Ledger


@dataclass(frozen=True, kw_only=True)
class News:
    """What happened. `key` names it: the same news is told once. Portals, logins and numbers only, nobody."""

    key: str
    kind: str
    message: str
    portal: str = ""
    login: str = ""
    bot: str = ""
    schedule: str = ""
    reason: str = ""


def tell(ledger: Ledger, news: News) -> None:
    """Leaves a notice, unless it has been left before. Stands in the transaction of what it tells of."""
    tell_all(ledger, [news])


def tell_all(ledger: Ledger, news: Iterable[News]) -> None:
    """Leaves notices, each unless it has been left before."""
    now = ledger.now()
    rows = [Notice(**{**vars(one), "message": one.message[:300], "at": now}) for one in news]
    Notice.objects.bulk_create(rows, ignore_conflicts=True)


def known(keys: Iterable[str]) -> set[str]:
    """Those of the keys under which a notice was left."""
    return set(Notice.objects.filter(key__in=list(keys)).values_list("key", flat=True))


def unsent(limit: int = 50) -> list[dict[str, Any]]:
    """Notices that not all have been told of yet, the oldest first."""
    rows = Notice.objects.filter(sent_at__isnull=True).order_by("pk")
    return [
        dict(row)
        for row in rows.values("id", "at", "kind", "portal", "login", "schedule", "reason", "message")[:limit]
    ]
