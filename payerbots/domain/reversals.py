"""Reversals and the claims that correct them, as pairs: they are posted together or not at all."""

from collections.abc import Mapping, Sequence
from decimal import Decimal

from payerbots.domain.record import Record
from payerbots.domain.remittance import Claim

REVERSAL = "22"


class ReversalPair(Record, frozen=True, kw_only=True):
    """A reversal (CLP02 is 22) and its correction; without one it goes to a person."""

    reversal: Claim
    correction: Claim | None = None

    @property
    def net(self) -> Decimal:
        """What the pair changes in money."""
        return self.reversal.paid + (self.correction.paid if self.correction else 0)


def reversal_pairs(claims: Sequence[Claim]) -> tuple[ReversalPair, ...]:
    """Every reversal with its correction: the same patient control number, each correction used once.

    `claims` are those of one payment, or of several in the order of their files: the correction may come in a later
    one. Among several the one with the same charge comes first, then the nearest after the reversal, then one before.
    A shared payer claim number (CLP07, or the original's in REF*F8) links those whose control number was changed.
    """
    open_ones = {place: claim for place, claim in enumerate(claims) if claim.status != REVERSAL}
    known = _known(open_ones)
    pairs = []
    for place, reversal in enumerate(claims):
        if reversal.status != REVERSAL:
            continue
        fitting = {each for name in _names(reversal) for each in known.get(name, ()) if each in open_ones}
        ranked = sorted((_distance(reversal, place, open_ones[each], each), each) for each in fitting)
        correction = open_ones.pop(ranked[0][1]) if ranked else None
        pairs.append(ReversalPair(reversal=reversal, correction=correction))
    return tuple(pairs)


def _known(claims: Mapping[int, Claim]) -> dict[tuple[str, str], list[int]]:
    """The places of claims by every name that a reversal may know them by."""
    known: dict[tuple[str, str], list[int]] = {}
    for place, claim in claims.items():
        for name in _names(claim):
            known.setdefault(name, []).append(place)
    return known


def _names(claim: Claim) -> set[tuple[str, str]]:
    numbers = {claim.payer_claim_number, *(each.value for each in claim.references if each.qualifier == "F8")}
    named = {("payer", number) for number in numbers if number}
    return named | ({("ours", claim.patient_control_number)} if claim.patient_control_number else set())


def _distance(reversal: Claim, place: int, claim: Claim, its: int) -> tuple[bool, bool, int]:
    return (claim.charge != -reversal.charge, its < place, abs(its - place))
