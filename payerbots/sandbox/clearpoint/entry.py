"""The way in: password, perhaps a challenge or a new password, the code that is mailed; and the way out."""

from __future__ import annotations

import asyncio
import secrets
from typing import TYPE_CHECKING, Any

from starlette.responses import Response

from payerbots.sandbox.clearpoint import mailing
from payerbots.sandbox.clearpoint.guard import (
    COOKIE,
    answer,
    kept_private,
    problem,
    read_json,
    session_of,
    signed_out,
    with_cookie,
)
from payerbots.sandbox.clearpoint.state import IDLE, ClearpointState, Session, Step

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from starlette.requests import Request

    Handler = Callable[[ClearpointState, Session, dict[str, Any]], Awaitable[Response]]
    Endpoint = Callable[[Request], Awaitable[Response]]

PASSWORD_TRIES = 3
SHORTEST_PASSWORD = 12
LETTERS = "ACDEFHJKMNPRTWXY"


async def sign_in(request: Request) -> Response:
    """Take user and password; the answer says which step comes next."""
    state: ClearpointState = request.app.state.portal
    if state.faults.maintenance:
        return problem(503, "maintenance")
    body = await read_json(request)
    name = str(body.get("user", "")).strip().lower()
    user = state.users.get(name)
    state.count("sign_in_attempts", name if user else "")
    if user is not None and (user.locked or state.faults.account_locked):
        return problem(403, "locked")
    if user is None or not secrets.compare_digest(
        user.password.encode(), str(body.get("password", "")).encode()
    ):
        return _refused(state, name)
    user.failures = 0
    session = state.open_session(name, Step.CHALLENGE if state.faults.captcha else _after_challenge(state))
    if session.step is Step.CODE:
        await _mail(state, session)
    return with_cookie(_next(session), session)


def _refused(state: ClearpointState, name: str) -> Response:
    user = state.users.get(name)
    state.count("passwords_refused", name if user else "")
    if user is None:
        return problem(403, "refused")
    user.failures += 1
    user.locked = user.failures >= PASSWORD_TRIES
    return problem(403, "locked" if user.locked else "refused")


def _after_challenge(state: ClearpointState) -> Step:
    return Step.NEW_PASSWORD if state.faults.password_expired else Step.CODE


def _next(session: Session) -> Response:
    return answer({"next": session.step.value})


async def _mail(state: ClearpointState, session: Session) -> None:
    """Mail a code; where no way to post is given, nobody gets it."""
    login = state.users[session.user].login
    message = mailing.mail(login, state.new_code(session), state.clock())
    if state.post is not None:
        await asyncio.to_thread(state.post, message)


def _at(step: Step, handler: Handler) -> Endpoint:
    """Wrap what belongs to one step of signing in."""

    async def endpoint(request: Request) -> Response:
        state: ClearpointState = request.app.state.portal
        if state.faults.maintenance:
            return problem(503, "maintenance")
        session = session_of(request)
        if session is None or session.step is not step:
            return signed_out(request)
        return kept_private(await handler(state, session, await read_json(request)))

    return endpoint


async def _picture(_state: ClearpointState, session: Session, _body: dict[str, Any]) -> Response:
    """Draw the letters that the challenge asks for."""
    session.letters = "".join(secrets.choice(LETTERS) for _ in range(5))
    shapes = "".join(
        f'<text x="{20 + 40 * place}" y="{44 + secrets.randbelow(14)}" font-size="32" font-family="Verdana" '
        f'transform="rotate({secrets.randbelow(34) - 17} {20 + 40 * place} 40)">{letter}</text>'
        for place, letter in enumerate(session.letters)
    )
    return Response(
        f'<svg xmlns="http://www.w3.org/2000/svg" width="240" height="76" fill="#0f5f5c">{shapes}'
        '<path d="M0 44 Q70 10 130 46 T240 24" stroke="#7fb8b2" fill="none" stroke-width="2"/></svg>',
        media_type="image/svg+xml",
    )


async def _challenge(state: ClearpointState, session: Session, body: dict[str, Any]) -> Response:
    given = str(body.get("letters", "")).strip().upper()
    if not session.letters or given != session.letters:
        return problem(422, "letters")
    session.step = _after_challenge(state)
    if session.step is Step.CODE:
        await _mail(state, session)
    return _next(session)


async def _new_password(state: ClearpointState, session: Session, body: dict[str, Any]) -> Response:
    user, fresh = state.users[session.user], str(body.get("fresh", ""))
    if not secrets.compare_digest(user.password.encode(), str(body.get("current", "")).encode()):
        return problem(422, "current_password")
    if len(fresh) < SHORTEST_PASSWORD or fresh == user.password:
        return problem(422, "weak_password")
    user.password = fresh
    state.end_session(session)
    return answer({"next": "sign-in"})


async def _code(state: ClearpointState, session: Session, body: dict[str, Any]) -> Response:
    given = str(body.get("code", "")).replace(" ", "")
    alive = session.code_until is not None and state.clock() < session.code_until
    right = bool(session.code) and alive and secrets.compare_digest(given.encode(), session.code.encode())
    if state.faults.code_refused or not right:
        state.count("codes_refused", session.user)
        return problem(422, "code")
    session.code = ""
    if state.faults.second_session:
        session.step = Step.IN_USE
        return _next(session)
    state.let_in(session)
    return _next(session)


async def _resend(state: ClearpointState, session: Session, _body: dict[str, Any]) -> Response:
    await _mail(state, session)
    return answer({})


async def _take_over(state: ClearpointState, session: Session, _body: dict[str, Any]) -> Response:
    state.let_in(session)
    return _next(session)


async def _me(state: ClearpointState, session: Session, _body: dict[str, Any]) -> Response:
    """Return what the page needs to know of its user, with its token."""
    user = state.users[session.user]
    popup = bool(state.faults.popup) and not session.announced
    session.announced = session.announced or popup
    return answer(
        {
            "token": session.token,
            "user": session.user,
            "name": user.login.name,
            "columns": list(user.columns),
            "idle_seconds": IDLE.total_seconds(),
            "popup": popup,
        }
    )


async def _touch(_state: ClearpointState, _session: Session, _body: dict[str, Any]) -> Response:
    return answer({})


picture = _at(Step.CHALLENGE, _picture)
challenge = _at(Step.CHALLENGE, _challenge)
new_password = _at(Step.NEW_PASSWORD, _new_password)
code = _at(Step.CODE, _code)
resend = _at(Step.CODE, _resend)
take_over = _at(Step.IN_USE, _take_over)
me = _at(Step.IN, _me)
touch = _at(Step.IN, _touch)


async def sign_out(request: Request) -> Response:
    """End the session."""
    state: ClearpointState = request.app.state.portal
    if session := session_of(request):
        state.end_session(session)
    response = answer({})
    response.delete_cookie(COOKIE, path="/")
    return response
