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
    return Credential(
        name=login.name, user=user, password=password, totp_secret=secret[0] if secret else None
    )
