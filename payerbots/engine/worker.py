"""A worker: seats at portals that claim items and make attempts, until there is nothing left to do."""

import asyncio
import os
import secrets
import socket
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from types import TracebackType
from typing import Self

from django.db import DatabaseError
from loguru import logger

from payerbots.browser.flow import Flow
from payerbots.browser.session import PortalSession
from payerbots.engine.bots import AnyBot
from payerbots.engine.seat import PortalClosed, Seat, SeatStore, Tools, tell_guard
from payerbots.engine.tasks import together
from payerbots.errors import LeaseLost, PortalError
from payerbots.ledger import items, slots
from payerbots.ledger import portals as standings
from payerbots.ledger.portals import SessionPlace
from payerbots.ledger.records import Claim, Ending
from payerbots.ledger.slots import Slot
from payerbots.log import place_of
from payerbots.portals import credentials
from payerbots.portals.config import Login

_IDLE = 0.2


@dataclass(frozen=True)
class Progress:
    """An attempt that ended, for whoever watches."""

    item: int
    portal: str
    state: str
    reason: str
    drift: Sequence[str]


@dataclass
class Worker:
    """Works on the items of a run of `bot` at the portals of `flows`; what other runs left is theirs."""

    tools: Tools
    bot: AnyBot
    run: int
    flows: Sequence[Flow]
    watch: Callable[[Progress], None] = lambda _: None
    owner: str = field(default_factory=lambda: f"{socket.gethostname()}:{os.getpid()}:{secrets.token_hex(3)}")
    _heart: asyncio.Task[None] | None = field(default=None, init=False)

    async def __aenter__(self) -> Self:
        """Begins to renew the leases of what is claimed."""
        self._heart = asyncio.create_task(self._keep_leases())
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Gives back whatever is held."""
        if self._heart is not None:
            self._heart.cancel()
        await self.tools.database(items.release, self.tools.ledger, self.owner, "interrupted")
        await self.tools.database(slots.give_back, self.owner)

    async def work_until(self, finished: Callable[[], bool]) -> None:
        """Claims and works until `finished`."""
        seats = [seat for flow in self.flows for seat in self._seats(flow)]
        await together(*(self._sit(seat, finished) for seat in seats))

    async def claim(self, portal: str, only: items.Only) -> Claim | None:
        """The next item for a portal (`""`: one that needs none) out of `only`."""
        return await self.tools.database(
            items.claim, self.tools.ledger, self.owner, [self.bot.name], portal, self._lease, only
        )

    async def finish(self, claim: Claim, ending: Ending) -> None:
        """Writes how an attempt ended; what comes too late is refused by the ledger and dropped here."""
        try:
            await self.tools.database(items.finish, self.tools.ledger, claim, ending)
        except LeaseLost:
            logger.warning("item {} attempt {}: too late, it is another worker's", claim.item, claim.attempt)
            return
        self.watch(Progress(claim.item, claim.portal, ending.state, ending.reason, ending.drift))

    async def _keep_leases(self) -> None:
        tools = self.tools
        while True:
            await asyncio.sleep(tools.settings.heartbeat_seconds)
            try:
                await tools.database(items.renew, tools.ledger, self.owner, self._lease)
                await tools.database(slots.renew, tools.ledger, self.owner, self._lease)
            except DatabaseError as error:
                logger.warning("leases could not be renewed: {}", place_of(error))

    async def _sit(self, seat: Seat, finished: Callable[[], bool]) -> None:
        try:
            while not finished():
                claim = await self._next_for(seat)
                if claim is None:
                    await asyncio.sleep(_IDLE)
                    continue
                ending = await seat.attempt(self.bot, claim)
                await self.finish(claim, ending)
                if ending.error in {"", "BusinessException"}:
                    await self.tools.database(standings.answered, self.tools.ledger, seat.portal)
        finally:
            await seat.session.close()

    async def _next_for(self, seat: Seat) -> Claim | None:
        """The next item for a seat, while its portal is open and its slot is this worker's."""
        if not await self._is_open(seat.portal):
            return None
        if not await self._take(seat.slot, self.owner, self._lease):
            await seat.session.drop(forget=False)
            return None
        return await self.claim(seat.portal, items.of_run(self.run))

    async def _is_open(self, portal: str) -> bool:
        standing = await self.tools.database(standings.standing, self.tools.ledger, portal)
        return standing.state == standings.OPEN

    def _seats(self, flow: Flow) -> list[Seat]:
        return [
            self._seat(flow, login, slot)
            for login in flow.portal.credentials
            for slot in range(1, login.sessions + 1)
        ]

    def _seat(self, flow: Flow, login: Login, number: int) -> Seat:
        portal, slot = flow.portal, Slot(flow.portal.name, login.name, number)
        session = PortalSession(
            flow=flow,
            credential=credentials.find(portal.name, login),
            chromium=self.tools.chromium,
            store=SeatStore(self.tools, SessionPlace(portal.name, portal.url, login.name, number), slot),
            gate=lambda: self._turn_to_sign_in(slot.turn),
            seconds=self.tools.settings.element_seconds,
            deadline=self.tools.settings.item_seconds,
        )
        return Seat(self.tools, flow, slot, session)

    @asynccontextmanager
    async def _turn_to_sign_in(self, turn: Slot) -> AsyncIterator[None]:
        """One sign-in of a login at a time; what it does to the portal is written before the next."""
        holder = f"{self.owner}:{secrets.token_hex(3)}"
        longest = 2 * self.tools.settings.item_seconds
        async with asyncio.timeout(longest):
            while not await self._take(turn, holder, timedelta(seconds=longest)):  # noqa: ASYNC110 - no event tells what another process does
                await asyncio.sleep(_IDLE)
        try:
            if not await self._is_open(turn.portal):
                raise PortalClosed(turn.portal)
            yield
        except PortalError as error:
            await tell_guard(self.tools, turn.portal, error)
            raise
        finally:
            await self.tools.database(slots.give_back, holder, turn)

    @property
    def _lease(self) -> timedelta:
        return timedelta(seconds=self.tools.settings.lease_seconds)

    async def _take(self, slot: Slot, owner: str, lease: timedelta) -> bool:
        return await self.tools.database(slots.take, self.tools.ledger, slot, owner, lease)
