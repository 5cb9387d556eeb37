"""`schedules.yaml`: which bot runs when, on what, and what is promised."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from enum import StrEnum
from typing import Annotated, Any, Self
from zoneinfo import ZoneInfo, available_timezones

from pydantic import BeforeValidator, ConfigDict, Field, WithJsonSchema, field_validator, model_validator

from payerbots.portals.durations import duration
from payerbots.portals.hours import Window, window
from payerbots.schedule.calendars import Base, Calendar, ClockTime
from payerbots.schedule.cron import Cron, cron_of
from payerbots.yamlfile import Strict, misplaced

FILE = "schedules.yaml"
CALENDARS = "calendars"
NAME = r"^[a-z][a-z0-9_-]{0,59}$"
_LONGEST_EVERY = timedelta(days=1)
_SHORTEST_EVERY = timedelta(minutes=1)
_WHOLE_DAY = Window(days=frozenset(range(7)), start=0, end=1440)

_DURATION_SCHEMA = {
    "type": "string",
    "pattern": r"^\d+(\.\d+)?\s*(ms|s|m|h|d)$",
    "examples": ["15m", "90m", "3h"],
}
Length = Annotated[timedelta, BeforeValidator(duration), WithJsonSchema(_DURATION_SCHEMA)]


class CatchUp(StrEnum):
    """What happens to slots for which no scheduler ran."""

    SKIP = "skip"
    ONCE = "once"
    ALL = "all"


class IfFailed(StrEnum):
    """What a chained schedule does when the run before it failed, or was missed."""

    SKIP = "skip"
    RUN = "run"


class IfHeld(StrEnum):
    """What a chained schedule does when a portal held the run before it."""

    RUN = "run"
    WAIT = "wait"
    SKIP = "skip"


class Overlap(StrEnum):
    """What happens to a slot while the run before it is not done."""

    SKIP = "skip"
    START = "start"


class After(Strict):
    """The schedule that is followed, and when it counts."""

    model_config = ConfigDict(use_attribute_docstrings=True)

    schedule: str
    """The schedule whose runs it follows."""
    if_failed: IfFailed = IfFailed.SKIP
    """Whether it runs when the first one failed or was missed."""
    if_held: IfHeld = IfHeld.RUN
    """What it does when a portal could not be used to the end: go on with what there is, wait until the rest is
    there, or skip."""


def _after(value: object) -> object:
    return {"schedule": value} if isinstance(value, str) else value


class Input(Strict):
    """What a run works on: one of file, folder, queue, result."""

    model_config = ConfigDict(use_attribute_docstrings=True)

    file: str = ""
    """A file, seen from the workspace, or a folder that the bot reads whole. When it is not there yet, it is waited
    for, as long as max_late."""
    folder: str = ""
    """A folder that is watched. Each file is taken once, by its content, and moved to `taken/` in it."""
    pattern: str = "*"
    """Which files of the folder, such as *.xlsx."""
    settle: Length = timedelta(seconds=10)
    """How long a file must not have changed before it is taken."""
    queue: str = ""
    """An office queue of queues.yaml: a run takes in what waits there."""
    most: int = Field(200, ge=1, le=1000)
    """How many messages a run takes at most."""
    result: str = ""
    """What the run before delivered, by its name there, such as `results`; with `after`."""

    @model_validator(mode="after")
    def _one_kind(self) -> Self:
        given = [name for name in ("file", "folder", "queue", "result") if getattr(self, name)]
        if len(given) != 1:
            raise misplaced(", ".join(given) or "none", "one of file, folder, queue, result")
        set_ = self.model_fields_set
        for name, kind in (("pattern", "folder"), ("settle", "folder"), ("most", "queue")):
            if name in set_ and given != [kind]:
                raise misplaced(name, f"{name} only with {kind}", name)
        return self

    @property
    def is_watched(self) -> bool:
        """Whether it can be looked at without a time: files and messages come when they come."""
        return bool(self.folder or self.queue)


@dataclass(frozen=True)
class Age:
    """How old something may be: in days of work, or in time."""

    business_days: int | None = None
    length: timedelta = timedelta(0)

    def oldest(self, now: datetime, calendar: Calendar, zone: ZoneInfo) -> datetime:
        """The moment before which something is too old, in UTC."""
        if self.business_days is None:
            return now - self.length
        here = now.astimezone(zone)
        day = calendar.back(here.date(), self.business_days)
        return here.replace(year=day.year, month=day.month, day=day.day).astimezone(now.tzinfo)


def age(text: object) -> Age:
    """`2 business days`, `36h`, `3d`."""
    if isinstance(text, Age):
        return text
    found = re.fullmatch(r"(\d{1,3}) business days?", str(text).strip())
    if found:
        return Age(business_days=int(found[1]))
    try:
        return Age(length=duration(text))
    except ValueError:
        raise ValueError("an age such as 2 business days, 36h or 3d") from None


class Sla(Strict):
    """What is promised; whoever is named under `tell` hears before it is missed."""

    model_config = ConfigDict(use_attribute_docstrings=True)

    done_by: ClockTime | None = None
    """The time of day, in the schedule's zone, by which the run of a slot is done."""
    not_older_than: Annotated[
        Age | None,
        BeforeValidator(age),
        WithJsonSchema({"type": "string", "examples": ["2 business days", "36h"]}),
    ] = None
    """How old the oldest item that waits may be: 2 business days, 36h."""

    @model_validator(mode="after")
    def _says_something(self) -> Self:
        if self.done_by is None and self.not_older_than is None:
            raise misplaced("nothing", "done_by, not_older_than or both")
        return self


def _window(text: object) -> Window:
    """`06:00-18:00`, or `mon-fri 06:00-18:00`."""
    if isinstance(text, Window):
        return text
    told = str(text).strip()
    try:
        found = window(told if re.match(r"[A-Za-z]", told) else f"Mon-Sun {told}")
    except ValueError:
        found = Window()
    if found.first is not None or not found.days:
        raise ValueError("from when to when, such as 06:00-18:00 or mon-fri 06:00-18:00")
    return found


def _zone(name: object) -> ZoneInfo:
    if isinstance(name, ZoneInfo):
        return name
    if str(name) not in available_timezones():
        raise ValueError("a time zone such as America/New_York")
    return ZoneInfo(str(name))


def _every(text: object) -> timedelta:
    try:
        found = duration(text)
    except ValueError:
        found = timedelta(0)
    if not _SHORTEST_EVERY <= found <= _LONGEST_EVERY:
        raise ValueError("from 1m to 24h, such as 15m")
    return found


class Schedule(Strict):
    """One schedule: a bot, on what, when, and what is promised."""

    model_config = ConfigDict(use_attribute_docstrings=True)

    name: str = Field(pattern=NAME, exclude=True)
    bot: str
    """The bot's name, as in bots/."""
    portals: tuple[str, ...] = ()
    """Only these portals; all that the bot can use, when none is named."""
    input: Input | None = None
    """What a run works on."""
    out: str = "out"
    """Where files go, seen from the workspace."""
    cron: Annotated[
        Cron | None,
        BeforeValidator(cron_of),
        WithJsonSchema({"type": "string", "examples": ["30 5 * * mon-fri", "0 4 last * *"]}),
    ] = None
    """When, on the wall clock: minute hour day month weekday; weekdays by name."""
    every: Annotated[timedelta | None, BeforeValidator(_every), WithJsonSchema(_DURATION_SCHEMA)] = None
    """How often, from the beginning of `between` (of the day, without it)."""
    between: Annotated[
        Any,
        BeforeValidator(_window),
        WithJsonSchema({"type": "string", "examples": ["06:00-18:00", "mon-fri 06:00-18:00"]}),
    ] = _WHOLE_DAY
    """With `every`: from when to when. The end is no part of it."""
    after: Annotated[After | None, BeforeValidator(_after)] = None
    """The schedule whose runs it follows."""
    zone: Annotated[
        ZoneInfo | None,
        BeforeValidator(_zone),
        WithJsonSchema(
            {
                "type": "string",
                "examples": ["America/New_York", "America/Chicago", "America/Phoenix", "America/Los_Angeles"],
            }
        ),
    ] = None
    """The time zone; the office's, when none is named."""
    calendar: str = Base.EVERY_DAY.value
    """The days on which it runs: every-day, us-business-days, us-bank-days, or one under `calendars`."""
    jitter: Length = timedelta(0)
    """Each slot starts up to so much later, always the same for one slot, so that not all come at once."""
    catch_up: CatchUp = CatchUp.ONCE
    """After a downtime: skip the slots, run once for all of them, or run all."""
    max_late: Length | None = None
    """How late a slot may still start."""
    overlap: Overlap | None = None
    """While the run before is not done: skip (the default with `every`) or start."""
    deadline: Length | None = None
    """How long a run may take before it delivers what there is."""
    priority: int = Field(0, ge=-1000, le=1000)
    """What goes first; higher is earlier."""
    sla: Sla | None = None
    """What is promised."""
    tell: tuple[Annotated[str, Field(pattern=NAME)], ...] = ()
    """Who is told of this schedule's notices, by their names in notices.yaml."""

    @field_validator("portals", "tell", mode="before")
    @classmethod
    def _listed(cls, value: object) -> object:
        return [value] if isinstance(value, str) else value

    @model_validator(mode="after")
    def _one_time(self) -> Self:
        given = [name for name in ("cron", "every", "after") if getattr(self, name) is not None]
        watched = self.input is not None and self.input.is_watched
        if len(given) > 1 or (not given and not watched):
            allowed = "one of cron, every, after (none of them: a folder or queue is watched)"
            raise misplaced(", ".join(given) or "none", allowed)
        if "between" in self.model_fields_set and self.every is None:
            raise misplaced("between", "between only with every", "between")
        if self.input is not None and self.input.result and self.after is None:
            raise misplaced("result", "result only with after", "input", "result")
        if self.jitter > _LONGEST_EVERY or (self.every is not None and self.jitter >= self.every):
            raise misplaced(str(self.jitter), "less than a day, and less than every", "jitter")
        return self

    @property
    def is_watch(self) -> bool:
        """Whether its folder or queue is looked at all the time."""
        return self.cron is None and self.every is None and self.after is None

    @property
    def skips_overlap(self) -> bool:
        """Whether a slot is skipped while the run before is not done."""
        return (self.overlap or (Overlap.SKIP if self.every else Overlap.START)) is Overlap.SKIP


@dataclass(frozen=True)
class Timing:
    """When a schedule's slots are: all that the slots follow from."""

    schedule: str
    zone: ZoneInfo
    calendar: Calendar
    cron: Cron | None = None
    every: timedelta | None = None
    between: Window = _WHOLE_DAY
    jitter: timedelta = timedelta(0)
    done_by: time | None = None

    def is_open(self, now: datetime) -> bool:
        """Whether the calendar lets it run at an aware time."""
        return self.calendar.runs_at(now.astimezone(self.zone).replace(tzinfo=None))


@dataclass(frozen=True)
class Book:
    """All that `schedules.yaml` says."""

    schedules: Mapping[str, Schedule]
    calendars: Mapping[str, Calendar]
    zone: ZoneInfo

    def timing(self, name: str) -> Timing:
        """When a schedule's slots are."""
        one = self.schedules[name]
        return Timing(
            schedule=name,
            zone=one.zone or self.zone,
            calendar=self.calendars[one.calendar],
            cron=one.cron,
            every=one.every,
            between=one.between,
            jitter=one.jitter,
            done_by=one.sla.done_by if one.sla else None,
        )

    def followers(self, name: str) -> list[Schedule]:
        """The schedules that follow one."""
        return [one for one in self.schedules.values() if one.after and one.after.schedule == name]
