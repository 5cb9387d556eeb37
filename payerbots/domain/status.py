"""Where a claim stands: the answers of 277CA (front-end acknowledgment) and 277 (claim status)."""

import datetime as dt
from decimal import Decimal
from enum import StrEnum

from payerbots.domain.record import Record
from payerbots.domain.remittance import Balance, Qualified

REJECTED = frozenset({"A3", "A6", "A7", "A8"})
"""Status categories that send a claim back before adjudication."""
WRAPPERS = frozenset({"247"})
"""Status codes of a claim that only point to its lines."""


class Standing(StrEnum):
    """What an answer means for the claim. Only `accepted` closes the front end: it is the payer's own A2."""

    ACCEPTED = "accepted"
    RECEIVED = "received"
    REJECTED = "rejected"
    NOT_FOUND = "not found"
    SPLIT = "split"
    PENDING = "pending"
    FINAL = "final"
    ERROR = "error"
    REQUEST = "request"
    UNKNOWN = "unknown"


_BY_CATEGORY = {
    "A0": Standing.RECEIVED,
    "A1": Standing.RECEIVED,
    "A2": Standing.ACCEPTED,
    "A4": Standing.NOT_FOUND,
    "A5": Standing.SPLIT,
    **dict.fromkeys(REJECTED, Standing.REJECTED),
}
_BY_LETTER = {
    "P": Standing.PENDING,
    "F": Standing.FINAL,
    "E": Standing.ERROR,
    "D": Standing.ERROR,
    "R": Standing.REQUEST,
}


def standing(category: str, action: str) -> Standing:
    """By STC01-1 and STC03: U rejects and WQ accepts whatever the category says; other actions decide nothing.

    Accepted with WQ under a category that only says "received" or "forwarded" stays `received`; under one that
    rejects it is `received` too, for nothing says that the payer has taken it.
    """
    found = _BY_CATEGORY.get(category) or _BY_LETTER.get(category[:1], Standing.UNKNOWN)
    if action == "U":
        return Standing.REJECTED
    if action == "WQ" and found is Standing.REJECTED:
        return Standing.RECEIVED
    return found


class StatusCode(Record, frozen=True, kw_only=True):
    """A composite of STC01, STC10 or STC11."""

    category: str
    code: str
    entity: str = ""


class Status(Record, frozen=True, kw_only=True):
    """One STC, in the order of the file."""

    level: str
    """HL03: 20 payer, 21 receiver, 19 provider, 22 subscriber, 23 dependent, PT patient."""
    line: str | None = None
    """SVC01 of the line that it is about."""
    trace: str = ""
    """TRN02 that it answers: the claim's patient control number in a 277CA."""
    codes: tuple[StatusCode, ...] = ()
    action: str = ""
    """STC03: WQ accepted, U rejected."""
    amount: Decimal | None = None
    date: dt.date | None = None
    message: str = ""
    paid: Decimal | None = None
    standing: Standing = Standing.UNKNOWN
    segment: int = 0


class LineStatus(Record, frozen=True, kw_only=True):
    """A service line and what is said of it."""

    procedure: str
    modifiers: tuple[str, ...] = ()
    charge: Decimal | None = None
    paid: Decimal | None = None
    control: str | None = None
    """REF*FJ: the line control number that was sent."""
    date: dt.date | None = None
    date_to: dt.date | None = None
    statuses: tuple[Status, ...] = ()


class ClaimStatus(Record, frozen=True, kw_only=True):
    """A claim with the chain that it stands under, all its statuses, and what they come to."""

    trace: str
    receiver: str = ""
    provider: str = ""
    provider_id: str = ""
    patient: str = ""
    member_id: str = ""
    payer_claim_number: str = ""
    patient_control_number: str = ""
    bill_type: str = ""
    date: dt.date | None = None
    date_to: dt.date | None = None
    amount: Decimal | None = None
    references: tuple[Qualified, ...] = ()
    statuses: tuple[Status, ...] = ()
    lines: tuple[LineStatus, ...] = ()
    standing: Standing = Standing.UNKNOWN
    codes: tuple[StatusCode, ...] = ()
    """What is really said: a wrapper of the claim gives way to the codes of its lines."""


class StatusReport(Record, frozen=True, kw_only=True):
    """A transaction set of 277CA or 277."""

    control: str
    kind: str
    reference: str = ""
    """BHT03."""
    created: dt.date | None = None
    payer: str = ""
    payer_id: str = ""
    source: str = ""
    """NM101 of who answers: PR the payer, AY a clearinghouse."""
    receiver: str = ""
    statuses: tuple[Status, ...] = ()
    claims: tuple[ClaimStatus, ...] = ()
    balance: Balance
    """Whether the counts and amounts that the report states (QTY, AMT) are those of its claims."""


def meant(statuses: tuple[Status, ...], lines: tuple[LineStatus, ...]) -> tuple[StatusCode, ...]:
    """The codes of a claim, its wrappers (A3:247) replaced by what is said of its lines; so is silence."""
    own = [code for status in statuses for code in status.codes if code.code not in WRAPPERS]
    wrapped = any(code.code in WRAPPERS for status in statuses for code in status.codes)
    if statuses and not wrapped:
        return tuple(own)
    of_lines = [code for line in lines for status in line.statuses for code in status.codes]
    said = list(dict.fromkeys([*own, *of_lines]))
    return tuple(said) or tuple(code for status in statuses for code in status.codes)


def overall(statuses: tuple[Status, ...]) -> Standing:
    """What several statuses of one claim come to: a rejection wins, else the last word counts."""
    if any(status.standing is Standing.REJECTED for status in statuses):
        return Standing.REJECTED
    return statuses[-1].standing if statuses else Standing.UNKNOWN
