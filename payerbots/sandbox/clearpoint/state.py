"""What the clearinghouse remembers between calls: users, sessions, codes, counters and faults in force."""

from __future__ import annotations

import secrets
from collections import Counter, defaultdict
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from random import Random
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from payerbots.sandbox.clearpoint.book import build
from payerbots.sandbox.clearpoint.desk_state import Files
from payerbots.sandbox.clearpoint.faults import ClearpointFaults
from payerbots.sandbox.clearpoint.logins import LOGINS, Login
from payerbots.sandbox.faults import with_values

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from payerbots.sandbox.clearpoint.mailing import Post
    from payerbots.sandbox.clearpoint.records import Report

ZONE = ZoneInfo("America/New_York")
IDLE = timedelta(minutes=15)
CODE_LIFE = timedelta(minutes=10)
MINUTE = timedelta(minutes=1)
COLUMNS = (
    "control",
    "status",
    "payer",
    "patient",
    "member_id",
    "served_on",
    "charge",
    "codes",
    "reason",
    "source",
    "rejected_at",
    "times",
    "version",
)
COUNTED = (
    "sign_in_attempts",
    "sign_ins",
    "passwords_refused",
    "codes_sent",
    "codes_refused",
    "calls",
    "lists",
    "files",
    "saves",
    "submissions",
    "errors_shown",
    "throttled",
)


class Step(StrEnum):
    """What a session has to do next."""

    CHALLENGE = "challenge"
    NEW_PASSWORD = "new-password"  # noqa: S105 - a step
    CODE = "code"
    IN_USE = "in-use"
    IN = "in"


@dataclass
class Session:
    """One browser's visit. `key` is its cookie, `token` what its script shows with each call."""

    key: str
    user: str
    step: Step
    last_seen: datetime
    token: str
    calls: int = 0
    letters: str = ""
    code: str = ""
    code_until: datetime | None = None
    announced: bool = False


@dataclass
class User:
    """What is known of a user beyond the login. `columns` is the order of the worklist's columns."""

    login: Login
    password: str = field(repr=False)
    failures: int = 0
    locked: bool = False
    columns: tuple[str, ...] = COLUMNS
    requests: list[datetime] = field(default_factory=list)


class ClearpointState:
    """The site's whole state; `reset` makes it as new.

    `post` sends mails. `latency` is the seconds of every call, `timeout` how long a submission is waited for whose
    answer never comes.
    """

    def __init__(
        self,
        seed: int,
        today: date | None = None,
        clock: Callable[[], datetime] | None = None,
        post: Post | None = None,
    ) -> None:
        self.clock = clock or (lambda: datetime.now(UTC))
        self.today = today or self.clock().astimezone().date()
        self.book = build(seed, self.today)
        self.files = Files(self.book)
        self.post = post
        self.latency = 0.0
        self.timeout = 1.5
        self.reset()

    def reset(self) -> None:
        """Forget sessions, locks, submissions, counters and faults."""
        self.faults = ClearpointFaults()
        self.rng = Random(self.book.seed)
        self.users = {login.user: User(login, login.password) for login in LOGINS.values()}
        self.sessions: dict[str, Session] = {}
        self.ended_elsewhere: set[str] = set()
        self.taken: dict[str, datetime] = {}
        self.counts: Counter[str] = Counter()
        self.counts_by_user: defaultdict[str, Counter[str]] = defaultdict(Counter)
        self.taken_over = False
        self.files.reset()

    def set_faults(self, values: Mapping[str, object]) -> None:
        """Change some faults; a session that is open counts its calls afresh."""
        self.faults = with_values(self.faults, values)
        self.taken_over = False
        for session in list(self.sessions.values()):
            session.calls = 0

    def clear_faults(self) -> None:
        """Behave well again."""
        self.faults = ClearpointFaults()

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
        """Return the counters, in all and by user, and how often each claim was sent in the editor."""
        users = {user: dict(counter) for user, counter in sorted(self.counts_by_user.items())}
        sent = dict(sorted(self.files.sent.items()))
        return {**{name: self.counts[name] for name in COUNTED}, "users": users, "claims": sent}

    def open_session(self, user: str, step: Step) -> Session:
        """Open a session of a user whose password was right."""
        session = Session(
            key=secrets.token_urlsafe(24),
            user=user,
            step=step,
            last_seen=self.clock(),
            token=secrets.token_urlsafe(24),
        )
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

    def end_session(self, session: Session, *, elsewhere: bool = False) -> None:
        """End a session; what its user was editing is free again."""
        self.sessions.pop(session.key, None)
        if elsewhere:
            self.ended_elsewhere.add(session.key)
        if not any(one.user == session.user and one.step is Step.IN for one in self.sessions.values()):
            self.files.release(session.user)

    def let_in(self, session: Session) -> None:
        """Let a session all the way in, and end the user's others."""
        session.step = Step.IN
        self.count("sign_ins", session.user)
        for other in list(self.sessions.values()):
            if other is not session and other.user == session.user and other.step is Step.IN:
                self.end_session(other, elsewhere=True)

    def new_code(self, session: Session) -> str:
        """Make the code that is mailed; earlier ones are void."""
        session.code = f"{secrets.randbelow(10**6):06d}"
        session.code_until = self.clock() + CODE_LIFE
        self.count("codes_sent", session.user)
        return session.code

    def throttled(self, session: Session) -> bool:
        """Whether the user asks too much in a minute."""
        now, user = self.clock(), self.users[session.user]
        user.requests = [at for at in user.requests if now - at < MINUTE]
        if self.faults.throttle and len(user.requests) >= self.faults.throttle:
            self.count("throttled", session.user)
            return True
        user.requests.append(now)
        return False

    def reports(self) -> list[Report]:
        """Return the reports that have come by now, the latest first."""
        now = self.clock()
        come = [one for one in self.book.reports if one.received_at <= now]
        return sorted(come, key=lambda one: one.received_at, reverse=True)

    def taken_at(self, report: Report) -> datetime | None:
        """When a report was fetched first, by the billing software or by a user."""
        return report.taken_at or self.taken.get(report.number)
