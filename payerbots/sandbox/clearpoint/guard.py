"""The plumbing under every call: who calls, JSON in and out, and the faults of transport."""

from __future__ import annotations

import asyncio
import json
import secrets
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.responses import HTMLResponse, JSONResponse, Response

from payerbots.sandbox.clearpoint.state import ZONE, ClearpointState, Session, Step

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable
    from datetime import datetime

    from starlette.requests import Request

COOKIE = "cpx_session"
TOKEN = "x-cpx-token"  # noqa: S105 - a header's name
FOLDER = Path(__file__).parent
PAGES = Environment(
    loader=FileSystemLoader(FOLDER / "pages"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)
BAD_GATEWAY = 502


@dataclass
class Call:
    """One call of a signed-in user."""

    request: Request
    state: ClearpointState
    session: Session
    body: dict[str, Any]

    @property
    def user(self) -> str:
        """Who calls."""
        return self.session.user

    def asked(self, name: str) -> str:
        """A parameter of the address."""
        return str(self.request.query_params.get(name, ""))

    def given(self, name: str) -> str:
        """A text of the body."""
        return str(self.body.get(name, ""))


if TYPE_CHECKING:
    Handler = Callable[[Call], Awaitable[Response]]
    Endpoint = Callable[[Request], Awaitable[Response]]


def in_zone(at: datetime) -> str:
    """A time as the site's script shows it."""
    return f"{at.astimezone(ZONE):%m/%d/%Y %I:%M:%S %p %Z}"


def problem(status: int, code: str, **details: object) -> Response:
    """Return an error as the page's script understands it."""
    return kept_private(JSONResponse({"code": code, **details}, status_code=status))


def answer(value: object) -> Response:
    """Return JSON."""
    return kept_private(JSONResponse(value))


def kept_private(response: Response) -> Response:
    """Forbid storing, and frames of other sites."""
    response.headers["Cache-Control"] = "no-store"
    response.headers["X-Frame-Options"] = "DENY"
    response.headers["Referrer-Policy"] = "no-referrer"
    return response


def with_cookie(response: Response, session: Session) -> Response:
    """Return the response with the session's cookie."""
    response.set_cookie(COOKIE, session.key, httponly=True, samesite="lax", path="/")
    return response


async def read_json(request: Request) -> dict[str, Any]:
    """Return the body's object; an empty one where there is none."""
    try:
        found = json.loads(await request.body() or b"{}")
    except json.JSONDecodeError:
        return {}
    return found if isinstance(found, dict) else {}


def session_of(request: Request) -> Session | None:
    """Return the live session of the request's cookie, at whatever step."""
    state: ClearpointState = request.app.state.portal
    return state.session(request.cookies.get(COOKIE, ""))


def signed_out(request: Request) -> Response:
    """Say that nobody is signed in, and why."""
    state: ClearpointState = request.app.state.portal
    elsewhere = request.cookies.get(COOKIE, "") in state.ended_elsewhere
    return problem(401, "elsewhere" if elsewhere else "signed_out")


def shell(state: ClearpointState) -> Response:
    """Return the page that loads the script; all addresses of the site are this page."""
    if state.faults.maintenance:
        return kept_private(HTMLResponse(PAGES.get_template("maintenance.html").render()))
    text = PAGES.get_template("shell.html").render(layout=state.faults.layout)
    return kept_private(HTMLResponse(text))


def api(handler: Handler) -> Endpoint:
    """Wrap a call that only a signed-in user may make, with the token that the page holds."""

    async def endpoint(request: Request) -> Response:
        state: ClearpointState = request.app.state.portal
        if state.faults.maintenance:
            return problem(503, "maintenance")
        session = session_of(request)
        if session is None or session.step is not Step.IN:
            return signed_out(request)
        if not secrets.compare_digest(request.headers.get(TOKEN, ""), session.token):
            return problem(403, "token")
        return await _answered(Call(request, state, session, await read_json(request)), handler)

    return endpoint


def file(handler: Handler) -> Endpoint:
    """Wrap a file that a link gives: the cookie alone counts, and there is a page where the file is not."""

    async def endpoint(request: Request) -> Response:
        state: ClearpointState = request.app.state.portal
        session = session_of(request)
        if state.faults.maintenance or session is None or session.step is not Step.IN:
            return shell(state)
        return kept_private(await _answered(Call(request, state, session, {}), handler))

    return endpoint


async def _answered(call: Call, handler: Handler) -> Response:
    state, session = call.state, call.session
    state.count("calls", session.user)
    session.calls += 1
    if 0 < state.faults.logout_after < session.calls:
        state.end_session(session)
        return problem(401, "signed_out")
    if 1 < state.faults.second_session < session.calls and not state.taken_over:
        state.taken_over = True
        state.end_session(session, elsewhere=True)
        return problem(401, "elsewhere")
    await asyncio.sleep(state.latency + state.faults.slow)
    return _broken(call) or await handler(call)


def _broken(call: Call) -> Response | None:
    """Return an error, if a fault wants one now."""
    state = call.state
    if state.use_up("error_next"):
        status = 500
    elif state.faults.error_rate and state.rng.random() < state.faults.error_rate:
        status = state.rng.choice([500, BAD_GATEWAY])
    else:
        return None
    state.count("errors_shown", call.user)
    return problem(status, "server_error")
