"""The supervisor behind `payerbots up`: keeps processes up, each begun anew with backoff, and ends them in order.

Told to stop once it lets all of them end what is at hand; told again it has them stop at once; those that do not
end within `patience` after that are killed.
"""

import asyncio
import os
import signal
import sys
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from enum import StrEnum

from loguru import logger

from payerbots.operation.family import PARENT

FIRST_WAIT, LONGEST_WAIT = 1.0, 60.0
HEALTHY_SECONDS = 60.0
"""Who ran for so long begins anew without waiting longer than the first time."""


_LONGEST_LINE = 1 << 20


class State(StrEnum):
    """Where a child stands."""

    STARTING = "starting"
    RUNNING = "running"
    WAITING = "waits to begin anew"
    STOPPING = "stopping"
    ENDED = "ended"
    REFUSED = "refused its settings"


REFUSED_CODE = 2
"""The exit code of a command whose settings are wrong: it is tried again too, more slowly."""


@dataclass(frozen=True)
class Program:
    """A process that is kept up: its name, and the arguments of `payerbots`."""

    name: str
    arguments: Sequence[str]


@dataclass
class Child:
    """A program with its process, and how often it had to begin anew."""

    program: Program
    state: State = State.STARTING
    process: asyncio.subprocess.Process | None = None
    restarts: int = 0
    failures: int = 0
    """Ends in a row, each soon after the beginning."""
    code: int | None = None
    """How it ended last."""

    @property
    def pid(self) -> int | None:
        """The number of its process, while there is one."""
        return self.process.pid if self.process is not None and self.state is not State.ENDED else None


def wait_before(failures: int, first: float = FIRST_WAIT, longest: float = LONGEST_WAIT) -> float:
    """Seconds before it begins anew after so many ends in a row: twice as long each time."""
    return min(first * 2.0 ** min(max(failures - 1, 0), 16), longest)


@dataclass
class Supervisor:
    """Keeps programs up until it is told to stop. `command` starts our own program.

    `changed` hears of each change, `said` of each line that a child says.
    """

    programs: Sequence[Program]
    command: Sequence[str]
    environment: Mapping[str, str] = field(repr=False)
    patience: float = 120.0
    first_wait: float = FIRST_WAIT
    healthy: float = HEALTHY_SECONDS
    changed: Callable[[Sequence[Child]], None] = lambda _children: None
    said: Callable[[str, str], None] = lambda _name, _line: None
    children: list[Child] = field(default_factory=list, init=False)
    _stopping: asyncio.Event = field(default_factory=asyncio.Event, init=False)
    _told: int = field(default=0, init=False)

    async def run(self) -> int:
        """Until it is told to stop and all have ended; the exit code: 3 when one had to be killed."""
        self.children = [Child(program) for program in self.programs]
        keeping = [asyncio.create_task(self._keep(child)) for child in self.children]
        await self._stopping.wait()
        _, late = await asyncio.wait(keeping, timeout=self.patience)
        if late:
            await self._end_late(keeping)
        return 3 if late else 0

    def stop(self) -> None:
        """Lets all end what is at hand; told again, has them stop at once."""
        self._told += 1
        self._stopping.set()
        for child in self.children:
            self._signal(child, signal.SIGTERM)

    async def _end_late(self, keeping: Sequence[asyncio.Task[None]]) -> None:
        for child in self.children:
            if child.process is not None and child.process.returncode is None:
                logger.error("{} does not end and is killed", child.program.name)
                with suppress(ProcessLookupError):
                    child.process.kill()
        await asyncio.gather(*keeping)

    async def _keep(self, child: Child) -> None:
        while not self._stopping.is_set():
            began = asyncio.get_running_loop().time()
            await self._run_once(child)
            if self._stopping.is_set():
                break
            lasted = asyncio.get_running_loop().time() - began
            child.failures = 1 if lasted >= self.healthy else child.failures + 1
            await self._wait(child)
        self._set(child, State.ENDED)

    async def _run_once(self, child: Child) -> None:
        """Starts it, and waits until it ends."""
        environment = {**self.environment, PARENT: str(os.getpid())}
        child.process = await asyncio.create_subprocess_exec(
            *self.command,
            *child.program.arguments,
            env=environment,
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.STDOUT,
            limit=_LONGEST_LINE,
            start_new_session=sys.platform != "win32",  # Ctrl-C reaches us alone, and we tell them once
        )
        self._set(child, State.RUNNING)
        if self._stopping.is_set():
            self._signal(child, signal.SIGTERM)
        listening = asyncio.create_task(self._listen(child.program.name, child.process))
        child.code = await child.process.wait()
        with suppress(TimeoutError):
            await asyncio.wait_for(listening, 2)

    async def _listen(self, name: str, process: asyncio.subprocess.Process) -> None:
        """Passes on what a child says, line by line, to its end."""
        if process.stdout is None:
            return
        while True:
            try:
                line = await process.stdout.readline()
            except ValueError:
                continue  # a line that is longer than any of ours
            if not line:
                return
            self.said(name, line.decode(errors="replace").rstrip())

    async def _wait(self, child: Child) -> None:
        """After it ended by itself: a while, unless it is over meanwhile."""
        refused = child.code == REFUSED_CODE
        wait = wait_before(child.failures + (4 if refused else 0), self.first_wait)
        logger.warning("{} ended with {}; it begins anew in {:.0f} s", child.program.name, child.code, wait)
        child.restarts += 1
        self._set(child, State.REFUSED if refused else State.WAITING)
        with suppress(TimeoutError):
            async with asyncio.timeout(wait):
                await self._stopping.wait()

    def _signal(self, child: Child, number: signal.Signals) -> None:
        if child.process is None or child.process.returncode is not None:
            return
        with suppress(ProcessLookupError):
            child.process.send_signal(number)
        if child.state is not State.STOPPING:
            self._set(child, State.STOPPING)

    def _set(self, child: Child, state: State) -> None:
        child.state = state
        self.changed(self.children)


def status_line(children: Sequence[Child]) -> str:
    """All children in one line: `scheduler up, worker-1 up, worker-2 waits to begin anew (3)`."""
    return ", ".join(_told(child) for child in children)


def _told(child: Child) -> str:
    state = "up" if child.state is State.RUNNING else child.state.value
    return f"{child.program.name} {state}{f' (restarted {child.restarts}x)' if child.restarts else ''}"
