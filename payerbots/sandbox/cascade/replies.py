"""Lays out an answer as JSON: dates as ISO, money as text with cents."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from payerbots.sandbox import payer, words
from payerbots.sandbox.payer import Kind

if TYPE_CHECKING:
    from payerbots.sandbox.cascade.state import Inquiry
    from payerbots.sandbox.records import Authorization, Benefits, Member, Meter, Share

Reply = dict[str, Any]


def answer(inquiry: Inquiry) -> Reply:
    """Return the kind of answer, what it is about, and for a member found the coverage."""
    found: Reply = {"kind": inquiry.reply.kind.value, "key": inquiry.key, "about": _about(inquiry)}
    if inquiry.reply.kind is Kind.SEVERAL:
        found["members"] = [_masked(member) for member in inquiry.reply.members]
    if inquiry.reply.kind is Kind.FOUND:
        found["coverage"] = _coverage(inquiry)
        found["other"] = _other(inquiry.reply.members[0])
    return found


def _about(inquiry: Inquiry) -> Reply:
    """Whom and what the answer is about: the member as on file, else as it was asked."""
    question = inquiry.question
    about = {
        "name": f"{question.first} {question.last}".strip(),
        "born": question.born.isoformat(),
        "member_id": question.member_id,
    }
    if inquiry.reply.kind is Kind.FOUND:
        member = inquiry.reply.members[0]
        about = {
            "name": payer.plain(f"{member.first} {member.middle} {member.last} {member.suffix}").title(),
            "born": member.born.isoformat(),
            "member_id": member.member_id,
        }
    return about | {
        "on": question.on.isoformat(),
        "service_type": inquiry.service_type,
        "codes": list(inquiry.codes),
        "provider": f"{inquiry.provider.name} ({inquiry.provider.npi})",
        "reference": inquiry.reference,
        "made_at": inquiry.made_at.isoformat(),
    }


def _masked(member: Member) -> Reply:
    return {
        "name": payer.plain(f"{member.first} {member.middle} {member.last}").title(),
        "born": member.born.isoformat(),
        "city": member.city,
        "member_id": f"CM••••{member.member_id[-4:]}",
    }


def _coverage(inquiry: Inquiry) -> Reply:
    member, on = inquiry.reply.members[0], inquiry.question.on
    covered = member.span.covers(on)
    return {
        "active": covered,
        "plan": member.plan,
        "plan_type": member.plan_type,
        "starts": member.span.start.isoformat(),
        "ends": member.span.end.isoformat() if member.span.end else None,
        "in_network": inquiry.provider.in_network if covered else None,
        "referral": member.benefits.referral_needed if member.benefits and covered else None,
    }


def _other(member: Member) -> Reply | None:
    found = member.other
    if found is None:
        return None
    return {
        "payer": found.payer,
        "payer_id": found.payer_id,
        "number": found.member_number,
        "kind": found.kind,
        "first": found.primary,
    }


def benefits(inquiry: Inquiry) -> Reply:
    """Return one line a benefit, level and network; none when the coverage is not in force."""
    member = inquiry.reply.members[0]
    if member.benefits is None or not member.span.covers(inquiry.question.on):
        return {"lines": [], "limit": None, "outside": True}
    lines = _lines("in", member.benefits.inside)
    if member.benefits.outside:
        lines += _lines("out", member.benefits.outside)
    return {"lines": lines, "limit": member.benefits.limit, "outside": _pays_outside(member.benefits)}


def _pays_outside(found: Benefits) -> bool:
    return found.outside is not None


def _lines(network: str, share: Share) -> list[Reply]:
    return [
        _meter("deductible", "individual", network, share.deductible),
        _meter("deductible", "family", network, share.family_deductible),
        _meter("out_of_pocket", "individual", network, share.out_of_pocket),
        _meter("out_of_pocket", "family", network, share.family_out_of_pocket),
        {"benefit": "coinsurance", "level": "individual", "network": network, "percent": share.coinsurance},
        {"benefit": "copay", "level": "individual", "network": network, "total": f"{share.copay:.2f}"},
    ]


def _meter(benefit: str, level: str, network: str, meter: Meter) -> Reply:
    amounts = {"total": meter.total, "met": meter.met, "remaining": meter.remaining}
    texts = {name: f"{amount:.2f}" for name, amount in amounts.items()}
    return {"benefit": benefit, "level": level, "network": network, **texts}


def items(inquiry: Inquiry) -> Reply:
    """Return for each code asked whether it needs authorization and what is on file."""
    member, on = inquiry.reply.members[0], inquiry.question.on
    if not member.span.covers(on):
        return {"authorizations": [], "equipment": []}
    return {
        "authorizations": [line for code in inquiry.codes for line in _authorizations(member, code)],
        "equipment": [
            {
                "asked": code,
                "code": item.hcpcs,
                "description": words.NAMES[item.hcpcs],
                "supplier": item.supplier,
                "supplied": item.supplied_on.isoformat(),
                "months": item.rental_months,
            }
            for code in inquiry.codes
            for item in payer.similar(member, code, on)
        ],
    }


def _authorizations(member: Member, code: str) -> list[Reply]:
    needed = payer.needs_authorization(member, code)
    found: list[Authorization | None] = [*payer.authorizations(member, code)] or [None]
    return [
        {
            "code": code,
            "description": words.NAMES.get(code, ""),
            "needed": needed,
            "number": item.number if item else None,
            "first": item.span.start.isoformat() if item else None,
            "last": item.span.end.isoformat() if item and item.span.end else None,
        }
        for item in found
    ]
