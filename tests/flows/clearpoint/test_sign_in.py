from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from payerbots.errors import (
    CaptchaShown,
    CodeNeeded,
    LoginInUse,
    PasswordExpired,
    PortalDown,
    SessionLost,
    SignInRefused,
)
from payerbots.portals.credentials import Credential
from payerbots.portals.mailed_codes import Mailbox, MailedCodes
from payerbots.sandbox.clearpoint.logins import LOGINS
from payerbots.sandbox.clearpoint.mailing import over_smtp
from payerbots.sandbox.mailbox import PracticeMailbox

if TYPE_CHECKING:
    from tests.flows.clearpoint.conftest import Do, House

REFUSALS = {
    "account_locked": SignInRefused,
    "captcha": CaptchaShown,
    "password_expired": PasswordExpired,
    "code_refused": CodeNeeded,
    "second_session": LoginInUse,
    "maintenance": PortalDown,
}


def test_the_code_is_read_from_the_mailbox(at_house: Do) -> None:
    async def with_real_mail(house: House) -> str:
        login = LOGINS["bot1"]
        box = Mailbox("127.0.0.1", mail.imap_port, mail.user, mail.password, tls=False)
        codes = MailedCodes(replace(box, sender="clearpoint.example"), seconds=15, poll=0.1)
        await codes.mark()
        house.state.post = over_smtp(mail.smtp_port)
        try:
            await house.flow.sign_in(house.screen, Credential("bot1", login.user, login.password, codes))
        finally:
            house.state.post = house.mails.append
        return house.screen.at

    with PracticeMailbox() as mail:
        assert at_house(with_real_mail) == "home"


@pytest.mark.parametrize("fault", REFUSALS)
def test_what_comes_instead_is_told_apart(at_house: Do, fault: str) -> None:
    async def refused(house: House) -> None:
        house.site.set_faults(**{fault: 1})
        with pytest.raises(REFUSALS[fault]):
            await house.sign_in()

    at_house(refused)


def test_a_wrong_password_is_refused_once(at_house: Do) -> None:
    async def wrong(house: House) -> object:
        codes = MailedCodes(Mailbox("127.0.0.1", 9, "u", "p", tls=False))
        with pytest.raises(SignInRefused):
            await house.flow.sign_in(house.screen, Credential("bot1", "lhm.bot1", "wrong", codes))
        return house.site.stats()["passwords_refused"]

    assert at_house(wrong) == 1


@pytest.mark.parametrize(
    ("fault", "error"), [({"logout_after": 1}, SessionLost), ({"second_session": 2}, LoginInUse)]
)
def test_a_session_that_ends_is_told(signed_in: Do, fault: dict[str, int], error: type[Exception]) -> None:
    async def lost(house: House) -> None:
        house.site.set_faults(**fault)
        while house.site.stats()["calls"] < sum(fault.values()):  # type: ignore[operator]  # a count
            await house.screen.open("home")
        with pytest.raises(error):
            await house.screen.open("home")

    signed_in(lost)
