"""docs/schedules.md is true: its example is a workspace's schedules, and its commands do what they say there."""

import re
import shlex
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.db import connections
from typer.main import get_command

from payerbots.cli import options
from payerbots.cli.main import run as payerbots
from payerbots.cli.schedules import app
from payerbots.schedule.deciding import GRACE
from payerbots.schedule.json_schema import SCHEMA_FILE
from tests.engine.cashroom import only_its_modules
from tests.schedule.plan import make_bot, make_workspace
from tests.support import ROOT

PAGE = (ROOT / "docs/schedules.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"^```(\w*)\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)
(EXAMPLE,) = (body for language, body in BLOCKS if language == "yaml")
COMMANDS = [
    line
    for language, body in BLOCKS
    for line in body.splitlines()
    if not language and line.startswith("payerbots schedules")
]
SURPRISES = {"payerbots schedules check"}
"""Ends with 1 there, because the folder of new orders is not there yet."""
PORTAL = (
    "{url: 'http://127.0.0.1:9', automation: permitted, flow: one, credentials: [{name: bot1, sessions: 2}]}"
)


@pytest.fixture
def office(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A workspace with the page's schedules and what they name."""
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    monkeypatch.setenv("PAYERBOTS_ZONE", "America/New_York")
    monkeypatch.setattr(options, "BEFORE", {})
    monkeypatch.chdir(tmp_path)
    with only_its_modules():
        root = make_workspace(tmp_path / "office", EXAMPLE).root
        for bot in set(re.findall(r"bot: (\w+)", EXAMPLE)):
            make_bot(root, bot)
        for package in ("flows", "flows/one"):
            (root / package).mkdir()
            (root / package / "__init__.py").touch()
        (root / "flows/one/sign_in.py").write_text("async def sign_in(screen, credential): ...\n")
        portals = set(re.findall(r"portals: \[(\w+)\]", EXAMPLE))
        (root / "portals.yaml").write_text("".join(f"{name}: {PORTAL}\n" for name in portals))
        (root / "in").mkdir()
        (root / "in/eligibility.xlsx").touch()
        yield root
        connections.close_all()


def ended(office: Path, command: str) -> int:
    try:
        payerbots(["--workspace", str(office), *shlex.split(command)[1:]])
    except SystemExit as end:
        return int(end.code or 0)
    return 0


def test_the_commands_of_the_page_do_what_they_say(office: Path, tmp_path: Path) -> None:
    wrong = {line: code for line in COMMANDS if (code := ended(office, line)) != (line in SURPRISES)}
    assert wrong == {}
    assert {file.name for file in tmp_path.iterdir()} >= {"week.html", "week.png", SCHEMA_FILE}
    (office / "in/orders").mkdir()
    assert ended(office, "payerbots schedules check") == 0


def test_the_page_gives_every_command_of_schedules() -> None:
    given = {line.split()[2] for line in COMMANDS}
    assert given == set(get_command(app).commands)  # type: ignore[attr-defined]  # a group has commands


def test_the_page_says_how_late_on_time_may_be() -> None:
    assert f"within {GRACE.total_seconds() / 60:.0f} minutes is on time" in PAGE
