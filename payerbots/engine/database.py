"""The worker's one database thread: one call = one function = one transaction, never on the event loop."""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import ParamSpec, TypeVar

from django.db import close_old_connections, connections

T = TypeVar("T")
Q = ParamSpec("Q")


class Database:
    """Runs ledger functions on one thread of its own."""

    def __init__(self) -> None:
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="ledger")

    async def __call__(self, function: Callable[Q, T], *args: Q.args, **kwargs: Q.kwargs) -> T:
        """What `function` gives; run on the database thread after dead connections were dropped."""

        def call() -> T:
            close_old_connections()
            return function(*args, **kwargs)

        return await asyncio.get_running_loop().run_in_executor(self._thread, call)

    def close(self) -> None:
        """Closes the connection and ends the thread."""
        self._thread.submit(connections.close_all).result()
        self._thread.shutdown()
