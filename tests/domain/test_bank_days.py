"""Bank days: the Federal Reserve's holidays, and windows counted in days on which banks settle."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from payerbots.domain.bank_days import BankDays, bank_holidays

BANK = BankDays()
FRIDAY, SATURDAY, MONDAY = date(2026, 11, 20), date(2026, 11, 21), date(2026, 11, 23)
THANKSGIVING = date(2026, 11, 26)


def test_the_holidays_are_those_that_the_federal_reserve_lists_for_2026() -> None:
    """July 4 is a Saturday in 2026: the Reserve Banks are open on the Friday before."""
    listed = "01-01 01-19 02-16 05-25 06-19 09-07 10-12 11-11 11-26 12-25"
    assert [f"{day:%m-%d}" for day in bank_holidays(2026)] == listed.split()


def test_a_holiday_on_a_sunday_is_kept_on_monday() -> None:
    assert date(2027, 7, 5) in bank_holidays(2027)


def test_juneteenth_is_kept_from_2022_on() -> None:
    kept = [any(day.month == 6 for day in bank_holidays(year)) for year in (2021, 2022, 2023)]
    assert kept == [False, True, True]


BETWEEN = [
    ("the same day", MONDAY, MONDAY, 0),
    ("a weekend", FRIDAY, MONDAY, 1),
    ("backwards", MONDAY, FRIDAY, -1),
    ("a Saturday counts as Monday", SATURDAY, MONDAY, 0),
    ("over Thanksgiving", date(2026, 11, 25), date(2026, 11, 27), 1),
    ("a holiday counts as the day after it", THANKSGIVING, date(2026, 11, 27), 0),
]


@pytest.mark.parametrize(
    ("one", "other", "days"), [row[1:] for row in BETWEEN], ids=[row[0] for row in BETWEEN]
)
def test_bank_days_between(one: date, other: date, days: int) -> None:
    assert BANK.between(one, other) == days


AFTER = [
    ("none, on a bank day", MONDAY, 0, MONDAY),
    ("none, on a Saturday", SATURDAY, 0, MONDAY),
    ("three over a weekend", FRIDAY, 3, date(2026, 11, 25)),
    ("three over Thanksgiving", date(2026, 11, 24), 3, date(2026, 11, 30)),
]


@pytest.mark.parametrize(("day", "count", "found"), [row[1:] for row in AFTER], ids=[row[0] for row in AFTER])
def test_bank_days_after(day: date, count: int, found: date) -> None:
    assert BANK.after(day, count) == found


def test_an_office_names_further_days_on_which_its_bank_is_closed() -> None:
    assert BankDays([MONDAY, SATURDAY]).between(FRIDAY, date(2026, 11, 24)) == 1


@given(st.dates(date(2000, 1, 1), date(2050, 1, 1)), st.integers(0, 30))
def test_after_and_between_agree(day: date, count: int) -> None:
    found = BANK.after(day, count)
    assert BANK.is_open(found)
    assert BANK.between(day, found) == count


@given(st.dates(date(2000, 1, 1), date(2050, 1, 1)))
def test_the_place_moves_on_by_one_after_each_open_day(day: date) -> None:
    assert BANK.place(day + timedelta(days=1)) - BANK.place(day) == BANK.is_open(day)
