"""The file of one remittance: the 835 is saved from the list, an EOB opens in a window that only shows it."""

from flows.summit_health.remittances import listed as shown
from payerbots.api import AnswerIncomplete, Downloaded, ListedRemittance, NotPublished, Screen


async def fetch_remittance(screen: Screen, listed: ListedRemittance) -> Downloaded:
    """The 835 where there is one, else the EOB. `NotPublished` when it is promised for later."""
    rows = await shown(screen, listed.posted, listed.posted, listed.trace)
    row = next((each for each in rows if each.number == listed.number), None)
    if row is None:
        raise AnswerIncomplete("the remittance is no longer listed")
    if not row.forms:
        raise NotPublished("listed, and its file is not there yet")
    if "835" in row.forms:
        return await screen.download("file_835", text=row.number)
    window = await screen.popup("file_eob", text=row.number)
    try:
        await window.arrive("remittances.eob")
        return await window.fetch("document")
    finally:
        await window.close()
