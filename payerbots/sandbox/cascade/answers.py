"""The right answer to every request about a Cascade member, straight from the book of business."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from payerbots.sandbox import payer
from payerbots.sandbox.answers import BY_KIND, FIELDS
from payerbots.sandbox.cascade import book

if TYPE_CHECKING:
    from datetime import date
    from decimal import Decimal
    from typing import Any

    from payerbots.sandbox.records import Equipment, Member, Organisation, Provider, Request, World

MEMBER_ID = re.compile(r"CM\d{8}")

Fields = dict[str, str | None]


@dataclass(frozen=True, kw_only=True)
class Case:
    """A request that was answered."""

    request: Request
    member: Member
    organisation: Organisation
    provider: Provider

    @property
    def on(self) -> date:
        """The service date."""
        return self.request.on

    @property
    def needing(self) -> list[str]:
        """The codes asked that need prior authorization."""
        return [code for code in self.request.hcpcs if payer.needs_authorization(self.member, code)]

    def authorization(self, code: str) -> str | None:
        """The number of an authorization that is valid on the date."""
        found = payer.authorizations(self.member, code)
        return next((item.number for item in found if item.span.covers(self.on)), None)

    @property
    def latest(self) -> Equipment | None:
        """The latest same or similar item on file."""
        items = [one for code in self.request.hcpcs for one in payer.similar(self.member, code, self.on)]
        return max(items, key=lambda item: item.supplied_on, default=None)


def answers(seed: int, today: date, first_row: int = book.FIRST_ROW) -> dict[str, Any]:
    """Return the answers of a seed: `{"seed", "eligibility": [{"row", "outcome", "reason", "fields"}]}`."""
    world = book.build(seed, today, first_row)
    return {"seed": seed, "eligibility": [_row(world, request) for request in world.requests]}


def _row(world: World, request: Request) -> dict[str, object]:
    case = _inquire(world, request)
    if isinstance(case, str):
        return {"row": request.row, "outcome": "ask", "reason": case, "fields": dict.fromkeys(FIELDS)}
    reason = _reason(case)
    outcome = {None: "bill", "OTHER_PAYER_PRIMARY": "change payer"}.get(reason, "hold")
    return {"row": request.row, "outcome": outcome, "reason": reason, "fields": _fields(case, reason)}


def _inquire(world: World, request: Request) -> Case | str:
    """Return the member found, or the reason for which there is no answer."""
    organisation = world.organisation_of(request.npi)
    provider = organisation.provider(request.npi) if organisation else None
    if request.born is None or not (request.member_id or (request.last and request.first)):
        return "REQUEST_INCOMPLETE"
    if request.member_id and not MEMBER_ID.fullmatch(request.member_id):
        return "MEMBER_ID_FORMAT"
    if organisation is None or provider is None or not provider.enrolled:
        return "PROVIDER_NOT_ON_FILE"
    first, last = book.window(world.today)
    if not first <= request.on <= last:
        return "DATE_NOT_ANSWERED"
    question = payer.Question(
        organisation=organisation,
        program=request.program,
        member_id=request.member_id,
        last=request.last,
        first=request.first,
        born=request.born,
        on=request.on,
    )
    reply = payer.ask(world, question)
    if reply.kind is not payer.Kind.FOUND:
        return BY_KIND[reply.kind]
    return Case(request=request, member=reply.members[0], organisation=organisation, provider=provider)


def _reason(case: Case) -> str | None:
    """Return the first reason, in the order in which a biller would meet them."""
    if not case.member.span.covers(case.on):
        return "INACTIVE_ON_DATE"
    if case.member.other is not None and case.member.other.primary:
        return "OTHER_PAYER_PRIMARY"
    if case.latest is not None and case.latest.supplier != case.organisation.name:
        return "SAME_SIMILAR"
    return "AUTH_NEEDED" if any(case.authorization(code) is None for code in case.needing) else None


def _fields(case: Case, reason: str | None) -> Fields:
    fields: Fields = dict.fromkeys(FIELDS) | _coverage(case)
    if reason == "INACTIVE_ON_DATE":
        return fields
    other = case.member.other
    bill_to = (other.payer, other.payer_id) if other and other.primary else (book.NAMES[0], book.PAYER_ID)
    fields |= dict(zip(("bill_to_payer", "bill_to_id"), bill_to, strict=True))
    return fields | _benefits(case) | _other(case) | _items(case)


def _coverage(case: Case) -> Fields:
    span, covered = case.member.span, case.member.span.covers(case.on)
    return {
        "status": "active" if covered else "inactive",
        "plan": case.member.plan,
        "plan_type": case.member.plan_type,
        "payer_member_id": case.member.member_id,
        "effective": span.start.isoformat(),
        "termination": span.end.isoformat() if span.end else None,
        "network": ("in" if case.provider.in_network else "out") if covered else None,
    }


def _benefits(case: Case) -> Fields:
    share = payer.share_for(case.member, case.provider)
    referral = case.member.benefits is not None and case.member.benefits.referral_needed
    fields: Fields = {"referral_needed": _yes(referral)}
    if share is None or case.member.benefits is None:
        return fields
    return fields | {
        "deductible_total": _money(share.deductible.total),
        "deductible_met": _money(share.deductible.met),
        "deductible_remaining": _money(share.deductible.remaining),
        "coinsurance": str(share.coinsurance),
        "copay": _money(share.copay),
        "out_of_pocket_remaining": _money(share.out_of_pocket.remaining),
        "benefit_limit": case.member.benefits.limit,
    }


def _other(case: Case) -> Fields:
    other = case.member.other
    if other is None:
        return {"cob_order": "1"}
    order = "2" if other.primary else "1"
    return {"cob_order": order, "other_payer": other.payer, "other_payer_id": other.payer_id}


def _items(case: Case) -> Fields:
    numbers = [number for code in case.needing if (number := case.authorization(code))]
    fields: Fields = {
        "auth_needed": _yes(bool(case.needing)),
        "auth_number": numbers[0] if numbers else None,
    }
    item = case.latest
    if item:
        fields |= {
            "same_similar_item": item.hcpcs,
            "same_similar_supplier": item.supplier,
            "same_similar_date": item.supplied_on.isoformat(),
            "rental_months_used": None if item.rental_months is None else str(item.rental_months),
        }
    return fields


def _yes(value: bool) -> str:
    return "yes" if value else "no"


def _money(amount: Decimal) -> str:
    return f"{amount:.2f}"
