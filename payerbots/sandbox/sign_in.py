"""The way in: password, one-time code, terms of use, and what may stand between them."""

from __future__ import annotations

import io
import secrets
from typing import TYPE_CHECKING

import pyotp
from PIL import Image, ImageDraw, ImageFont
from starlette.responses import Response

from payerbots.sandbox.state import PASSWORD_TRIES, Ending, Session, Stage
from payerbots.sandbox.web import Visit, public

if TYPE_CHECKING:
    from payerbots.sandbox.state import Portal, User

WRONG = "The user ID or password you entered is incorrect."
LOCKED = "Your account has been locked. Call Provider Support"
WRONG_CODE = "The code you entered is not valid"
ENDINGS = {
    Ending.ENDED: "Your session has ended. Please sign in again to continue.",
    Ending.ELSEWHERE: "You have been signed out because your user ID signed in from another location",
    Ending.SIGNED_OUT: "You have signed out.",
    Ending.PASSWORD_CHANGED: "Your password has been changed. Please sign in with your new password.",
}
CAPTCHA_LETTERS = "ACDEFHJKMNPRTWXY"
SHORTEST_PASSWORD = 12


@public
async def sign_in(visit: Visit) -> Response:
    """Asks for user ID and password."""
    if visit.session.stage is Stage.IN and not visit.posted:
        return visit.go("/home")
    if visit.posted:
        return _password_given(visit)
    asked = visit.request.query_params.get("m", "")
    note = ENDINGS.get(Ending(asked)) if asked in set(Ending) else None
    return visit.page("sign_in.html", note=note, error=None, user="")


def _password_given(visit: Visit) -> Response:
    portal = visit.portal
    name = visit.form.get("user_id", "").lower()
    user = portal.users.get(name)
    portal.count("sign_in_attempts", name if user else "")
    if user is not None and (user.locked or portal.faults.account_locked):
        return visit.page("sign_in.html", note=None, error=LOCKED, user=name)
    if user is None or not secrets.compare_digest(user.password, visit.form.get("password", "")):
        return _refused(visit, user, name)
    user.failures = 0
    fresh = _renewed(visit, name)
    fresh.stage = _after_password(portal)
    return visit.go(fresh.stage.value)


def _refused(visit: Visit, user: User | None, name: str) -> Response:
    visit.portal.count("passwords_refused", name if user else "")
    error = WRONG
    if user:
        user.failures += 1
        user.locked = user.failures >= PASSWORD_TRIES
        error = LOCKED if user.locked else WRONG
    return visit.page("sign_in.html", note=None, error=error, user=name)


def _renewed(visit: Visit, name: str) -> Session:
    """Give the visit a new session once the password was right."""
    visit.portal.sessions.pop(visit.session.key, None)
    visit.session = visit.portal.open_session()
    visit.session.user = name
    return visit.session


def _after_password(portal: Portal) -> Stage:
    if portal.faults.captcha:
        return Stage.CAPTCHA
    return _after_captcha(portal)


def _after_captcha(portal: Portal) -> Stage:
    return Stage.NEW_PASSWORD if portal.faults.password_expired else Stage.CODE


def _at(visit: Visit, stage: Stage) -> Response | None:
    """Where to go instead, if the session is not at this stage."""
    if visit.session.stage is stage:
        return None
    where = "/sign-in?m=ended" if visit.session.stage is Stage.PASSWORD else visit.session.stage.value
    return visit.go(where)


@public
async def verify_human(visit: Visit) -> Response:
    """Asks for the letters in a picture."""
    if away := _at(visit, Stage.CAPTCHA):
        return away
    right = bool(visit.session.captcha) and visit.form.get("letters", "").upper() == visit.session.captcha
    if visit.posted and right:
        visit.session.stage = _after_captcha(visit.portal)
        return visit.go(visit.session.stage.value)
    visit.session.captcha = "".join(secrets.choice(CAPTCHA_LETTERS) for _ in range(5))
    error = "The letters do not match. Please try again." if visit.posted else None
    return visit.page("verify_human.html", error=error)


@public
async def picture(visit: Visit) -> Response:
    """Show the picture with the letters."""
    if away := _at(visit, Stage.CAPTCHA):
        return away
    image = Image.new("RGB", (230, 72), "#eef3f6")
    draw = ImageDraw.Draw(image)
    for place, letter in enumerate(visit.session.captcha):
        at = (18 + 40 * place, 10 + secrets.randbelow(20))
        draw.text(at, letter, fill="#28465c", font=ImageFont.load_default(size=34))
    for _ in range(7):
        draw.line([(0, secrets.randbelow(72)), (230, secrets.randbelow(72))], fill="#8aa3b3", width=2)
    buffer = io.BytesIO()
    image.save(buffer, "PNG")
    return Response(buffer.getvalue(), media_type="image/png")


@public
async def new_password(visit: Visit) -> Response:
    """Force a change of the password."""
    if away := _at(visit, Stage.NEW_PASSWORD):
        return away
    error = None
    if visit.posted:
        user = visit.portal.users[visit.session.user]
        error = _password_fault(visit, user)
        if error is None:
            user.password = visit.form["new_password"]
            visit.portal.end_session(visit.session, Ending.PASSWORD_CHANGED)
            return _signed_off(visit, Ending.PASSWORD_CHANGED)
    return visit.page("new_password.html", error=error)


def _password_fault(visit: Visit, user: User) -> str | None:
    form = visit.form
    if not secrets.compare_digest(form.get("current_password", ""), user.password):
        return "Your current password is incorrect."
    if len(form.get("new_password", "")) < SHORTEST_PASSWORD or form["new_password"] == user.password:
        return f"The new password must be different and have at least {SHORTEST_PASSWORD} characters."
    return None if form["new_password"] == form.get("confirm_password") else "The new passwords do not match."


@public
async def code(visit: Visit) -> Response:
    """Asks for the one-time code."""
    if away := _at(visit, Stage.CODE):
        return away
    if not visit.posted:
        return visit.page("code.html", error=None)
    portal, user = visit.portal, visit.portal.users[visit.session.user]
    totp = pyotp.TOTP(user.login.totp_secret)
    given = visit.form.get("code", "").replace(" ", "")
    if portal.faults.code_refused or not totp.verify(given, for_time=portal.clock(), valid_window=1):
        portal.count("codes_refused", visit.session.user)
        return visit.page("code.html", error=WRONG_CODE)
    if portal.faults.second_session:
        visit.session.stage = Stage.ELSEWHERE
        return visit.go(visit.session.stage.value)
    return _proceed(visit)


@public
async def active_session(visit: Visit) -> Response:
    """Asks whether to end the session that is open elsewhere."""
    if away := _at(visit, Stage.ELSEWHERE):
        return away
    if not visit.posted:
        return visit.page("active_session.html")
    if visit.form.get("choice") != "continue":
        visit.portal.end_session(visit.session, Ending.SIGNED_OUT)
        return _signed_off(visit, Ending.SIGNED_OUT)
    return _proceed(visit)


@public
async def attestation(visit: Visit) -> Response:
    """Asks for the yearly statement, signed with the user's own name."""
    if away := _at(visit, Stage.ATTESTATION):
        return away
    error = None
    if visit.posted:
        if visit.form.get("agree") and visit.form.get("signature"):
            visit.portal.users[visit.session.user].attested = True
            return _proceed(visit)
        error = "Check the box and type your full name to sign."
    return visit.page("attestation.html", error=error)


@public
async def terms(visit: Visit) -> Response:
    """Show the terms of use, once a day and user."""
    if away := _at(visit, Stage.TERMS):
        return away
    if not visit.posted:
        return visit.page("terms.html")
    visit.portal.users[visit.session.user].terms_on = visit.portal.clock().date()
    return _proceed(visit)


def _proceed(visit: Visit) -> Response:
    """To the next page that this user has to see, at last to the home page."""
    portal, session = visit.portal, visit.session
    user = portal.users[session.user]
    if portal.faults.attestation and not user.attested:
        session.stage = Stage.ATTESTATION
    elif user.terms_on != portal.clock().date():
        session.stage = Stage.TERMS
    else:
        session.stage = Stage.IN
        portal.count("sign_ins", session.user)
        for other in portal.others_of(session):
            portal.end_session(other, Ending.ELSEWHERE)
    return visit.go(session.stage.value)


@public
async def sign_out(visit: Visit) -> Response:
    """End the session."""
    visit.portal.end_session(visit.session, Ending.SIGNED_OUT)
    return _signed_off(visit, Ending.SIGNED_OUT)


def _signed_off(visit: Visit, ending: Ending) -> Response:
    """To the sign-in page with a fresh session and a word on what happened."""
    visit.session = visit.portal.open_session()
    return visit.go(f"/sign-in?m={ending.value}")
