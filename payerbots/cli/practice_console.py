"""The demo's console: it stays up with a worker, and somebody is let in by a link."""

import json
import os
import secrets
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

from payerbots.cli.uprunning import Screen, run
from payerbots.errors import ConfigError
from payerbots.operation.supervisor import Child, Program
from payerbots.workspace import Workspace

ACCOUNT, ROLE = "demo", "ops admin"
_SAYS = "console: "


def stay(space: Workspace, port: int, browser: Path | None = None) -> None:
    """Keeps a console and a worker up over the demo's ledger until Ctrl-C."""
    os.environ |= {"PAYERBOTS_DATA": str(space.data), "PAYERBOTS_CLAIMS": str(space.settings.claims)}
    os.environ.pop("PAYERBOTS_CONSOLE_URL", None)
    programs = [
        Program("console", ("console", "--port", str(port))),
        Program("worker", ("worker", *(("--browser", str(browser)) if browser else ()))),
    ]
    run(space, programs, Welcome(level="ERROR", way_in=_way_in(space)))


def _way_in(space: Workspace) -> str:
    """The path of a link that lets in once. The account has a password that nobody knows."""
    _users(space, "add", ACCOUNT, "--role", ROLE, "--password", typed=secrets.token_urlsafe(24))
    told = _users(space, "link", ACCOUNT)
    if told.returncode:
        raise ConfigError(f"the console's account was not made: {told.stderr.strip()}")
    link: str = json.loads(told.stdout)["link"]
    return urlsplit(link).path


def _users(space: Workspace, *arguments: str, typed: str = "") -> "subprocess.CompletedProcess[str]":
    """In a process of its own: Django is set up here without the console's tables."""
    command = [sys.executable, "-m", "payerbots", "--workspace", str(space.root), "--json", "users"]
    return subprocess.run(  # noqa: S603 - our own module
        [*command, *arguments], input=typed + "\n", capture_output=True, text=True, check=False
    )


@dataclass
class Welcome(Screen):
    """Says where the console is, once it listens; what the worker says stands in the log."""

    way_in: str = field(default="", repr=False)

    def changed(self, children: Sequence[Child]) -> None:
        """Nobody asks."""

    def said(self, name: str, line: str) -> None:
        """A line that a child said."""
        if name != "console":
            return
        if not line.startswith(_SAYS):
            super().said(name, line)
            return
        url = line.removeprefix(_SAYS)
        for text in (
            f"console: {url}",
            f"sign in once, as ops admin: {url}{self.way_in}",
            "A worker is up too: what you send back runs again. Ctrl-C ends all.",
        ):
            self.console.print(text, highlight=False, soft_wrap=True, markup=False)
