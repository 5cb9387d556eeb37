"""What `setup` and `doctor` ask of this machine: commands and browser launches, each with a deadline."""

import asyncio
import os
import subprocess
import sys
import tempfile
from collections.abc import Coroutine, Sequence
from contextlib import suppress
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, NamedTuple, TypeVar

if TYPE_CHECKING:
    from payerbots.browser.chromium import Executable

T = TypeVar("T")

LAUNCH_SECONDS = 20.0


class Launch(NamedTuple):
    """How a browser started: its version, or what went wrong in one line."""

    version: str | None
    problem: str = ""


def find_browser(configured: Path | None) -> "Executable | None":
    """The browser that bots would use now. `ConfigError` when a configured one is not there."""
    from payerbots.browser.chromium import find, own_build

    return find(configured, _within(LAUNCH_SECONDS, own_build()))


def launch(browser: Path) -> Launch:
    """Starts the browser headless as bots do, and stops it; within 20 seconds."""
    from playwright.async_api import Error as PlaywrightError

    try:
        return Launch(_within(LAUNCH_SECONDS, _version(browser)))
    except TimeoutError:
        return Launch(None, f"did not start within {LAUNCH_SECONDS:.0f} s")
    except PlaywrightError as error:
        return Launch(None, _cause(str(error)))


def run(command: Sequence[str], seconds: float) -> str | None:
    """Runs a command quietly. None when it succeeded, else in one line why it did not.

    After `seconds` the command and all that it started are ended.
    """
    from payerbots.settings import for_others

    with tempfile.TemporaryFile() as output:
        quiet, environment = subprocess.DEVNULL, for_others(os.environ)
        try:
            process = subprocess.Popen(command, stdin=quiet, stdout=output, stderr=output, env=environment)  # noqa: S603 - our own commands
        except OSError as error:
            return f"{command[0]}: {error.strerror}"
        try:
            code = process.wait(seconds)
        except subprocess.TimeoutExpired:
            return f"took longer than {seconds:.0f} s"
        finally:
            _end(process)
        return None if code == 0 else _reason(output)


def root_prefix() -> tuple[str, ...] | None:
    """What to put before a command that needs root: nothing, `sudo -n`, or None when it cannot be had."""
    if sys.platform == "win32":
        return None
    if os.geteuid() == 0:
        return ()
    return ("sudo", "-n") if run(["sudo", "-n", "true"], 10) is None else None


async def _version(browser: Path) -> str:
    from playwright.async_api import async_playwright

    from payerbots.browser.chromium import is_root
    from payerbots.settings import for_others

    async with async_playwright() as playwright:
        running = await playwright.chromium.launch(
            executable_path=browser,
            chromium_sandbox=not is_root(),
            timeout=LAUNCH_SECONDS * 800,
            env={**for_others(os.environ)},
        )
        version = running.version
        await running.close()
        return version


def _within(seconds: float, work: Coroutine[Any, Any, T]) -> T:
    return asyncio.run(asyncio.wait_for(work, seconds))


def _cause(text: str) -> str:
    """The line of the browser's own log that says why, else the first line."""
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    marks = ("No usable sandbox", "error while loading shared libraries", "Missing X server")
    telling = (line for line in lines if any(mark in line for mark in marks))
    return next(telling, lines[0] if lines else "no reason given")


def _end(process: subprocess.Popen[bytes]) -> None:
    if process.poll() is not None:
        return
    import psutil

    with suppress(psutil.Error):
        for child in psutil.Process(process.pid).children(recursive=True):
            with suppress(psutil.Error):
                child.kill()
    with suppress(OSError, subprocess.TimeoutExpired):
        process.kill()
        process.wait(5)


def _reason(output: IO[bytes]) -> str:
    """The first line that calls itself an error, else the last one."""
    output.seek(0)
    lines = output.read().decode(errors="replace").strip().splitlines()
    errors = (line for line in lines if line.startswith(("Error:", "E:", "error:")))
    return next(errors, lines[-1] if lines else "failed without a word").strip()
