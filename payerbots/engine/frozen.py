"""On SQLite a process that stands still inside a transaction holds up all others. Its lease over, it is ended.

PostgreSQL ends such a transaction by itself. Here the others do: only a process that a worker's last word in
the ledger names, on this machine, whose leases are over, and that is stopped (SIGSTOP, Ctrl-Z). Whatever it would
write when it wakes up would be refused anyway.
"""

import os
import socket
from collections.abc import Mapping
from contextlib import suppress
from datetime import timedelta
from typing import Any

import psutil
from django.db import DatabaseError, connection
from loguru import logger

from payerbots.ledger import beats
from payerbots.ledger.records import Ledger


def end_frozen(ledger: Ledger, lease: timedelta) -> int:
    """Kills the workers on this machine that stand still and have outlived their leases; how many."""
    if connection.vendor != "sqlite":
        return 0
    try:
        silent = beats.overdue(ledger, lease)
    except DatabaseError:
        return 0
    return sum(_end(one) for one in silent if one["host"] == socket.gethostname()[:60])


def _end(worker: Mapping[str, Any]) -> bool:
    """Ends one worker. A process that began after that worker was last heard of is another one."""
    if worker["pid"] == os.getpid():
        return False
    with suppress(psutil.Error):
        process = psutil.Process(worker["pid"])
        same = process.create_time() <= worker["seen_at"].timestamp()
        if same and process.status() == psutil.STATUS_STOPPED:
            logger.error("worker {} stands still and holds up the ledger: it is ended", worker["owner"])
            process.kill()
            return True
    return False
