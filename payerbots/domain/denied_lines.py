"""Denied lines with what their work depends on, and which of them mean that the insurance has changed."""

import datetime as dt
from collections.abc import Iterable, Iterator
from decimal import Decimal

from payerbots.domain.denials import NEVER, Denial, denials
from payerbots.domain.facts import PaymentFact
from payerbots.domain.record import Record
from payerbots.domain.remittance import Claim, Line

COVERAGE = frozenset({"22", "24", "26", "27", "31", "109"})
"""CARCs after which the patient's insurance is looked up again."""
WRONG_CONTRACTOR = ("109", "N104")
"""Sent to the wrong Medicare contractor: the insurance has not changed."""


class DeniedLine(Record, frozen=True, kw_only=True):
    """A denied line, or a claim that was denied as a whole, with what its work depends on."""

    payment: int
    payer_id: str
    payer: str
    patient: str
    member_id: str
    claim: str
    payer_claim: str
    filing_indicator: str
    received: dt.date
    dated: dt.date | None
    service_date: dt.date | None
    hcpcs: str
    modifiers: tuple[str, ...]
    allowed: Decimal | None
    denial: Denial
    level: int = 0
    """Appeals of it that were decided already; the bots do not know, an office may."""
    months_paid: int | None = None
    """Months of this rental that were paid, where the office knows."""


def coverage_changed(codes: Iterable[str], remarks: Iterable[str]) -> bool:
    """Whether a denial means that the patient's insurance has to be looked up again."""
    found = COVERAGE.intersection(codes)
    carc, rarc = WRONG_CONTRACTOR
    return bool(found - {carc} if rarc in set(remarks) else found)


def denied_lines(
    payment: PaymentFact, claims: Iterable[Claim], never: frozenset[str] = NEVER
) -> Iterator[DeniedLine]:
    """Every denial in a payment's claims; `never` are the CARCs that deny nothing."""
    for claim in claims:
        for denial in denials(claim, never):
            yield _denied(payment, claim, denial)


def _denied(payment: PaymentFact, claim: Claim, denial: Denial) -> DeniedLine:
    line: Line | None = claim.lines[denial.line - 1] if denial.line else None
    shown = line or (claim.lines[0] if claim.lines else None)
    started = next((each.date for each in claim.dates if each.qualifier == "232"), None)
    return DeniedLine(
        payment=payment.number,
        payer_id=payment.payer_id,
        payer=payment.payer,
        patient=claim.patient,
        member_id=claim.member_id,
        claim=claim.patient_control_number,
        payer_claim=claim.payer_claim_number,
        filing_indicator=claim.filing_indicator,
        received=payment.received,
        dated=payment.date,
        service_date=(shown.date if shown else None) or started,
        hcpcs=shown.procedure if shown else "",
        modifiers=shown.modifiers if shown else (),
        allowed=line.allowed if line else None,
        denial=denial,
    )
