from __future__ import annotations

from typing import TYPE_CHECKING

import pyotp
import pytest

from payerbots.sandbox.logins import LOGINS
from payerbots.sandbox.sign_in import LOCKED, WRONG, WRONG_CODE

if TYPE_CHECKING:
    from collections.abc import Callable

    from payerbots.sandbox.server import PracticePortal
    from tests.sandbox.conftest import Clock, Visitor

ENDED = "Your session has ended"
ELSEWHERE = "You have been signed out because your user ID signed in from another location"


@pytest.mark.parametrize(
    "path", ["/home", "/eligibility", "/equipment", "/authorizations", "/messages", "/claims"]
)
def test_every_page_needs_a_session(visitor: Visitor, path: str) -> None:
    visitor.get(path)
    assert visitor.path == "/sign-in"
    assert ENDED in visitor.text


def test_the_way_in_is_password_code_terms_home(visitor: Visitor) -> None:
    seen = []
    visitor.password()
    seen.append(visitor.path)
    visitor.code()
    seen.append(visitor.path)
    visitor.post("/sign-in/terms")
    assert [*seen, visitor.path] == ["/sign-in/code", "/sign-in/terms", "/home"]


def test_terms_are_shown_once_a_day_and_user(biller: Visitor, clock: Clock) -> None:
    biller.post("/sign-out")
    biller.password()
    biller.code()
    assert biller.path == "/home"
    clock.forward(days=1)
    biller.password()
    biller.code()
    assert biller.path == "/sign-in/terms"


def test_home_cannot_be_reached_before_the_code(visitor: Visitor) -> None:
    visitor.password()
    visitor.get("/home")
    assert visitor.path == "/sign-in/code"


def test_an_announcement_is_in_the_way_at_the_first_visit_of_a_session(biller: Visitor) -> None:
    assert 'data-testid="announcement"' in biller.text
    biller.get("/home")
    assert 'data-testid="announcement"' not in biller.text


def test_a_wrong_password_is_refused(visitor: Visitor) -> None:
    visitor.password(password="wrong")
    assert WRONG in visitor.text


def test_an_unknown_user_is_told_the_same(visitor: Visitor) -> None:
    visitor.get("/sign-in")
    visitor.post("/sign-in", user_id="nobody", password="x")
    assert WRONG in visitor.text


def test_three_wrong_passwords_lock_the_user(visitor: Visitor, portal: PracticePortal) -> None:
    for _ in range(3):
        visitor.password(password="wrong")
    assert LOCKED in visitor.text
    visitor.password()
    assert LOCKED in visitor.text
    assert portal.stats()["passwords_refused"] == 3


def test_a_lock_is_one_users_own(visitor: Visitor) -> None:
    for _ in range(3):
        visitor.password("bot1", "wrong")
    visitor.sign_in("bot2")
    assert visitor.path == "/home"


def test_a_right_password_forgives_wrong_ones(visitor: Visitor) -> None:
    for password in ("wrong", "wrong", LOGINS["bot1"].password, "wrong", "wrong"):
        visitor.client.cookies.clear()
        visitor.password(password=password)
    assert WRONG in visitor.text


def test_a_wrong_code_is_refused(visitor: Visitor, portal: PracticePortal) -> None:
    visitor.password()
    visitor.post("/sign-in/code", code="000000")
    assert WRONG_CODE in visitor.text
    assert portal.stats()["codes_refused"] == 1


@pytest.mark.parametrize(
    ("seconds", "path"), [(-30, "/sign-in/terms"), (30, "/sign-in/terms"), (90, "/sign-in/code")]
)
def test_a_code_holds_for_one_step_either_way(
    visitor: Visitor, clock: Clock, seconds: int, path: str
) -> None:
    visitor.password()
    code = pyotp.TOTP(LOGINS["bot1"].totp_secret).at(clock.now.timestamp() + seconds)
    visitor.post("/sign-in/code", code=code)
    assert visitor.path == path


def test_a_form_without_the_pages_token_is_refused(visitor: Visitor) -> None:
    visitor.get("/sign-in")
    answer = visitor.post("/sign-in", user_id="bot1", password="x", csrf_token="other")
    assert answer.status_code == 403


def test_a_new_sign_in_ends_the_older_session(new_visitor: Callable[[], Visitor]) -> None:
    older, newer = new_visitor().sign_in(), new_visitor().sign_in()
    older.get("/eligibility")
    assert ELSEWHERE in older.text
    newer.get("/eligibility")
    assert newer.path == "/eligibility"


def test_two_users_do_not_disturb_each_other(new_visitor: Callable[[], Visitor]) -> None:
    first, second = new_visitor().sign_in("bot1"), new_visitor().sign_in("bot2")
    assert first.get("/home").url.path == second.get("/home").url.path == "/home"


@pytest.mark.parametrize(("minutes", "path"), [(14, "/home"), (16, "/sign-in")])
def test_an_idle_session_ends_after_a_quarter_of_an_hour(
    biller: Visitor, clock: Clock, minutes: int, path: str
) -> None:
    clock.forward(minutes=minutes)
    biller.get("/home")
    assert biller.path == path


def test_signing_out_ends_the_session(biller: Visitor) -> None:
    biller.post("/sign-out")
    assert "You have signed out" in biller.text
    assert biller.get("/home").url.path == "/sign-in"


def test_the_session_cookie_is_guarded_and_pages_are_not_stored(visitor: Visitor) -> None:
    answer = visitor.get("/sign-in")
    assert answer.headers["cache-control"] == "no-store"
    assert "HttpOnly" in answer.headers["set-cookie"]
    assert "SameSite=lax" in answer.headers["set-cookie"]


def test_a_page_weighs_about_as_much_as_a_real_one(biller: Visitor) -> None:
    files = ("portal.css", "portal.js", "mark.svg", "ridge.png", "valley.png")
    weight = len(biller.page.content) + sum(len(biller.get(f"/static/{name}").content) for name in files)
    assert 220_000 < weight < 380_000
