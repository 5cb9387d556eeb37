"""The plumbing under every call: who calls, JSON in and out, and the faults of transport."""

from __future__ import annotations

import asyncio
import json
import secrets
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.responses import HTMLResponse, JSONResponse, RedirectResponse, Response

from payerbots.sandbox.cascade.state import CascadeState, Session, Step

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from starlette.requests import Request

COOKIE = "cm_sid"
FOLDER = Path(__file__).parent
PAGES = Environment(
    loader=FileSystemLoader(FOLDER / "pages"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)
BAD_GATEWAY = 502
SEE_OTHER = 303


@dataclass
class Call:
    """One call of a signed-in user."""

    request: Request
    state: CascadeState
    session: Session
    body: dict[str, Any]


if TYPE_CHECKING:
    Handler = Callable[[Call], Awaitable[Response]]
    Endpoint = Callable[[Request], Awaitable[Response]]


def problem(status: int, code: str, **details: object) -> Response:
    """Return an error as the page's script understands it."""
    return kept_private(JSONResponse({"code": code, **details}, status_code=status))


def answer(value: object, status: int = 200) -> Response:
    """Return JSON."""
    return kept_private(JSONResponse(value, status_code=status))


def kept_private(response: Response) -> Response:
    """Forbid storing, and frames of other sites."""
    response.headers["Cache-Control"] = "no-store"
    response.headers["X-Frame-Options"] = "SAMEORIGIN"
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
    state: CascadeState = request.app.state.portal
    return state.session(request.cookies.get(COOKIE, ""))


def shell(state: CascadeState) -> Response:
    """Return the page that loads the script; all addresses of the site are this page."""
    if state.faults.maintenance:
        return kept_private(HTMLResponse(PAGES.get_template("maintenance.html").render()))
    text = PAGES.get_template("shell.html").render(layout=state.faults.layout, today=state.today.isoformat())
    return kept_private(HTMLResponse(text))


def api(handler: Handler) -> Endpoint:
    """Wrap a call that only a signed-in user may make, with the token that the page holds."""

    async def endpoint(request: Request) -> Response:
        state: CascadeState = request.app.state.portal
        if state.faults.maintenance:
            return problem(503, "maintenance")
        session = session_of(request)
        if session is None or session.step is not Step.IN:
            return problem(401, "signed_out")
        if not _token_holds(state, session, request):
            return problem(401, "token")
        return await _answered(Call(request, state, session, await read_json(request)), handler)

    return endpoint


def page(handler: Handler) -> Endpoint:
    """Wrap a page or file that is reached by its address: the cookie alone counts."""

    async def endpoint(request: Request) -> Response:
        state: CascadeState = request.app.state.portal
        if state.faults.maintenance:
            return shell(state)
        session = session_of(request)
        if session is None or session.step is not Step.IN:
            return RedirectResponse("/sign-in?ended=1", status_code=SEE_OTHER)
        return kept_private(await handler(Call(request, state, session, {})))

    return endpoint


def _token_holds(state: CascadeState, session: Session, request: Request) -> bool:
    shown = request.headers.get("authorization", "").removeprefix("Bearer ")
    if session.token_until is None or state.clock() >= session.token_until:
        return False
    return secrets.compare_digest(shown.encode(), session.token.encode())


async def _answered(call: Call, handler: Handler) -> Response:
    state, session = call.state, call.session
    state.count("calls", session.user)
    session.calls += 1
    if 0 < state.faults.logout_after < session.calls:
        state.end_session(session)
        return problem(401, "signed_out")
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
    state.count("errors_shown", call.session.user)
    return problem(status, "server_error")
