"""A week of all schedules as marks on a calendar: what the picture shows, before it is drawn."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from payerbots.portals.hours import instant
from payerbots.schedule.config import Book, Schedule
from payerbots.schedule.slots import Slot, slots
from payerbots.schedule.words import length, promised, what, when

_ONE_DAY = timedelta(days=1)
_DAYS = 7
_MINUTES = 1440
_HOUR = 60
MARK_MINUTES = 45
"""How much of the day a mark covers, so that its words have room."""
_WINDOW = (6 * _HOUR, 18 * _HOUR)
"""The hours that are always shown."""


@dataclass(frozen=True)
class Mark:
    """A slot on a day: from `start` to `end` in minutes of the day, in one of `lanes` beside each other."""

    schedule: str
    bot: str
    start: int
    end: int
    label: str
    lines: tuple[str, ...] = ()
    lane: int = 0
    lanes: int = 1


@dataclass(frozen=True)
class Band:
    """Slots of an `every`, as one band from the first to the end of the last, in minutes of the day."""

    schedule: str
    bot: str
    start: int
    end: int
    label: str


@dataclass(frozen=True)
class Day:
    """One day: why calendars are closed on it, from when on half days, what the clocks do, and its marks."""

    day: date
    closed: tuple[str, ...]
    clocks: str
    marks: tuple[Mark, ...]
    bands: tuple[Band, ...]


@dataclass(frozen=True)
class Told:
    """A schedule in the list below the week."""

    schedule: str
    bot: str
    when: str
    zone: str
    calendar: str
    what: str
    promised: str


@dataclass(frozen=True)
class Week:
    """A week from Monday on, in one zone, with the hours that are shown."""

    zone: ZoneInfo
    days: tuple[Day, ...]
    first_hour: int
    last_hour: int
    schedules: tuple[Told, ...]
    drawn_at: datetime
    bots: tuple[str, ...] = field(default=())


def week_of(book: Book, day: date, now: datetime) -> Week:
    """The week in which a day lies, in the office's zone."""
    monday = day - timedelta(days=day.weekday())
    days = tuple(_day(book, monday + timedelta(days=number)) for number in range(_DAYS))
    drawn: list[Mark | Band] = []
    for each in days:
        drawn += [*each.marks, *each.bands]
    return Week(
        zone=book.zone,
        days=days,
        first_hour=max(0, min([_WINDOW[0], *(one.start for one in drawn)]) // _HOUR),
        last_hour=min(24, -(-max([_WINDOW[1], *(one.end for one in drawn)]) // _HOUR)),
        schedules=tuple(_told(book, one) for one in book.schedules.values()),
        drawn_at=now.astimezone(book.zone),
        bots=tuple(dict.fromkeys(one.bot for one in book.schedules.values())),
    )


def _told(book: Book, one: Schedule) -> Told:
    zone = (one.zone or book.zone).key
    return Told(one.name, one.bot, when(one), zone, one.calendar, what(one), promised(one))


def _day(book: Book, day: date) -> Day:
    first, last = (instant(datetime.combine(one, time()), book.zone) for one in (day, day + _ONE_DAY))
    marks: list[Mark] = []
    bands: list[Band] = []
    for one in book.schedules.values():
        found = slots(book.timing(one.name), first, last)
        if one.every is not None and len(found) > 1:
            bands.append(_band(book, one, found))
        else:
            marks += [_mark(book, one, slot) for slot in found]
    return Day(day, _closed(book, day), _clocks(book.zone, day), tuple(_beside(marks)), tuple(bands))


def _band(book: Book, one: Schedule, found: Sequence[Slot]) -> Band:
    start = _minute(book, found[0].at)
    end = min(_MINUTES, _minute(book, found[-1].at) + int((one.every or _ONE_DAY).total_seconds()) // 60)
    return Band(
        one.name, one.bot, start, max(end, start + 1), f"{one.name} every {length(one.every or _ONE_DAY)}"
    )


def _mark(book: Book, one: Schedule, slot: Slot) -> Mark:
    start = min(_minute(book, slot.at), _MINUTES - MARK_MINUTES)
    here = slot.at.astimezone(book.zone)
    lines = [f"done by {one.sla.done_by:%H:%M}"] if one.sla and one.sla.done_by else []
    if one.zone is not None and one.zone.key != book.zone.key and slot.wall != here.replace(tzinfo=None):
        lines.append(f"{slot.wall:%H:%M} {one.zone.key.rpartition('/')[2].replace('_', ' ')}")
    if slot.is_moved:
        lines.append(f"named {slot.nominal:%H:%M}")
    lines += [f"then {name}" for name in _after(book, one.name)]
    return Mark(one.name, one.bot, start, start + MARK_MINUTES, f"{here:%H:%M} {one.name}", tuple(lines))


def _after(book: Book, name: str) -> Iterable[str]:
    """What follows a schedule, and what follows that."""
    for one in book.followers(name):
        yield one.name
        yield from _after(book, one.name)


def _minute(book: Book, at: datetime) -> int:
    here = at.astimezone(book.zone)
    return here.hour * _HOUR + here.minute


def _beside(marks: Iterable[Mark]) -> list[Mark]:
    """Marks that would cover each other, side by side."""
    placed: list[Mark] = []
    group: list[Mark] = []
    for one in sorted(marks, key=lambda mark: (mark.start, mark.schedule)):
        if group and one.start >= max(mark.end for mark in group):
            placed += _in_lanes(group)
            group = []
        group.append(one)
    return placed + _in_lanes(group)


def _in_lanes(group: Sequence[Mark]) -> list[Mark]:
    ends: list[int] = []
    lanes: list[int] = []
    for one in group:
        lane = next((number for number, end in enumerate(ends) if end <= one.start), len(ends))
        ends[lane : lane + 1] = [one.end]
        lanes.append(lane)
    return [
        Mark(one.schedule, one.bot, one.start, one.end, one.label, one.lines, lane, len(ends))
        for one, lane in zip(group, lanes, strict=True)
    ]


def _closed(book: Book, day: date) -> tuple[str, ...]:
    """Why the calendars in use are closed on a day, or from when on."""
    found: dict[str, None] = {}
    for one in book.schedules.values():
        calendar = book.calendars[one.calendar]
        why, end = calendar.closed(day), calendar.ends(day)
        if why is not None:
            found[why] = None
        elif end is not None:
            found[f"until {end:%H:%M}"] = None
    return tuple(found)


def _clocks(zone: ZoneInfo, day: date) -> str:
    """What the clocks do on a day; empty on most."""
    first, last = (
        datetime.combine(one, time(), tzinfo=zone).astimezone(UTC) for one in (day, day + _ONE_DAY)
    )
    if last - first == _ONE_DAY:
        return ""
    return "clocks go forward" if last - first < _ONE_DAY else "clocks go back"
