"""One run of a bot from its start to its files: what the CLI, the demo and the scheduler call."""

import asyncio
import json
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager, nullcontext
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from pathlib import Path

from loguru import logger

from payerbots.browser import flow
from payerbots.browser.chromium import Chromium
from payerbots.browser.flow import Flow
from payerbots.documents.errors import DocumentError
from payerbots.engine import bots
from payerbots.engine.bots import AnyBot
from payerbots.engine.collecting import new_items
from payerbots.engine.contract import RunContext
from payerbots.engine.database import Database
from payerbots.engine.delivering import Deliverer, RunReport
from payerbots.engine.seat import Tools
from payerbots.engine.tasks import together
from payerbots.engine.worker import Progress, Worker
from payerbots.errors import ConfigError, LeaseLost
from payerbots.ledger import items, runs, views
from payerbots.ledger import portals as standings
from payerbots.ledger.models import ItemState, RunState
from payerbots.ledger.records import Claim, Ending, Ledger, RunView
from payerbots.ledger.setup import connect
from payerbots.portals.config import Automation, Portal
from payerbots.reasons import Reason
from payerbots.workspace import Workspace

_LOOK = 0.3


@dataclass(frozen=True, kw_only=True)
class Order:
    """What to run: a bot on portals (all, when none are named), with its input and where files go."""

    bot: str
    portals: Sequence[str] = ()
    input: Path | None = None
    out: Path = Path("out")
    keep_all_evidence: bool = False
    browser: Path | None = None
    patience: timedelta = timedelta(minutes=20)
    """How long a run waits for a paused portal before it delivers without it."""


@dataclass
class Runner:
    """Runs bots in a workspace, in this process."""

    workspace: Workspace
    watch: Callable[[Progress], None] = lambda _: None
    collected: Callable[[int, RunView], None] = lambda _added, _view: None
    chromium: Chromium | None = None
    """A browser that runs already, and goes on after the run."""
    _database: Database = field(default_factory=Database, init=False)

    async def run(self, order: Order) -> RunReport:
        """Starts a run and works until nothing is left that can be done now, then delivers.

        Cancelling ends it within seconds: what was done is saved, what was at hand goes back.
        """
        began = asyncio.get_running_loop().time()
        ledger = Ledger(self.workspace.keys)
        bot = bots.load(self.workspace, order.bot)
        usable = [self._usable(name) for name in order.portals or self.workspace.portals]
        portals = [flow.load(self.workspace, portal) for portal in usable]
        await self._database(connect, self.workspace.data)
        try:
            context = await self._start(ledger, bot, order, portals)
            try:
                added = await self._go(ledger, bot, order, portals, context)
                delivery = await Deliverer(self.workspace, self._database, ledger, bot).deliver(context)
            except BaseException as error:
                stopped = isinstance(error, asyncio.CancelledError | KeyboardInterrupt)
                state = RunState.INTERRUPTED if stopped else RunState.FAILED
                await self._database(runs.end, ledger, context.number, state, "cli")
                raise
            return delivery.report(added, asyncio.get_running_loop().time() - began)
        finally:
            self._database.close()

    def _usable(self, name: str) -> Portal:
        portal = self.workspace.portal(name)
        if portal.automation is Automation.FORBIDDEN:
            raise ConfigError(f"portals.yaml says that {name} forbids robots; it is not used")
        if portal.automation is Automation.UNKNOWN:
            logger.warning("portal {}: nobody has asked whether robots are permitted", name)
        return portal

    async def _start(self, ledger: Ledger, bot: AnyBot, order: Order, portals: Sequence[Flow]) -> RunContext:
        day = datetime.now(self.workspace.zone).date()
        options = json.dumps({"input": str(order.input) if order.input else None, "out": str(order.out)})
        number = await self._database(
            runs.start,
            ledger,
            bot.name,
            day=day,
            options=options.encode(),
            portals=_targets(bot, portals),
            actor="cli",
        )
        return self._context(number, day, order.input, order.out)

    async def _go(
        self,
        ledger: Ledger,
        bot: AnyBot,
        order: Order,
        portals: Sequence[Flow],
        context: RunContext,
    ) -> int:
        async with self._browser(order) as chromium:
            folder = self.workspace.data / "evidence"
            tools = Tools(
                ledger,
                self._database,
                chromium,
                self.workspace.settings,
                folder,
                keep_all=order.keep_all_evidence,
            )
            async with Worker(tools, bot, context.number, portals, self.watch) as worker:
                added = await self._collect(worker, context)
                await self._work(worker, context, order.patience)
        return added

    def _browser(self, order: Order) -> AbstractAsyncContextManager[Chromium]:
        if self.chromium is not None:
            return nullcontext(self.chromium)
        return Chromium(order.browser, headed=self.workspace.settings.headed)

    async def _collect(self, worker: Worker, context: RunContext) -> int:
        """Works the run's collect items; how many items were new."""
        added = 0
        for target in _targets(worker.bot, worker.flows):
            own = items.referred_to(runs.collect_reference(context.number, target))
            claim = await worker.claim(target, own)
            if claim is None:
                raise LeaseLost(f"the collect item of run {context.number}")
            added += await self._collect_one(worker, claim, context)
        ledger = worker.tools.ledger
        self.collected(added, await self._database(runs.look, ledger, context.number))
        return added

    async def _collect_one(self, worker: Worker, claim: Claim, context: RunContext) -> int:
        """What cannot be collected ends with its run; the next run collects anew."""
        ledger = worker.tools.ledger
        try:
            found = await worker.bot.collect(context, claim.portal or None)
            fresh = await asyncio.to_thread(new_items, worker.bot, ledger.keys, context, found)
            return await self._database(runs.add_items, ledger, claim, context.number, fresh)
        except Exception as error:
            known = isinstance(error, DocumentError | ConfigError)
            reason = Reason.FILE_UNUSABLE if known else Reason.ATTEMPTS_USED_UP
            name = type(error).__name__
            await worker.finish(
                claim, Ending(state=ItemState.EXCEPTION, outcome="exception", reason=reason, error=name)
            )
            raise

    def _context(self, number: int, day: date, found: Path | None, out: Path) -> RunContext:
        return RunContext(
            number=number,
            day=day,
            zone=self.workspace.zone,
            payers=self.workspace.payers,
            input=found,
            out=out,
        )

    async def _work(self, worker: Worker, context: RunContext, patience: timedelta) -> None:
        """Lets the worker work until nothing is left that can be done within `patience`."""
        finished = asyncio.Event()

        async def look() -> None:
            waiting_since: float | None = None
            clock = asyncio.get_running_loop().time
            while not finished.is_set():
                await self._database(items.take_back_expired, worker.tools.ledger)
                left = await self._database(views.open_by_portal, context.number)
                held = await self._held_portals(worker, [name for name, _ in left])
                stuck = all(name in held and not running for name, running in left)
                if not stuck:
                    waiting_since = None
                elif waiting_since is None:
                    waiting_since = clock()
                if not left or (stuck and self._no_use(held, clock() - (waiting_since or 0), patience)):
                    finished.set()
                await asyncio.sleep(_LOOK)

        await together(look(), worker.work_until(finished.is_set))

    async def _held_portals(self, worker: Worker, names: Sequence[str]) -> dict[str, str]:
        """Those of `names` that cannot be used now, with their state; ones not worked here count too."""
        ours = {one.portal.name for one in worker.flows}
        held = {name: standings.STOPPED for name in names if name not in ours}
        for name in ours.intersection(names):
            found = await self._database(standings.standing, worker.tools.ledger, name)
            if found.state != standings.OPEN:
                held[name] = found.state
        return held

    @staticmethod
    def _no_use(held: Mapping[str, str], waited: float, patience: timedelta) -> bool:
        only_stopped = all(state == standings.STOPPED for state in held.values())
        return only_stopped or waited >= patience.total_seconds()


def _targets(bot: AnyBot, flows: Sequence[Flow]) -> list[str]:
    """What is collected apart: each portal, or all at once (`""`)."""
    return [one.portal.name for one in flows] if bot.each_portal else [""]
