"""The plumbing under every page: the session in the address, rendering, and the faults of transport."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.responses import HTMLResponse, RedirectResponse, Response

from payerbots.sandbox.harbor.state import ZONE, Ending, HarborState, Session, Stage
from payerbots.sandbox.harbor.wording import Wording

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable
    from datetime import datetime
    from decimal import Decimal

    from starlette.requests import Request
    from starlette.types import ASGIApp, Receive, Scope, Send

FOLDER = Path(__file__).parent
BAD_GATEWAY = 502
SEE_OTHER = 303
TOO_MANY = 429
MARK = ";sid="
ENDINGS = {
    Ending.ENDED: "Your session has ended. Please sign on again.",
    Ending.IDLE: "For your protection, your session has timed out after 90 seconds of inactivity.",
    Ending.ELSEWHERE: "Your session has ended because your User ID signed on at another workstation.",
    Ending.SIGNED_OFF: "You have signed off. Thank you for using Harbor Bank Treasury Express.",
    Ending.PASSWORD_CHANGED: "Your password has been changed. Please sign on with your new password.",
}


def in_zone(at: datetime) -> str:
    """A time as the bank writes it."""
    return f"{at.astimezone(ZONE):%m/%d/%Y %H:%M:%S %Z}"


def money(amount: Decimal) -> str:
    """An amount as the bank writes it."""
    return f"{amount:,.2f}"


PAGES = Environment(
    loader=FileSystemLoader(FOLDER / "templates"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)
PAGES.filters |= {"in_zone": in_zone, "money": money}


class SessionInPath:
    """Takes `;sid=...` off the end of a path, as servers of that time did, and notes it in the scope."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Hand the request on under its plain path."""
        if scope["type"] == "http":
            path, _, key = scope["path"].partition(MARK)
            scope = {**scope, "path": path, "harbor.sid": key}
        await self._app(scope, receive, send)


@dataclass
class Visit:
    """One request of a session with what the page needs to know."""

    request: Request
    state: HarborState
    session: Session
    form: dict[str, str]

    @property
    def wording(self) -> Wording:
        """The words of the layout in force."""
        return Wording(self.state.faults.layout)

    @property
    def posted(self) -> bool:
        """Whether a form was sent."""
        return self.request.method == "POST"

    def link(self, path: str, **query: object) -> str:
        """The address of a page with the session in it: `;sid=`, or `?SID=` since the redesign."""
        if self.wording.redesigned:
            return f"{path}?{urlencode({'SID': self.session.key, **query})}"
        return f"{path}{MARK}{self.session.key}" + (f"?{urlencode(query)}" if query else "")

    def page(self, template: str, status: int = 200, **context: object) -> Response:
        """Return a whole page."""
        user = self.state.users[self.session.user]
        return render(
            self.state,
            template,
            status,
            {"link": self.link, "login": user.login, "shelf": self.state.shelf, **context},
        )

    def go(self, path: str) -> Response:
        """Send the browser to another page of the session."""
        return RedirectResponse(self.link(path), status_code=SEE_OTHER)


if TYPE_CHECKING:
    Handler = Callable[[Visit], Awaitable[Response]]
    Endpoint = Callable[[Request], Awaitable[Response]]


def render(
    state: HarborState, template: str, status: int = 200, context: dict[str, object] | None = None
) -> HTMLResponse:
    """Fill a template with the words of the layout and what every page shows."""
    words = Wording(state.faults.layout)
    text = PAGES.get_template(template).render(
        w=words,
        t=words.word,
        now=state.clock().astimezone(ZONE),
        popup=state.faults.popup,
        clicks=2 if state.faults.duplicate_click else 1,
        **(context or {}),
    )
    return HTMLResponse(text, status_code=status)


def anybody(page: Callable[[Request, HarborState], Awaitable[Response]]) -> Endpoint:
    """Wrap a page for which nobody needs to be signed on."""

    async def endpoint(request: Request) -> Response:
        state: HarborState = request.app.state.portal
        await asyncio.sleep(state.latency)
        return _finished(_maintenance(state) or await page(request, state))

    return endpoint


def on_the_way_in(stage: Stage) -> Callable[[Handler], Endpoint]:
    """Wrap a page between password and desktop; who is elsewhere on the way is sent there."""

    def wrap(handler: Handler) -> Endpoint:
        async def endpoint(request: Request) -> Response:
            state: HarborState = request.app.state.portal
            session = state.session(key_of(request))
            await asyncio.sleep(state.latency)
            if down := _maintenance(state):
                return _finished(down)
            if isinstance(session, Ending):
                return _finished(to_sign_on(session))
            visit = Visit(request, state, session, await form_of(request))
            return _finished(
                await handler(visit) if session.stage is stage else visit.go(session.stage.value)
            )

        return endpoint

    return wrap


def signed_on(handler: Handler) -> Endpoint:
    """Wrap a page of the desktop: banner and menu. It counts for nothing and never fails."""
    return _inside(handler, counts=False)


def at_work(handler: Handler) -> Endpoint:
    """Wrap a page of the work frame, a pop-up window or a file: what faults of transport befall."""
    return _inside(handler, counts=True)


def _inside(handler: Handler, *, counts: bool) -> Endpoint:
    async def endpoint(request: Request) -> Response:
        state: HarborState = request.app.state.portal
        if down := _maintenance(state):
            return _finished(down)
        session = _admitted(state, key_of(request), counts=counts)
        if isinstance(session, Ending) or session.stage is not Stage.IN:
            return _finished(_ended(state, session))
        visit = Visit(request, state, session, await form_of(request))
        await asyncio.sleep(state.latency + (state.faults.slow if counts else 0))
        if counts and (broken := _broken(state, session)):
            return _finished(broken)
        return _finished(_maintenance(state) or await handler(visit))

    return endpoint


def _admitted(state: HarborState, key: str, *, counts: bool) -> Session | Ending:
    """Return the session, unless a fault ends it on this very page."""
    session = state.session(key)
    if isinstance(session, Ending) or session.stage is not Stage.IN or not counts:
        return session
    state.count("pages", session.user)
    session.pages += 1
    faults = state.faults
    if 0 < faults.logout_after < session.pages:
        state.end_session(session, Ending.ENDED)
        return Ending.ENDED
    if 1 < faults.second_session < session.pages and not state.taken_over:
        state.taken_over = True
        state.end_session(session, Ending.ELSEWHERE)
        return Ending.ELSEWHERE
    return session


def _ended(state: HarborState, session: Session | Ending) -> Response:
    """The page in a frame or window whose session is over: it cannot move the whole desktop."""
    ending = session if isinstance(session, Ending) else Ending.ENDED
    return render(state, "ended.html", context={"ending": ending.value, "note": ENDINGS[ending]})


def to_sign_on(ending: Ending) -> Response:
    """To the sign-on page with a word on what happened."""
    return RedirectResponse(f"/tx/sign-on?m={ending.value}", status_code=SEE_OTHER)


def _broken(state: HarborState, session: Session) -> Response | None:
    """Return an error page, if a fault wants one now."""
    if state.use_up("error_next"):
        status = 500
    elif state.faults.error_rate and state.rng.random() < state.faults.error_rate:
        status = state.rng.choice([500, BAD_GATEWAY])
    else:
        return None
    state.count("errors_shown", session.user)
    return render(state, "error.html", status, {"status": status})


def refused_for_haste(visit: Visit) -> Response | None:
    """A page that refuses a query because there were too many in the last minute."""
    wait = visit.state.throttled(visit.session)
    if wait is None:
        return None
    page = visit.page("unusual.html", TOO_MANY)
    page.headers["Retry-After"] = str(int(wait.total_seconds()) + 1)
    return page


def key_of(request: Request) -> str:
    """The session in the address of a request."""
    key: str = request.scope["harbor.sid"]
    return key or request.query_params.get("SID", "")


async def form_of(request: Request) -> dict[str, str]:
    """The fields of a form that was posted."""
    if request.method != "POST":
        return {}
    form = await request.form()
    return {name: value.strip() for name, value in form.items() if isinstance(value, str)}


def _maintenance(state: HarborState) -> Response | None:
    return render(state, "maintenance.html") if state.faults.maintenance else None


def _finished(response: Response) -> Response:
    response.headers.setdefault("Cache-Control", "no-store")
    response.headers["X-Frame-Options"] = "SAMEORIGIN"
    response.headers["Referrer-Policy"] = "no-referrer"
    return response
