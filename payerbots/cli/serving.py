"""Serves as a worker in the foreground: signals, and beginning anew in the same process number."""

import asyncio
import os
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

from loguru import logger

from payerbots.browser.chromium import Chromium
from payerbots.delivery.relay import relaying
from payerbots.engine.service import Ended, Service, Terms
from payerbots.ledger.records import Ledger
from payerbots.workspace import Workspace

_INTERRUPTED = 130


def serve(workspace: Workspace, terms: Terms, browser: Path | None = None, metrics_port: int = 0) -> int:
    """Works until it is told to stop; the exit code. A worker that has done enough begins anew.

    With a port its figures are served meanwhile, on this machine only.
    """
    chromium = Chromium(browser, headed=workspace.settings.headed)
    service = Service(workspace, terms, chromium)
    try:
        with _measured(service, metrics_port):
            ended = asyncio.run(_serve(service, chromium))
    except asyncio.CancelledError:
        logger.info("worker stopped at once; what was at hand went back")
        return _INTERRUPTED
    if ended is Ended.RECYCLE:
        sys.stdout.flush()
        os.execv(sys.executable, [sys.executable, *sys.orig_argv[1:]])  # noqa: S606 - our own command, as it was started
    logger.info("worker ended; what was at hand is done")
    return 0


@contextmanager
def _measured(service: Service, port: int) -> Iterator[None]:
    """Meanwhile the worker's figures are served, when there is a port for them."""
    if not port:
        yield
        return
    from payerbots.operation.metrics import Metrics, look, served

    workspace = service.workspace
    metrics = Metrics(partial(look, Ledger(workspace.keys), workspace))
    service.watch = metrics.step
    with served(metrics, port) as found:
        logger.info("metrics at http://127.0.0.1:{}/metrics", found)
        yield


async def _serve(service: Service, chromium: Chromium) -> Ended:
    task = asyncio.current_task()
    told = False

    def stop() -> None:
        nonlocal told
        if told and task is not None:
            task.cancel()
        told = True
        logger.info("worker ends when what is at hand is done; stop it again to stop at once")
        service.drain()

    if sys.platform != "win32":
        loop = asyncio.get_running_loop()
        for number in (signal.SIGINT, signal.SIGTERM):
            loop.add_signal_handler(number, stop)
    async with chromium, relaying(service.workspace):
        return await service.work()
