"""What all inquiries of the portal share: under whose name they are made, and whose answer is shown."""

from payerbots.api import (
    BusinessException,
    CoverageRequest,
    Echo,
    PortalChanged,
    Reading,
    Reason,
    Screen,
    Shown,
    WrongOrganisation,
    us_date,
    whose,
)


async def act_for(screen: Screen, organisation: str) -> None:
    """Switches to the organisation that asks, where another one is shown in the header."""
    header = await screen.read("header")
    if header["organisation"] == organisation:
        return
    if not await screen.choose("organisation", label=organisation, leaves=True):
        raise BusinessException(Reason.PROVIDER_NOT_ON_FILE)
    await screen.arrive("eligibility.search")


async def shown(screen: Screen, request: CoverageRequest, organisation: str) -> Shown:
    """Whose answer is on the screen. `WrongOrganisation` when it was made under another name."""
    echo = await screen.read("echo")
    made_as = echo["made_as"] or ""
    if not made_as.startswith(f"{organisation} "):
        raise WrongOrganisation("the answer was made for another organisation")
    if not _same_question(screen, request, echo):
        return Shown.OTHER
    return whose(request, _echo(screen, echo))


def _same_question(screen: Screen, request: CoverageRequest, echo: Reading) -> bool:
    """Whether the program, and the service type where the answer states it, are those asked."""
    service_type = screen.word("service_type", echo["service_type"])
    return echo["program"] == request.payer and service_type in {None, request.service_type}


def _echo(screen: Screen, echo: Reading) -> Echo:
    birth_date, service_date = us_date(echo["birth_date"]), us_date(echo["service_date"])
    if birth_date is None or service_date is None:
        raise PortalChanged(screen.at, "echo")
    return Echo(
        name=echo["name"] or "",
        birth_date=birth_date,
        service_date=service_date,
        member_id=echo["member_id"],
    )
