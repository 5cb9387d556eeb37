"""What Cascade Mutual remembers between calls: users, sessions, inquiries, counters and faults in force."""

from __future__ import annotations

import secrets
from collections import Counter, defaultdict
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from random import Random
from typing import TYPE_CHECKING

from payerbots.sandbox.cascade import book, samples
from payerbots.sandbox.cascade.faults import Faults
from payerbots.sandbox.cascade.logins import LOGINS
from payerbots.sandbox.faults import with_values

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from payerbots.sandbox.cascade.shelf import Remittance, Shelf
    from payerbots.sandbox.logins import Login
    from payerbots.sandbox.payer import Question, Reply
    from payerbots.sandbox.records import Provider

IDLE = timedelta(minutes=10)
TOKEN_LIFE = timedelta(minutes=5)
MINUTE = timedelta(minutes=1)
COUNTED = (
    "sign_in_attempts",
    "sign_ins",
    "passwords_refused",
    "codes_refused",
    "questions",
    "listings",
    "documents",
    "calls",
    "errors_shown",
    "throttled",
)


class Step(StrEnum):
    """What a session has to do next."""

    CHALLENGE = "challenge"
    NEW_PASSWORD = "new-password"  # noqa: S105 - a step
    CODE = "code"
    IN = "in"


@dataclass
class Session:
    """One browser's visit. `key` is its cookie, `token` what its script shows with each call."""

    key: str
    user: str
    step: Step
    last_seen: datetime
    token: str = ""
    token_until: datetime | None = None
    calls: int = 0
    letters: str = ""
    last_inquiry: str = ""
    shown: frozenset[str] = frozenset()


@dataclass
class User:
    """What is known of a user beyond the login."""

    login: Login
    password: str = field(repr=False)
    failures: int = 0
    locked: bool = False
    inquiries: list[datetime] = field(default_factory=list)


@dataclass(frozen=True, kw_only=True)
class Inquiry:
    """A question that was sent and what came of it."""

    key: str
    user: str
    provider: Provider
    question: Question
    service_type: str
    codes: tuple[str, ...]
    reply: Reply
    reference: str
    made_at: datetime
    partial: bool = False


class CascadeState:
    """The site's whole state; `reset` makes it as new.

    `shelf` holds the remittances; without one the site makes up its own. `latency` is seconds for every call.
    """

    def __init__(
        self,
        seed: int,
        today: date | None = None,
        clock: Callable[[], datetime] | None = None,
        shelf: Shelf | None = None,
    ) -> None:
        self.clock = clock or (lambda: datetime.now(UTC))
        self.today = today or self.clock().astimezone().date()
        self.world = book.build(seed, self.today)
        self.shelf = samples.shelf(seed, self.today) if shelf is None else shelf
        self.latency = 0.0
        self.reset()

    def reset(self) -> None:
        """Forget sessions, locks, inquiries, counters and faults."""
        self.faults = Faults()
        self.rng = Random(self.world.seed)
        self.users = {login.user: User(login, login.password) for login in LOGINS.values()}
        self.sessions: dict[str, Session] = {}
        self.inquiries: dict[str, Inquiry] = {}
        self.counts: Counter[str] = Counter()
        self.counts_by_user: defaultdict[str, Counter[str]] = defaultdict(Counter)

    def set_faults(self, values: Mapping[str, object]) -> None:
        """Change some faults; a session that is open counts its calls afresh."""
        self.faults = with_values(self.faults, values)
        for session in list(self.sessions.values()):
            session.calls = 0

    def clear_faults(self) -> None:
        """Behave well again."""
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
        users = {user: dict(counter) for user, counter in sorted(self.counts_by_user.items())}
        return {**{name: self.counts[name] for name in COUNTED}, "users": users}

    def open_session(self, user: str, step: Step) -> Session:
        """Open a session of a user whose password was right."""
        session = Session(key=secrets.token_urlsafe(24), user=user, step=step, last_seen=self.clock())
        self.sessions[session.key] = session
        return session

    def session(self, key: str) -> Session | None:
        """Return the live session of a cookie."""
        session = self.sessions.get(key)
        if session is None:
            return None
        if self.clock() - session.last_seen > IDLE:
            self.end_session(session)
            return None
        session.last_seen = self.clock()
        return session

    def end_session(self, session: Session) -> None:
        """End a session."""
        self.sessions.pop(session.key, None)

    def new_token(self, session: Session) -> str:
        """Give the session's script a fresh token, for some minutes."""
        session.token = secrets.token_urlsafe(24)
        session.token_until = self.clock() + TOKEN_LIFE
        return session.token

    def listed(self) -> list[Remittance]:
        """Return the remittances that are posted by now, the latest first.

        While `list_shift` is in force, the latest ones have not come yet.
        """
        return self.shelf.posted(self.clock())[max(0, self.faults.list_shift) :]

    def reference(self) -> str:
        """Return the next inquiry's reference number."""
        self.counts["references"] += 1
        return f"CMI{self.today:%y%m%d}{self.counts['references']:05d}"
