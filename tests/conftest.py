"""Fixtures of tests of whole runs."""

import os
import socket
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

APART = "PAYERBOTS_TESTS_APART"
"""Set where the console's tests and those with Playwright's sync pages run: neither goes with the rest.

A sync page leaves its thread without an event loop of its own, and the console is a Django project.
"""
if any("tests/console" in argument or "test_in_a_browser" in argument for argument in sys.argv):
    os.environ[APART] = "1"  # workers of pytest-xdist are told by it
if APART in os.environ:
    from payerbots.console.settings import prepare

    prepare()  # before anything of the ledger is imported: Django is set up once a process
else:
    collect_ignore = ["console"]
    collect_ignore_glob = ["sandbox/*/test_in_a_browser.py"]

from payerbots.browser.chromium import Chromium
from payerbots.cli.practice import practice_environment
from payerbots.sandbox.server import PracticePortal
from payerbots.settings import Settings
from payerbots.workspace import Workspace
from tests.databases import new_ledgers_from, postgres
from tests.support import ROOT, SEED, LoopThread, Office, one_login, only_loopback, today


@pytest.fixture(scope="session")
def loop_thread() -> Iterator[LoopThread]:
    thread = LoopThread()
    yield thread
    thread.close()


@pytest.fixture(scope="session")
def chromium(loop_thread: LoopThread) -> Iterator[Chromium]:
    browser = Chromium()
    yield loop_thread.run(browser.__aenter__())
    loop_thread.run(browser.__aexit__(None, None, None))


@pytest.fixture(scope="session", autouse=True)
def migrated_once(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """New ledgers of this process begin as a copy of one that was migrated: the same tables, half a second sooner."""
    with new_ledgers_from(tmp_path_factory.mktemp("migrated")):
        yield


@pytest.fixture(scope="session")
def postgres_url() -> Iterator[str]:
    """A PostgreSQL for this process's tests, with a database of their own."""
    with postgres() as url:
        yield url


@pytest.fixture
def portal() -> Iterator[PracticePortal]:
    """A practice portal of its own for each test: no request of an earlier test can still be on its way."""
    with PracticePortal(SEED, today()) as portal:
        yield portal


@pytest.fixture
def office(
    tmp_path: Path,
    portal: PracticePortal,
    loop_thread: LoopThread,
    chromium: Chromium,
    monkeypatch: pytest.MonkeyPatch,
) -> Office:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    for name, value in practice_environment(portal.url).items():
        monkeypatch.setenv(name, value)
    settings = Settings(
        data=tmp_path / "data", retry_pace=0.001, element_seconds=6, item_seconds=40, zone="UTC"
    )
    workspace = one_login(Workspace(ROOT, settings))
    office = Office(folder=tmp_path, workspace=workspace, loop=loop_thread, chromium=chromium)
    office.workspace.connect()
    return office


@pytest.fixture(scope="session", autouse=True)
def no_network_but_loopback() -> Iterator[None]:
    """A connection from this process to anywhere else is refused, and the test fails."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(socket.socket, "connect", only_loopback(socket.socket.connect))
        yield
