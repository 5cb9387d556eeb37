"""A worker that goes on: for every run of every bot, on any number of machines that share a ledger."""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import StrEnum

from loguru import logger

from payerbots.browser import flow
from payerbots.browser.chromium import Chromium
from payerbots.browser.flow import Flow
from payerbots.engine import bots, guard
from payerbots.engine.bots import AnyBot
from payerbots.engine.database import Database
from payerbots.engine.jobs import context_of
from payerbots.engine.keeping import Keeper, keep
from payerbots.engine.pool import SessionMaker, browser_session
from payerbots.engine.seat import Tools
from payerbots.engine.usable import usable
from payerbots.engine.worker import Progress, Worker
from payerbots.ledger import beats, items, runs
from payerbots.ledger.records import Ledger, RunView
from payerbots.log import place_of
from payerbots.portals import credentials
from payerbots.workspace import Workspace

_LOOK_SECONDS = 1.0
_WARN_SECONDS = 3600.0


class Ended(StrEnum):
    """Why a worker ended: told to stop, or to begin anew with fresh memory."""

    STOPPED = "stopped"
    RECYCLE = "recycle"


@dataclass(frozen=True, kw_only=True)
class Terms:
    """What a worker takes on: portals and bots (all, when none are named), how many items at once.

    After `most_items` attempts, or when it and its browser hold `most_megabytes`, it ends and begins anew.
    """

    portals: Sequence[str] = ()
    bots: Sequence[str] = ()
    places: int = 2
    most_items: int = 500
    most_megabytes: int = 1500
    sweep_seconds: float = 5.0


@dataclass
class Service:
    """A worker of a workspace, until it is told to drain."""

    workspace: Workspace
    terms: Terms
    chromium: Chromium
    ledger: Ledger | None = None
    make: SessionMaker = browser_session
    watch: Callable[[Progress], None] = lambda _step: None
    _database: Database = field(default_factory=Database, init=False)
    _draining: bool = field(default=False, init=False)
    _ended: Ended = field(default=Ended.STOPPED, init=False)
    _keeping: dict[int, asyncio.Task[None]] = field(default_factory=dict, init=False)

    def drain(self) -> None:
        """No new item is claimed; what is at hand is done to its end."""
        self._draining = True

    async def work(self) -> Ended:
        """Works until it is drained or has to be recycled. Cancelled, it gives back what it holds at once."""
        try:
            worker = await self._worker()
            async with worker, self.chromium.watched():
                sweeping = asyncio.create_task(self._sweep(worker))
                try:
                    await worker.work_until(lambda: self._over(worker))
                finally:
                    await self._let_go(worker, sweeping)
            return self._ended
        finally:
            self._database.close()

    async def _worker(self) -> Worker:
        workspace, terms = self.workspace, self.terms
        day = datetime.now(workspace.zone).date()
        portals = usable(workspace, terms.portals, day)
        flows = [flow.load(workspace, portal) for portal in portals]
        _check_credentials(workspace, flows)
        known = {name: bots.load(workspace, name) for name in terms.bots or workspace.bot_names()}
        await self._database(workspace.connect)
        ledger = self.ledger or Ledger(workspace.keys, workspace.clock)
        tools = Tools(workspace, ledger, self._database, self.chromium)
        return Worker(tools, known, flows, terms.places, watch=self.watch, make=self.make)

    def _over(self, worker: Worker) -> bool:
        if not self._draining and (why := self._spent(worker)):
            logger.info("worker {} begins anew: {}", worker.owner, why)
            self._ended = Ended.RECYCLE
            self._draining = True
        if self._draining:
            worker.state = "draining"
        return self._draining

    def _spent(self, worker: Worker) -> str:
        """Why this process has done enough; empty when it has not."""
        if worker.ended >= self.terms.most_items:
            return f"{worker.ended} attempts"
        return f"{worker.megabytes} MB" if worker.megabytes >= self.terms.most_megabytes else ""

    async def _let_go(self, worker: Worker, sweeping: asyncio.Task[None]) -> None:
        """Leaves the runs that this worker keeps to others."""
        tasks = [sweeping, *self._keeping.values()]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        worker.kept.clear()
        await self._database(runs.let_go, worker.owner)

    async def _sweep(self, worker: Worker) -> None:
        """Takes back what lost workers held, keeps runs that nobody keeps, and warns of what runs out."""
        warned = float("-inf")
        clock = asyncio.get_running_loop().time
        while True:
            try:
                await self._database(items.take_back_expired, worker.tools.ledger)
                await self._keep_runs(worker)
                if clock() - warned >= _WARN_SECONDS:
                    await self._database(_hourly, worker.tools)
                    warned = clock()
            except Exception as error:  # noqa: BLE001 - the next sweep may succeed
                logger.warning("the sweep has to wait: {}", place_of(error))
            await asyncio.sleep(self.terms.sweep_seconds)

    async def _keep_runs(self, worker: Worker) -> None:
        self._keeping = {run: task for run, task in self._keeping.items() if not task.done()}
        worker.kept.intersection_update(self._keeping)
        tools = worker.tools
        for run in await self._database(runs.unkept, tools.ledger, list(worker.bots)):
            if run in self._keeping or not await self._database(
                runs.keep, tools.ledger, run, worker.owner, tools.lease
            ):
                continue
            view = await self._database(runs.look, tools.ledger, run)
            worker.kept.add(run)
            keeper = self._keeper(worker, worker.bots[view.bot], view)
            self._keeping[run] = asyncio.create_task(keep(keeper))

    def _keeper(self, worker: Worker, bot: AnyBot, view: RunView) -> Keeper:
        context = context_of(self.workspace, view.id, view.day, view.options)
        return Keeper(worker.tools, bot, context, worker.owner, look_seconds=_LOOK_SECONDS)


def _check_credentials(workspace: Workspace, flows: Sequence[Flow]) -> None:
    """`ConfigError` for a login whose password is not there, before anything is claimed."""
    for one in flows:
        for login in one.portal.credentials:
            credentials.find(one.portal.name, login, workspace.vault(login))


def _hourly(tools: Tools) -> None:
    today = datetime.now(UTC).astimezone(tools.workspace.zone).date()
    guard.warn(tools.ledger, tools.workspace.portals, today)
    beats.forget(tools.ledger)
