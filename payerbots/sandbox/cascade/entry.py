"""The way in: password, perhaps a challenge or a new password, one-time code; tokens; the way out."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING, Any

import pyotp
from starlette.responses import Response

from payerbots.sandbox.cascade.guard import (
    COOKIE,
    answer,
    kept_private,
    problem,
    read_json,
    session_of,
    with_cookie,
)
from payerbots.sandbox.cascade.state import IDLE, CascadeState, Session, Step

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from starlette.requests import Request

    Handler = Callable[[CascadeState, Session, dict[str, Any]], Response]
    Endpoint = Callable[[Request], Awaitable[Response]]

PASSWORD_TRIES = 3
SHORTEST_PASSWORD = 12
LETTERS = "ACDEFHJKMNPRTWXY"


async def sign_in(request: Request) -> Response:
    """Take email and password; the answer says which step comes next."""
    state: CascadeState = request.app.state.portal
    if state.faults.maintenance:
        return problem(503, "maintenance")
    body = await read_json(request)
    name = str(body.get("email", "")).strip().lower()
    user = state.users.get(name)
    state.count("sign_in_attempts", name if user else "")
    if user is not None and (user.locked or state.faults.account_locked):
        return problem(403, "locked")
    if user is None or not secrets.compare_digest(user.password, str(body.get("password", ""))):
        return _refused(state, name)
    user.failures = 0
    session = state.open_session(name, _first_step(state))
    return with_cookie(answer({"next": session.step.value}), session)


def _refused(state: CascadeState, name: str) -> Response:
    user = state.users.get(name)
    state.count("passwords_refused", name if user else "")
    if user is None:
        return problem(403, "refused")
    user.failures += 1
    user.locked = user.failures >= PASSWORD_TRIES
    return problem(403, "locked" if user.locked else "refused")


def _first_step(state: CascadeState) -> Step:
    return Step.CHALLENGE if state.faults.captcha else _after_challenge(state)


def _after_challenge(state: CascadeState) -> Step:
    return Step.NEW_PASSWORD if state.faults.password_expired else Step.CODE


def _at(step: Step, handler: Handler) -> Endpoint:
    """Wrap what belongs to one step of signing in."""

    async def endpoint(request: Request) -> Response:
        state: CascadeState = request.app.state.portal
        if state.faults.maintenance:
            return problem(503, "maintenance")
        session = session_of(request)
        if session is None or session.step is not step:
            return problem(401, "signed_out")
        return kept_private(handler(state, session, await read_json(request)))

    return endpoint


def _picture(_state: CascadeState, session: Session, _body: dict[str, Any]) -> Response:
    """Draw the letters that the challenge asks for."""
    session.letters = "".join(secrets.choice(LETTERS) for _ in range(5))
    shapes = "".join(
        f'<text x="{22 + 38 * place}" y="{40 + secrets.randbelow(16)}" font-size="30" font-family="Georgia" '
        f'transform="rotate({secrets.randbelow(30) - 15} {22 + 38 * place} 40)">{letter}</text>'
        for place, letter in enumerate(session.letters)
    )
    return Response(
        f'<svg xmlns="http://www.w3.org/2000/svg" width="230" height="72" fill="#2b3a67">{shapes}'
        '<path d="M0 30 Q60 60 120 28 T230 40" stroke="#8b93b8" fill="none" stroke-width="2"/></svg>',
        media_type="image/svg+xml",
    )


def _challenge(state: CascadeState, session: Session, body: dict[str, Any]) -> Response:
    given = str(body.get("letters", "")).strip().upper()
    if not session.letters or given != session.letters:
        return problem(422, "letters")
    session.step = _after_challenge(state)
    return answer({"next": session.step.value})


def _new_password(state: CascadeState, session: Session, body: dict[str, Any]) -> Response:
    user, fresh = state.users[session.user], str(body.get("fresh", ""))
    if not secrets.compare_digest(user.password, str(body.get("current", ""))):
        return problem(422, "current_password")
    if len(fresh) < SHORTEST_PASSWORD or fresh == user.password:
        return problem(422, "weak_password")
    user.password = fresh
    state.end_session(session)
    return answer({"next": "sign-in"})


def _code(state: CascadeState, session: Session, body: dict[str, Any]) -> Response:
    totp = pyotp.TOTP(state.users[session.user].login.totp_secret)
    given = str(body.get("code", "")).replace(" ", "")
    if state.faults.code_refused or not totp.verify(given, for_time=state.clock(), valid_window=1):
        state.count("codes_refused", session.user)
        return problem(422, "code")
    session.step = Step.IN
    state.count("sign_ins", session.user)
    return _greeting(state, session, body)


def _greeting(state: CascadeState, session: Session, _body: dict[str, Any]) -> Response:
    """Return what the page needs to know of its user, with a fresh token."""
    return answer(
        {
            "next": "in",
            "token": state.new_token(session),
            "name": state.users[session.user].login.name,
            "idle_seconds": IDLE.total_seconds(),
            "popup": state.faults.popup,
        }
    )


def _touch(_state: CascadeState, _session: Session, _body: dict[str, Any]) -> Response:
    return answer({})


picture = _at(Step.CHALLENGE, _picture)
challenge = _at(Step.CHALLENGE, _challenge)
new_password = _at(Step.NEW_PASSWORD, _new_password)
code = _at(Step.CODE, _code)
token = _at(Step.IN, _greeting)
touch = _at(Step.IN, _touch)


async def sign_out(request: Request) -> Response:
    """End the session."""
    state: CascadeState = request.app.state.portal
    if session := session_of(request):
        state.end_session(session)
    response = answer({})
    response.delete_cookie(COOKIE, path="/")
    return response
