from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from payerbots.sandbox.cascade.logins import LOGINS

if TYPE_CHECKING:
    from collections.abc import Callable

    from payerbots.sandbox.cascade.state import CascadeState
    from payerbots.sandbox.server import PracticeSite
    from tests.sandbox.cascade.conftest import Caller, Clock

CALLS = ["/api/home", "/api/eligibility/choices", "/api/remittances", "/api/remittances/7204881"]


@pytest.mark.parametrize("path", CALLS)
def test_every_call_needs_a_session(caller: Caller, path: str) -> None:
    answer = caller.get(path)
    assert (answer.status_code, answer.json()) == (401, {"code": "signed_out"})


@pytest.mark.parametrize("path", ["/documents/7204860", "/documents/7204860/file"])
def test_a_document_without_a_session_leads_to_the_sign_in_page(caller: Caller, path: str) -> None:
    answer = caller.get(path)
    assert (answer.status_code, answer.headers["location"]) == (303, "/sign-in?ended=1")


def test_the_way_in_is_password_then_code(caller: Caller) -> None:
    assert caller.password().json() == {"next": "code"}
    assert caller.get("/api/home").status_code == 401
    assert caller.code().json()["next"] == "in"
    assert caller.get("/api/home").status_code == 200


def test_a_wrong_password_and_an_unknown_user_are_told_the_same(caller: Caller) -> None:
    wrong = caller.password(password="wrong")
    unknown = caller.post("/api/sign-in", email="nobody@lakeside.example", password="x")
    assert (wrong.status_code, wrong.json()) == (unknown.status_code, unknown.json())
    assert wrong.json() == {"code": "refused"}


def test_three_wrong_passwords_lock_the_user_alone(caller: Caller, site: PracticeSite) -> None:
    assert [caller.password(password="wrong").json()["code"] for _ in range(3)][-1] == "locked"
    assert caller.password().json() == {"code": "locked"}
    assert caller.password("bot2").json() == {"next": "code"}
    assert site.stats()["passwords_refused"] == 3


def test_a_right_password_forgives_wrong_ones(caller: Caller) -> None:
    for password in ("wrong", "wrong", LOGINS["bot1"].password, "wrong"):
        answer = caller.password(password=password)
    assert answer.json() == {"code": "refused"}


def test_a_wrong_code_is_refused(caller: Caller, site: PracticeSite) -> None:
    caller.password()
    assert caller.post("/api/sign-in/code", code="000000").json() == {"code": "code"}
    assert site.stats()["codes_refused"] == 1


def test_the_cookie_alone_gets_a_fresh_token(biller: Caller) -> None:
    del biller.client.headers["Authorization"]
    assert biller.get("/api/home").json() == {"code": "token"}
    biller.with_token(biller.post("/api/session/token"))
    assert biller.get("/api/home").status_code == 200


def test_a_token_is_worth_nothing_without_its_cookie(biller: Caller) -> None:
    biller.client.cookies.clear()
    assert biller.get("/api/home").json() == {"code": "signed_out"}


def test_a_token_runs_out_while_the_session_goes_on(biller: Caller, clock: Clock) -> None:
    clock.forward(minutes=6)
    assert biller.get("/api/home").json() == {"code": "token"}
    biller.with_token(biller.post("/api/session/token"))
    assert biller.get("/api/home").status_code == 200


@pytest.mark.parametrize(("minutes", "status"), [(9, 200), (11, 401)])
def test_an_idle_session_ends_after_ten_minutes(
    biller: Caller, clock: Clock, minutes: int, status: int
) -> None:
    clock.forward(minutes=minutes)
    assert biller.post("/api/session/token").status_code == status


def test_signing_out_ends_the_session(biller: Caller) -> None:
    biller.post("/api/session/end")
    assert biller.post("/api/session/token").status_code == 401


def test_the_cookie_is_guarded_and_nothing_is_stored(caller: Caller) -> None:
    answer = caller.password()
    assert "HttpOnly" in answer.headers["set-cookie"]
    assert "SameSite=lax" in answer.headers["set-cookie"]
    assert answer.headers["cache-control"] == "no-store"


def test_the_challenge_comes_before_the_code(caller: Caller, site: PracticeSite, state: CascadeState) -> None:
    site.set_faults(captcha=1)
    assert caller.password().json() == {"next": "challenge"}
    picture = caller.get("/api/sign-in/picture").text
    letters = "".join(re.findall(r">(\w)</text>", picture))
    assert caller.post("/api/sign-in/challenge", letters="?").json() == {"code": "letters"}
    assert caller.post("/api/sign-in/challenge", letters=letters).json() == {"next": "code"}
    assert next(iter(state.sessions.values())).letters == letters


def test_an_expired_password_is_replaced_and_used(caller: Caller, site: PracticeSite) -> None:
    site.set_faults(password_expired=1)
    fresh = "Different!Word-99"
    assert caller.password().json() == {"next": "new-password"}
    current = LOGINS["bot1"].password
    weak = caller.post("/api/sign-in/new-password", current=current, fresh="short")
    assert weak.json() == {"code": "weak_password"}
    assert caller.post("/api/sign-in/new-password", current=current, fresh=fresh).json() == {
        "next": "sign-in"
    }
    site.clear_faults()
    assert caller.password(password=fresh).json() == {"next": "code"}


@pytest.mark.parametrize(
    ("fault", "code"), [("account_locked", "locked"), ("maintenance", "maintenance")], ids=str
)
def test_faults_at_the_door(caller: Caller, site: PracticeSite, fault: str, code: str) -> None:
    site.set_faults(**{fault: 1})
    assert caller.password().json() == {"code": code}


def test_a_right_code_is_refused_while_that_fault_is_in_force(caller: Caller, site: PracticeSite) -> None:
    site.set_faults(code_refused=1)
    caller.password()
    assert caller.code().json() == {"code": "code"}


def test_several_sessions_of_one_user_live_side_by_side(new_caller: Callable[[], Caller]) -> None:
    first, second = new_caller().sign_in(), new_caller().sign_in()
    assert first.get("/api/home").status_code == second.get("/api/home").status_code == 200
