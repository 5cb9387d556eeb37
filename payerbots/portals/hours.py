"""When a portal may be used: its opening hours and its maintenance windows, in its own time zone.

Windows are wall-clock times. A wall time that a clock change skips stands for the moment at which the clocks
jump; one that comes twice stands for its first coming, both at the beginning and at the end of a window.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import MAXYEAR, UTC, date, datetime, time, timedelta
from typing import Annotated, Any
from zoneinfo import ZoneInfo, available_timezones

from pydantic import BeforeValidator, field_validator, model_validator

from payerbots.yamlfile import Strict

_DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_WEEKLY = re.compile(r"([A-Za-z,\- ]+?)\s+(\d{1,2}:\d{2})\s*-\s*(\d{1,2}:\d{2})")
_ONCE = re.compile(r"(\d{4}-\d\d-\d\d)[ T](\d{1,2}:\d{2})\s*-\s*(\d{4}-\d\d-\d\d)[ T](\d{1,2}:\d{2})")
_AHEAD = timedelta(days=60)
_ONE_DAY = timedelta(days=1)

Span = tuple[datetime, datetime]
"""From a moment to a moment, both aware UTC; the end is no part of it."""


@dataclass(frozen=True)
class Window:
    """A window that comes every week on `days` (Monday is 0), or once from `first` to `last`.

    Times are minutes of the day; an `end` beyond 1440 is on the day after.
    """

    days: frozenset[int] = frozenset()
    start: int = 0
    end: int = 0
    first: datetime | None = None
    last: datetime | None = None

    def spans(self, zone: ZoneInfo, day: date) -> Iterator[Span]:
        """The span that begins on `day`, if one does."""
        if self.first is not None and self.last is not None:
            if self.first.date() == day:
                yield instant(self.first, zone), instant(self.last, zone)
        elif day.weekday() in self.days:
            midnight = datetime.combine(day, time())
            start, end = (midnight + timedelta(minutes=one) for one in (self.start, self.end))
            yield instant(start, zone), instant(end, zone)


def instant(wall: datetime, zone: ZoneInfo) -> datetime:
    """A wall time in UTC; a skipped one is the moment of the jump."""
    at = wall.replace(tzinfo=zone).astimezone(UTC)
    if at.astimezone(zone).replace(tzinfo=None) == wall:
        return at
    early, late = (wall.replace(tzinfo=zone, fold=fold).utcoffset() for fold in (1, 0))
    gap = abs((early or timedelta()) - (late or timedelta()))
    return _jump(at - gap, at, zone)


def _jump(before: datetime, after: datetime, zone: ZoneInfo) -> datetime:
    """The moment between two at which the zone's offset changes, to the second."""
    first = before.astimezone(zone).utcoffset()
    while after - before > timedelta(seconds=1):
        middle = before + (after - before) / 2
        if middle.astimezone(zone).utcoffset() == first:
            before = middle
        else:
            after = middle
    return after.replace(microsecond=0)


def window(text: object) -> Window:
    """`Mon-Fri 06:00-20:00`, `Sat,Sun 22:00-02:00`, or `2026-12-24 18:00 - 2026-12-26 06:00`."""
    if isinstance(text, Window):
        return text
    told = str(text).strip()
    if found := _ONCE.fullmatch(told):
        first, last = _moment(found[1], found[2]), _moment(found[3], found[4])
        if last <= first:
            raise ValueError("an end after the start")
        return Window(first=first, last=last)
    found = _WEEKLY.fullmatch(told)
    if not found:
        raise ValueError("such as Mon-Fri 06:00-20:00, or 2026-12-24 18:00 - 2026-12-26 06:00")
    start, end = _minutes(found[2]), _minutes(found[3])
    return Window(days=_days(found[1]), start=start, end=end if end > start else end + 1440)


def _moment(day: str, clock: str) -> datetime:
    try:
        found = date.fromisoformat(day)
    except ValueError:
        found = date.max
    if not 2000 <= found.year < MAXYEAR:  # noqa: PLR2004 - the last year has no morrow to reckon with
        raise ValueError(f"days of the calendar from 2000-01-01 to 9998-12-31; found {day!r}")
    return datetime.combine(found, time()) + timedelta(minutes=_minutes(clock))


def _minutes(clock: str) -> int:
    hours, minutes = (int(part) for part in clock.split(":"))
    found = hours * 60 + minutes
    if minutes > 59 or found > 1440:  # noqa: PLR2004 - minutes of an hour and of a day
        raise ValueError("a time of day from 00:00 to 24:00")
    return found


def _days(text: str) -> frozenset[int]:
    return frozenset(day for part in text.replace(" ", "").split(",") for day in _range(part))


def day_names(value: object) -> frozenset[int]:
    """`Mon-Fri`, or `Mon, Thu`, as numbers of days; Monday is 0."""
    return frozenset(value) if isinstance(value, frozenset | set) else _days(str(value))


def _range(part: str) -> list[int]:
    first, dash, last = part.partition("-")
    try:
        low, high = (_DAYS.index(name.lower()) for name in (first, last if dash else first))
    except ValueError:
        raise ValueError(f"days Mon, Tue, Wed, Thu, Fri, Sat, Sun, or Mon-Fri; found {part!r}") from None
    return [(low + step) % 7 for step in range((high - low) % 7 + 1)]


def _listed(value: object) -> object:
    return value if isinstance(value, (list, tuple)) else [value]


Windows = Annotated[tuple[Annotated[Any, BeforeValidator(window)], ...], BeforeValidator(_listed)]


class Hours(Strict):
    """A portal's hours: `open` windows (none: always) without its `closed` ones."""

    zone: str
    open: Windows = ()
    closed: Windows = ()

    @field_validator("zone")
    @classmethod
    def _known_zone(cls, name: str) -> str:
        if name not in available_timezones():
            raise ValueError("a time zone such as America/New_York")
        return name

    @model_validator(mode="after")
    def _says_something(self) -> "Hours":
        if not self.open and not self.closed:
            raise ValueError("open, closed or both")
        return self

    def is_open(self, now: datetime) -> bool:
        """Whether the portal may be used at an aware time."""
        now = now.astimezone(UTC)
        return any(start <= now < end for start, end in self._open_spans(now, now))

    def next_open(self, now: datetime) -> datetime | None:
        """The earliest moment from `now` on at which it is open, in UTC; None: not within 60 days."""
        now = now.astimezone(UTC)
        starts = (max(start, now) for start, end in self._open_spans(now, now + _AHEAD) if end > now)
        return min((start for start in starts if start <= now + _AHEAD), default=None)

    def closes(self, now: datetime) -> datetime | None:
        """When it next closes, in UTC; None: not within 60 days."""
        now = now.astimezone(UTC)
        ends = sorted(end for _, end in self._open_spans(now, now + _AHEAD) if end > now)
        return next((end for end in ends if end <= now + _AHEAD and not self.is_open(end)), None)

    def _open_spans(self, first: datetime, last: datetime) -> list[Span]:
        """The open spans that touch the time between two moments, closed ones cut out."""
        around = (first - 2 * _ONE_DAY, last + 2 * _ONE_DAY)
        spans = self._of(self.open, *around) if self.open else [around]
        for closed in self._of(self.closed, *around):
            spans = [part for span in spans for part in _without(span, closed)]
        return _joined(spans)

    def _of(self, windows: Windows, first: datetime, last: datetime) -> list[Span]:
        zone = ZoneInfo(self.zone)
        once = [one for one in windows if one.first is not None]
        found = [span for one in once for span in one.spans(zone, one.first.date())]
        day, end = first.astimezone(zone).date(), last.astimezone(zone).date()
        while day <= end:
            found += [span for one in windows if one.first is None for span in one.spans(zone, day)]
            day += _ONE_DAY
        return found


def _without(span: Span, cut: Span) -> list[Span]:
    start, end = span
    parts = [(start, min(end, cut[0])), (max(start, cut[1]), end)]
    return [part for part in parts if part[0] < part[1]]


def _joined(spans: list[Span]) -> list[Span]:
    """Spans that touch or overlap, as one; empty ones, which a clock change skips, are left out."""
    found: list[Span] = []
    for start, end in sorted(span for span in spans if span[0] < span[1]):
        if found and start <= found[-1][1]:
            found[-1] = (found[-1][0], max(found[-1][1], end))
        else:
            found.append((start, end))
    return found
