"""What a worker holds: its own process, the browser's driver, and the browser."""

import psutil

_MEGABYTE = 1024 * 1024


def held_megabytes() -> int:
    """Memory of this process and all that it started, in MB; what processes share counts once at the most."""
    own = psutil.Process()
    return sum(map(_held, [own, *own.children(recursive=True)])) // _MEGABYTE


def _held(process: psutil.Process) -> int:
    """What would be free if it ended; all that is mapped, where the system does not tell that."""
    try:
        return int(process.memory_full_info().uss)
    except (psutil.AccessDenied, AttributeError):
        return _mapped(process)
    except psutil.Error:
        return 0


def _mapped(process: psutil.Process) -> int:
    try:
        return int(process.memory_info().rss)
    except psutil.Error:
        return 0
