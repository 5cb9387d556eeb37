"""The questions of an HME biller, answered from a 271: active, who pays first, deductible, authorization, stays.

Network is never mixed with out-of-network, individual with family, total with remaining. What the answer does not
say is None, never a guess.
"""

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal

from payerbots.domain.benefits import Benefit, Period, Subject
from payerbots.domain.record import Record

ACTIVE = frozenset({"1", "2", "3", "4", "5"})
INACTIVE = frozenset({"6", "7", "8"})
DME = ("12", "18", "11", "30")
"""Service types from the nearest to the widest: DME purchase, rental, used, the plan."""
ADVANTAGE = frozenset({"HM", "HN", "IN", "PR"})
"""EB04 of an R benefit by which Medicare names a Medicare Advantage plan."""
MEDICARE_B = frozenset({"MB"})
REMAINING, CALENDAR_YEAR, YEAR_TO_DATE = "29", "23", "24"
_BEGINS = frozenset({"291", "307", "346", "356", "348", "290", "292"})
"""DTP01 of a day that something begins on, when it is no range."""
_ENDS = frozenset({"347", "357", "349"})
_EPISODES = frozenset({"292", "348", "435", "193", "472"})
"""DTP01 of an episode; others are of the plan, and services listed as covered carry those."""


class Spent(Record, frozen=True, kw_only=True):
    """A limit of money: how much in all, what is met, what remains; None where the payer does not say."""

    total: Decimal | None = None
    met: Decimal | None = None
    remaining: Decimal | None = None


class Stay(Record, frozen=True, kw_only=True):
    """A hospice, home health, inpatient or nursing facility episode on the date."""

    kind: str
    """The service type: 45 hospice, 42 home health, 47 or 48 hospital, 54 or AG nursing facility."""
    begins: dt.date | None = None
    ends: dt.date | None = None


HOSPICE = "45"
STAYS = frozenset({"42", "45", "47", "48", "54", "AG", "AH"})


def applies(benefit: Benefit, day: dt.date) -> bool:
    """Whether the benefit's own dates, if it has any, include the day."""
    return _include(benefit.dates, day)


def _include(dates: Sequence[Period], day: dt.date) -> bool:
    """One of the ranges includes the day, no begin is after it and no end before it; without dates every day."""
    ranges = [each for each in dates if each.date_to is not None and each.qualifier in _BEGINS | _ENDS]
    begins = [each.date for each in dates if each.date_to is None and each.date and each.qualifier in _BEGINS]
    ends = [each.date for each in dates if each.date_to is None and each.date and each.qualifier in _ENDS]
    return (
        (not ranges or any(_within(each, day) for each in ranges))
        and (not begins or min(begins) <= day)
        and (not ends or max(ends) >= day)
    )


def _within(period: Period, day: dt.date) -> bool:
    return period.date is not None and period.date_to is not None and period.date <= day <= period.date_to


def in_force(subject: Subject, benefit: Benefit, day: dt.date) -> bool:
    """As `applies`; a benefit without dates has those of the person's plan (loop 2100)."""
    plan = [each for each in subject.dates if each.qualifier in _BEGINS | _ENDS]
    return _include(
        benefit.dates if any(each.qualifier in _BEGINS | _ENDS for each in benefit.dates) else plan, day
    )


def active(subject: Subject, day: dt.date, insurance: frozenset[str] = frozenset()) -> bool | None:
    """Whether coverage is in force on the day; `insurance` narrows it (Medicare Part B: `MEDICARE_B`)."""
    said = [
        benefit
        for benefit in subject.benefits
        if benefit.info in ACTIVE | INACTIVE and (not insurance or benefit.insurance in insurance)
    ]
    if not said:
        return None
    return any(benefit.info in ACTIVE and in_force(subject, benefit, day) for benefit in said)


class Plan(Record, frozen=True, kw_only=True):
    """The plan in force: its name and kind (EB04, EB05), and the days that it begins and ends on."""

    name: str = ""
    insurance: str = ""
    begins: dt.date | None = None
    ends: dt.date | None = None


def plan(subject: Subject, day: dt.date, insurance: frozenset[str] = frozenset()) -> Plan | None:
    """The plan that is in force on the day; the first that is named, else the first of all."""
    fitting = [
        each
        for each in subject.benefits
        if each.info in ACTIVE
        and in_force(subject, each, day)
        and (not insurance or each.insurance in insurance)
    ]
    chosen = next((each for each in fitting if each.plan), fitting[0] if fitting else None)
    if chosen is None:
        return None
    dates = [*chosen.dates, *subject.dates]
    begins = next((each.date for each in dates if each.qualifier in _BEGINS), None)
    ends = next((each.date for each in dates if each.qualifier in _ENDS), None)
    last = next((each.date_to for each in dates if each.date_to and each.qualifier in _BEGINS), None)
    return Plan(name=chosen.plan, insurance=chosen.insurance, begins=begins, ends=ends or last)


def medicare_pays(subject: Subject, day: dt.date) -> bool | None:
    """Part B in force, no Medicare Advantage plan, no payer before Medicare and no hospice on the day."""
    in_part_b = active(subject, day, MEDICARE_B)
    if not in_part_b:
        return in_part_b
    hospice = any(stay.kind == HOSPICE for stay in stays(subject, day))
    return not hospice and next(other_payers(subject, day), None) is None


def other_payers(subject: Subject, day: dt.date) -> Iterator[Benefit]:
    """Other coverage on the day (EB01 R): payers before this one, or the plan that must be billed instead."""
    return (benefit for benefit in subject.benefits if benefit.info == "R" and applies(benefit, day))


def advantage_plan(subject: Subject, day: dt.date) -> Benefit | None:
    """The Medicare Advantage plan that must be billed instead of Medicare."""
    return next((each for each in other_payers(subject, day) if each.insurance in ADVANTAGE), None)


def _nearest(benefits: Iterable[Benefit], network: str) -> list[Benefit]:
    """Those of the nearest service type, in (Y) or out of (N) network; `W` and silence count for both."""
    fitting = [each for each in benefits if each.network in {network, "W", "", "U"}]
    for service in DME:
        found = [each for each in fitting if service in each.service_types]
        if found:
            exact = [each for each in found if each.network == network]
            return exact or found
    return []


def _amounts(subject: Subject, info: str, coverage: str, network: str, day: dt.date) -> Spent:
    benefits = [
        each
        for each in subject.benefits
        if each.info == info
        and each.amount is not None
        and applies(each, day)
        and each.coverage in {coverage, ""}
    ]
    named = [each for each in benefits if each.coverage == coverage]
    nearest = _nearest(named or benefits, network)
    total = _one(nearest, {CALENDAR_YEAR, "25", "22", ""})
    remaining, met = _one(nearest, {REMAINING}), _one(nearest, {YEAR_TO_DATE})
    if met is None and total is not None and remaining is not None:
        met = total - remaining
    return Spent(total=total, met=met, remaining=remaining)


def _one(benefits: list[Benefit], times: set[str]) -> Decimal | None:
    """The one amount that is said for these times; two that differ are none."""
    said = {each.amount for each in benefits if each.time in times}
    return said.pop() if len(said) == 1 else None


def deductible(subject: Subject, day: dt.date, *, coverage: str = "IND", network: str = "Y") -> Spent:
    """The deductible for DME, else the plan's: individual (IND) or family (FAM)."""
    return _amounts(subject, "C", coverage, network, day)


def out_of_pocket(subject: Subject, day: dt.date, *, coverage: str = "IND", network: str = "Y") -> Spent:
    """The out-of-pocket limit."""
    return _amounts(subject, "G", coverage, network, day)


def coinsurance(subject: Subject, day: dt.date, *, network: str = "Y") -> Decimal | None:
    """The patient's share for DME (0.2 is 20 %)."""
    benefits = [each for each in subject.benefits if each.info == "A" and applies(each, day)]
    said = {each.percent for each in _nearest(benefits, network) if each.percent is not None}
    return said.pop() if len(said) == 1 else None


def authorization_needed(subject: Subject, day: dt.date, *, network: str = "Y") -> bool | None:
    """Whether DME needs prior authorization (EB11); None where the payer does not say."""
    benefits = [each for each in subject.benefits if each.authorization in {"Y", "N"} and applies(each, day)]
    said = {each.authorization for each in _nearest(benefits, network)}
    return said == {"Y"} if len(said) == 1 else (True if said else None)


def owes_nothing(subject: Subject, day: dt.date) -> bool:
    """Whether the patient is a qualified Medicare beneficiary (QMB), who must never be billed a share."""
    return any(each.insurance == "QM" and applies(each, day) for each in subject.benefits if each.info != "6")


def stays(subject: Subject, day: dt.date) -> Iterator[Stay]:
    """Episodes in a facility, hospice or home health that include the day; one without an end still goes on."""
    for benefit in subject.benefits:
        kinds = STAYS.intersection(benefit.service_types)
        if benefit.info not in {"X", "F", "1", "CB", "D"} or not kinds or not applies(benefit, day):
            continue
        for period in benefit.dates:
            if period.qualifier not in _EPISODES and benefit.info != "X":
                continue
            if period.date is not None and period.date <= day <= (period.date_to or day):
                yield Stay(kind=min(kinds), begins=period.date, ends=period.date_to)
