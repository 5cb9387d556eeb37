"""The plumbing under every page: rendering, who is signed in, cross-site tokens, and the faults of transport."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.responses import HTMLResponse, PlainTextResponse, RedirectResponse, Response

from payerbots.sandbox.state import Ending, Portal, Session, Stage
from payerbots.sandbox.wording import Wording

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from starlette.requests import Request

COOKIE = "SHPSESSION"
FOLDER = Path(__file__).parent
PAGES = Environment(
    loader=FileSystemLoader(FOLDER / "templates"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)
BAD_GATEWAY = 502
SEE_OTHER = 303


@dataclass
class Visit:
    """One request with what the page needs to know."""

    request: Request
    portal: Portal
    session: Session
    form: dict[str, str]

    @property
    def wording(self) -> Wording:
        """The words of the layout in force."""
        return Wording(self.portal.faults.layout)

    @property
    def posted(self) -> bool:
        """Whether a form was sent."""
        return self.request.method == "POST"

    def page(self, template: str, status: int = 200, **context: object) -> Response:
        """Return a whole page."""
        return render(self, template, status, context)

    def go(self, where: str) -> Response:
        """Send the browser to another page."""
        return RedirectResponse(where, status_code=SEE_OTHER)


if TYPE_CHECKING:
    Handler = Callable[[Visit], Awaitable[Response]]
    Endpoint = Callable[[Request], Awaitable[Response]]


def render(visit: Visit, template: str, status: int, context: dict[str, object]) -> HTMLResponse:
    """Fill a template with the words of the layout and what every page shows."""
    portal, session = visit.portal, visit.session
    words = visit.wording
    login = portal.users[session.user].login if session.user else None
    text = PAGES.get_template(template).render(
        w=words,
        t=words.label,
        i=words.ident,
        c=words.cls,
        csrf=session.csrf,
        path=visit.request.url.path,
        signed_in=session.stage is Stage.IN,
        login=login,
        organisations=portal.world.organisations,
        current=portal.organisation(session.organisation),
        popup=portal.faults.popup,
        today=portal.world.today,
        **context,
    )
    return HTMLResponse(text, status_code=status)


def public(handler: Handler) -> Endpoint:
    """Wrap a page for which nobody needs to be signed in; makes a session if there is none."""

    async def endpoint(request: Request) -> Response:
        portal: Portal = request.app.state.portal
        found = portal.session(request.cookies.get(COOKIE, ""))
        session = found if isinstance(found, Session) else portal.open_session()
        visit = Visit(request, portal, session, await _form(request))
        return await _answered(visit, handler)

    return endpoint


def signed_in(handler: Handler) -> Endpoint:
    """Wrap a page for a user who is all the way in; everybody else is sent to the page that comes first."""

    async def endpoint(request: Request) -> Response:
        portal: Portal = request.app.state.portal
        if portal.faults.maintenance:
            return _finished(_maintenance(), "")
        session = _admitted(portal, request)
        if isinstance(session, Ending):
            return _turned_away(request, session)
        if session.stage is not Stage.IN:
            return _finished(RedirectResponse(session.stage.value, status_code=SEE_OTHER), "")
        visit = Visit(request, portal, session, await _form(request))
        await asyncio.sleep(portal.faults.slow)
        broken = _broken(visit)
        return _finished(broken, session.key) if broken else await _answered(visit, handler)

    return endpoint


def _admitted(portal: Portal, request: Request) -> Session | Ending:
    """Return the session, unless a fault ends it on this very page."""
    session = portal.session(request.cookies.get(COOKIE, ""))
    if isinstance(session, Ending) or session.stage is not Stage.IN:
        return session
    portal.count("pages", session.user)
    session.pages += 1
    faults = portal.faults
    if 0 < faults.logout_after < session.pages:
        portal.end_session(session, Ending.ENDED)
        return Ending.ENDED
    if 1 < faults.second_session < session.pages and not portal.taken_over:
        portal.taken_over = True
        portal.end_session(session, Ending.ELSEWHERE)
        return Ending.ELSEWHERE
    return session


def _turned_away(request: Request, ending: Ending) -> Response:
    """To the sign-in page; a fetch from a page's script gets a bare 401 instead."""
    if request.headers.get("x-requested-with") == "fetch":
        return _finished(PlainTextResponse(ending.value, status_code=401), "")
    return _finished(RedirectResponse(f"/sign-in?m={ending.value}", status_code=SEE_OTHER), "")


def _broken(visit: Visit) -> Response | None:
    """Return an error page, if a fault wants one now."""
    portal = visit.portal
    if portal.use_up("error_next"):
        status = 500
    elif portal.faults.error_rate and portal.rng.random() < portal.faults.error_rate:
        status = portal.rng.choice([500, BAD_GATEWAY])
    else:
        return None
    portal.count("errors_shown", visit.session.user)
    if status == BAD_GATEWAY:
        return HTMLResponse(PAGES.get_template("bad_gateway.html").render(), status_code=status)
    return visit.page("error.html", status=status)


async def _answered(visit: Visit, handler: Handler) -> Response:
    await asyncio.sleep(visit.portal.latency)
    if visit.portal.faults.maintenance:
        return _finished(_maintenance(), "")
    if visit.posted and visit.form.get("csrf_token") != visit.session.csrf:
        return _finished(
            visit.page(
                "message.html",
                status=403,
                title="Request not verified",
                text="Your request could not be verified. Please go back and try again.",
            ),
            "",
        )
    return _finished(await handler(visit), visit.session.key)


async def _form(request: Request) -> dict[str, str]:
    if request.method != "POST":
        return {}
    form = await request.form()
    return {name: value.strip() for name, value in form.items() if isinstance(value, str)}


def _maintenance() -> Response:
    return HTMLResponse(PAGES.get_template("maintenance.html").render())


def _finished(response: Response, key: str) -> Response:
    response.headers.setdefault("Cache-Control", "no-store")
    response.headers.setdefault("X-Frame-Options", "DENY")
    response.headers["Referrer-Policy"] = "same-origin"
    if key:
        response.set_cookie(COOKIE, key, httponly=True, samesite="lax", path="/")
    return response
