"""Cron expressions as `schedules.yaml` has them: five fields, days of the week by name only.

Numbers of weekdays are refused because programs disagree on them: 1 is Monday to cron(8), and Tuesday to some
schedulers. A day of the month and day names together are refused for the same reason: cron(8) takes either, others
both.
"""

import re
from calendar import monthrange
from dataclasses import dataclass, field
from datetime import date, time

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
SHAPE = "five fields, minute hour day month weekday, such as 30 5 * * mon-fri"
_NUMBERS = "names of days in the fifth field, such as mon-fri or sun: programs disagree whether 1 is Monday or Tuesday"
_FIELDS = 5
_LONGEST_MONTH = (31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)


@dataclass(frozen=True)
class Cron:
    """When on the wall clock: times of the day, and days by month, day of the month, or weekday (Monday is 0)."""

    text: str
    times: tuple[time, ...] = field(repr=False)
    months: frozenset[int] = field(repr=False)
    days: frozenset[int] = field(repr=False)
    last_day: bool = field(repr=False)
    weekdays: frozenset[int] = field(repr=False)

    def on(self, day: date) -> bool:
        """Whether it has slots on a day."""
        if day.month not in self.months or day.weekday() not in self.weekdays:
            return False
        return day.day in self.days or (self.last_day and day.day == monthrange(day.year, day.month)[1])

    @property
    def names_days_of_the_month(self) -> bool:
        """Whether it says on which days of the month."""
        return len(self.days) < max(_LONGEST_MONTH)


def cron_of(text: object) -> Cron:
    """A cron expression. `ValueError` says what is allowed instead."""
    if isinstance(text, Cron):
        return text
    fields = str(text).lower().split()
    if len(fields) != _FIELDS:
        raise ValueError(SHAPE)
    minutes = _numbers(fields[0], 0, 59, "minutes 0-59")
    hours = _numbers(fields[1], 0, 23, "hours 0-23")
    days, last_day = _days(fields[2])
    months = _months(fields[3])
    if fields[2] != "*" and fields[4] != "*":
        raise ValueError("either a day of the month or names of days, with * for the other")
    if not last_day and min(days) > max(_LONGEST_MONTH[month - 1] for month in months):
        raise ValueError("a day that its months have")
    times = tuple(time(hour, minute) for hour in sorted(hours) for minute in sorted(minutes))
    return Cron(" ".join(fields), times, months, days, last_day, _weekdays(fields[4]))


def _days(text: str) -> tuple[frozenset[int], bool]:
    parts = text.split(",")
    numbers = ",".join(part for part in parts if part != "last")
    found = _numbers(numbers, 1, 31, "days 1-31 or last") if numbers else frozenset[int]()
    return found, "last" in parts


def _months(text: str) -> frozenset[int]:
    for number, name in enumerate(MONTHS, start=1):
        text = re.sub(rf"\b{name}\b", str(number), text)
    return _numbers(text, 1, 12, "months 1-12 or jan-dec")


def _weekdays(text: str) -> frozenset[int]:
    if text == "*":
        return frozenset(range(7))
    if re.search(r"\d", text):
        raise ValueError(_NUMBERS)
    return frozenset(day for part in text.split(",") for day in _weekday_range(part))


def _weekday_range(part: str) -> list[int]:
    """`mon`, `mon-fri`, or over the weekend `fri-mon`."""
    first, dash, last = part.partition("-")
    if first not in DAYS or (dash and last not in DAYS):
        raise ValueError(f"days {', '.join(DAYS)}, ranges such as mon-fri, with commas between")
    low, high = DAYS.index(first), DAYS.index(last or first)
    return [(low + step) % 7 for step in range((high - low) % 7 + 1)]


def _numbers(text: str, low: int, high: int, allowed: str) -> frozenset[int]:
    """`*`, `5`, `1-5`, `*/15`, `10-50/20`, with commas between."""
    return frozenset(number for part in text.split(",") for number in _number_range(part, low, high, allowed))


def _number_range(part: str, low: int, high: int, allowed: str) -> range:
    found = re.fullmatch(r"(?:\*|(\d{1,2})(?:-(\d{1,2}))?)(?:/(\d{1,2}))?", part)
    if not found or (found[3] and found[1] and not found[2]):
        raise ValueError(f"{allowed}, ranges such as 1-5, steps such as */15, with commas between")
    first = int(found[1]) if found[1] else low
    last = int(found[2] or found[1]) if found[1] else high
    step = int(found[3] or 1)
    if not low <= first <= last <= high or not step:
        raise ValueError(f"{allowed}, the smaller first")
    return range(first, last + 1, step)
