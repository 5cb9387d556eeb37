"""`payerbots setup`: makes a browser available where there is none."""

import shutil
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from payerbots.cli import machine
from payerbots.cli.machine import Launch
from payerbots.cli.options import BrowserOption, JsonOption, print_json, wants_json
from payerbots.errors import ConfigError, PayerbotsError

if TYPE_CHECKING:
    from payerbots.browser.chromium import Executable

DOWNLOAD_SECONDS = 240.0
UPDATE_SECONDS = 120.0
INSTALL_SECONDS = 600.0

_APT = ("env", "DEBIAN_FRONTEND=noninteractive", "apt-get", "-q", "-o", "DPkg::Lock::Timeout=60")
_PACKAGES = (
    ("chromium-headless-shell", "installing chromium's headless shell with apt-get (a minute or so)"),
    ("chromium", "installing the whole chromium with apt-get (a minute or so)"),
)
_CONFIGURED = ("--browser", "PAYERBOTS_BROWSER")

app = typer.Typer(add_completion=False, rich_markup_mode=None)


class NoBrowser(PayerbotsError):
    """No browser could be made available; the text says what a person can do here."""


@dataclass(frozen=True)
class Machine:
    """What setting up needs of a machine; tests pass their own."""

    find: Callable[[], "Executable | None"]
    launch: Callable[[Path], Launch] = machine.launch
    run: Callable[[Sequence[str], float], str | None] = machine.run
    which: Callable[[str], str | None] = shutil.which
    root_prefix: Callable[[], tuple[str, ...] | None] = machine.root_prefix
    platform: str = sys.platform
    say: Callable[[str], None] = lambda text: typer.echo(text, err=True)


@dataclass(frozen=True)
class Ready:
    """A browser that starts. `installed` names the step that brought it, or is None."""

    browser: Path
    source: str
    version: str
    installed: str | None = None


@dataclass(frozen=True)
class Step:
    """One way to make a browser available. `repairs`: it only helps a browser that is there and does not start."""

    name: str
    doing: str
    commands: tuple[tuple[tuple[str, ...], float], ...]
    repairs: bool = False


@app.command(epilog="Examples:  payerbots setup   |   payerbots setup --browser /opt/chrome/chrome --json")
def setup(browser: BrowserOption = None, as_json: JsonOption = False) -> None:
    """Make a browser available, and prove that it starts.

    One that is there is used. Else Playwright's own is downloaded; where that cannot be,
    Debian's and Ubuntu's package is installed; where that cannot be either, you read what to do.
    """
    try:
        ready = make_available(Machine(find=lambda: machine.find_browser(browser)))
    except NoBrowser as error:
        if not wants_json(as_json):
            raise
        print_json({"ok": False, "do": str(error)})
        raise typer.Exit(3) from None
    if wants_json(as_json):
        print_json({"ok": True, **vars(ready)})
    else:
        typer.echo(f"browser: {ready.browser} ({ready.source}, {ready.version})")


def make_available(host: Machine) -> Ready:
    """A browser that starts, installed where there was none. `NoBrowser` says what to do when none could be.

    A configured browser that does not start is a `ConfigError`: another one would not be used anyway.
    """
    ready, problem = _try(host)
    for step in () if ready else _steps(host):
        if step.repairs and not problem:
            continue
        host.say(step.doing)
        if failed := _take(host, step):
            host.say(f"  not possible: {failed}")
            continue
        ready, problem = _try(host, step.name)
        if ready:
            break
    if ready is None:
        raise NoBrowser(_advice(host.platform, host.which, problem))
    return ready


def _try(host: Machine, installed: str | None = None) -> tuple[Ready | None, str]:
    """The browser that is found, if it starts; else why it does not (empty: none was found)."""
    found = host.find()
    if found is None:
        return None, ""
    version, problem = host.launch(found.path)
    if version:
        return Ready(found.path, found.source, version, installed), ""
    if found.source in _CONFIGURED:
        raise ConfigError(f"{found.source}: {found.path} does not start: {problem}")
    return None, f"{found.path} does not start: {problem}"


def _steps(host: Machine) -> Iterator[Step]:
    own = (sys.executable, "-m", "playwright")
    yield Step(
        "playwright install",
        "no browser that starts; downloading Playwright's own",
        (((*own, "install", "chromium"), DOWNLOAD_SECONDS),),
    )
    prefix = host.root_prefix() if host.platform == "linux" and host.which("apt-get") else None
    if prefix is None:
        return
    yield Step(
        "playwright install-deps",
        "installing the libraries that the browser misses",
        (((*prefix, *own, "install-deps", "chromium"), INSTALL_SECONDS),),
        repairs=True,
    )
    for package, doing in _PACKAGES:
        install = (*prefix, *_APT, "install", "-y", "--no-install-recommends", package)
        yield Step(
            f"apt-get install {package}",
            doing,
            (((*prefix, *_APT, "update"), UPDATE_SECONDS), (install, INSTALL_SECONDS)),
        )


def _take(host: Machine, step: Step) -> str | None:
    """Why the step failed, or None. Only the last command decides: one stale package source is no failure."""
    failed = None
    for command, seconds in step.commands:
        failed = host.run(command, seconds)
    return failed


def _advice(platform: str, which: Callable[[str], str | None], problem: str) -> str:
    ways = {
        "darwin": "install Google Chrome (or: brew install --cask google-chrome)",
        "win32": "install Google Chrome or Microsoft Edge",
    }
    on_linux = (
        "run: sudo apt-get install chromium"
        if which("apt-get")
        else "install chromium with your package manager"
    )
    way = ways.get(platform, f"{on_linux}, or install Google Chrome")
    seen = (
        f"no browser that starts ({problem})" if problem else "no browser found, and none could be installed"
    )
    return f"{seen}: {way}, or set PAYERBOTS_BROWSER to one, then run `payerbots setup` again"
