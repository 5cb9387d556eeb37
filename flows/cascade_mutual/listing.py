"""The list of remittances, with its filters."""

from datetime import date

from flows.cascade_mutual.calendar import pick
from payerbots.api import PortalChanged, Screen, as_us_date, us_date


async def show(screen: Screen, since: date, until: date, number: str = "") -> None:
    """Shows what was posted between two days, both included; with a number, only the document of that number.

    The portal knows no day after its own today; where it is a day behind ours, its list ends there.
    """
    await screen.open("remittances")
    await screen.press("period")
    await screen.arrive("remittances.periods")
    await screen.press("own_dates")
    await screen.arrive("remittances.own_dates")
    last = us_date((await screen.read("dates"))["to"])
    if last is None:
        raise PortalChanged(screen.at, "dates.to")
    since, until = min(since, last), min(until, last)
    await pick(screen, "from", "remittances.calendar", since)
    await pick(screen, "to", "remittances.calendar", until)
    await screen.arrive("remittances.own_dates")
    dates = await screen.read("dates")
    if (dates["from"], dates["to"]) != (as_us_date(since), as_us_date(until)):
        raise PortalChanged(screen.at, "dates")
    await screen.fill("search", number)
    await screen.press("apply")
    await screen.arrive("remittances")
