"""Facts of the ledger as rows of the posting workbook."""

from datetime import date
from decimal import Decimal

import pytest

from payerbots.domain.facts import DepositKind, Of, StandingState
from payerbots.domain.posting_batches import fundings
from payerbots.domain.posting_lines import Funding
from payerbots.domain.posting_rows import (
    Tally,
    by_number,
    deposit_rows,
    ledger_totals,
    payer_standings,
    payment_row,
    to_post,
    whys,
)
from tests.money_facts import DAY, deposit, match, payment, standing
from tests.posting_samples import money, remittances, sample_lines

MATCHED, WAITING, EXCEPTION, UNCONCERNED = StandingState


@pytest.mark.parametrize(
    ("balanced", "state", "posted", "why"),
    [
        (True, MATCHED, True, "its money was found"),
        (True, UNCONCERNED, True, "it has no money"),
        (True, WAITING, False, "its money is not here yet"),
        (True, EXCEPTION, False, "a person looks first"),
        (True, None, False, "nobody has concluded on it"),
        (False, MATCHED, False, "it does not balance"),
        (False, UNCONCERNED, False, "as above"),
    ],
)
def test_only_what_balances_and_matches_is_posted(
    balanced: bool, state: StandingState | None, posted: bool, why: str
) -> None:
    one = payment(1, balanced=balanced)
    standings = by_number([standing(Of.PAYMENT, 1, state)] if state else [])
    assert to_post([one], standings) == ([one] if posted else []), why


def test_a_deposits_standing_is_not_a_payments() -> None:
    assert to_post([payment(1)], by_number([standing(Of.DEPOSIT, 1, MATCHED)])) == []


def test_a_payment_row_has_what_its_lines_come_to() -> None:
    tally = Tally()
    lines = [*sample_lines(remittances(1))]
    for line in lines:
        tally.add(line)
    row = payment_row(
        payment(1), Funding(batch="B", deposit="D", deposit_date=DAY), tally, money("1.50"), "why"
    )
    assert (row.batch, row.deposit, row.trace, row.form, row.why) == ("B", "D", "T1", "835", "why")
    assert (row.lines, row.charge, row.paid) == (
        len(lines),
        sum(line.charge for line in lines),
        sum(line.paid for line in lines),
    )
    assert (row.provider_adjustments, row.amount) == (money("1.50"), money(10))


def test_every_rule_by_which_a_payment_was_matched_is_told_once() -> None:
    pairs = [
        match(1, 1, why="Trace."),
        match(1, 2, why="Amount."),
        match(1, 3, why="Trace."),
        match(2, 4, why="No."),
    ]
    assert whys(pairs) == {1: "Trace. Amount.", 2: "No."}


def test_a_matched_deposit_says_with_what_and_why() -> None:
    pairs = [match(1, 1, "4.00", "Trace."), match(2, 1, "6.00", "Trace.")]
    deposits = {1: deposit(1)}
    held = fundings([payment(1), payment(2)], deposits, pairs)
    (row,) = deposit_rows(deposits.values(), by_number([standing(Of.DEPOSIT, 1, MATCHED)]), pairs, held)
    assert (row.state, row.amount, row.matched, row.why) == ("matched", money(10), money(10), "Trace.")
    assert row.batch == held[1].batch


def test_a_deposit_that_waits_says_for_what_and_until_when() -> None:
    until = date(2026, 11, 25)
    waits = standing(Of.DEPOSIT, 1, WAITING, until=until, detail="No remittance yet.")
    row, unseen = deposit_rows([deposit(1), deposit(2)], by_number([waits]), [], {})
    assert (row.state, row.until, row.why, row.matched) == ("waiting", until, "No remittance yet.", money(0))
    assert (unseen.state, unseen.until) == ("waiting", None)


def test_deposits_stand_in_the_order_of_days_and_references() -> None:
    found = deposit_rows([deposit(2), deposit(1), deposit(3, day=date(2026, 11, 19))], {}, [], {})
    assert [row.reference for row in found] == ["R3", "R1", "R2"]


def test_payers_show_what_waits_and_what_is_wrong() -> None:
    payments = [payment(1), payment(2), payment(3, balanced=False), payment(4, payer="CASCADE"), payment(5)]
    standings = by_number(
        [
            standing(Of.PAYMENT, 1, MATCHED),
            standing(Of.PAYMENT, 2, WAITING),
            standing(Of.PAYMENT, 4, EXCEPTION),
        ]
    )
    cascade, summit = payer_standings(payments, standings)
    assert (cascade.payer, cascade.exceptions, cascade.exceptions_amount) == ("CASCADE", 1, money(40))
    assert (summit.waiting, summit.waiting_amount) == (2, money(70))
    assert (summit.exceptions, summit.exceptions_amount) == (1, money(30))


def test_the_ledgers_figures_leave_out_sums_that_are_no_money() -> None:
    deposits = [
        deposit(1),
        deposit(2, amount=money(7)),
        deposit(3, kind=DepositKind.BATCH, amount=money(999)),
    ]
    standings = by_number([standing(Of.DEPOSIT, 3, UNCONCERNED)])
    found = ledger_totals([payment(1)], deposits, standings, [match(1, 1, "4.00")])
    assert (found.payments, found.payments_amount) == (1, money(10))
    assert (found.deposits_matched, found.deposits_unmatched) == (money(4), Decimal(13))
