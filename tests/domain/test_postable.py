"""What can be posted of a claim, and what a person decides first."""

from datetime import date
from decimal import Decimal

import pytest

from payerbots.domain.known_claims import KnownClaims, PaidClaim, PaymentRef
from payerbots.domain.postable import Action, ClaimDecision, decide_claims
from payerbots.domain.remittance import Adjustment, Claim, Line, Qualified

DAY = date(2026, 11, 16)
EARLIER, LATER = date(2026, 10, 1), date(2026, 12, 1)
POST, DENIAL, REVERSE, HOLD = Action.POST, Action.POST_DENIAL, Action.REVERSE, Action.HOLD


def adjusted(group: str, code: str, amount: str) -> Adjustment:
    return Adjustment(group=group, code=code, amount=Decimal(amount))


def line(paid: str = "80", *adjustments: Adjustment, **facts: object) -> Line:
    given = {"procedure": "E0601", "charge": Decimal(100), "paid": Decimal(paid), **facts}
    return Line(adjustments=adjustments, **given)  # type: ignore[arg-type]  # a table's values


def claim(
    number: int = 1, status: str = "1", paid: str = "80", charge: str = "100", **facts: object
) -> Claim:
    given = {"patient_control_number": "A1", "payer_claim_number": "ICN1", **facts}
    amounts = {"charge": Decimal(charge), "paid": Decimal(paid)}
    return Claim(number=number, status=status, **amounts, **given)  # type: ignore[arg-type]  # as above


def past(
    payment: int, status: str = "1", paid: str = "80", charge: str = "100", **facts: object
) -> PaidClaim:
    given = {"place": 1, "control": "A1", "payer_claim": "ICN1", "day": EARLIER, **facts}
    amounts = {"charge": Decimal(charge), "paid": Decimal(paid)}
    return PaidClaim(payment=payment, status=status, **amounts, **given)  # type: ignore[arg-type]  # as above


REVERSAL = claim(1, "22", "-80", "-100")
CORRECTION = claim(2, "1", "70", payer_claim_number="ICN2")


def decide(*claims: Claim, known: KnownClaims | None = None) -> tuple[ClaimDecision, ...]:
    return decide_claims(PaymentRef(number=5, day=DAY), claims, known or KnownClaims())


def test_a_paid_claim_is_posted_line_by_line() -> None:
    denied = line("0", adjusted("CO", "151", "100"))
    (found,) = decide(claim(lines=(line(), denied, line("0", adjusted("PR", "1", "100")))))
    assert (found.action, found.lines, found.reason) == (POST, (POST, DENIAL, POST), "")
    assert [found.of_line(place) for place in range(4)] == [POST, POST, DENIAL, POST]


def test_a_claim_denied_as_a_whole_is_denied_in_every_line() -> None:
    whole = claim(paid="0", lines=(line("0"), line("0")), adjustments=(adjusted("CO", "29", "200"),))
    (found,) = decide(whole)
    assert (found.action, found.lines) == (DENIAL, (DENIAL, DENIAL))


OURS = [
    ("no list was given", None, POST, ""),
    ("it is in the list", ["A1"], POST, ""),
    ("it is not in the list", ["A2"], HOLD, "CLAIM_UNKNOWN"),
    ("the list is empty", [], HOLD, "CLAIM_UNKNOWN"),
]


@pytest.mark.parametrize(
    ("ours", "action", "reason"), [row[1:] for row in OURS], ids=[row[0] for row in OURS]
)
def test_a_claim_that_is_not_ours_is_held(ours: list[str] | None, action: Action, reason: str) -> None:
    (found,) = decide(claim(lines=(line(),)), known=KnownClaims(ours=ours))
    assert (found.action, found.lines, found.reason) == (action, (action,), reason)


def test_an_estimate_is_held_and_needs_nobody() -> None:
    (found,) = decide(claim(status="25"))
    assert (found.action, found.reason) == (HOLD, "")


BOTH = (REVERSAL, CORRECTION)
PAIRS = [
    ("original, reversal and correction", BOTH, [past(3)], (REVERSE, POST)),
    (
        "the correction stands first",
        (claim(1, "1", "70", payer_claim_number="ICN2"), claim(2, "22", "-80", "-100")),
        [past(3)],
        (POST, REVERSE),
    ),
    ("the original is not known", BOTH, [], (HOLD, HOLD)),
    ("another amount was paid", BOTH, [past(3, paid="81")], (HOLD, HOLD)),
    ("another charge", BOTH, [past(3, charge="110")], (HOLD, HOLD)),
    ("what was paid later is not the original", BOTH, [past(3, day=LATER)], (HOLD, HOLD)),
    ("another claim", BOTH, [past(3, control="A2", payer_claim="ICN9")], (HOLD, HOLD)),
    ("linked by the payer's number alone", BOTH, [past(3, control="A2")], (REVERSE, POST)),
    ("the original was taken back before", BOTH, [past(3), past(4, "22", "-80", "-100")], (HOLD, HOLD)),
    ("paid, taken back, paid again", BOTH, [past(2), past(3, "22", "-80", "-100"), past(4)], (REVERSE, POST)),
    ("two payments fit", BOTH, [past(3), past(4)], (HOLD, HOLD)),
    ("of two that fit one has its number", BOTH, [past(3), past(4, payer_claim="ICN7")], (REVERSE, POST)),
    ("no correction", (REVERSAL,), [past(3)], (HOLD,)),
    (
        "the correction is in a later payment",
        (REVERSAL,),
        [past(3), past(6, paid="70", day=LATER)],
        (REVERSE,),
    ),
    (
        "two later claims could be the correction",
        (REVERSAL,),
        [past(3), past(6, paid="70", day=LATER), past(7, paid="60", day=LATER)],
        (HOLD,),
    ),
    (
        "the reversal is in an earlier payment",
        (CORRECTION,),
        [past(3), past(4, "22", "-80", "-100")],
        (POST,),
    ),
    ("the reversal before it has no original", (CORRECTION,), [past(4, "22", "-80", "-100")], (HOLD,)),
    (
        "the reversal before it has its own correction",
        (CORRECTION,),
        [past(4, "22", "-80", "-100"), past(4, paid="70", place=2)],
        (POST,),
    ),
    ("a claim that was paid before is no reversal", (CORRECTION,), [past(3)], (POST,)),
]


@pytest.mark.parametrize(
    ("claims", "others", "actions"), [row[1:] for row in PAIRS], ids=[row[0] for row in PAIRS]
)
def test_a_reversal_and_its_correction_are_posted_together_or_not_at_all(
    claims: tuple[Claim, ...], others: list[PaidClaim], actions: tuple[Action, ...]
) -> None:
    found = decide(*claims, known=KnownClaims(others))
    assert tuple(each.action for each in found) == actions
    assert {each.reason for each in found} == {"REVERSAL_ALONE" if HOLD in actions else ""}


def test_the_office_list_vouches_for_an_original_from_before_the_ledger() -> None:
    found = decide(*BOTH, known=KnownClaims(ours=["A1"]))
    assert [each.action for each in found] == [REVERSE, POST]
    assert found[0].reversal_of == "A1"


def test_both_halves_name_each_other() -> None:
    reversal, correction = decide(*BOTH, known=KnownClaims([past(3)]))
    assert (reversal.reversal_of, correction.corrects) == ("ICN1", "ICN1")


def test_a_reversal_says_in_which_payment_its_correction_is() -> None:
    (found,) = decide(REVERSAL, known=KnownClaims([past(3), past(6, paid="70", day=LATER)]))
    assert found.detail == "Its correction is in payment 6."


def test_a_replaced_number_links_across_payments() -> None:
    renamed = claim(
        1,
        "22",
        "-80",
        "-100",
        patient_control_number="B",
        payer_claim_number="ICN5",
        references=(Qualified(qualifier="F8", value="ICN1"),),
    )
    found = decide(renamed, claim(2, paid="70", patient_control_number="B"), known=KnownClaims([past(3)]))
    assert [each.action for each in found] == [REVERSE, POST]


SHARE = (adjusted("PR", "2", "20"),)
BILLING = [
    ("the patient owes a share", {}, {}, True, ""),
    ("no share, nothing to bill", {"adjustments": (adjusted("CO", "45", "20"),)}, {}, False, ""),
    (
        "the payer passed it on (NM1*TT)",
        {"crossover_payer": "MEDIGAP ONE"},
        {"next_payers": {"A1": "Medigap One"}},
        False,
        "",
    ),
    ("the payer passed it on (19)", {"status": "19"}, {"next_payers": {"A1": "Medigap One"}}, False, ""),
    ("(20)", {"status": "20"}, {}, False, ""),
    ("(21)", {"status": "21"}, {}, False, ""),
    ("(23)", {"status": "23"}, {}, False, ""),
    ("the next payer is billed first", {}, {"next_payers": {"A1": "Medigap One"}}, False, "Medigap One"),
    ("another claim's next payer", {}, {"next_payers": {"A2": "Medigap One"}}, True, ""),
    ("a QMB by the payer's remark", {"remarks": ("N782",)}, {}, False, ""),
    ("another remark", {"remarks": ("MA13",)}, {}, True, ""),
    ("a QMB by eligibility", {}, {"qmb": ["A1"]}, False, ""),
    (
        "a QMB's next payer is billed",
        {},
        {"qmb": ["A1"], "next_payers": {"A1": "Medicaid"}},
        False,
        "Medicaid",
    ),
]


@pytest.mark.parametrize(
    ("facts", "known", "billable", "next_payer"),
    [row[1:] for row in BILLING],
    ids=[row[0] for row in BILLING],
)
def test_who_is_billed_for_the_patients_share(
    facts: dict[str, object], known: dict[str, object], billable: bool, next_payer: str
) -> None:
    asked = claim(**{"adjustments": SHARE, **facts})  # type: ignore[arg-type]  # a table's values
    (found,) = decide(asked, known=KnownClaims(**known))  # type: ignore[arg-type]  # as above
    assert (found.patient_billable, found.next_payer) == (billable, next_payer)


def test_the_remark_of_a_line_tells_of_a_qmb_too() -> None:
    (found,) = decide(claim(lines=(line("80", *SHARE, remarks=("N781",)),)))
    assert (found.patient_share, found.patient_billable) == (Decimal(20), False)
