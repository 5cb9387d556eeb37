"""Concluding a run: the bot draws from the facts, and the ledger takes it, unless it has moved on meanwhile."""

import asyncio
from dataclasses import dataclass

from loguru import logger

from payerbots.engine import facts
from payerbots.engine.bots import AnyBot
from payerbots.engine.contract import Concluding, RunContext
from payerbots.engine.database import Database
from payerbots.engine.facts import Facts
from payerbots.engine.outgoing import tellings
from payerbots.errors import ConclusionRefused
from payerbots.ledger import concluding
from payerbots.ledger.concluding import Draft, Written
from payerbots.ledger.filestore import FileStore
from payerbots.ledger.records import Ledger
from payerbots.workspace import Workspace

_TIMES = 20


@dataclass(frozen=True)
class Concluder:
    """Draws a bot's conclusions, off the event loop."""

    workspace: Workspace
    database: Database
    ledger: Ledger
    bot: AnyBot

    def facts(self) -> Facts:
        """The facts, for threads other than the event loop's; called on the loop."""
        ask = facts.on(self.database, asyncio.get_running_loop())
        return Facts(ask, FileStore(self.ledger.keys, self.workspace.data / "files"), self.ledger)

    async def conclude(self, context: RunContext, actor: str) -> Written:
        """Concludes, and again when another concluded meanwhile; what that changed.

        Each time somebody's conclusion was written, so it ends. `ConclusionRefused` when it does not, or when the
        bot contradicts itself.
        """
        for _ in range(_TIMES):
            if (written := await self._once(context, actor)) is not None:
                self._tell(context, written)
                return written
        raise ConclusionRefused(f"{_TIMES} times another run concluded something else meanwhile")

    async def _once(self, context: RunContext, actor: str) -> Written | None:
        epoch = await self.database(concluding.epoch)
        found = await asyncio.to_thread(self.bot.conclude, Concluding(context=context, facts=self.facts()))
        if not (found.matches or found.standings or found.events or found.first_sends):
            return Written()
        queues = self.workspace.queues.values()
        events = await asyncio.to_thread(tellings, queues, self.ledger.keys, self.bot.name, found.events)
        draft = Draft(run=context.number, actor=actor, epoch=epoch, conclusion=found, events=events)
        return await self.database(concluding.write, self.ledger, draft)

    @staticmethod
    def _tell(context: RunContext, written: Written) -> None:
        if written:
            logger.info(
                "run {} concluded: {} matched, {} undone, {} stand elsewhere, {} events, {} concerns, {} counts of claims",
                context.number,
                written.matched,
                written.undone,
                written.stand,
                written.told,
                written.concerns,
                written.counted,
            )
