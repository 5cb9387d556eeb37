"""Programs are kept up, with backoff; told to stop they end what is at hand, told again at once, and never outlive us."""

import asyncio
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

import psutil
import pytest

from payerbots.operation.family import PARENT, end_with_parent
from payerbots.operation.supervisor import Child, Program, State, Supervisor, status_line, wait_before
from tests.engine.acting import until
from tests.support import LoopThread

STAYS = "import signal, sys; signal.signal(signal.SIGTERM, lambda *_: sys.exit(0)); print('up', flush=True)\nwhile True: signal.pause()"
DIES = "import sys; sys.exit({code})"
DEAF = "import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('up', flush=True); signal.pause()"
TWICE = """
import signal, sys
told = []
def stop(*_):
    told.append(1)
    print('told', flush=True)
    if len(told) > 1: sys.exit(0)
signal.signal(signal.SIGTERM, stop)
print('up', flush=True)
while True: signal.pause()
"""


class Watched:
    """A supervisor on the test's loop, with what its children said and where they stood."""

    def __init__(self, loop: LoopThread, *codes: str, patience: float = 20) -> None:
        self.lines: list[tuple[str, str]] = []
        self.states: list[list[State]] = []
        programs = [Program(f"p{number}", (code,)) for number, code in enumerate(codes)]
        self.supervisor = Supervisor(
            programs,
            [sys.executable, "-c"],
            os.environ,
            patience=patience,
            first_wait=0.01,
            changed=self._changed,
            said=lambda name, line: self.lines.append((name, line)),
        )
        self._loop = loop
        self._running = loop.start(self.supervisor.run())
        self.wait(lambda: len(self.supervisor.children) == len(programs), "its children")

    def _changed(self, children: Sequence[Child]) -> None:
        self.states.append([child.state for child in children])

    def wait(self, holds: Callable[[], bool], what: str) -> None:
        until(holds, 30, what)

    def up(self) -> None:
        """Until every child has said that it is up."""
        names = {program.name for program in self.supervisor.programs}
        self.wait(lambda: {name for name, line in self.lines if line == "up"} >= names, "all up")

    def stop(self) -> None:
        async def told() -> None:
            self.supervisor.stop()
            await asyncio.sleep(0)

        self._loop.run(told())

    def end(self) -> int:
        return self._running.result(30)

    @property
    def child(self) -> Child:
        return self.supervisor.children[0]


def test_all_end_when_they_are_told(loop_thread: LoopThread) -> None:
    watched = Watched(loop_thread, STAYS, STAYS)
    watched.up()
    pids = [child.pid for child in watched.supervisor.children]
    watched.stop()
    assert watched.end() == 0
    assert [child.code for child in watched.supervisor.children] == [0, 0]
    assert watched.states[-1] == [State.ENDED, State.ENDED]
    assert not any(pid and psutil.pid_exists(pid) for pid in pids)


def test_one_that_dies_begins_anew_and_the_others_go_on(loop_thread: LoopThread) -> None:
    watched = Watched(loop_thread, STAYS, STAYS)
    watched.up()
    first, other = (child.pid for child in watched.supervisor.children)
    assert first is not None
    os.kill(first, signal.SIGKILL)
    watched.wait(lambda: len([1 for name, _ in watched.lines if name == "p0"]) == 2, "a new beginning")
    assert watched.child.restarts == 1
    assert watched.child.pid != first
    assert watched.supervisor.children[1].pid == other
    watched.stop()
    assert watched.end() == 0


def test_one_that_cannot_live_is_tried_ever_more_slowly_and_stopping_does_not_wait(
    loop_thread: LoopThread,
) -> None:
    watched = Watched(loop_thread, DIES.format(code=3))
    watched.wait(lambda: watched.child.restarts >= 3, "three tries")
    assert watched.child.failures == watched.child.restarts
    watched.stop()
    assert watched.end() == 0


def test_settings_that_are_refused_are_told(loop_thread: LoopThread) -> None:
    watched = Watched(loop_thread, DIES.format(code=2))
    watched.wait(lambda: [State.REFUSED] in watched.states, "the refusal")
    assert status_line(watched.supervisor.children).startswith("p0 refused its settings")
    watched.stop()
    watched.end()


@pytest.mark.parametrize(
    ("failures", "seconds"), [(0, 1), (1, 1), (2, 2), (3, 4), (6, 32), (7, 60), (1000, 60)]
)
def test_the_wait_doubles_up_to_a_minute(failures: int, seconds: float) -> None:
    assert wait_before(failures) == seconds


def test_told_twice_they_stop_at_once(loop_thread: LoopThread) -> None:
    watched = Watched(loop_thread, TWICE)
    watched.up()
    watched.stop()
    assert watched.child.state is State.STOPPING
    watched.wait(lambda: ("p0", "told") in watched.lines, "that it was told")
    watched.stop()
    assert watched.end() == 0


def test_one_that_does_not_end_is_killed(loop_thread: LoopThread) -> None:
    watched = Watched(loop_thread, DEAF, STAYS, patience=0.5)
    watched.up()
    watched.stop()
    assert watched.end() == 3
    assert watched.child.code == -signal.SIGKILL


def test_the_status_line_tells_of_all() -> None:
    up = Child(Program("scheduler", ()), state=State.RUNNING)
    again = Child(Program("worker-1", ()), state=State.WAITING, restarts=3)
    assert status_line([up, again]) == "scheduler up, worker-1 waits to begin anew (restarted 3x)"


def test_a_child_ends_when_its_parent_is_killed(tmp_path: Path) -> None:
    child = (
        "import signal, sys\n"
        "from payerbots.operation.family import end_with_parent\n"
        "signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))\n"
        "assert end_with_parent()\n"
        "open('child', 'w').write('up')\n"
        "while True: signal.pause()\n"
    )
    parent = (
        "import os, signal, subprocess, sys\n"
        f"p = subprocess.Popen([sys.executable, '-c', {child!r}], env={{**os.environ, '{PARENT}': str(os.getpid())}})\n"
        "open('pid', 'w').write(str(p.pid)); signal.pause()\n"
    )
    with subprocess.Popen([sys.executable, "-c", parent], cwd=tmp_path) as process:
        until((tmp_path / "child").exists, 30, "the child")
        pid = int((tmp_path / "pid").read_text())
        process.kill()
    until(lambda: not psutil.pid_exists(pid) or psutil.Process(pid).status() == "zombie", 30, "its end")


def test_a_process_without_such_a_parent_looks_after_nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(PARENT, raising=False)
    assert not end_with_parent()
