"""The one click that sends a claim; everything before it was `fill_correction`."""

from payerbots.api import PortalChanged, Screen


async def send_correction(screen: Screen) -> str:
    """The confirmation number. `Unconfirmed` when the site gave no answer in time."""
    await screen.press("send")
    await screen.arrive("submitted")
    number = (await screen.read("submitted"))["confirmation"]
    if number is None:
        raise PortalChanged(screen.at, "submitted.confirmation")
    return number
