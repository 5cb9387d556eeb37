"""Lays out an answer: facts (label key and value) and tables, for the pages and for the printed copy."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from payerbots.sandbox import payer, words
from payerbots.sandbox.forms import PROGRAMS, SERVICE_TYPES, us_date
from payerbots.sandbox.records import Program, StayKind

if TYPE_CHECKING:
    from payerbots.sandbox.records import Member, Meter, Share, Span
    from payerbots.sandbox.state import Inquiry
    from payerbots.sandbox.wording import Wording

STAYS = {
    StayKind.INPATIENT: "Inpatient",
    StayKind.SNF: "Skilled nursing facility",
    StayKind.HOSPICE: "Hospice",
    StayKind.HOME_HEALTH: "Home health",
}
NOT_APPLICABLE = "Not applicable"
MESSAGES = {
    payer.Kind.NOT_FOUND: "No records found for the information entered.",
    payer.Kind.MISMATCH: "The name or date of birth does not match our records for this member ID.",
    payer.Kind.TRY_LATER: "Our eligibility system is temporarily unavailable for this member. Please try again later.",
    payer.Kind.NOT_ENROLLED: "The selected provider is not enrolled for eligibility inquiries. Call Provider Enrollment at 1-800-555-0164.",
}

Fact = tuple[str, str]


@dataclass(frozen=True, kw_only=True)
class Table:
    """A table with a caption, column headings, and rows that begin with their own heading."""

    caption: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    name: str


def echo(inquiry: Inquiry) -> list[Fact]:
    """Return what the answer is about: the member as the payer has it, and how it was asked."""
    question = inquiry.question
    member = inquiry.reply.members[0] if inquiry.reply.kind is payer.Kind.FOUND else None
    facts = []
    if member:
        facts = [
            ("name", payer.display_name(member)),
            ("born", us_date(member.born)),
            ("member_id", member.member_id),
        ]
    else:
        typed = f"{question.last}, {question.first}".strip(", ")
        facts = [
            ("name", typed or "-"),
            ("born", us_date(question.born)),
            ("member_id", question.member_id or "-"),
        ]
    facts += [("on", us_date(question.on)), ("program", PROGRAMS[question.program])]
    if inquiry.hcpcs:
        facts.append(("hcpcs", inquiry.hcpcs))
    if inquiry.provider:
        facts += [("service_type", SERVICE_TYPES[inquiry.service_type]), ("provider", provider_line(inquiry))]
    return facts


def made_as(inquiry: Inquiry) -> str:
    """Return the organization that asked."""
    return f"{inquiry.organisation.name} · Tax ID {inquiry.organisation.tax_id}"


def provider_line(inquiry: Inquiry) -> str:
    """Name and NPI of the provider that was selected."""
    return f"{inquiry.provider.name} · NPI {inquiry.provider.npi}" if inquiry.provider else ""


def coverage(inquiry: Inquiry) -> list[Fact]:
    """Return the facts of the Coverage tab."""
    member, on = inquiry.reply.members[0], inquiry.question.on
    span = payer.in_force(member, on)
    bill_to, payer_id = _bill_to(inquiry)
    return [
        ("status", "Active" if payer.active(member, on) else "Inactive"),
        ("plan", member.plan),
        ("plan_type", member.plan_type),
        ("effective", us_date(span.start)),
        ("termination", us_date(span.end) or "None"),
        ("member_id", member.member_id),
        ("bill_to", bill_to),
        ("payer_id", payer_id),
        ("network", _network(inquiry)),
        ("referral", _referral(inquiry)),
    ]


def entitlement(inquiry: Inquiry) -> list[Fact]:
    """Medicare entitlement; empty for a commercial member."""
    member, on = inquiry.reply.members[0], inquiry.question.on
    if member.medicare is None:
        return []
    qmb = ("Yes" if member.medicare.qmb else "No") if payer.active(member, on) else NOT_APPLICABLE
    facts = [
        ("part_a", _part(member.medicare.part_a, inquiry)),
        ("part_b", _part(member.medicare.part_b, inquiry)),
        ("qmb", qmb),
    ]
    plan = member.medicare.advantage
    if plan is None or not plan.span.covers(on):
        return [*facts, ("ma_enrolled", "No")]
    return [
        *facts,
        ("ma_enrolled", "Yes"),
        ("ma_plan", plan.name),
        ("ma_contract", plan.contract),
        ("ma_from", us_date(plan.span.start)),
    ]


def stays(inquiry: Inquiry) -> Table | None:
    """Stays and episodes on the date of service."""
    found = [item for item in inquiry.reply.members[0].stays if item.span.covers(inquiry.question.on)]
    if not found:
        return None
    return Table(
        caption="Stays and episodes on the date of service",
        columns=("Kind", "Facility or agency", "From", "To"),
        rows=tuple(
            (STAYS[item.kind], item.facility, us_date(item.span.start), us_date(item.span.end) or "Open")
            for item in found
        ),
        name="stays",
    )


def benefits(inquiry: Inquiry, words_: Wording) -> list[Table]:
    """Return the tables of the DME Benefits tab; none if the coverage is not in force."""
    member, on = inquiry.reply.members[0], inquiry.question.on
    if _unpayable(inquiry):
        return []
    if member.medicare:
        return [_part_b(member, inquiry, words_)]
    if member.benefits is None or not payer.active(member, on):
        return []
    tables = [_meters("in_network", member.benefits.inside, words_)]
    if member.benefits.outside:
        tables.append(_meters("out_of_network", member.benefits.outside, words_))
    if words_.redesigned:
        tables.reverse()
    return [*tables, _cost_share(member.benefits.inside, member.benefits.outside, words_)]


def benefit_facts(inquiry: Inquiry) -> list[Fact]:
    """Return what stands beside the tables."""
    member = inquiry.reply.members[0]
    if member.medicare:
        return [
            ("copay", NOT_APPLICABLE),
            ("oop_remaining", NOT_APPLICABLE),
            ("limit", "No benefit limit on file"),
        ]
    limit = member.benefits.limit if member.benefits else None
    return [("limit", limit or "No benefit limit on file")]


def other(inquiry: Inquiry) -> list[Fact]:
    """Coordination of benefits."""
    found = inquiry.reply.members[0].other
    if found is None:
        return [("cob_order", "1 (primary)")]
    return [
        ("cob_order", "2 (secondary)" if found.primary else "1 (primary)"),
        ("other_payer", found.payer),
        ("other_payer_id", found.payer_id),
        ("other_number", found.member_number),
        ("other_kind", found.kind),
    ]


def reference(inquiry: Inquiry) -> list[Fact]:
    """Return the reference number and when the answer was given."""
    return [
        ("reference", inquiry.reference),
        ("made_at", f"{inquiry.made_at:%m/%d/%Y %I:%M %p} UTC"),
        ("made_as", made_as(inquiry)),
    ]


def equipment(inquiry: Inquiry, words_: Wording) -> Table | None:
    """Return same or similar items on file."""
    items = payer.similar(inquiry.reply.members[0], inquiry.hcpcs, inquiry.question.on)
    if not items:
        return None
    keys = ("col_item", "col_description", "col_supplier", "col_date", "col_type", "col_months")
    rows = tuple(
        (
            item.hcpcs,
            words.NAMES[item.hcpcs],
            item.supplier,
            us_date(item.supplied_on),
            "Purchase" if item.rental_months is None else "Rental",
            "-" if item.rental_months is None else f"{item.rental_months} of 13",
        )
        for item in items
    )
    return Table(
        caption="Same or similar equipment",
        columns=tuple(words_.label(key) for key in keys),
        rows=rows,
        name="equipment",
    )


def requirement(inquiry: Inquiry) -> list[Fact]:
    """Whether the item needs prior authorization."""
    needed = payer.needs_authorization(inquiry.reply.members[0], inquiry.hcpcs)
    return [("auth_required", "Yes" if needed else "No")]


def authorizations(inquiry: Inquiry, words_: Wording) -> Table | None:
    """Return authorizations on file for the item."""
    items = payer.authorizations(inquiry.reply.members[0], inquiry.hcpcs)
    if not items:
        return None
    keys = ("col_number", "col_item", "col_from", "col_to", "col_status")
    rows = tuple(
        (item.number, item.hcpcs, us_date(item.span.start), us_date(item.span.end), "Approved")
        for item in items
    )
    return Table(
        caption="Authorizations on file",
        columns=tuple(words_.label(key) for key in keys),
        rows=rows,
        name="authorizations",
    )


def _unpayable(inquiry: Inquiry) -> bool:
    """No figures for a Medicare member without Part B, or in a Medicare Advantage plan."""
    medicare, on = inquiry.reply.members[0].medicare, inquiry.question.on
    if medicare is None:
        return not payer.active(inquiry.reply.members[0], on)
    moved = medicare.advantage is not None and medicare.advantage.span.covers(on)
    return moved or not payer.has_part_b(inquiry.reply.members[0], on)


def _bill_to(inquiry: Inquiry) -> tuple[str, str]:
    member, on = inquiry.reply.members[0], inquiry.question.on
    plan = member.medicare.advantage if member.medicare else None
    if plan and plan.span.covers(on):
        return plan.name, plan.payer_id
    if _unpayable(inquiry):
        return NOT_APPLICABLE, NOT_APPLICABLE
    return words.MEDICARE if member.program is Program.MEDICARE else words.SUMMIT


def _network(inquiry: Inquiry) -> str:
    member = inquiry.reply.members[0]
    if member.medicare or inquiry.provider is None or not payer.active(member, inquiry.question.on):
        return NOT_APPLICABLE
    return "In network" if inquiry.provider.in_network else "Out of network"


def _referral(inquiry: Inquiry) -> str:
    if _unpayable(inquiry):
        return NOT_APPLICABLE
    plan = inquiry.reply.members[0].benefits
    return "Yes" if plan and plan.referral_needed else "No"


def _part(part: Span | None, inquiry: Inquiry) -> str:
    if part is None:
        return "Not entitled"
    if part.covers(inquiry.question.on):
        return f"Active from {us_date(part.start)}"
    if part.start > inquiry.question.on:
        return f"Begins {us_date(part.start)}"
    return f"Ended {us_date(part.end)}"


def _part_b(member: Member, inquiry: Inquiry, words_: Wording) -> Table:
    total, met = payer.part_b_deductible(member, inquiry.question.on)
    rows = (
        (words_.label("deductible_total"), _dollars(total)),
        (words_.label("deductible_met"), _dollars(met)),
        (words_.label("deductible_remaining"), _dollars(total - met)),
        (words_.label("coinsurance"), "20%"),
    )
    return Table(caption="Medicare Part B", columns=("Benefit", "Amount"), rows=rows, name="part-b")


def _meters(network: str, share: Share, words_: Wording) -> Table:
    """Deductible and out-of-pocket of one network; the redesigned page has the family first."""
    pairs = (
        ("deductible", share.deductible, share.family_deductible),
        ("oop", share.out_of_pocket, share.family_out_of_pocket),
    )
    rows = [row for name, alone, family in pairs for row in _meter_rows(name, alone, family, words_)]
    columns = ("Benefit", words_.label("individual"), words_.label("family"))
    if words_.redesigned:
        columns = (columns[0], columns[2], columns[1])
        rows = [(label, family, alone) for label, alone, family in rows]
    return Table(
        caption=words_.label(network),
        columns=columns,
        rows=tuple(rows),
        name=network.replace("_", "-"),
    )


def _meter_rows(name: str, alone: Meter, family: Meter, words_: Wording) -> list[tuple[str, str, str]]:
    return [
        (words_.label(f"{name}_total"), _dollars(alone.total), _dollars(family.total)),
        (words_.label(f"{name}_met"), _dollars(alone.met), _dollars(family.met)),
        (words_.label(f"{name}_remaining"), _dollars(alone.remaining), _dollars(family.remaining)),
    ]


def _cost_share(inside: Share, outside: Share | None, words_: Wording) -> Table:
    none = "Not covered"
    return Table(
        caption="Cost share for durable medical equipment",
        columns=("Benefit", words_.label("in_network"), words_.label("out_of_network")),
        name="cost-share",
        rows=(
            (
                words_.label("coinsurance"),
                f"{inside.coinsurance}%",
                f"{outside.coinsurance}%" if outside else none,
            ),
            (words_.label("copay"), _dollars(inside.copay), _dollars(outside.copay) if outside else none),
        ),
    )


def _dollars(amount: Decimal) -> str:
    return f"${amount:,.2f}"
