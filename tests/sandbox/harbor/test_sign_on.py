from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from payerbots.sandbox.harbor.logins import LOGINS
from payerbots.sandbox.harbor.sign_on import LOCKED, WRONG, WRONG_CODE
from payerbots.sandbox.harbor.state import Ending
from payerbots.sandbox.harbor.web import ENDINGS

if TYPE_CHECKING:
    from collections.abc import Callable

    from payerbots.sandbox.harbor.state import HarborState
    from payerbots.sandbox.server import PracticeSite
    from tests.sandbox.harbor.conftest import Clock, Visitor

WORK = ["welcome", "deposits", "statement", "reports", "menu", "banner", "file", "report", "viewer"]


def test_the_way_in_is_company_user_password_passcode(visitor: Visitor) -> None:
    visitor.password()
    assert visitor.path == "/tx/passcode"
    visitor.passcode()
    assert visitor.path == "/tx/desktop"
    assert re.findall(r'<frame name="(\w+)"', visitor.text) == ["banner", "menu", "work"]


def test_the_session_is_in_the_address_and_in_no_cookie(biller: Visitor) -> None:
    assert f";sid={biller.sid}" in str(biller.page.url)
    assert not biller.client.cookies
    biller.client.get("/tx/desktop")
    assert biller.client.get("/tx/desktop").url.path == "/tx/sign-on"


@pytest.mark.parametrize("page", WORK)
def test_a_frame_without_a_session_says_so_in_its_place(visitor: Visitor, page: str) -> None:
    visitor.get(f"/tx/{page}")
    assert visitor.path == f"/tx/{page}"
    assert ENDINGS[Ending.ENDED] in visitor.text


def test_the_desktop_cannot_be_reached_before_the_passcode(visitor: Visitor) -> None:
    visitor.password()
    visitor.get("/tx/desktop")
    assert visitor.path == "/tx/passcode"
    visitor.get("/tx/deposits")
    assert 'id="sessionEnded"' in visitor.text


@pytest.mark.parametrize(
    ("user", "password", "company"),
    [("bot1", "wrong", "LAKESIDEHME"), ("bot1", "", "ELSEWHERE"), ("nobody", "x", "LAKESIDEHME")],
    ids=["password", "company", "user"],
)
def test_what_is_wrong_at_sign_on_is_not_told(
    visitor: Visitor, user: str, password: str, company: str
) -> None:
    visitor.password(user, password or LOGINS["bot1"].password, company)
    assert WRONG in visitor.text


def test_three_wrong_passwords_lock_the_user(visitor: Visitor, bank: PracticeSite) -> None:
    for _ in range(3):
        visitor.password(password="wrong")
    assert LOCKED in visitor.text
    visitor.password()
    assert LOCKED in visitor.text
    assert bank.stats()["passwords_refused"] == 3


def test_a_wrong_passcode_is_refused(visitor: Visitor) -> None:
    visitor.password()
    visitor.post("/tx/passcode", passcode="000000")
    assert WRONG_CODE in visitor.text


def test_a_session_ends_after_ninety_idle_seconds(biller: Visitor, clock: Clock) -> None:
    clock.forward(seconds=90)
    assert "Welcome" in biller.get("/tx/welcome").text
    clock.forward(seconds=91)
    biller.get("/tx/welcome")
    assert ENDINGS[Ending.IDLE] in biller.text


def test_signing_on_again_ends_the_session_before(new_visitor: Callable[[], Visitor]) -> None:
    first, second = new_visitor().sign_on(), new_visitor().sign_on()
    first.get("/tx/welcome")
    assert ENDINGS[Ending.ELSEWHERE] in first.text
    assert "Welcome" in second.get("/tx/welcome").text


def test_signing_off_ends_the_session(biller: Visitor) -> None:
    biller.get("/tx/sign-off")
    assert ENDINGS[Ending.SIGNED_OFF] in biller.text
    assert 'id="sessionEnded"' in biller.get("/tx/welcome").text


def test_captcha_stands_after_the_password(visitor: Visitor, bank: PracticeSite, state: HarborState) -> None:
    bank.set_faults(captcha=1)
    visitor.password()
    assert visitor.client.get(visitor.link("/tx/picture")).headers["content-type"] == "image/gif"
    visitor.post("/tx/picture-check", letters="?")
    assert "show that you are a person" in visitor.text
    visitor.post("/tx/picture-check", letters=state.sessions[visitor.sid].captcha)
    assert visitor.path == "/tx/passcode"


def test_an_expired_password_must_be_changed(visitor: Visitor, bank: PracticeSite) -> None:
    bank.set_faults(password_expired=1)
    visitor.password()
    fresh = "Another-Harbor-90"
    for given in ("short", fresh):
        visitor.post(
            "/tx/new-password",
            current_password=LOGINS["bot1"].password,
            new_password=given,
            confirm_password=given,
        )
    assert ENDINGS[Ending.PASSWORD_CHANGED] in visitor.text
    bank.set_faults(password_expired=0)
    visitor.password(password=fresh)
    assert visitor.path == "/tx/passcode"


def test_code_refused_refuses_right_passcodes(visitor: Visitor, bank: PracticeSite) -> None:
    bank.set_faults(code_refused=1)
    visitor.password()
    visitor.passcode()
    assert WRONG_CODE in visitor.text


def test_account_locked_refuses_the_right_password(visitor: Visitor, bank: PracticeSite) -> None:
    bank.set_faults(account_locked=1)
    visitor.password()
    assert LOCKED in visitor.text


@pytest.mark.parametrize(("choice", "where"), [("continue", "/tx/desktop"), ("cancel", "/tx/sign-on")])
def test_second_session_asks_at_sign_on(
    visitor: Visitor, bank: PracticeSite, choice: str, where: str
) -> None:
    bank.set_faults(second_session=1)
    visitor.password()
    visitor.passcode()
    assert "already signed on at another workstation" in visitor.text
    visitor.post("/tx/in-use", choice=choice)
    assert visitor.path == where
