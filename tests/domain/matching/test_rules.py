"""What proves that money at the bank is a payment's, and what does not."""

from dataclasses import dataclass, field
from decimal import Decimal

import pytest

from payerbots.domain.facts import DepositFact, DepositKind, PaymentFact
from tests.domain.matching.made import (
    check,
    check_payment,
    deposit,
    eob,
    matched,
    named,
    on,
    pairs,
    payment,
    plain,
    standing,
    told,
)

UNSURE = "exception MATCH_UNSURE"
MATCHED = "matched"
WAITING = "waiting"
OTHER_PAYER = {"payer_id": "1598765432", "payer": "Crest"}


@dataclass(frozen=True)
class Case:
    why: str
    payments: list[PaymentFact]
    deposits: list[DepositFact]
    matches: list[tuple[int, int, str]] = field(default_factory=list)
    stands: dict[str, str] = field(default_factory=dict)


ADDENDA = [
    Case("trace, payer id, amount and day agree", [payment(1)], [named(1)], [(1, 1, "100")]),
    Case("leading zeros of a trace", [payment(1, trace="0042")], [named(1, trace="42")], [(1, 1, "100")]),
    Case(
        "three bank days later, over a weekend",
        [payment(1, date=on(3))],
        [named(1, day=on(8))],
        [(1, 1, "100")],
    ),
    Case("three bank days before", [payment(1, date=on(4))], [named(1, day=on(1))], [(1, 1, "100")]),
    Case(
        "a fourth day is outside of the window",
        [payment(1)],
        [named(1, day=on(4))],
        [],
        {"p1": UNSURE, "d1": UNSURE},
    ),
    Case("a cent less", [payment(1)], [named(1, "99.99")], [], {"p1": UNSURE, "d1": UNSURE}),
    Case(
        "another trace is another payment",
        [payment(1)],
        [named(1, trace="T9")],
        [],
        {"p1": WAITING, "d1": WAITING},
    ),
    Case(
        "the trace of another payer",
        [payment(1)],
        [named(1, payer_id="1598765432", payer="Summit Health Plan")],
        [],
        {"p1": UNSURE, "d1": UNSURE},
    ),
    Case("the bank gives the trace and no payer", [payment(1)], [named(1, payer_id="")], [(1, 1, "100")]),
    Case(
        "money by wire for an ACH payment",
        [payment(1)],
        [deposit(1, kind=DepositKind.WIRE, trace="T1")],
        [],
        {"p1": UNSURE},
    ),
    Case(
        "a wire for a wire",
        [payment(1, method="FWT")],
        [deposit(1, kind=DepositKind.WIRE, trace="T1")],
        [(1, 1, "100")],
    ),
    Case("BOP may come any way", [payment(1, method="BOP")], [named(1)], [(1, 1, "100")]),
    Case(
        "the same trace and amount on two days of the window",
        [payment(1, trace="T"), payment(2, trace="T", date=on(1))],
        [named(1, trace="T")],
        [],
        {"p1": UNSURE, "p2": UNSURE, "d1": UNSURE},
    ),
    Case(
        "one of two same traces lies outside of the window",
        [payment(1, trace="T"), payment(2, trace="T", date=on(9))],
        [named(1, trace="T")],
        [(1, 1, "100")],
    ),
    Case(
        "the money came twice",
        [payment(1)],
        [named(1), named(2, day=on(1))],
        [],
        {"p1": UNSURE, "d2": UNSURE},
    ),
]
CHECKS = [
    Case(
        "number, amount and payer",
        [check_payment(1)],
        [check(1, payer="SUMMIT HEALTH PLAN")],
        [(1, 1, "100")],
    ),
    Case("the lockbox names no payer", [check_payment(1)], [check(1)], [(1, 1, "100")]),
    Case(
        "another payer's check of that number",
        [check_payment(1)],
        [check(1, payer="Crest")],
        [],
        {"p1": UNSURE, "d1": UNSURE},
    ),
    Case(
        "two payers use one number and amount: the named one first, the other is then alone",
        [check_payment(1), check_payment(2, **OTHER_PAYER)],
        [check(1, payer="SUMMIT HEALTH PLAN"), check(2)],
        [(1, 1, "100"), (2, 2, "100")],
    ),
    Case("another amount", [check_payment(1)], [check(1, "90")], [], {"p1": UNSURE, "d1": UNSURE}),
    Case(
        "another number",
        [check_payment(1)],
        [check(1, check_number="4712")],
        [],
        {"p1": WAITING, "d1": WAITING},
    ),
    Case("five weeks in the mail", [check_payment(1)], [check(1, day=on(35))], [(1, 1, "100")]),
    Case("stale after six months", [check_payment(1)], [check(1, day=on(181))], [], {"p1": UNSURE}),
    Case("no ACH credit for a check", [check_payment(1)], [plain(1)], [], {"p1": WAITING, "d1": WAITING}),
    Case("an EOB without an 835", [eob(1)], [check(1, payer="CMIC CLAIMS")], [(1, 1, "100")]),
]
WITHOUT_NUMBER = [
    Case("amount, day and payer", [payment(1)], [plain(1)], [(1, 1, "100")]),
    Case(
        "no payer: amount and day alone prove nothing",
        [payment(1)],
        [plain(1, payer="")],
        [],
        {"p1": UNSURE, "d1": UNSURE},
    ),
    Case("another payer", [payment(1)], [plain(1, payer="CREST")], [], {"p1": WAITING, "d1": WAITING}),
    Case("another amount", [payment(1)], [plain(1, "100.01")], [], {"p1": WAITING, "d1": WAITING}),
    Case("outside of the window", [payment(1)], [plain(1, day=on(4))], [], {"p1": WAITING, "d1": WAITING}),
    Case(
        "two payments fit",
        [payment(1), payment(2)],
        [plain(1)],
        [],
        {"p1": UNSURE, "p2": UNSURE, "d1": UNSURE},
    ),
    Case(
        "two deposits fit", [payment(1)], [plain(1), plain(2)], [], {"p1": UNSURE, "d1": UNSURE, "d2": UNSURE}
    ),
    Case("two and two", [payment(1), payment(2)], [plain(1), plain(2)], [], {"p1": UNSURE, "d2": UNSURE}),
    Case(
        "what the addenda settle leaves the other one alone",
        [payment(1), payment(2)],
        [named(1), plain(2)],
        [(1, 1, "100"), (2, 2, "100")],
    ),
    Case(
        "the bank gives this payment's trace with another amount",
        [payment(1)],
        [named(1, "90"), plain(2)],
        [],
        {"p1": UNSURE, "d1": UNSURE, "d2": UNSURE},
    ),
    Case(
        "a check whose number the lockbox could not read",
        [check_payment(1)],
        [check(1, check_number="", payer="Summit Health Plan")],
        [(1, 1, "100")],
    ),
]
SEVERAL = [
    Case(
        "one deposit covers two payments",
        [payment(1, "60"), payment(2, "40")],
        [plain(1)],
        [(1, 1, "60"), (2, 1, "40")],
    ),
    Case(
        "two combinations",
        [payment(1, "60"), payment(2, "40"), payment(3, "70"), payment(4, "30")],
        [plain(1)],
        [],
        {"p1": UNSURE, "p4": UNSURE, "d1": UNSURE},
    ),
    Case(
        "a combination beside a payment of the same amount",
        [payment(1, "60"), payment(2, "40"), payment(3, "100", date=on(1)), payment(4, "100")],
        [plain(1)],
        [],
        {"d1": UNSURE, "p1": UNSURE, "p3": UNSURE},
    ),
    Case(
        "parts of another payer",
        [payment(1, "60"), payment(2, "40", **OTHER_PAYER)],
        [plain(1)],
        [],
        {"d1": WAITING},
    ),
    Case(
        "a part outside of the window",
        [payment(1, "60"), payment(2, "40", date=on(7))],
        [plain(1)],
        [],
        {"d1": WAITING},
    ),
    Case(
        "with addenda, ACH and 835 are one to one",
        [payment(1, "60"), payment(2, "40")],
        [named(1)],
        [],
        {"p1": UNSURE, "p2": WAITING, "d1": UNSURE},
    ),
    Case(
        "several 835s under the trace of the ACH",
        [payment(1, "60", trace="T"), payment(2, "40", trace="T")],
        [named(1, trace="T")],
        [(1, 1, "60"), (2, 1, "40")],
    ),
    Case(
        "several 835s under one check",
        [check_payment(1, "60"), check_payment(2, "40")],
        [check(1)],
        [(1, 1, "60"), (2, 1, "40")],
    ),
    Case(
        "two deposits share a payment",
        [payment(1, "60"), payment(2, "40"), payment(3, "20")],
        [plain(1, "100"), plain(2, "80")],
        [],
        {"p1": UNSURE, "d1": UNSURE, "d2": UNSURE},
    ),
    Case(
        "a payment is split",
        [payment(1)],
        [plain(1, "60"), plain(2, "40", day=on(1))],
        [(1, 1, "60"), (1, 2, "40")],
    ),
    Case(
        "split with the trace on both",
        [payment(1)],
        [named(1, "60"), named(2, "40")],
        [(1, 1, "60"), (1, 2, "40")],
    ),
    Case(
        "split with the trace on one",
        [payment(1)],
        [named(1, "60"), plain(2, "40")],
        [(1, 1, "60"), (1, 2, "40")],
    ),
    Case(
        "split, and the rest has the trace of another payment",
        [payment(1)],
        [named(1, "60"), named(2, "40", trace="T9")],
        [],
        {"p1": UNSURE, "d1": UNSURE, "d2": WAITING},
    ),
    Case(
        "split over two checks, one of a number that nobody else gives",
        [check_payment(1)],
        [check(1, "60", payer="SUMMIT HEALTH PLAN"), check(2, "40", "4712", payer="SUMMIT HEALTH PLAN")],
        [(1, 1, "60"), (1, 2, "40")],
    ),
    Case(
        "the second check is another payment's",
        [check_payment(1), check_payment(2, "45", trace="4712")],
        [check(1, "60", payer="SUMMIT HEALTH PLAN"), check(2, "40", "4712", payer="SUMMIT HEALTH PLAN")],
        [],
        {"p1": UNSURE, "p2": UNSURE, "d1": UNSURE, "d2": UNSURE},
    ),
    Case(
        "three parts are not tried",
        [payment(1)],
        [plain(1, "50"), plain(2, "30"), plain(3, "20")],
        [],
        {"p1": WAITING},
    ),
    Case("a sum a cent off", [payment(1, "60"), payment(2, "39.99")], [plain(1)], [], {"d1": WAITING}),
    Case(
        "a payer of nine open payments proves no sum",
        [payment(number, str(number)) for number in range(1, 10)],
        [plain(1, "16.5"), plain(2, "45")],
        [],
        {"d2": WAITING},
    ),
]
SPOKEN_FOR = [
    Case(
        "a part whose trace another deposit gives is in no sum",
        [payment(1, "60"), payment(2, "40")],
        [named(1, "50"), plain(2)],
        [],
        {"p1": UNSURE, "d1": UNSURE, "d2": WAITING},
    ),
    Case(
        "two deposits add up, and neither is the one that gives the trace",
        [payment(1)],
        [named(1, "70"), plain(2, "60"), plain(3, "40")],
        [],
        {"p1": UNSURE, "d1": UNSURE},
    ),
    Case(
        "a deposit that has found its payment leaves the other payment of its trace free",
        [payment(1, trace="T"), payment(2, "80", trace="T")],
        [named(1, "60", trace="T"), plain(2, "40"), plain(3, "80")],
        [(1, 1, "60"), (1, 2, "40"), (2, 3, "80")],
    ),
]
CASES = [*SPOKEN_FOR, *ADDENDA, *CHECKS, *WITHOUT_NUMBER, *SEVERAL]


@pytest.mark.parametrize("case", CASES, ids=[case.why for case in CASES])
def test_what_matches(case: Case) -> None:
    found = matched(case.payments, case.deposits)
    assert pairs(found) == case.matches
    all_told = told(found)
    assert {name: all_told[name] for name in case.stands} == case.stands
    assert {f"p{each}" for each, _, _ in case.matches} <= {
        name for name, state in all_told.items() if state == MATCHED
    }


WHYS = [
    (
        [payment(1)],
        [named(1)],
        "Trace and payer id in the bank's addenda and amount agree (paid 2026-11-16, at the bank 2026-11-16).",
    ),
    ([check_payment(1)], [check(1)], "Check number 4711 and amount agree; the bank names no payer"),
    ([payment(1)], [plain(1)], "Amount, payer and date agree"),
    (
        [payment(1, "60"), payment(2, "40")],
        [plain(1)],
        "2 payments of this payer within the window add up to the deposit of $100.00 exactly",
    ),
    (
        [payment(1)],
        [plain(1, "60"), plain(2, "40")],
        "2 deposits of this payer within the window add up to the payment of $100.00 exactly",
    ),
]


@pytest.mark.parametrize(("payments", "deposits", "why"), WHYS)
def test_a_match_says_why(payments: list[PaymentFact], deposits: list[DepositFact], why: str) -> None:
    assert all(each.why.startswith(why) for each in matched(payments, deposits).matches)


def test_an_unsure_one_names_candidates_and_figures_on_both_sides() -> None:
    found = matched([payment(1)], [named(1, "90")])
    assert standing(found, "payment", 1).detail == (
        "$100.00 to find; could be deposit 1 (trace T1, 2026-11-16, $90.00)."
    )
    assert standing(found, "deposit", 1).detail == (
        "$90.00 to explain; could be payment 1 (835, trace T1, 2026-11-16, $100.00)."
    )
    assert standing(found, "payment", 1).dollars == Decimal(100)


def test_five_candidates_are_named_and_that_there_are_more() -> None:
    found = matched([payment(1)], [plain(number) for number in range(1, 8)])
    detail = standing(found, "payment", 1).detail
    assert detail.count("deposit ") == 5
    assert detail.endswith("; and more.")


WINDOWS = [
    ("an ACH payment waits three bank days", payment(1), on(3), WAITING),
    ("and no longer", payment(1), on(4), "exception DEPOSIT_MISSING"),
    ("the weekend does not count", payment(1, date=on(3)), on(8), WAITING),
    ("nor does Thanksgiving", payment(1, date=on(9)), on(15), WAITING),
    ("a check waits ten, without Veterans Day", check_payment(1, date=on(-14)), on(1), WAITING),
    ("and no longer than ten", check_payment(1, date=on(-14)), on(2), "exception DEPOSIT_MISSING"),
    ("without a date the day it was received counts", payment(1, date=None), on(3), WAITING),
]


@pytest.mark.parametrize(
    ("fact", "today", "state"), [row[1:] for row in WINDOWS], ids=[row[0] for row in WINDOWS]
)
def test_a_payment_waits_until_its_window_ends(fact: PaymentFact, today: object, state: str) -> None:
    assert told(matched([fact], [], today))["p1"] == state  # type: ignore[arg-type]  # a table's values


def test_what_waits_says_until_when_and_for_how_much() -> None:
    waiting = standing(matched([payment(1)], [], on(3)), "payment", 1)
    assert (waiting.until, waiting.dollars) == (on(3), Decimal(100))
    late = standing(matched([payment(1)], [], on(4)), "payment", 1)
    assert (late.until, late.dollars) == (None, Decimal(100))
    assert late.detail == "$100.00 has not reached the bank by 2026-11-19."


DEPOSIT_WINDOWS = [
    (named(1), on(3), WAITING),
    (named(1), on(4), "exception REMIT_MISSING"),
    (check(1), on(15), WAITING),
    (check(1), on(16), "exception REMIT_MISSING"),
]


@pytest.mark.parametrize(("fact", "today", "state"), DEPOSIT_WINDOWS)
def test_a_deposit_waits_for_its_remittance(fact: DepositFact, today: object, state: str) -> None:
    assert told(matched([], [fact], today))["d1"] == state  # type: ignore[arg-type]  # a table's values
