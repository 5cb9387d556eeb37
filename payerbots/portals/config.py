"""`portals.yaml`: which portals there are, where, with which logins, for which payers."""

import os
import re
from collections.abc import Mapping
from datetime import date, timedelta
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any, Self

from pydantic import BeforeValidator, Field, field_validator, model_validator

from payerbots import yamlfile
from payerbots.domain.payers import Payer, PayerBook
from payerbots.errors import PORTAL_ERRORS, ConfigError
from payerbots.portals.durations import duration, seconds
from payerbots.portals.hours import Hours
from payerbots.yamlfile import Strict, misplaced


class Automation(StrEnum):
    """What the portal's owner says of robots."""

    PERMITTED = "permitted"
    REGISTERED = "registered"
    FORBIDDEN = "forbidden"
    UNKNOWN = "unknown"


class Wait(Strict):
    """A wait that grows from `first` to `longest` (seconds)."""

    first: float
    longest: float

    @classmethod
    def read(cls, text: object) -> "Wait":
        """`10s..5m`, or one duration for a wait that does not grow."""
        if isinstance(text, Wait):
            return text
        low, _, high = str(text).partition("..")
        first, longest = seconds(low), seconds(high or low)
        if longest < first:
            raise ValueError("a wait that does not shrink, such as 10s..5m")
        return cls(first=first, longest=longest)


class Retry(Strict):
    """How often an error of one class is tried in all, and how long between."""

    times: int = Field(ge=1, le=20)
    wait: Annotated[Wait, BeforeValidator(Wait.read)] = Wait(first=10, longest=300)


class Rate(Strict):
    """How often a portal may be visited: items begun a minute, over all workers.

    `burst` visits may come at once when none came for a while.
    """

    per_minute: float = Field(ge=0.001, le=60_000)
    burst: int = Field(1, ge=1, le=100)

    @property
    def interval(self) -> timedelta:
        """The time between two visits."""
        return timedelta(minutes=1 / self.per_minute)


class CodeFrom(StrEnum):
    """Where the one-time code of a login comes from."""

    TOTP = "totp"
    EMAIL = "email"
    PERSON = "person"
    NONE = "none"


class SecretsFrom(StrEnum):
    """Where user, password and code secrets of a login are kept."""

    ENV = "env"
    KEYRING = "keyring"
    FILE = "file"


class MailboxEntry(Strict):
    """The mailbox that a login's codes are mailed to. Its password is a secret like the login's.

    Only mails whose From, To and Subject contain `sender`, `recipient` and `subject` are looked at; `pattern`
    finds the code in the text, its first group if it has one. `seconds` is how long a mail is waited for.
    """

    host: str
    port: int = Field(993, ge=1, le=65535)
    user: str
    tls: bool = True
    folder: str = "INBOX"
    sender: str = ""
    recipient: str = ""
    subject: str = ""
    pattern: str = r"\b\d{6}\b"
    seconds: float = Field(120, ge=5, le=600)

    @field_validator("pattern")
    @classmethod
    def _compiles(cls, text: str) -> str:
        try:
            re.compile(text)
        except re.error:
            raise ValueError("a regular expression") from None
        return text


class Login(Strict):
    """One identity of a bot at a portal. `sessions` is how many it may hold open at once.

    With `code: person` somebody is asked to type each code, and has `code_minutes` for it. `codes_repeat` says
    that the portal takes a time-based code twice; most do not (RFC 6238, section 5.2), so each is used once.
    """

    name: str = Field(pattern=r"^[a-z][a-z0-9_]*$")
    source: SecretsFrom = Field(SecretsFrom.ENV, alias="from")
    code: CodeFrom = CodeFrom.NONE
    code_minutes: float = Field(5, gt=0, le=10)
    codes_repeat: bool = False
    mailbox: MailboxEntry | None = None
    sessions: int = Field(1, ge=1, le=32)
    password_expires: date | None = None

    @model_validator(mode="after")
    def _mailed_needs_a_mailbox(self) -> Self:
        if (self.code is CodeFrom.EMAIL) != (self.mailbox is not None):
            raise misplaced(self.code.value, "`mailbox:` with `code: email`, and only there", "mailbox")
        return self


class Organisation(Strict):
    """One of the office's own suppliers as the portal names it, with the NPIs that it bills under."""

    name: str
    npis: tuple[str, ...]


class PayerEntry(Strict):
    """A payer that this portal answers for."""

    name: str
    id: str
    aliases: tuple[str, ...] = ()
    member_id: str | None = None
    pad_to: int | None = Field(None, ge=1, le=30)

    @field_validator("member_id")
    @classmethod
    def _pattern(cls, text: str | None) -> str | None:
        if text not in (None, "mbi"):
            try:
                re.compile(text)
            except re.error:
                raise ValueError("`mbi` or a regular expression") from None
        return text


class Portal(Strict):
    """The settings of one portal."""

    name: str
    flow: str
    title: str
    url: str = Field(pattern=r"^https?://[^/\s]+$")
    automation: Automation
    automation_reference: str = ""
    """Where the permission is written: a ticket, a letter."""
    automation_until: date | None = None
    credentials: tuple[Login, ...] = Field(min_length=1)
    organisations: tuple[Organisation, ...] = ()
    payers: tuple[PayerEntry, ...] = ()
    retry: dict[str, Retry] = Field(default_factory=dict)
    rate: Rate | None = None
    hours: Hours | None = None
    settle: Annotated[timedelta, BeforeValidator(duration)] = timedelta(minutes=10)
    """How long after an irreversible act "not there" proves nothing."""
    keep_alive_days: int | None = Field(None, ge=1, le=3660)
    """Days without a sign-in after which the portal locks a login."""
    recertify_by: date | None = None

    @model_validator(mode="after")
    def _known_errors(self) -> Self:
        for name in self.retry:
            if name not in PORTAL_ERRORS:
                raise misplaced(name, f"one of {', '.join(PORTAL_ERRORS)}", "retry", name)
        return self

    def organisation_for(self, npi: str) -> Organisation | None:
        """The organisation that bills under `npi`."""
        return next((org for org in self.organisations if npi in org.npis), None)

    def is_medicare(self, payer: str) -> bool:
        """Whether a payer's members have Medicare numbers."""
        return any(entry.name == payer and entry.member_id == "mbi" for entry in self.payers)

    def automation_on(self, day: date) -> Automation:
        """What the portal's owner says of robots on a day: a permission that has run out is unknown."""
        over = self.automation_until is not None and self.automation_until < day
        return Automation.UNKNOWN if over and self.automation is not Automation.FORBIDDEN else self.automation

    @property
    def sessions(self) -> int:
        """How many sessions may be open at this portal at once."""
        return sum(login.sessions for login in self.credentials)


def load(path: Path, environ: Mapping[str, str] = os.environ) -> dict[str, Portal]:
    """The portals by name.

    `PAYERBOTS_URL_<NAME>` overrides a portal's address, `PAYERBOTS_MAILBOX_<NAME>` (host:port) where the mailboxes of
    its logins are.
    """
    data = yamlfile.read(path)
    return {str(name): _portal(str(name), row, path, data, environ) for name, row in data.items()}


def _portal(name: str, row: object, path: Path, root: object, environ: Mapping[str, str]) -> Portal:
    if not isinstance(row, Mapping):
        raise ConfigError(
            "expected the portal's settings", file=path, line=yamlfile.line_of(root, [name]), key=name
        )
    if not re.fullmatch(r"[a-z][a-z0-9_]*", name):
        raise ConfigError(
            f"found {name!r}, allowed: lower-case letters, digits and _",
            file=path,
            line=yamlfile.line_of(root, [name]),
            key=name,
        )
    values: dict[str, Any] = {"flow": name, "title": name, **row, "name": name}
    override = environ.get(f"PAYERBOTS_URL_{name.upper()}")
    if override:
        values["url"] = override
    if mailbox := environ.get(f"PAYERBOTS_MAILBOX_{name.upper()}"):
        values["credentials"] = _with_mailbox(values.get("credentials"), mailbox)
    return yamlfile.parse(Portal, values, path, root=root, key=[name])


def _with_mailbox(logins: object, place: str) -> object:
    """The logins with their mailboxes at another place. `ConfigError` when it is none."""
    host, _, port = place.rpartition(":")
    if not host or not port.isdecimal():
        raise ConfigError(f"PAYERBOTS_MAILBOX_…: found {place!r}, expected host:port")
    if not isinstance(logins, list):
        return logins
    return [
        {**one, "mailbox": {**one["mailbox"], "host": host, "port": int(port)}}
        if isinstance(one, Mapping) and isinstance(one.get("mailbox"), Mapping)
        else one
        for one in logins
    ]


def payer_book(portals: Mapping[str, Portal]) -> PayerBook:
    """Every payer that one of the portals answers for."""
    return PayerBook(
        tuple(
            Payer(
                name=payer.name,
                portal=portal.name,
                payer_id=payer.id,
                aliases=payer.aliases,
                member_id=payer.member_id,
                pad_to=payer.pad_to,
            )
            for portal in portals.values()
            for payer in portal.payers
        )
    )
