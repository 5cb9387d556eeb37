"""When an active order is checked again: table by table, each row with its reason."""

from datetime import date

import pytest

from payerbots.domain.coverage import CoverageRequest
from payerbots.domain.rechecks import ActiveOrder, RecheckRules, Why, rechecks, valid_until

RULES = RecheckRules()
NOV = date(2026, 11, 24)


def order(refill: date | None = None, rental: date | None = None, row: int = 2) -> ActiveOrder:
    request = CoverageRequest(
        order=f"O{row}",
        account="A",
        payer="Summit Health Plan",
        last_name="Reyes",
        first_name="Ana",
        birth_date=date(1950, 1, 2),
        service_date=NOV,
        hcpcs=("A7030",),
        npi="1671694135",
    )
    return ActiveOrder(row=row, request=request, next_refill=refill, next_rental=rental)


def due(
    one: ActiveOrder, answered: date | None, today: date, rules: RecheckRules = RULES
) -> tuple[Why, date] | None:
    found = rechecks([one], [answered], rules, today)
    return (found[0].why, found[0].day) if found else None


REFILL, RENTAL = date(2026, 12, 3), date(2026, 11, 28)


@pytest.mark.parametrize(
    ("one", "answered", "today", "expected"),
    [
        pytest.param(order(REFILL), None, date(2026, 11, 22), None, id="eleven days before a refill it is too early"),
        pytest.param(order(REFILL), None, date(2026, 11, 23), (Why.REFILL, REFILL), id="ten days before it is due"),
        pytest.param(order(REFILL), date(2026, 11, 2), NOV, None, id="answered this month: valid"),
        pytest.param(order(REFILL), date(2026, 11, 2), date(2026, 12, 1), (Why.REFILL, REFILL), id="a new month: older than it is valid"),
        pytest.param(order(REFILL), date(2026, 10, 30), NOV, (Why.REFILL, REFILL), id="last month's answer"),
        pytest.param(order(REFILL), None, date(2026, 12, 9), (Why.REFILL, date(2026, 12, 9)), id="a refill that is past is asked for today"),
        pytest.param(order(rental=RENTAL), None, date(2026, 11, 22), None, id="six days before a rental month"),
        pytest.param(order(rental=RENTAL), None, date(2026, 11, 23), (Why.RENTAL, RENTAL), id="five days before"),
        pytest.param(order(REFILL, RENTAL), None, NOV, (Why.RENTAL, RENTAL), id="the date that comes first decides"),
        pytest.param(order(), None, NOV, None, id="an order without dates is left alone"),
        pytest.param(order(date(2027, 2, 20)), date(2026, 12, 31), date(2027, 1, 1), (Why.JANUARY, date(2027, 1, 1)), id="1 January: all active orders"),
        pytest.param(order(date(2027, 2, 20)), date(2027, 1, 2), date(2027, 1, 3), None, id="answered this year"),
        pytest.param(order(date(2027, 2, 20)), date(2026, 12, 31), date(2027, 1, 11), None, id="after the first ten days the dates decide again"),
        pytest.param(order(date(2027, 1, 4)), None, date(2027, 1, 1), (Why.REFILL, date(2027, 1, 4)), id="in January too a near date decides"),
        pytest.param(order(), None, date(2027, 1, 1), None, id="in January too an order without dates is left alone"),
    ],
)  # fmt: skip
def test_when_an_order_is_due(
    one: ActiveOrder, answered: date | None, today: date, expected: tuple[Why, date] | None
) -> None:
    assert due(one, answered, today) == expected


@pytest.mark.parametrize(
    ("answered", "days", "until"),
    [
        (date(2026, 2, 3), None, date(2026, 2, 28)),
        (date(2028, 2, 3), None, date(2028, 2, 29)),
        (date(2026, 11, 20), 30, date(2026, 12, 20)),
        (date(2026, 12, 20), 30, date(2026, 12, 31)),
        (date(2026, 12, 5), None, date(2026, 12, 31)),
    ],
)
def test_how_long_an_answer_holds_never_beyond_its_year(
    answered: date, days: int | None, until: date
) -> None:
    assert valid_until(answered, RecheckRules(valid_days=days)) == until


def test_an_answer_that_holds_for_thirty_days_is_not_asked_again_at_the_turn_of_the_month() -> None:
    rules = RecheckRules(valid_days=30)
    assert due(order(REFILL), date(2026, 11, 20), date(2026, 12, 1), rules) is None
    assert due(order(REFILL), date(2026, 10, 31), date(2026, 12, 1), rules) == (Why.REFILL, REFILL)


def test_they_come_in_the_order_of_their_dates() -> None:
    orders = [order(date(2026, 12, 2), row=2), order(date(2026, 11, 25), row=3), order(rental=RENTAL, row=4)]
    assert [one.order.row for one in rechecks(orders, [None] * 3, RULES, NOV)] == [3, 4, 2]
