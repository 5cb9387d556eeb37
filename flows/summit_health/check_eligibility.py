"""Is a person covered? Asks the portal, and believes the answer only when it is that person's.

The answer stands on several tabs; equipment on file and authorizations are separate inquiries.
"""

from dataclasses import replace

from flows.summit_health.asking import act_for, shown
from flows.summit_health.by_item import authorization, similar_items
from flows.summit_health.read_answer import benefits, coverage_tab, other_coverage, reference
from payerbots.api import (
    BusinessException,
    Coverage,
    CoverageRequest,
    PayerTryLater,
    PortalChanged,
    Reason,
    Screen,
    Shown,
    WrongOrganisation,
    WrongPatientShown,
    as_us_date,
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
    await _ask_until_believed(screen, request, organisation.name)
    coverage = await _read(screen, request)
    if coverage.ends_at_coverage:
        return coverage
    known = replace(request, member_id=coverage.member_id)
    return replace(
        coverage,
        similar=await similar_items(screen, known, organisation.name),
        authorizations=tuple(
            [await authorization(screen, known, organisation.name, code) for code in known.hcpcs]
        ),
    )


async def _ask_until_believed(screen: Screen, request: CoverageRequest, organisation: str) -> None:
    """Ends on the answer of the person asked. An answer of somebody else is discarded and asked again once."""
    for tries_left in reversed(range(TRIES)):
        try:
            page = await _ask(screen, request, organisation)
            found = await shown(screen, request, organisation)
        except WrongOrganisation:
            if not tries_left:
                raise
            continue
        if found is not Shown.OTHER:
            _judge(page, found)
            return
    raise WrongPatientShown("twice in a row the answer was not the one asked for")


def _judge(page: str, found: Shown) -> None:
    if page == "eligibility.try_later":
        raise PayerTryLater("the payer asks to try later")
    if page in NO_ANSWER:
        raise BusinessException(NO_ANSWER[page])
    if found is Shown.DIFFERS:
        raise BusinessException(Reason.NAME_DOB_MISMATCH)


async def _ask(screen: Screen, request: CoverageRequest, organisation: str) -> str:
    """Fills in the form and sends it; the page that comes. A form that is refused ends the question."""
    await screen.open("eligibility.search")
    await act_for(screen, organisation)
    missing = await screen.enter(
        {
            "provider": request.npi,
            "program": request.payer,
            "service_type": request.service_type,
            "member_id": request.member_id or "",
            "last_name": request.last_name,
            "first_name": request.first_name,
            "birth_date": as_us_date(request.birth_date),
            "service_date": as_us_date(request.service_date),
        }
    )
    if "provider" in missing:
        raise BusinessException(Reason.PROVIDER_NOT_ON_FILE)
    for name in missing:
        raise PortalChanged("eligibility.search", name)
    await screen.press("submit", leaves=True)
    page = await screen.arrive(
        "eligibility.result", *NO_ANSWER, "eligibility.try_later", *FORM_REFUSED, "eligibility.form_refused"
    )
    if page in FORM_REFUSED:
        raise BusinessException(FORM_REFUSED[page])
    if page == "eligibility.form_refused":
        raise PortalChanged("eligibility.search", "a field that the form refuses")
    return page


async def _read(screen: Screen, request: CoverageRequest) -> Coverage:
    """The answer's tabs; only the first, when that already says whom else to ask."""
    coverage = await coverage_tab(screen, medicare=screen.portal.is_medicare(request.payer))
    if coverage.ends_at_coverage:
        return replace(coverage, reference=await reference(screen))
    coverage = await benefits(screen, coverage)
    coverage = await other_coverage(screen, coverage)
    return replace(coverage, reference=await reference(screen))
