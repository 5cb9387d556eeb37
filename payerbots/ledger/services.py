"""Processes that are no workers, as they tell of themselves."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from payerbots.ledger.models import ServiceBeat
from payerbots.ledger.records import Ledger

GONE = "gone"
_FORGOTTEN_AFTER = timedelta(days=1)


@dataclass(frozen=True, kw_only=True)
class Service:
    """A process: `name` is what it does, `owner` who it is."""

    owner: str
    name: str
    host: str
    pid: int


def tell(ledger: Ledger, service: Service, state: str) -> None:
    """Keeps a service's last word; those of which nothing was heard for a day are dropped."""
    now = ledger.now()
    values = {**vars(service), "state": state, "seen_at": now}
    ServiceBeat.objects.update_or_create(
        owner=service.owner, defaults=values, create_defaults={**values, "started_at": now}
    )
    ServiceBeat.objects.filter(seen_at__lt=now - _FORGOTTEN_AFTER).delete()


def gone(service: Service) -> None:
    """The service has ended."""
    ServiceBeat.objects.filter(owner=service.owner).update(state=GONE)


def alive(ledger: Ledger, within: timedelta) -> list[dict[str, Any]]:
    """Services that told of themselves within that time, by name."""
    heard = ServiceBeat.objects.filter(seen_at__gt=ledger.now() - within)
    rows = heard.exclude(state=GONE).order_by("name", "pk")
    return [dict(row) for row in rows.values("name", "host", "pid", "state", "started_at", "seen_at")]
