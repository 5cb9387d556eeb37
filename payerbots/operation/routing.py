"""Which notice goes to whom, and when: pure, over what `notices.yaml` says."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from zoneinfo import ZoneInfo

from payerbots.ledger.notice_deliveries import Planned, Told, Waiting
from payerbots.operation.kinds import Severity, kind
from payerbots.operation.people import Notices, Person, quiet_until


@dataclass(frozen=True)
class Routing:
    """Who is told of what here. `schedules` names, by schedule, whom `tell` in schedules.yaml names."""

    notices: Notices
    zone: ZoneInfo
    schedules: Mapping[str, Collection[str]] = field(default_factory=dict)

    def plan(self, notice: Told, now: datetime) -> list[Planned]:
        """Who is told of a notice, and from when on. Nobody is, when it is too old to be of use."""
        if now - notice.at > kind(notice.kind).lifetime:
            return []
        return [
            self._planned(person, notice, now)
            for person in self.notices.people.values()
            if self.concerns(person, notice)
        ]

    def concerns(self, person: Person, notice: Told) -> bool:
        """Whether a person is told of a notice at all. Whom the schedule itself names is told in any case."""
        if notice.kind == "summary":
            return person.summary
        if notice.schedule and person.name in self.schedules.get(notice.schedule, ()):
            return True
        return (
            self.notices.presses(notice.kind).rank >= person.least.rank
            and (not person.kinds or notice.kind in person.kinds)
            and _about(person.portals, notice.portal)
            and _about(person.bots, notice.bot)
            and _about(person.schedules, notice.schedule)
        )

    def _planned(self, person: Person, notice: Told, now: datetime) -> Planned:
        severity = self.notices.presses(notice.kind)
        urgent = severity is Severity.URGENT
        due = now if urgent or notice.kind == "summary" else now + self.notices.gather
        if severity.rank < person.despite_quiet.rank and notice.kind != "summary":
            due = quiet_until(person, self.zone, due) or due
        return Planned(person.name, due, urgent)

    def may_be_told(self, waiting: Waiting, now: datetime) -> bool:
        """Whether it is time: what is urgent comes at once, the rest no oftener than `at_most_every`."""
        if waiting.urgent or waiting.last_at is None:
            return True
        return now - waiting.last_at >= self.notices.at_most_every


def _about(wanted: tuple[str, ...], name: str) -> bool:
    """Whether what a notice is about is wanted; one that is about nothing of the kind is."""
    return not wanted or not name or name in wanted
