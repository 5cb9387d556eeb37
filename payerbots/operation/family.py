"""What a process does for one that started it: it ends when that one is gone, however it ended."""

import os
import signal
import sys
import threading
from collections.abc import Callable
from contextlib import suppress

import psutil

PARENT = "PAYERBOTS_PARENT"
"""The number of the process that `payerbots up` runs in; its children look after it."""


def end_with_parent(end: Callable[[], None] | None = None) -> bool:
    """Ends this process, as SIGTERM does, once its parent is gone. False: it has none to look after."""
    number = os.environ.get(PARENT, "")
    if not number.isdigit():
        return False
    watcher = threading.Thread(
        target=_watch, args=(int(number), end or _terminate), name="parent-watch", daemon=True
    )
    watcher.start()
    return True


def _watch(number: int, end: Callable[[], None]) -> None:
    with suppress(psutil.NoSuchProcess):
        psutil.Process(number).wait()
    end()


def _terminate() -> None:
    if sys.platform == "win32":
        os._exit(0)
    os.kill(os.getpid(), signal.SIGTERM)
