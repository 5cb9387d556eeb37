"""This repository's flows at the practice portals."""

from collections.abc import Awaitable, Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import TypeVar

import pytest

from payerbots.browser import flow
from payerbots.browser.chromium import Chromium, open_tab
from payerbots.browser.flow import Visit
from payerbots.browser.screen import Screen
from payerbots.cli.practice import practice_environment
from payerbots.portals import credentials
from payerbots.sandbox.cascade import book
from payerbots.sandbox.cascade.app import create
from payerbots.sandbox.cascade.state import CascadeState
from payerbots.sandbox.server import PracticeSite
from payerbots.settings import Settings
from payerbots.workspace import Workspace
from tests.support import ROOT, SEED, LoopThread, Office, keep_rows, one_login, today

T = TypeVar("T")


class CascadeOffice(Office):
    """This repository's workspace at Cascade Mutual."""

    def requests(self, *wanted: int) -> Path:
        """The requests about Cascade's members; with row numbers, only those rows."""
        file = self.folder / "requests.xlsx"
        book.write_workbook(file, SEED, today())
        if wanted:
            keep_rows(file, set(wanted))
        return file

    def visit(self, work: Callable[[Visit], Awaitable[T]]) -> T:
        """Signs in and does something there, in a tab of its own."""
        return self.loop.run(self._visit(work))

    async def _visit(self, work: Callable[[Visit], Awaitable[T]]) -> T:
        portal = self.workspace.portals["cascade_mutual"]
        driven, login = flow.load(self.workspace, portal), portal.credentials[0]
        context = await self.chromium.context()
        screen = Screen(await open_tab(context), driven.book, portal, self.workspace.settings.element_seconds)
        try:
            await driven.sign_in(screen, credentials.find(portal.name, login, self.workspace.vault(login)))
            return await work(driven.on(screen))
        finally:
            await context.close()


@pytest.fixture
def state() -> CascadeState:
    return CascadeState(SEED, today(), lambda: datetime.now(UTC))


@pytest.fixture
def cascade(state: CascadeState) -> Iterator[PracticeSite]:
    """A site of its own for each test: no call of an earlier test can still be on its way."""
    with PracticeSite(state, create(state)) as site:
        yield site


@pytest.fixture
def at_cascade(
    tmp_path: Path,
    cascade: PracticeSite,
    loop_thread: LoopThread,
    chromium: Chromium,
    monkeypatch: pytest.MonkeyPatch,
) -> CascadeOffice:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    for name, value in practice_environment("http://127.0.0.1:9").items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("PAYERBOTS_URL_CASCADE_MUTUAL", cascade.url)
    settings = Settings(
        data=tmp_path / "data", retry_pace=0.001, element_seconds=5, item_seconds=40, zone="UTC"
    )
    workspace = one_login(Workspace(ROOT, settings))
    workspace.portals.pop("summit_health")
    office = CascadeOffice(folder=tmp_path, workspace=workspace, loop=loop_thread, chromium=chromium)
    office.workspace.connect()
    return office
