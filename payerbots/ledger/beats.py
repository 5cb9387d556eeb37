"""Workers as they tell of themselves: who is alive, where, and how busy."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from payerbots.ledger.models import WorkerBeat
from payerbots.ledger.records import Ledger

FORGOTTEN_AFTER = timedelta(days=1)


@dataclass(frozen=True, kw_only=True)
class Beat:
    """What a worker tells: `state` is working, draining or gone; `places` how many items it takes at once."""

    owner: str
    host: str
    pid: int
    state: str
    portals: list[str] = field(default_factory=list)
    places: int
    busy: int = 0
    ended: int = 0
    megabytes: int = 0


def tell(ledger: Ledger, beat: Beat) -> None:
    """Keeps a worker's last word."""
    now = ledger.now()
    values = {**vars(beat), "seen_at": now}
    WorkerBeat.objects.update_or_create(
        owner=beat.owner, defaults=values, create_defaults={**values, "started_at": now}
    )


def alive(ledger: Ledger, within: timedelta) -> list[dict[str, Any]]:
    """Workers that told of themselves within that time and are not gone, the oldest first."""
    rows = WorkerBeat.objects.filter(seen_at__gt=ledger.now() - within).exclude(state="gone")
    names = ("owner", "host", "pid", "state", "portals", "places", "busy", "ended", "megabytes")
    return [dict(row) for row in rows.order_by("pk").values(*names, "started_at", "seen_at")]


def overdue(ledger: Ledger, within: timedelta) -> list[dict[str, Any]]:
    """Workers that did not say good-bye, but have not been heard of for longer than that time."""
    rows = WorkerBeat.objects.filter(seen_at__lte=ledger.now() - within).exclude(state="gone")
    return [dict(row) for row in rows.order_by("pk").values("owner", "host", "pid", "busy", "seen_at")]


def forget(ledger: Ledger) -> int:
    """Drops workers of which nothing was heard for a day; how many."""
    before: datetime = ledger.now() - FORGOTTEN_AFTER
    return WorkerBeat.objects.filter(seen_at__lt=before).delete()[0]
