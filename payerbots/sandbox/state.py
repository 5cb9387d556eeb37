"""What the portal remembers between requests: users, sessions, inquiries, counters and faults in force."""

from __future__ import annotations

import secrets
from collections import Counter, defaultdict
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from functools import cached_property
from random import Random
from typing import TYPE_CHECKING

from payerbots.sandbox import money
from payerbots.sandbox.faults import Faults, with_values
from payerbots.sandbox.logins import LOGINS, Login
from payerbots.sandbox.money import shelves
from payerbots.sandbox.world import build

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from payerbots.sandbox.money.shelves import RemittanceNotice
    from payerbots.sandbox.payer import Question, Reply
    from payerbots.sandbox.records import Organisation, Provider

IDLE = timedelta(minutes=15)
MINUTE = timedelta(minutes=1)
PASSWORD_TRIES = 3


class Stage(StrEnum):
    """How far a session is on its way in; the value is the page it must go to next."""

    PASSWORD = "/sign-in"  # noqa: S105 - an address
    CAPTCHA = "/sign-in/verify-human"
    NEW_PASSWORD = "/sign-in/password"  # noqa: S105 - an address
    CODE = "/sign-in/code"
    ELSEWHERE = "/sign-in/active-session"
    ATTESTATION = "/sign-in/attestation"
    TERMS = "/sign-in/terms"
    IN = "/home"


class Ending(StrEnum):
    """Why a session is over; the sign-in page says so."""

    ENDED = "ended"
    ELSEWHERE = "elsewhere"
    SIGNED_OUT = "signed-out"
    PASSWORD_CHANGED = "password-changed"  # noqa: S105 - a reason


@dataclass
class Session:
    """One browser's visit."""

    key: str
    csrf: str
    organisation: str
    last_seen: datetime
    stage: Stage = Stage.PASSWORD
    user: str = ""
    pages: int = 0
    announced: bool = False
    captcha: str = ""
    shown: dict[str, str] = field(default_factory=dict)
    remittances_since: datetime | None = None
    """The user's visit to the remittances before this one; what was posted later is new."""
    remittances_seen: bool = False


@dataclass
class User:
    """What the portal knows of a user beyond the login."""

    login: Login
    password: str
    failures: int = 0
    locked: bool = False
    terms_on: date | None = None
    attested: bool = False
    inquiries: list[datetime] = field(default_factory=list)
    remittances_on: datetime | None = None
    """The last visit to the remittances."""


@dataclass(frozen=True, kw_only=True)
class Inquiry:
    """A question that was sent and what came of it."""

    key: str
    kind: str
    user: str
    organisation: Organisation
    provider: Provider | None
    question: Question
    reply: Reply
    service_type: str = ""
    hcpcs: str = ""
    reference: str
    made_at: datetime
    partial: bool = False


class Portal:
    """The portal's whole state; `reset` makes it as new."""

    def __init__(
        self, seed: int, today: date | None = None, clock: Callable[[], datetime] | None = None
    ) -> None:
        self.clock = clock or (lambda: datetime.now(UTC))
        self.world = build(seed, today or self.clock().astimezone().date())
        self.latency = 0.0
        self.reset()

    @cached_property
    def notices(self) -> tuple[RemittanceNotice, ...]:
        """All remittances, the latest first."""
        return shelves.summit(money.build(self.world.seed, self.world.today))

    def reset(self) -> None:
        """Forgets sessions, locks, inquiries, counters and faults."""
        self.faults = Faults()
        self.rng = Random(self.world.seed)
        self.users = {login.user: User(login=login, password=login.password) for login in LOGINS.values()}
        self.sessions: dict[str, Session] = {}
        self.endings: dict[str, Ending] = {}
        self.inquiries: dict[str, Inquiry] = {}
        self.counts: Counter[str] = Counter()
        self.counts_by_user: defaultdict[str, Counter[str]] = defaultdict(Counter)
        self.taken_over = False

    def set_faults(self, values: Mapping[str, object]) -> None:
        """Change some faults; a session that is open counts its pages afresh."""
        self.faults = with_values(self.faults, values)
        self.taken_over = False
        for session in list(self.sessions.values()):
            session.pages = 0

    def clear_faults(self) -> None:
        """Behaves well again."""
        self.faults = Faults()

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
        names = (
            "sign_in_attempts",
            "sign_ins",
            "passwords_refused",
            "codes_refused",
            "questions",
            "equipment_questions",
            "authorization_questions",
            "pages",
            "errors_shown",
            "throttled",
            "remittance_lists",
            "files",
        )
        users = {user: dict(counter) for user, counter in sorted(self.counts_by_user.items())}
        return {**{name: self.counts[name] for name in names}, "users": users}

    def open_session(self) -> Session:
        """Open a session of nobody yet."""
        session = Session(
            key=secrets.token_urlsafe(24),
            csrf=secrets.token_urlsafe(24),
            organisation=self.world.organisations[0].key,
            last_seen=self.clock(),
        )
        self.sessions[session.key] = session
        return session

    def end_session(self, session: Session, ending: Ending) -> None:
        """End a session and remembers why."""
        if self.sessions.pop(session.key, None):
            self.endings[session.key] = ending

    def session(self, key: str) -> Session | Ending:
        """Return the live session of a cookie, or why there is none."""
        session = self.sessions.get(key)
        if session is None:
            return self.endings.get(key, Ending.ENDED)
        now = self.clock()
        if now - session.last_seen > IDLE:
            self.end_session(session, Ending.ENDED)
            return Ending.ENDED
        session.last_seen = now
        return session

    def others_of(self, session: Session) -> list[Session]:
        """Return the other sessions of the same user that are signed in."""
        return [
            item
            for item in self.sessions.values()
            if item is not session and item.user == session.user and item.stage is Stage.IN
        ]

    def organisation(self, key: str) -> Organisation:
        """Return the organization with this key."""
        return next(item for item in self.world.organisations if item.key == key)

    def reference(self) -> str:
        """Return the next inquiry reference number."""
        self.counts["references"] += 1
        return f"SHP-{self.world.today:%Y%m%d}-{4210 + self.counts['references']:06d}"
