"""What the made-up claims are: as they were sent, what was said of them, what is right to do. Money is `Decimal`."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import date, datetime

REJECTING = frozenset({"A3", "A6", "A7", "A8"})


@dataclass(frozen=True, kw_only=True)
class Payer:
    """A payer as the clearinghouse lists it. `former` are IDs that it no longer takes."""

    key: str
    name: str
    payer_id: str
    filing: str
    """SBR09: MB Medicare Part B, CI commercial, MC Medicaid, 16 Medicare Advantage HMO."""
    is_mac: bool = False
    """Whether it is a Medicare DME contractor."""
    former: tuple[str, ...] = ()
    reports_in_words: bool = False
    """Whether it answers in text reports."""


@dataclass(frozen=True, kw_only=True)
class Patient:
    """The subscriber, who is the patient."""

    last: str
    first: str
    middle: str
    suffix: str
    born: date
    sex: str
    street: str
    city: str
    state: str
    zip: str


@dataclass(frozen=True, kw_only=True)
class Location:
    """A billing location of the office."""

    npi: str
    name: str
    tax_id: str
    street: str
    city: str
    state: str
    zip: str


@dataclass(frozen=True, kw_only=True)
class Doctor:
    """Who ordered the equipment."""

    last: str
    first: str
    npi: str


@dataclass(frozen=True, kw_only=True)
class Certificate:
    """A certificate of medical necessity: the form, and its questions with answers."""

    form: str
    answers: tuple[tuple[str, str], ...]
    signed_on: date


@dataclass(frozen=True, kw_only=True)
class Line:
    """A service line."""

    number: int
    hcpcs: str
    modifiers: tuple[str, ...]
    charge: Decimal
    units: int
    first: date
    last: date
    pointers: tuple[int, ...] = (1,)
    certificate: Certificate | None = None


@dataclass(frozen=True, kw_only=True)
class Claim:
    """A claim. `payer_id` is where it was sent, which need not be the payer's own ID."""

    control: str
    payer: Payer
    payer_id: str
    member_id: str
    patient: Patient
    location: Location
    doctor: Doctor
    diagnoses: tuple[str, ...]
    lines: tuple[Line, ...]
    rendering_npi: str = ""

    @property
    def charge(self) -> Decimal:
        """The sum of its lines."""
        return sum((line.charge for line in self.lines), Decimal("0.00"))

    @property
    def served_on(self) -> date:
        """The first date of service."""
        return min(line.first for line in self.lines)


class Source(StrEnum):
    """Who speaks, as NM101 of a 277CA has it."""

    CLEARINGHOUSE = "AY"
    PAYER = "PR"


@dataclass(frozen=True, kw_only=True)
class Status:
    """One status: category, code, entity; of the claim, or of one of its lines."""

    category: str
    code: str
    entity: str = ""
    line: int = 0
    message: str = ""

    @property
    def rejects(self) -> bool:
        """Whether the category sends a claim back."""
        return self.category in REJECTING

    def __str__(self) -> str:
        """`A7:164:IL`."""
        return ":".join(part for part in (self.category, self.code, self.entity) if part)


@dataclass(frozen=True, kw_only=True)
class Ruling:
    """What clearinghouse or payer said of a claim that was sent. `at` is aware UTC."""

    source: Source
    statuses: tuple[Status, ...]
    at: datetime
    number: str = ""
    """The payer's or clearinghouse's own number for the claim."""

    @property
    def rejects(self) -> bool:
        """Whether the claim was sent back."""
        return any(status.rejects for status in self.statuses)


@dataclass(frozen=True, kw_only=True)
class Sending:
    """A claim in a file, and what was said of it in reports so far. `at` is aware UTC."""

    claim: Claim
    file: int
    set: int
    at: datetime
    rulings: tuple[Ruling, ...] = ()
    by: str = ""
    """Who sent it in the claim editor; empty for a file."""
    confirmation: str = ""


class Fate(StrEnum):
    """What became of a transaction set, as IK501 says it."""

    ACCEPTED = "A"
    ERRORS_NOTED = "E"
    REJECTED = "R"


@dataclass(frozen=True, kw_only=True)
class ClaimFile:
    """A file of claims as it was sent: one interchange with its sets. `envelope` is TA105, 000 for none wrong."""

    number: int
    name: str
    sent_at: datetime
    sets: tuple[tuple[Claim, ...], ...]
    fates: tuple[Fate, ...]
    envelope: str = "000"
    content: bytes = field(repr=False, default=b"")

    @property
    def refused(self) -> bool:
        """Whether the whole interchange was rejected."""
        return self.envelope != "000"


class Kind(StrEnum):
    """Kinds of reports."""

    TA1 = "TA1"
    ACKNOWLEDGMENT = "999"
    STATUS = "277CA"
    TEXT = "Payer report"


@dataclass(frozen=True, kw_only=True)
class Report:
    """A report in the mailbox. Times are aware UTC. `taken_at` is when the billing software fetched it."""

    number: str
    kind: Kind
    name: str
    sender: str
    received_at: datetime
    claims: int
    content: bytes = field(repr=False)
    taken_at: datetime | None = None


class Outcome(StrEnum):
    """What is right to do with a claim."""

    CORRECT = "correct"
    PERSON = "person"
    OVERDUE = "overdue"
    NOTHING = "nothing"


@dataclass(frozen=True, kw_only=True)
class Change:
    """A field of the claim editor, its value as sent and as it must be."""

    field: str
    before: str
    after: str


@dataclass(frozen=True, kw_only=True)
class Answer:
    """What is right for a claim. `submissions` is how often it is to be sent in the editor: 0 or 1."""

    control: str
    case: str
    outcome: Outcome
    reason: str = ""
    statuses: tuple[str, ...] = ()
    changes: tuple[Change, ...] = ()
    charge: Decimal = Decimal(0)

    @property
    def submissions(self) -> int:
        """How often it is to be sent in the editor."""
        return int(self.outcome is Outcome.CORRECT)


@dataclass(frozen=True, kw_only=True)
class Book:
    """Everything that is made from one seed and day. `claims` holds each once, as it was sent last."""

    seed: int
    today: date
    files: tuple[ClaimFile, ...]
    sendings: tuple[Sending, ...]
    reports: tuple[Report, ...]
    answers: tuple[Answer, ...]

    @property
    def claims(self) -> dict[str, Claim]:
        """The claims by their control number."""
        return {sending.claim.control: sending.claim for sending in self.sendings}
