"""What is known of claims beyond one payment: the office's own list, other payments of the ledger, what comes next."""

import datetime as dt
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Protocol

from payerbots.domain.record import Record
from payerbots.domain.remittance import Claim

_ZERO = Decimal(0)
_SHORTEST = 8
"""A claim number shorter than this, at the beginning of a longer reference, may be there by chance."""


class PaymentRef(Record, frozen=True, kw_only=True):
    """Which payment is decided on."""

    number: int
    """The ledger's."""
    day: dt.date | None = None
    payer_id: str = ""

    @property
    def order(self) -> tuple[dt.date, int]:
        """Payments follow one another by date, then by number."""
        return (self.day or dt.date.max, self.number)


class Forward(Record, frozen=True, kw_only=True):
    """A balance that a payment carried forward (FB, negative) or applied (positive)."""

    payment: PaymentRef
    reference: str
    amount: Decimal


class PaidClaim(Record, frozen=True, kw_only=True):
    """A claim of some payment, as far as reversals need it."""

    payment: int
    """The ledger's number of the payment; 0 for one that is not in it."""
    place: int
    """The claim's number in its transaction."""
    control: str
    payer_claim: str
    original: str = ""
    """The payer's number of the claim that this one replaces (REF*F8)."""
    status: str
    charge: Decimal
    paid: Decimal
    day: dt.date | None

    @property
    def numbers(self) -> frozenset[str]:
        """All numbers that it goes by; empty ones left out."""
        return frozenset({f"C:{self.control}", f"P:{self.payer_claim}", f"P:{self.original}"} - {"C:", "P:"})


class ClaimLookup(Protocol):
    """What the rules on claims ask. Answers are of payments other than the one that is decided on."""

    def ours(self, control: str) -> bool | None:
        """Whether a claim control number is the office's; None when the office gave no list."""

    def relatives(self, claim: PaidClaim) -> Sequence[PaidClaim]:
        """Claims of other payments that share a number with it."""

    def control_of(self, number: str) -> str | None:
        """The control number of the claim that goes by this number, ours or the payer's."""

    def carried_forward(self, payment: PaymentRef, reference: str) -> Decimal:
        """What payments of this payer before this one carried forward under a reference, less what they applied."""

    def is_qmb(self, control: str) -> bool:
        """Whether eligibility found the patient to be a QMB."""

    def next_payer(self, control: str) -> str:
        """Who is billed after this payer; empty for nobody."""


class KnownClaims:
    """A `ClaimLookup` in memory."""

    def __init__(
        self,
        claims: Iterable[PaidClaim] = (),
        *,
        ours: Iterable[str] | None = None,
        forwards: Iterable[Forward] = (),
        qmb: Iterable[str] = (),
        next_payers: Mapping[str, str] | None = None,
    ) -> None:
        """`forwards` are all FB adjustments of all payments, `next_payers` is by control number."""
        self._ours = None if ours is None else frozenset(ours)
        self._next, self._qmb = dict(next_payers or {}), frozenset(qmb)
        self._forwards: dict[tuple[str, str], list[Forward]] = defaultdict(list)
        for forward in forwards:
            self._forwards[forward.payment.payer_id, forward.reference.strip()].append(forward)
        self._by_number: dict[str, list[PaidClaim]] = defaultdict(list)
        for claim in claims:
            for number in claim.numbers:
                self._by_number[number].append(claim)

    def ours(self, control: str) -> bool | None:
        """As `ClaimLookup` says."""
        return None if self._ours is None else control in self._ours

    def relatives(self, claim: PaidClaim) -> Sequence[PaidClaim]:
        """As `ClaimLookup` says."""
        found = {
            (each.payment, each.place): each
            for number in claim.numbers
            for each in self._by_number.get(number, ())
            if each.payment != claim.payment
        }
        return [found[place] for place in sorted(found)]

    def control_of(self, number: str) -> str | None:
        """As `ClaimLookup` says."""
        if self._ours and number in self._ours:
            return number
        found = self._by_number.get(f"C:{number}") or self._by_number.get(f"P:{number}")
        return found[0].control if found else None

    def carried_forward(self, payment: PaymentRef, reference: str) -> Decimal:
        """As `ClaimLookup` says."""
        found = self._forwards.get((payment.payer_id, reference.strip()), ())
        return -sum((each.amount for each in found if each.payment.order < payment.order), _ZERO)

    def is_qmb(self, control: str) -> bool:
        """As `ClaimLookup` says."""
        return control in self._qmb

    def next_payer(self, control: str) -> str:
        """As `ClaimLookup` says."""
        return self._next.get(control, "")


def paid_claim(claim: Claim, payment: PaymentRef) -> PaidClaim:
    """A claim of a payment as reversals need it."""
    return PaidClaim(
        payment=payment.number,
        place=claim.number,
        control=claim.patient_control_number,
        payer_claim=claim.payer_claim_number,
        original=next((each.value for each in claim.references if each.qualifier == "F8"), ""),
        status=claim.status,
        charge=claim.charge,
        paid=claim.paid,
        day=payment.day,
    )


def reference_keys(reference: str) -> Iterator[str]:
    """What in a payer's reference could be a claim number, the likeliest first.

    The whole, its words, and what it begins with: Medicare puts its claim number before the member's, without a gap
    (CMS, 835 companion guide, PLB03-2).
    """
    seen: set[str] = set()
    whole = reference.strip()
    words = re.findall(r"[^\s,;:/|^]+", whole)
    beginnings = (whole[:length] for length in range(len(whole) - 1, _SHORTEST - 1, -1))
    for key in (whole, *words, *beginnings):
        if key and key not in seen:
            seen.add(key)
            yield key
