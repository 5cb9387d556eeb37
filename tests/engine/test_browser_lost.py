"""The browser dies or hangs in the middle of a run, or evidence cannot be written: the work goes on."""

import asyncio
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import psutil
import pytest

from payerbots import log
from payerbots.browser.chromium import Chromium
from payerbots.ledger.models import Attempt, Evidence
from tests.support import LoopThread, Office

CLEAN = (7, 8, 11)


@pytest.fixture
def own_browser(office: Office, loop_thread: LoopThread) -> Iterator[Office]:
    """An office whose browser may be killed: no other test uses it."""
    chromium = Chromium()
    loop_thread.run(chromium.__aenter__())
    yield replace(office, chromium=chromium)
    loop_thread.run(chromium.__aexit__(None, None, None))


def _lives(process: psutil.Process) -> bool:
    try:
        return bool(process.status() != psutil.STATUS_ZOMBIE)
    except psutil.Error:
        return False


def _processes(chromium: Chromium) -> list[psutil.Process]:
    return [one for one in chromium._processes if one.is_running() and "node" not in one.name()]


def test_a_browser_that_is_killed_is_replaced(own_browser: Office) -> None:
    def kill() -> None:
        for process in _processes(own_browser.chromium):
            process.kill()

    own_browser.after_first(kill)
    report = own_browser.run(own_browser.requests(*CLEAN))
    assert report.by_state == {"done": len(CLEAN)}
    assert Attempt.objects.filter(error="BrowserGone", outcome="retry").exists()


@pytest.mark.skipif(sys.platform == "win32", reason="nothing stops a process there and lets it go on")
def test_a_browser_that_hangs_is_killed_and_replaced(own_browser: Office, loop_thread: LoopThread) -> None:
    async def go() -> None:
        chromium = own_browser.chromium
        await chromium.context()
        hung = _processes(chromium)
        for process in hung:
            os.kill(process.pid, signal.SIGSTOP)
        async with chromium.watched(every=0.05, patience=0.5):
            async with asyncio.timeout(20):
                while any(_lives(process) for process in hung):  # noqa: ASYNC110 - no event tells of another process
                    await asyncio.sleep(0.05)
        context = await chromium.context()
        await context.close()

    loop_thread.run(go())


@pytest.fixture
def full_disk(office: Office) -> Iterator[Path]:
    """An evidence folder on a file system of 1 MB that has no room left."""
    folder = office.workspace.data / "evidence"
    if sys.platform != "linux" or os.geteuid() != 0:
        pytest.skip("only root can mount a small file system")
    mounting = ["mount", "-t", "tmpfs", "-o", "size=1m,mode=0700", "tmpfs", str(folder)]
    if subprocess.run(mounting, check=False, capture_output=True).returncode:
        pytest.skip("mounting is not permitted here")
    (folder / "filler").write_bytes(b"x" * (1024 * 1024 - 4096))
    yield folder
    subprocess.run(["umount", str(folder)], check=True)  # noqa: S607 - where it lies differs


def test_a_full_disk_costs_the_picture_and_nothing_else(office: Office, full_disk: Path) -> None:
    log.start(office.workspace.data / "logs")
    report = office.run(office.requests(7, 39))
    assert report.by_state == {"done": 1, "exception": 1}
    assert not Evidence.objects.exists()
    assert [one.name for one in full_disk.iterdir()] == ["filler"]
    assert "evidence could not be kept: OSError" in office.log
