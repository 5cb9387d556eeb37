"""What holds whatever comes: order does not matter, no money is used twice, nothing new comes of the same."""

import datetime as dt
import random
import time
from collections import defaultdict
from decimal import Decimal
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from payerbots.domain.facts import DepositFact, DepositKind, Match, PaymentFact, StandingState
from tests.domain.matching.made import TRN03, deposit, matched, on, payment, plain

AMOUNTS = st.sampled_from(["20", "30", "40", "50", "60", "70", "100", "130"])
DAYS = st.integers(-6, 6).map(on)
NUMBERS = st.sampled_from(["", "1", "2", "3", "4"])
PAYERS = st.sampled_from(
    [(TRN03, "Summit Health Plan"), ("1600000001", "CMIC CLAIMS"), ("", "Crest"), ("", "")]
)
KINDS = st.sampled_from(
    [DepositKind.ACH, DepositKind.ACH, DepositKind.CHECK, DepositKind.OTHER, DepositKind.BATCH]
)


def _payment(number: int, drawn: tuple[Any, ...]) -> PaymentFact:
    amount, day, trace, payer, method, balanced = drawn
    return payment(
        number,
        amount,
        date=day,
        trace=trace,
        payer_id=payer[0],
        payer=payer[1],
        method=method,
        balanced=balanced,
    )


def _deposit(number: int, drawn: tuple[Any, ...]) -> DepositFact:
    amount, day, trace, payer, kind = drawn
    said = {"check_number" if kind is DepositKind.CHECK else "trace": trace, "reference": f"R{number}"}
    return deposit(number, amount, day=day, kind=kind, payer=payer[1], **said)


def _returned(number: int, of: DepositFact) -> DepositFact:
    back = {"kind": DepositKind.RETURNED, "day": on(7), "trace": of.reference}
    return deposit(number, str(-of.amount), **back)


PAYMENTS = st.lists(
    st.tuples(
        AMOUNTS,
        DAYS,
        NUMBERS,
        PAYERS,
        st.sampled_from(["ACH", "CHK", "BOP"]),
        st.sampled_from([True] * 5 + [False]),
    ),
    max_size=9,
).map(lambda drawn: [_payment(place, each) for place, each in enumerate(drawn, 1)])
CREDITS = st.lists(st.tuples(AMOUNTS, DAYS, NUMBERS, PAYERS, KINDS), max_size=9).map(
    lambda drawn: [_deposit(place, each) for place, each in enumerate(drawn, 1)]
)


@st.composite
def deposits(draw: st.DrawFn) -> list[DepositFact]:
    credits_ = draw(CREDITS)
    money = [each for each in credits_ if each.kind is not DepositKind.BATCH]
    back = draw(st.lists(st.sampled_from(money), max_size=1)) if money else []
    return [*credits_, *(_returned(len(credits_) + 1, each) for each in back)]


def _sums(matches: tuple[Match, ...], side: str) -> dict[int, Decimal]:
    sums: dict[int, Decimal] = defaultdict(Decimal)
    for each in matches:
        sums[getattr(each, side)] += each.amount
    return sums


@settings(max_examples=80, deadline=None)
@given(PAYMENTS, deposits(), st.randoms(use_true_random=False))
def test_the_order_does_not_matter(
    payments: list[PaymentFact], given_deposits: list[DepositFact], chance: random.Random
) -> None:
    found = matched(payments, given_deposits)
    chance.shuffle(payments)
    chance.shuffle(given_deposits)
    assert matched(payments, given_deposits) == found


@settings(max_examples=80, deadline=None)
@given(PAYMENTS, deposits())
def test_no_money_is_used_twice(payments: list[PaymentFact], given_deposits: list[DepositFact]) -> None:
    found = matched(payments, given_deposits)
    owed, held = ({each.number: each.amount for each in side} for side in (payments, given_deposits))
    assert all(total <= owed[number] for number, total in _sums(found.matches, "payment").items())
    assert all(total <= held[number] for number, total in _sums(found.matches, "deposit").items())
    assert all(each.amount > 0 for each in found.matches)
    assert len({(each.payment, each.deposit) for each in found.matches}) == len(found.matches)


@settings(max_examples=80, deadline=None)
@given(PAYMENTS, deposits())
def test_the_next_pass_finds_nothing_new_and_says_the_same(
    payments: list[PaymentFact], given_deposits: list[DepositFact]
) -> None:
    found = matched(payments, given_deposits)
    again = matched(payments, given_deposits, matches=found.matches)
    assert (again.matches, again.undone) == ((), ())
    assert again.standings == found.standings
    assert again.ready == found.ready


@settings(max_examples=80, deadline=None)
@given(PAYMENTS, deposits(), AMOUNTS, DAYS)
def test_an_unrelated_payment_changes_nothing(
    payments: list[PaymentFact], given_deposits: list[DepositFact], amount: str, day: dt.date
) -> None:
    stranger = payment(99, amount, date=day, trace="9", payer_id="1700000007", payer="Granite")
    alone, among = matched(payments, given_deposits), matched([*payments, stranger], given_deposits)
    assert among.matches == alone.matches


@settings(max_examples=80, deadline=None)
@given(PAYMENTS, deposits())
def test_everything_has_one_standing_and_what_is_not_settled_has_its_dollars(
    payments: list[PaymentFact], given_deposits: list[DepositFact]
) -> None:
    found = matched(payments, given_deposits)
    assert len({(each.of, each.number) for each in found.standings}) == len(payments) + len(given_deposits)
    for each in found.standings:
        if each.state is StandingState.WAITING:
            assert each.until is not None
        assert bool(each.reason) == (each.state is StandingState.EXCEPTION)


def test_two_thousand_on_each_side_take_seconds_not_minutes() -> None:
    """Same payer, same days, no numbers: everything could be compared with everything."""
    chance = random.Random(1)
    amounts = [Decimal(chance.randrange(1_000, 500_000)) / 100 for _ in range(2_000)]
    payments = [payment(number, str(amount)) for number, amount in enumerate(amounts, 1)]
    credits_ = [
        plain(number, str(amount + (number % 3))) for number, amount in enumerate(reversed(amounts), 1)
    ]
    started = time.process_time()
    found = matched(payments, credits_)
    assert time.process_time() - started < 6
    assert len(found.matches) > 500
