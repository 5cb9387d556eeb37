"""An answer as plain facts: what stands in which column, and how it is written."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from payerbots.domain.coverage import (
    Authorization,
    Coverage,
    SimilarItem,
    Stay,
    StayKind,
    Verdict,
    verdict_for,
)
from payerbots.domain.coverage_facts import FACTS, bill_to_payer, facts
from payerbots.reasons import Reason

FULL = Coverage(
    active=True,
    payer="Medicare",
    payer_id="MCRDME",
    member_id="1EG4TE5MK73",
    part_b=True,
    plan="Original Medicare",
    plan_type="FFS",
    effective=date(2015, 4, 1),
    termination=date(2027, 1, 31),
    network="in",
    deductible_total=Decimal(257),
    deductible_met=Decimal("100.5"),
    deductible_remaining=Decimal("156.50"),
    coinsurance=Decimal("20.00"),
    copay=Decimal(0),
    out_of_pocket_remaining=Decimal(1500),
    qmb=False,
    cob_order=1,
    other_payer="Crest Mutual",
    other_payer_id="CRM01",
    referral_needed=False,
    stays=(Stay(kind=StayKind.HOSPICE, start=date(2026, 11, 1)),),
    similar=(
        SimilarItem(hcpcs="E0143", supplier="Old Supplier", date=date(2019, 1, 1)),
        SimilarItem(hcpcs="E0601", supplier="Valley Oxygen", date=date(2025, 3, 1), months_used=10),
    ),
    authorizations=(
        Authorization(hcpcs="E0601", needed=False),
        Authorization(hcpcs="E0277", needed=True, number="A123"),
    ),
    benefit_limit="1 per 5 years",
    reference="R1",
)
MA = replace(FULL, advantage_plan="Crest Gold", advantage_payer_id="CRGLD")


def test_a_full_answer_is_written_out() -> None:
    assert facts(FULL, Reason.SAME_SIMILAR, Verdict.HOLD) == {
        "status": "active",
        "part_b": "yes",
        "plan": "Original Medicare",
        "plan_type": "FFS",
        "bill_to_payer": "Medicare",
        "bill_to_id": "MCRDME",
        "payer_member_id": "1EG4TE5MK73",
        "effective": "2015-04-01",
        "termination": "2027-01-31",
        "network": "in",
        "deductible_total": "257.00",
        "deductible_met": "100.50",
        "deductible_remaining": "156.50",
        "coinsurance": "20",
        "copay": "0.00",
        "out_of_pocket_remaining": "1500.00",
        "qmb": "no",
        "cob_order": "1",
        "other_payer": "Crest Mutual",
        "other_payer_id": "CRM01",
        "auth_needed": "yes",
        "auth_number": "A123",
        "referral_needed": "no",
        "stay": "hospice 2026-11-01/",
        "same_similar_item": "E0601",
        "same_similar_supplier": "Valley Oxygen",
        "same_similar_date": "2025-03-01",
        "rental_months_used": "10",
        "benefit_limit": "1 per 5 years",
    }


def test_what_the_payer_did_not_say_is_nothing() -> None:
    said = facts(Coverage(active=True, payer="Medicare"), None, Verdict.BILL)
    assert {name: value for name, value in said.items() if value is not None} == {
        "status": "active",
        "bill_to_payer": "Medicare",
    }


def test_facts_keep_their_names_and_order_whatever_the_answer() -> None:
    assert tuple(facts(FULL, None, Verdict.BILL)) == FACTS
    assert tuple(facts(None, Reason.MEMBER_NOT_FOUND, Verdict.ASK)) == FACTS


@pytest.mark.parametrize("reason", [reason for reason in Reason if verdict_for(reason) is Verdict.ASK])
def test_where_somebody_must_ask_no_figure_is_shown(reason: Reason) -> None:
    assert set(facts(FULL, reason, verdict_for(reason)).values()) == {None}


def test_without_an_answer_there_are_no_facts() -> None:
    assert set(facts(None, None, Verdict.HOLD).values()) == {None}


def test_an_inactive_answer_says_so() -> None:
    said = facts(replace(FULL, active=False), Reason.INACTIVE_ON_DATE, Verdict.HOLD)
    assert (said["status"], said["bill_to_payer"]) == ("inactive", None)


NUMBERS: list[tuple[str, dict[str, Any], str, str | None]] = [
    ("money has cents", {"copay": Decimal(25)}, "copay", "25.00"),
    ("nothing is not zero", {"copay": None}, "copay", None),
    ("zero is said", {"deductible_remaining": Decimal(0)}, "deductible_remaining", "0.00"),
    ("a large amount has no exponent", {"out_of_pocket_remaining": Decimal("1E4")}, "out_of_pocket_remaining", "10000.00"),
    ("all of it", {"coinsurance": Decimal(100)}, "coinsurance", "100"),
    ("half a percent", {"coinsurance": Decimal("12.50")}, "coinsurance", "12.5"),
    ("no coinsurance", {"coinsurance": Decimal("0.00")}, "coinsurance", "0"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("changes", "name", "text"), [row[1:] for row in NUMBERS], ids=[row[0] for row in NUMBERS]
)
def test_numbers_are_written(changes: dict[str, Any], name: str, text: str | None) -> None:
    assert facts(replace(FULL, **changes), None, Verdict.BILL)[name] == text


AUTHORIZATIONS = [
    ("the payer was not asked", (), (None, None)),
    ("none is needed", (Authorization(hcpcs="E0601", needed=False),), ("no", None)),
    ("one is needed", (Authorization(hcpcs="E0277", needed=True),), ("yes", None)),
    ("one is on file", (Authorization(hcpcs="E0277", needed=True, number="A1"),), ("yes", "A1")),
]


@pytest.mark.parametrize(
    ("found", "expected"), [row[1:] for row in AUTHORIZATIONS], ids=[row[0] for row in AUTHORIZATIONS]
)
def test_authorization(found: tuple[Authorization, ...], expected: tuple[str | None, str | None]) -> None:
    said = facts(replace(FULL, authorizations=found), None, Verdict.BILL)
    assert (said["auth_needed"], said["auth_number"]) == expected


BILL_TO = [
    ("the payer asked", FULL, None, ("Medicare", "MCRDME")),
    ("held, but still this payer's", FULL, Reason.SAME_SIMILAR, ("Medicare", "MCRDME")),
    ("the Advantage plan", MA, Reason.BILL_MA_PLAN, ("Crest Gold", "CRGLD")),
    ("the payer before it", FULL, Reason.OTHER_PAYER_PRIMARY, ("Crest Mutual", "CRM01")),
    ("nobody: not in force", replace(FULL, active=False), Reason.INACTIVE_ON_DATE, (None, None)),
    ("nobody: no Part B", replace(FULL, part_b=False), Reason.NO_PART_B, (None, None)),
]


@pytest.mark.parametrize(
    ("coverage", "reason", "expected"), [row[1:] for row in BILL_TO], ids=[row[0] for row in BILL_TO]
)
def test_whom_to_bill(
    coverage: Coverage, reason: Reason | None, expected: tuple[str | None, str | None]
) -> None:
    assert bill_to_payer(coverage, reason) == expected
