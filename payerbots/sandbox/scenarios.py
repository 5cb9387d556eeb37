"""The situations that an office meets: each makes the members it needs and one request about them."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING

from payerbots.sandbox import mint, words
from payerbots.sandbox.records import (
    AdvantagePlan,
    Authorization,
    Equipment,
    Medicare,
    Member,
    OtherCoverage,
    Program,
    Provider,
    Span,
    Stay,
    StayKind,
)

if TYPE_CHECKING:
    from collections.abc import Callable
    from random import Random

    from payerbots.sandbox.office import Draft, Office
    from payerbots.sandbox.records import Organisation


def ppo(office: Office) -> Draft:
    """Draft a request about a plain active PPO member whose ID begins with zeros."""
    return office.draft(
        office.people.with_leading_zeros(office.people.commercial(office.organisation(), ("PPO",)))
    )


def hmo(office: Office) -> Draft:
    """Draft a request about a plain active HMO member."""
    return office.draft(office.people.commercial(office.organisation(), ("HMO",)))


def medicare(office: Office) -> Draft:
    """Draft a request about a plain Medicare beneficiary."""
    return office.draft(office.people.medicare(office.organisation()))


def qmb(office: Office) -> Draft:
    """Draft a request about a Qualified Medicare Beneficiary, with Medicaid behind Medicare."""
    member = office.people.medicare(office.organisation())
    other = OtherCoverage(
        payer="State Medicaid",
        payer_id="STMCD",
        member_number=_number(office.rng),
        kind="Medicaid",
        primary=False,
    )
    return office.draft(replace(member, medicare=replace(_medicare(member), qmb=True), other=other))


def out_of_network(office: Office) -> Draft:
    """Draft a request about a PPO or POS member, asked with a location that is not in the network."""
    home = office.organisations[0]
    draft = office.draft(office.people.commercial(home, ("PPO", "POS")))
    return replace(draft, provider=next(item for item in home.providers if not item.in_network))


def secondary(office: Office) -> Draft:
    """Another payer pays after this one."""
    member = office.either()
    payer, payer_id = office.rng.choice(words.SECONDARY_PAYERS)
    kind = "Medicare supplement" if member.program is Program.MEDICARE else "Group health plan"
    other = OtherCoverage(
        payer=payer, payer_id=payer_id, member_number=_number(office.rng), kind=kind, primary=False
    )
    return office.draft(replace(member, other=other))


def own_rental(office: Office) -> Draft:
    """Draft a request about the organization's own rental, some months old."""
    member = office.either()
    code = office.rng.choice(["E0601", "E0260", "E1390", "E0570"])
    draft = office.draft(member, (code,))
    months = office.rng.randint(2, 11)
    home = _home(office, member)
    began = mint.add_months(draft.on, -months)
    items = (
        Equipment(hcpcs=code, supplier=home.name, supplied_on=began, rental_months=months),
        Equipment(
            hcpcs=code, supplier=home.name, supplied_on=began - timedelta(days=office.rng.randint(400, 1200))
        ),
    )
    return replace(draft, members=(replace(draft.members[0], equipment=items),))


def authorized(office: Office) -> Draft:
    """Draft a request for an item that needs authorization, and it is on file."""
    member = office.either()
    code = _needing(office, member)
    draft = office.draft(member, (code,))
    start = draft.on - timedelta(days=office.rng.randint(5, 40))
    on_file = Authorization(
        number=_auth_number(office.rng), hcpcs=code, span=Span(start=start, end=start + timedelta(days=89))
    )
    return replace(draft, members=(replace(draft.members[0], authorizations=(on_file,)),))


def by_name(office: Office) -> Draft:
    """No member ID on the order; name and birth date find exactly one."""
    return replace(office.draft(office.either()), member_id="")


def not_found(office: Office) -> Draft:
    """Draft a request with a member ID of the right shape that nobody has."""
    member = office.either()
    return replace(office.draft(member), scenario="MEMBER_NOT_FOUND", absent=True)


def mismatch(office: Office) -> Draft:
    """Draft a request whose member ID exists, with another birth date or last name than the member has."""
    draft = replace(office.draft(office.either()), scenario="NAME_DOB_MISMATCH")
    member = draft.members[0]
    if office.rng.random() < 0.5:  # noqa: PLR2004 - one in two
        return replace(draft, born=member.born + timedelta(days=office.rng.choice([-9, 1, 10, 27])))
    return replace(draft, last=office.rng.choice([name for name in words.LAST if name != member.last]))


def several(office: Office) -> Draft:
    """No member ID, and two members share name and birth date."""
    draft = replace(office.draft(office.either()), scenario="SEVERAL_MEMBERS", member_id="")
    return replace(draft, members=(draft.members[0], office.people.twin(draft.members[0])))


def bad_format(office: Office) -> Draft:
    """Draft a request with a Medicare number that cannot be one: a letter that is never used, or one character short."""
    member = office.people.medicare(office.organisation())
    good = member.member_id
    bad = office.rng.choice([good[:1] + "O" + good[2:], good[:4] + "S" + good[5:], good[:-1]])
    return replace(office.draft(member), scenario="MEMBER_ID_FORMAT", member_id=bad)


def unreadable_birth(office: Office) -> Draft:
    """Draft a request whose birth date cell holds words."""
    return replace(
        office.draft(office.either()), scenario="REQUEST_INCOMPLETE", quirks=frozenset({"dob_unreadable"})
    )


def nobody(office: Office) -> Draft:
    """Neither a member ID nor a last name."""
    return replace(office.draft(office.either()), scenario="REQUEST_INCOMPLETE", member_id="", last="")


def terminated(office: Office) -> Draft:
    """Coverage ended before the service date."""
    member = office.people.commercial(office.organisation())
    draft = replace(office.draft(member), scenario="INACTIVE_ON_DATE")
    ended = mint.add_months(draft.on.replace(day=1), -office.rng.randint(0, 5)) - timedelta(days=1)
    span = Span(start=date(ended.year - office.rng.randint(1, 3), 1, 1), end=ended)
    return replace(draft, members=(replace(draft.members[0], span=span),))


def not_yet(office: Office) -> Draft:
    """Coverage begins after the service date."""
    member = office.either()
    draft = replace(office.draft(member), scenario="INACTIVE_ON_DATE")
    span = Span(start=mint.add_months(draft.on.replace(day=1), office.rng.randint(1, 2)))
    later = replace(draft.members[0], span=span)
    if later.medicare:
        later = replace(
            later, medicare=replace(later.medicare, part_a=span, part_b=span, deductible_met=Decimal("0.00"))
        )
    return replace(draft, members=(later,))


def no_part_b(office: Office) -> Draft:
    """Part A only; Part B was never taken up, or it was dropped."""
    member = office.people.medicare(office.organisation())
    dropped = Span(start=member.span.start, end=max(member.span.start, date(office.today.year - 2, 12, 31)))
    part_b = office.rng.choice([None, dropped])
    lame = replace(member, medicare=replace(_medicare(member), part_b=part_b))
    return replace(office.draft(lame), scenario="NO_PART_B")


def advantage(office: Office) -> Draft:
    """Draft a request about a beneficiary who has joined a Medicare Advantage plan."""
    member = office.people.medicare(office.organisation())
    name, payer_id, contract = office.rng.choice(words.ADVANTAGE)
    joined = Span(start=date(office.today.year - office.rng.randint(1, 3), 1, 1))
    plan = AdvantagePlan(name=name, payer_id=payer_id, contract=contract, span=joined)
    moved = replace(
        member, plan_type="Medicare Advantage", medicare=replace(_medicare(member), advantage=plan)
    )
    return replace(office.draft(moved), scenario="BILL_MA_PLAN")


def other_primary(office: Office) -> Draft:
    """Another payer pays before this one (Medicare secondary payer, or a spouse's plan)."""
    member = office.either()
    payer, payer_id = office.rng.choice(words.PRIMARY_PAYERS)
    kind = (
        "Working aged, employer group health plan" if member.medicare else "Group health plan of the spouse"
    )
    other = OtherCoverage(
        payer=payer, payer_id=payer_id, member_number=_number(office.rng), kind=kind, primary=True
    )
    return replace(office.draft(replace(member, other=other)), scenario="OTHER_PAYER_PRIMARY")


def facility(office: Office) -> Draft:
    """In hospital or in a nursing facility on the date; sometimes a like item is on file as well."""
    draft = replace(office.draft(office.either()), scenario="FACILITY_STAY")
    kind, places = office.rng.choice([(StayKind.INPATIENT, words.HOSPITALS), (StayKind.SNF, words.NURSING)])
    member = _with_stay(office, draft, kind, places)
    if office.rng.random() < 0.4:  # noqa: PLR2004 - share
        member = _with_foreign_item(office, draft, member)
    return replace(draft, members=(member,))


def episode(office: Office) -> Draft:
    """Draft a request while a hospice or home-health episode is open."""
    member = office.people.medicare(office.organisation())
    draft = replace(office.draft(member), scenario="HOSPICE_HOME_HEALTH")
    kind, places = office.rng.choice(
        [(StayKind.HOSPICE, words.HOSPICES), (StayKind.HOME_HEALTH, words.HOME_HEALTH)]
    )
    return replace(draft, members=(_with_stay(office, draft, kind, places),))


def same_similar(office: Office) -> Draft:
    """Another supplier's like item within five years."""
    draft = replace(office.draft(office.either()), scenario="SAME_SIMILAR")
    return replace(draft, members=(_with_foreign_item(office, draft, draft.members[0]),))


def auth_needed(office: Office) -> Draft:
    """Draft a request for an item that needs authorization, and there is none, or it has run out."""
    member = office.either()
    code = _needing(office, member)
    draft = replace(office.draft(member, (code,)), scenario="AUTH_NEEDED")
    ended = draft.on - timedelta(days=office.rng.randint(20, 90))
    old = Authorization(
        number=_auth_number(office.rng), hcpcs=code, span=Span(start=ended - timedelta(days=89), end=ended)
    )
    on_file = office.rng.choice([(), (old,)])
    return replace(draft, members=(replace(draft.members[0], authorizations=on_file),))


def not_enrolled(office: Office) -> Draft:
    """Draft a request for a location that stands in the list, but whose enrolment is missing."""
    home = office.organisations[0]
    make = office.rng.choice([office.people.commercial, office.people.medicare])
    location = next(item for item in home.providers if not item.enrolled)
    return replace(office.draft(make(home)), scenario="PROVIDER_NOT_ON_FILE", provider=location)


def unlisted(office: Office) -> Draft:
    """Draft a request with an NPI that belongs to neither organization."""
    stranger = Provider(npi=mint.npi(office.rng), name="", branch="Old Mill")
    return replace(office.draft(office.either()), scenario="PROVIDER_NOT_ON_FILE", provider=stranger)


def outside_window(office: Office) -> Draft:
    """Draft a request with a Medicare service date that the payer does not answer for."""
    draft = replace(medicare(office), scenario="DATE_NOT_ANSWERED")
    gap = office.rng.choice([office.rng.randint(130, 200), -office.rng.randint(1480, 1800)])
    return replace(draft, on=office.today + timedelta(days=gap))


def try_later(office: Office) -> Draft:
    """Draft a request for which the payer's system gives no answer."""
    return replace(office.draft(replace(office.either(), unavailable=True)), scenario="PAYER_TRY_LATER")


CLEAN: tuple[Callable[[Office], Draft], ...] = (
    ppo,
    hmo,
    medicare,
    qmb,
    out_of_network,
    secondary,
    own_rental,
    authorized,
    by_name,
)
TROUBLE: tuple[Callable[[Office], Draft], ...] = (
    not_found,
    mismatch,
    several,
    bad_format,
    unreadable_birth,
    nobody,
    terminated,
    not_yet,
    no_part_b,
    advantage,
    other_primary,
    facility,
    episode,
    same_similar,
    auth_needed,
    not_enrolled,
    unlisted,
    outside_window,
    try_later,
)


def _home(office: Office, member: Member) -> Organisation:
    return next(item for item in office.organisations if item.key == member.organisation)


def _medicare(member: Member) -> Medicare:
    if member.medicare is None:
        message = "not a Medicare beneficiary"
        raise ValueError(message)
    return member.medicare


def _needing(office: Office, member: Member) -> str:
    needing = words.AUTH_MEDICARE if member.program is Program.MEDICARE else words.AUTH_COMMERCIAL
    return office.rng.choice(sorted(needing))


def _with_stay(office: Office, draft: Draft, kind: StayKind, places: tuple[str, ...]) -> Member:
    start = draft.on - timedelta(days=office.rng.randint(3, 18))
    end = office.rng.choice([None, draft.on + timedelta(days=office.rng.randint(3, 12))])
    stay = Stay(kind=kind, facility=office.rng.choice(places), span=Span(start=start, end=end))
    return replace(draft.members[0], stays=(stay,))


def _with_foreign_item(office: Office, draft: Draft, member: Member) -> Member:
    asked = draft.hcpcs[0]
    like = next((sorted(group) for group in words.SIMILAR if asked in group), [asked])
    age = office.rng.randint(60, 1500)
    months = min(13, age // 30) if asked in words.RENTALS and office.rng.random() < 0.5 else None  # noqa: PLR2004 - share
    item = Equipment(
        hcpcs=office.rng.choice(like),
        supplier=office.rng.choice(words.SUPPLIERS),
        supplied_on=draft.on - timedelta(days=age),
        rental_months=months,
    )
    return replace(member, equipment=(*member.equipment, item))


def _number(rng: Random) -> str:
    return f"{rng.choice('ABCDGHKMW')}{rng.randrange(10_000_000, 99_999_999)}"


def _auth_number(rng: Random) -> str:
    return f"PA{rng.randrange(1_000_000, 9_999_999)}"
