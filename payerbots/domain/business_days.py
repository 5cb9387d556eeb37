"""Business days between dates: Monday to Friday."""

from datetime import date, timedelta

_SATURDAY = 5


def business_days(first: date, last: date) -> int:
    """How many business days lie after `first` up to `last`; 0 when `last` is not later."""
    days = (first + timedelta(days=offset) for offset in range(1, (last - first).days + 1))
    return sum(day.weekday() < _SATURDAY for day in days)
