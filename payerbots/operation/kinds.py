"""The kinds of notices: how much each presses, and what it is called."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum


class Severity(StrEnum):
    """How much a notice presses: somebody acts now, somebody acts today, somebody knows."""

    INFO = "info"
    WARNING = "warning"
    URGENT = "urgent"

    @property
    def rank(self) -> int:
        """Higher presses more."""
        return list(Severity).index(self)


@dataclass(frozen=True)
class Kind:
    """A kind of notice. After `lifetime` nobody is told of it any more."""

    title: str
    severity: Severity
    lifetime: timedelta = timedelta(days=4)


_OTHER = Kind("Notices", Severity.WARNING)

KINDS: Mapping[str, Kind] = {
    "code": Kind("A one-time code is needed", Severity.URGENT, timedelta(minutes=30)),
    "stopped": Kind("Portals stopped", Severity.URGENT),
    "schedules": Kind("schedules.yaml", Severity.URGENT),
    "sla_missed": Kind("Later than promised", Severity.URGENT),
    "sla_at_risk": Kind("May be later than promised", Severity.WARNING, timedelta(hours=12)),
    "schedule": Kind("Schedules that did not run as they should", Severity.WARNING),
    "run_failed": Kind("Runs that failed", Severity.WARNING),
    "expected": Kind("Expected files that did not come", Severity.WARNING),
    "paused": Kind("Portals that do not answer", Severity.WARNING, timedelta(hours=12)),
    "abandoned": Kind("Items that were given up", Severity.WARNING),
    "deadline": Kind("Runs that delivered at their deadline", Severity.WARNING),
    "queue": Kind("Queues", Severity.WARNING),
    "money": Kind("Money", Severity.WARNING),
    "exceptions": Kind("Exceptions are waiting", Severity.INFO),
    "rechecks": Kind("Rechecks of coverage", Severity.INFO),
    "upkeep": Kind("What runs out soon", Severity.INFO, timedelta(days=7)),
    "summary": Kind("The day", Severity.INFO, timedelta(hours=20)),
    "test": Kind("A test", Severity.URGENT),
}
"""By the word in `Notice.kind`, the most pressing first."""


def kind(name: str) -> Kind:
    """The kind of a notice; one that is not known presses in the middle."""
    return KINDS.get(name, _OTHER)
