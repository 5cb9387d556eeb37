"""Runs the supervisor in the foreground: signals, a status line, and a beat in the ledger."""

import asyncio
import os
import signal
import sys
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Self

import psutil
from django.db import DatabaseError, InterfaceError
from loguru import logger
from rich.console import Console
from rich.live import Live
from rich.text import Text

from payerbots import log
from payerbots.engine.database import Database
from payerbots.errors import ConfigError
from payerbots.ledger import services
from payerbots.ledger.records import Ledger
from payerbots.log import place_of
from payerbots.operation.attendant import this_service
from payerbots.operation.supervisor import Child, Program, Supervisor, status_line
from payerbots.workspace import Workspace

_BEAT_SECONDS = 15.0
_PATIENCE = 5.0


@dataclass(frozen=True)
class Wanted:
    """What is kept up on this machine."""

    workers: int
    concurrency: int
    metrics_port: int
    scheduler: bool
    notices: bool
    console_port: int | None
    """None: no console."""


def programs(wanted: Wanted) -> list[Program]:
    """The processes that are kept up. `ConfigError` when there are none."""
    found = [Program("scheduler", ("scheduler",))] if wanted.scheduler else []
    for number in range(1, wanted.workers + 1):
        arguments = ("worker", "--concurrency", str(wanted.concurrency), *_metrics(wanted, number - 1))
        found.append(Program(f"worker-{number}", arguments))
    if wanted.notices:
        found.append(Program("notices", ("notify", "watch")))
    if wanted.console_port is not None:
        arguments = ("console", "--port", str(wanted.console_port), *_metrics(wanted, wanted.workers))
        found.append(Program("console", arguments))
    if not found:
        raise ConfigError("nothing is to be kept up: leave out one of the --no- options")
    return found


def _metrics(wanted: Wanted, place: int) -> tuple[str, ...]:
    return ("--metrics-port", str(wanted.metrics_port + place)) if wanted.metrics_port else ()


def run(space: Workspace, wanted: Sequence[Program], shown: "Screen | None" = None) -> int:
    """Keeps them up until it is told to stop; the exit code."""
    screen = shown or Screen()
    log.start(space.data / "logs", terminal_level=screen.level)
    only = _only_one(space)
    command = [sys.executable, "-m", "payerbots", "--workspace", str(space.root)]
    supervisor = Supervisor(wanted, command, os.environ, changed=screen.changed, said=screen.said)
    try:
        with screen:
            return asyncio.run(_run(supervisor, space))
    finally:
        only()


async def _run(supervisor: Supervisor, space: Workspace) -> int:
    loop = asyncio.get_running_loop()
    if sys.platform != "win32":
        for number in (signal.SIGINT, signal.SIGTERM):
            loop.add_signal_handler(number, _stop, supervisor)
    beating = asyncio.create_task(_beat(space))
    try:
        return await supervisor.run()
    finally:
        beating.cancel()
        await asyncio.gather(beating, return_exceptions=True)


def _stop(supervisor: Supervisor) -> None:
    logger.info("ends when what is at hand is done; stop it again to stop at once")
    supervisor.stop()


async def _beat(space: Workspace) -> None:
    """Tells the ledger that everything is kept up here; a ledger that does not answer keeps nothing from going on."""
    database, service, ledger = Database(_PATIENCE), this_service("up"), Ledger(space.keys, space.clock)
    connected = False
    try:
        while True:
            try:
                if not connected:
                    await database(space.connect)
                    connected = True
                await database(services.tell, ledger, service, "up")
            except (DatabaseError, InterfaceError) as error:
                logger.warning("the database does not answer: {}", place_of(error))
            await asyncio.sleep(_BEAT_SECONDS)
    finally:
        with suppress(DatabaseError, InterfaceError):
            if connected:
                await asyncio.shield(database(services.gone, service))
        database.close()


def _only_one(space: Workspace) -> Callable[[], None]:
    """Refuses to be up twice on one machine and data folder; what it gives takes the mark away again."""
    file = space.data / "up.pid"
    if file.is_file() and _is_up(file.read_text()):
        raise ConfigError(f"it is up already (process {file.read_text().split()[0]}); end that one first")
    own = psutil.Process()
    file.write_text(f"{own.pid} {own.create_time()} {os.uname().nodename if hasattr(os, 'uname') else ''}\n")
    return lambda: file.unlink(missing_ok=True)


def _is_up(mark: str) -> bool:
    """Whether the process that wrote a mark still is there, on this machine."""
    number, born, host, *_ = (*mark.split(), "", "", "")
    if hasattr(os, "uname") and host and host != os.uname().nodename:
        return False
    with suppress(psutil.Error, ValueError):
        return abs(psutil.Process(int(number)).create_time() - float(born)) < 1
    return False


@dataclass
class Screen:
    """What the children say, each line with its name; on a terminal a status line below, else a line at each change."""

    console: Console = field(default_factory=lambda: Console(stderr=True))
    level: str = "INFO"
    """From which level on the log is shown too."""
    _live: Live | None = None
    _last: str = ""

    def __enter__(self) -> Self:
        if self.console.is_terminal:
            self._live = Live(console=self.console, refresh_per_second=4, transient=True)
            self._live.start()
        return self

    def __exit__(self, *_: object) -> None:
        if self._live is not None:
            self._live.stop()

    def changed(self, children: Sequence[Child]) -> None:
        """A child has changed."""
        line = status_line(children)
        if line == self._last:
            return
        self._last = line
        if self._live is not None:
            self._live.update(Text(f"{time.strftime('%H:%M')}  {line}", "bold"))
        else:
            self.console.print(f"up: {line}", highlight=False, soft_wrap=True, markup=False)

    def said(self, name: str, line: str) -> None:
        """A line that a child said."""
        self.console.print(f"{name} | {line}", highlight=False, soft_wrap=True, markup=False)
