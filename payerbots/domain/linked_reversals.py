"""Reversals with the payment that they take back and the correction that follows, in one payment or across several.

Both are posted together or not at all. A reversal whose original or correction is not known goes to a person.
"""

import datetime as dt
from collections.abc import Iterator, Sequence

from payerbots.domain.known_claims import ClaimLookup, PaidClaim, PaymentRef, paid_claim
from payerbots.domain.record import Record
from payerbots.domain.remittance import Claim
from payerbots.domain.reversals import REVERSAL, reversal_pairs

_LATEST = dt.date.max


class Link(Record, frozen=True, kw_only=True):
    """What a reversal, or a correction, of this payment belongs to."""

    reversal: PaidClaim
    original: PaidClaim | None = None
    """What the reversal takes back; None when only the office's list knows the claim, or nobody does."""
    correction: PaidClaim | None = None
    missing: str = ""
    """Why both cannot be posted; empty when they can."""


def links(claims: Sequence[Claim], payment: PaymentRef, known: ClaimLookup) -> dict[int, Link]:
    """The link of every reversal and correction of a payment, by the claim's number."""
    found: dict[int, Link] = {}
    own = {claim.number: paid_claim(claim, payment) for claim in claims}
    for pair in reversal_pairs(claims):
        reversal = own[pair.reversal.number]
        correction = own[pair.correction.number] if pair.correction else None
        link = _link(reversal, correction, known, tuple(own.values()))
        found[reversal.place] = link
        if correction is not None:
            found[correction.place] = link
    for claim in own.values():
        earlier = None if claim.place in found else _late_correction(claim, known)
        if earlier is not None:
            found[claim.place] = earlier
    return found


def _link(
    reversal: PaidClaim, correction: PaidClaim | None, known: ClaimLookup, beside: Sequence[PaidClaim]
) -> Link:
    relatives = [*known.relatives(reversal), *_related(reversal, beside)]
    originals = _originals(reversal, [each for each in relatives if each != correction])
    original = originals[0] if len(originals) == 1 else None
    if correction is None:
        later = [each for each in relatives if each not in originals and _may_correct(each, reversal)]
        correction = later[0] if len(later) == 1 else None
    return Link(
        reversal=reversal,
        original=original,
        correction=correction,
        missing=_missing(reversal, originals, correction, known),
    )


def _missing(
    reversal: PaidClaim, originals: Sequence[PaidClaim], correction: PaidClaim | None, known: ClaimLookup
) -> str:
    if len(originals) > 1:
        return f"{len(originals)} payments fit what the reversal takes back."
    if not originals and not known.ours(reversal.control):
        return "The payment that the reversal takes back is not known."
    return "" if correction else "The reversal came without the claim that corrects it."


def _late_correction(claim: PaidClaim, known: ClaimLookup) -> Link | None:
    """The link of a claim that corrects a reversal of another payment; None for a claim that corrects nothing."""
    relatives = known.relatives(claim)
    waiting = [
        each
        for each in relatives
        if each.status == REVERSAL and _may_correct(claim, each) and not _corrected_at_home(each, relatives)
    ]
    if len(waiting) != 1:
        return None
    return _link(waiting[0], claim, known, ())


def _corrected_at_home(reversal: PaidClaim, relatives: Sequence[PaidClaim]) -> bool:
    return any(each.payment == reversal.payment and each.status != REVERSAL for each in relatives)


def _related(claim: PaidClaim, others: Sequence[PaidClaim]) -> Iterator[PaidClaim]:
    return (each for each in others if each != claim and each.numbers & claim.numbers)


def _originals(reversal: PaidClaim, relatives: Sequence[PaidClaim]) -> list[PaidClaim]:
    """Paid claims of its amounts, not later than it, less as many as earlier reversals took back already."""
    fitting = [
        each
        for each in relatives
        if each.status != REVERSAL
        and (each.charge, each.paid) == (-reversal.charge, -reversal.paid)
        and _day(each) <= _day(reversal)
    ]
    before = [
        each
        for each in relatives
        if each.status == REVERSAL
        and (each.charge, each.paid) == (reversal.charge, reversal.paid)
        and (_day(each), each.payment, each.place) < (_day(reversal), reversal.payment, reversal.place)
    ]
    left = sorted(fitting, key=_order)[len(before) :]
    same_number = [each for each in left if each.payer_claim and each.payer_claim == reversal.payer_claim]
    return same_number if len(same_number) == 1 else left


def _may_correct(claim: PaidClaim, reversal: PaidClaim) -> bool:
    return claim.status != REVERSAL and claim.payment != reversal.payment and _day(claim) >= _day(reversal)


def _day(claim: PaidClaim) -> dt.date:
    return claim.day or _LATEST


def _order(claim: PaidClaim) -> tuple[dt.date, int, int]:
    return (_day(claim), claim.payment, claim.place)
