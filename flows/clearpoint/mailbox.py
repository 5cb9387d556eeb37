"""The mailbox of reports, with its filters: it shows what nobody has fetched, unless it is asked for all."""

from collections.abc import Sequence
from datetime import date

from flows.clearpoint.reading import count
from payerbots.api import AnswerIncomplete, Cells, PortalChanged, Screen

PIECES = 400


async def show(screen: Screen, since: date) -> Sequence[Cells]:
    """Every report that came on that day or later: the list is read to its end, and counted."""
    await screen.open("reports")
    if not await screen.choose("state", value="all"):
        raise PortalChanged("reports", "state")
    await screen.fill("since", since.isoformat())
    await screen.press("apply")
    for _ in range(PIECES):
        if await screen.arrive("reports.whole", "reports.none", "reports.more") != "reports.more":
            break
        await screen.press("load_more")
    return await _whole(screen, since)


async def _whole(screen: Screen, since: date) -> Sequence[Cells]:
    read = await screen.read("mailbox")
    if f"State: All · Since: {since.isoformat()}" not in (read["filters"] or ""):
        raise PortalChanged(screen.at, "mailbox.filters")
    rows = read.rows("rows")
    if len({row["number"] for row in rows}) != count(screen, read["total"]):
        raise AnswerIncomplete("the mailbox lists more reports than it shows")
    return rows
