"""The doctor looks at everything, and one failing check never stops the others."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Mapping
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any

import pytest

from payerbots.browser.chromium import Executable
from payerbots.cli import checks, doctor
from payerbots.cli.checks import Check, Finding, Subject
from payerbots.cli.machine import Launch
from payerbots.errors import ConfigError
from payerbots.settings import Settings
from payerbots.workspace import Workspace

CHROMIUM = Executable(Path("/usr/bin/chromium"), "system chromium")
CREDENTIALS = ("PAYERBOTS_ACME_BOT1_USER", "PAYERBOTS_ACME_BOT1_PASSWORD", "PAYERBOTS_ACME_BOT1_TOTP")
EMPTY: Mapping[str, str] = MappingProxyType({})
PORTALS = """\
acme:
  url: https://acme.example
  automation: permitted
  credentials: [{name: bot1, from: env, code: totp}]
"""


@pytest.fixture
def office(tmp_path: Path) -> Path:
    """A small workspace in which all is well."""
    root = tmp_path / "office"
    for folder in ("bots", "flows/acme", "selectors"):
        (root / folder).mkdir(parents=True)
    for module in (
        "bots/__init__.py",
        "flows/__init__.py",
        "flows/acme/__init__.py",
        "flows/acme/sign_in.py",
    ):
        (root / module).touch()
    (root / "selectors/acme.yaml").write_text("pages: {home: {proof: {text: Welcome}}}\n")
    (root / "portals.yaml").write_text(PORTALS)
    (root / "schedules.yaml").write_text('morning: {bot: eligibility, cron: "30 5 * * mon-fri"}\n')
    return root


def subject(root: Path, environ: Mapping[str, str] = EMPTY, **settings: Any) -> Subject:
    return Subject(
        workspace=cache(lambda: Workspace(root, Settings(**settings))),
        browser=lambda: CHROMIUM,
        launch=lambda _: Launch("140.0"),
        is_root=lambda: False,
        environ=environ,
        now=lambda: datetime(2026, 1, 5, 14, 0, tzinfo=UTC),
    )


def run_doctor(root: Path, home: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """The command in a process of its own, with a browser that does not start."""
    home.mkdir()
    kept = {name: value for name, value in os.environ.items() if not name.startswith("PAYERBOTS_")}
    broken = shutil.which("true") or sys.executable
    environ = {**kept, "HOME": str(home), "XDG_CONFIG_HOME": str(home), "PAYERBOTS_BROWSER": broken}
    return subprocess.run(
        [
            sys.executable,
            "-c",
            "from payerbots.cli.main import run; run()",
            "--workspace",
            root,
            "doctor",
            *arguments,
        ],
        env=environ,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def test_what_is_broken_is_told_and_the_rest_still_looked_at(office: Path, tmp_path: Path) -> None:
    (office / "portals.yaml").write_text(PORTALS.replace("automation: permitted", "automation: perhaps"))
    (office / "bots/torn.py").write_text("def collect(:\n")
    done = run_doctor(office, tmp_path / "home", "--json")
    assert done.returncode == 1
    told = json.loads(done.stdout)
    assert set(told) == {"ok", "checks"}
    assert all(set(check) == {"name", "ok", "found", "do"} for check in told["checks"])
    by_name = {check["name"]: check for check in told["checks"]}
    assert [name for name, check in by_name.items() if not check["ok"]] == [
        "browser",
        "bots",
        "portals.yaml",
        "credentials",
    ]
    assert by_name["portals.yaml"]["found"].startswith(
        "portals.yaml:3: at key acme.automation: found 'perhaps', allowed:"
    )
    assert by_name["bots"]["found"].startswith("SyntaxError")
    assert by_name["database"]["found"] == "sqlite, open for writing"
    assert all(check["do"] for check in told["checks"] if not check["ok"])


def test_without_a_workspace_the_machine_is_looked_at_and_the_rest_left_out() -> None:
    def nowhere() -> Workspace:
        raise ConfigError("no workspace at here")

    looked = list(checks.run_all(Subject(nowhere, lambda: CHROMIUM, lambda _: Launch("140.0"))))
    assert [(check.name, check.ok) for check in looked] == [
        ("python", True),
        ("browser", True),
        ("sandbox", True),
        ("workspace", False),
    ]
    assert looked[-1].found == "no workspace at here"


def test_a_check_that_crashes_tells_class_and_place_but_no_text() -> None:
    def crash(_: Subject) -> Finding:
        raise RuntimeError("Jane Doe")

    looked = next(checks._run({"x": crash}, subject(Path())))
    assert not looked.ok
    assert looked.found.startswith("RuntimeError at test_doctor.py:")


def test_a_browser_that_does_not_start_is_told_with_the_cause(office: Path) -> None:
    broken = Subject(
        subject(office).workspace, lambda: CHROMIUM, lambda _: Launch(None, "No usable sandbox!")
    )
    looked = checks.browser(broken)
    assert not looked.ok
    assert "No usable sandbox!" in looked.found
    assert "payerbots setup" in looked.do


@pytest.mark.parametrize(("root", "found"), [(True, "off"), (False, "on")], ids=["root", "ordinary user"])
def test_the_sandbox_is_off_for_root_only(office: Path, root: bool, found: str) -> None:
    looked = checks.sandbox(Subject(subject(office).workspace, lambda: CHROMIUM, is_root=lambda: root))
    assert looked.found.split(":")[0] == found


def test_missing_credentials_are_named_and_never_a_value(office: Path) -> None:
    looked = checks.credentials(subject(office, {CREDENTIALS[0]: "robot-7"}))
    assert looked.found == f"not set: {', '.join(CREDENTIALS[1:])}"
    assert "robot-7" not in repr(looked)


def test_credentials_that_are_set_are_fine(office: Path) -> None:
    assert checks.credentials(subject(office, dict.fromkeys(CREDENTIALS, "x"))).ok


def test_a_portal_without_flow_or_selectors_is_told(office: Path) -> None:
    (office / "flows/acme/sign_in.py").unlink()
    (office / "selectors/acme.yaml").unlink()
    assert checks.flows(subject(office)).found == "missing: flows/acme/sign_in.py"
    assert checks.selectors(subject(office)).found == "missing: selectors/acme.yaml"


def test_a_broken_selector_file_is_told_with_file_and_line(office: Path) -> None:
    (office / "selectors/other.yaml").write_text("pages:\n  home:\n    prof: x\n")
    looked = next(checks._run({"selectors": checks.selectors}, subject(office)))
    assert looked.found.startswith("other.yaml:3: at key pages.home.prof")


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such modes")
def test_a_data_folder_that_others_can_read_is_told(office: Path, tmp_path: Path) -> None:
    data = tmp_path / "data"
    assert checks.data_folder(subject(office, data=data)).ok
    data.chmod(0o755)
    assert checks.data_folder(subject(office, data=data)).do == f"run: chmod 700 {data}"


def test_a_full_disk_is_told(office: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda _: shutil._ntuple_diskusage(10, 9, 1))
    looked = checks.data_folder(subject(office))
    assert not looked.ok
    assert "0 MB free" in looked.found


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such modes")
def test_a_key_file_that_others_can_read_is_told(
    office: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("PAYERBOTS_KEY", raising=False)
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    monkeypatch.setenv("PYTHON_KEYRING_BACKEND", "keyring.backends.null.Keyring")
    monkeypatch.setattr("payerbots.keys._from_keyring", lambda *_: None)
    looking = subject(office, {"XDG_CONFIG_HOME": str(tmp_path)})
    assert checks.key(looking).found.endswith(".keys")
    file = next((tmp_path / "payerbots").glob("*.keys"))
    file.chmod(0o644)
    assert checks.key(looking).do == f"run: chmod 600 {file}"


def test_the_clock_is_shown_in_the_offices_zone(office: Path) -> None:
    looked = checks.clock(subject(office, zone="America/New_York"))
    assert looked == Finding(ok=True, found="2026-01-05 09:00:00-05:00 America/New_York")


def test_a_zone_that_fell_back_to_utc_comes_with_a_hint(
    office: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("PAYERBOTS_ZONE", raising=False)
    monkeypatch.setattr("payerbots.workspace._machine_zone", lambda: "UTC")
    looked = checks.clock(subject(office))
    assert looked.ok
    assert "PAYERBOTS_ZONE" in looked.do


@pytest.mark.parametrize(("ok", "code"), [(True, 0), (False, 1)], ids=["well", "not well"])
def test_the_exit_code_says_whether_all_is_well(
    ok: bool, code: int, capsys: pytest.CaptureFixture[str]
) -> None:
    told = [Check("python", True, "3.11", ""), Check("key", ok, "[bold]none", "make one")]  # noqa: FBT003 - a record
    assert doctor.report(told, as_json=False) == code
    assert "[bold]none" in capsys.readouterr().out


def test_the_table_on_a_terminal_shows_text_as_it_is(capsys: pytest.CaptureFixture[str]) -> None:
    doctor._table([Check("key", False, "[bold]none", "make one")])  # noqa: FBT003 - a record
    assert "[bold]none" in capsys.readouterr().out
