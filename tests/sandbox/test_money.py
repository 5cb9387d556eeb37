"""The made-up money: what every seed holds, and that its answers hang together."""

from __future__ import annotations

import itertools
from collections import Counter
from datetime import date, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest

from payerbots.sandbox.answers import answers as all_answers
from payerbots.sandbox.money import build
from payerbots.sandbox.money.answers import answers
from payerbots.sandbox.money.calendar import bank_day, is_bank_day
from payerbots.sandbox.money.records import Kind
from payerbots.sandbox.money.shelves import summit
from payerbots.sandbox.money.world import bank_days

if TYPE_CHECKING:
    from payerbots.sandbox.eob import Claim, Line
    from payerbots.sandbox.money.records import Money, Payment

TODAY = date(2026, 11, 25)
SEEDS = range(1, 7)
DAYS = (TODAY, date(2026, 11, 29), date(2027, 1, 4), date(2027, 2, 16), date(2028, 2, 29))
CASES = {
    "pair", "reversal alone", "recovery", "recovery of an unknown claim", "interest", "line wrong", "claim wrong",
    "total wrong", "by two roads", "listed twice", "issued again", "no file yet", "no money, past its window",
    "no money yet", "split over two deposits", "two in one deposit", "two of one trace", "wire", "no addenda",
    "either of two", "check lost", "check on its way", "EOB alone", "QMB and crossover", "balance carried",
    "balance taken", "no money", "one key, two contents", "claim unknown, adjustment unmatched", "file cut off",
    "zeros before the number", "EOB by two roads", "amounts differ", "returned", "virtual card", "scanned",
    "images late", "in a file with wrong totals",
}  # fmt: skip
REASONS = {
    "REMIT_UNBALANCED": 3,
    "REMIT_KEY_CLASH": 1,
    "DEPOSIT_MISSING": 2,
    "MATCH_UNSURE": 3,
    "DEPOSIT_RETURNED": 1,
    "CARD_PAYMENT": 1,
}
DENIALS = {
    "DENIED_COVERAGE", "DENIED_AUTH", "DENIED_DOCUMENTS", "DENIED_NECESSITY", "DENIED_CODING", "DENIED_DUPLICATE",
    "DENIED_LATE", "SAME_SIMILAR",
}  # fmt: skip

Rows = list[dict[str, Any]]


def claims(money: Money) -> list[Claim]:
    return [claim for payment in money.payments for claim in payment.check.claims]


def lines(money: Money) -> list[Line]:
    return [line for claim in claims(money) for line in claim.lines]


def of_case(money: Money, case: str) -> list[Payment]:
    return [one for one in money.payments if one.case == case]


def row(rows: Rows, **wanted: object) -> dict[str, Any]:
    (found,) = [one for one in rows if wanted.items() <= one.items()]
    return found


def test_a_seed_and_day_make_the_same_money_again() -> None:
    first = build(3, TODAY)
    build.cache_clear()
    assert build(3, TODAY) == first


@pytest.mark.parametrize("seed", SEEDS)
def test_every_case_occurs(seed: int) -> None:
    assert {one.case for one in build(seed, TODAY).payments} >= CASES


@pytest.mark.parametrize("seed", SEEDS)
def test_there_is_enough_and_not_too_much(seed: int) -> None:
    money = build(seed, TODAY)
    assert len(money.payments) in range(40, 80)
    assert len(lines(money)) in range(250, 401)
    assert len(summit(money)) > 140


@pytest.mark.parametrize("seed", SEEDS)
def test_only_what_is_meant_to_does_not_balance(seed: int) -> None:
    levels = Counter(one.level for one in build(seed, TODAY).payments if one.level)
    assert levels == {"line": 1, "claim": 1, "transaction": 1}
    for payment in build(seed, TODAY).payments:
        assert level_of(payment) == payment.level, payment.key


def level_of(payment: Payment) -> str:
    """The lowest level on which the payment does not balance."""
    check = payment.check
    for claim in check.claims:
        if any(line.charge - sum(a.amount for a in line.adjustments) != line.paid for line in claim.lines):
            return "line"
        if claim.paid != sum(line.paid for line in claim.lines):
            return "claim"
    return "" if check.amount == sum(claim.paid for claim in check.claims) - check.moved else "transaction"


@pytest.mark.parametrize("seed", SEEDS)
def test_all_money_is_of_a_payment_or_of_nobody_known(seed: int) -> None:
    money = build(seed, TODAY)
    by_key = {one.key: one for one in money.payments}
    for deposit in money.deposits:
        assert not deposit.parts or sum(part.amount for part in deposit.parts) == deposit.amount
        assert all(part.payment in by_key for part in deposit.parts)


@pytest.mark.parametrize("seed", SEEDS)
def test_what_has_no_number_can_be_told_by_its_amount_alone(seed: int) -> None:
    """No other payment of the payer, and no other two, come to the same."""
    money = build(seed, TODAY)
    for deposit in money.deposits:
        if deposit.why not in {"amount", "sum"}:
            continue
        own = {part.payment for part in deposit.parts}
        payer = next(one.payer for one in money.payments if one.key in own)
        amounts = {
            one.key: one.check.amount for one in money.payments if one.payer is payer and one.check.amount
        }
        fitting = [
            set(some)
            for size in (1, 2)
            for some in itertools.combinations(amounts, size)
            if sum(amounts[key] for key in some) == deposit.amount
        ]
        assert fitting == [own]


@pytest.mark.parametrize("seed", SEEDS)
def test_amounts_are_told_apart_unless_they_are_meant_not_to_be(seed: int) -> None:
    counted = Counter(one.check.amount for one in build(seed, TODAY).payments if one.check.amount)
    alike = [amount for amount, count in counted.items() if count > 1]
    assert alike == [of_case(build(seed, TODAY), "either of two")[0].check.amount]


@pytest.mark.parametrize("today", DAYS, ids=str)
def test_money_moves_on_bank_days_only(today: date) -> None:
    money = build(1, today)
    days = {one.day for one in money.deposits} | {one.check.date for one in money.payments}
    assert all(is_bank_day(day) and money.since <= day < today for day in days)


@pytest.mark.parametrize("today", DAYS, ids=str)
def test_the_standings_are_the_same_on_every_day_of_the_year(today: date) -> None:
    def standings(of: date) -> list[tuple[str, str, str | None]]:
        return [(one["payment"], one["state"], one["reason"]) for one in answers(1, of)["payments"]]

    assert standings(today) == standings(TODAY)


def test_banks_are_closed_at_thanksgiving_and_not_before_a_saturdays_holiday() -> None:
    assert bank_day(date(2026, 11, 25), 1) == date(2026, 11, 27)
    assert bank_day(date(2026, 11, 27), -1) == date(2026, 11, 25)
    assert is_bank_day(date(2026, 7, 3))


@pytest.mark.parametrize("seed", SEEDS)
def test_every_reason_occurs_and_the_rest_is_ready_or_waits(seed: int) -> None:
    found = answers(seed, TODAY)["payments"]
    assert Counter(one["reason"] for one in found if one["state"] == "exception") == REASONS
    assert {one["reason"] for one in found if one["state"] == "waiting"} == {None, "REMIT_NOT_READY"}
    assert {one["reason"] for one in found if one["state"] == "ready"} == {None}


@pytest.mark.parametrize("seed", SEEDS)
def test_every_reason_of_deposits_occurs(seed: int) -> None:
    found = answers(seed, TODAY)["deposits"]
    assert {one["reason"] for one in found if one["state"] == "exception"} == {
        "REMIT_MISSING", "MATCH_UNSURE", "DEPOSIT_RETURNED", "REMIT_UNBALANCED",
    }  # fmt: skip
    assert {one["state"] for one in found} == {"matched", "waiting", "exception", "unconcerned"}


@pytest.mark.parametrize("seed", SEEDS)
def test_files_and_claims_that_need_a_person_are_named(seed: int) -> None:
    found = answers(seed, TODAY)
    assert {one["reason"] for one in found["unusable"]} == {"FILE_UNUSABLE", "NEEDS_OCR", "LOCKBOX_TOTALS"}
    assert Counter(one["reason"] for one in found["holds"]) == {
        "PLB_UNMATCHED": 2,
        "REVERSAL_ALONE": 1,
        "CLAIM_UNKNOWN": 1,
    }


@pytest.mark.parametrize("seed", SEEDS)
def test_a_payment_that_is_ready_has_all_its_money_matched(seed: int) -> None:
    found = answers(seed, TODAY)
    matched: Counter[str] = Counter()
    for one in found["matches"]:
        matched[one["payment"]] += Decimal(one["amount"])  # type: ignore[assignment]  # sums of dollars
    for one in found["payments"]:
        expected = Decimal(one["amount"]) if one["state"] == "ready" else 0
        assert matched[one["payment"]] == expected


@pytest.mark.parametrize("seed", SEEDS)
def test_what_did_not_come_is_past_its_window(seed: int) -> None:
    for case, window in (("check lost", 10), ("no money, past its window", 3)):
        (lost,) = of_case(build(seed, TODAY), case)
        assert bank_day(lost.check.date, window) < TODAY
        assert row(answers(seed, TODAY)["payments"], payment=lost.key)["reason"] == "DEPOSIT_MISSING"


@pytest.mark.parametrize("seed", SEEDS)
def test_the_windows_end_on_their_last_day(seed: int) -> None:
    """Whatever waits today is an exception on the day after `until`, and not before."""
    waiting = [one for one in answers(seed, TODAY)["payments"] if one["case"] == "no money yet"]
    assert waiting
    for one in waiting:
        until = date.fromisoformat(one["until"])
        on_the_day = row(answers(seed, TODAY, until)["payments"], payment=one["payment"])
        after = row(answers(seed, TODAY, until + timedelta(days=1))["payments"], payment=one["payment"])
        assert (on_the_day["state"], after["state"]) == ("waiting", "exception")


@pytest.mark.parametrize("seed", SEEDS)
def test_the_next_day_changes_only_what_came_late(seed: int) -> None:
    before = {one["payment"]: one for one in answers(seed, TODAY)["payments"]}
    after = {one["payment"]: one for one in answers(seed, TODAY, TODAY + timedelta(days=1))["payments"]}
    changed = {one["case"] for key, one in after.items() if before.get(key) != one}
    assert changed == {"no file yet", "file cut off", "images late", "in a file with wrong totals"}
    assert all(after[key]["state"] == "ready" for key in after if before.get(key) != after[key])


@pytest.mark.parametrize("seed", SEEDS)
def test_denials_of_all_kinds_occur(seed: int) -> None:
    found = answers(seed, TODAY)["denials"]["ready"]
    assert set(found["reasons"]) == DENIALS
    assert [one["lines"] for one in found["projects"]] == [11]
    assert [one["lines"] for one in found["rentals"]] == [4]


@pytest.mark.parametrize("seed", SEEDS)
def test_a_denial_takes_the_charge_of_its_units(seed: int) -> None:
    for line in lines(build(seed, TODAY)):
        if line.denied:
            cut = line.adjustments[-1].amount
            assert line.paid == 0 or line.units_paid
            assert cut == line.charge * (line.units - (line.units_paid or 0)) / line.units


@pytest.mark.parametrize("seed", SEEDS)
def test_109_with_n104_is_no_change_of_insurance(seed: int) -> None:
    of_109 = {line.remarks: line.denied for line in lines(build(seed, TODAY)) if line.cut("CO", "109")}
    assert of_109 == {("N418",): "DENIED_COVERAGE", ("N104",): "DENIED_CODING"}


@pytest.mark.parametrize("seed", SEEDS)
def test_medicare_pays_eighty_percent_less_sequestration(seed: int) -> None:
    money = build(seed, TODAY)
    paid = [
        line
        for one in money.payments
        if one.payer.key == "medicare" and not one.trouble
        for claim in one.check.claims
        for line in claim.lines
        if line.paid > 0 and not line.units_paid
    ]
    assert paid
    for line in paid:
        rest = line.allowed - line.cut("PR", "1") - line.cut("PR", "2")
        assert line.cut("CO", "253") == (rest * 2 / 100).quantize(Decimal("0.01"))
        assert abs(line.cut("PR", "2") * 4 - rest) < Decimal("0.03")


@pytest.mark.parametrize("seed", SEEDS)
def test_a_pair_takes_back_what_was_paid_and_pays_again(seed: int) -> None:
    money = build(seed, TODAY)
    back, again = of_case(money, "pair")[0].check.claims[:2]
    (first,) = [one for one in claims(money) if one.number == back.number and one.status == "1"]
    assert (back.status, back.paid, back.charge) == ("22", -first.paid, -first.charge)
    assert again.control == back.control != again.number != back.number


@pytest.mark.parametrize("seed", SEEDS)
def test_a_balance_that_was_carried_is_taken_later(seed: int) -> None:
    money = build(seed, TODAY)
    (carried,) = of_case(money, "balance carried")[0].check.adjustments
    (taken,) = of_case(money, "balance taken")[0].check.adjustments
    assert carried.code == taken.code == "FB"
    assert carried.amount == -taken.amount < 0
    assert carried.reference == taken.reference


@pytest.mark.parametrize("seed", SEEDS)
def test_the_office_knows_every_claim_but_one(seed: int) -> None:
    money = build(seed, TODAY)
    known = {one.control for one in money.billed}
    assert {one.what for one in money.holds if one.reason == "CLAIM_UNKNOWN"} == {
        claim.control for claim in claims(money) if claim.control not in known
    }
    assert len(known) == len(money.billed)


@pytest.mark.parametrize("seed", SEEDS)
def test_a_qmb_patient_has_a_share_that_must_not_be_billed(seed: int) -> None:
    found = answers(seed, TODAY)["claims"]
    assert found["qmb_claims"] == 2
    assert Decimal(found["qmb_patient_share"]) > 0
    assert (found["crossovers"], found["corrected_ids"], found["pairs"], found["reversals"]) == (2, 1, 2, 3)


def test_patients_are_not_named_in_the_answers() -> None:
    money = build(2, TODAY)
    text = str(answers(2, TODAY))
    names = {f"{one.first} {one.last}" for one in money.billed} | {one.member for one in money.billed}
    people = {one.company for one in money.deposits if one.person}
    assert not [name for name in names | people if name in text]


def test_the_checks_of_the_lockbox_are_all_in_batches() -> None:
    money = build(2, TODAY)
    batched = [one.key for batch in money.batches for one in batch.checks]
    assert sorted(batched) == sorted(one.key for one in money.deposits if one.kind is Kind.CHECK)
    assert {batch.day for batch in money.batches} <= set(bank_days(money))


def test_the_answers_of_a_seed_hold_eligibility_and_money() -> None:
    found = all_answers(1, TODAY)
    assert found["seed"] == 1
    assert found["eligibility"]
    assert found["payments"] == answers(1, TODAY)["payments"]
