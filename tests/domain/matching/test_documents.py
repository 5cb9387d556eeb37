"""One payment, several documents: copies count once, look-alikes go to a person, nothing is dropped."""

from decimal import Decimal

import pytest

from payerbots.domain.facts import PaymentFact, PaymentForm
from tests.domain.matching.made import (
    check,
    check_payment,
    eob,
    matched,
    named,
    on,
    pairs,
    payment,
    standing,
    told,
)

CASCADE = {"payer_id": "1600000001", "payer": "CMIC CLAIMS"}
COUNTS_ONCE, CLASH, WAITING = "unconcerned", "exception REMIT_KEY_CLASH", "waiting"

EOBS = [
    ("payer alias, check number and amount agree", eob(2), COUNTS_ONCE),
    ("leading zeros of the check number", eob(2, trace="0004711"), COUNTS_ONCE),
    ("another date changes nothing", eob(2, date=on(2)), COUNTS_ONCE),
    ("another check number", eob(2, trace="4712"), WAITING),
    ("another amount", eob(2, "90"), WAITING),
    ("another payer", eob(2, payer_id="", payer="Crest"), WAITING),
    ("no check number", eob(2, trace=""), WAITING),
    ("other claims in it", eob(2, claims=3), CLASH),
]


@pytest.mark.parametrize(("pdf", "state"), [row[1:] for row in EOBS], ids=[row[0] for row in EOBS])
def test_an_eob_meets_its_835(pdf: PaymentFact, state: str) -> None:
    found = matched([check_payment(1, **CASCADE), pdf], [])
    assert told(found) == {"p1": WAITING, "p2": state}


def test_the_835_has_the_money_and_the_eob_counts_as_it() -> None:
    found = matched([eob(1), check_payment(2, **CASCADE)], [check(1)])
    assert pairs(found) == [(2, 1, "100")]
    assert [(each.payment, each.counts_as) for each in found.same] == [(1, 2)]
    assert found.ready == {2}


def test_an_eob_that_has_its_money_already_stays_when_the_835_comes_late() -> None:
    first = matched([eob(1)], [check(1)])
    found = matched([eob(1), check_payment(2, **CASCADE)], [check(1)], matches=first.matches)
    assert pairs(found) == []
    assert [(each.payment, each.counts_as) for each in found.same] == [(2, 1)]
    assert found.ready == {1}


def test_an_eob_that_fits_two_835s_joins_that_of_its_date() -> None:
    late = check_payment(3, date=on(1), **CASCADE)
    found = matched([check_payment(1, **CASCADE), late, eob(2, date=on(1))], [])
    assert [(each.payment, each.counts_as) for each in found.same] == [(2, 3)]


def test_an_eob_that_fits_two_835s_of_other_dates_joins_none() -> None:
    late = check_payment(3, date=on(1), **CASCADE)
    found = matched([check_payment(1, **CASCADE), late, eob(2, date=on(2))], [])
    assert found.same == ()


def test_the_same_key_and_contents_is_one_payment() -> None:
    found = matched([payment(1, contents="a"), payment(2, trace="T1", contents="a")], [named(1)])
    assert told(found) == {"p1": "matched", "p2": COUNTS_ONCE, "d1": "matched"}


CLASHES = [
    ("other contents under one key", payment(2, trace="T1"), CLASH),
    ("zeros before the trace do not make it another key", payment(2, trace="0T1"), CLASH),
    ("another date is another key", payment(2, trace="T1", date=on(9)), WAITING),
    ("another payer is another key", payment(2, trace="T1", payer_id="1598765432"), WAITING),
    ("another amount is another key", payment(2, "90", trace="T1"), WAITING),
]


@pytest.mark.parametrize(("other", "state"), [row[1:] for row in CLASHES], ids=[row[0] for row in CLASHES])
def test_a_second_remittance_under_one_key_goes_to_a_person(other: PaymentFact, state: str) -> None:
    found = matched([payment(1), other], [named(1)])
    assert (told(found)["p1"], told(found)["p2"]) == ("matched", state)


def test_a_clash_says_of_what_and_how_much() -> None:
    found = standing(matched([payment(1), payment(2, trace="T1", claims=3)], []), "payment", 2)
    assert found.dollars == Decimal(100)
    assert found.detail.endswith("(835, trace T1, 2026-11-16, $100.00), and 3 claims here, 1 there.")


def test_zero_payments_under_one_trace_are_both_kept() -> None:
    zero = {"method": "NON", "trace": "T1"}
    found = matched([payment(1, "0", **zero), payment(2, "0", **zero)], [])
    assert told(found) == {"p1": "unconcerned", "p2": CLASH}
    assert found.ready == {1}


def test_of_two_the_balanced_one_is_the_payment() -> None:
    found = matched([payment(1, balanced=False), payment(2, trace="T1")], [named(1)])
    assert pairs(found) == [(2, 1, "100")]


NO_MONEY = [
    ("NON moves no money", payment(1, "0", method="NON"), "unconcerned", True),
    ("a zero payment of any method", payment(1, "0"), "unconcerned", True),
    (
        "without money, and not balanced",
        payment(1, "0", method="NON", balanced=False),
        "exception REMIT_UNBALANCED",
        False,
    ),
    ("NON that names an amount", payment(1, "5", method="NON"), "exception MATCH_UNSURE", False),
    ("a virtual card that nobody has run", payment(1, "5", method="CARD"), "exception CARD_PAYMENT", False),
    ("the payer takes money", payment(1, "-5"), "exception MATCH_UNSURE", False),
]


@pytest.mark.parametrize(
    ("fact", "state", "ready"), [row[1:] for row in NO_MONEY], ids=[row[0] for row in NO_MONEY]
)
def test_payments_without_money(fact: PaymentFact, state: str, ready: bool) -> None:
    found = matched([fact], [named(1, "5")])
    assert (told(found)["p1"], bool(found.ready)) == (state, ready)


def test_forms_are_compared_by_their_own_means() -> None:
    """Two EOBs of one key differ by their contents, though both have one claim."""
    found = matched([eob(1), eob(2)], [])
    assert told(found)["p2"] == CLASH
    assert {each.form for each in (eob(1), eob(2))} == {PaymentForm.EOB}
