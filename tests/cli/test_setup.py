"""A browser is made available: found, else downloaded, else installed as a package, else advice."""

import json
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from typer.testing import CliRunner

from payerbots.browser.chromium import Executable
from payerbots.cli import machine, setup
from payerbots.cli.machine import Launch
from payerbots.cli.setup import Machine, NoBrowser, make_available
from payerbots.errors import ConfigError

OWN = Executable(Path("/cache/chrome"), "Playwright's own build")
PACKAGE = Executable(Path("/usr/bin/chromium"), "system chromium")
GIVEN = Executable(Path("/opt/chrome"), "PAYERBOTS_BROWSER")
STARTS = Launch("140.0")


@dataclass
class Computer:
    """A machine on which `brings` says which command makes which browser appear."""

    there: Executable | None = None
    brings: dict[str, Executable] = field(default_factory=dict)
    broken: dict[Path, str] = field(default_factory=dict)
    mends: dict[str, Path] = field(default_factory=dict)
    prefix: tuple[str, ...] | None = ()
    apt: bool = True
    platform: str = "linux"
    commands: list[str] = field(default_factory=list)

    def run(self, command: Sequence[str], seconds: float) -> str | None:
        assert seconds > 0
        line = " ".join(command)
        self.commands.append(line)
        for words, browser in self.brings.items():
            if words in f"{line} ":
                self.there = browser
                return None
        for words, path in self.mends.items():
            if words in line:
                self.broken.pop(path, None)
                return None
        return "E: not to be had"

    def launch(self, browser: Path) -> Launch:
        return Launch(None, self.broken[browser]) if browser in self.broken else STARTS

    def machine(self) -> Machine:
        return Machine(
            find=lambda: self.there,
            launch=self.launch,
            run=self.run,
            which=lambda name: "/usr/bin/apt-get" if self.apt and name == "apt-get" else None,
            root_prefix=lambda: self.prefix,
            platform=self.platform,
            say=lambda _: None,
        )


def kinds(commands: Sequence[str]) -> list[str]:
    words = ("install-deps", "playwright install", "update", "install -y")
    return [next(word for word in words if word in line) for line in commands]


def test_a_browser_that_is_there_is_used_and_nothing_installed() -> None:
    computer = Computer(there=PACKAGE)
    ready = make_available(computer.machine())
    assert (ready.browser, ready.version, ready.installed) == (PACKAGE.path, "140.0", None)
    assert computer.commands == []


def test_playwrights_own_is_downloaded_first() -> None:
    computer = Computer(brings={"playwright install chromium": OWN, "apt-get": PACKAGE})
    ready = make_available(computer.machine())
    assert (ready.browser, ready.installed) == (OWN.path, "playwright install")
    assert len(computer.commands) == 1


def test_the_packaged_headless_shell_is_installed_when_nothing_can_be_downloaded() -> None:
    computer = Computer(brings={"recommends chromium-headless-shell ": PACKAGE})
    ready = make_available(computer.machine())
    assert (ready.browser, ready.installed) == (PACKAGE.path, "apt-get install chromium-headless-shell")
    assert kinds(computer.commands) == ["playwright install", "update", "install -y"]


def test_the_whole_chromium_is_installed_where_there_is_no_headless_shell() -> None:
    computer = Computer(brings={"recommends chromium ": PACKAGE})
    assert make_available(computer.machine()).installed == "apt-get install chromium"


def test_missing_libraries_are_installed_for_a_browser_that_does_not_start() -> None:
    computer = Computer(
        brings={"playwright install chromium": OWN},
        broken={OWN.path: "libnss3.so is missing"},
        mends={"install-deps": OWN.path},
    )
    assert make_available(computer.machine()).installed == "playwright install-deps"
    assert kinds(computer.commands) == ["playwright install", "install-deps"]


def test_a_password_less_sudo_stands_before_apt_get() -> None:
    computer = Computer(prefix=("sudo", "-n"), brings={"install -y": PACKAGE})
    make_available(computer.machine())
    assert all(line.startswith("sudo -n env ") for line in computer.commands if "apt-get" in line)


@pytest.mark.parametrize(
    ("computer", "advice"),
    [
        (Computer(), "sudo apt-get install chromium"),
        (Computer(prefix=None), "sudo apt-get install chromium"),
        (Computer(apt=False), "package manager"),
        (Computer(platform="darwin", apt=False), "install Google Chrome (or: brew"),
        (Computer(platform="win32", apt=False), "Microsoft Edge"),
    ],
    ids=["apt fails", "no root", "no apt", "macOS", "Windows"],
)
def test_when_nothing_helps_the_error_says_what_to_do_here(computer: Computer, advice: str) -> None:
    with pytest.raises(NoBrowser) as caught:
        make_available(computer.machine())
    assert advice in str(caught.value)
    assert "PAYERBOTS_BROWSER" in str(caught.value)


def test_without_root_apt_get_is_not_tried() -> None:
    computer = Computer(prefix=None)
    with pytest.raises(NoBrowser):
        make_available(computer.machine())
    assert kinds(computer.commands) == ["playwright install"]


def test_a_configured_browser_that_does_not_start_is_named_and_nothing_installed() -> None:
    computer = Computer(there=GIVEN, broken={GIVEN.path: "no sandbox"})
    with pytest.raises(ConfigError, match=r"PAYERBOTS_BROWSER: .* does not start: no sandbox"):
        make_available(computer.machine())
    assert computer.commands == []


def test_json_names_the_browser(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(setup, "Machine", lambda find: Computer(there=PACKAGE).machine())  # noqa: ARG005 - named as called
    outcome = CliRunner().invoke(setup.app, ["--json"])
    assert outcome.exit_code == 0
    assert json.loads(outcome.stdout) == {
        "ok": True,
        "browser": str(PACKAGE.path),
        "source": "system chromium",
        "version": "140.0",
        "installed": None,
    }


def test_json_says_what_to_do_and_ends_with_3(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(setup, "Machine", lambda find: Computer(apt=False).machine())  # noqa: ARG005 - named as called
    outcome = CliRunner().invoke(setup.app, ["--json"])
    assert outcome.exit_code == 3
    assert set(json.loads(outcome.stdout)) == {"ok", "do"}


@pytest.mark.parametrize(
    ("lines", "told"),
    [
        (("reading", "nothing found"), "nothing found"),
        (("reading", "E: no such package", "at line 7"), "E: no such package"),
        ((), "failed without a word"),
    ],
    ids=["last line", "the line that says error", "nothing said"],
)
def test_of_a_command_that_fails_one_line_is_told(lines: Sequence[str], told: str) -> None:
    code = f"print({chr(10).join(lines)!r}); raise SystemExit(1)"
    assert machine.run([sys.executable, "-c", code], 30) == told


def test_a_command_gets_no_secret_of_ours(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PAYERBOTS_KEY", "Canary")
    code = "import os; raise SystemExit('PAYERBOTS_KEY' in os.environ)"
    assert machine.run([sys.executable, "-c", code], 30) is None


def test_a_command_that_is_not_there_is_no_crash() -> None:
    assert machine.run(["no-such-command"], 5) == "no-such-command: No such file or directory"


@pytest.mark.skipif(sys.platform == "win32", reason="uses a POSIX shell")
def test_after_the_deadline_a_command_and_its_children_are_ended() -> None:
    began = time.monotonic()
    assert machine.run(["sh", "-c", "sleep 60 & sleep 60"], 0.2) == "took longer than 0 s"
    assert time.monotonic() - began < 10


@pytest.mark.parametrize(
    ("text", "cause"),
    [
        ("Timeout 16000ms exceeded.\nCall log:\n  - <launching>", "Timeout 16000ms exceeded."),
        (
            "Target closed\n - [err] FATAL: No usable sandbox! Update",
            "- [err] FATAL: No usable sandbox! Update",
        ),
        ("", "no reason given"),
    ],
    ids=["first line", "the browser's own word", "nothing said"],
)
def test_of_a_browsers_long_log_one_line_is_told(text: str, cause: str) -> None:
    assert machine._cause(text) == cause
