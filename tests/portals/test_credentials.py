"""Logins and one-time codes."""

import base64
import hmac
from datetime import UTC, datetime

import pyotp
import pytest
from hypothesis import given
from hypothesis import strategies as st

from payerbots.errors import CodeNeeded, ConfigError
from payerbots.portals import credentials
from payerbots.portals.config import CodeFrom, Login
from payerbots.portals.credentials import Credential

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


def test_a_credential_comes_from_the_environment() -> None:
    found = credentials.find("summit_health", WITH_CODE, ENVIRON)
    assert found == Credential("bot1", "lakeside-bot", "correct horse", SECRET)


def test_where_no_code_is_asked_no_secret_is_read() -> None:
    assert credentials.find("summit_health", PLAIN, ENVIRON).totp_secret is None


@pytest.mark.parametrize("name", ENVIRON)
@pytest.mark.parametrize("value", [None, ""])
def test_a_missing_or_empty_variable_is_named(name: str, value: str | None) -> None:
    environ = {key: text for key, text in ENVIRON.items() if key != name} | (
        {} if value is None else {name: value}
    )
    with pytest.raises(ConfigError, match=f"set {name}:") as error:
        credentials.find("summit_health", WITH_CODE, environ)
    assert "correct horse" not in str(error.value)


def test_a_credential_does_not_show_its_secrets_when_it_is_printed() -> None:
    shown = repr(credentials.find("summit_health", WITH_CODE, ENVIRON))
    assert shown == "Credential(name='bot1')"


def _credential(secret: str | None = SECRET) -> Credential:
    return Credential("bot1", "lakeside-bot", "correct horse", secret)


MOMENTS = [
    ("a window begins", 0.0, 0),
    ("in the middle", 15.0, 0),
    ("three seconds are enough to type it", 27.0, 0),
    ("less than three seconds are left", 27.001, 1),
    ("the last moment", 29.999, 1),
    ("the next window begins", 30.0, 1),
]


@pytest.mark.parametrize(("after", "window"), [row[1:] for row in MOMENTS], ids=[row[0] for row in MOMENTS])
def test_the_code_is_of_the_window_that_will_still_hold(after: float, window: int) -> None:
    code = _credential().code(lambda: WINDOW + after)
    assert code == pyotp.TOTP(SECRET).at(WINDOW + 30 * window)


@given(st.floats(1_000_000_000, 4_000_000_000), st.floats(0, 2.9))
def test_a_portal_that_takes_the_neighbouring_window_takes_the_code(now: float, typing: float) -> None:
    code = _credential().code(lambda: now)
    assert pyotp.TOTP(SECRET).verify(code, for_time=int(now), valid_window=1)
    assert pyotp.TOTP(SECRET).verify(code, for_time=int(now + typing), valid_window=1)


def test_another_secret_makes_another_code() -> None:
    def now() -> float:
        return WINDOW

    assert _credential().code(now) != _credential(OTHER_SECRET).code(now)


def test_without_a_secret_a_person_has_to_make_the_code() -> None:
    with pytest.raises(CodeNeeded, match="login bot1 has no secret"):
        _credential(None).code(lambda: WINDOW)


WRITTEN = [
    ("16 letters, as many portals hand out", SHORT_SECRET),
    ("in groups of four, as portals show it", "GEZD GNBV GY3T QOJQ GEZD GNBV GY3T QOJQ"),
    ("in small letters", SECRET.lower()),
]


@pytest.mark.parametrize("secret", [row[1] for row in WRITTEN], ids=[row[0] for row in WRITTEN])
def test_a_secret_as_portals_give_it_makes_the_code_of_the_rfc(secret: str) -> None:
    assert _credential(secret).code(lambda: WINDOW) == _rfc_6238(secret, WINDOW)


def test_what_is_no_secret_is_a_setting_that_is_wrong() -> None:
    environ = ENVIRON | {"PAYERBOTS_SUMMIT_HEALTH_BOT1_TOTP": "not base 32!"}
    with pytest.raises(ConfigError) as error:
        credentials.find("summit_health", WITH_CODE, environ).code(lambda: WINDOW)
    assert "not base 32" not in str(error.value)


def _rfc_6238(secret: str, moment: int) -> str:
    key = base64.b32decode(secret.replace(" ", ""), casefold=True)
    digest = hmac.digest(key, (moment // 30).to_bytes(8, "big"), "sha1")
    start = digest[-1] & 0xF
    return f"{(int.from_bytes(digest[start : start + 4], 'big') & 0x7FFFFFFF) % 1_000_000:06}"
