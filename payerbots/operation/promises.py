"""What schedules promise: whether it is kept, and whether it is at risk before it is missed."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from payerbots.domain.kpi_facts import Due
from payerbots.errors import ConfigError
from payerbots.ledger import promises as slots
from payerbots.ledger.kpi_views import Span
from payerbots.ledger.notices import News
from payerbots.ledger.promises import Promise
from payerbots.ledger.records import Ledger
from payerbots.schedule import reading
from payerbots.schedule.config import FILE, Book, Schedule
from payerbots.workspace import Workspace

MARGIN = timedelta(minutes=15)
"""How long before its time something that is not done is at risk in any case."""
_AHEAD, _BACK = timedelta(hours=24), timedelta(hours=12)
_AGE_AHEAD = timedelta(hours=2)
_LATELY_MINUTES = 15


def book_of(workspace: Workspace) -> Book | None:
    """The schedules; None while the file is wrong, of which the scheduler tells."""
    try:
        return reading.of_workspace(workspace, workspace.root / FILE)
    except ConfigError:
        return None


def kept(ledger: Ledger, zone: ZoneInfo, book: Book | None, first: date, last: date) -> list[Due]:
    """The promises of a time that are due by now, and whether they were kept."""
    span = Span(first, last, zone)
    return [
        Due(day=one.due_by.astimezone(zone).date(), bot=_bot(one, book), kept=one.kept)
        for one in slots.promises(span.start, min(span.end, ledger.now()))
    ]


def _bot(one: Promise, book: Book | None) -> str:
    known = book.schedules.get(one.schedule) if book else None
    return known.bot if known else one.bot


def expected_end(promise: Promise, usual: timedelta | None, now: datetime) -> datetime | None:
    """When it will be done as things go; None: nobody can say."""
    if promise.began is None:
        return None if usual is None else max(now, promise.start_at) + usual
    if promise.left and promise.ended_lately:
        return now + timedelta(minutes=promise.left * _LATELY_MINUTES / promise.ended_lately)
    return None if usual is None else max(now, promise.began + usual)


def is_at_risk(promise: Promise, usual: timedelta | None, now: datetime) -> bool:
    """Whether it may be missed: little time is left, or at this rate it will not do."""
    if now >= promise.due_by - MARGIN:
        return True
    end = expected_end(promise, usual, now)
    return promise.start_at <= now and end is not None and end > promise.due_by


@dataclass(frozen=True)
class Watch:
    """Looks at all that is promised, and says what people must be told."""

    ledger: Ledger
    zone: ZoneInfo
    book: Book | None

    def news(self) -> list[News]:
        """What is at risk or was missed."""
        return [*self._of_slots(), *self._of_ages()]

    def _of_slots(self) -> list[News]:
        now = self.ledger.now()
        found = []
        for one in slots.promises(now - _BACK, now + _AHEAD):
            if not one.is_open:
                continue
            if now >= one.due_by:
                found.append(self._slot_news("sla_missed", one, "is not done"))
            elif one.start_at <= now or now >= one.due_by - MARGIN:
                full = slots.with_course(self.ledger, one)
                if is_at_risk(full, slots.usual_length(one.schedule), now):
                    found.append(self._slot_news("sla_at_risk", full, "may not be done"))
        return found

    def _slot_news(self, kind: str, one: Promise, told: str) -> News:
        run = f"run {one.run}" if one.run else "its run has not begun"
        left = f", {one.left} items left" if one.left else ""
        by = one.due_by.astimezone(self.zone)
        message = f"{one.schedule}: promised by {by:%H:%M}, {told} ({run}{left})"
        bot = _bot(one, self.book)
        return News(key=f"{kind}:{one.number}", kind=kind, schedule=one.schedule, bot=bot, message=message)

    def _of_ages(self) -> list[News]:
        wanted = [one for one in self._schedules() if one.sla and one.sla.not_older_than]
        oldest = slots.oldest_items({one.bot for one in wanted})
        return [news for one in wanted if (news := self._age_news(one, oldest.get(one.bot)))]

    def _schedules(self) -> Sequence[Schedule]:
        return list(self.book.schedules.values()) if self.book else []

    def _age_news(self, one: Schedule, oldest: datetime | None) -> News | None:
        limit = one.sla.not_older_than if one.sla else None
        if oldest is None or limit is None or self.book is None:
            return None
        now, calendar = self.ledger.now(), self.book.calendars[one.calendar]
        zone = one.zone or self.book.zone
        if oldest < limit.oldest(now, calendar, zone):
            kind, told = "sla_missed", "is older than promised"
        elif oldest < limit.oldest(now + _AGE_AHEAD, calendar, zone):
            kind, told = "sla_at_risk", "will soon be older than promised"
        else:
            return None
        day = now.astimezone(self.zone).date()
        since = oldest.astimezone(self.zone)
        return News(
            key=f"{kind}:{one.name}:{day}",
            kind=kind,
            schedule=one.name,
            bot=one.bot,
            message=f"{one.name}: the oldest open item of {one.bot} waits since {since:%m/%d %H:%M} and {told}",
        )
