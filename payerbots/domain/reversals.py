"""Reversals and the claims that correct them, as pairs: they are posted together or not at all."""

from collections.abc import Sequence
from decimal import Decimal

from payerbots.domain.record import Record
from payerbots.domain.remittance import Claim

REVERSAL = "22"


class ReversalPair(Record, frozen=True, kw_only=True):
    """A reversal (CLP02 is 22) and its correction in the same payment; without one it goes to a person."""

    reversal: Claim
    correction: Claim | None = None

    @property
    def net(self) -> Decimal:
        """What the pair changes in money."""
        return self.reversal.paid + (self.correction.paid if self.correction else 0)


def reversal_pairs(claims: Sequence[Claim]) -> tuple[ReversalPair, ...]:
    """Every reversal with its correction: the same patient control number, each correction used once.

    Among several the one with the same charge comes first, then the nearest after the reversal, then one before.
    A shared payer claim number (CLP07, or the original's in REF*F8) links those whose control number was changed.
    """
    open_ones = [claim for claim in claims if claim.status != REVERSAL]
    pairs = []
    for reversal in (claim for claim in claims if claim.status == REVERSAL):
        fitting = [claim for claim in open_ones if _same(reversal, claim)]
        correction = min(fitting, key=lambda claim: _distance(reversal, claim), default=None)
        if correction is not None:
            open_ones.remove(correction)
        pairs.append(ReversalPair(reversal=reversal, correction=correction))
    return tuple(pairs)


def _same(reversal: Claim, claim: Claim) -> bool:
    if reversal.patient_control_number and reversal.patient_control_number == claim.patient_control_number:
        return True
    numbers = _payer_numbers(reversal) & _payer_numbers(claim)
    return bool(numbers)


def _payer_numbers(claim: Claim) -> set[str]:
    original = {each.value for each in claim.references if each.qualifier == "F8"}
    return {number for number in {claim.payer_claim_number, *original} if number}


def _distance(reversal: Claim, claim: Claim) -> tuple[bool, bool, int]:
    steps = claim.number - reversal.number
    return (claim.charge != -reversal.charge, steps < 0, abs(steps))
