"""A payment as its payer prints it: an EOB knows less than an 835."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from payerbots.sandbox.eob import draw

if TYPE_CHECKING:
    from payerbots.sandbox.eob import Check, Claim
    from payerbots.sandbox.money.records import Payment

PRINTED = {"19": "1"}
METHODS = {"FWT": "ACH"}


def on_paper(payment: Payment) -> Check:
    """The check as it is printed: no word of claims sent on or of wires, and the short form of references."""
    check = payment.check
    return replace(
        check,
        method=METHODS.get(check.method, check.method),
        claims=tuple(_claim(claim) for claim in check.claims),
        adjustments=tuple(replace(one, reference=one.reference.split()[0]) for one in check.adjustments),
    )


def _claim(claim: Claim) -> Claim:
    return replace(claim, status=PRINTED.get(claim.status, claim.status))


def eob(payment: Payment) -> bytes:
    """The EOB as a PDF."""
    return draw(payment.payer.layout, [on_paper(payment)])
