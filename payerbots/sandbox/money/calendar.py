"""Days on which banks of the Federal Reserve settle: neither weekends nor its holidays."""

from __future__ import annotations

from datetime import date, timedelta
from functools import lru_cache

from holidays import financial_holidays

DAY = timedelta(days=1)
SATURDAY = 5


@lru_cache
def _closed(year: int) -> frozenset[date]:
    return frozenset(financial_holidays("XFED", years=year))


def is_bank_day(day: date) -> bool:
    """Whether banks settle on the day."""
    return day.weekday() < SATURDAY and day not in _closed(day.year)


def bank_day(day: date, steps: int) -> date:
    """Return the bank day so many bank days after the day, or before it when `steps` is negative; not 0."""
    step = DAY if steps > 0 else -DAY
    left = abs(steps)
    while left:
        day += step
        left -= is_bank_day(day)
    return day
