"""`payerbots up` as an ops admin uses it: all processes come up, one that dies comes back, and all end in order."""

import json
import os
import signal
import socket
import subprocess
import sys
import threading
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import psutil
import pytest

from payerbots.ledger.models import Run, SchedulerLease, ServiceBeat, WorkerBeat
from tests.cli.saying import say
from tests.engine.acting import until
from tests.support import ROOT, Office

CLEAN = (7, 8)


@pytest.fixture
def root(office: Office, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A workspace of its own at the practice portal, with a schedule for the year's last minute."""
    monkeypatch.setenv("PAYERBOTS_DATA", str(office.workspace.data))
    monkeypatch.setenv("PAYERBOTS_ZONE", "UTC")
    folder = office.folder / "office"
    folder.mkdir()
    for name in ("bots", "flows", "selectors", "portals.yaml"):
        (folder / name).symlink_to(ROOT / name)
    (folder / "schedules.yaml").write_text(
        "yearly: {bot: eligibility, cron: '59 23 31 dec *', input: {file: in/x.xlsx}}\n"
    )
    return folder


class Up:
    """The command in a process of its own, with the lines that it says."""

    def __init__(self, root: Path, *arguments: str) -> None:
        command = [
            sys.executable,
            "-m",
            "payerbots",
            "--workspace",
            str(root),
            "up",
            "--console-port",
            "0",
            *arguments,
        ]
        self.process = subprocess.Popen(command, stderr=subprocess.PIPE, text=True)
        self.lines: list[str] = []
        self._reading = threading.Thread(target=self._read)
        self._reading.start()

    def _read(self) -> None:
        assert self.process.stderr is not None
        for line in self.process.stderr:
            self.lines.append(line.rstrip())

    def wait(self, words: str) -> None:
        until(lambda: any(words in line for line in self.lines), 60, f"{words!r} in {self.lines}")

    def children(self) -> dict[str, int]:
        """The numbers of its processes by what they were told."""
        found = {}
        for one in psutil.Process(self.process.pid).children():
            words = one.cmdline()
            found[" ".join(words[words.index("--workspace") + 2 :])] = one.pid
        return found

    def close(self) -> None:
        self.process.kill()
        with self.process:
            self._reading.join()


@contextmanager
def up(root: Path, *arguments: str) -> Iterator[Up]:
    started = Up(root, *arguments)
    try:
        yield started
    finally:
        children = list(started.children().values()) if started.process.poll() is None else []
        started.close()
        until(lambda: not any(map(is_alive, children)), 30, "the end of its children")


def is_alive(pid: int) -> bool:
    try:
        return psutil.Process(pid).status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


def free_port() -> int:
    """One whose next is free too."""
    while True:
        with socket.socket() as one, socket.socket() as next_one:
            one.bind(("127.0.0.1", 0))
            port: int = one.getsockname()[1]
            with suppress(OSError):
                next_one.bind(("127.0.0.1", port + 1))
                return port


def test_everything_is_kept_up_does_its_work_and_ends_in_order(office: Office, root: Path) -> None:
    port = free_port()
    with up(root, "--metrics-port", str(port)) as running:
        until(
            lambda: WorkerBeat.objects.exists() and SchedulerLease.objects.exclude(owner="").exists(),
            60,
            "all up",
        )
        until(lambda: ServiceBeat.objects.count() == 2, 60, "the attendant and the supervisor")
        assert set(running.children()) == {
            "scheduler",
            f"worker --concurrency 2 --metrics-port {port}",
            "notify watch",
            f"console --port 0 --metrics-port {port + 1}",
        }
        running.wait("console | console: http://127.0.0.1:")
        assert "payerbots_ledger_up 1.0" in scraped(port + 1)
        assert "it is up already" in say("up", workspace=root, code=2)
        shown = json.loads(say("status", "--json", workspace=root))
        assert (shown["wrong"], shown["next"][0]["schedule"]) == ([], "yearly")
        run = left_to_the_workers(office, root)
        scheduler = running.children()["scheduler"]
        os.kill(scheduler, signal.SIGKILL)
        running.wait("scheduler ended with -9; it begins anew in 1 s")
        until(lambda: Run.objects.get(pk=run).state == "done", 60, "the end of the run")
        until(lambda: running.children().get("scheduler", scheduler) != scheduler, 30, "a new scheduler")
        assert (
            f'payerbots_attempts_total{{bot="eligibility",portal="summit_health",state="done"}} {len(CLEAN)}.0'
            in scraped(port)
        )
        running.process.send_signal(signal.SIGTERM)
        assert running.process.wait(60) == 0
        running.wait("up: scheduler ended (restarted 1x), worker-1 ended, notices ended, console ended")
    assert set(ServiceBeat.objects.values_list("state", flat=True)) == {"gone"}
    assert not (office.workspace.data / "up.pid").exists()


def left_to_the_workers(office: Office, root: Path) -> int:
    rows, out = str(office.requests(*CLEAN)), str(office.folder / "out")
    told = say("run", "eligibility", "--input", rows, "--out", out, "--leave", "--json", workspace=root)
    run: int = json.loads(told)["run"]
    return run


def scraped(port: int) -> str:
    with urllib.request.urlopen(f"http://127.0.0.1:{port}/metrics", timeout=20) as page:
        text: str = page.read().decode()
        return text


def test_when_it_is_killed_its_processes_end_by_themselves_and_it_can_come_up_again(root: Path) -> None:
    with up(root, "--workers", "0", "--no-notices") as running:
        running.wait("leads")
    with up(root, "--workers", "0", "--no-notices") as running:
        running.wait("scheduler |")
        running.process.send_signal(signal.SIGINT)
        assert running.process.wait(30) == 0


def test_of_nothing_nothing_is_kept_up(root: Path) -> None:
    shown = say(
        "up", "--workers", "0", "--no-notices", "--no-scheduler", "--no-console", workspace=root, code=2
    )
    assert "nothing is to be kept up" in shown
