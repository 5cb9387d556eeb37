"""User, password and one-time codes. A secret lives in its provider and passes through here only."""

import asyncio
import re
import time
from base64 import b32decode
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Protocol

from cryptography.hazmat.primitives.hashes import SHA1
from cryptography.hazmat.primitives.twofactor.totp import TOTP

from payerbots.errors import CodeNeeded, ConfigError
from payerbots.log import hide
from payerbots.portals import vaults
from payerbots.portals.config import CodeFrom, Login
from payerbots.portals.vaults import Vault

_WINDOW = 30
_MARGIN = 3


class CodeSource(Protocol):
    """Where one-time codes come from."""

    @property
    def seconds(self) -> float:
        """How long a code may be waited for."""
        ...

    async def mark(self) -> None:
        """A sign-in begins: what came before is not meant."""
        ...

    async def code(self) -> str:
        """The code of this moment. `CodeNeeded` when none is to be had in time."""
        ...


@dataclass(frozen=True)
class NoCodes:
    """A login that needs none."""

    login: str
    seconds: float = 0.0

    async def mark(self) -> None:
        """Nothing to mark."""

    async def code(self) -> str:
        """There is none."""
        raise CodeNeeded(f"login {self.login} has no one-time codes: say `code:` in portals.yaml")


@dataclass(frozen=True)
class TimedCodes:
    """Time-based codes (RFC 6238): each window's code is used once, and never at its very end.

    `is_fresh` notes that a window's code is used, and says whether it was not before; None: they may repeat.
    """

    secret: str = field(repr=False)
    is_fresh: Callable[[int], Awaitable[bool]] | None = None
    now: Callable[[], float] = time.time
    sleep: Callable[[float], Awaitable[object]] = asyncio.sleep
    seconds: float = 2.0 * _WINDOW

    async def mark(self) -> None:
        """Codes go by the clock."""

    async def code(self) -> str:
        """The code of this window, or the next one's when this one ends within 3 seconds.

        Portals accept the neighbouring window (RFC 6238, section 5.2), so the next code is the safer one,
        and they refuse a code that was used (the same section), so a second one waits for its window.
        """
        window = self._window()
        while self.is_fresh is not None and not await self.is_fresh(window):
            begins = (max(window, self._window()) + 1) * _WINDOW
            await self.sleep(max(0.0, begins - self.now()))
            window = max(window + 1, self._window())
        return _totp(self.secret).generate(window * _WINDOW).decode()

    def _window(self) -> int:
        return int((self.now() + _MARGIN) // _WINDOW)


@dataclass(frozen=True)
class Credential:
    """What a login is signed in with; its `repr` shows the login's name only."""

    name: str
    user: str = field(repr=False)
    password: str = field(repr=False)
    codes: CodeSource = field(repr=False)

    async def code(self) -> str:
        """A one-time code: made from the secret, read from the mailbox, or typed by a person."""
        code = await self.codes.code()
        hide([code])
        return code


def _totp(secret: str) -> TOTP:
    """The code maker of a base-32 secret as portals hand it out: any length, blanks and hyphens between."""
    tidy = re.sub(r"[\s-]", "", secret).upper()
    key = b32decode(tidy + "=" * (-len(tidy) % 8))
    return TOTP(key, 6, SHA1(), _WINDOW, enforce_key_length=False)  # noqa: S303 - RFC 6238's own hash


@dataclass(frozen=True)
class Desk:
    """What codes need besides secrets: which windows are used, and a person who types."""

    is_fresh: Callable[[int], Awaitable[bool]] | None = None
    typed: CodeSource | None = None


def find(portal: str, login: Login, vault: Vault, desk: Desk | None = None) -> Credential:
    """The credential of a login. `ConfigError` names what is missing, and where it is looked for."""
    held = {name: vault.get(portal, login.name, name) for name in vaults.fields(login)}
    missing = [vault.place(portal, login.name, name) for name, value in held.items() if not value]
    if missing:
        raise ConfigError(
            f"login {login.name} of {portal}: set {', '.join(missing)} (payerbots credentials set)"
        )
    known = {name: value for name, value in held.items() if value}
    if vaults.TOTP in known:
        check_totp(vault.place(portal, login.name, vaults.TOTP), known[vaults.TOTP])
    hide(value for name, value in known.items() if name != vaults.USER)
    codes = _codes(login, known, desk or Desk())
    return Credential(login.name, known[vaults.USER], known[vaults.PASSWORD], codes)


def _codes(login: Login, held: dict[str, str], desk: Desk) -> CodeSource:
    if login.code is CodeFrom.TOTP:
        return TimedCodes(held[vaults.TOTP], desk.is_fresh)
    if login.code is CodeFrom.EMAIL and login.mailbox is not None:
        from payerbots.portals.mailed_codes import Mailbox, MailedCodes  # noqa: PLC0415 - only where mail is read

        said = login.mailbox.model_dump(exclude={"seconds"})
        box = Mailbox(**said, password=held[vaults.MAIL_PASSWORD])
        return MailedCodes(box, seconds=login.mailbox.seconds)
    if login.code is CodeFrom.PERSON and desk.typed is not None:
        return desk.typed
    return NoCodes(login.name)


def check_totp(place: str, secret: str) -> None:
    """`ConfigError` for what is no secret of time-based codes; its text holds the place only."""
    try:
        _totp(secret)
    except ValueError:
        raise ConfigError(f"{place}: not a base-32 secret as portals hand it out (A-Z and 2-7)") from None
