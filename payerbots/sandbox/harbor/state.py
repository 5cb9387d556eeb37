"""What the bank remembers between requests: users, sessions, counters and faults in force."""

from __future__ import annotations

import secrets
from collections import Counter, defaultdict
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from random import Random
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from payerbots.sandbox.faults import with_values
from payerbots.sandbox.harbor.faults import HarborFaults
from payerbots.sandbox.harbor.logins import LOGINS, Login

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from payerbots.sandbox.harbor.shelf import Shelf

ZONE = ZoneInfo("America/New_York")
IDLE = timedelta(seconds=90)
MINUTE = timedelta(minutes=1)
PASSWORD_TRIES = 3
COUNTED = (
    "sign_in_attempts",
    "sign_ins",
    "passwords_refused",
    "codes_refused",
    "pages",
    "queries",
    "files",
    "errors_shown",
    "throttled",
)


class Stage(StrEnum):
    """How far a session is on its way in; the value is the page it must go to next."""

    CAPTCHA = "/tx/picture-check"
    NEW_PASSWORD = "/tx/new-password"  # noqa: S105 - an address
    PASSCODE = "/tx/passcode"
    IN_USE = "/tx/in-use"
    IN = "/tx/desktop"


class Ending(StrEnum):
    """Why a session is over; the page that comes instead says so."""

    ENDED = "ended"
    IDLE = "idle"
    ELSEWHERE = "elsewhere"
    SIGNED_OFF = "signed-off"
    PASSWORD_CHANGED = "password-changed"  # noqa: S105 - a reason


@dataclass
class Session:
    """One user's visit. Its key stands in every address; the bank sets no cookie."""

    key: str
    user: str
    last_seen: datetime
    stage: Stage = Stage.PASSCODE
    pages: int = 0
    captcha: str = ""


@dataclass
class User:
    """What the bank knows of a user beyond the login."""

    login: Login
    password: str
    failures: int = 0
    locked: bool = False
    last_sign_on: datetime | None = None
    before_that: datetime | None = None
    queries: list[datetime] = field(default_factory=list)


class HarborState:
    """The bank's whole state; `reset` makes it as new. `latency` is the seconds that every page takes."""

    def __init__(self, shelf: Shelf, clock: Callable[[], datetime] | None = None) -> None:
        self.shelf = shelf
        self.clock = clock or (lambda: datetime.now(UTC))
        self.latency = 0.0
        self.reset()

    def reset(self) -> None:
        """Forgets sessions, locks, counters and faults."""
        self.faults = HarborFaults()
        self.rng = Random("harbor")
        self.users = {login.user: User(login=login, password=login.password) for login in LOGINS.values()}
        self.sessions: dict[str, Session] = {}
        self.endings: dict[str, Ending] = {}
        self.counts: Counter[str] = Counter()
        self.counts_by_user: defaultdict[str, Counter[str]] = defaultdict(Counter)
        self.taken_over = False

    @property
    def today(self) -> date:
        """The bank's day."""
        return self.clock().astimezone(ZONE).date()

    def set_faults(self, values: Mapping[str, object]) -> None:
        """Change some faults; a session that is open counts its pages afresh."""
        self.faults = with_values(self.faults, values)
        self.taken_over = False
        for session in list(self.sessions.values()):
            session.pages = 0

    def clear_faults(self) -> None:
        """Behave well again."""
        self.faults = HarborFaults()

    def use_up(self, name: str) -> bool:
        """Whether a counted fault is in force; takes one off its count."""
        left: int = getattr(self.faults, name)
        if left > 0:
            self.faults = replace(self.faults, **{name: left - 1})
        return left != 0

    def count(self, name: str, user: str = "") -> None:
        """Count something, for the user as well if there is one."""
        self.counts[name] += 1
        if user:
            self.counts_by_user[user][name] += 1

    def stats(self) -> dict[str, object]:
        """Return the counters, in all and by user."""
        users = {user: dict(counter) for user, counter in sorted(self.counts_by_user.items())}
        return {**{name: self.counts[name] for name in COUNTED}, "users": users}

    def open_session(self, user: str, stage: Stage) -> Session:
        """Open a session of a user whose password was right."""
        session = Session(secrets.token_hex(16).upper(), user, self.clock(), stage)
        self.sessions[session.key] = session
        return session

    def end_session(self, session: Session, ending: Ending) -> None:
        """End a session and remember why."""
        if self.sessions.pop(session.key, None):
            self.endings[session.key] = ending

    def session(self, key: str) -> Session | Ending:
        """Return the live session of an address, or why there is none."""
        session = self.sessions.get(key)
        if session is None:
            return self.endings.get(key, Ending.ENDED)
        now = self.clock()
        if now - session.last_seen > IDLE:
            self.end_session(session, Ending.IDLE)
            return Ending.IDLE
        session.last_seen = now
        return session

    def let_in(self, session: Session) -> None:
        """Let a session all the way in, and end the user's others."""
        session.stage = Stage.IN
        user = self.users[session.user]
        user.before_that, user.last_sign_on = user.last_sign_on, self.clock()
        self.count("sign_ins", session.user)
        for other in list(self.sessions.values()):
            if other is not session and other.user == session.user and other.stage is Stage.IN:
                self.end_session(other, Ending.ELSEWHERE)

    def throttled(self, session: Session) -> timedelta | None:
        """How long the user has to wait after too many queries in a minute; None while there were few enough."""
        now, user = self.clock(), self.users[session.user]
        user.queries = [at for at in user.queries if now - at < MINUTE]
        if self.faults.throttle and len(user.queries) >= self.faults.throttle:
            self.count("throttled", session.user)
            return user.queries[0] + MINUTE - now
        user.queries.append(now)
        return None
