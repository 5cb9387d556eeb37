"""Logins and one-time codes."""

import asyncio
import base64
import hmac
from datetime import UTC, datetime

import pyotp
import pytest
from hypothesis import given
from hypothesis import strategies as st

from payerbots import log
from payerbots.errors import CodeNeeded, ConfigError
from payerbots.portals import credentials
from payerbots.portals.config import CodeFrom, Login
from payerbots.portals.credentials import Desk, NoCodes, TimedCodes
from payerbots.portals.vaults import Environment

SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
OTHER_SECRET = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"
SHORT_SECRET = "GEZDGNBVGY3TQOJQ"
"""80 bits: what many portals hand out."""
PLAIN = Login(name="bot1", code=CodeFrom.NONE)
WITH_CODE = Login(name="bot1", code=CodeFrom.TOTP)
ENVIRON = {
    "PAYERBOTS_SUMMIT_HEALTH_BOT1_USER": "lakeside-bot",
    "PAYERBOTS_SUMMIT_HEALTH_BOT1_PASSWORD": "correct horse",
    "PAYERBOTS_SUMMIT_HEALTH_BOT1_TOTP": SECRET,
}
WINDOW = int(datetime(2026, 11, 22, 15, 0, tzinfo=UTC).timestamp())
"""The first second of a window of 30."""


class Clock:
    """Stands still; whoever sleeps moves it."""

    def __init__(self, now: float) -> None:
        self.now = now

    def __call__(self) -> float:
        return self.now

    async def sleep(self, seconds: float) -> None:
        self.now += seconds


class Used:
    """Which windows are used, as the ledger remembers it."""

    def __init__(self) -> None:
        self.last = 0

    async def __call__(self, window: int) -> bool:
        fresh, self.last = window > self.last, max(window, self.last)
        return fresh


def code_at(now: float, secret: str = SECRET) -> str:
    return asyncio.run(TimedCodes(secret, now=lambda: now).code())


def test_a_credential_comes_from_the_environment() -> None:
    found = credentials.find("summit_health", WITH_CODE, Environment(ENVIRON))
    assert (found.name, found.user, found.password) == ("bot1", "lakeside-bot", "correct horse")
    assert found.codes == TimedCodes(SECRET)


def test_where_no_code_is_asked_no_secret_is_read() -> None:
    found = credentials.find("summit_health", PLAIN, Environment(ENVIRON))
    assert found.codes == NoCodes("bot1")


@pytest.mark.parametrize("name", ENVIRON)
@pytest.mark.parametrize("value", [None, ""])
def test_a_missing_or_empty_variable_is_named(name: str, value: str | None) -> None:
    environ = {key: text for key, text in ENVIRON.items() if key != name} | (
        {} if value is None else {name: value}
    )
    with pytest.raises(ConfigError, match=f"set {name} ") as error:
        credentials.find("summit_health", WITH_CODE, Environment(environ))
    assert "correct horse" not in str(error.value)


def test_a_credential_does_not_show_its_secrets_when_it_is_printed() -> None:
    shown = repr(credentials.find("summit_health", WITH_CODE, Environment(ENVIRON)))
    assert shown == "Credential(name='bot1')"
    assert SECRET not in repr(TimedCodes(SECRET))
    assert "correct" not in repr(Environment(ENVIRON))


def test_what_was_found_never_stands_in_a_log_line() -> None:
    credentials.find("summit_health", WITH_CODE, Environment(ENVIRON))
    assert log.redacted(f"typed correct horse and {SECRET}") == "typed ••• and •••"


MOMENTS = [
    ("a window begins", 0.0, 0),
    ("in the middle", 15.0, 0),
    ("three seconds are enough to type it", 26.999, 0),
    ("three seconds or less are left", 27.0, 1),
    ("the last moment", 29.999, 1),
    ("the next window begins", 30.0, 1),
]


@pytest.mark.parametrize(("after", "window"), [row[1:] for row in MOMENTS], ids=[row[0] for row in MOMENTS])
def test_the_code_is_of_the_window_that_will_still_hold(after: float, window: int) -> None:
    assert code_at(WINDOW + after) == pyotp.TOTP(SECRET).at(WINDOW + 30 * window)


@given(st.floats(1_000_000_000, 4_000_000_000), st.floats(0, 2.9))
def test_a_portal_that_takes_the_neighbouring_window_takes_the_code(now: float, typing: float) -> None:
    code = code_at(now)
    assert pyotp.TOTP(SECRET).verify(code, for_time=int(now), valid_window=1)
    assert pyotp.TOTP(SECRET).verify(code, for_time=int(now + typing), valid_window=1)


@given(st.floats(1_000_000_000, 4_000_000_000), st.lists(st.floats(0, 40), max_size=6))
def test_no_code_is_used_twice_and_each_is_of_its_own_time(now: float, pauses: list[float]) -> None:
    clock, used = Clock(now), Used()
    codes = TimedCodes(SECRET, used, clock, clock.sleep)
    seen = []
    for pause in [0.0, *pauses]:
        clock.now += pause
        seen.append(asyncio.run(codes.code()))
        assert pyotp.TOTP(SECRET).at(int(clock.now + 3)) == seen[-1]
    assert len(set(seen)) == len(seen)


def test_a_second_code_waits_for_its_window() -> None:
    clock, used = Clock(WINDOW + 10.0), Used()
    codes = TimedCodes(SECRET, used, clock, clock.sleep)
    first = asyncio.run(codes.code())
    assert clock.now == WINDOW + 10
    second = asyncio.run(codes.code())
    assert (clock.now, first != second) == (WINDOW + 30, True)


def test_another_secret_makes_another_code() -> None:
    assert code_at(WINDOW) != code_at(WINDOW, OTHER_SECRET)


def test_without_a_way_to_codes_a_person_is_told() -> None:
    found = credentials.find("summit_health", PLAIN, Environment(ENVIRON))
    with pytest.raises(CodeNeeded, match="login bot1 has no one-time codes"):
        asyncio.run(found.code())


def test_a_code_that_was_handed_out_never_stands_in_a_log_line() -> None:
    class Typed:
        seconds = 0.0

        async def mark(self) -> None: ...

        async def code(self) -> str:
            return "K7QX41"

    login = Login(name="bot1", code=CodeFrom.PERSON)
    found = credentials.find("summit_health", login, Environment(ENVIRON), Desk(typed=Typed()))
    assert asyncio.run(found.code()) == "K7QX41"
    assert log.redacted("the code K7QX41 was typed") == "the code ••• was typed"


WRITTEN = [
    ("16 letters, as many portals hand out", SHORT_SECRET),
    ("in groups of four, as portals show it", "GEZD GNBV GY3T QOJQ GEZD GNBV GY3T QOJQ"),
    ("in small letters", SECRET.lower()),
]


@pytest.mark.parametrize("secret", [row[1] for row in WRITTEN], ids=[row[0] for row in WRITTEN])
def test_a_secret_as_portals_give_it_makes_the_code_of_the_rfc(secret: str) -> None:
    assert code_at(WINDOW, secret) == _rfc_6238(secret, WINDOW)


def test_what_is_no_secret_is_a_setting_that_is_wrong() -> None:
    environ = ENVIRON | {"PAYERBOTS_SUMMIT_HEALTH_BOT1_TOTP": "not base 32!"}
    with pytest.raises(ConfigError) as error:
        credentials.find("summit_health", WITH_CODE, Environment(environ))
    assert "not base 32" not in str(error.value)


def _rfc_6238(secret: str, moment: int) -> str:
    key = base64.b32decode(secret.replace(" ", ""), casefold=True)
    digest = hmac.digest(key, (moment // 30).to_bytes(8, "big"), "sha1")
    start = digest[-1] & 0xF
    return f"{(int.from_bytes(digest[start : start + 4], 'big') & 0x7FFFFFFF) % 1_000_000:06}"
