"""User, password and one-time codes. A secret lives in its provider and passes through here only."""

import os
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

import pyotp

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
        return pyotp.TOTP(self.totp_secret).at(int(moment))


def find(portal: str, login: Login, environ: Mapping[str, str] = os.environ) -> Credential:
    """The credential of a login. `ConfigError` names the variable that is missing."""
    prefix = f"PAYERBOTS_{portal}_{login.name}".upper()
    return Credential(
        name=login.name,
        user=_variable(environ, f"{prefix}_USER"),
        password=_variable(environ, f"{prefix}_PASSWORD"),
        totp_secret=_variable(environ, f"{prefix}_TOTP") if login.code is CodeFrom.TOTP else None,
    )


def _variable(environ: Mapping[str, str], name: str) -> str:
    if value := environ.get(name):
        return value
    raise ConfigError(f"set {name}: login and code come from the environment")
