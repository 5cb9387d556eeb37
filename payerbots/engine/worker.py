"""A worker: claims items while there are places, seats and open portals, and makes attempts at them."""

import asyncio
import os
import secrets
import socket
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from functools import partial
from types import TracebackType
from typing import Self

from django.db import DatabaseError, InterfaceError
from loguru import logger

from payerbots.browser.flow import Flow
from payerbots.documents.errors import DocumentError
from payerbots.engine.bots import AnyBot
from payerbots.engine.frozen import end_frozen
from payerbots.engine.guard import FailingPages
from payerbots.engine.jobs import Collect, Work, run_of
from payerbots.engine.memory import held_megabytes
from payerbots.engine.outgoing import messages
from payerbots.engine.pool import Pool, SessionMaker, browser_session
from payerbots.engine.seat import Job, Seat, Tools
from payerbots.errors import ConfigError, LeaseLost
from payerbots.ledger import beats, items, runs, seals, slots
from payerbots.ledger import portals as standings
from payerbots.ledger.claims import Pace, Search
from payerbots.ledger.models import ItemKind, ItemState
from payerbots.ledger.records import Claim, Ending
from payerbots.log import place_of
from payerbots.reasons import Reason

_SOON, _LATER = 0.2, 1.0
_SEALED_AT_ONCE = 1000


@dataclass(frozen=True)
class Progress:
    """An attempt that ended, for whoever watches."""

    item: int
    portal: str
    state: str
    reason: str
    drift: Sequence[str]
    bot: str = ""
    seconds: float = 0.0
    """How long the attempt took."""


def new_owner() -> str:
    """A name for a worker that no other has."""
    return f"{socket.gethostname()}:{os.getpid()}:{secrets.token_hex(3)}"


@dataclass
class Worker:
    """Works on items of `bots` at the portals of `flows`, `places` at once; with `run` on those of one run only."""

    tools: Tools
    bots: Mapping[str, AnyBot]
    flows: Sequence[Flow]
    places: int
    run: int | None = None
    watch: Callable[[Progress], None] = lambda _: None
    make: SessionMaker = browser_session
    owner: str = field(default_factory=new_owner)
    ended: int = field(default=0, init=False)
    """Attempts that ended."""
    uncollected: dict[int, Exception] = field(default_factory=dict, init=False)
    """Why a run could not be collected."""
    added: dict[int, int] = field(default_factory=dict, init=False)
    """How many items were new in a run."""
    state: str = field(default="working", init=False)
    megabytes: int = field(default=0, init=False)
    """What it and its browser held at the last heartbeat."""
    kept: set[int] = field(default_factory=set, init=False)
    """The runs that this worker's process sees to their end."""
    _busy: dict[int, Claim] = field(default_factory=dict, init=False)
    _began: dict[int, float] = field(default_factory=dict, init=False)
    _freed: asyncio.Event = field(default_factory=asyncio.Event, init=False)
    _probing: set[str] = field(default_factory=set, init=False)
    _failing: FailingPages = field(default_factory=FailingPages, init=False)
    _heart: asyncio.Task[None] | None = field(default=None, init=False)

    def __post_init__(self) -> None:
        self.pool = Pool(self.tools, self.flows, self.owner, self.make)
        self.tools.database.when_stuck = partial(end_frozen, self.tools.ledger, self.tools.lease)

    async def __aenter__(self) -> Self:
        """Begins to renew the leases of what is claimed."""
        self._heart = asyncio.create_task(self._beat())
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Gives back whatever is held."""
        if self._heart is not None:
            self._heart.cancel()
        await self.pool.close()
        await self.tools.database(items.release, self.tools.ledger, self.owner, "interrupted")
        await self.tools.database(slots.give_back, self.owner)
        self.state = "gone"
        await self.tell()

    async def work_until(self, finished: Callable[[], bool]) -> None:
        """Claims and works until `finished`, and then to the end of what is at hand."""
        idle = _SOON
        async with asyncio.TaskGroup() as group:
            while not finished():
                found = await self._next() if len(self._busy) < self.places else None
                if found is not None:
                    self._busy[found[1].item] = found[1]
                    group.create_task(self._attempt(*found))
                    idle = _SOON
                    continue
                await self._wait(idle)
                idle = _SOON if self._busy else min(idle * 1.5, _LATER)
            await self._tell_if_possible()

    async def _wait(self, seconds: float) -> None:
        """Until an attempt ends, or for a moment."""
        self._freed.clear()
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self._freed.wait()
        await self.pool.close_unused()

    async def _next(self) -> tuple[Seat, Claim] | None:
        """The most urgent item for which there is a seat at an open portal, claimed."""
        try:
            return await self._claim_next()
        except (DatabaseError, InterfaceError) as error:
            logger.error("nothing can be claimed, the database does not answer: {}", place_of(error))
            return None

    async def _claim_next(self) -> tuple[Seat, Claim] | None:
        searches = [self._search(portal) for portal in await self._open_portals()]
        ledger, database = self.tools.ledger, self.tools.database
        for search in await database(items.first_ready, ledger, searches):
            seat = await self.pool.seat_for(search.portal)
            if seat is None:
                continue
            claim = await database(items.claim, ledger, replace(search, slot=seat.slot))
            if claim is not None:
                return seat, claim
            await self.pool.check(seat)
        return None

    def _search(self, portal: str) -> Search:
        flow = next((one for one in self.flows if one.portal.name == portal), None)
        rate = flow.portal.rate if flow else None
        pace = Pace(rate.interval, rate.interval * (rate.burst - 1)) if rate else None
        return Search(
            owner=self.owner,
            bots=list(self.bots),
            portal=portal,
            lease=self.tools.lease,
            run=self.run,
            pace=pace,
        )

    async def _open_portals(self) -> list[str]:
        """The portals that may be used now, and `""`. After a pause one item is tried before others follow."""
        names = [one.portal.name for one in self.flows]
        found = await self.tools.guard.look(names)
        usable = [""]
        for name in names:
            if found[name].state != standings.OPEN:
                continue
            if found[name].probing:
                self._probing.add(name)
                if self.pool.busy_at(name) or not await self._may_probe(name):
                    continue
            else:
                self._probing.discard(name)
            usable.append(name)
        return usable

    async def _may_probe(self, portal: str) -> bool:
        tools = self.tools
        return await tools.database(standings.may_probe, tools.ledger, portal, self.owner, tools.lease)

    async def _attempt(self, seat: Seat, claim: Claim) -> None:
        self._began[claim.item] = time.monotonic()
        try:
            ending = await self._ending(seat, claim)
            await self.finish(claim, ending)
            if seat.portal:
                await self._judge_portal(seat.portal, claim, ending)
        except (DatabaseError, InterfaceError) as error:
            logger.error("item {}: its end could not be written: {}", claim.item, place_of(error))
        finally:
            self.ended += 1
            self._busy.pop(claim.item, None)
            self._began.pop(claim.item, None)
            self.pool.put_back(seat)
            self._freed.set()

    async def _judge_portal(self, portal: str, claim: Claim, ending: Ending) -> None:
        """What an ending says of the portal: it answers again, or it shows error pages to everybody."""
        probing = portal in self._probing
        if self._failing.show_an_outage(portal, claim.item, ending.error, probing=probing):
            await self.tools.guard.rest(portal)
        elif probing and ending.error in {"", "BusinessException"}:
            await self.tools.database(standings.answered, self.tools.ledger, portal)

    async def _ending(self, seat: Seat, claim: Claim) -> Ending:
        bot = self.bots[claim.bot]
        if claim.kind != ItemKind.COLLECT:
            return await seat.attempt(Work(self.tools, bot), claim)
        return await self._collected(seat, Collect(self.tools, bot), claim)

    async def _collected(self, seat: Seat, job: Job, claim: Claim) -> Ending:
        """What cannot be collected ends with its run; the next run collects anew."""
        try:
            return await seat.attempt(job, claim)
        except (ConfigError, DocumentError) as error:
            self.uncollected[run_of(claim)] = error
            name = type(error).__name__
            logger.error("run {} cannot be collected: {}", run_of(claim), name)
            return Ending(
                state=ItemState.EXCEPTION, outcome="exception", reason=Reason.FILE_UNUSABLE, error=name
            )

    async def finish(self, claim: Claim, ending: Ending) -> None:
        """Writes how an attempt ended; what comes too late is refused by the ledger and dropped here."""
        ledger = self.tools.ledger
        try:
            if ending.collected is None:
                ending = replace(
                    ending, messages=messages(self.tools.workspace.queues.values(), claim, ending)
                )
                await self.tools.database(items.finish, ledger, claim, ending)
            else:
                run = run_of(claim)
                added = await self.tools.database(
                    runs.add_items,
                    ledger,
                    claim,
                    run,
                    ending.collected,
                    ending.watermark,
                    ending.facts,
                )
                self.added[run] = self.added.get(run, 0) + added
        except LeaseLost:
            logger.warning("item {} attempt {}: too late, it is another worker's", claim.item, claim.attempt)
            return
        if claim.kind != ItemKind.COLLECT:
            self.watch(self._progress(claim, ending))

    def _progress(self, claim: Claim, ending: Ending) -> Progress:
        began = self._began.get(claim.item)
        seconds = 0.0 if began is None else time.monotonic() - began
        return Progress(
            claim.item, claim.portal, ending.state, ending.reason, ending.drift, claim.bot, seconds
        )

    @property
    def busy(self) -> int:
        """How many items it works on now."""
        return len(self._busy)

    async def _beat(self) -> None:
        while True:
            await self._tell_if_possible()
            await asyncio.sleep(self.tools.settings.heartbeat_seconds)

    async def _tell_if_possible(self) -> None:
        try:
            await self.tell()
        except Exception as error:  # noqa: BLE001 - the heart must not stop
            logger.warning("leases could not be renewed: {}", place_of(error))

    async def tell(self) -> None:
        """Renews the leases of what is held, and tells that this worker lives."""
        self.megabytes = await asyncio.to_thread(held_megabytes)
        beat = beats.Beat(
            owner=self.owner,
            host=socket.gethostname()[:60],
            pid=os.getpid(),
            state=self.state,
            portals=[one.portal.name for one in self.flows],
            places=self.places,
            busy=len(self._busy),
            ended=self.ended,
            megabytes=self.megabytes,
        )
        held = list(self._busy), self.pool.held, list(self.kept)
        await self.tools.database(_renew, self.tools, beat, *held)


def _renew(
    tools: Tools, beat: beats.Beat, held: Sequence[int], seats: Sequence[slots.Slot], kept: Sequence[int]
) -> None:
    ledger = tools.ledger
    for run in kept:
        runs.keep(ledger, run, beat.owner, tools.lease)
    if held:
        items.renew(ledger, beat.owner, held, tools.lease)
    if seats:
        slots.renew(ledger, beat.owner, seats, tools.lease)
    beats.tell(ledger, beat)
    seals.seal(ledger, _SEALED_AT_ONCE)
