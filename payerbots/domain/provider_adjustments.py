"""Money moved outside of claims (PLB): what it means, and whether it is known what it is for.

Codes and signs as in 005010X221A1, section 1.10.2. A positive amount lowers the payment. What cannot
be tied to a claim, a refund of ours or an earlier balance goes to a person.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from decimal import Decimal

from payerbots.domain.known_claims import ClaimLookup, PaymentRef, reference_keys
from payerbots.domain.postable import Action
from payerbots.domain.record import Record
from payerbots.domain.remittance import Claim, ProviderAdjustment
from payerbots.reasons import Reason

_RECOUPED, _REFUNDED, _FORWARD, _INTEREST = "WO", "72", "FB", "L6"
_ZERO = Decimal(0)
_LEDGER = {
    _RECOUPED: "recoupment",
    _REFUNDED: "refund",
    _FORWARD: "balance with the payer",
    _INTEREST: "interest",
    "IR": "tax withheld",
    "LE": "levy",
    "AP": "advance",
}
_OTHER = "provider adjustment"
_MEANS = {
    (_RECOUPED, True): ("{} that was overpaid is taken back from this payment.", ""),
    (_RECOUPED, False): ("{} that was overpaid is not taken back yet.", "A later payment is lower by {}."),
    (_FORWARD, True): ("{} carried forward from an earlier payment is taken now.", ""),
    (_FORWARD, False): ("{} is carried forward.", "The next payment is lower by {}."),
    (_INTEREST, True): ("Interest of {} is taken back.", ""),
    (_INTEREST, False): ("Interest of {} is paid to us.", ""),
}
"""By code, and whether the amount is positive: what it means for this payment and for the next."""
_OTHERWISE = {True: ("{} lowers this payment.", ""), False: ("{} raises this payment.", "")}


class AdjustmentDecision(Record, frozen=True, kw_only=True):
    """What a provider adjustment is and what is done with it."""

    place: int
    """Its place in the payment, from 1."""
    action: Action
    """`post`, or `hold` for a person."""
    reason: str = ""
    claim: str = ""
    """Our control number, where its reference is a claim's."""
    pair: int | None = None
    """The place of the other half: the WO of a 72, and the reverse."""
    means: str
    next_payment: str = ""
    """What it means for the next payment; empty for nothing."""
    ledger_action: str
    """What it is in the general ledger."""


def decide_adjustments(
    payment: PaymentRef,
    adjustments: Sequence[ProviderAdjustment],
    claims: Sequence[Claim],
    known: ClaimLookup,
) -> tuple[AdjustmentDecision, ...]:
    """The decision on every provider adjustment of one payment, in their order."""
    pairs, here = _refunds(adjustments), _numbers(claims)
    used: dict[str, Decimal] = defaultdict(lambda: _ZERO)
    decided = []
    for place, each in enumerate(adjustments, 1):
        control = _claim(each.reference, here, known)
        if each.code == _INTEREST and not each.reference.strip() and len(claims) == 1:
            control = claims[0].patient_control_number
        understood = bool(control) and each.code != _REFUNDED
        if each.code == _FORWARD:
            used[each.reference] += max(each.amount, _ZERO)
            open_one = known.carried_forward(payment, each.reference)
            understood = each.amount <= 0 or used[each.reference] <= open_one
        decided.append(_decision(place, each, control, pairs.get(place), understood=understood))
    return tuple(decided)


def _decision(
    place: int, each: ProviderAdjustment, control: str, pair: int | None, *, understood: bool
) -> AdjustmentDecision:
    known = understood or pair is not None
    means, next_payment = _words(each, paired=pair is not None)
    return AdjustmentDecision(
        place=place,
        action=Action.POST if known else Action.HOLD,
        reason="" if known else Reason.PLB_UNMATCHED,
        claim=control,
        pair=pair,
        means=means,
        next_payment=next_payment,
        ledger_action=_LEDGER.get(each.code, _OTHER),
    )


def _words(each: ProviderAdjustment, *, paired: bool) -> tuple[str, str]:
    amount, taken = f"${abs(each.amount):,.2f}", each.amount > 0
    if paired:
        return f"A refund of {amount} that we sent is acknowledged; no money moves.", ""
    means, next_payment = _MEANS.get((each.code, taken), _OTHERWISE[taken])
    return means.format(amount), next_payment.format(amount)


def _refunds(adjustments: Sequence[ProviderAdjustment]) -> dict[int, int]:
    """A refund returned (72, negative) and the recoupment (WO) of the same amount, by place, both ways."""
    pairs: dict[int, int] = {}
    for place, each in enumerate(adjustments, 1):
        if each.code != _REFUNDED or each.amount >= 0:
            continue
        fitting = [
            other_place
            for other_place, other in enumerate(adjustments, 1)
            if other.code == _RECOUPED and other.amount == -each.amount and other_place not in pairs
        ]
        named = [other for other in fitting if adjustments[other - 1].reference == each.reference]
        for other in (named or fitting)[:1]:
            pairs |= {place: other, other: place}
    return pairs


def _numbers(claims: Sequence[Claim]) -> dict[str, str]:
    """The control numbers of the payment's own claims, by all numbers that they go by."""
    return {
        number: claim.patient_control_number
        for claim in claims
        for number in (claim.payer_claim_number, claim.patient_control_number)
        if number
    }


def _claim(reference: str, here: Mapping[str, str], known: ClaimLookup) -> str:
    """The control number of the claim that a payer's reference names; empty for none."""
    found = (here.get(key) or known.control_of(key) for key in reference_keys(reference))
    return next((each for each in found if each), "")
