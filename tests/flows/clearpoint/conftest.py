"""This repository's flow at the practice clearinghouse, in a real browser."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pytest

from payerbots.browser import flow as flows
from payerbots.browser.chromium import Chromium, open_tab
from payerbots.browser.screen import Screen
from payerbots.portals.credentials import Credential
from payerbots.sandbox.clearpoint.app import create
from payerbots.sandbox.clearpoint.guard import COOKIE
from payerbots.sandbox.clearpoint.logins import LOGINS
from payerbots.sandbox.clearpoint.state import ClearpointState, Step
from payerbots.sandbox.server import PracticeSite
from payerbots.settings import Settings
from payerbots.workspace import Workspace
from tests.sandbox.clearpoint.conftest import CODE, NOW, SEED, TODAY, Clock
from tests.support import ROOT

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterator
    from email.message import EmailMessage

    from playwright.async_api import Page

    from payerbots.browser.flow import Flow, Visit
    from tests.support import LoopThread

    Work = Callable[["House"], Awaitable[Any]]
    Do = Callable[[Work], Any]

SECONDS = 4.0


@dataclass
class Mails:
    """The code of the last mail that the site posted."""

    posted: list[EmailMessage]
    seconds: float = 5.0

    async def mark(self) -> None:
        """Nothing to mark."""

    async def code(self) -> str:
        found = CODE.search(self.posted[-1].get_content())
        assert found
        return found[1]


@dataclass
class House:
    """The clearinghouse, and a tab that is not signed in."""

    site: PracticeSite
    state: ClearpointState
    clock: Clock
    flow: Flow
    screen: Screen
    mails: list[EmailMessage]

    @property
    def visit(self) -> Visit:
        return self.flow.on(self.screen)

    async def sign_in(self) -> None:
        login = LOGINS["bot1"]
        await self.flow.sign_in(
            self.screen, Credential("bot1", login.user, login.password, Mails(self.mails))
        )


@pytest.fixture(scope="module")
def mails() -> list[EmailMessage]:
    return []


@pytest.fixture(scope="module")
def running(mails: list[EmailMessage]) -> Iterator[tuple[PracticeSite, ClearpointState]]:
    state = ClearpointState(SEED, TODAY, Clock(), mails.append)
    state.timeout = 0.05
    with PracticeSite(state, create(state)) as site:
        yield site, state


@pytest.fixture(scope="module")
def tab(loop_thread: LoopThread, chromium: Chromium) -> Iterator[Page]:
    """One tab for all tests: a context of its own for each would take longer than the tests."""

    async def opened() -> Page:
        return await open_tab(await chromium.context())

    page = loop_thread.run(opened())
    yield page
    loop_thread.run(page.context.close())


@pytest.fixture
def at_house(
    running: tuple[PracticeSite, ClearpointState],
    mails: list[EmailMessage],
    loop_thread: LoopThread,
    tab: Page,
    monkeypatch: pytest.MonkeyPatch,
) -> Do:
    """Does something at the clearinghouse, not signed in yet."""
    site, state = running
    site.reset()
    state.clock = clock = Clock(NOW)
    monkeypatch.setenv("PAYERBOTS_URL_CLEARPOINT", site.url)
    workspace = Workspace(ROOT, Settings())
    flow = flows.load(workspace, workspace.portals["clearpoint"])

    async def do(work: Work) -> Any:
        screen = Screen(tab, flow.book, flow.portal, SECONDS)
        try:
            return await work(House(site, state, clock, flow, screen, mails))
        finally:
            screen._windows.leave()
            tab.remove_listener("dialog", screen._answer_dialog)

    return lambda work: loop_thread.run(do(work))


@pytest.fixture
def signed_in(at_house: Do) -> Do:
    """Does something with a tab whose session was kept: signing in each time would take longer than the tests."""

    def do(work: Work) -> Any:
        async def in_a_kept_session(house: House) -> Any:
            session = house.state.open_session(LOGINS["bot1"].user, Step.CODE)
            house.state.let_in(session)
            cookie = {"name": COOKIE, "value": session.key, "url": house.site.url}
            await house.screen.raw.context.add_cookies([cookie])  # type: ignore[list-item]  # a cookie
            return await work(house)

        return at_house(in_a_kept_session)

    return do
