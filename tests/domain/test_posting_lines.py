"""From a remittance to posting lines."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from payerbots.domain.posting import PostingLine
from payerbots.domain.posting_lines import (
    Funding,
    adjustments_of,
    lines_of,
    mark_of,
    payment_mark,
    row_id,
)
from payerbots.domain.remittance import Adjustment, Claim, Dated, Line
from tests.posting_samples import (
    SHA,
    adjustment,
    claim,
    decided,
    line,
    money,
    remittance,
    sample_lines,
)
from tests.posting_samples import remittances as sample_remittances

FUNDING = Funding(batch="B-1", deposit="B-1 + B-2", deposit_date=date(2026, 11, 21))
IN_COLUMNS = (
    "deductible",
    "coinsurance",
    "copay",
    "other_pr",
    "contractual",
    "sequestration",
    "other_1_amount",
    "other_2_amount",
    "other_3_amount",
    "other_4_amount",
    "further",
)


@dataclass(frozen=True, kw_only=True)
class Decision:
    """A decision, as the rules give one."""

    actions: tuple[str, ...] = ("post",)
    reversal_of: str = ""
    patient_billable: bool = False
    next_payer: str = ""

    def of_line(self, position: int) -> str:
        return self.actions[min(position, len(self.actions) - 1)]


def posted(*claims: Claim, **more: Any) -> list[PostingLine]:
    payment = remittance(*claims, **more)
    return list(lines_of(payment, decided(payment), FUNDING, SHA))


def one(*cuts: Adjustment, **more: Any) -> PostingLine:
    (found,) = posted(claim(line("100.00", *cuts, **more)))
    return found


def test_a_line_says_where_its_money_is_and_what_it_was_read_from() -> None:
    found = one()
    assert (found.batch, found.deposit, found.deposit_date) == ("B-1", "B-1 + B-2", date(2026, 11, 21))
    assert (found.payer, found.trace, found.payer_id) == ("Summit Health Plan", "EFT0001", "1512345678")
    assert (found.method, found.payment_date, found.payment_total) == ("ACH", date(2026, 11, 20), money(100))
    assert found.file == SHA


@pytest.mark.parametrize(
    ("group", "code", "column"),
    [
        ("PR", "1", "deductible"),
        ("PR", "2", "coinsurance"),
        ("PR", "3", "copay"),
        ("PR", "96", "other_pr"),
        ("PR", "45", "other_pr"),
        ("CO", "45", "contractual"),
        ("OA", "45", "contractual"),
        ("CO", "253", "sequestration"),
        ("CO", "1", "other_1_amount"),
        ("OA", "23", "other_1_amount"),
    ],
)
def test_an_adjustment_stands_in_its_column_and_in_no_other(group: str, code: str, column: str) -> None:
    found = one(adjustment(group, code, "12.34"))
    assert {name: getattr(found, name) for name in IN_COLUMNS if getattr(found, name) is not None} == {
        column: money("12.34")
    }


def test_other_adjustments_keep_their_group_and_code() -> None:
    found = one(adjustment("OA", "23", "5.00"), adjustment("PI", "97", "6.00"))
    assert (found.other_1_group, found.other_1_code, found.other_1_amount) == ("OA", "23", money(5))
    assert (found.other_2_group, found.other_2_code, found.other_2_amount) == ("PI", "97", money(6))
    assert (found.other_3_group, found.other_3_code, found.other_3_amount) == ("", "", None)


def test_adjustments_of_one_group_and_code_are_one_sum() -> None:
    found = one(
        adjustment("PR", "2", "5.00"), adjustment("PR", "2", "6.00"), *(adjustment("OA", "23", "1.00"),) * 2
    )
    assert (found.coinsurance, found.other_1_amount, found.other_2_amount) == (money(11), money(2), None)


@pytest.mark.parametrize(("others", "further"), [(4, None), (5, money(1)), (7, money(3))])
def test_more_than_four_others_are_told_as_a_sum_and_one_by_one(others: int, further: Decimal | None) -> None:
    cuts = [adjustment("CO", str(60 + place), "1.00") for place in range(others)]
    found = one(*cuts)
    assert found.further == further
    assert [row.code for row in adjustments_of(found, str)] == [each.code for each in cuts]


def test_the_columns_of_a_line_take_the_charge_down_to_what_was_paid() -> None:
    cuts = [adjustment("CO", "45", "30.00"), adjustment("PR", "1", "5.00"), adjustment("CO", "253", "0.70")]
    found = one(*cuts, *(adjustment("OA", str(code), "1.11") for code in range(60, 66)))
    taken = sum((getattr(found, name) or Decimal(0) for name in IN_COLUMNS), Decimal(0))
    assert found.charge - taken == found.paid


def test_a_claim_without_lines_is_one_row() -> None:
    (found,) = posted(
        claim(charge=money(80), paid=money(50), adjustments=(adjustment("CO", "45", "30.00"),), lines=())
    )
    assert (found.charge, found.paid, found.contractual, found.hcpcs) == (money(80), money(50), money(30), "")
    assert (found.units_billed, found.units_paid) == (None, None)


def test_what_a_claim_says_beside_its_lines_is_a_row_of_its_own() -> None:
    own, *rest = posted(claim(line(), line(), adjustments=(adjustment("CO", "45", "7.00"),)))
    assert (own.charge, own.paid, own.contractual) == (money(0), money(-7), money(7))
    assert own.row.endswith("-0")
    assert [each.contractual for each in rest] == [None, None]


@pytest.mark.parametrize(
    ("claims", "why"),
    [
        ((claim(line(), line("50.00", adjustment("CO", "45", "10.00"))),), "lines alone"),
        ((claim(line(), adjustments=(adjustment("CO", "45", "7.00"),)),), "adjustments of the claim"),
        ((claim(charge=money(80), paid=money(80), lines=()), claim(line(), number=2)), "one without lines"),
        ((claim(line(), charge=money(120), paid=money(120)),), "a line that was left out"),
    ],
)
def test_paid_amounts_add_up_to_what_the_claims_were_paid(claims: tuple[Claim, ...], why: str) -> None:
    found = posted(*claims)
    assert sum(each.paid for each in found) == sum(each.paid for each in claims), why
    assert sum(each.charge for each in found) == sum(each.charge for each in claims), why


STATEMENT = (
    Dated(qualifier="232", date=date(2026, 10, 1)),
    Dated(qualifier="233", date=date(2026, 10, 31)),
)


@pytest.mark.parametrize(
    ("of_line", "of_claim", "expected"),
    [
        ((date(2026, 11, 2), None), (), (date(2026, 11, 2), date(2026, 11, 2))),
        ((date(2026, 11, 2), date(2026, 12, 1)), STATEMENT, (date(2026, 11, 2), date(2026, 12, 1))),
        ((None, None), STATEMENT, (date(2026, 10, 1), date(2026, 10, 31))),
        ((None, None), STATEMENT[:1], (date(2026, 10, 1), date(2026, 10, 1))),
        ((None, None), (), (None, None)),
    ],
)
def test_dates_are_the_lines_or_the_claims(of_line: Any, of_claim: Any, expected: Any) -> None:
    (found,) = posted(claim(line(date=of_line[0], date_to=of_line[1]), dates=of_claim))
    assert (found.date_from, found.date_to) == expected


@pytest.mark.parametrize(
    ("billed", "paid", "expected"),
    [
        (None, None, (1, 1)),
        (None, Decimal(3), (3, 3)),
        (Decimal(5), Decimal(3), (5, 3)),
        (Decimal(5), None, (5, 1)),
    ],
)
def test_units_that_are_left_out_are_the_standards_own(
    billed: Decimal | None, paid: Decimal | None, expected: Any
) -> None:
    found = one(units_billed=billed, units=paid)
    assert (found.units_billed, found.units_paid) == expected


def test_codes_and_remarks_are_told_once_and_in_order() -> None:
    facts: dict[str, Any] = {
        "modifiers": ("RR", "KH"),
        "original_procedure": "E0470",
        "original_modifiers": ("NU",),
    }
    (found,) = posted(claim(line(remarks=("N115", "M3"), **facts), remarks=("MA01", "N115")))
    assert (found.hcpcs, found.modifiers, found.original_hcpcs) == ("E0601", "RR KH", "E0470 NU")
    assert found.remarks == "N115 M3 MA01"


def test_what_was_decided_on_a_claim_stands_in_its_lines() -> None:
    told = Decision(actions=("post", "post + denial", "hold"), reversal_of="R", next_payer="AETNA")
    payment = remittance(claim(line(), line(), adjustments=(adjustment("CO", "45", "7.00"),)))
    found = list(lines_of(payment, [(payment.claims[0], told)], FUNDING, SHA))
    assert [each.action for each in found] == ["post", "post + denial", "hold"]
    assert {(each.reversal_of, each.next_payer) for each in found} == {("R", "AETNA")}


@pytest.mark.parametrize(
    ("owes", "cut", "expected"),
    [
        (True, adjustment("PR", "2", "5.00"), True),
        (True, adjustment("CO", "45", "5.00"), False),
        (False, adjustment("PR", "2", "5.00"), False),
    ],
)
def test_a_patient_is_billed_where_the_claim_allows_it_and_the_line_leaves_something(
    owes: bool, cut: Adjustment, expected: bool
) -> None:
    payment = remittance(claim(line("100.00", cut)))
    decision = Decision(patient_billable=owes)
    (found,) = lines_of(payment, [(payment.claims[0], decision)], FUNDING, SHA)
    assert found.patient_billable is expected


def test_every_row_has_an_id_of_its_own_and_the_same_on_every_run() -> None:
    found = [each.row for each in sample_lines(sample_remittances())]
    assert len(set(found)) == len(found)
    assert found == [each.row for each in sample_lines(sample_remittances())]


def test_a_row_id_is_made_of_payment_claim_and_line() -> None:
    payment = remittance(claim(line(), line()))
    mark = payment_mark(*payment.key)
    found = [each.row for each in lines_of(payment, decided(payment), FUNDING, SHA)]
    assert found == [row_id(mark, payment.claims[0], position) for position in (1, 2)]
    assert {mark_of(row) for row in found} == {mark}


@pytest.mark.parametrize(
    ("more", "why"),
    [
        ({"trace": "EFT0002"}, "another trace"),
        ({"payer_id": "1999999999"}, "another payer"),
        ({"date": date(2026, 11, 21)}, "another day"),
        ({"claims": (claim(line(), patient_control_number="B1"),)}, "a trace repeated with another claim"),
        ({"claims": (claim(line(), status="2"),)}, "the claim as another payer's"),
    ],
)
def test_another_payment_or_claim_has_other_row_ids(more: dict[str, Any], why: str) -> None:
    first, second = remittance(claim(line())), remittance(claim(line()), **more)
    ids = [[each.row for each in lines_of(one, decided(one), FUNDING, SHA)] for one in (first, second)]
    assert ids[0] != ids[1], why


def test_the_mark_of_a_payment_does_not_hang_on_how_its_amount_is_written() -> None:
    day = date(2026, 11, 20)
    assert payment_mark("1", "T", day, Decimal(100)) == payment_mark("1", "T", day, Decimal("100.00"))


def test_an_adjustment_row_leads_back_to_its_line() -> None:
    found = one(adjustment("CO", "50", "100.00", quantity=Decimal(1)))
    (row,) = adjustments_of(found, lambda code: f"words of {code}")
    assert (row.row, row.batch, row.claim, row.hcpcs) == (found.row, "B-1", "A00001", "E0601")
    assert (row.group, row.code, row.amount, row.quantity) == ("CO", "50", money(100), Decimal(1))
    assert row.means == "words of 50"


def test_a_revenue_code_stands_in_for_a_missing_procedure() -> None:
    (found,) = posted(claim(Line(procedure="", revenue_code="0290", charge=money(10), paid=money(10))))
    assert found.hcpcs == "0290"
