"""Slots: when a schedule runs. One pure function, which the scheduler, `next`, `check` and the preview all use.

A cron slot is its nominal local date and time with the zone, so that it runs once whatever the clocks do: a local
time that comes twice runs at its first coming, one that is skipped at the first moment after the jump. An `every`
slot is its instant: its intervals are real time, also over a change of the clocks.
"""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from payerbots.portals.hours import instant
from payerbots.schedule.config import Timing

_ONE_DAY = timedelta(days=1)
_TWO_DAYS = timedelta(days=2)
_STEP, _FURTHEST = 8, 5 * 366


@dataclass(frozen=True)
class Slot:
    """One slot: its name, unique in its schedule; its instant in UTC; its wall time in the schedule's zone.

    `nominal` is the wall time that the schedule names, `start_at` the instant with the schedule's jitter.
    """

    schedule: str
    name: str
    at: datetime
    wall: datetime
    nominal: datetime
    start_at: datetime

    @property
    def is_moved(self) -> bool:
        """Whether its nominal wall time is one that a change of the clocks skips."""
        return self.nominal != self.wall


def slots(timing: Timing, first: datetime, last: datetime) -> list[Slot]:
    """The slots of a schedule from `first` (among them) to `last` (not among them), aware, in order."""
    found: list[Slot] = []
    day = (first - _TWO_DAYS).astimezone(timing.zone).date()
    end = (last + _ONE_DAY).astimezone(timing.zone).date()
    while day <= end:
        if timing.cron is not None:
            found += [slot for slot in _cron_slots(timing, day) if first <= slot.at < last]
        elif timing.every is not None:
            found += _every_slots(timing, timing.every, day, (first, last))
        day += _ONE_DAY
    return sorted(found, key=lambda slot: (slot.at, slot.name))


def _cron_slots(timing: Timing, day: date) -> Iterator[Slot]:
    if timing.cron is None or not timing.cron.on(day) or timing.calendar.closed(day):
        return
    for time in timing.cron.times:
        nominal = datetime.combine(day, time)
        if timing.calendar.runs_at(nominal):
            name = f"{nominal.isoformat(timespec='minutes')} {timing.zone.key}"
            yield _slot(timing, name, instant(nominal, timing.zone), nominal)


def _every_slots(
    timing: Timing, every: timedelta, day: date, within: tuple[datetime, datetime]
) -> Iterator[Slot]:
    for start, end in timing.between.spans(timing.zone, day):
        at = start + every * max(0, -((start - within[0]) // every))
        while at < min(end, within[1]):
            if timing.calendar.runs_at(at.astimezone(timing.zone).replace(tzinfo=None)):
                yield _slot(timing, f"{at:%Y-%m-%dT%H:%M:%SZ}", at)
            at += every


def _slot(timing: Timing, name: str, at: datetime, nominal: datetime | None = None) -> Slot:
    wall = at.astimezone(timing.zone).replace(tzinfo=None)
    return Slot(timing.schedule, name, at, wall, nominal or wall, at + _jitter(timing, name))


def _jitter(timing: Timing, name: str) -> timedelta:
    """Up to the schedule's jitter, the same for a slot wherever and whenever it is asked, in whole seconds."""
    if not timing.jitter:
        return timedelta(0)
    drawn = int.from_bytes(hashlib.sha256(f"{timing.schedule} {name}".encode()).digest()[:8])
    return timedelta(seconds=drawn % int(timing.jitter.total_seconds() + 1))


def due_by(timing: Timing, at: datetime) -> datetime | None:
    """The time promised for the end of what is due at an instant: the first `done_by` after it. None: none is."""
    if timing.done_by is None:
        return None
    here = at.astimezone(timing.zone)
    for days in (0, 1, 2):
        nominal = datetime.combine(here.date() + timedelta(days=days), timing.done_by)
        found = instant(nominal, timing.zone)
        if found > at:
            return found.astimezone(UTC)
    return None


def next_slot(timing: Timing, now: datetime) -> Slot | None:
    """The first slot from an instant on; None: there is none within five years (a leap day comes after four)."""
    for days in range(0, _FURTHEST, _STEP):
        first = now + timedelta(days=days)
        if found := slots(timing, first, first + timedelta(days=_STEP)):
            return found[0]
    return None
