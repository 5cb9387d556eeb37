"""Business-day calendars: on which days a schedule runs, and until when on half days."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from functools import cache
from typing import Annotated, Any, Self

from pydantic import BeforeValidator, ConfigDict, WithJsonSchema, model_validator

from payerbots.domain.bank_days import BankDays
from payerbots.yamlfile import Strict, misplaced

_SATURDAY = 5
_ONE_DAY = timedelta(days=1)
_LONGEST = timedelta(days=366)
_FURTHEST = 3660
"""Days after which a calendar that never opens is given up on."""


class Base(StrEnum):
    """The calendars there are without describing one."""

    EVERY_DAY = "every-day"
    BUSINESS = "us-business-days"
    BANK = "us-bank-days"


@dataclass(frozen=True)
class Days:
    """From a day to a day, both among them."""

    first: date
    last: date

    def __contains__(self, day: date) -> bool:
        return self.first <= day <= self.last


def days(text: object) -> Days:
    """`2026-11-27`, or `2026-12-24 - 2026-12-26`."""
    if isinstance(text, Days):
        return text
    first, dash, last = str(text).partition(" - ")
    try:
        found = Days(date.fromisoformat(first.strip()), date.fromisoformat((last if dash else first).strip()))
    except ValueError:
        raise ValueError("a day such as 2026-11-27, or 2026-12-24 - 2026-12-26") from None
    if not timedelta(0) <= found.last - found.first <= _LONGEST:
        raise ValueError("a last day that is not before the first, and at most a year")
    return found


def clock_time(text: object) -> time:
    """A time of the day: `08:00`."""
    if isinstance(text, time):
        return text
    try:
        return datetime.strptime(str(text), "%H:%M").time()  # noqa: DTZ007 - a wall time has no zone
    except ValueError:
        raise ValueError('a time of day such as "08:00"') from None


_DAYS_SCHEMA = {"type": "string", "examples": ["2026-11-27", "2026-12-24 - 2026-12-26"]}
Spans = tuple[Annotated[Any, BeforeValidator(days), WithJsonSchema(_DAYS_SCHEMA)], ...]
ClockTime = Annotated[
    time, BeforeValidator(clock_time), WithJsonSchema({"type": "string", "pattern": r"^\d{1,2}:\d{2}$"})
]


class CalendarEntry(Strict):
    """A calendar of the site's own."""

    model_config = ConfigDict(use_attribute_docstrings=True)

    base: Base = Base.BUSINESS
    """What it begins from: every-day; us-business-days (Monday to Friday without US federal holidays);
    us-bank-days (without the holidays of the Federal Reserve Banks)."""
    closed: Spans = ()
    """Further days on which nothing runs."""
    open: Spans = ()
    """Days on which it runs although they would be closed."""
    half_days: dict[date, ClockTime] = {}
    """Days on which nothing runs from a time on."""

    @model_validator(mode="after")
    def _open_or_closed(self) -> Self:
        for number, span in enumerate(self.open):
            if any(span.first in other or other.first in span for other in self.closed):
                raise misplaced(str(span.first), "days that are not closed as well", "open", number)
        return self


@dataclass(frozen=True)
class Calendar:
    """A calendar by its name: the days on which its schedules run."""

    name: str
    entry: CalendarEntry

    def closed(self, day: date) -> str | None:
        """Why nothing runs on a day; None when it is a day of work."""
        if any(day in span for span in self.entry.open):
            return None
        if any(day in span for span in self.entry.closed):
            return "closed"
        if self.entry.base is Base.EVERY_DAY:
            return None
        if day.weekday() >= _SATURDAY:
            return "weekend"
        if self.entry.base is Base.BANK:
            return None if _bank().is_open(day) else "bank holiday"
        return federal_holidays(day.year).get(day)

    def ends(self, day: date) -> time | None:
        """From when on nothing runs on a half day."""
        return self.entry.half_days.get(day)

    def runs_at(self, wall: datetime) -> bool:
        """Whether a slot at a wall time of the schedule's zone runs."""
        end = self.ends(wall.date())
        return self.closed(wall.date()) is None and (end is None or wall.time() < end)

    def back(self, day: date, count: int) -> date:
        """The day of work that lies `count` days of work before a day."""
        for _ in range(_FURTHEST):
            if not count:
                break
            day -= _ONE_DAY
            count -= self.closed(day) is None
        return day


@cache
def federal_holidays(year: int) -> Mapping[date, str]:
    """The US federal holidays of a year, and the weekdays on which they are kept, by `holidays`."""
    from holidays import country_holidays  # noqa: PLC0415 - it takes a third of a second, and few commands need it

    return dict(country_holidays("US", years=[year]).items())


@cache
def _bank() -> BankDays:
    return BankDays()


BUILT_IN = {base.value: Calendar(base.value, CalendarEntry(base=base)) for base in Base}
