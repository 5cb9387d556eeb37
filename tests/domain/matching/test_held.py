"""What is placed but cannot be posted: it says where it belongs."""

from decimal import Decimal

import pytest

from payerbots.domain.facts import DepositFact
from payerbots.domain.remittance import Difference
from tests.domain.matching.made import (
    batch,
    check,
    check_payment,
    matched,
    named,
    on,
    pairs,
    payment,
    plain,
    returned,
    standing,
    told,
)

APART = Difference(
    level="transaction", where="payment", expected=Decimal(110), found=Decimal(100), difference=Decimal(-10)
)
UNBALANCED, TOTALS, BACK = (
    "exception REMIT_UNBALANCED",
    "exception LOCKBOX_TOTALS",
    "exception DEPOSIT_RETURNED",
)


def test_an_unbalanced_remittance_is_placed_and_not_matched() -> None:
    found = matched([payment(1, balanced=False)], [named(1)], unbalanced={1: APART})
    assert (pairs(found), found.ready) == ([], frozenset())
    assert told(found) == {"p1": UNBALANCED, "d1": UNBALANCED}
    assert standing(found, "payment", 1).detail == (
        "Its transaction figures do not add up at payment: $110.00 expected, $100.00 found, -$10.00 apart."
        " Its money is in deposit 1 (trace T1, 2026-11-16, $100.00)."
    )
    assert standing(found, "deposit", 1).detail == (
        "Belongs to payment 1 (835, trace T1, 2026-11-16, $100.00), which does not balance."
    )


def test_an_unbalanced_remittance_without_its_money_is_one_all_the_same() -> None:
    found = matched([payment(1, balanced=False)], [], on(9))
    assert told(found) == {"p1": UNBALANCED}


def test_of_two_payments_in_a_deposit_the_balanced_one_is_matched() -> None:
    payments = [payment(1, "60"), payment(2, "40", balanced=False)]
    found = matched(payments, [plain(1)])
    assert pairs(found) == [(1, 1, "60")]
    assert told(found) == {"p1": "matched", "p2": UNBALANCED, "d1": UNBALANCED}
    assert standing(found, "deposit", 1).dollars == Decimal(40)
    again = matched(payments, [plain(1)], matches=found.matches)
    assert (again.matches, again.standings) == ((), found.standings)


BATCHES = [
    ("the sums agree", [batch(9, "100")], {"d9": "unconcerned", "d1": "matched"}),
    ("the deposit is greater: checks may still come", [batch(9, "150")], {"d9": "waiting", "d1": "matched"}),
    ("the deposit is smaller", [batch(9, "90")], {"d9": TOTALS, "d1": TOTALS, "p1": TOTALS}),
    ("another day's deposit", [batch(9, "90", day=on(1))], {"d9": "waiting", "d1": "matched"}),
    ("another account's", [batch(9, "90", account="1111")], {"d9": "waiting", "d1": "matched"}),
    ("another batch", [batch(9, "90", batch="B2")], {"d9": "waiting", "d1": "matched"}),
    (
        "by batch",
        [batch(9, "100", batch="B1"), batch(8, "50", batch="B2")],
        {"d9": "unconcerned", "d8": "waiting"},
    ),
    ("by lockbox", [batch(9, "100", batch="L1")], {"d9": "unconcerned"}),
    (
        "two deposits of a day that name no batch",
        [batch(9, "70"), batch(8, "30")],
        {"d9": "unconcerned", "d8": "unconcerned"},
    ),
]


@pytest.mark.parametrize(("batches", "stands"), [row[1:] for row in BATCHES], ids=[row[0] for row in BATCHES])
def test_a_lockbox_deposit_against_its_checks(batches: list[DepositFact], stands: dict[str, str]) -> None:
    found = told(matched([check_payment(1)], [check(1), *batches]))
    assert {name: found[name] for name in stands} == stands


def test_a_lockbox_deposit_without_its_checks_waits_and_then_is_an_exception() -> None:
    assert told(matched([], [batch(9, "100")], on(3)))["d9"] == "waiting"
    late = standing(matched([], [batch(9, "100"), check(1, "60")], on(4)), "deposit", 9)
    assert (late.reason, late.dollars) == ("LOCKBOX_TOTALS", Decimal(40))
    assert late.detail == "1 checks come to $60.00, the deposit is $100.00, $40.00 apart."


def test_a_lockbox_deposit_is_never_money_beside_its_checks() -> None:
    found = matched([check_payment(1), check_payment(2, trace="")], [check(1), batch(9, "100")])
    assert pairs(found) == [(1, 1, "100")]


RETURNED = [
    ("by the bank's reference", returned(2, "-100", trace="R1"), BACK),
    ("by the reference where it gives nothing else", returned(2, "-100", reference="R1"), BACK),
    ("by check number", returned(2, "-100", check_number="4711"), BACK),
    ("days later", returned(2, "-100", trace="R1", day=on(5)), BACK),
    ("before the deposit", returned(2, "-100", trace="R1", day=on(-1)), "matched"),
    ("another amount", returned(2, "-90", trace="R1"), "matched"),
    ("another reference", returned(2, "-100", trace="R7"), "matched"),
    ("another account", returned(2, "-100", trace="R1", account="1111"), "matched"),
    ("the amount alone", returned(2, "-100", reference=""), "matched"),
]


@pytest.mark.parametrize(("item", "state"), [row[1:] for row in RETURNED], ids=[row[0] for row in RETURNED])
def test_a_returned_item_undoes_the_match_of_its_deposit(item: DepositFact, state: str) -> None:
    before = matched([check_payment(1)], [check(1, reference="R1")])
    found = matched([check_payment(1)], [check(1, reference="R1"), item], matches=before.matches)
    assert told(found)["p1"] == state
    assert told(found)["d2"] == BACK
    assert found.undone == (before.matches if state == BACK else ())
    assert found.matches == ()


def test_after_a_return_all_three_say_what_happened() -> None:
    item = returned(2, "-100", check_number="4711", day=on(1))
    found = matched([check_payment(1)], [check(1), item])
    assert told(found) == {"p1": BACK, "d1": "unconcerned", "d2": BACK}
    assert standing(found, "deposit", 2).dollars == Decimal(100)
    assert standing(found, "deposit", 2).detail == (
        "Takes back deposit 1 (check 0004711, 2026-11-16, $100.00), of payment 1 (835, trace 4711, 2026-11-16, $100.00)."
    )
    assert found.ready == frozenset()


def test_a_return_stays_known_on_the_next_run() -> None:
    """Though the deposit has no number by which the rules would find it again."""
    facts = [payment(1)], [plain(1), plain(3, day=on(5))]
    before = matched([payment(1)], [plain(1)])
    item = returned(2, "-100", trace="R1", day=on(1))
    undone = matched(facts[0], [*facts[1], item], matches=before.matches)
    again = matched(facts[0], [*facts[1], item], undone=undone.undone)
    assert told(undone)["p1"] == told(again)["p1"] == BACK
    assert again.standings == undone.standings


def test_a_check_presented_again_matches_again() -> None:
    item = returned(2, "-100", check_number="4711", day=on(1))
    found = matched([check_payment(1)], [check(1), item, check(3, day=on(2))])
    assert pairs(found) == [(1, 3, "100")]
    assert told(found) == {"p1": "matched", "d1": "unconcerned", "d2": BACK, "d3": "matched"}


def test_a_check_that_comes_back_twice_is_two_deposits() -> None:
    first, second = (
        returned(number, "-100", check_number="4711", day=on(day)) for number, day in ((2, 1), (4, 3))
    )
    found = matched([check_payment(1)], [check(1), first, check(3, day=on(2)), second])
    assert told(found) == {"p1": BACK, "d1": "unconcerned", "d2": BACK, "d3": "unconcerned", "d4": BACK}


def test_a_return_that_fits_several_deposits_takes_none() -> None:
    found = matched([], [check(1), check(2), returned(3, "-100", check_number="4711", day=on(1))])
    assert told(found) == {"d1": "waiting", "d2": "waiting", "d3": BACK}
    assert standing(found, "deposit", 3).detail.startswith(
        "Several deposits have its number and amount: deposit 1"
    )


def test_a_payment_whose_deposit_came_back_takes_no_other_without_its_number() -> None:
    item = returned(2, "-100", trace="T1", day=on(1))
    found = matched([payment(1)], [named(1), item, plain(3, day=on(2))])
    assert pairs(found) == []
    assert told(found)["p1"] == BACK
