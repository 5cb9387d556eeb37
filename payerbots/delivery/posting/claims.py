"""What is known of claims beyond one payment: the office's list, and the payments of the ledger."""

from collections.abc import Iterable
from dataclasses import dataclass

from payerbots.documents.claim_list import ClaimList
from payerbots.domain.facts import PaymentFact
from payerbots.domain.known_claims import (
    Forward,
    KnownClaims,
    PaidClaim,
    PaymentRef,
    paid_claim,
    reference_keys,
)
from payerbots.domain.remittance import Remittance
from payerbots.domain.reversals import REVERSAL

_FORWARD = "FB"


@dataclass(frozen=True)
class Known:
    """The lookup, and whether the payments that it was made of refer to others that are not among them."""

    claims: KnownClaims
    beyond: bool


def reference_of(payment: PaymentFact) -> PaymentRef:
    """A payment as the rules on claims name it."""
    return PaymentRef(number=payment.number, day=payment.date, payer_id=payment.payer_id)


def known_claims(payments: Iterable[tuple[PaymentFact, Remittance]], own: ClaimList | None) -> Known:
    """The lookup over some payments."""
    claims: list[PaidClaim] = []
    forwards: list[Forward] = []
    references: set[str] = set()
    for fact, said in payments:
        payment = reference_of(fact)
        claims += [paid_claim(each, payment) for each in said.claims]
        references.update(each.reference for each in said.provider_adjustments)
        forwards += [
            Forward(payment=payment, reference=each.reference, amount=each.amount)
            for each in said.provider_adjustments
            if each.code == _FORWARD
        ]
    known = KnownClaims(
        claims,
        ours=own.control if own else None,
        forwards=forwards,
        qmb=own.qmb if own else (),
        next_payers=own.next_payers if own else {},
    )
    applied = any(each.amount > 0 for each in forwards)
    unknown = not all(_resolves(known, reference) for reference in references)
    return Known(known, applied or unknown or any(_has_no_original(known, each) for each in claims))


def _has_no_original(known: KnownClaims, claim: PaidClaim) -> bool:
    """Whether it is a reversal and none of the payments at hand is what it takes back."""
    return claim.status == REVERSAL and not any(
        (each.charge, each.paid) == (-claim.charge, -claim.paid) for each in known.relatives(claim)
    )


def _resolves(known: KnownClaims, reference: str) -> bool:
    return any(known.control_of(key) for key in reference_keys(reference))
