"""Is a person covered? One form asks for everything; the answer's lower parts load after its cards."""

from dataclasses import replace

from flows.cascade_mutual.calendar import pick
from flows.cascade_mutual.read_answer import benefits, cards, items
from payerbots.api import (
    BusinessException,
    Coverage,
    CoverageRequest,
    Echo,
    PayerTryLater,
    PortalChanged,
    Reading,
    Reason,
    Screen,
    Shown,
    WrongPatientShown,
    as_us_date,
    us_date,
    whose,
)

NO_ANSWER = {
    "eligibility.not_found": Reason.MEMBER_NOT_FOUND,
    "eligibility.mismatch": Reason.NAME_DOB_MISMATCH,
    "eligibility.several": Reason.SEVERAL_MEMBERS,
    "eligibility.not_enrolled": Reason.PROVIDER_NOT_ON_FILE,
}
FORM_REFUSED = {
    "eligibility.member_id_refused": Reason.MEMBER_ID_FORMAT,
    "eligibility.date_refused": Reason.DATE_NOT_ANSWERED,
}
TRIES = 2


async def check_eligibility(screen: Screen, request: CoverageRequest) -> Coverage:
    """The payer's answer, with what is on file for each item asked."""
    organisation = screen.portal.organisation_for(request.npi)
    if organisation is None:
        raise BusinessException(Reason.PROVIDER_NOT_ON_FILE)
    await _ask_until_believed(screen, request)
    coverage = await cards(screen, request)
    if coverage.ends_at_coverage:
        return coverage
    coverage = await benefits(screen, coverage)
    similar, authorizations = await items(screen, request, organisation.name)
    return replace(coverage, similar=similar, authorizations=authorizations)


async def _ask_until_believed(screen: Screen, request: CoverageRequest) -> None:
    """Ends on the answer of the person asked. An answer of somebody else is discarded and asked again once."""
    for _ in range(TRIES):
        page = await _ask(screen, request)
        found = _shown(screen, request, await screen.read("echo"))
        if found is Shown.OTHER:
            continue
        if page == "eligibility.try_later":
            raise PayerTryLater("the payer asks to try later")
        if page in NO_ANSWER or found is Shown.DIFFERS:
            raise BusinessException(NO_ANSWER.get(page, Reason.NAME_DOB_MISMATCH))
        return
    raise WrongPatientShown("twice in a row the answer was not the one asked for")


def _shown(screen: Screen, request: CoverageRequest, echo: Reading) -> Shown:
    """Whose answer is on the screen: also the provider, service type and items must be those asked."""
    service_type = screen.word("service_type", echo["service_type"])
    codes = tuple((echo["hcpcs"] or "").split(", "))
    asked = f"({request.npi})" in (echo["provider"] or "")
    if not asked or service_type != request.service_type or codes != tuple(dict.fromkeys(request.hcpcs)):
        return Shown.OTHER
    birth_date, service_date = us_date(echo["birth_date"]), us_date(echo["service_date"])
    if birth_date is None or service_date is None:
        raise PortalChanged(screen.at, "echo")
    found = Echo(
        name=echo["name"] or "",
        birth_date=birth_date,
        service_date=service_date,
        member_id=echo["member_id"],
    )
    return whose(request, found)


async def _ask(screen: Screen, request: CoverageRequest) -> str:
    """Fills in the form and sends it; the page that comes. A form that is refused ends the question."""
    await screen.open("eligibility.search")
    await _within_window(screen, request)
    await _choose_provider(screen, request.npi)
    await screen.press("service_type")
    await screen.arrive("eligibility.service_types")
    await screen.press(f"service_{request.service_type}")
    await screen.enter(
        {
            "member_id": request.member_id or "",
            "last_name": request.last_name,
            "first_name": request.first_name,
            "birth_date": as_us_date(request.birth_date),
        }
    )
    await pick(screen, "service_date", "eligibility.calendar", request.service_date)
    for code in request.hcpcs:
        await screen.fill("hcpcs", code)
        await screen.press("add_hcpcs")
    await _prove_filled(screen, request)
    await screen.press("submit")
    page = await screen.arrive(
        "eligibility.result", *NO_ANSWER, "eligibility.try_later", *FORM_REFUSED, "eligibility.form_refused"
    )
    if page in FORM_REFUSED:
        raise BusinessException(FORM_REFUSED[page])
    if page == "eligibility.form_refused":
        raise PortalChanged("eligibility.search", "a field that the form refuses")
    return page


async def _within_window(screen: Screen, request: CoverageRequest) -> None:
    window = await screen.read("window")
    first, last = us_date(window["first"]), us_date(window["last"])
    if first is None or last is None:
        raise PortalChanged(screen.at, "window")
    if not first <= request.service_date <= last:
        raise BusinessException(Reason.DATE_NOT_ANSWERED)


async def _choose_provider(screen: Screen, npi: str) -> None:
    await screen.press("provider")
    await screen.arrive("eligibility.providers")
    offered = (await screen.read("providers"))["all"] or ""
    if f"({npi})" not in offered:
        raise BusinessException(Reason.PROVIDER_NOT_ON_FILE)
    await screen.press("option", text=npi)


async def _prove_filled(screen: Screen, request: CoverageRequest) -> None:
    """The widgets hold what was put into them."""
    await screen.arrive("eligibility.search")
    filled = await screen.read("filled")
    if filled["service_date"] != as_us_date(request.service_date):
        raise PortalChanged(screen.at, "service_date")
    if (filled["hcpcs"] or "").split() != list(dict.fromkeys(request.hcpcs)):
        raise PortalChanged(screen.at, "hcpcs")
