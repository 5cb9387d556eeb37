"""Eligibility: what is asked of a payer, what it answers, and what that means for a biller."""

from collections.abc import Iterator
from dataclasses import dataclass, fields
from datetime import date
from decimal import Decimal
from enum import StrEnum

from payerbots.reasons import Reason


class Acquisition(StrEnum):
    """How the equipment is provided; decides the service type that is asked."""

    PURCHASE = "purchase"
    RENTAL = "rental"
    USED = "used"


SERVICE_TYPES = {Acquisition.PURCHASE: "12", Acquisition.RENTAL: "18", Acquisition.USED: "11"}
"""X12 service type codes: 12 DME purchase, 18 DME rental, 11 used DME."""


@dataclass(frozen=True, kw_only=True)
class CoverageRequest:
    """One question: is this person covered for these items on this date?

    `payer` is the payer's name as `portals.yaml` spells it; `hcpcs` holds codes in upper case.
    Without `member_id` the portal is searched by name and birth date.
    """

    order: str
    account: str
    payer: str
    last_name: str
    first_name: str
    birth_date: date
    service_date: date
    hcpcs: tuple[str, ...]
    npi: str
    member_id: str | None = None
    branch: str | None = None
    acquisition: Acquisition = Acquisition.PURCHASE

    @property
    def service_type(self) -> str:
        """The X12 service type code that fits how the equipment is provided."""
        return SERVICE_TYPES[self.acquisition]

    @property
    def person(self) -> tuple[str, ...]:
        """Whom it is about, as the office wrote it, without regard to case."""
        return (
            self.payer,
            self.member_id or "",
            self.last_name.upper(),
            self.first_name.upper(),
            self.birth_date.isoformat(),
        )

    @property
    def identity(self) -> tuple[str, ...]:
        """What makes two requests one: the same order, person, date, items and provider."""
        asked = (self.service_date.isoformat(), self.service_type, self.npi)
        return (self.order, *self.person, *asked, *self.hcpcs)


class StayKind(StrEnum):
    """An episode that changes who pays for equipment on the date."""

    INPATIENT = "inpatient"
    SNF = "snf"
    HOSPICE = "hospice"
    HOME_HEALTH = "home health"


@dataclass(frozen=True, kw_only=True)
class Stay:
    """An inpatient, SNF, hospice or home-health episode; `end` is None while it is open."""

    kind: StayKind
    start: date
    end: date | None = None

    def holds_on(self, day: date) -> bool:
        """Whether the episode covers `day`."""
        return self.start <= day and (self.end is None or day <= self.end)

    def __str__(self) -> str:
        return f"{self.kind.value} {self.start.isoformat()}/{self.end.isoformat() if self.end else ''}"


@dataclass(frozen=True, kw_only=True)
class SimilarItem:
    """Same or similar equipment on file with the payer; `months_used` only for a rental."""

    hcpcs: str
    supplier: str
    date: date
    months_used: int | None = None
    ours: bool = False


@dataclass(frozen=True, kw_only=True)
class Authorization:
    """What the payer says of prior authorization for one code."""

    hcpcs: str
    needed: bool
    number: str | None = None


@dataclass(frozen=True, kw_only=True)
class Coverage:
    """A payer's answer for one person and date, the individual figures of the network that applies.

    Money is in dollars, `coinsurance` in percent; None means that the payer did not say.
    """

    active: bool
    payer: str
    payer_id: str | None = None
    member_id: str | None = None
    part_b: bool | None = None
    plan: str | None = None
    plan_type: str | None = None
    effective: date | None = None
    termination: date | None = None
    advantage_plan: str | None = None
    advantage_payer_id: str | None = None
    network: str | None = None
    deductible_total: Decimal | None = None
    deductible_met: Decimal | None = None
    deductible_remaining: Decimal | None = None
    coinsurance: Decimal | None = None
    copay: Decimal | None = None
    out_of_pocket_remaining: Decimal | None = None
    qmb: bool | None = None
    cob_order: int | None = None
    other_payer: str | None = None
    other_payer_id: str | None = None
    other_member_id: str | None = None
    referral_needed: bool | None = None
    stays: tuple[Stay, ...] = ()
    similar: tuple[SimilarItem, ...] = ()
    authorizations: tuple[Authorization, ...] = ()
    benefit_limit: str | None = None
    reference: str | None = None

    @property
    def ends_at_coverage(self) -> bool:
        """Whether nothing beyond the coverage itself is worth asking: inactive, no Part B, other plan."""
        return not self.active or self.part_b is False or self.advantage_plan is not None

    @property
    def latest_similar(self) -> SimilarItem | None:
        """The most recent same or similar item, whoever supplied it."""
        return max(self.similar, key=lambda item: item.date, default=None)


class Verdict(StrEnum):
    """What a biller does next with the order."""

    BILL = "bill"
    HOLD = "hold"
    CHANGE_PAYER = "change payer"
    ASK = "ask"


_CHANGE_PAYER = frozenset({Reason.BILL_MA_PLAN, Reason.OTHER_PAYER_PRIMARY})
_HOLD = frozenset(
    {
        Reason.INACTIVE_ON_DATE,
        Reason.NO_PART_B,
        Reason.FACILITY_STAY,
        Reason.HOSPICE_HOME_HEALTH,
        Reason.SAME_SIMILAR,
        Reason.AUTH_NEEDED,
    }
)


def verdict_for(reason: Reason | None) -> Verdict:
    """The verdict that a reason leads to; no reason means that the order can be billed."""
    if reason is None:
        return Verdict.BILL
    if reason in _CHANGE_PAYER:
        return Verdict.CHANGE_PAYER
    return Verdict.HOLD if reason in _HOLD else Verdict.ASK


def findings(coverage: Coverage, service_date: date) -> tuple[Reason, ...]:
    """Everything in the answer that needs a person, the one that decides first.

    The order is that of the questions a biller asks: is it in force, whose is it to pay, where is
    the patient, what is on file. Medicare "active" means Part B in force, no Medicare Advantage
    plan and no payer before it (CMS HETS companion guide, MSP manual).
    """
    return tuple(_found(coverage, service_date))


def _found(coverage: Coverage, day: date) -> Iterator[Reason]:
    if not coverage.active:
        yield Reason.INACTIVE_ON_DATE
        return
    if coverage.advantage_plan is not None:
        yield Reason.BILL_MA_PLAN
    if coverage.part_b is False:
        yield Reason.NO_PART_B
    if coverage.cob_order is not None and coverage.cob_order > 1:
        yield Reason.OTHER_PAYER_PRIMARY
    kinds = {stay.kind for stay in coverage.stays if stay.holds_on(day)}
    if kinds & {StayKind.HOSPICE, StayKind.HOME_HEALTH}:
        yield Reason.HOSPICE_HOME_HEALTH
    if kinds & {StayKind.INPATIENT, StayKind.SNF}:
        yield Reason.FACILITY_STAY
    similar = coverage.latest_similar
    if similar is not None and not similar.ours:
        yield Reason.SAME_SIMILAR
    if any(found.needed and not found.number for found in coverage.authorizations):
        yield Reason.AUTH_NEEDED


def differences(before: Coverage, after: Coverage) -> tuple[str, ...]:
    """Names of the fields in which two answers differ; the call's reference number does not count."""
    return tuple(
        field.name
        for field in fields(Coverage)
        if field.name != "reference" and getattr(before, field.name) != getattr(after, field.name)
    )
