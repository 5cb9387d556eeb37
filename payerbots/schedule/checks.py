"""What may surprise in a `schedules.yaml` that is right: clock changes, closed portals, logins in use, closed days."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from payerbots.portals.config import Portal
from payerbots.schedule.calendars import BUILT_IN, Base
from payerbots.schedule.config import Book, Schedule, Timing
from payerbots.schedule.slots import Slot, next_slot, slots

_A_YEAR = timedelta(days=400)
_A_WHILE = timedelta(days=14)
_A_RUN = timedelta(minutes=30)
"""How long a run is thought to take that has no deadline."""


@dataclass(frozen=True)
class Finding:
    """What may surprise, about a schedule."""

    schedule: str
    text: str


@dataclass(frozen=True)
class Checked:
    """What is looked at: the schedules, the portals each of them uses, the workspace, and the time."""

    book: Book
    portals: Mapping[str, Portal]
    uses: Callable[[Schedule], Sequence[str]]
    root: Path
    now: datetime


def findings(checked: Checked) -> list[Finding]:
    """All that may surprise, schedule by schedule."""
    found: list[Finding] = []
    for one in checked.book.schedules.values():
        found += [Finding(one.name, text) for text in _of(checked, one)]
    return [*found, *_logins(checked)]


def _of(checked: Checked, one: Schedule) -> Iterator[str]:
    timing = checked.book.timing(one.name)
    yield from _input(checked.root, one)
    if one.cron is None and one.every is None:
        return
    if next_slot(timing, checked.now) is None:
        yield "it never runs: its calendar is closed whenever it would"
        return
    yield from _clock_changes(timing, checked.now)
    yield from _closed_days(timing, checked.now)
    yield from _hours(checked, one, timing)


def _input(root: Path, one: Schedule) -> Iterator[str]:
    if one.input is not None and one.input.folder and not (root / one.input.folder).is_dir():
        yield f"its folder {one.input.folder} is not there"


def _clock_changes(timing: Timing, now: datetime) -> Iterator[str]:
    """What a change of the clocks does to slots between 01:00 and 02:59, where such a day comes within the year."""
    if timing.cron is None:
        return
    for slot in slots(timing, now, now + _A_YEAR):
        named, day = f"{slot.nominal:%H:%M}", f"{slot.nominal:%a %Y-%m-%d}"
        if slot.is_moved:
            yield f"{named} does not exist on {day}, when the clocks go forward: it runs at {slot.wall:%H:%M}"
        elif _comes_twice(slot, timing):
            yield f"{named} comes twice on {day}, when the clocks go back: it runs once, at the first"


def _comes_twice(slot: Slot, timing: Timing) -> bool:
    first, second = (slot.nominal.replace(tzinfo=timing.zone, fold=fold) for fold in (0, 1))
    return first.utcoffset() != second.utcoffset()


def _closed_days(timing: Timing, now: datetime) -> Iterator[str]:
    """Days of the month on which the calendar is closed: such a month has no run."""
    if timing.cron is None or not timing.cron.names_days_of_the_month:
        return
    always = replace(timing, calendar=BUILT_IN[Base.EVERY_DAY])
    missing = [
        slot for slot in slots(always, now, now + _A_YEAR) if not timing.calendar.runs_at(slot.nominal)
    ]
    if missing:
        day = missing[0].nominal.date()
        why = timing.calendar.closed(day) or "half day"
        yield (
            f"{len(missing)} of its days in the next 400 are closed ({day:%a %Y-%m-%d}, {why} is the first): "
            "it runs on no other day instead"
        )


def _hours(checked: Checked, one: Schedule, timing: Timing) -> Iterator[str]:
    """Slots at which a portal that it uses is closed."""
    coming = slots(timing, checked.now, checked.now + _A_WHILE)
    for name in checked.uses(one):
        hours = checked.portals[name].hours
        if hours is None:
            continue
        closed = [slot for slot in coming if not hours.is_open(slot.start_at)]
        if closed:
            first = closed[0]
            opens = hours.next_open(first.start_at)
            then = f"; it opens {opens.astimezone(timing.zone):%a %H:%M}" if opens else ""
            yield (
                f"{name} is closed at {len(closed)} of {len(coming)} slots in the next two weeks, first at "
                f"{first.wall:%a %Y-%m-%d %H:%M}{then}"
            )


def _logins(checked: Checked) -> Iterator[Finding]:
    """Bots that want a portal at the same time, and are more than its logins let in."""
    users: dict[str, list[Schedule]] = {}
    for one in checked.book.schedules.values():
        for name in checked.uses(one):
            users.setdefault(name, []).append(one)
    for name, using in users.items():
        if len({one.bot for one in using}) > checked.portals[name].sessions:
            yield from _crowds(checked, name, using)


def _crowds(checked: Checked, portal: str, using: Iterable[Schedule]) -> Iterator[Finding]:
    sessions = checked.portals[portal].sessions
    told: set[frozenset[str]] = set()
    there: list[tuple[datetime, Schedule]] = []
    for slot, one in _coming(checked, using):
        there = [(until, other) for until, other in there if until > slot.start_at and other is not one]
        names = frozenset({other.name for _, other in there if other.bot != one.bot} | {one.name})
        if len({other.bot for _, other in there} | {one.bot}) > sessions and names not in told:
            told.add(names)
            others = " and ".join(sorted(names - {one.name}))
            yield Finding(
                one.name,
                f"at {slot.wall:%a %H:%M} it wants {portal} together with {others}, and its logins let in "
                f"{sessions} at once: they take turns",
            )
        there.append((slot.start_at + (one.deadline or _A_RUN), one))


def _coming(checked: Checked, using: Iterable[Schedule]) -> list[tuple[Slot, Schedule]]:
    last = checked.now.astimezone(UTC) + _A_WHILE
    found = [(slot, one) for one in using for slot in slots(checked.book.timing(one.name), checked.now, last)]
    return sorted(found, key=lambda pair: (pair[0].start_at, pair[1].name))
