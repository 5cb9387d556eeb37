"""The worker's one database thread: one call = one function = one transaction, never on the event loop."""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import ParamSpec, TypeVar

from django.db import InterfaceError, OperationalError, close_old_connections, connections
from loguru import logger
from tenacity import AsyncRetrying, retry_if_exception_type, stop_after_delay, wait_exponential_jitter

from payerbots.log import place_of

T = TypeVar("T")
Q = ParamSpec("Q")

PATIENCE = 60.0
"""Seconds for which a database that is locked or gone is waited for."""


class Database:
    """Runs ledger functions on one thread of its own, and again while the database is locked or gone.

    Running one again is harmless: each is one transaction, and a worker's writes are fenced by owner
    and attempt.
    """

    def __init__(self, patience: float = PATIENCE) -> None:
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="ledger")
        self._patience = patience
        self.when_stuck: Callable[[], object] = lambda: None
        """Called, on the thread, when the database was locked or gone."""

    async def __call__(self, function: Callable[Q, T], *args: Q.args, **kwargs: Q.kwargs) -> T:
        """What `function` gives; run on the database thread after dead connections were dropped."""

        def call() -> T:
            close_old_connections()
            try:
                return function(*args, **kwargs)
            except (OperationalError, InterfaceError) as error:
                logger.warning("the database does not answer: {}", place_of(error))
                connections.close_all()
                self.when_stuck()
                raise

        loop = asyncio.get_running_loop()
        async for attempt in AsyncRetrying(
            retry=retry_if_exception_type((OperationalError, InterfaceError)),
            stop=stop_after_delay(self._patience),
            wait=wait_exponential_jitter(multiplier=0.1, max=2, jitter=0.1),
            reraise=True,
        ):
            with attempt:
                return await loop.run_in_executor(self._thread, call)
        raise OperationalError("the database did not come back")

    def close(self) -> None:
        """Closes the connection and ends the thread."""
        self._thread.submit(connections.close_all).result()
        self._thread.shutdown()
