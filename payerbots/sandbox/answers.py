"""The right answer to every request of the sample workbook, straight from the book of business."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from payerbots.sandbox import payer, words
from payerbots.sandbox.money import answers as money
from payerbots.sandbox.records import Program, StayKind
from payerbots.sandbox.world import build

if TYPE_CHECKING:
    from datetime import date
    from decimal import Decimal

    from payerbots.sandbox.records import Equipment, Member, Organisation, Provider, Request, Stay, World

FIELDS = (
    "status",
    "part_b",
    "plan",
    "plan_type",
    "bill_to_payer",
    "bill_to_id",
    "payer_member_id",
    "effective",
    "termination",
    "network",
    "deductible_total",
    "deductible_met",
    "deductible_remaining",
    "coinsurance",
    "copay",
    "out_of_pocket_remaining",
    "qmb",
    "cob_order",
    "other_payer",
    "other_payer_id",
    "auth_needed",
    "auth_number",
    "referral_needed",
    "stay",
    "same_similar_item",
    "same_similar_supplier",
    "same_similar_date",
    "rental_months_used",
    "benefit_limit",
)
CHANGE_PAYER = frozenset({"BILL_MA_PLAN", "OTHER_PAYER_PRIMARY"})
COVERAGE_ONLY = frozenset({"INACTIVE_ON_DATE", "BILL_MA_PLAN", "NO_PART_B"})
BY_KIND = {
    payer.Kind.NOT_FOUND: "MEMBER_NOT_FOUND",
    payer.Kind.MISMATCH: "NAME_DOB_MISMATCH",
    payer.Kind.SEVERAL: "SEVERAL_MEMBERS",
    payer.Kind.TRY_LATER: "PAYER_TRY_LATER",
}

Fields = dict[str, str | None]


@dataclass(frozen=True, kw_only=True)
class Case:
    """A request that was answered: the member, the provider it was asked with, and on which date."""

    request: Request
    member: Member
    organisation: Organisation
    provider: Provider

    @property
    def on(self) -> date:
        """The service date."""
        return self.request.on


def answers(seed: int, today: date) -> dict[str, Any]:
    """Return the answers of a seed: `{"seed", "eligibility": [{"row", "outcome", "reason", "fields"}], "payments" ...}`.

    What is said of money is described in `sandbox.money.answers`.
    """
    world = build(seed, today)
    return {
        "seed": seed,
        "eligibility": [_row(world, request) for request in world.requests],
        **money.answers(seed, today),
    }


def _row(world: World, request: Request) -> dict[str, object]:
    case = _inquire(world, request)
    if isinstance(case, str):
        return {"row": request.row, "outcome": "ask", "reason": case, "fields": dict.fromkeys(FIELDS)}
    reason = _reason(case)
    return {
        "row": request.row,
        "outcome": _outcome(reason),
        "reason": reason,
        "fields": _fields(case, reason),
    }


def _inquire(world: World, request: Request) -> Case | str:
    """Return the member found, or the reason for which nobody can say anything about the request."""
    if request.born is None or not (request.member_id or (request.last and request.first)):
        return "REQUEST_INCOMPLETE"
    if request.member_id and not payer.is_member_id(request.program, request.member_id):
        return "MEMBER_ID_FORMAT"
    organisation = world.organisation_of(request.npi)
    provider = organisation.provider(request.npi) if organisation else None
    if organisation is None or provider is None or not provider.enrolled:
        return "PROVIDER_NOT_ON_FILE"
    first, last = payer.window(request.program, world.today)
    if not first <= request.on <= last:
        return "DATE_NOT_ANSWERED"
    reply = payer.ask(
        world,
        payer.Question(
            organisation=organisation,
            program=request.program,
            member_id=request.member_id,
            last=request.last,
            first=request.first,
            born=request.born,
            on=request.on,
        ),
    )
    if reply.kind is not payer.Kind.FOUND:
        return BY_KIND[reply.kind]
    return Case(request=request, member=reply.members[0], organisation=organisation, provider=provider)


def _outcome(reason: str | None) -> str:
    if reason is None:
        return "bill"
    return "change payer" if reason in CHANGE_PAYER else "hold"


def _reason(case: Case) -> str | None:
    """Return the first reason, in the order in which a biller would meet them."""
    return next(
        (
            reason
            for reason, applies in (
                ("INACTIVE_ON_DATE", not payer.active(case.member, case.on)),
                ("BILL_MA_PLAN", _advantage(case)),
                (
                    "NO_PART_B",
                    case.member.medicare is not None and not payer.has_part_b(case.member, case.on),
                ),
                ("OTHER_PAYER_PRIMARY", case.member.other is not None and case.member.other.primary),
                ("HOSPICE_HOME_HEALTH", _stays(case, StayKind.HOSPICE, StayKind.HOME_HEALTH)),
                ("FACILITY_STAY", _stays(case, StayKind.INPATIENT, StayKind.SNF)),
                ("SAME_SIMILAR", _foreign_item(case)),
                ("AUTH_NEEDED", _unauthorized(case)),
            )
            if applies
        ),
        None,
    )


def _advantage(case: Case) -> bool:
    medicare = case.member.medicare
    return medicare is not None and medicare.advantage is not None and medicare.advantage.span.covers(case.on)


def _stays(case: Case, *kinds: StayKind) -> bool:
    return any(stay.kind in kinds and stay.span.covers(case.on) for stay in case.member.stays)


def _foreign_item(case: Case) -> bool:
    item = _latest_item(case)
    return item is not None and item.supplier != case.organisation.name


def _unauthorized(case: Case) -> bool:
    return any(
        payer.needs_authorization(case.member, code) and _valid_authorization(case, code) is None
        for code in case.request.hcpcs
    )


def _valid_authorization(case: Case, hcpcs: str) -> str | None:
    return next(
        (item.number for item in payer.authorizations(case.member, hcpcs) if item.span.covers(case.on)),
        None,
    )


def _latest_item(case: Case) -> Equipment | None:
    found = [item for code in case.request.hcpcs for item in payer.similar(case.member, code, case.on)]
    return max(found, key=lambda item: item.supplied_on, default=None)


def _fields(case: Case, reason: str | None) -> Fields:
    fields: Fields = dict.fromkeys(FIELDS)
    fields |= _coverage(case)
    if reason not in COVERAGE_ONLY:
        fields |= _benefits(case) | _other(case) | _items(case)
        fields |= {"referral_needed": _referral(case), "stay": _stay(case)}
    return fields | _bill_to(case, reason)


def _coverage(case: Case) -> Fields:
    span = payer.in_force(case.member, case.on)
    is_active = payer.active(case.member, case.on)
    medicare = case.member.medicare
    return {
        "status": "active" if is_active else "inactive",
        "part_b": _yes(payer.has_part_b(case.member, case.on)) if medicare else None,
        "plan": case.member.plan,
        "plan_type": case.member.plan_type,
        "payer_member_id": case.member.member_id,
        "effective": span.start.isoformat(),
        "termination": span.end.isoformat() if span.end else None,
        "network": None if medicare or not is_active else _network(case),
        "qmb": _yes(medicare.qmb) if medicare and is_active else None,
    }


def _bill_to(case: Case, reason: str | None) -> Fields:
    medicare, other = case.member.medicare, case.member.other
    name: str | None
    code: str | None
    name, code = words.MEDICARE if case.member.program is Program.MEDICARE else words.SUMMIT
    if reason in {"INACTIVE_ON_DATE", "NO_PART_B"}:
        name = code = None
    elif reason == "BILL_MA_PLAN" and medicare and medicare.advantage:
        name, code = medicare.advantage.name, medicare.advantage.payer_id
    elif reason == "OTHER_PAYER_PRIMARY" and other:
        name, code = other.payer, other.payer_id
    return {"bill_to_payer": name, "bill_to_id": code}


def _benefits(case: Case) -> Fields:
    if case.member.medicare:
        total, met = payer.part_b_deductible(case.member, case.on)
        return _deductible(total, met) | {"coinsurance": "20"}
    share = payer.share_for(case.member, case.provider)
    if share is None or case.member.benefits is None:
        return {}
    return _deductible(share.deductible.total, share.deductible.met) | {
        "coinsurance": str(share.coinsurance),
        "copay": _money(share.copay),
        "out_of_pocket_remaining": _money(share.out_of_pocket.remaining),
        "benefit_limit": case.member.benefits.limit,
    }


def _deductible(total: Decimal, met: Decimal) -> Fields:
    return {
        "deductible_total": _money(total),
        "deductible_met": _money(met),
        "deductible_remaining": _money(total - met),
    }


def _other(case: Case) -> Fields:
    other = case.member.other
    if other is None:
        return {"cob_order": "1"}
    return {
        "cob_order": "2" if other.primary else "1",
        "other_payer": other.payer,
        "other_payer_id": other.payer_id,
    }


def _items(case: Case) -> Fields:
    item = _latest_item(case)
    codes = [code for code in case.request.hcpcs if payer.needs_authorization(case.member, code)]
    numbers = [number for code in codes if (number := _valid_authorization(case, code))]
    fields: Fields = {"auth_needed": _yes(bool(codes)), "auth_number": numbers[0] if numbers else None}
    if item:
        fields |= {
            "same_similar_item": item.hcpcs,
            "same_similar_supplier": item.supplier,
            "same_similar_date": item.supplied_on.isoformat(),
            "rental_months_used": None if item.rental_months is None else str(item.rental_months),
        }
    return fields


def _referral(case: Case) -> str:
    return _yes(case.member.benefits is not None and case.member.benefits.referral_needed)


def _stay(case: Case) -> str | None:
    stay: Stay | None = next((item for item in case.member.stays if item.span.covers(case.on)), None)
    if stay is None:
        return None
    return f"{stay.kind} {stay.span.start.isoformat()}/{stay.span.end.isoformat() if stay.span.end else ''}"


def _network(case: Case) -> str:
    return "in" if case.provider.in_network else "out"


def _yes(value: bool) -> str:
    return "yes" if value else "no"


def _money(amount: Decimal) -> str:
    return f"{amount:.2f}"
