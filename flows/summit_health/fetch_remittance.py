"""The file of one remittance: the 835 is saved from the list, an EOB opens in a window that only shows it."""

from flows.summit_health.remittances import listed as shown
from flows.summit_health.remittances import on_this_page, search
from payerbots.api import AnswerIncomplete, Downloaded, ListedRemittance, NotPublished, Screen


async def fetch_remittance(screen: Screen, listed: ListedRemittance) -> Downloaded:
    """The 835 where there is one, else the EOB. `NotPublished` when it is promised for later."""
    row = await _row(screen, listed)
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


async def _row(screen: Screen, listed: ListedRemittance) -> ListedRemittance:
    """The remittance as the page at hand lists it, else the page of its day, else a search for its number."""
    if (row := await _here(screen, listed)) is not None:
        return row
    await search(screen, listed.posted, listed.posted)
    if (row := await _here(screen, listed)) is not None:
        return row
    found = await shown(screen, listed.posted, listed.posted, listed.trace)
    row = next((each for each in found if each.number == listed.number), None)
    if row is None:
        raise AnswerIncomplete("the remittance is no longer listed")
    return row


async def _here(screen: Screen, listed: ListedRemittance) -> ListedRemittance | None:
    rows = await on_this_page(screen)
    return next((each for each in rows if each.number == listed.number and each.forms), None)
