"""What of a payment can be posted: claim by claim and line by line, or why a person decides first."""

from collections.abc import Sequence
from decimal import Decimal
from enum import StrEnum

from payerbots.domain.denials import NEVER, denials
from payerbots.domain.known_claims import ClaimLookup, PaymentRef
from payerbots.domain.linked_reversals import Link, links
from payerbots.domain.record import Record
from payerbots.domain.remittance import Claim
from payerbots.domain.reversals import REVERSAL
from payerbots.reasons import Reason

FORWARDED = frozenset({"19", "20", "21", "23"})
"""CLP02: the payer has sent the claim on to the next payer itself."""
PREDETERMINATION = "25"
QMB_REMARKS = frozenset({"N781", "N782", "N783"})
"""The patient is a Qualified Medicare Beneficiary, who owes nothing (CMS MLN Matters MM10433)."""
PATIENTS_SHARE = "PR"
_ZERO = Decimal(0)


class Action(StrEnum):
    """What the billing system does with a line."""

    POST = "post"
    POST_DENIAL = "post + denial"
    REVERSE = "reverse"
    HOLD = "hold"


class ClaimDecision(Record, frozen=True, kw_only=True):
    """What is done with a claim. A claim on hold holds all its lines."""

    claim: int
    """Its number in the transaction."""
    action: Action
    """Of the claim itself, and of what it says beside its lines."""
    lines: tuple[Action, ...] = ()
    reason: str = ""
    """A code of REASONS; empty where nobody has to look."""
    detail: str = ""
    reversal_of: str = ""
    """Of a reversal: the payer's number of the claim that it takes back, or ours."""
    corrects: str = ""
    """Of a correction: the payer's number of the reversal, or ours."""
    patient_share: Decimal = _ZERO
    """All that is adjusted to the patient (PR)."""
    patient_billable: bool = False
    """Whether the patient owes it: not a QMB's share, nor what goes to the next payer first."""
    next_payer: str = ""
    """Whom the office bills next; empty for nobody, also because the payer passed the claim on."""

    def of_line(self, position: int) -> Action:
        """The action of a line from 1; of 0 that of the claim itself."""
        return self.lines[position - 1] if position else self.action


def decide_claims(
    payment: PaymentRef, claims: Sequence[Claim], known: ClaimLookup, never: frozenset[str] = NEVER
) -> tuple[ClaimDecision, ...]:
    """The decision on every claim of one payment, in their order; `never` are the CARCs that deny nothing."""
    linked = links(claims, payment, known)
    return tuple(_decide(claim, linked.get(claim.number), known, never) for claim in claims)


def _decide(claim: Claim, link: Link | None, known: ClaimLookup, never: frozenset[str]) -> ClaimDecision:
    if known.ours(claim.patient_control_number) is False:
        return _hold(claim, Reason.CLAIM_UNKNOWN, "Its control number is not in the office's list of claims.")
    if claim.status == PREDETERMINATION:
        return _hold(claim, None, "An estimate: nothing was decided or paid.")
    if link and link.missing:
        return _hold(claim, Reason.REVERSAL_ALONE, link.missing)
    if claim.status == REVERSAL:
        return _reverse(claim, link)
    return _post(claim, link, known, never)


def _hold(claim: Claim, reason: Reason | None, detail: str) -> ClaimDecision:
    return ClaimDecision(
        claim=claim.number,
        action=Action.HOLD,
        lines=(Action.HOLD,) * len(claim.lines),
        reason=reason or "",
        detail=detail,
    )


def _reverse(claim: Claim, link: Link | None) -> ClaimDecision:
    original = link.original if link else None
    return ClaimDecision(
        claim=claim.number,
        action=Action.REVERSE,
        lines=(Action.REVERSE,) * len(claim.lines),
        reversal_of=(original.payer_claim or original.control) if original else claim.patient_control_number,
        detail=_where(link),
    )


def _where(link: Link | None) -> str:
    """In which other payment the correction is."""
    correction = link.correction if link else None
    if link is None or correction is None or correction.payment == link.reversal.payment:
        return ""
    return f"Its correction is in payment {correction.payment}."


def _post(claim: Claim, link: Link | None, known: ClaimLookup, never: frozenset[str]) -> ClaimDecision:
    found = list(denials(claim, never))
    whole = any(each.line is None for each in found)
    denied = {each.line for each in found}
    control = claim.patient_control_number
    passed_on = bool(claim.crossover_payer) or claim.status in FORWARDED
    share = patient_share(claim)
    next_payer = "" if passed_on else known.next_payer(control)
    return ClaimDecision(
        claim=claim.number,
        action=Action.POST_DENIAL if whole else Action.POST,
        lines=tuple(
            Action.POST_DENIAL if whole or place in denied else Action.POST
            for place in range(1, len(claim.lines) + 1)
        ),
        corrects=(link.reversal.payer_claim or link.reversal.control) if link else "",
        patient_share=share,
        patient_billable=share > 0 and not (passed_on or next_payer or is_qmb(claim, known)),
        next_payer=next_payer,
    )


def patient_share(claim: Claim) -> Decimal:
    """All adjustments of group PR, of the claim and its lines."""
    lines = (each for line in claim.lines for each in line.adjustments)
    return sum((each.amount for each in (*claim.adjustments, *lines) if each.group == PATIENTS_SHARE), _ZERO)


def is_qmb(claim: Claim, known: ClaimLookup) -> bool:
    """Whether the payer's remarks, or eligibility, say that the patient is a QMB."""
    remarks = {*claim.remarks, *(each for line in claim.lines for each in line.remarks)}
    return bool(remarks & QMB_REMARKS) or known.is_qmb(claim.patient_control_number)
