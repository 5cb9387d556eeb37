"""Calendars: federal and bank holidays, a site's own closures and half days."""

from datetime import date, datetime, time
from typing import Any

import pytest
from pydantic import ValidationError

from payerbots.schedule.calendars import BUILT_IN, Calendar, CalendarEntry, federal_holidays

DAYS_OF_2026 = {
    "2026-01-01": "New Year's Day",
    "2026-01-19": "Martin Luther King Jr. Day",
    "2026-02-16": "Washington's Birthday",
    "2026-05-25": "Memorial Day",
    "2026-06-19": "Juneteenth National Independence Day",
    "2026-07-03": "Independence Day (observed)",
    "2026-09-07": "Labor Day",
    "2026-10-12": "Columbus Day",
    "2026-11-11": "Veterans Day",
    "2026-11-26": "Thanksgiving Day",
    "2026-12-25": "Christmas Day",
}
"""5 U.S.C. 6103: in 2026 the Fourth of July is a Saturday, kept on the Friday before."""


def own(**entry: Any) -> Calendar:
    return Calendar("own", CalendarEntry.model_validate(entry))


def test_the_federal_holidays_of_a_year_are_those_of_the_law() -> None:
    weekdays = {str(day): name for day, name in federal_holidays(2026).items() if day.weekday() < 5}
    assert weekdays == DAYS_OF_2026


@pytest.mark.parametrize(
    ("calendar", "day", "why"),
    [
        ("us-business-days", "2026-11-25", None),
        ("us-business-days", "2026-11-26", "Thanksgiving Day"),
        ("us-business-days", "2026-11-28", "weekend"),
        ("us-business-days", "2026-07-03", "Independence Day (observed)"),
        ("us-business-days", "2027-12-31", "New Year's Day (observed)"),
        ("us-bank-days", "2026-07-03", None),
        ("us-bank-days", "2026-11-26", "bank holiday"),
        ("us-bank-days", "2026-11-29", "weekend"),
        ("every-day", "2026-12-25", None),
        ("every-day", "2026-11-29", None),
    ],
)
def test_the_calendars_that_are_there(calendar: str, day: str, why: str | None) -> None:
    assert BUILT_IN[calendar].closed(date.fromisoformat(day)) == why


@pytest.mark.parametrize(
    ("day", "why"),
    [
        ("2026-11-26", "Thanksgiving Day"),
        ("2026-11-27", "closed"),
        ("2026-12-24", "closed"),
        ("2026-12-26", "closed"),
        ("2026-10-12", None),
        ("2026-10-13", None),
    ],
)
def test_a_site_closes_and_opens_on_days_of_its_own(day: str, why: str | None) -> None:
    calendar = own(closed=["2026-11-27", "2026-12-24 - 2026-12-26"], open=["2026-10-12"])
    assert calendar.closed(date.fromisoformat(day)) == why


@pytest.mark.parametrize(("clock", "runs"), [("11:59", True), ("12:00", False), ("17:00", False)])
def test_on_a_half_day_nothing_runs_from_its_time_on(clock: str, runs: bool) -> None:
    calendar = own(half_days={"2026-12-23": "12:00"})
    assert calendar.runs_at(datetime.combine(date(2026, 12, 23), time.fromisoformat(clock))) is runs


@pytest.mark.parametrize(
    ("count", "day"), [(0, "2026-11-30"), (1, "2026-11-27"), (2, "2026-11-25"), (3, "2026-11-24")]
)
def test_days_of_work_are_counted_back_over_holidays(count: int, day: str) -> None:
    assert BUILT_IN["us-business-days"].back(date(2026, 11, 30), count) == date.fromisoformat(day)


@pytest.mark.parametrize(
    "entry",
    [
        {"closed": ["2026-13-01"]},
        {"closed": ["2026-12-26 - 2026-12-24"]},
        {"closed": ["2026-01-01 - 2028-01-01"]},
        {"half_days": {"2026-12-24": "noon"}},
        {"half_days": {"someday": "12:00"}},
        {"open": ["2026-11-27"], "closed": ["2026-11-26 - 2026-11-28"]},
        {"base": "uk"},
        {"closings": []},
    ],
)
def test_a_calendar_that_makes_no_sense_is_refused(entry: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        CalendarEntry.model_validate(entry)
