"""Notices: what a person must be told, once, by whatever sends notices."""

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
    schedule: str = ""
    reason: str = ""


def tell(ledger: Ledger, news: News) -> None:
    """Leaves a notice, unless it has been left before. Stands in the transaction of what it tells of."""
    values = {**vars(news), "message": news.message[:300], "at": ledger.now()}
    Notice.objects.bulk_create([Notice(**values)], ignore_conflicts=True)


def unsent(limit: int = 50) -> list[dict[str, Any]]:
    """Notices that nobody has sent yet, the oldest first."""
    rows = Notice.objects.filter(sent_at__isnull=True).order_by("pk")
    return [
        dict(row)
        for row in rows.values("id", "at", "kind", "portal", "login", "schedule", "reason", "message")[:limit]
    ]
