"""What is done with a claimed item: a bot's work on it, or the collecting of a run."""

import asyncio
import json
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

from payerbots.engine import codec, found, policy
from payerbots.engine.bots import AnyBot
from payerbots.engine.collecting import kept_files, new_items
from payerbots.engine.contract import Collecting, Outcome, RunContext, WorkItem
from payerbots.engine.facts import Facts, on
from payerbots.engine.journal import Journal
from payerbots.engine.seat import Tools
from payerbots.errors import FactRefused
from payerbots.ledger import outbox, runs, watermarks
from payerbots.ledger.models import ItemState
from payerbots.ledger.records import Claim, Ending
from payerbots.workspace import Workspace


@dataclass(frozen=True)
class Work:
    """Makes endings of a bot's answers."""

    tools: Tools
    bot: AnyBot

    @property
    def seconds(self) -> float:
        """The deadline of one attempt at an item."""
        return self.tools.settings.item_seconds

    async def __call__(self, claim: Claim, visit: Any) -> Ending:  # noqa: ANN401 - what a bot calls its portal
        """The bot's work on one item."""
        request = codec.unpack(self.bot.request, claim.request)
        item = WorkItem(
            number=claim.item,
            attempt=claim.attempt,
            day=self.tools.workspace.today,
            portal=claim.portal,
            root=self.tools.workspace.root,
            request=request,
            journal=self._journal(claim),
            facts=facts_of(self.tools),
            payers=self.tools.workspace.payers,
        )
        return await self._ended(await self.bot.work(item, visit))

    def _journal(self, claim: Claim) -> Journal:
        portal = self.tools.workspace.portals.get(claim.portal)
        settle = portal.settle if portal else timedelta(0)
        return Journal(self.tools.database, self.tools.ledger, claim, settle, self.tools.lease)

    async def _ended(self, outcome: Outcome[Any]) -> Ending:
        """The ending, with its files on disk. What the ledger cannot keep goes to a person."""
        try:
            facts = await asyncio.to_thread(found.kept, self.tools.files, outcome)
        except FactRefused as error:
            return policy.after_refused(error)
        return replace(self._ending(outcome), facts=facts)

    def _ending(self, outcome: Outcome[Any]) -> Ending:
        first = outcome.reasons[0] if outcome.reasons else None
        return Ending(
            state=ItemState.EXCEPTION if first else ItemState.DONE,
            outcome="exception" if first else "done",
            reason=first or "",
            also=[reason.value for reason in outcome.reasons[1:]],
            result=codec.pack(self.bot.answer, outcome.answer),
        )


@dataclass(frozen=True)
class Collect:
    """Lets the bot say what there is to do in a run."""

    tools: Tools
    bot: AnyBot

    @property
    def seconds(self) -> float:
        """The deadline of one attempt at it: long lists and many files take longer than any item."""
        return self.tools.settings.collect_seconds

    async def __call__(self, claim: Claim, visit: Any) -> Ending:  # noqa: ANN401 - what a bot calls its portal
        """What the bot found, as items that are written with the end of the collect item."""
        view = await self.tools.database(runs.look, self.tools.ledger, run_of(claim))
        context = context_of(self.tools.workspace, view.id, view.day, view.options)
        reached = await self.tools.database(watermarks.look, claim.bot, claim.portal)
        taken = json.loads(view.options).get("messages", ())
        messages = await self.tools.database(outbox.bodies, self.tools.ledger, taken)
        told = {"watermark": reached, "messages": messages}
        collecting = Collecting(**{**vars(context), **told}, facts=facts_of(self.tools))
        asked = list(await self.bot.collect(collecting, visit))
        fresh, watermark = await asyncio.to_thread(
            new_items, self.bot, self.tools.ledger.keys, context, asked
        )
        facts = await asyncio.to_thread(found.kept, self.tools.files, kept_files(asked))
        return Ending(state=ItemState.DONE, outcome="done", collected=fresh, watermark=watermark, facts=facts)


def facts_of(tools: Tools) -> Facts:
    """What the ledger knows; called on the event loop."""
    return Facts(on(tools.database, asyncio.get_running_loop()), tools.files, tools.ledger)


def run_of(claim: Claim) -> int:
    """The run that a collect item fills."""
    return int(claim.request)


def context_of(workspace: Workspace, number: int, day: date, options: bytes) -> RunContext:
    """A run as its bot sees it."""
    told = json.loads(options)
    return RunContext(
        number=number,
        day=day,
        zone=workspace.zone,
        payers=workspace.payers,
        input=Path(told["input"]) if told["input"] else None,
        out=Path(told["out"]),
        priority=told.get("priority", 0),
        due=datetime.fromisoformat(told["due"]) if told.get("due") else None,
        dry_run=told.get("dry_run", False),
        root=workspace.root,
        claims=workspace.settings.claims,
        code_lists=workspace.settings.code_lists,
    )
