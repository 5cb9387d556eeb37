"""`payerbots schedules` and `payerbots scheduler` as an ops admin gives them."""

import json
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from django.db import connections

from payerbots.cli import options
from payerbots.cli.main import run as payerbots
from payerbots.ledger import schedules
from payerbots.ledger.models import Run
from payerbots.ledger.records import Ledger
from tests.engine.acting import until
from tests.engine.cashroom import only_its_modules
from tests.schedule.plan import make_workspace

TEXT = """
night: {bot: gather, cron: "30 2 * * *"}
then: {bot: post, after: night}
drop: {bot: gather, input: {folder: in}}
"""
Give = Callable[..., str]


@pytest.fixture
def office(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A workspace with three schedules."""
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    monkeypatch.setenv("PAYERBOTS_ZONE", "America/New_York")
    monkeypatch.setattr(options, "BEFORE", {})
    with only_its_modules():
        root = make_workspace(tmp_path / "office", TEXT).root
        (root / "in").mkdir()
        yield root
        connections.close_all()


@pytest.fixture
def give(office: Path, capsys: pytest.CaptureFixture[str]) -> Give:
    """Gives a command in this process, and says what it printed."""

    def give(*arguments: str, code: int = 0) -> str:
        ended = 0
        try:
            payerbots(["--workspace", str(office), *arguments])
        except SystemExit as end:
            ended = int(end.code or 0)
        said = capsys.readouterr()
        assert ended == code, said
        return said.out + said.err

    return give


def test_check_says_what_is_right_and_what_may_surprise(give: Give) -> None:
    told = give("schedules", "check", code=1)
    assert "look     night: 02:30 does not exist on Sun " in told
    assert told.endswith("3 schedules are right; 1 to look at\n")
    found = json.loads(give("schedules", "check", "--json", code=1))
    assert (found["schedules"], found["wrong"]) == (["night", "then", "drop"], [])


def test_check_says_all_that_is_wrong(give: Give, office: Path) -> None:
    (office / "schedules.yaml").write_text(
        "a: {bot: gather, after: b}\nb: {bot: gather, after: a}\nc: {bot: x, every: 1h}\n"
    )
    assert give("schedules", "check", code=2).splitlines() == [
        "wrong    schedules.yaml:3: at key c.bot: found 'x', allowed: gather, post",
        "wrong    schedules.yaml:1: at key a.after: a chain that loops: a → b → a",
    ]


def test_check_is_content_with_a_quiet_file(give: Give, office: Path) -> None:
    (office / "schedules.yaml").write_text('one: {bot: gather, cron: "0 5 * * *"}\n')
    assert give("schedules", "check") == "1 schedules are right; 0 to look at\n"


def test_next_shows_what_comes_in_order(give: Give) -> None:
    rows = json.loads(give("schedules", "next", "--days", "3", "--json"))
    assert [row["schedule"] for row in rows] == ["night"] * 3
    assert all(row["when"].endswith(("02:30", "03:00")) for row in rows)
    told = give("schedules", "next", "--days", "1")
    assert "America/New_York  night     gather" in told
    assert told.endswith("then: after night\ndrop: watches in\n")


def test_a_schedule_that_is_not_there_is_told_with_those_that_are(give: Give) -> None:
    told = give("schedules", "next", "nigt", code=2)
    assert told == "payerbots: no schedule 'nigt'; schedules.yaml has: night, then, drop\n"


def test_pause_and_resume_are_seen_in_the_list(give: Give) -> None:
    assert give("schedules", "pause", "night", "--hours", "3") == "night: paused for 3 hours\n"
    listed = _listed(give)
    assert listed["night"]["paused"].startswith("by person:")
    assert listed["then"]["paused"] is None
    assert give("schedules", "resume", "--all") == "night: resumed\n"
    assert _listed(give)["night"]["paused"] is None
    assert give("schedules", "resume", "night") == "none of them was paused\n"


def test_next_tells_which_slots_a_pause_takes(give: Give) -> None:
    give("schedules", "pause", "night", "--hours", "30")
    notes = [row["note"] for row in json.loads(give("schedules", "next", "night", "--days", "4", "--json"))]
    assert notes[0] == "paused"
    assert notes[-1] == ""


def _listed(give: Give) -> dict[str, Any]:
    return {row["schedule"]: row for row in json.loads(give("schedules", "list", "--json"))["schedules"]}


def test_pause_wants_names_or_all(give: Give) -> None:
    for arguments in (["pause"], ["pause", "night", "--all"]):
        assert "name the schedules, or say --all" in give("schedules", *arguments, code=2)


def test_run_now_starts_a_run_that_slots_and_list_show(give: Give) -> None:
    assert give("schedules", "run-now", "night") == "night: run 1 is left to the workers\n"
    (row,) = json.loads(give("schedules", "slots", "--json"))
    assert (row["schedule"], row["state"], row["run"], row["run_state"]) == ("night", "started", 1, "running")
    assert _listed(give)["night"]["last"] == "run 1 running"
    assert "no scheduler runs: payerbots scheduler" in give("schedules", "list")


def test_run_now_takes_each_file_of_a_folder_once(give: Give, office: Path) -> None:
    for name in ("a", "b"):
        (office / f"in/{name}.csv").write_text(name)
    found = json.loads(give("schedules", "run-now", "drop", "--json"))
    assert found == {"schedule": "drop", "runs": [1, 2]}
    assert give("schedules", "run-now", "drop", code=2) == "payerbots: drop: there is nothing to run on\n"


def test_run_now_works_while_it_is_paused(give: Give) -> None:
    give("schedules", "pause", "night")
    assert "run 1" in give("schedules", "run-now", "night")


@pytest.mark.parametrize("name", ["week.html", "week.png"])
def test_preview_draws_a_week(give: Give, tmp_path: Path, name: str) -> None:
    out = tmp_path / name
    assert give("schedules", "preview", "--out", str(out), "--from", "2026-03-08") == f"drawn to {out}\n"
    assert (b"Mon 02 Mar" in out.read_bytes()) if name.endswith("html") else out.stat().st_size > 10_000


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["--out", "week.pdf"], "--out: found 'week.pdf', allowed: a name that ends in .html or .png"),
        (
            ["--out", "week.html", "--from", "monday"],
            "--from: found 'monday', allowed: a day such as 2026-11-02",
        ),
    ],
)
def test_preview_says_what_it_takes(give: Give, arguments: list[str], told: str) -> None:
    assert told in give("schedules", "preview", *arguments, code=2)


def test_schema_is_printed_or_written_with_the_names_there_are(give: Give, tmp_path: Path) -> None:
    assert json.loads(give("schedules", "schema"))["title"] == "schedules.yaml"
    out = tmp_path / "own.json"
    give("schedules", "schema", "--names", "--out", str(out))
    assert json.loads(out.read_text())["definitions"]["Schedule"]["properties"]["bot"]["enum"] == [
        "gather",
        "post",
    ]


def test_the_scheduler_runs_until_it_is_told_to_stop(office: Path, give: Give) -> None:
    (office / "in/a.csv").write_text("a")
    (office / "schedules.yaml").write_text("drop: {bot: gather, input: {folder: in, settle: 0s}}\n")
    give("schedules", "list")
    command = [sys.executable, "-m", "payerbots", "--workspace", str(office), "scheduler"]
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True) as process:
        try:
            until(Run.objects.exists, 30, "the first run")
            leads = schedules.leader(Ledger(None))  # type: ignore[arg-type]  # no key is needed to see who leads
            assert leads is not None
            assert leads.pid == process.pid
            process.send_signal(signal.SIGTERM)
            assert process.wait(20) == 0
        finally:
            with suppress(ProcessLookupError):
                process.kill()
    assert schedules.leader(Ledger(None)) is None  # type: ignore[arg-type]  # as above


def test_a_scheduler_without_a_right_file_ends_and_says_why(office: Path, give: Give) -> None:
    (office / "schedules.yaml").write_text("one: {bot: x, every: 1h}\n")
    assert "at key one.bot: found 'x', allowed: gather, post" in give("scheduler", code=2)
