"""Pages around the inquiries: home, messages, claims, organization switch, and what is not there."""

from __future__ import annotations

from typing import TYPE_CHECKING

from payerbots.sandbox.web import Visit, public, signed_in

if TYPE_CHECKING:
    from starlette.responses import Response

SECTIONS = ("/home", "/eligibility", "/equipment", "/authorizations", "/claims", "/remittances", "/messages")
MESSAGES = (
    ("11/18", "Provider Relations", "Holiday hours for Provider Services"),
    ("11/12", "Utilization Management", "Updated list of DME items that require prior authorization"),
    ("11/03", "Provider Enrollment", "Revalidation reminder for DME suppliers"),
    ("10/27", "Claims", "Electronic remittance advice: new trace number format"),
)


@public
async def root(visit: Visit) -> Response:
    """To the home page, which sends on to the sign-in page."""
    return visit.go("/home" if visit.session.user else "/sign-in")


@signed_in
async def home(visit: Visit) -> Response:
    """Show the home page, with an announcement in the way at the first visit of each session."""
    announce = not visit.session.announced
    visit.session.announced = True
    return visit.page("home.html", announce=announce, messages=MESSAGES)


@signed_in
async def messages(visit: Visit) -> Response:
    """Show the inbox."""
    return visit.page("messages.html", messages=MESSAGES)


@signed_in
async def claims(visit: Visit) -> Response:
    """Claims are elsewhere."""
    return visit.page("claims.html")


@signed_in
async def organisation(visit: Visit) -> Response:
    """Switches to another organization of the user."""
    keys = {item.key for item in visit.portal.world.organisations}
    chosen = visit.form.get("organization", "")
    if chosen in keys:
        visit.session.organisation = chosen
    section = visit.form.get("return_to", "/home")
    return visit.go(section if section in SECTIONS else "/home")


@public
async def missing(visit: Visit) -> Response:
    """No such page."""
    return visit.page(
        "message.html",
        status=404,
        title="Page not found",
        text="We could not find the page you asked for. Use the menu to continue.",
    )
