"""Whether a claim was sent since it was rejected: its history tells every submission, by whomever."""

from flows.clearpoint.reading import count, moment
from payerbots.api import (
    RESUBMIT,
    Answer,
    AnswerIncomplete,
    PortalChanged,
    Screen,
    WasDone,
    resend_of,
)


async def was_done(screen: Screen, action: str, key: str) -> WasDone:
    """With the confirmation of the first submission after the moment that the key names."""
    if action != RESUBMIT:
        return WasDone(Answer.UNKNOWN)
    control, since = resend_of(key)
    if await screen.open("claim.history", text=control, or_else=["claim.none"]) == "claim.none":
        return WasDone(Answer.UNKNOWN)
    read = await screen.read("history")
    if read["control"] != control:
        raise PortalChanged(screen.at, "history.control")
    rows = read.rows("submissions")
    if not rows or len(rows) != count(screen, read["total"]):
        raise AnswerIncomplete("the history lists more submissions than it shows")
    later = [row["confirmation"] or "" for row in rows if moment(screen, row["at"]) > since]
    return WasDone(Answer.YES, later[-1]) if later else WasDone(Answer.NO)
