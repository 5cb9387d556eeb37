"""The way in: company, user and password, the code of a token, and what may stand between them."""

from __future__ import annotations

import io
import secrets
from typing import TYPE_CHECKING

import pyotp
from PIL import Image, ImageDraw, ImageFont
from starlette.responses import RedirectResponse, Response

from payerbots.sandbox.harbor.state import PASSWORD_TRIES, Ending, Stage
from payerbots.sandbox.harbor.web import (
    ENDINGS,
    SEE_OTHER,
    Visit,
    anybody,
    form_of,
    on_the_way_in,
    render,
    to_sign_on,
)

if TYPE_CHECKING:
    from starlette.requests import Request

    from payerbots.sandbox.harbor.state import HarborState, User

WRONG = "The Company ID, User ID or Password entered is not valid. (SGN-0104)"
LOCKED = "This User ID has been locked. Contact your company administrator. (SGN-0117)"
WRONG_CODE = "The passcode entered is not valid. (SGN-0131)"
PICTURE_LETTERS = "ACDEFHJKMNPRTWXY"
SHORTEST_PASSWORD = 12


@anybody
async def root(_request: Request, _state: HarborState) -> Response:
    """To the sign-on page."""
    return RedirectResponse("/tx/sign-on", status_code=SEE_OTHER)


@anybody
async def missing(_request: Request, state: HarborState) -> Response:
    """What is not there."""
    return render(state, "error.html", 404, {"status": 404})


@anybody
async def sign_on(request: Request, state: HarborState) -> Response:
    """Asks for company, user and password."""
    if request.method == "POST":
        return await _password_given(request, state)
    asked = request.query_params.get("m", "")
    return form(state, note=ENDINGS[Ending(asked)] if asked in set(Ending) else "")


def form(state: HarborState, note: str = "", error: str = "", user: str = "", company: str = "") -> Response:
    """The sign-on page."""
    words = {"note": note, "error": error, "user": user, "company": company}
    return render(state, "sign_on.html", context={**words})


async def _password_given(request: Request, state: HarborState) -> Response:
    given = await form_of(request)
    name, company = given.get("user_id", "").lower(), given.get("company_id", "").upper()
    user = state.users.get(name)
    state.count("sign_in_attempts", name if user else "")
    if user is not None and (user.locked or state.faults.account_locked):
        return form(state, error=LOCKED, user=name, company=company)
    if user is None or not _is_right(user, company, given.get("password", "")):
        return form(state, error=_refused(state, user, name), user=name, company=company)
    user.failures = 0
    session = state.open_session(name, _after_password(state))
    return Visit(request, state, session, given).go(session.stage.value)


def _is_right(user: User, company: str, password: str) -> bool:
    same = secrets.compare_digest(user.password.encode(), password.encode())
    return same and company == user.login.company


def _refused(state: HarborState, user: User | None, name: str) -> str:
    state.count("passwords_refused", name if user else "")
    if user is None:
        return WRONG
    user.failures += 1
    user.locked = user.failures >= PASSWORD_TRIES
    return LOCKED if user.locked else WRONG


def _after_password(state: HarborState) -> Stage:
    return Stage.CAPTCHA if state.faults.captcha else _after_picture(state)


def _after_picture(state: HarborState) -> Stage:
    return Stage.NEW_PASSWORD if state.faults.password_expired else Stage.PASSCODE


@on_the_way_in(Stage.CAPTCHA)
async def picture_check(visit: Visit) -> Response:
    """Asks for the letters in a picture."""
    session = visit.session
    if visit.posted and session.captcha and visit.form.get("letters", "").upper() == session.captcha:
        session.stage = _after_picture(visit.state)
        return visit.go(session.stage.value)
    session.captcha = "".join(secrets.choice(PICTURE_LETTERS) for _ in range(5))
    error = "The characters do not match. Please try again." if visit.posted else ""
    return visit.page("picture_check.html", error=error)


@on_the_way_in(Stage.CAPTCHA)
async def picture(visit: Visit) -> Response:
    """Show the picture with the letters."""
    image = Image.new("RGB", (210, 60), "#dfe6ee")
    draw = ImageDraw.Draw(image)
    for place, letter in enumerate(visit.session.captcha):
        at = (14 + 38 * place, 6 + secrets.randbelow(18))
        draw.text(at, letter, fill="#00305f", font=ImageFont.load_default(size=30))
    for _ in range(8):
        draw.line([(0, secrets.randbelow(60)), (210, secrets.randbelow(60))], fill="#7f94ab")
    buffer = io.BytesIO()
    image.save(buffer, "GIF")
    return Response(buffer.getvalue(), media_type="image/gif")


@on_the_way_in(Stage.NEW_PASSWORD)
async def new_password(visit: Visit) -> Response:
    """Force a change of the password."""
    user = visit.state.users[visit.session.user]
    error = _password_fault(visit.form, user) if visit.posted else ""
    if not visit.posted or error:
        return visit.page("new_password.html", error=error)
    user.password = visit.form["new_password"]
    visit.state.end_session(visit.session, Ending.PASSWORD_CHANGED)
    return to_sign_on(Ending.PASSWORD_CHANGED)


def _password_fault(given: dict[str, str], user: User) -> str:
    new = given.get("new_password", "")
    if given.get("current_password") != user.password:
        return "Your current password is not valid."
    if len(new) < SHORTEST_PASSWORD or new == user.password:
        return f"The new password must be different and at least {SHORTEST_PASSWORD} characters long."
    return "" if new == given.get("confirm_password") else "The new passwords do not match."


@on_the_way_in(Stage.PASSCODE)
async def passcode(visit: Visit) -> Response:
    """Asks for the code that the user's token shows."""
    if not visit.posted:
        return visit.page("passcode.html", error="")
    state, session = visit.state, visit.session
    totp = pyotp.TOTP(state.users[session.user].login.totp_secret)
    given = visit.form.get("passcode", "").replace(" ", "")
    if state.faults.code_refused or not totp.verify(given, for_time=state.clock(), valid_window=1):
        state.count("codes_refused", session.user)
        return visit.page("passcode.html", error=WRONG_CODE)
    if state.faults.second_session:
        session.stage = Stage.IN_USE
    else:
        state.let_in(session)
    return visit.go(session.stage.value)


@on_the_way_in(Stage.IN_USE)
async def in_use(visit: Visit) -> Response:
    """Asks whether to end the session that is open elsewhere."""
    if not visit.posted:
        return visit.page("in_use.html")
    if visit.form.get("choice") != "continue":
        visit.state.end_session(visit.session, Ending.SIGNED_OFF)
        return to_sign_on(Ending.SIGNED_OFF)
    visit.state.let_in(visit.session)
    return visit.go(Stage.IN.value)
