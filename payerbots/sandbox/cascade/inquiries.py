"""Eligibility: the choices of the form, the question, and the parts of an answer."""

from __future__ import annotations

import re
import secrets
from contextlib import suppress
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING, Any

from payerbots.sandbox import payer
from payerbots.sandbox.cascade import book, replies
from payerbots.sandbox.cascade.answers import MEMBER_ID
from payerbots.sandbox.cascade.guard import Call, answer, api, problem
from payerbots.sandbox.cascade.state import MINUTE, Inquiry
from payerbots.sandbox.payer import Kind, Question, Reply
from payerbots.sandbox.records import Program

if TYPE_CHECKING:
    from collections.abc import Mapping

    from starlette.responses import Response

    from payerbots.sandbox.cascade.state import CascadeState
    from payerbots.sandbox.records import Organisation, Provider

SERVICE_TYPES = {
    "12": "Durable medical equipment - purchase",
    "18": "Durable medical equipment - rental",
    "11": "Durable medical equipment - used",
    "30": "Health benefit plan coverage",
}
HCPCS = re.compile(r"[A-Z]\d{4}")
MOST_CODES = 8


@api
async def choices(call: Call) -> Response:
    """Return what the form offers."""
    first, last = book.window(call.state.today)
    return answer(
        {
            "providers": [
                {"value": item.npi, "label": f"{item.name} ({item.npi})"}
                for organisation in call.state.world.organisations
                for item in organisation.providers
            ],
            "service_types": [{"value": key, "label": text} for key, text in SERVICE_TYPES.items()],
            "first": first.isoformat(),
            "last": last.isoformat(),
            "today": call.state.today.isoformat(),
            "twice": call.state.use_up("duplicate_click"),
        }
    )


@api
async def ask(call: Call) -> Response:
    """Take a question; the answer is fetched under the key that comes back."""
    if wait := _wait(call):
        call.state.count("throttled", call.session.user)
        response = problem(429, "throttled")
        response.headers["Retry-After"] = str(wait)
        return response
    call.state.count("questions", call.session.user)
    faults = _complaints(call)
    if faults:
        return problem(422, "form", fields=faults)
    inquiry = _inquire(call)
    call.state.inquiries[inquiry.key] = inquiry
    return answer({"key": inquiry.key}, 201)


def _wait(call: Call) -> int:
    """Seconds until the user may ask again; 0 when now."""
    limit, now = call.state.faults.throttle, call.state.clock()
    if not limit:
        return 0
    user = call.state.users[call.session.user]
    user.inquiries = [item for item in user.inquiries if now - item < MINUTE]
    if len(user.inquiries) >= limit:
        return max(1, round((user.inquiries[0] + MINUTE - now).total_seconds()))
    user.inquiries.append(now)
    return 0


def _complaints(call: Call) -> dict[str, str]:
    """What is wrong with the form, by field."""
    body, found = call.body, {}
    first, last = book.window(call.state.today)
    member_id, born, on = _text(body, "member_id"), _day(body, "born"), _day(body, "on")
    if member_id and not MEMBER_ID.fullmatch(member_id.upper()):
        found["member_id"] = "Member ID is CM followed by 8 digits."
    if not member_id and not (_text(body, "last") and _text(body, "first")):
        found["member_id"] = "Enter a member ID, or first and last name."
    if born is None or born > call.state.today:
        found["born"] = "Enter a valid date of birth."
    if on is None or not first <= on <= last:
        found["on"] = "Choose a date that can be checked."
    if _provider(call.state, _text(body, "provider")) is None:
        found["provider"] = "Choose a provider."
    if _text(body, "service_type") not in SERVICE_TYPES:
        found["service_type"] = "Choose a service type."
    codes = _codes(body)
    if not codes or len(codes) > MOST_CODES or not all(HCPCS.fullmatch(code) for code in codes):
        found["codes"] = f"Add 1 to {MOST_CODES} HCPCS codes, such as E0601."
    return found


def _inquire(call: Call) -> Inquiry:
    state, body = call.state, call.body
    found = _provider(state, _text(body, "provider"))
    born, on = _day(body, "born"), _day(body, "on")
    if found is None or born is None or on is None:
        message = "the form was not checked"
        raise ValueError(message)
    organisation, provider = found
    question = Question(
        organisation=organisation,
        program=Program.COMMERCIAL,
        member_id=_text(body, "member_id").upper(),
        last=_text(body, "last"),
        first=_text(body, "first"),
        born=born,
        on=on,
    )
    reply = payer.ask(state.world, question) if provider.enrolled else Reply(kind=Kind.NOT_ENROLLED)
    return Inquiry(
        key=secrets.token_urlsafe(9),
        user=call.session.user,
        provider=provider,
        question=question,
        service_type=SERVICE_TYPES[_text(body, "service_type")],
        codes=_codes(body),
        reply=reply,
        reference=state.reference(),
        made_at=state.clock(),
        partial=reply.kind is Kind.FOUND and state.use_up("partial_answer"),
    )


@api
async def result(call: Call) -> Response:
    """Return the answer: whom it is about, what was asked, and the coverage."""
    inquiry = _own(call)
    if inquiry is None:
        return problem(404, "gone")
    shown = _shown(call, inquiry)
    return answer(replies.answer(shown))


@api
async def benefits(call: Call) -> Response:
    """Return the benefits of an answer, which the page loads after the rest."""
    inquiry = _own(call)
    if inquiry is None or inquiry.reply.kind is not Kind.FOUND:
        return problem(404, "gone")
    if inquiry.partial:
        return problem(504, "section")
    return answer(replies.benefits(inquiry))


@api
async def items(call: Call) -> Response:
    """Return authorizations and equipment on file for the codes asked."""
    inquiry = _own(call)
    if inquiry is None or inquiry.reply.kind is not Kind.FOUND:
        return problem(404, "gone")
    return answer(replies.items(inquiry))


def _shown(call: Call, inquiry: Inquiry) -> Inquiry:
    """Return the inquiry, or, if `stale_answer` is in force, the one that was shown before it."""
    before, session = call.state.inquiries.get(call.session.last_inquiry), call.session
    if inquiry.key not in session.shown and call.state.use_up("stale_answer"):
        shown = before or _somebody_else(call.state, inquiry)
        call.state.inquiries[shown.key] = shown
        return shown
    session.last_inquiry, session.shown = inquiry.key, session.shown | {inquiry.key}
    return inquiry


def _somebody_else(state: CascadeState, inquiry: Inquiry) -> Inquiry:
    """Return an answer about another member, as left over by whoever asked before."""
    member = next(
        item
        for item in reversed(state.world.members)
        if item.organisation == inquiry.question.organisation.key
        and item.member_id != inquiry.question.member_id
        and item.born != inquiry.question.born
    )
    reply = Reply(kind=Kind.FOUND, members=(member,))
    return replace(inquiry, key=secrets.token_urlsafe(9), reply=reply, reference=state.reference())


def _own(call: Call) -> Inquiry | None:
    inquiry = call.state.inquiries.get(call.request.path_params["key"])
    return inquiry if inquiry and inquiry.user == call.session.user else None


def _provider(state: CascadeState, npi: str) -> tuple[Organisation, Provider] | None:
    organisation = state.world.organisation_of(npi)
    provider = organisation.provider(npi) if organisation else None
    return (organisation, provider) if organisation and provider else None


def _text(body: Mapping[str, Any], name: str) -> str:
    return str(body.get(name) or "").strip()


def _codes(body: Mapping[str, Any]) -> tuple[str, ...]:
    given = body.get("codes")
    return tuple(str(code).strip().upper() for code in given) if isinstance(given, list) else ()


def _day(body: Mapping[str, Any], name: str) -> date | None:
    with suppress(ValueError):
        return date.fromisoformat(_text(body, name))
    return None
