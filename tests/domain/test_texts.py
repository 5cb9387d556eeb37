"""Dates and amounts as American portals write them."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from payerbots.domain.texts import amount, as_us_date, us_date


@given(st.dates(date(1900, 1, 1), date(2199, 12, 31)))
def test_a_date_survives_being_written_and_read(day: date) -> None:
    assert us_date(as_us_date(day)) == day


def test_month_and_day_have_two_digits() -> None:
    assert as_us_date(date(2026, 1, 2)) == "01/02/2026"


def test_the_month_stands_first() -> None:
    assert us_date("02/01/2026") == date(2026, 2, 1)


@pytest.mark.parametrize("text", [None, ""])
def test_no_text_is_no_date(text: str | None) -> None:
    assert us_date(text) is None


NO_DATES = [
    ("another order", "2026-01-02"),
    ("a day that is none", "02/30/2026"),
    ("the day first", "31/01/2026"),
    ("words", "Not on file"),
    ("text after it", "01/02/2026 (estimated)"),
    ("a year of two digits is ambiguous", "01/02/26"),
]


@pytest.mark.parametrize("text", [row[1] for row in NO_DATES], ids=[row[0] for row in NO_DATES])
def test_what_is_no_date_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"does not match|day is out|unconverted"):
        us_date(text)


AMOUNTS = [
    ("dollars and cents", "$1,500.00", "1500.00"),
    ("no cents", "$257", "257"),
    ("no sign", "1500.00", "1500.00"),
    ("no thousands mark", "$1500.00", "1500.00"),
    ("millions", "$1,234,567.89", "1234567.89"),
    ("percent", "20%", "20"),
    ("percent, apart", "12.5 %", "12.5"),
    ("a credit in parentheses", "(12.50)", "-12.50"),
    ("a credit in dollars in parentheses", "($1,012.50)", "-1012.50"),
    ("a credit with a minus", "-$5.00", "-5.00"),
    ("a blank after the sign", "$ 30.00", "30.00"),
    ("blanks around", "  $30.00\u00a0", "30.00"),
    ("zero", "$0.00", "0.00"),
]


@pytest.mark.parametrize(("text", "value"), [row[1:] for row in AMOUNTS], ids=[row[0] for row in AMOUNTS])
def test_an_amount_is_read_to_the_cent(text: str, value: str) -> None:
    assert str(amount(text)) == value


@pytest.mark.parametrize("text", [None, ""])
def test_no_text_is_no_amount(text: str | None) -> None:
    assert amount(text) is None


NO_AMOUNTS = [
    ("words", "Not covered"),
    ("a range", "$10 - $20"),
    ("words after it", "$20 per visit"),
    ("a thousands mark in the wrong place", "1,50.00"),
    ("the continental way", "1.500,00"),
    ("two points", "1.5.0"),
    ("only the sign", "$"),
    ("only blanks", "  "),
    ("a number with an exponent", "1e5"),
    ("a parenthesis that does not close", "(12.50"),
    ("a parenthesis that does not open", "12.50)"),
]


@pytest.mark.parametrize("text", [row[1] for row in NO_AMOUNTS], ids=[row[0] for row in NO_AMOUNTS])
def test_what_is_no_amount_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="not an amount"):
        amount(text)


@given(st.decimals(min_value=0, max_value=9_999_999, places=2, allow_nan=False))
def test_an_amount_survives_being_written_and_read(value: Decimal) -> None:
    assert amount(f"${value:,.2f}") == value
    assert amount(f"(${value:,.2f})") == -value


def test_a_refusal_does_not_repeat_the_text() -> None:
    with pytest.raises(ValueError, match="not an amount") as refused:
        amount("Reyes, Ana")
    assert "Reyes" not in str(refused.value)
