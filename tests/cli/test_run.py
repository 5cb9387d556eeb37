"""`payerbots run` as a process: interrupted, gone on with, and its exit codes."""

import json
import os
import signal
import subprocess
import sys
from pathlib import Path
from time import monotonic

import pytest

from payerbots.ledger.models import Attempt, Item
from payerbots.sandbox.server import PracticePortal
from tests.support import ROOT, Office

CLEAN = (7, 8, 11, 12, 14, 16)


def command(*arguments: str) -> list[str]:
    return [sys.executable, "-m", "payerbots", "--workspace", str(ROOT), *arguments]


@pytest.fixture
def settings(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PAYERBOTS_DATA", str(office.workspace.data))
    monkeypatch.setenv("PAYERBOTS_ZONE", "UTC")


@pytest.mark.usefixtures("settings")
def test_ctrl_c_ends_within_five_seconds_and_the_next_run_goes_on(office: Office) -> None:
    rows = office.requests(*CLEAN)
    out = str(office.folder / "out")
    with subprocess.Popen(
        command("run", "eligibility", "--input", str(rows), "--out", out), stderr=subprocess.PIPE, text=True
    ) as run:
        assert run.stderr is not None
        next(line for line in run.stderr if " done" in line)
        began = monotonic()
        run.send_signal(signal.SIGINT)
        rest = run.stderr.read()
        assert run.wait(10) == 130
    assert monotonic() - began < 5
    assert "run it again to go on" in rest

    done = Item.objects.filter(state="done", kind="work").count()
    assert 1 <= done < len(CLEAN)
    assert not Item.objects.filter(state="running").exists()
    report = office.run(rows)
    assert report.added == 0
    assert report.by_state == {"done": len(CLEAN)}
    assert Attempt.objects.filter(outcome="done", item__kind="work").count() == len(CLEAN)


@pytest.mark.usefixtures("settings")
def test_a_run_with_exceptions_exits_with_1_and_prints_one_object(office: Office) -> None:
    rows = office.requests(39)
    done = subprocess.run(
        command("--json", "run", "eligibility", "--input", str(rows), "--out", str(office.folder / "out")),
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert done.returncode == 1, done.stderr
    assert json.loads(done.stdout)["by_reason"] == {"MEMBER_NOT_FOUND": 1}


@pytest.mark.usefixtures("settings")
@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["run", "nothing"], "no bot 'nothing'; bots/ has: eligibility"),
        (["run", "eligibility", "--portal", "elsewhere"], "no portal 'elsewhere'"),
        (["run", "eligibility"], "--input"),
        (["run", "eligibility", "--input", "README.md"], "README.md"),
        (["portals", "resume", "elsewhere"], "no portal 'elsewhere'"),
        (["evidence", "1", "--out", "x.png"], "item 1 has no picture"),
        (["sandbox", "serve", "--fault", "flood=1"], "flood"),
    ],
)
def test_a_wrong_call_says_what_is_wrong_and_exits_with_2(arguments: list[str], said: str) -> None:
    done = subprocess.run(
        command(*arguments), capture_output=True, text=True, check=False, timeout=60, env={**os.environ}
    )
    assert (done.returncode, said in done.stderr) == (2, True), done.stderr


@pytest.mark.usefixtures("settings")
def test_a_stopped_portal_is_shown_and_resumed(office: Office, portal: PracticePortal) -> None:
    portal.set_faults(captcha=1)
    office.run(office.requests(7))
    shown = subprocess.run(
        command("portals", "status", "--json"), capture_output=True, text=True, check=False, timeout=60
    )
    assert shown.returncode == 1
    assert json.loads(shown.stdout)["summit_health"]["reason"] == "CAPTCHA"
    subprocess.run(command("portals", "resume", "summit_health"), check=True, timeout=60)
    portal.clear_faults()
    assert office.run(office.requests(7)).by_state == {"done": 1}


@pytest.mark.usefixtures("settings")
def test_the_picture_of_an_exception_can_be_opened(office: Office, tmp_path: Path) -> None:
    office.run(office.requests(39))
    item = Item.objects.get(state="exception").pk
    picture = tmp_path / "picture.png"
    subprocess.run(command("evidence", str(item), "--out", str(picture)), check=True, timeout=60)
    assert picture.read_bytes().startswith(b"\x89PNG")
    assert picture.stat().st_mode & 0o077 == 0
