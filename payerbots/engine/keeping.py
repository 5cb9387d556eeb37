"""Keeping a run: waiting until nothing is left that can be done now, then delivering, once."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import DatabaseError, InterfaceError
from loguru import logger

from payerbots.engine.bots import AnyBot
from payerbots.engine.contract import RunContext
from payerbots.engine.delivering import Deliverer, Delivery
from payerbots.engine.seat import Tools
from payerbots.errors import ConclusionRefused, ConfigError, FileDamaged, LeaseLost
from payerbots.ledger import items, notices, runs, views
from payerbots.ledger.models import ItemState, RunState
from payerbots.ledger.portals import OPEN, PAUSED, STOPPED, Standing
from payerbots.ledger.records import RunView
from payerbots.log import place_of

LOOK_SECONDS = 0.3


@dataclass
class Keeper:
    """Sees a run to its end. Only one does: the keeping is a lease of `owner`.

    `patience` is how long a paused portal is waited for. A portal that is not in `portals` is not waited for;
    with None all are.
    """

    tools: Tools
    bot: AnyBot
    context: RunContext
    owner: str
    portals: Sequence[str] | None = None
    patience: timedelta = timedelta(minutes=20)
    look_seconds: float = LOOK_SECONDS

    async def until_done(self) -> None:
        """Returns when nothing is left that can be done now, or at the run's deadline. Takes back items whose worker is gone meanwhile.

        `LeaseLost` when another keeps the run by now; `ConfigError` when its list could not be collected.
        """
        waiting_since: float | None = None
        clock = asyncio.get_running_loop().time
        while True:
            await self._renew()
            left = await self._left()
            held = await self._held([name for name, _ in left])
            stuck = all(name in held and not running for name, running in left)
            waiting_since = (waiting_since or clock()) if stuck else None
            if not left or (stuck and self._no_use(held, clock() - (waiting_since or 0))):
                return
            await asyncio.sleep(self.look_seconds)

    async def deliver(self) -> Delivery:
        """Concludes, writes the bot's files and closes the run."""
        deliverer = Deliverer(self.tools.workspace, self.tools.database, self.tools.ledger, self.bot)
        return await deliverer.deliver(self.context, self.owner)

    async def _renew(self) -> None:
        tools, run = self.tools, self.context.number
        await tools.database(items.take_back_expired, tools.ledger)
        if not await tools.database(runs.keep, tools.ledger, run, self.owner, tools.lease):
            raise LeaseLost(f"run {run} is kept by another")

    async def _left(self) -> list[tuple[str, bool]]:
        """The portals for which there is something to do, and whether somebody does it now."""
        run = self.context.number
        view = await self.tools.database(runs.look, self.tools.ledger, run)
        if ItemState.EXCEPTION in view.collecting or ItemState.PARKED in view.collecting:
            raise ConfigError(f"run {run}: what there is to do could not be collected; its log says why")
        if await self._is_over(view):
            return []
        soon = self.tools.ledger.clock() + runs.LATER
        return await self.tools.database(views.open_by_portal, run, soon)

    async def _is_over(self, view: RunView) -> bool:
        """Whether its deadline is there: then it delivers what there is. What is left is told, and done later."""
        if view.deadline is None or await self.tools.database(self.tools.ledger.now) < view.deadline:
            return False
        if view.collecting:
            raise ConfigError(f"run {view.id}: by its deadline it was not known what there is to do")
        left = sum(view.counts.get(state, 0) for state in runs.OPEN)
        if left:
            news = notices.News(
                key=f"deadline:{view.id}",
                kind="deadline",
                message=f"run {view.id} ({view.bot}) delivered at its deadline; {left} of its items go on",
            )
            await self.tools.database(notices.tell, self.tools.ledger, news)
        return True

    async def _held(self, names: Sequence[str]) -> dict[str, Standing]:
        """Those of `names` that cannot be used now."""
        found = await self.tools.guard.look([name for name in names if name])
        known = self.tools.workspace.portals
        elsewhere = [name for name in found if name not in (known if self.portals is None else self.portals)]
        closed = {name: one for name, one in found.items() if one.state != OPEN}
        return closed | {name: Standing(portal=name, state=STOPPED) for name in elsewhere}

    def _no_use(self, held: dict[str, Standing], waited: float) -> bool:
        """Whether all that is left waits for a person, or for longer than our patience."""
        rest = self.patience - timedelta(seconds=waited)
        return rest <= timedelta(0) or all(self._too_long(one, rest) for one in held.values())

    def _too_long(self, standing: Standing, rest: timedelta) -> bool:
        if standing.state != PAUSED or standing.until is None:
            return True
        return standing.until - self._now() > rest

    def _now(self) -> datetime:
        return self.tools.ledger.clock()


async def keep(keeper: Keeper) -> None:
    """Sees a run to its end and delivers. What goes wrong on the way ends the run as failed, and is logged."""
    tools, run = keeper.tools, keeper.context.number
    try:
        await keeper.until_done()
        await keeper.deliver()
    except LeaseLost:
        logger.info("run {} is kept by another worker now", run)
    except (DatabaseError, InterfaceError) as error:
        logger.error("run {}: the database does not answer: {}", run, place_of(error))
    except (ConclusionRefused, FileDamaged) as error:
        logger.error("run {} failed: {}", run, error)
        await tools.database(runs.end, tools.ledger, run, RunState.FAILED, keeper.owner)
    except Exception as error:  # noqa: BLE001 - whatever a bot's delivery raises must cost this run only
        logger.error("run {} failed: {}", run, place_of(error))
        await tools.database(runs.end, tools.ledger, run, RunState.FAILED, keeper.owner)
