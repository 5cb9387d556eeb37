"""A console over a ledger of its own, and a browser in front of it.

These tests run by themselves (`pytest tests/console`): the console is a Django project with more tables than the
ledger's, and the browser's driver keeps an event loop in the test's thread, in which Django would refuse to work.
"""

import os
import shutil
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.db import connections
from django.test.utils import setup_test_environment, teardown_test_environment
from playwright.sync_api import BrowserType

from payerbots.browser.chromium import find
from payerbots.console import serving, settings
from payerbots.console.settings import Address
from payerbots.settings import Settings
from payerbots.workspace import Workspace
from tests.console.house import House, Served
from tests.support import ROOT, Office

os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"


@pytest.fixture(scope="session", autouse=True)
def templates_tell() -> Iterator[None]:
    """Answers carry what their templates were given."""
    setup_test_environment(debug=False)
    yield
    teardown_test_environment()


@pytest.fixture(scope="session")
def empty_ledger(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated ledger with the console's tables and roles, to copy."""
    folder = tmp_path_factory.mktemp("ledger")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_CONFIG_HOME", str(folder / "config"))
        space = Workspace(ROOT, Settings(data=folder / "data", zone="UTC"))
        settings.open_office(space)
    connections.close_all()
    return folder / "data" / "ledger.db"


@pytest.fixture
def house(empty_ledger: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[House]:
    """An office with its console, and nothing in the ledger."""
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    (tmp_path / "data").mkdir(mode=0o700)
    shutil.copy(empty_ledger, tmp_path / "data" / "ledger.db")
    space = Workspace(ROOT, Settings(data=tmp_path / "data", zone="UTC"))
    settings.open_office(space)
    yield House(space)
    connections.close_all()


@pytest.fixture
def worked_office(office: Office) -> Iterator[Office]:
    """An office at the practice portal, whose ledger the console shows."""
    settings.open_office(office.workspace)
    yield office
    connections.close_all()


def _serve() -> Iterator[Served]:
    server = serving.make_server("127.0.0.1", 0, Address())
    thread = threading.Thread(target=server.run, name="console")
    thread.start()
    yield Served(f"http://127.0.0.1:{server.effective_port}")
    server._map.clear()
    server.trigger.pull_trigger()  # wakes the loop, which has nothing left to listen to
    thread.join(10)
    server.close()


@pytest.fixture
def served(house: House) -> Iterator[Served]:  # noqa: ARG001 - its ledger is what is served
    yield from _serve()


@pytest.fixture
def served_office(worked_office: Office) -> Iterator[Served]:  # noqa: ARG001 - as above
    yield from _serve()


@pytest.fixture(scope="session")
def browser_type_launch_args(
    browser_type_launch_args: dict[str, Any], browser_type: BrowserType
) -> dict[str, Any]:
    """The browser that the bots use."""
    found = find(None, Path(browser_type.executable_path))
    assert found is not None, "no browser: make setup"
    return {**browser_type_launch_args, "executable_path": str(found.path)}
