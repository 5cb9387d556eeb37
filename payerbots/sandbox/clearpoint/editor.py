"""The claim editor: a claim is locked, changed, saved and sent; its history tells each time that it was sent."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import TYPE_CHECKING

from payerbots.sandbox.clearpoint.codes import meaning
from payerbots.sandbox.clearpoint.desk_state import Dossier, Lock, Standing
from payerbots.sandbox.clearpoint.document import changed, faults, lines
from payerbots.sandbox.clearpoint.guard import answer, api, in_zone, problem
from payerbots.sandbox.clearpoint.worklist import LABELS, coded, source

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from starlette.responses import Response

    from payerbots.sandbox.clearpoint.desk_state import Submission
    from payerbots.sandbox.clearpoint.guard import Call
    from payerbots.sandbox.clearpoint.records import Claim, Ruling

    OfClaim = Callable[[Call, Dossier], Awaitable[Response]]

LONGEST_REFERENCE = 30


def _claim(handler: OfClaim) -> Callable[[Call], Awaitable[Response]]:
    """Wrap what is done with the claim that the address names."""

    async def found(call: Call) -> Response:
        dossier = call.state.files.dossiers.get(call.request.path_params["control"])
        return problem(404, "no_claim") if dossier is None else await handler(call, dossier)

    return found


@api
@_claim
async def show(call: Call, dossier: Dossier) -> Response:
    """Return the claim with all that is known of it."""
    claim = dossier.claim
    mine = dossier.lock is not None and dossier.lock.user == call.user
    return answer(
        {
            "control": claim.control,
            "standing": LABELS[dossier.standing],
            "version": dossier.version,
            "draft": dossier.draft,
            "locked_by_me": mine,
            "fields": dossier.fields,
            "sent": dossier.sent,
            "lines": lines(dossier.fields),
            "faults": faults(dossier.fields) if dossier.draft else {},
            "certificates": _certificates(claim),
            "responses": [_response(one) for one in reversed(dossier.rulings)],
            "submissions": [_submission(call, one) for one in reversed(dossier.submissions)],
        }
    )


def _certificates(claim: Claim) -> dict[str, list[list[str]]]:
    return {
        f"{line.number}": [list(pair) for pair in line.certificate.answers]
        for line in claim.lines
        if line.certificate
    }


def _response(ruling: Ruling) -> dict[str, object]:
    return {
        "at": in_zone(ruling.at),
        "source": source(ruling),
        "rejected": ruling.rejects,
        "number": ruling.number,
        "statuses": [{"code": coded(one), "text": meaning(one)} for one in ruling.statuses],
    }


def _submission(call: Call, one: Submission) -> dict[str, object]:
    user = call.state.users.get(one.by)
    return {
        "at": in_zone(one.at),
        "how": one.how,
        "by": user.login.name if user else one.by,
        "confirmation": one.confirmation,
        "reference": one.reference,
    }


@api
@_claim
async def lock(call: Call, dossier: Dossier) -> Response:
    """Let the user edit the claim, unless somebody else does."""
    state = call.state
    name = state.users[call.user].login.name
    if state.use_up("editor_locked"):
        since = state.clock() - timedelta(minutes=3)
        return problem(423, "locked", by="Dana Whitlock", since=in_zone(since))
    held = state.files.lock(dossier, Lock(user=call.user, name=name, since=state.clock()))
    if held:
        return problem(423, "locked", by=held.name, since=in_zone(held.since))
    return answer({"version": dossier.version})


@api
@_claim
async def unlock(call: Call, dossier: Dossier) -> Response:
    """Let go of the claim."""
    if dossier.lock and dossier.lock.user == call.user:
        dossier.lock = None
    return answer({})


@api
@_claim
async def save(call: Call, dossier: Dossier) -> Response:
    """Keep a draft. It may have faults; then it cannot be sent."""
    if refused := _not_mine(call, dossier):
        return refused
    given = call.body.get("fields")
    call.state.count("saves", call.user)
    dossier.fields = changed(dossier.fields, given if isinstance(given, dict) else {})
    dossier.version += 1
    dossier.draft = True
    return answer(
        {
            "version": dossier.version,
            "fields": dossier.fields,
            "faults": faults(dossier.fields),
            "saved_at": in_zone(call.state.clock()),
        }
    )


def _not_mine(call: Call, dossier: Dossier) -> Response | None:
    """Whether somebody else is editing the claim, or has changed it since it was opened."""
    if dossier.lock is None or dossier.lock.user != call.user:
        return problem(423, "locked", by=dossier.lock.name if dossier.lock else "", since="")
    if call.state.use_up("stale_version"):
        dossier.version += 1
    if call.body.get("version") != dossier.version:
        return problem(409, "stale")
    return None


@api
@_claim
async def submit(call: Call, dossier: Dossier) -> Response:
    """Take the claim as it is saved. Like other houses, this one takes a claim as often as it is sent."""
    state = call.state
    if state.throttled(call.session):
        return problem(429, "throttled")
    if refused := _not_mine(call, dossier):
        return refused
    if found := faults(dossier.fields):
        return problem(422, "faults", faults=found)
    state.count("submissions", call.user)
    reference = call.given("reference").strip()[:LONGEST_REFERENCE]
    confirmation = state.files.submit(dossier, call.user, state.clock(), reference)
    if state.use_up("accept_then_timeout"):
        await asyncio.sleep(state.timeout)
        return problem(504, "timeout")
    return answer(
        {
            "confirmation": confirmation,
            "at": in_zone(dossier.submissions[-1].at),
            "standing": LABELS[Standing.RESUBMITTED],
        }
    )
