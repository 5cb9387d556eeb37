"""The end of a run: what is concluded, what came of each row of its input, the bot's files, and the report."""

import asyncio
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from payerbots.browser import evidence
from payerbots.engine import codec, guard
from payerbots.engine.bots import AnyBot
from payerbots.engine.concluding import Concluder
from payerbots.engine.contract import Answered, Delivered, FinishedRun, PortalHeld, RunContext
from payerbots.engine.database import Database
from payerbots.engine.desk import Desk
from payerbots.engine.facts import Facts
from payerbots.ledger import portals as standings
from payerbots.ledger import runs, views
from payerbots.ledger.models import ItemKind, RunState
from payerbots.ledger.records import Ledger, Row
from payerbots.reasons import Reason
from payerbots.workspace import Workspace


@dataclass(frozen=True, kw_only=True)
class RunReport:
    """What a run came to. `figures` are the bot's own; `seconds` the whole run."""

    run: int
    state: RunState
    asked: int
    added: int
    by_state: dict[str, int]
    by_reason: dict[str, int]
    figures: dict[str, Any]
    files: list[Delivered]
    held: list[PortalHeld]
    drift: list[str]
    seconds: float

    @property
    def needs_a_person(self) -> bool:
        """Whether there are exceptions, parked items or a portal that is held."""
        return bool(self.by_reason or self.held)


@dataclass(frozen=True)
class Delivery:
    """What a delivery wrote, from which rows."""

    finished: FinishedRun[Any, Any, Any]
    files: list[Delivered]
    figures: dict[str, Any]
    state: RunState

    def report(self, added: int, seconds: float) -> RunReport:
        """The run in figures."""
        rows = self.finished.rows
        return RunReport(
            run=self.finished.context.number,
            state=self.state,
            asked=len(rows),
            added=added,
            by_state=dict(Counter(row.state for row in rows)),
            by_reason=dict(Counter(row.reason.value for row in rows if row.reason).most_common()),
            figures=self.figures,
            files=self.files,
            held=list(self.finished.held),
            drift=sorted({line for row in rows for line in row.drift}),
            seconds=seconds,
        )


@dataclass(frozen=True)
class Deliverer:
    """Draws a bot's files from the ledger; the parsing and writing happen off the event loop."""

    workspace: Workspace
    database: Database
    ledger: Ledger
    bot: AnyBot

    async def deliver(self, context: RunContext, actor: str) -> Delivery:
        """Concludes, writes the files and closes the run: done, or held when a portal could not be used."""
        concluder = Concluder(self.workspace, self.database, self.ledger, self.bot)
        await concluder.conclude(context, actor)
        rows = await self.database(lambda: list(views.rows(self.ledger, context.number)))
        held = await self._held(rows)
        facts = concluder.facts()
        desk = Desk(self.workspace, self.ledger, facts.ask)
        finished = await asyncio.to_thread(self._finished, context, rows, held, (facts, desk))
        files = await asyncio.to_thread(self.bot.deliver, finished)
        figures = await asyncio.to_thread(self.bot.figures, finished)
        state = RunState.HELD if held else RunState.DONE
        paths = {one.what: str(one.path) for one in files}
        await self.database(runs.note_delivered, self.ledger, context.number, paths)
        await self.database(runs.end, self.ledger, context.number, state, actor)
        return Delivery(finished, list(files), dict(figures), state)

    async def _held(self, rows: Sequence[Row]) -> list[PortalHeld]:
        later = self.ledger.now() + runs.LATER
        waiting = Counter(
            row.portal
            for row in rows
            if row.state in runs.OPEN and not (row.not_before and row.not_before > later)
        )
        return [self._held_portal(await self._last(name), waiting[name]) for name in waiting]

    async def _last(self, name: str) -> standings.Standing:
        """Why a portal was not used to the end: closed at this hour, or how it stood when it was last used."""
        now = await self.database(guard.seen, self.ledger, self.workspace.portals, [name])
        if now[name].state != standings.OPEN:
            return now[name]
        return await self.database(standings.last_standing, name)

    def _held_portal(self, last: standings.Standing, waiting: int) -> PortalHeld:
        portal = self.workspace.portals.get(last.portal)
        return PortalHeld(
            portal=last.portal,
            title=portal.title if portal else last.portal,
            reason=Reason(last.reason) if last.reason else Reason.PAYER_TRY_LATER,
            message=last.message or "not worked in this run",
            since=last.since or self.ledger.now(),
            waiting=waiting,
            stopped=last.state == standings.STOPPED,
        )

    def _finished(
        self, context: RunContext, rows: Sequence[Row], held: Sequence[PortalHeld], tools: tuple[Facts, Desk]
    ) -> FinishedRun[Any, Any, Any]:
        reasons = {one.portal: one.reason for one in held}
        return FinishedRun(
            context=context,
            rows=[answered(self.bot, row, reasons) for row in rows],
            held=held,
            picture=self._picture,
            facts=tools[0],
            desk=tools[1],
        )

    def _picture(self, name: str) -> bytes | None:
        try:
            return evidence.opened(self.ledger.keys, self.workspace.data / "evidence", name)
        except FileNotFoundError:
            return None


def answered(bot: AnyBot, row: Row, held: Mapping[str, Reason]) -> Answered[Any, Any, Any]:
    """A row as its bot sees it; one that waits has the reason of its portal, by `held`."""
    unreadable = row.kind == ItemKind.UNREADABLE
    return Answered(
        place=row.place,
        item=row.item,
        portal=row.portal,
        state=row.state,
        reason=_reason(row, held),
        also=[Reason(one) for one in row.also],
        attempts=row.attempts,
        note=row.note,
        drift=row.drift,
        created_at=row.created_at,
        finished_at=row.finished_at,
        not_before=row.not_before,
        request=None if unreadable else codec.unpack(bot.request, row.request),
        answer=codec.unpack(bot.answer, row.result) if row.result else None,
        previous=codec.unpack(bot.answer, row.previous) if row.previous else None,
        unreadable=codec.unpack(bot.unreadable, row.request) if unreadable else None,
        pictures=row.pictures,
    )


def _reason(row: Row, held: Mapping[str, Reason]) -> Reason | None:
    if row.reason:
        return Reason(row.reason)
    return held.get(row.portal) if row.state in runs.OPEN else None
