"""What the made-up money is: payers, payments, deposits, the papers about them. Money is `Decimal`, in dollars."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date, datetime

    from payerbots.sandbox.eob import Check
    from payerbots.sandbox.records import Organisation


class Way(StrEnum):
    """How a payer adjudicates, which shows in its adjustments."""

    COMMERCIAL = "commercial"
    MEDICARE = "medicare"
    MEDICAID = "medicaid"


@dataclass(frozen=True, kw_only=True)
class Payer:
    """A payer as its remittances and its bank name it."""

    key: str
    name: str
    trn: str
    """What it writes in TRN03, and its company ID in ACH: 1 and its tax ID."""
    payer_id: str
    """Where claims for it are sent to."""
    bank_name: str
    """Its name in the bank's report."""
    way: Way
    layout: str
    """How its EOBs are printed."""
    filing: str
    """CLP06: CI commercial, MB Medicare, MC Medicaid, 16 Medicare Advantage HMO."""
    routing: str
    address: tuple[str, str, str, str]


class Road(StrEnum):
    """Where a remittance is found."""

    SUMMIT = "summit"
    CLEARINGHOUSE = "clearinghouse"
    CASCADE = "cascade"
    LOCKBOX = "lockbox"


@dataclass(frozen=True, kw_only=True)
class Payment:
    """One payment of a payer with what its remittance says."""

    key: str
    payer: Payer
    check: Check
    organisation: Organisation
    trouble: str = ""
    """The reason for which it goes to a person whatever its money does."""
    level: str = ""
    """Of one that does not balance: line, claim or transaction."""
    case: str = ""
    """What it is an example of; empty for a usual one."""


class Form(StrEnum):
    """What a remittance is written as."""

    X12 = "835"
    EOB = "eob"


@dataclass(frozen=True, kw_only=True)
class Paper:
    """A file that holds remittances: an 835, or an EOB, on one road. The same payment may stand in several.

    `available_from` is when it can be fetched, `posted_at` when it is listed; both aware UTC.
    """

    road: Road
    name: str
    """A portal's document number, or the file's name."""
    form: Form
    payments: tuple[Payment, ...]
    posted_at: datetime
    available_from: datetime
    control: int = 1
    """The interchange's control number."""
    also_eob: bool = False
    """Whether an EOB goes with it."""
    replaces: str = ""
    """The document number under which it was issued before."""
    listed_twice: bool = False
    cut_off: bool = False
    """The file ends in the middle."""
    scanned: bool = False
    """A picture without text."""


class Kind(StrEnum):
    """How money comes to the bank, or leaves it again."""

    ACH = "ach"
    WIRE = "wire"
    CHECK = "check"
    RETURNED = "returned"


@dataclass(frozen=True, kw_only=True)
class Part:
    """An amount of a deposit that is a payment's, or part of it."""

    payment: str
    amount: Decimal


@dataclass(frozen=True, kw_only=True)
class Deposit:
    """Money at the bank. `parts` is what it is for, as only the book knows: the bank does not say."""

    key: str
    day: date
    kind: Kind
    amount: Decimal
    """As it stands at the bank; of a returned item negative."""
    company: str
    """Who paid, as the bank has it."""
    company_id: str = ""
    trace: str = ""
    """TRN02 of the addenda or of the wire's text; empty when the bank was not given any."""
    check_number: str = ""
    reference: str = ""
    """The bank's own; of a lockbox check `lockbox/batch/item`."""
    batch: str = ""
    item: int = 0
    routing: str = ""
    account: str = ""
    parts: tuple[Part, ...] = ()
    returns: str = ""
    """Of a returned item: the deposit that bounced."""
    person: bool = False
    """Whether the payer is a patient, not a company."""
    unsure: tuple[str, ...] = ()
    """The payments among which nobody can choose from what bank and payer say, or that the amount contradicts."""
    why: str = ""
    """How it can be told which payment it is: trace, number, amount, sum; empty when it cannot."""
    case: str = ""
    """What it is an example of."""


@dataclass(frozen=True, kw_only=True)
class Batch:
    """Checks that the bank opened together. Times are aware UTC."""

    day: date
    number: str
    checks: tuple[Deposit, ...]
    posted_at: datetime
    images_from: datetime
    misread: Mapping[str, Decimal] = field(default_factory=dict)
    """Checks whose amount the first version of the day's file has wrong."""
    corrected_at: datetime | None = None

    @property
    def total(self) -> Decimal:
        """The batch's sum."""
        return sum((one.amount for one in self.checks), Decimal("0.00"))


@dataclass(frozen=True, kw_only=True)
class Hold:
    """A claim or provider adjustment that goes to a person while the rest of its payment is posted."""

    reason: str
    payment: str
    what: str
    """The supplier's number of the claim, or code and reference of the provider adjustment."""
    dollars: Decimal


@dataclass(frozen=True, kw_only=True)
class Billed:
    """A claim that the office sent, as its own list of claims has it."""

    control: str
    account: str
    payer: str
    payer_id: str
    member: str
    last: str
    first: str
    born: date
    qmb: bool
    secondary: str
    npi: str
    billed_on: date
    first_day: date
    last_day: date
    procedures: tuple[str, ...]
    charge: Decimal


@dataclass(frozen=True, kw_only=True)
class Money:
    """Everything about money that is made from one seed and day."""

    seed: int
    today: date
    since: date
    """The first day that the office asks for; whatever was posted before is history."""
    payments: tuple[Payment, ...]
    papers: tuple[Paper, ...]
    deposits: tuple[Deposit, ...]
    batches: tuple[Batch, ...]
    holds: tuple[Hold, ...]
    billed: tuple[Billed, ...]
    history: tuple[Paper, ...]
    """Older papers of Summit."""
