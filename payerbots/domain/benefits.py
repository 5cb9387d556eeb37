"""What a payer says of a person's coverage: the 271, benefit by benefit."""

import datetime as dt
from decimal import Decimal

from payerbots.domain.record import Record
from payerbots.domain.remittance import Name, Qualified


class Period(Record, frozen=True, kw_only=True):
    """A date or a range under a qualifier (DTP): 291 plan, 307 eligibility, 346 plan begin, 472 service, ..."""

    qualifier: str
    date: dt.date | None = None
    date_to: dt.date | None = None


class Delivery(Record, frozen=True, kw_only=True):
    """How much in which time (HSD)."""

    quantity_qualifier: str = ""
    quantity: Decimal | None = None
    unit: str = ""
    frequency: Decimal | None = None
    period: str = ""
    periods: Decimal | None = None
    pattern: str = ""


class Rejection(Record, frozen=True, kw_only=True):
    """Why a question was not answered (AAA)."""

    level: str
    """HL03 of where it stands: 20 payer, 21 receiver, 22 subscriber, 23 dependent."""
    code: str
    """AAA03."""
    follow_up: str = ""
    """AAA04: C correct and resend, N do not resend, R resend allowed, S do not resend later, W wait, Y resend later."""
    valid: bool = False
    """AAA01 is Y: the request was valid, it was refused all the same."""


class Benefit(Record, frozen=True, kw_only=True):
    """One EB with what follows it."""

    info: str
    """EB01: 1 active, 6 inactive, A coinsurance, B copay, C deductible, G out-of-pocket, R other payer, ..."""
    coverage: str = ""
    """EB02: IND individual, FAM family, EMP employee only, ..."""
    service_types: tuple[str, ...] = ()
    insurance: str = ""
    """EB04: MA, MB Medicare A, B; HN, HM, PR ... a plan of Medicare Advantage; QM qualified Medicare beneficiary."""
    plan: str = ""
    time: str = ""
    """EB06: 23 calendar year, 29 remaining, 24 year to date, ..."""
    amount: Decimal | None = None
    percent: Decimal | None = None
    """EB08 as a share: 0.2 is 20 %."""
    quantity_qualifier: str = ""
    quantity: Decimal | None = None
    authorization: str = ""
    """EB11: Y needed, N not needed, U unknown."""
    network: str = ""
    """EB12: Y in network, N out of network, W both, U unknown; empty where the payer does not say."""
    procedure: str = ""
    modifiers: tuple[str, ...] = ()
    pointers: tuple[str, ...] = ()
    """EB14: which of the diagnoses asked about it is for, counted from 1."""
    deliveries: tuple[Delivery, ...] = ()
    references: tuple[Qualified, ...] = ()
    dates: tuple[Period, ...] = ()
    rejections: tuple[Rejection, ...] = ()
    messages: tuple[str, ...] = ()
    places: tuple[Qualified, ...] = ()
    """III: place of service and the like."""
    entities: tuple[Name, ...] = ()
    """Those of the LS/LE loop: another payer, a primary care provider, a facility."""
    contacts: tuple[str, ...] = ()
    """PER of those: name, then qualifiers and numbers."""
    segment: int = 0


class Subject(Record, frozen=True, kw_only=True):
    """A subscriber or dependent, and all that is said of the coverage."""

    level: str
    name: str = ""
    last: str = ""
    first: str = ""
    member_id: str = ""
    birth_date: dt.date | None = None
    sex: str = ""
    relationship: str = ""
    traces: tuple[str, ...] = ()
    references: tuple[Qualified, ...] = ()
    address: tuple[str, ...] = ()
    dates: tuple[Period, ...] = ()
    benefits: tuple[Benefit, ...] = ()
    rejections: tuple[Rejection, ...] = ()


class Eligibility(Record, frozen=True, kw_only=True):
    """A 271."""

    control: str
    reference: str = ""
    created: dt.date | None = None
    payer: str = ""
    payer_id: str = ""
    receiver: str = ""
    rejections: tuple[Rejection, ...] = ()
    """Those of the payer's and the receiver's level: nobody's question was answered."""
    subjects: tuple[Subject, ...] = ()
