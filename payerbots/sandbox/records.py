"""What the made-up book of business holds: frozen records, money as `Decimal`, dates as `date`."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import date


class Program(StrEnum):
    """Which coverage program is asked."""

    COMMERCIAL = "summit"
    MEDICARE = "medicare"


class StayKind(StrEnum):
    """Kinds of stays and episodes, as the payer names them."""

    INPATIENT = "inpatient"
    SNF = "snf"
    HOSPICE = "hospice"
    HOME_HEALTH = "home health"


@dataclass(frozen=True, kw_only=True)
class Span:
    """A period of days, both ends included; None is open."""

    start: date
    end: date | None = None

    def covers(self, on: date) -> bool:
        """Whether the day lies in the period."""
        return self.start <= on and (self.end is None or on <= self.end)


@dataclass(frozen=True, kw_only=True)
class Provider:
    """A billing location of an organization."""

    npi: str
    name: str
    branch: str
    in_network: bool = True
    enrolled: bool = True


@dataclass(frozen=True, kw_only=True)
class Organisation:
    """A supplier as the payer knows it: one tax ID, one or more NPIs."""

    key: str
    name: str
    tax_id: str
    providers: tuple[Provider, ...]

    def provider(self, npi: str) -> Provider | None:
        """Return the provider with this NPI, if it is one of ours."""
        return next((item for item in self.providers if item.npi == npi), None)


@dataclass(frozen=True, kw_only=True)
class Meter:
    """A yearly limit and how much of it is used."""

    total: Decimal
    met: Decimal

    @property
    def remaining(self) -> Decimal:
        """What is left of the limit."""
        return self.total - self.met


@dataclass(frozen=True, kw_only=True)
class Share:
    """What the patient owes in one network: deductible and out-of-pocket, alone and as a family."""

    deductible: Meter
    family_deductible: Meter
    out_of_pocket: Meter
    family_out_of_pocket: Meter
    coinsurance: int
    copay: Decimal


@dataclass(frozen=True, kw_only=True)
class Benefits:
    """DME benefits of a commercial member; `outside` is None where the plan pays nothing out of network."""

    inside: Share
    outside: Share | None
    limit: str | None
    referral_needed: bool


@dataclass(frozen=True, kw_only=True)
class AdvantagePlan:
    """A Medicare Advantage plan that must be billed instead of Medicare."""

    name: str
    payer_id: str
    contract: str
    span: Span


@dataclass(frozen=True, kw_only=True)
class Medicare:
    """Entitlement of a Medicare beneficiary."""

    part_a: Span | None
    part_b: Span | None
    deductible_met: Decimal
    qmb: bool = False
    advantage: AdvantagePlan | None = None


@dataclass(frozen=True, kw_only=True)
class OtherCoverage:
    """Another payer; `primary` when it pays before this one."""

    payer: str
    payer_id: str
    member_number: str
    kind: str
    primary: bool


@dataclass(frozen=True, kw_only=True)
class Stay:
    """An inpatient or nursing-facility stay, or a hospice or home-health episode."""

    kind: StayKind
    facility: str
    span: Span


@dataclass(frozen=True, kw_only=True)
class Equipment:
    """An item that the payer has paid for; `rental_months` is None for a purchase."""

    hcpcs: str
    supplier: str
    supplied_on: date
    rental_months: int | None = None


@dataclass(frozen=True, kw_only=True)
class Authorization:
    """An approved prior authorization."""

    number: str
    hcpcs: str
    span: Span


@dataclass(frozen=True, kw_only=True)
class Member:
    """A member in the book of one organization."""

    member_id: str
    program: Program
    organisation: str
    last: str
    first: str
    middle: str
    suffix: str
    born: date
    city: str
    plan: str
    plan_type: str
    span: Span
    benefits: Benefits | None = None
    medicare: Medicare | None = None
    other: OtherCoverage | None = None
    stays: tuple[Stay, ...] = ()
    equipment: tuple[Equipment, ...] = ()
    authorizations: tuple[Authorization, ...] = ()
    unavailable: bool = False


@dataclass(frozen=True, kw_only=True)
class Request:
    """One row of the office's worksheet: what the office means, and how sloppily it is written down."""

    row: int
    order: str
    account: str
    branch: str
    payer: str
    member_id: str
    last: str
    first: str
    born: date | None
    on: date
    hcpcs: tuple[str, ...]
    rental: bool
    npi: str
    ordered_on: date
    representative: str
    note: str
    program: Program
    scenario: str
    quirks: frozenset[str] = frozenset()


@dataclass(frozen=True, kw_only=True)
class World:
    """Everything that is made from one seed."""

    seed: int
    today: date
    organisations: tuple[Organisation, ...]
    members: tuple[Member, ...]
    requests: tuple[Request, ...]
    blank_row: int

    def organisation_of(self, npi: str) -> Organisation | None:
        """Return the organization that has this NPI."""
        return next((item for item in self.organisations if item.provider(npi)), None)
