"""Claims as they were sent: the 837P, to the depth that a correction needs."""

import datetime as dt
from decimal import Decimal

from payerbots.domain.record import Record
from payerbots.domain.remittance import Name, Qualified


class Answered(Record, frozen=True, kw_only=True):
    """A question of a certificate of medical necessity and its answer (FRM)."""

    question: str
    answer: str


class SubmittedLine(Record, frozen=True, kw_only=True):
    """A service line (LX, SV1)."""

    number: str
    procedure: str = ""
    modifiers: tuple[str, ...] = ()
    description: str = ""
    charge: Decimal | None = None
    unit: str = ""
    units: Decimal | None = None
    place_of_service: str = ""
    pointers: tuple[str, ...] = ()
    """Which of the claim's diagnoses it is for, counted from 1."""
    date: dt.date | None = None
    date_to: dt.date | None = None
    control: str | None = None
    """REF*6R."""
    references: tuple[Qualified, ...] = ()
    names: tuple[Name, ...] = ()
    certificate: str | None = None
    """The form (LQ*UT) of the certificate of medical necessity that was sent with the line."""
    answers: tuple[Answered, ...] = ()
    certificate_segments: tuple[int, ...] = ()
    """Where the certificate's segments stand in the file (CRC*09, CR3, PWK*CT, its dates, LQ, FRM)."""
    segment: int = 0
    """Where LX stands."""
    service_segment: int = 0
    """Where SV1 stands."""


class SubmittedClaim(Record, frozen=True, kw_only=True):
    """A claim (CLM) with whom it is for and whom it is sent to. Places are segments of the file, from 1."""

    patient_control_number: str
    charge: Decimal | None = None
    place_of_service: str = ""
    frequency: str = ""
    """CLM05-3: 1 new, 7 replacement, 8 void."""
    filing_indicator: str = ""
    """SBR09: MB Medicare Part B, CI commercial, ..."""
    payer_responsibility: str = ""
    """SBR01: P, S, T."""
    payer: str = ""
    payer_id: str = ""
    billing_provider: str = ""
    billing_npi: str = ""
    billing_street: str = ""
    billing_city: str = ""
    billing_state: str = ""
    billing_zip: str = ""
    """N3 and N4 of the billing provider (loop 2010AA)."""
    subscriber: str = ""
    member_id: str = ""
    patient: str = ""
    birth_date: dt.date | None = None
    diagnoses: tuple[Qualified, ...] = ()
    """HI: the qualifier (ABK principal, ABF other) and the code."""
    references: tuple[Qualified, ...] = ()
    names: tuple[Name, ...] = ()
    lines: tuple[SubmittedLine, ...] = ()
    transaction: str = ""
    """ST02."""
    segment: int = 0
    """Where CLM stands."""
    member_segment: int = 0
    """Where the subscriber's NM1 stands."""
    payer_segment: int = 0
    """Where the payer's NM1 stands."""
    billing_city_segment: int = 0
    """Where the billing provider's N4 stands."""
    diagnosis_segments: tuple[int, ...] = ()


class SubmittedSet(Record, frozen=True, kw_only=True):
    """A transaction set of claims."""

    control: str
    reference: str = ""
    created: dt.date | None = None
    submitter: str = ""
    receiver: str = ""
    claims: tuple[SubmittedClaim, ...] = ()
