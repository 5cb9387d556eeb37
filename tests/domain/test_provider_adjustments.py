"""Provider adjustments: what they mean, and which a person has to explain."""

from datetime import date
from decimal import Decimal

import pytest

from payerbots.domain.known_claims import Forward, KnownClaims, PaidClaim, PaymentRef, reference_keys
from payerbots.domain.postable import Action
from payerbots.domain.provider_adjustments import AdjustmentDecision, decide_adjustments
from payerbots.domain.remittance import Claim, ProviderAdjustment

EARLIER = PaidClaim(
    payment=3,
    place=1,
    control="A7",
    payer_claim="26310001234567",
    status="1",
    charge=Decimal(9),
    paid=Decimal(9),
    day=None,
)
THIS = PaymentRef(number=5, day=date(2026, 11, 16), payer_id="P")


def forward(number: int, day: int, amount: str, reference: str = "F1", payer_id: str = "P") -> Forward:
    payment = PaymentRef(number=number, day=date(2026, 11, day), payer_id=payer_id)
    return Forward(payment=payment, reference=reference, amount=Decimal(amount))


KNOWN = KnownClaims([EARLIER], forwards=[forward(3, 2, "-50"), forward(5, 16, "50")])


def claim(number: int) -> Claim:
    return Claim(
        number=number,
        status="1",
        patient_control_number=f"A{number}",
        payer_claim_number=f"ICN{number}",
        charge=Decimal(9),
        paid=Decimal(9),
    )


def decide(*adjustments: tuple[str, str, str], claims: int = 2) -> tuple[AdjustmentDecision, ...]:
    made = [
        ProviderAdjustment(code=code, reference=reference, amount=Decimal(amount))
        for code, reference, amount in adjustments
    ]
    return decide_adjustments(THIS, made, [claim(number) for number in range(1, claims + 1)], KNOWN)


ROWS = [
    ("recouped for a claim of this payment", [("WO", "ICN1", "20")], ["A1"]),
    ("recouped for a claim of another payment", [("WO", "26310001234567", "20")], ["A7"]),
    ("by our own number", [("WO", "A7", "20")], ["A7"]),
    ("the member's number stands behind the claim's", [("WO", "263100012345671EG4TE5MK73", "20")], ["A7"]),
    ("in words", [("CS", "CLAIM 26310001234567 AUDIT", "20")], ["A7"]),
    ("recouped for a claim that nobody knows", [("WO", "XX9", "20")], None),
    ("without a reference", [("WO", "", "20")], None),
    ("put off, for a claim that is known", [("WO", "ICN1", "-20")], ["A1"]),
    ("a refund and its recoupment", [("WO", "R1", "20"), ("72", "R1", "-20")], ["", ""]),
    ("a refund whose recoupment has another reference", [("72", "R1", "-20"), ("WO", "R2", "20")], ["", ""]),
    ("a refund of another amount", [("72", "R1", "-20")], None),
    ("a refund is not explained by a claim alone", [("72", "ICN1", "-20")], None),
    ("carried forward", [("FB", "F9", "-20")], [""]),
    ("applied after it was carried forward", [("FB", "F1", "50")], [""]),
    ("applied in two parts", [("FB", "F1", "30"), ("FB", "F1", "20")], ["", ""]),
    ("more applied than was carried forward", [("FB", "F1", "50.01")], None),
    ("applied, and nothing was carried forward", [("FB", "F9", "20")], None),
    ("interest for a claim", [("L6", "ICN2", "-1")], ["A2"]),
    ("interest for a claim that nobody knows", [("L6", "XX9", "-1")], None),
    ("interest for one of several claims", [("L6", "", "-1")], None),
    ("tax withheld has no claim", [("IR", "", "5")], None),
]


@pytest.mark.parametrize(("adjustments", "controls"), [row[1:] for row in ROWS], ids=[row[0] for row in ROWS])
def test_what_is_known_of_it_decides(
    adjustments: list[tuple[str, str, str]], controls: list[str] | None
) -> None:
    found = decide(*adjustments)
    known = [Action.POST] * len(adjustments) if controls is not None else [Action.HOLD]
    assert [each.action for each in found] == known
    assert {each.reason for each in found} == {"" if controls is not None else "PLB_UNMATCHED"}
    assert controls is None or [each.claim for each in found] == controls


def test_interest_without_a_reference_is_that_of_the_only_claim() -> None:
    (found,) = decide(("L6", "", "-1"), claims=1)
    assert (found.action, found.claim) == (Action.POST, "A1")


def test_a_second_part_too_many_is_held_and_the_first_is_not() -> None:
    found = decide(("FB", "F1", "30"), ("FB", "F1", "30"))
    assert [each.action for each in found] == [Action.POST, Action.HOLD]


BALANCES = [
    ("another payment applied a part before", forward(4, 9, "20"), "30"),
    ("another payment applies a part later", forward(6, 20, "20"), "50"),
    ("carried forward later", forward(6, 20, "-20"), "50"),
    ("of another reference", forward(4, 9, "20", "F2"), "50"),
    ("of another payer", forward(4, 9, "20", "F1", "Q"), "50"),
]


@pytest.mark.parametrize(
    ("other", "balance"), [row[1:] for row in BALANCES], ids=[row[0] for row in BALANCES]
)
def test_what_is_left_of_a_balance_goes_by_the_order_of_payments(other: Forward, balance: str) -> None:
    known = KnownClaims(forwards=[forward(3, 2, "-50"), forward(5, 16, "50"), other])
    assert known.carried_forward(THIS, "F1") == Decimal(balance)


def test_a_refund_takes_the_recoupment_of_its_own_reference() -> None:
    found = decide(("WO", "R2", "20"), ("WO", "R1", "20"), ("72", "R1", "-20"))
    assert [each.pair for each in found] == [None, 3, 2]
    assert [each.action for each in found] == [Action.HOLD, Action.POST, Action.POST]


MEANS = [
    (("WO", "ICN1", "20"), "$20.00 that was overpaid is taken back from this payment.", "", "recoupment"),
    (
        ("WO", "ICN1", "-20"),
        "$20.00 that was overpaid is not taken back yet.",
        "A later payment is lower by $20.00.",
        "recoupment",
    ),
    (
        ("FB", "F9", "-20"),
        "$20.00 is carried forward.",
        "The next payment is lower by $20.00.",
        "balance with the payer",
    ),
    (
        ("FB", "F1", "20"),
        "$20.00 carried forward from an earlier payment is taken now.",
        "",
        "balance with the payer",
    ),
    (("L6", "ICN1", "-1.5"), "Interest of $1.50 is paid to us.", "", "interest"),
    (("L6", "ICN1", "1.5"), "Interest of $1.50 is taken back.", "", "interest"),
    (("B2", "", "-5"), "$5.00 raises this payment.", "", "provider adjustment"),
    (("J1", "", "5"), "$5.00 lowers this payment.", "", "provider adjustment"),
]


@pytest.mark.parametrize(("adjustment", "means", "next_payment", "account"), MEANS)
def test_it_says_what_it_means(
    adjustment: tuple[str, str, str], means: str, next_payment: str, account: str
) -> None:
    (found,) = decide(adjustment)
    assert (found.means, found.next_payment, found.ledger_action) == (means, next_payment, account)


def test_a_beginning_too_short_to_tell_a_claim_is_none() -> None:
    assert list(reference_keys("1234567890")) == ["1234567890", "123456789", "12345678"]
    assert list(reference_keys(" ")) == []
