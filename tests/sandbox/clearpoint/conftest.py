from __future__ import annotations

import re
import ssl
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Any

import httpx
import pytest

from payerbots.sandbox.clearpoint.app import create
from payerbots.sandbox.clearpoint.book import build
from payerbots.sandbox.clearpoint.logins import LOGINS
from payerbots.sandbox.clearpoint.records import Outcome
from payerbots.sandbox.clearpoint.state import ClearpointState
from payerbots.sandbox.server import PracticeSite

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from email.message import EmailMessage

    from payerbots.sandbox.clearpoint.records import Answer

# Loading the usual certificates would cost more than all requests of a test.
NO_TLS = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
SEED = 1
TODAY = date(2026, 11, 25)
NOW = datetime(2026, 11, 25, 15, 0, tzinfo=UTC)
CODE = re.compile(r"code is (\d{6})")


@dataclass
class Clock:
    """A clock that a test turns."""

    now: datetime = field(default=NOW)

    def __call__(self) -> datetime:
        return self.now

    def forward(self, **gap: float) -> None:
        self.now += timedelta(**gap)


def answer_with(field_name: str) -> Answer:
    """The first claim that is to be corrected in such a field."""
    return next(
        one
        for one in build(SEED, TODAY).answers
        if one.outcome is Outcome.CORRECT and one.changes[0].field.endswith(field_name)
    )


class Caller:
    """The page's script without a page: cookie and token, JSON in and out."""

    def __init__(self, url: str, mails: list[EmailMessage]) -> None:
        self.client = httpx.Client(base_url=url, verify=NO_TLS)
        self.mails = mails

    def post(self, path: str, **body: Any) -> httpx.Response:
        return self.client.post(path, json=body)

    def get(self, path: str, **query: str) -> httpx.Response:
        return self.client.get(path, params=query)

    def put(self, path: str, **body: Any) -> httpx.Response:
        return self.client.put(path, json=body)

    def password(self, login: str = "bot1", password: str | None = None) -> httpx.Response:
        known = LOGINS[login]
        return self.post("/api/auth/sign-in", user=known.user, password=password or known.password)

    @property
    def mailed_code(self) -> str:
        found = CODE.search(self.mails[-1].get_content())
        assert found
        return found[1]

    def sign_in(self, login: str = "bot1") -> Caller:
        self.password(login)
        assert self.post("/api/auth/code", code=self.mailed_code).json()["next"] == "in"
        self.client.headers["X-CPX-Token"] = self.get("/api/me").json()["token"]
        return self

    def claim(self, control: str) -> dict[str, Any]:
        found: dict[str, Any] = self.get(f"/api/claims/{control}").json()
        return found

    def open_editor(self, control: str) -> httpx.Response:
        return self.post(f"/api/claims/{control}/lock")

    def save(self, control: str, fields: dict[str, str], version: int | None = None) -> httpx.Response:
        known = self.claim(control)["version"] if version is None else version
        return self.put(f"/api/claims/{control}", version=known, fields=fields)

    def submit(self, control: str, reference: str = "") -> httpx.Response:
        version = self.claim(control)["version"]
        return self.post(f"/api/claims/{control}/submission", version=version, reference=reference)

    def correct(self, answer: Answer) -> httpx.Response:
        """Does what is right, once."""
        self.open_editor(answer.control)
        self.save(answer.control, {one.field: one.after for one in answer.changes})
        return self.submit(answer.control)

    def worklist(self, **query: str) -> list[dict[str, Any]]:
        """All rows, piece by piece."""
        rows: list[dict[str, Any]] = []
        while True:
            found = self.get("/api/rejections", **query, offset=str(len(rows))).json()
            rows += found["items"]
            if len(rows) >= found["total"]:
                return rows


@pytest.fixture(scope="session")
def clock() -> Clock:
    return Clock()


@pytest.fixture(scope="session")
def mails() -> list[EmailMessage]:
    """What the site has mailed."""
    return []


@pytest.fixture(scope="session")
def running(clock: Clock, mails: list[EmailMessage]) -> Iterator[tuple[PracticeSite, ClearpointState]]:
    state = ClearpointState(SEED, TODAY, clock, mails.append)
    state.timeout = 0.05
    with PracticeSite(state, create(state)) as site:
        yield site, state


@pytest.fixture
def site(running: tuple[PracticeSite, ClearpointState], clock: Clock) -> PracticeSite:
    clock.now = NOW
    running[0].reset()
    return running[0]


@pytest.fixture
def state(running: tuple[PracticeSite, ClearpointState]) -> ClearpointState:
    return running[1]


@pytest.fixture
def new_caller(site: PracticeSite, mails: list[EmailMessage]) -> Iterator[Callable[[], Caller]]:
    made: list[Caller] = []

    def make() -> Caller:
        made.append(Caller(site.url, mails))
        return made[-1]

    yield make
    for one in made:
        one.client.close()


@pytest.fixture
def caller(new_caller: Callable[[], Caller]) -> Caller:
    return new_caller()


@pytest.fixture
def biller(caller: Caller) -> Caller:
    """A caller who is signed in as lhm.bot1."""
    return caller.sign_in()
