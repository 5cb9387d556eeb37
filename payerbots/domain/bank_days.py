"""Bank days: Monday to Friday without the holidays of the Federal Reserve Banks, on which no ACH settles.

A holiday on a Sunday is kept on the Monday after it; one on a Saturday is not made up for: the Reserve Banks are
open on the Friday before (Federal Reserve Financial Services, holiday schedules).
"""

import datetime as dt
from bisect import bisect_left
from collections.abc import Iterable, Iterator
from functools import cache

_MONDAY, _THURSDAY, _SATURDAY, _SUNDAY = 0, 3, 5, 6
_WEEK = 7
_FIXED = ((1, 1), (6, 19), (7, 4), (11, 11), (12, 25))
"""New Year, Juneteenth (from 2022), Independence Day, Veterans Day, Christmas."""
_JUNETEENTH, _SINCE = (6, 19), 2022
_NTH = ((1, 3, _MONDAY), (2, 3, _MONDAY), (9, 1, _MONDAY), (10, 2, _MONDAY), (11, 4, _THURSDAY))
"""King, Washington, Labor Day, Columbus, Thanksgiving: month, which one, weekday."""
_FIRST_YEAR, _LAST_YEAR = 1990, 2100


def bank_holidays(year: int) -> tuple[dt.date, ...]:
    """The weekdays of a year on which the Federal Reserve Banks are closed, in order."""
    return tuple(sorted(day for day in _holidays(year) if day.weekday() < _SATURDAY))


def _holidays(year: int) -> Iterator[dt.date]:
    for month, day in _FIXED:
        if (month, day) != _JUNETEENTH or year >= _SINCE:
            holiday = dt.date(year, month, day)
            yield holiday + dt.timedelta(days=1) if holiday.weekday() == _SUNDAY else holiday
    for month, which, weekday in _NTH:
        first = dt.date(year, month, 1)
        yield first + dt.timedelta(days=(weekday - first.weekday()) % _WEEK + _WEEK * (which - 1))
    end_of_may = dt.date(year, 5, 31)
    yield end_of_may - dt.timedelta(days=end_of_may.weekday())


@cache
def _federal() -> tuple[dt.date, ...]:
    return tuple(day for year in range(_FIRST_YEAR, _LAST_YEAR + 1) for day in bank_holidays(year))


class BankDays:
    """Counts in bank days. A day on which banks are closed counts as the bank day after it."""

    def __init__(self, closed: Iterable[dt.date] = ()) -> None:
        """`closed` are days on which the office's bank is closed besides the Federal Reserve's holidays."""
        further = {day for day in closed if day.weekday() < _SATURDAY}
        self._closed = sorted({*_federal(), *further})
        self._known = frozenset(self._closed)

    def is_open(self, day: dt.date) -> bool:
        """Whether banks settle on that day."""
        return day.weekday() < _SATURDAY and day not in self._known

    def place(self, day: dt.date) -> int:
        """The number of the bank day on or after `day`; numbers of two days differ by the bank days between them."""
        weeks, rest = divmod(day.toordinal() - 1, _WEEK)
        return weeks * _SATURDAY + min(rest, _SATURDAY) - bisect_left(self._closed, day)

    def between(self, one: dt.date, other: dt.date) -> int:
        """How many bank days `other` lies after `one`; negative when it lies before."""
        return self.place(other) - self.place(one)

    def after(self, day: dt.date, count: int) -> dt.date:
        """The bank day that lies `count` (0 or more) bank days after `day`."""
        found = self._open_from(day)
        for _ in range(count):
            found = self._open_from(found + dt.timedelta(days=1))
        return found

    def _open_from(self, day: dt.date) -> dt.date:
        while not self.is_open(day):
            day += dt.timedelta(days=1)
        return day
