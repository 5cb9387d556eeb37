"""The mailbox of reports: a list that is read piece by piece, and the files."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from starlette.responses import Response

from payerbots.sandbox.clearpoint.guard import answer, api, file, in_zone, problem, shell
from payerbots.sandbox.clearpoint.records import Kind
from payerbots.sandbox.clearpoint.state import ZONE

if TYPE_CHECKING:
    from payerbots.sandbox.clearpoint.guard import Call
    from payerbots.sandbox.clearpoint.records import Report

PIECE = 25


@api
async def listing(call: Call) -> Response:
    """Return a piece of the reports that the filters leave, the latest first, and how many there are."""
    if call.state.throttled(call.session):
        return problem(429, "throttled")
    call.state.count("lists", call.user)
    found = [one for one in call.state.reports() if _wanted(call, one)]
    start = _number(call.asked("offset"))
    return answer({"total": len(found), "items": [_row(call, one) for one in found[start : start + PIECE]]})


def _wanted(call: Call, report: Report) -> bool:
    kind, state, since = call.asked("kind"), call.asked("state"), day_of(call.asked("since"))
    taken = call.state.taken_at(report) is not None
    return (
        (not kind or report.kind.value == kind)
        and (state not in {"new", "taken"} or taken == (state == "taken"))
        and (since is None or report.received_at.astimezone(ZONE).date() >= since)
    )


def day_of(text: str) -> date | None:
    """A day of an address, `2026-11-20`; None for nothing or nonsense."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _number(text: str) -> int:
    return int(text) if text.isdecimal() else 0


def _row(call: Call, report: Report) -> dict[str, object]:
    taken = call.state.taken_at(report)
    return {
        "number": report.number,
        "kind": report.kind.value,
        "name": report.name,
        "sender": report.sender,
        "received_at": in_zone(report.received_at),
        "claims": report.claims,
        "size": len(report.content),
        "taken_at": in_zone(taken) if taken else None,
        "taken_by": "Billing software" if report.taken_at else "Portal" if taken else None,
        "text": report.kind is Kind.TEXT,
    }


@file
async def content(call: Call) -> Response:
    """Return the file of a report; from then on it counts as downloaded."""
    if call.state.throttled(call.session):
        return shell(call.state)
    report = next(
        (one for one in call.state.reports() if one.number == call.request.path_params["number"]), None
    )
    if report is None:
        return Response("There is no such report.", status_code=404, media_type="text/plain")
    call.state.count("files", call.user)
    if not call.asked("view"):
        call.state.taken.setdefault(report.number, call.state.clock())
    saved = {} if call.asked("view") else {"Content-Disposition": f'attachment; filename="{report.name}"'}
    if call.state.use_up("file_sign_in"):
        page = shell(call.state)
        page.headers.update(saved)
        return page
    data = report.content
    if call.state.use_up("file_truncated"):
        data = data[: len(data) * 3 // 5]
    return Response(
        data, media_type="text/plain" if call.asked("view") else "application/octet-stream", headers=saved
    )
