"""`payerbots worker` and `watch` as an ops admin uses them: a run is left to a worker, watched, and delivered."""

import json
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from payerbots.ledger.models import Attempt, Item, Run, WorkerBeat
from tests.engine.acting import until
from tests.support import ROOT, Office

CLEAN = (7, 8, 11, 12)


def payerbots(*arguments: str, code: int = 0) -> str:
    command = [sys.executable, "-m", "payerbots", "--workspace", str(ROOT), *arguments]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)
    assert done.returncode == code, done.stderr
    return done.stdout


@pytest.fixture(autouse=True)
def settings(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PAYERBOTS_DATA", str(office.workspace.data))
    monkeypatch.setenv("PAYERBOTS_ZONE", "UTC")


@contextmanager
def worker(*arguments: str) -> Iterator[subprocess.Popen[str]]:
    command = [sys.executable, "-m", "payerbots", "--workspace", str(ROOT), "worker", *arguments]
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True) as process:
        try:
            yield process
        finally:
            process.kill()


def left_to_workers(office: Office) -> int:
    rows, out = str(office.requests(*CLEAN)), str(office.folder / "out")
    told = payerbots("run", "eligibility", "--input", rows, "--out", out, "--leave", "--json")
    run: int = json.loads(told)["run"]
    return run


def test_a_run_is_left_to_a_worker_that_begins_anew_on_the_way_and_delivers(office: Office) -> None:
    run = left_to_workers(office)
    with worker("--concurrency", "1", "--recycle-items", "3") as process:
        until(lambda: Run.objects.get(pk=run).state == "done", 60, "the end of the run")
        board = json.loads(payerbots("watch", "--json"))
        assert [one["pid"] for one in board["workers"]] == [process.pid]
        assert board["backlog"] == []
        process.send_signal(signal.SIGTERM)
        assert process.wait(20) == 0
    assert WorkerBeat.objects.filter(pid=process.pid).count() > 1
    assert list((office.folder / "out").glob("eligibility-results-*.xlsx"))
    assert Attempt.objects.filter(item__kind="work", outcome="done").count() == len(CLEAN)
    assert json.loads(payerbots("runs", "list", "--state", "done", "--json"))[0]["id"] == run


def test_told_twice_a_worker_gives_back_what_is_at_hand_at_once(office: Office) -> None:
    left_to_workers(office)
    with worker() as process:
        until(lambda: Item.objects.filter(state="running", kind="work").exists(), 30, "the first item")
        process.send_signal(signal.SIGTERM)
        assert process.stderr is not None
        next(line for line in process.stderr if "stop it again to stop at once" in line)
        process.send_signal(signal.SIGTERM)
        assert process.wait(10) == 130
    assert not Item.objects.filter(state="running").exists()
    assert Item.objects.filter(state="new").exists()


def test_nothing_is_asked_of_a_portal_that_a_person_paused(office: Office) -> None:
    payerbots("portals", "pause", "summit_health", "--hours", "2")
    left_to_workers(office)
    shown: dict[str, Any] = json.loads(payerbots("portals", "status", "--json"))
    assert shown["summit_health"]["state"] == "paused"
    assert "summit_health" not in json.loads(payerbots("portals", "status", "--state", "open", "--json"))
    payerbots("portals", "resume", "summit_health")
    assert "summit_health  open" in payerbots("portals", "status")


def test_the_board_tells_that_no_worker_is_there(office: Office) -> None:
    left_to_workers(office)
    shown = payerbots("watch", "--once")
    assert "No worker is alive: payerbots worker" in shown
    assert "eligibility" in shown
