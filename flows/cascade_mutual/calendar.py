"""Days are picked from a calendar that shows one month."""

from datetime import date, datetime

from payerbots.api import PortalChanged, Screen


async def pick(screen: Screen, field: str, calendar: str, day: date) -> None:
    """Opens the field's calendar, turns it to the month and picks the day. Ends on the page `calendar`."""
    await screen.press(field)
    await screen.arrive(calendar)
    months = _months(day) - _months(await _shown(screen))
    for _ in range(abs(months)):
        await screen.press("later" if months > 0 else "earlier")
    if _months(await _shown(screen)) != _months(day):
        raise PortalChanged(screen.at, "calendar.month")
    await screen.press("day", text=f"{day:%B} {day.day}, {day.year}")


async def _shown(screen: Screen) -> date:
    month = (await screen.read("calendar"))["month"] or ""
    try:
        return datetime.strptime(month, "%B %Y").date()  # noqa: DTZ007 - a month has no zone
    except ValueError:
        raise PortalChanged(screen.at, "calendar.month") from None


def _months(day: date) -> int:
    return day.year * 12 + day.month
