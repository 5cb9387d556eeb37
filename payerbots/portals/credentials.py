"""User, password and one-time codes. A secret lives in its provider and passes through here only."""

import os
import re
import time
from base64 import b32decode
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from cryptography.hazmat.primitives.hashes import SHA1
from cryptography.hazmat.primitives.twofactor.totp import TOTP

from payerbots.errors import CodeNeeded, ConfigError
from payerbots.portals.config import CodeFrom, Login

_WINDOW = 30
_MARGIN = 3


@dataclass(frozen=True)
class Credential:
    """What a login is signed in with; its `repr` shows the login's name only."""

    name: str
    user: str = field(repr=False)
    password: str = field(repr=False)
    totp_secret: str | None = field(default=None, repr=False)

    def code(self, now: Callable[[], float] = time.time) -> str:
        """The one-time code of this moment, or the next window's when this one ends within 3 seconds.

        Portals accept the neighbouring window (RFC 6238, section 5.2), so the next code is the safer one.
        """
        if self.totp_secret is None:
            raise CodeNeeded(f"login {self.name} has no secret for one-time codes")
        moment = now()
        if _WINDOW - moment % _WINDOW < _MARGIN:
            moment += _MARGIN
        return _totp(self.totp_secret).generate(moment).decode()


def _totp(secret: str) -> TOTP:
    """The code maker of a base-32 secret as portals hand it out: any length, blanks and hyphens between."""
    tidy = re.sub(r"[\s-]", "", secret).upper()
    key = b32decode(tidy + "=" * (-len(tidy) % 8))
    return TOTP(key, 6, SHA1(), _WINDOW, enforce_key_length=False)  # noqa: S303 - RFC 6238's own hash


def variables(portal: str, login: Login) -> tuple[str, ...]:
    """The environment variables that a login needs: user, password and, with codes, the TOTP secret."""
    prefix = f"PAYERBOTS_{portal}_{login.name}".upper()
    names = (f"{prefix}_USER", f"{prefix}_PASSWORD", f"{prefix}_TOTP")
    return names if login.code is CodeFrom.TOTP else names[:2]


def find(portal: str, login: Login, environ: Mapping[str, str] = os.environ) -> Credential:
    """The credential of a login. `ConfigError` names the variables that are missing."""
    names = variables(portal, login)
    missing = [name for name in names if not environ.get(name)]
    if missing:
        raise ConfigError(f"set {', '.join(missing)}: user, password and code come from the environment")
    user, password, *secret = (environ[name] for name in names)
    if secret:
        _check_secret(names[-1], secret[0])
    return Credential(
        name=login.name, user=user, password=password, totp_secret=secret[0] if secret else None
    )


def _check_secret(name: str, secret: str) -> None:
    try:
        _totp(secret)
    except ValueError:
        raise ConfigError(f"{name}: not a base-32 secret as portals hand it out (A-Z and 2-7)") from None
