"""The three inquiries: eligibility, equipment on file, authorizations."""

from __future__ import annotations

import asyncio
import secrets
from dataclasses import replace
from typing import TYPE_CHECKING

from starlette.responses import Response

from payerbots.sandbox import forms, payer, pdf, sheets
from payerbots.sandbox.payer import Kind, Question, Reply
from payerbots.sandbox.state import MINUTE, Inquiry
from payerbots.sandbox.web import Visit, signed_in

if TYPE_CHECKING:
    from payerbots.sandbox.forms import Checked
    from payerbots.sandbox.records import Organisation

SLOWEST = 1.5
COUNTERS = {
    "eligibility": "questions",
    "equipment": "equipment_questions",
    "authorizations": "authorization_questions",
}
ITEM_TITLES = {"equipment": "nav_equipment", "authorizations": "nav_authorizations"}


@signed_in
async def eligibility(visit: Visit) -> Response:
    """Show the eligibility form."""
    organisation = _organisation(visit)
    if not visit.posted:
        return _eligibility_form(
            visit, forms.Checked({"date_of_service": forms.us_date(visit.portal.world.today)})
        )
    if busy := await _throttled(visit):
        return busy
    visit.portal.count("questions", visit.session.user)
    checked = forms.eligibility(visit.form, organisation, visit.portal.world.today)
    if checked.question is None:
        return _eligibility_form(visit, checked)
    inquiry = _asked(visit, checked)
    return visit.go(f"/eligibility/inquiries/{inquiry.key}")


def _eligibility_form(visit: Visit, checked: Checked) -> Response:
    return visit.page(
        "eligibility.html",
        values=checked.values,
        errors=checked.errors,
        programs=forms.PROGRAMS,
        service_types=forms.SERVICE_TYPES,
    )


def _asked(visit: Visit, checked: Checked) -> Inquiry:
    """Send the question; `wrong_org` turns the session to the other organization first."""
    portal, session = visit.portal, visit.session
    question = checked.question
    if question is None or checked.provider is None:
        message = "the form was not valid"
        raise ValueError(message)
    organisation = question.organisation
    if portal.use_up("wrong_org"):
        organisation = next(item for item in portal.world.organisations if item is not organisation)
        session.organisation = organisation.key
        reply = Reply(kind=Kind.NOT_FOUND)
    elif not checked.provider.enrolled:
        reply = Reply(kind=Kind.NOT_ENROLLED)
    else:
        reply = payer.ask(portal.world, question)
    inquiry = _new(visit, "eligibility", replace(question, organisation=organisation), reply)
    return _kept(
        visit,
        replace(
            inquiry,
            provider=checked.provider,
            service_type=checked.values["service_type"],
            partial=portal.use_up("partial_answer"),
        ),
    )


def _new(visit: Visit, kind: str, question: Question, reply: Reply) -> Inquiry:
    return Inquiry(
        key=secrets.token_urlsafe(12),
        kind=kind,
        user=visit.session.user,
        organisation=question.organisation,
        provider=None,
        question=question,
        reply=reply,
        reference=visit.portal.reference(),
        made_at=visit.portal.clock(),
    )


def _kept(visit: Visit, inquiry: Inquiry) -> Inquiry:
    visit.portal.inquiries[inquiry.key] = inquiry
    return inquiry


@signed_in
async def result(visit: Visit) -> Response:
    """Show the answer to an eligibility inquiry, or the message that came instead."""
    inquiry = _displayed(visit, "eligibility")
    if inquiry is None:
        return _gone(visit)
    if inquiry.reply.kind is Kind.SEVERAL:
        return visit.page(
            "several.html",
            inquiry=inquiry,
            echo=sheets.echo(inquiry),
            made_as=sheets.made_as(inquiry),
            choices=_choices(inquiry),
            error=None,
        )
    if inquiry.reply.kind is not Kind.FOUND:
        return _no_answer(visit, inquiry)
    return visit.page(
        "result.html",
        inquiry=inquiry,
        echo=sheets.echo(inquiry),
        made_as=sheets.made_as(inquiry),
        panel=_panel(visit, inquiry, "coverage"),
    )


def _choices(inquiry: Inquiry) -> list[dict[str, str]]:
    return [
        {
            "value": str(place),
            "name": payer.display_name(member),
            "born": forms.us_date(member.born),
            "city": member.city,
            "member_id": "•" * (len(member.member_id) - 4) + member.member_id[-4:],
        }
        for place, member in enumerate(inquiry.reply.members)
    ]


@signed_in
async def choose(visit: Visit) -> Response:
    """Take one of several members that match."""
    inquiry = _own(visit, "eligibility")
    if inquiry is None or inquiry.reply.kind is not Kind.SEVERAL:
        return _gone(visit)
    chosen = visit.form.get("choice", "")
    if not chosen.isdigit() or int(chosen) >= len(inquiry.reply.members):
        return visit.page(
            "several.html",
            inquiry=inquiry,
            echo=sheets.echo(inquiry),
            made_as=sheets.made_as(inquiry),
            choices=_choices(inquiry),
            error="Select a member to continue.",
        )
    reply = Reply(kind=Kind.FOUND, members=(inquiry.reply.members[int(chosen)],))
    fresh = _kept(
        visit,
        replace(inquiry, key=secrets.token_urlsafe(12), reply=reply, reference=visit.portal.reference()),
    )
    return visit.go(f"/eligibility/inquiries/{fresh.key}")


@signed_in
async def tab(visit: Visit) -> Response:
    """One tab of an answer, as a fragment of a page."""
    inquiry = _own(visit, "eligibility")
    name = visit.request.path_params["tab"]
    if inquiry is None or inquiry.reply.kind is not Kind.FOUND or name not in visit.wording.tabs:
        return _gone(visit)
    return visit.page("fragment.html", inquiry=inquiry, panel=_panel(visit, inquiry, name))


def _panel(visit: Visit, inquiry: Inquiry, name: str) -> dict[str, object]:
    """Return what the template of a tab is filled with."""
    words = visit.wording
    if name == "coverage":
        return {
            "name": name,
            "facts": sheets.coverage(inquiry),
            "medicare": sheets.entitlement(inquiry),
            "stays": sheets.stays(inquiry),
        }
    if name == "benefits":
        return {
            "name": name,
            "failed": inquiry.partial,
            "tables": sheets.benefits(inquiry, words),
            "facts": sheets.benefit_facts(inquiry),
        }
    if name == "other":
        return {"name": name, "facts": sheets.other(inquiry), "none": inquiry.reply.members[0].other is None}
    return {"name": name, "facts": sheets.reference(inquiry)}


@signed_in
async def printed(visit: Visit) -> Response:
    """Show the answer as a PDF."""
    inquiry = _own(visit, "eligibility")
    if inquiry is None or inquiry.reply.kind is not Kind.FOUND:
        return _gone(visit)
    name = f"eligibility-{inquiry.reference}.pdf"
    return Response(
        pdf.answer(inquiry, visit.wording),
        media_type="application/pdf",
        headers={"Content-Disposition": f'inline; filename="{name}"'},
    )


@signed_in
async def by_item(visit: Visit) -> Response:
    """Show the forms that ask by HCPCS: equipment on file, authorizations."""
    kind = visit.request.url.path.strip("/")
    if not visit.posted:
        return _item_form(
            visit, kind, forms.Checked({"date_of_service": forms.us_date(visit.portal.world.today)})
        )
    if busy := await _throttled(visit):
        return busy
    visit.portal.count(COUNTERS[kind], visit.session.user)
    checked = forms.by_item(visit.form, _organisation(visit), visit.portal.world.today)
    if checked.question is None:
        return _item_form(visit, kind, checked)
    inquiry = _new(visit, kind, checked.question, payer.ask(visit.portal.world, checked.question))
    _kept(visit, replace(inquiry, hcpcs=checked.values["hcpcs"]))
    return visit.go(f"/{kind}/inquiries/{inquiry.key}")


def _item_form(visit: Visit, kind: str, checked: Checked) -> Response:
    return visit.page(
        "by_item.html", kind=kind, title=ITEM_TITLES[kind], values=checked.values, errors=checked.errors
    )


@signed_in
async def item_result(visit: Visit) -> Response:
    """Show the answer to an inquiry by HCPCS."""
    kind = visit.request.url.path.split("/")[1]
    inquiry = _displayed(visit, kind)
    if inquiry is None:
        return _gone(visit)
    if inquiry.reply.kind is not Kind.FOUND:
        return _no_answer(visit, inquiry)
    is_equipment = kind == "equipment"
    table = (sheets.equipment if is_equipment else sheets.authorizations)(inquiry, visit.wording)
    return visit.page(
        "item_result.html",
        inquiry=inquiry,
        kind=kind,
        title=ITEM_TITLES[kind],
        echo=sheets.echo(inquiry),
        made_as=sheets.made_as(inquiry),
        facts=[] if is_equipment else sheets.requirement(inquiry),
        table=table,
        nothing="No same or similar equipment found" if is_equipment else "No authorization on file",
    )


def _organisation(visit: Visit) -> Organisation:
    return visit.portal.organisation(visit.session.organisation)


def _own(visit: Visit, kind: str) -> Inquiry | None:
    """Return the inquiry of the address, if this user made it."""
    inquiry = visit.portal.inquiries.get(visit.request.path_params["key"])
    return inquiry if inquiry and inquiry.user == visit.session.user and inquiry.kind == kind else None


def _displayed(visit: Visit, kind: str) -> Inquiry | None:
    """Return the inquiry of the address, or, if `stale_answer` is in force, the one that was shown before it."""
    inquiry = _own(visit, kind)
    if inquiry is None:
        return None
    before = visit.session.shown.get(kind)
    if before != inquiry.key and visit.portal.use_up("stale_answer"):
        return visit.portal.inquiries[before] if before else _kept(visit, _somebody_else(visit, inquiry))
    visit.session.shown[kind] = inquiry.key
    return inquiry


def _somebody_else(visit: Visit, inquiry: Inquiry) -> Inquiry:
    """Return an answer about another member, as left over by whoever asked before."""
    member = next(
        item
        for item in reversed(visit.portal.world.members)
        if item.organisation == inquiry.organisation.key
        and item.program is inquiry.question.program
        and item.member_id != inquiry.question.member_id
        and item.born != inquiry.question.born
    )
    return replace(
        inquiry,
        key=secrets.token_urlsafe(12),
        reply=Reply(kind=Kind.FOUND, members=(member,)),
        reference=visit.portal.reference(),
        partial=False,
    )


def _no_answer(visit: Visit, inquiry: Inquiry) -> Response:
    return visit.page(
        "no_answer.html",
        inquiry=inquiry,
        echo=sheets.echo(inquiry),
        made_as=sheets.made_as(inquiry),
        message=sheets.MESSAGES[inquiry.reply.kind],
    )


def _gone(visit: Visit) -> Response:
    return visit.page(
        "message.html",
        status=404,
        title="Inquiry not available",
        text="This inquiry is no longer available. Please start a new inquiry.",
    )


async def _throttled(visit: Visit) -> Response | None:
    """Slower and slower as the limit comes near, then a refusal."""
    portal, limit = visit.portal, visit.portal.faults.throttle
    if not limit:
        return None
    user, now = portal.users[visit.session.user], portal.clock()
    user.inquiries = [item for item in user.inquiries if now - item < MINUTE]
    if len(user.inquiries) >= limit:
        portal.count("throttled", visit.session.user)
        wait = max(1, round((user.inquiries[0] + MINUTE - now).total_seconds()))
        response = visit.page("unusual.html", status=429)
        response.headers["Retry-After"] = str(wait)
        return response
    user.inquiries.append(now)
    over = len(user.inquiries) - limit // 2
    await asyncio.sleep(min(SLOWEST, 0.1 * over) if over > 1 else 0)
    return None
