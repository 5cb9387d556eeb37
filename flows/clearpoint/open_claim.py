"""One claim: its summary, from which it is edited."""

from payerbots.api import AnswerIncomplete, PortalChanged, Screen


async def open_claim(screen: Screen, control: str) -> None:
    """Ends on the claim's summary."""
    await screen.open("claim", text=control, or_else=["claim.none"])
    if screen.at == "claim.none":
        raise AnswerIncomplete("the clearinghouse does not know the claim")
    if (await screen.read("claim"))["control"] != control:
        raise PortalChanged(screen.at, "claim.control")
