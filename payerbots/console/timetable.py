"""What `schedules.yaml` says, read again when it has changed; and a week of it as a drawing."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from payerbots.console.office import office
from payerbots.errors import ConfigError
from payerbots.schedule.config import FILE, Book
from payerbots.schedule.reading import of_workspace
from payerbots.schedule.slots import next_slot
from payerbots.schedule.week import Band, Mark, Week

_WIDTH, _HEAD, _SIDE, _HOUR = 1180, 44, 46, 26
_COLOURS = 8
_LETTER, _INSET = 7.4, 6
"""How wide a letter of a box is at most, and how far from its edge words begin."""
_NOTE = 26
"""So many letters of what is special of a day fit over it."""
_READABLE = 9
"""Where fewer letters fit, only the time is told."""


@dataclass
class _Known:
    """The last reading: of which file, when it was written, and what it said."""

    of: tuple[str, int] = ("", 0)
    book: Book | None = None
    problem: str = ""


_known = _Known()


def book() -> tuple[Book | None, str]:
    """The schedules, or what is wrong with the file."""
    file = office().space.root / FILE
    of = (str(file), file.stat().st_mtime_ns if file.exists() else 0)
    if _known.of != of:
        _known.book, _known.problem = None, ""
        try:
            _known.book = of_workspace(office().space)
        except ConfigError as error:
            _known.problem = str(error)
        _known.of = of
    return _known.book, _known.problem


def coming(found: Book, names: list[str], now: datetime) -> dict[str, datetime]:
    """The next slot of each schedule that has one."""
    slots = {name: next_slot(found.timing(name), now) for name in names}
    return {name: slot.start_at for name, slot in slots.items() if slot is not None}


@dataclass(frozen=True)
class Box:
    """A rectangle of the drawing with its words."""

    x: float
    y: float
    width: float
    height: float
    colour: int
    text: str
    title: str


@dataclass(frozen=True)
class Column:
    """A day of the drawing."""

    x: float
    width: float
    name: str
    note: str
    today: bool
    closed: bool


@dataclass(frozen=True)
class Drawing:
    """A week, in the units of its view box."""

    width: int
    height: int
    head: int
    columns: Sequence[Column]
    hours: Sequence[tuple[float, str]]
    boxes: Sequence[Box]


def drawing(week: Week, today: datetime) -> Drawing:
    """A week as boxes."""
    wide = (_WIDTH - _SIDE) / len(week.days)
    bots = {bot: number % _COLOURS for number, bot in enumerate(week.bots)}
    columns, boxes = [], []
    for number, day in enumerate(week.days):
        left = _SIDE + number * wide
        closed = bool(day.closed) and not day.closed[0].startswith("until")
        note = ", ".join([*day.closed, *([day.clocks] if day.clocks else [])])
        note = note if len(note) <= _NOTE else f"{note[: _NOTE - 1].rstrip(' ,')}…"
        columns.append(Column(left, wide, f"{day.day:%a %d}", note, today.date() == day.day, closed))
        boxes += [_band(week, one, (left, wide), bots[one.bot]) for one in day.bands]
        boxes += [_mark(week, one, (left, wide), bots[one.bot]) for one in day.marks]
    span = week.last_hour - week.first_hour
    hours = [
        (_HEAD + (hour - week.first_hour) * _HOUR, f"{hour:02d}:00")
        for hour in range(week.first_hour, week.last_hour + 1, 2)
    ]
    return Drawing(_WIDTH, _HEAD + span * _HOUR + 8, _HEAD, columns, hours, boxes)


def _at(week: Week, minute: int) -> float:
    return _HEAD + (minute / 60 - week.first_hour) * _HOUR


def _band(week: Week, one: Band, place: tuple[float, float], colour: int) -> Box:
    left, wide = place
    top, end = _at(week, one.start), _at(week, one.end)
    return Box(left + wide - 14, top, 10, end - top, colour, "", one.label)


def _mark(week: Week, one: Mark, place: tuple[float, float], colour: int) -> Box:
    left, wide = place
    room = (wide - 18) / one.lanes
    top, end = _at(week, one.start), _at(week, one.end)
    fits = int((room - 3 - 2 * _INSET) / _LETTER)
    text = one.label if len(one.label) <= fits else f"{one.label[: fits - 1]}…"
    if fits < _READABLE:
        text = one.label.split()[0]
    title = "; ".join([one.label, *one.lines])
    return Box(left + 2 + one.lane * room, top, room - 3, end - top, colour, text, title)


def of_bot(found: Book, bot: str) -> list[str]:
    """The schedules of a bot."""
    return [name for name, one in found.schedules.items() if one.bot == bot]
