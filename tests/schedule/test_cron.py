"""Cron expressions: what they mean, and what is refused with its reason."""

import re
from datetime import date, time

import pytest

from payerbots.schedule.cron import cron_of

MONDAY = date(2026, 11, 23)


@pytest.mark.parametrize(
    ("text", "times"),
    [
        ("30 5 * * *", ["05:30"]),
        ("0,30 5,17 * * *", ["05:00", "05:30", "17:00", "17:30"]),
        ("0 8-10 * * *", ["08:00", "09:00", "10:00"]),
        ("*/20 6 * * *", ["06:00", "06:20", "06:40"]),
        ("10-50/20 6 * * *", ["06:10", "06:30", "06:50"]),
        ("59 23 * * *", ["23:59"]),
    ],
)
def test_times_of_the_day(text: str, times: list[str]) -> None:
    assert list(cron_of(text).times) == [time.fromisoformat(one) for one in times]


@pytest.mark.parametrize(
    ("text", "days"),
    [
        ("0 5 * * mon-fri", [23, 24, 25, 26, 27, 30]),
        ("0 5 * * sat,sun", [22, 28, 29]),
        ("0 5 * * fri-mon", [22, 23, 27, 28, 29, 30]),
        ("0 5 * * Wed", [25]),
        ("0 5 1,30 * *", [30]),
        ("0 5 last * *", [30]),
        ("0 5 24-26 nov *", [24, 25, 26]),
        ("0 5 24-26 jan-oct,12 *", []),
    ],
)
def test_days_it_runs_on_in_the_last_week_of_november(text: str, days: list[int]) -> None:
    rule = cron_of(text)
    assert [day for day in range(22, 31) if rule.on(date(2026, 11, day))] == days


def test_the_29th_of_february_comes_every_four_years() -> None:
    rule = cron_of("0 5 29 feb *")
    assert [year for year in range(2026, 2034) for day in (28, 29) if _is(rule.on, year, day)] == [2028, 2032]


def _is(on: object, year: int, day: int) -> bool:
    try:
        return bool(on(date(year, 2, day)))  # type: ignore[operator]  # a method, as the test above hands it
    except ValueError:
        return False


@pytest.mark.parametrize(
    ("text", "allowed"),
    [
        ("30 5 * * 1-5", "programs disagree whether 1 is Monday or Tuesday"),
        ("30 5 * * 0", "names of days in the fifth field"),
        ("30 5 * * 7", "names of days in the fifth field"),
        ("30 5 * * mon-5", "names of days in the fifth field"),
        ("30 5 * * monday", "days mon, tue, wed, thu, fri, sat, sun"),
        ("30 5 * *", "five fields, minute hour day month weekday"),
        ("30 5 1 * mon", "either a day of the month or names of days"),
        ("60 5 * * *", "minutes 0-59"),
        ("30 24 * * *", "hours 0-23"),
        ("30 5 0 * *", "days 1-31 or last"),
        ("30 5 * 13 *", "months 1-12 or jan-dec"),
        ("30 9-8 * * *", "the smaller first"),
        ("*/0 5 * * *", "the smaller first"),
        ("5/10 5 * * *", "steps such as */15"),
        ("0 5 31 apr,jun *", "a day that its months have"),
        ("0 5 30 feb *", "a day that its months have"),
        ("@daily", "five fields"),
        ("x 5 * * *", "minutes 0-59"),
        ("-1 5 * * *", "minutes 0-59"),
    ],
)
def test_what_is_refused_says_what_is_allowed(text: str, allowed: str) -> None:
    with pytest.raises(ValueError, match=re.escape(allowed)):
        cron_of(text)
