"""Reversals and corrections are found as pairs."""

from decimal import Decimal

from payerbots.domain.remittance import Claim, Qualified
from payerbots.domain.reversals import reversal_pairs


def claim(number: int, status: str, paid: str, charge: str = "100", **facts: object) -> Claim:
    given = {"patient_control_number": "P1", **facts}
    amounts = {"charge": Decimal(charge), "paid": Decimal(paid)}
    return Claim(number=number, status=status, **amounts, **given)  # type: ignore[arg-type]  # a table's values


def test_a_reversal_and_the_claim_after_it_are_a_pair() -> None:
    reversal, correction = claim(1, "22", "-80", "-100"), claim(2, "1", "70")
    (pair,) = reversal_pairs([reversal, correction])
    assert (pair.reversal, pair.correction, pair.net) == (reversal, correction, Decimal(-10))


def test_a_reversal_alone_has_no_correction() -> None:
    (pair,) = reversal_pairs(
        [claim(1, "22", "-80", "-100"), claim(2, "1", "70", patient_control_number="P2")]
    )
    assert pair.correction is None
    assert pair.net == Decimal(-80)


def test_a_correction_is_used_once() -> None:
    pairs = reversal_pairs(
        [claim(1, "22", "-80", "-100"), claim(2, "22", "-80", "-100"), claim(3, "1", "70")]
    )
    assert [pair.correction is None for pair in pairs] == [False, True]


def test_among_several_the_one_with_the_same_charge_comes_first() -> None:
    claims = [claim(1, "22", "-80", "-100"), claim(2, "1", "30", "50"), claim(3, "1", "70")]
    (pair,) = reversal_pairs(claims)
    assert pair.correction is claims[2]


def test_a_correction_before_its_reversal_is_found() -> None:
    claims = [claim(1, "1", "70"), claim(2, "22", "-80", "-100")]
    (pair,) = reversal_pairs(claims)
    assert pair.correction is claims[0]


def test_the_original_payer_claim_number_links_them() -> None:
    reversal = claim(1, "22", "-80", "-100", payer_claim_number="ICN1")
    original = (Qualified(qualifier="F8", value="ICN1"),)
    correction = claim(2, "1", "70", patient_control_number="P9", references=original)
    (pair,) = reversal_pairs([reversal, correction])
    assert pair.correction is correction


def test_the_correction_may_come_in_a_later_payment() -> None:
    """Claims are counted anew in each payment, so that their numbers say nothing of their order."""
    early, reversal = claim(1, "1", "60"), claim(2, "22", "-80", "-100")
    later = claim(1, "1", "70")
    (pair,) = reversal_pairs([early, reversal, later])
    assert pair.correction is later


def test_many_reversals_are_paired_one_by_one() -> None:
    claims = [
        claim(number, status, paid, charge, patient_control_number=f"P{number}")
        for number in range(2000)
        for status, paid, charge in (("22", "-80", "-100"), ("1", "70", "100"))
    ]
    pairs = reversal_pairs(claims)
    assert len(pairs) == 2000
    assert all(
        pair.correction is not None and pair.correction.number == pair.reversal.number for pair in pairs
    )
