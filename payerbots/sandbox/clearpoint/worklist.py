"""The worklist of rejections, piece by piece, with columns in the user's own order; and the first page."""

from __future__ import annotations

from typing import TYPE_CHECKING

from payerbots.sandbox.clearpoint.codes import CATEGORIES, meaning
from payerbots.sandbox.clearpoint.desk_state import Dossier, Standing
from payerbots.sandbox.clearpoint.document import us
from payerbots.sandbox.clearpoint.guard import answer, api, in_zone, problem
from payerbots.sandbox.clearpoint.mailroom import day_of
from payerbots.sandbox.clearpoint.payers import PAYERS
from payerbots.sandbox.clearpoint.records import Source
from payerbots.sandbox.clearpoint.state import COLUMNS, ZONE

if TYPE_CHECKING:
    from starlette.responses import Response

    from payerbots.sandbox.clearpoint.guard import Call
    from payerbots.sandbox.clearpoint.records import Ruling, Status

PIECE = 12
SHOWN = (Standing.OPEN, Standing.RESUBMITTED, Standing.RESOLVED)
LABELS = {
    Standing.OPEN: "Open",
    Standing.RESUBMITTED: "Resubmitted",
    Standing.RESOLVED: "Resolved",
    Standing.IN_PROCESS: "In process",
    Standing.ACCEPTED: "Accepted by payer",
}
NOTICES = (
    ("Billing software connection", "Automatic pick-up of reports was interrupted; files wait in Reports."),
    ("Certificates of medical necessity", "Medicare DME contractors return claims that carry one."),
    ("Payer list", "Former payer IDs are no longer forwarded. Check your payer table."),
)


@api
async def listing(call: Call) -> Response:
    """Return a piece of the rejections that the filters leave, the latest first, and how many there are."""
    if call.state.throttled(call.session):
        return problem(429, "throttled")
    call.state.count("lists", call.user)
    found = [
        one for one in call.state.files.dossiers.values() if one.standing in SHOWN and _wanted(call, one)
    ]
    found.sort(key=lambda one: (one.rejections[-1].at, one.claim.control), reverse=True)
    start = call.asked("offset")
    first = int(start) if start.isdecimal() else 0
    rows = [row(one) for one in found[first : first + PIECE]]
    return answer({"total": len(found), "items": rows, "payers": [one.name for one in PAYERS]})


def _wanted(call: Call, dossier: Dossier) -> bool:
    claim, last = dossier.claim, dossier.rejections[-1]
    standing, payer, since = call.asked("status"), call.asked("payer"), day_of(call.asked("since"))
    text = call.asked("q").strip().upper()
    searched = f"{claim.control} {claim.patient.last} {claim.patient.first} {claim.member_id}"
    return (
        (standing in {"", "all"} or dossier.standing.value == standing)
        and (not payer or claim.payer.name == payer)
        and (since is None or last.at.astimezone(ZONE).date() >= since)
        and text in searched
    )


def row(dossier: Dossier) -> dict[str, object]:
    """A rejection as the list shows it."""
    claim, last = dossier.claim, dossier.rejections[-1]
    return {
        "control": claim.control,
        "status": LABELS[dossier.standing],
        "payer": claim.payer.name,
        "patient": f"{claim.patient.last}, {claim.patient.first}",
        "member_id": claim.member_id,
        "served_on": us(claim.served_on),
        "charge": f"{claim.charge:.2f}",
        "codes": "; ".join(coded(one) for one in last.statuses),
        "reason": meaning(_telling(last)),
        "source": source(last),
        "rejected_at": in_zone(last.at),
        "times": len(dossier.rejections),
        "version": dossier.version,
    }


def coded(status: Status) -> str:
    """`A7:164:IL`, with the line that it is about."""
    return f"line {status.line} {status}" if status.line else str(status)


def _telling(ruling: Ruling) -> Status:
    """The status that says most: the line's own where the claim's is only a wrapper."""
    return next((one for one in ruling.statuses if one.code != "247"), ruling.statuses[0])


def source(ruling: Ruling) -> str:
    """Who has spoken."""
    return "Payer" if ruling.source is Source.PAYER else "Clearinghouse"


@api
async def columns(call: Call) -> Response:
    """Keep the order of the user's columns; each must stand in it once."""
    user = call.state.users[call.user]
    given = call.body.get("columns")
    if not isinstance(given, list) or sorted(str(one) for one in given) != sorted(COLUMNS):
        return problem(422, "columns")
    user.columns = tuple(str(one) for one in given)
    return answer({"columns": list(user.columns)})


@api
async def home(call: Call) -> Response:
    """Return what the first page shows."""
    state = call.state
    dossiers = state.files.dossiers.values()
    waiting = [one for one in dossiers if one.standing is Standing.OPEN]
    fresh = [one for one in state.reports() if state.taken_at(one) is None]
    kinds: dict[str, int] = {}
    for one in waiting:
        category = next((status.category for status in one.rejections[-1].statuses if status.rejects), "")
        label = CATEGORIES.get(category, "Other")
        kinds[label] = kinds.get(label, 0) + 1
    return answer(
        {
            "open": len(waiting),
            "dollars": f"{sum(one.claim.charge for one in waiting):.2f}",
            "new_reports": len(fresh),
            "claims": len(dossiers),
            "accepted": sum(one.standing is Standing.ACCEPTED for one in dossiers),
            "kinds": kinds,
            "files": [
                {"name": one.name, "sent_at": in_zone(one.sent_at), "claims": sum(map(len, one.sets))}
                for one in reversed(state.book.files[-5:])
            ],
            "notices": [{"title": title, "text": text} for title, text in NOTICES],
        }
    )
