"""A workspace of this repository with its own data, at a practice portal: what tests of whole runs use."""

import asyncio
import ipaddress
import socket
import threading
from collections.abc import Callable, Coroutine
from concurrent.futures import Future
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any, TypeVar

import openpyxl

from payerbots.browser.chromium import Chromium
from payerbots.engine.delivering import RunReport
from payerbots.engine.runner import Order, Runner
from payerbots.engine.worker import Progress
from payerbots.sandbox import requests
from payerbots.workspace import Workspace

ROOT = Path(__file__).parents[1]
SEED = 1
FIRST_ROW = 5

T = TypeVar("T")


def today() -> date:
    return datetime.now(UTC).date()


Connect = Callable[[socket.socket, Any], None]


def only_loopback(connect: Connect) -> Connect:
    """`socket.connect` for this machine's own addresses only."""

    def guarded(self: socket.socket, address: Any) -> None:
        inet = self.family in {socket.AF_INET, socket.AF_INET6}
        if inet and not ipaddress.ip_address(address[0]).is_loopback:
            raise PermissionError(f"a test reached out to {address[0]}")
        connect(self, address)

    return guarded


class LoopThread:
    """Runs coroutines on an event loop in a thread of its own: pytest's main thread stays without one."""

    def __init__(self) -> None:
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="test-loop", daemon=True)
        self._thread.start()

    def run(self, work: Coroutine[Any, Any, T], seconds: float = 240) -> T:
        return asyncio.run_coroutine_threadsafe(asyncio.wait_for(work, seconds), self._loop).result()

    def start(self, work: Coroutine[Any, Any, T]) -> Future[T]:
        """Runs it beside the test."""
        return asyncio.run_coroutine_threadsafe(work, self._loop)

    def close(self) -> None:
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()


def one_login(workspace: Workspace) -> Workspace:
    """The workspace with the first login of each portal only, so that what happens is in one order."""
    portals = {
        name: portal.model_copy(update={"credentials": portal.credentials[:1]})
        for name, portal in workspace.portals.items()
    }
    vars(workspace)["portals"] = portals
    return workspace


@dataclass(kw_only=True)
class Office:
    """This repository's workspace with a data folder of its own, at the practice portal."""

    folder: Path
    workspace: Workspace
    loop: LoopThread
    chromium: Chromium
    steps: list[Progress] = field(default_factory=list)
    after_step: Callable[[Progress], None] = lambda _step: None

    def run(self, rows: Path, **order: Any) -> RunReport:
        """Runs the eligibility bot over a list, to the end."""
        wanted = Order(**{"bot": "eligibility", "input": rows, "out": self.folder / "out", **order})
        runner = Runner(self.workspace, watch=self._step, chromium=self.chromium)
        return self.loop.run(runner.run(wanted))

    def _step(self, step: Progress) -> None:
        self.steps.append(step)
        self.after_step(step)

    def after_first(self, change: Callable[[], None]) -> None:
        """Does something once, when the first attempt of a run has ended."""
        changes = iter([change])
        self.after_step = lambda _: next(changes, lambda: None)()

    def with_settings(self, **changes: Any) -> "Office":
        """The same office with other settings."""
        settings = self.workspace.settings.model_copy(update=changes)
        return replace(self, workspace=one_login(Workspace(ROOT, settings)))

    def requests(self, *wanted: int) -> Path:
        """The sample list; with row numbers, only those rows."""
        file = self.folder / "requests.xlsx"
        requests.write_workbook(file, SEED, today())
        if wanted:
            keep_rows(file, set(wanted))
        return file

    def with_sessions(self, count: int) -> "Office":
        """The same office with a login that may hold several sessions at once."""
        changed = self.with_settings()
        portal = changed.workspace.portals["summit_health"]
        login = portal.credentials[0].model_copy(update={"sessions": count})
        vars(changed.workspace)["portals"] = {
            "summit_health": portal.model_copy(update={"credentials": (login,)})
        }
        return changed

    @property
    def log(self) -> str:
        return "".join(file.read_text() for file in sorted((self.workspace.data / "logs").iterdir()))


def keep_rows(file: Path, wanted: set[int]) -> None:
    """Empties every row of requests that is not wanted."""
    book = openpyxl.load_workbook(file)
    sheet = book["Requests"]
    for row in range(FIRST_ROW, sheet.max_row + 1):
        if row not in wanted:
            for cell in sheet[row]:
                cell.value = None
    book.save(file)
