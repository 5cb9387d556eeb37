"""What is known of claims beyond one payment: the office's list, the payments of the ledger, balances carried forward."""

import datetime as dt
from collections.abc import Iterable, Sequence
from decimal import Decimal

from payerbots.documents.claim_list import ClaimList
from payerbots.domain.facts import PaymentFact
from payerbots.domain.known_claims import KnownClaims, PaidClaim, paid_claim, reference_keys
from payerbots.domain.record import Record
from payerbots.domain.remittance import Remittance
from payerbots.domain.reversals import REVERSAL

_ZERO = Decimal(0)
_FORWARD = "FB"
_FIRST = (dt.date.min, 0)


class Carried(Record, frozen=True, kw_only=True):
    """A balance carried forward (FB, negative) or applied (positive), in a payment of this place in time."""

    at: tuple[dt.date, int]
    payer: str
    reference: str
    amount: Decimal


class LedgerClaims(KnownClaims):
    """The lookup of one payment: balances are those carried before it."""

    def __init__(
        self, claims: Iterable[PaidClaim], carried: Sequence[Carried], own: ClaimList | None
    ) -> None:
        super().__init__(
            claims,
            ours=own.control if own else None,
            qmb=own.qmb if own else (),
            next_payers=own.next_payers if own else {},
        )
        self._carried = carried
        self.at = _FIRST
        """The place in time of the payment that is decided on."""

    def carried_forward(self, payer_id: str, reference: str) -> Decimal:
        """What earlier payments carried forward and did not apply yet."""
        found = (
            each.amount
            for each in self._carried
            if each.at < self.at and (each.payer, each.reference) == (payer_id, reference)
        )
        return max(-sum(found, _ZERO), _ZERO)

    def is_without_original(self, claim: PaidClaim) -> bool:
        """Whether it is a reversal and none of the payments at hand is what it takes back."""
        return claim.status == REVERSAL and not any(
            (each.charge, each.paid) == (-claim.charge, -claim.paid) for each in self.relatives(claim)
        )

    def resolves(self, reference: str) -> bool:
        """Whether a payer's reference names a claim that is known."""
        return any(self.control_of(key) for key in reference_keys(reference))


def known_claims(
    payments: Iterable[tuple[PaymentFact, Remittance]], own: ClaimList | None
) -> tuple[LedgerClaims, bool]:
    """The lookup over some payments, and whether they refer to others that are not among them."""
    claims: list[PaidClaim] = []
    carried: list[Carried] = []
    references: set[str] = set()
    for fact, said in payments:
        claims += [paid_claim(each, fact.number, fact.date) for each in said.claims]
        references.update(each.reference for each in said.provider_adjustments)
        carried += [
            Carried(at=place_in_time(fact), payer=fact.payer_id, reference=one.reference, amount=one.amount)
            for one in said.provider_adjustments
            if one.code == _FORWARD
        ]
    known = LedgerClaims(claims, carried, own)
    beyond = any(map(known.is_without_original, claims)) or not all(map(known.resolves, references))
    return known, beyond or any(each.amount > 0 for each in carried)


def place_in_time(fact: PaymentFact) -> tuple[dt.date, int]:
    """Payments in the order in which balances move: by date, then as they were first seen."""
    return (fact.date or dt.date.max, fact.number)
