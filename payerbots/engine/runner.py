"""One run of a bot from its start to its files: what the CLI, the demo and the scheduler call."""

import asyncio
from collections.abc import Callable, Sequence
from contextlib import AbstractAsyncContextManager, nullcontext
from dataclasses import dataclass, field, replace
from datetime import timedelta

from payerbots.browser import flow
from payerbots.browser.chromium import Chromium
from payerbots.browser.flow import Flow
from payerbots.engine import guard
from payerbots.engine.bots import AnyBot
from payerbots.engine.contract import RunContext
from payerbots.engine.database import Database
from payerbots.engine.delivering import Delivery, RunReport
from payerbots.engine.jobs import context_of
from payerbots.engine.keeping import Keeper
from payerbots.engine.orders import Order, prepare
from payerbots.engine.seat import Tools
from payerbots.engine.tasks import together
from payerbots.engine.worker import Progress, Worker, new_owner
from payerbots.errors import ConfigError
from payerbots.ledger import runs
from payerbots.ledger.models import RunState
from payerbots.ledger.records import Ledger, RunView
from payerbots.workspace import Workspace

__all__ = ["Order", "Runner"]

_WATCH_SECONDS = 0.1


@dataclass
class Runner:
    """Runs bots in a workspace, in this process."""

    workspace: Workspace
    watch: Callable[[Progress], None] = lambda _: None
    collected: Callable[[int, RunView], None] = lambda _added, _view: None
    chromium: Chromium | None = None
    """A browser that runs already, and goes on after the run."""
    _database: Database = field(default_factory=Database, init=False)
    _owner: str = field(default_factory=new_owner, init=False)

    async def run(self, order: Order) -> RunReport:
        """Starts a run and works until nothing is left that can be done now, then delivers.

        Cancelling ends it within seconds: what was done is saved, what was at hand goes back.
        """
        began = asyncio.get_running_loop().time()
        try:
            bot, flows, context = await self._start(order, self._owner)
            try:
                worker, delivery = await self._go(bot, order, flows, context)
            except BaseException as error:
                stopped = isinstance(error, asyncio.CancelledError | KeyboardInterrupt)
                await self._end(context, RunState.INTERRUPTED if stopped else RunState.FAILED)
                raise
            added = worker.added.get(context.number, 0)
            return delivery.report(added, asyncio.get_running_loop().time() - began)
        finally:
            self._database.close()

    async def leave(self, order: Order) -> int:
        """Starts a run and leaves it to the workers; its number."""
        try:
            _, _, context = await self._start(order, "")
            return context.number
        finally:
            self._database.close()

    async def _start(self, order: Order, keeper: str) -> tuple[AnyBot, list[Flow], RunContext]:
        workspace, ledger = self.workspace, Ledger(self.workspace.keys, self.workspace.clock)
        ready = prepare(workspace, order)
        flows = [flow.load(workspace, portal) for portal in ready.portals]
        await self._database(workspace.connect)
        await self._database(guard.warn, ledger, workspace.portals, ready.start.day)
        wanted = replace(ready.start, keeper=keeper)
        lease = timedelta(seconds=workspace.settings.lease_seconds)
        number = await self._database(runs.start, ledger, wanted, lease)
        return ready.bot, flows, context_of(workspace, number, wanted.day, wanted.options)

    async def _go(
        self, bot: AnyBot, order: Order, flows: Sequence[Flow], context: RunContext
    ) -> tuple[Worker, Delivery]:
        async with self._browser(order) as chromium:
            ledger = Ledger(self.workspace.keys, self.workspace.clock)
            tools = Tools(self.workspace, ledger, self._database, chromium, order.keep_all_evidence)
            places = sum(one.portal.sessions for one in flows) + 1
            run = context.number
            worker = Worker(tools, {bot.name: bot}, flows, places, run, self.watch, owner=self._owner)
            names = [one.portal.name for one in flows]
            keeper = Keeper(tools, bot, context, self._owner, names, order.patience)
            async with worker, chromium.watched():
                return worker, await self._keep(worker, keeper)

    async def _keep(self, worker: Worker, keeper: Keeper) -> Delivery:
        """Works until the run is done, and delivers."""
        done = asyncio.Event()

        async def until_done() -> None:
            try:
                await keeper.until_done()
            except ConfigError as error:
                raise worker.uncollected.get(keeper.context.number, error) from None
            done.set()

        worker.kept.add(keeper.context.number)
        await together(until_done(), worker.work_until(done.is_set), self._tell(worker, keeper, done))
        return await keeper.deliver()

    async def _tell(self, worker: Worker, keeper: Keeper, done: asyncio.Event) -> None:
        """Tells once when the list has been read. Raises what kept it from being read."""
        run = keeper.context.number
        while not done.is_set() and run not in worker.added:
            if run in worker.uncollected:
                raise worker.uncollected[run]
            await asyncio.sleep(_WATCH_SECONDS)
        tools = worker.tools
        self.collected(worker.added.get(run, 0), await tools.database(runs.look, tools.ledger, run))

    async def _end(self, context: RunContext, state: RunState) -> None:
        ledger = Ledger(self.workspace.keys, self.workspace.clock)
        await self._database(runs.end, ledger, context.number, state, "cli")

    def _browser(self, order: Order) -> AbstractAsyncContextManager[Chromium]:
        if self.chromium is not None:
            return nullcontext(self.chromium)
        return Chromium(order.browser, headed=self.workspace.settings.headed)
