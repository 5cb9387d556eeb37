"""One report's file, saved from its row in the mailbox."""

from collections.abc import Sequence
from zoneinfo import ZoneInfo

from flows.clearpoint.mailbox import show
from payerbots.api import AnswerIncomplete, Cells, Downloaded, ListedReport, Screen, amount

ZONE = ZoneInfo("America/New_York")
"""The site's own: its filter goes by days there."""
TRIES = 2


async def fetch_report(screen: Screen, listed: ListedReport) -> Downloaded:
    """The file; one that does not come whole is fetched once more. Whether it can be used, the reader says."""
    rows = await _shown(screen)
    if not _of(listed, rows):
        rows = await show(screen, listed.received.astimezone(ZONE).date())
    row = _of(listed, rows)
    if not row:
        raise AnswerIncomplete("the report is no longer listed")
    size = amount(row[0]["size"])
    for _ in range(TRIES):
        found = await screen.download("download", text=listed.number)
        if found.name == listed.name and len(found.content) == size:
            break
    return found


async def _shown(screen: Screen) -> Sequence[Cells]:
    """The rows on the screen, if it shows the mailbox."""
    if screen.at not in {"reports.whole", "reports.none"} or not await screen.shows(screen.at):
        return ()
    return (await screen.read("mailbox")).rows("rows")


def _of(listed: ListedReport, rows: Sequence[Cells]) -> list[Cells]:
    return [row for row in rows if (row["number"], row["name"]) == (listed.number, listed.name)]
