"""Deposits and payments, put into batches."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal

import pytest

from payerbots.domain.posting_batches import batches, deposit_id, fundings, unfunded
from tests.money_facts import DAY, deposit, match, payment
from tests.posting_samples import money


def batch_of(pairs: Sequence[tuple[int, int]]) -> dict[int, str]:
    deposits = {number: deposit(number) for _, number in pairs}
    found = fundings([payment(1), payment(2), payment(3)], deposits, [match(*pair) for pair in pairs])
    return {number: funding.deposit for number, funding in found.items() if funding.deposit}


R1, R2, R3 = ("20261120-4411-R1", "20261120-4411-R2", "20261120-4411-R3")


@pytest.mark.parametrize(
    ("pairs", "expected", "why"),
    [
        ([(1, 1)], {1: R1}, "one to one"),
        ([(1, 1), (2, 1)], {1: R1, 2: R1}, "two payments in one deposit"),
        ([(1, 1), (1, 2)], {1: f"{R1} + {R2}"}, "a payment split over two"),
        ([(1, 1), (2, 2)], {1: R1, 2: R2}, "two that have nothing to do with each other"),
        ([(1, 1), (2, 2), (3, 1), (3, 2)], dict.fromkeys((1, 2, 3), f"{R1} + {R2}"), "a third joins two"),
        (
            [(1, 1), (1, 2), (2, 3), (3, 2), (3, 3)],
            dict.fromkeys((1, 2, 3), f"{R1} + {R2} + {R3}"),
            "a chain of deposits",
        ),
    ],
)
def test_a_batch_is_what_belongs_together(
    pairs: list[tuple[int, int]], expected: dict[int, str], why: str
) -> None:
    assert batch_of(pairs) == expected, why
    assert batch_of(pairs[::-1]) == expected, "in any order"


def test_a_batch_is_named_after_its_first_deposit_and_dated_by_its_last() -> None:
    deposits = {1: deposit(1, day=date(2026, 11, 23)), 2: deposit(2)}
    (funding,) = fundings([payment(1)], deposits, [match(1, 1), match(1, 2)]).values()
    assert funding.batch == "20261120-4411-R2"
    assert funding.deposit_date == date(2026, 11, 23)


def test_a_payment_without_money_has_a_batch_of_its_own() -> None:
    none = payment(1, method="NON", amount=money(0))
    (funding,) = fundings([none], {}, []).values()
    assert (funding.batch, funding.deposit, funding.deposit_date) == (unfunded(none), "", None)


def test_a_deposit_is_named_by_day_account_and_the_banks_reference() -> None:
    assert deposit_id(deposit(7, reference="0012/3/4")) == "20261120-4411-0012/3/4"


def test_a_batch_comes_to_what_its_matches_say() -> None:
    payments, pairs = [payment(1), payment(2)], [match(1, 1, "10.00"), match(2, 1, "20.00")]
    held = fundings(payments, {1: deposit(1)}, pairs)
    (found,) = batches(payments, held, pairs, {2: Decimal("1.50")})
    assert (found.batch, found.payments, found.day) == (R1, 2, DAY)
    assert (found.deposited, found.provider_adjustments) == (money(30), Decimal("1.50"))


def test_batches_stand_in_the_order_of_days_and_those_without_money_last() -> None:
    payments = [payment(3, method="NON"), payment(2), payment(1)]
    deposits = {1: deposit(1), 2: deposit(2, day=date(2026, 11, 19))}
    pairs = [match(1, 1), match(2, 2)]
    found = batches(payments, fundings(payments, deposits, pairs), pairs, {})
    assert [each.day for each in found] == [date(2026, 11, 19), DAY, None]
