"""Commands of a day with canaries: what each said, and those in processes of their own, which are watched."""

import itertools
import subprocess
import sys
import threading
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Self

import psutil

from tests import canaries
from tests.engine.acting import until

if TYPE_CHECKING:
    from tests.canary_day import Day

_NUMBERS = itertools.count(1)


@dataclass(frozen=True)
class Said:
    """A command, and all that it said. `command` is its name: `items list`."""

    command: str
    arguments: tuple[str, ...]
    code: int
    out: str
    err: str

    @property
    def title(self) -> str:
        """Its name, with `--json` where it was given."""
        return f"{self.command} --json" if "--json" in self.arguments else self.command


@dataclass(frozen=True)
class Process:
    """What a process list shows of one process, and its environment."""

    line: str
    environment: str


@dataclass
class Started:
    """A command in a process of its own, watched as it goes on."""

    day: "Day"
    command: str
    arguments: tuple[str, ...]
    root: Path
    environment: Mapping[str, str]
    typed: str

    def __enter__(self) -> Self:
        self.folder = self.day.folder / f"said-{next(_NUMBERS)}"
        self.folder.mkdir()
        words = [sys.executable, "-m", "payerbots", "--workspace", str(self.root), *self.command.split()]
        with (self.folder / "out").open("wb") as out, (self.folder / "err").open("wb") as err:
            self.process = subprocess.Popen(
                [*words, *self.arguments], stdin=subprocess.PIPE, stdout=out, stderr=err, env=self.environment
            )
        assert self.process.stdin is not None
        with suppress(BrokenPipeError), self.process.stdin as typing:
            typing.write(self.typed.encode())
        self._over = threading.Event()
        self._watching = threading.Thread(target=self._watch)
        self._watching.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.process.kill()
        self.process.wait()
        self._over.set()
        self._watching.join()
        out, err = ((self.folder / name).read_text() for name in ("out", "err"))
        self.day.said.append(Said(self.command, self.arguments, self.process.returncode, out, err))

    def line(self, seconds: float = 30) -> str:
        """The first line of what it says."""
        until(lambda: "\n" in (self.folder / "out").read_text(), seconds, "a first line")
        return (self.folder / "out").read_text().splitlines()[0]

    def _watch(self) -> None:
        """Looks at the process, at all that it starts and at its temporary files, now and then."""
        known: set[tuple[int, str]] = set()
        looks = itertools.count()
        while not self._over.wait(0.1):
            for one in _family(self.process.pid):
                with suppress(psutil.Error):
                    line = " ".join(one.cmdline())
                    if (one.pid, line) not in known:
                        known.add((one.pid, line))
                        self.day.processes.append(Process(line, repr(one.environ())))
            if next(looks) % 10 == 0:
                self._look_at_files()

    def _look_at_files(self) -> None:
        for path, data in canaries.contents(self.day.temporary):
            self.day.passing.setdefault(str(path), []).extend(self.day.needles.in_(data))


def _family(pid: int) -> Sequence[psutil.Process]:
    with suppress(psutil.Error):
        first = psutil.Process(pid)
        return [first, *first.children(recursive=True)]
    return ()
