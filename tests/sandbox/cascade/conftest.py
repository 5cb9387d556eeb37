from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import httpx
import pyotp
import pytest

from payerbots.browser.chromium import find, is_root
from payerbots.sandbox.cascade.app import create
from payerbots.sandbox.cascade.logins import LOGINS
from payerbots.sandbox.cascade.state import CascadeState
from payerbots.sandbox.server import PracticeSite
from tests.sandbox.conftest import NO_TLS, SEED, TODAY

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from playwright.sync_api import Browser, Page, Playwright

    from payerbots.sandbox.records import Request

SCROLL = """(view, to) => new Promise(done => {
  view.scrollTop = to;
  requestAnimationFrame(() => requestAnimationFrame(done));
})"""
"""Scrolls, and waits for the frame in which the page has drawn the rows anew."""


@dataclass
class Clock:
    """A clock that a test turns."""

    now: datetime = field(default_factory=lambda: datetime(2026, 11, 22, 15, 0, tzinfo=UTC))

    def __call__(self) -> datetime:
        return self.now

    def forward(self, **gap: float) -> None:
        self.now += timedelta(**gap)


class Caller:
    """What the page's script does, without a page: cookie, token, JSON."""

    def __init__(self, url: str, clock: Clock) -> None:
        self.client = httpx.Client(base_url=url, verify=NO_TLS)
        self.clock = clock

    def post(self, path: str, **body: Any) -> httpx.Response:
        return self.client.post(path, json=body)

    def get(self, path: str, **query: Any) -> httpx.Response:
        return self.client.get(path, params=query)

    def password(self, user: str = "bot1", password: str | None = None) -> httpx.Response:
        login = LOGINS[user]
        return self.post("/api/sign-in", email=login.user, password=password or login.password)

    def code(self, user: str = "bot1", at: datetime | None = None) -> httpx.Response:
        given = pyotp.TOTP(LOGINS[user].totp_secret).at(at or self.clock.now)
        return self.with_token(self.post("/api/sign-in/code", code=given))

    def with_token(self, answer: httpx.Response) -> httpx.Response:
        if "token" in answer.json():
            self.client.headers["Authorization"] = f"Bearer {answer.json()['token']}"
        return answer

    def sign_in(self, user: str = "bot1") -> Caller:
        self.password(user)
        assert self.code(user).json()["next"] == "in"
        return self

    def question(self, request: Request, **changes: Any) -> dict[str, Any]:
        return {
            "provider": request.npi,
            "service_type": "18",
            "member_id": request.member_id,
            "first": request.first,
            "last": request.last,
            "born": request.born.isoformat() if request.born else "",
            "on": request.on.isoformat(),
            "codes": list(request.hcpcs),
        } | changes

    def ask(self, request: Request, **changes: Any) -> httpx.Response:
        """The whole answer to a request, its parts under `benefits` and `items`."""
        sent = self.post("/api/eligibility/inquiries", **self.question(request, **changes))
        if sent.status_code != 201:
            return sent
        return self.get(f"/api/eligibility/inquiries/{sent.json()['key']}")

    def part(self, answer: httpx.Response, name: str) -> httpx.Response:
        return self.get(f"/api/eligibility/inquiries/{answer.json()['key']}/{name}")


class Person:
    """Somebody in front of the page."""

    def __init__(self, page: Page, url: str, clock: Clock) -> None:
        self.page, self.url, self.clock = page, url, clock

    def sign_in(self, user: str = "bot1") -> Person:
        login = LOGINS[user]
        self.go("/")
        self.page.get_by_label("Email").fill(login.user)
        self.page.get_by_label("Password").fill(login.password)
        self.page.get_by_role("button", name="Sign in").click()
        self.page.get_by_label("6-digit code").fill(pyotp.TOTP(login.totp_secret).at(self.clock.now))
        self.page.get_by_role("button", name="Verify").click()
        self.page.get_by_role("heading", name="Hello, Robot").wait_for()
        return self

    def go(self, path: str) -> None:
        self.page.goto(self.url + path)

    def choose(self, label: str, option: str) -> None:
        self.page.get_by_role("combobox", name=label, exact=True).click()
        self.page.get_by_role("option", name=option).click()

    def pick(self, label: str, day: date) -> None:
        self.page.get_by_label(label, exact=True).click()
        title = self.page.locator(".calendar-title")
        while (shown := title.inner_text()) != f"{day:%B %Y}":
            is_later = datetime.strptime(shown, "%B %Y").date() > day  # noqa: DTZ007 - a month has no zone
            self.page.get_by_role("button", name="Previous month" if is_later else "Next month").click()
        self.page.get_by_role("button", name=f"{day:%B} {day.day}, {day.year}", exact=True).click()

    def open_list(self, *, days: int | None = None) -> None:
        self.go("/remittances")
        self.page.get_by_role("row", name="Open document").first.wait_for()
        if days:
            self.choose("Posted", f"Last {days} days")
            self.page.get_by_role("button", name="Apply").click()
            self.settled()

    def rows(self) -> list[str]:
        """Document numbers that exist in the page now."""
        return [text for text in self.page.locator(".grid .number").all_inner_texts() if text]

    def scroll(self, to: float) -> None:
        self.page.locator(".grid-view").evaluate(SCROLL, to)
        self.settled()

    def settled(self) -> None:
        """Waits until all rows in sight are loaded."""
        self.page.wait_for_function(
            "() => { const view = document.querySelector('.grid-view');"
            " return view.getAttribute('aria-busy') === 'false' && document.getElementById('count').textContent && !view.querySelector('.waiting'); }"
        )


@pytest.fixture(scope="session")
def clock() -> Clock:
    return Clock()


@pytest.fixture(scope="session")
def state(clock: Clock) -> CascadeState:
    return CascadeState(SEED, TODAY, clock)


@pytest.fixture(scope="session")
def running(state: CascadeState) -> Iterator[PracticeSite]:
    with PracticeSite(state, create(state)) as site:
        yield site


@pytest.fixture
def site(running: PracticeSite, clock: Clock) -> PracticeSite:
    clock.now = Clock().now
    running.reset()
    return running


@pytest.fixture
def new_caller(site: PracticeSite, clock: Clock) -> Iterator[Callable[[], Caller]]:
    made: list[Caller] = []

    def make() -> Caller:
        made.append(Caller(site.url, clock))
        return made[-1]

    yield make
    for one in made:
        one.client.close()


@pytest.fixture
def caller(new_caller: Callable[[], Caller]) -> Caller:
    return new_caller()


@pytest.fixture
def biller(caller: Caller) -> Caller:
    """A caller who is signed in as bot1."""
    return caller.sign_in()


@pytest.fixture
def row(state: CascadeState) -> Callable[[str], Request]:
    """Finds the first request of a scenario that has a member ID."""
    return lambda scenario: next(
        item for item in state.world.requests if item.scenario == scenario and item.member_id
    )


@pytest.fixture(scope="session")
def chrome(playwright: Playwright) -> Iterator[Browser]:
    found = find(None, Path(playwright.chromium.executable_path))
    assert found
    browser = playwright.chromium.launch(executable_path=found.path, chromium_sandbox=not is_root())
    yield browser
    browser.close()


@pytest.fixture
def tab(chrome: Browser) -> Iterator[Page]:
    context = chrome.new_context(viewport={"width": 1280, "height": 900})
    context.set_default_timeout(10_000)
    yield context.new_page()
    context.close()


@pytest.fixture
def somebody(tab: Page, site: PracticeSite, clock: Clock) -> Person:
    """A person at the page, not signed in."""
    return Person(tab, site.url, clock)


@pytest.fixture
def person(somebody: Person, biller: Caller) -> Person:
    """A person who is signed in as bot1."""
    key = biller.client.cookies["cm_sid"]
    somebody.page.context.add_cookies([{"name": "cm_sid", "value": key, "url": somebody.url}])
    somebody.go("/home")
    somebody.page.get_by_role("heading", name="Hello, Robot").wait_for()
    return somebody
