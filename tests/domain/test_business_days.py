"""Business days between two dates. 2026-11-22 is a Sunday."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from payerbots.domain.business_days import business_days

FRIDAY, SATURDAY, SUNDAY = date(2026, 11, 20), date(2026, 11, 21), date(2026, 11, 22)
MONDAY = date(2026, 11, 23)

CASES = [
    ("the first day does not count", MONDAY, MONDAY, 0),
    ("the last day counts", MONDAY, date(2026, 11, 24), 1),
    ("a weekend counts nothing", FRIDAY, SUNDAY, 0),
    ("over the weekend", FRIDAY, MONDAY, 1),
    ("from the weekend on", SATURDAY, MONDAY, 1),
    ("a week has five", MONDAY, date(2026, 11, 30), 5),
    ("into another year", date(2026, 12, 31), date(2027, 1, 4), 2),
    ("backwards is none", MONDAY, FRIDAY, 0),
]


@pytest.mark.parametrize(("first", "last", "days"), [row[1:] for row in CASES], ids=[row[0] for row in CASES])
def test_business_days(first: date, last: date, days: int) -> None:
    assert business_days(first, last) == days


@given(st.dates(date(2000, 1, 1), date(2050, 1, 1)), st.integers(0, 40), st.integers(0, 40))
def test_two_spans_add_up_to_the_whole(first: date, here: int, there: int) -> None:
    middle = first + timedelta(days=here)
    last = middle + timedelta(days=there)
    assert business_days(first, middle) + business_days(middle, last) == business_days(first, last)
