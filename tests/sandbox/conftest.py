from __future__ import annotations

import html
import re
import ssl
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING

import httpx
import pyotp
import pytest

from payerbots.sandbox.logins import LOGINS
from payerbots.sandbox.server import PracticePortal

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from payerbots.sandbox.records import Request, World

SEED = 1
TODAY = date(2026, 11, 22)
# Loading the usual certificates would cost more than all requests of a test.
NO_TLS = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
FACT = re.compile(r"<dt>(.*?)</dt><dd>(.*?)</dd>", re.DOTALL)
CSRF = re.compile(r'name="csrf_token" value="([^"]+)"')


@dataclass
class Clock:
    """A clock that a test turns."""

    now: datetime = field(default_factory=lambda: datetime(2026, 11, 22, 15, 0, tzinfo=UTC))

    def __call__(self) -> datetime:
        return self.now

    def forward(self, **gap: float) -> None:
        self.now += timedelta(**gap)


class Visitor:
    """A browser without a screen: keeps cookies, sends forms with the token of the page it saw last."""

    def __init__(self, url: str, world: World, clock: Clock) -> None:
        self.client = httpx.Client(base_url=url, follow_redirects=True, verify=NO_TLS)
        self.world = world
        self.clock = clock
        self.page = httpx.Response(200)

    @property
    def text(self) -> str:
        return html.unescape(self.page.text)

    @property
    def path(self) -> str:
        return self.page.url.path

    @property
    def facts(self) -> dict[str, str]:
        return {label: value.strip() for label, value in FACT.findall(self.text)}

    def get(self, path: str) -> httpx.Response:
        self.page = self.client.get(path)
        return self.page

    def post(self, path: str, **values: str) -> httpx.Response:
        token = CSRF.search(self.page.text)
        values.setdefault("csrf_token", token[1] if token else "")
        self.page = self.client.post(path, data=values)
        return self.page

    def password(self, user: str = "bot1", password: str | None = None) -> None:
        self.get("/sign-in")
        self.post("/sign-in", user_id=user, password=password or LOGINS[user].password)

    def code(self, user: str = "bot1") -> None:
        self.post("/sign-in/code", code=pyotp.TOTP(LOGINS[user].totp_secret).at(self.clock.now))

    def sign_in(self, user: str = "bot1") -> Visitor:
        """All the way to the home page."""
        self.password(user)
        self.code(user)
        if self.path == "/sign-in/terms":
            self.post("/sign-in/terms")
        assert self.path == "/home"
        return self

    def as_organisation(self, key: str) -> Visitor:
        self.get("/eligibility")
        self.post("/organization", organization=key, return_to="/eligibility")
        return self

    def ask(self, request: Request, **changes: str) -> httpx.Response:
        """Sends the eligibility form for a row of the worksheet, as the organization that has the NPI."""
        home = self.world.organisation_of(request.npi)
        self.as_organisation(home.key if home else "lhm")
        values = {
            "program": request.program.value,
            "member_id": request.member_id,
            "last_name": request.last,
            "first_name": request.first,
            "date_of_birth": f"{request.born:%m/%d/%Y}" if request.born else "",
            "date_of_service": f"{request.on:%m/%d/%Y}",
            "service_type": "18",
            "provider": request.npi,
        }
        return self.post("/eligibility", **(values | changes))

    def ask_item(self, kind: str, member_id: str, request: Request, hcpcs: str) -> httpx.Response:
        self.get(f"/{kind}")
        return self.post(
            f"/{kind}",
            member_id=member_id,
            date_of_birth=f"{request.born:%m/%d/%Y}",
            date_of_service=f"{request.on:%m/%d/%Y}",
            hcpcs=hcpcs,
        )

    def tab(self, name: str) -> str:
        """A fragment of the answer on the page."""
        address = re.search(r'data-tabs="([^"]+)"', self.page.text)
        assert address
        answer = self.client.get(address[1] + name, headers={"X-Requested-With": "fetch"})
        return html.unescape(answer.text)


@pytest.fixture(scope="session")
def clock() -> Clock:
    return Clock()


@pytest.fixture(scope="session")
def running(clock: Clock) -> Iterator[PracticePortal]:
    with PracticePortal(SEED, TODAY, clock=clock) as portal:
        yield portal


@pytest.fixture
def portal(running: PracticePortal, clock: Clock) -> PracticePortal:
    clock.now = Clock().now
    running.reset()
    return running


@pytest.fixture
def world(running: PracticePortal) -> World:
    return running.portal.world


@pytest.fixture
def new_visitor(portal: PracticePortal, clock: Clock) -> Iterator[Callable[[], Visitor]]:
    made: list[Visitor] = []

    def make() -> Visitor:
        made.append(Visitor(portal.url, portal.portal.world, clock))
        return made[-1]

    yield make
    for visitor in made:
        visitor.client.close()


@pytest.fixture
def visitor(new_visitor: Callable[[], Visitor]) -> Visitor:
    return new_visitor()


@pytest.fixture
def biller(visitor: Visitor) -> Visitor:
    """A visitor who is signed in as bot1."""
    return visitor.sign_in()


@pytest.fixture
def row(world: World) -> Callable[[str], Request]:
    """Finds the first row of a scenario; clean ones have a member ID and no sloppy cells."""

    def find(scenario: str) -> Request:
        return next(
            item
            for item in world.requests
            if item.scenario == scenario
            and item.born
            and world.organisation_of(item.npi)
            and (scenario != "clean" or item.member_id)
        )

    return find
