"""The EOB of one remittance: opened beside the list, in a frame of its own, and downloaded from there."""

from flows.cascade_mutual.listing import show
from payerbots.api import AnswerIncomplete, Downloaded, ListedRemittance, Screen, amount


async def fetch_remittance(screen: Screen, listed: ListedRemittance) -> Downloaded:
    """The PDF. `AnswerIncomplete` when the portal has not published it yet, or shows another document."""
    await show(screen, listed.posted, listed.posted, listed.number)
    await screen.press("document", text=listed.number)
    if await screen.arrive("remittances.document", "remittances.not_ready") == "remittances.not_ready":
        raise AnswerIncomplete("the document is not published yet")
    shown = await screen.read("document")
    same = (shown["number"], shown["trace"] or shown["check"] or "", amount(shown["amount"]))
    if same != (listed.number, listed.trace, listed.amount):
        raise AnswerIncomplete("the document shown is not the one listed")
    return await screen.download("download")
