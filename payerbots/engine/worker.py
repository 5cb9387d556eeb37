"""A worker: seats at portals that claim items and make attempts, until there is nothing left to do."""

import asyncio
import os
import secrets
import socket
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import timedelta

from loguru import logger

from payerbots.browser.flow import Flow
from payerbots.browser.session import PortalSession
from payerbots.engine.bots import AnyBot
from payerbots.engine.seat import PortalClosed, Seat, SeatStore, Tools
from payerbots.engine.tasks import together
from payerbots.errors import LeaseLost
from payerbots.ledger import items
from payerbots.ledger import portals as standings
from payerbots.ledger.portals import SessionPlace
from payerbots.ledger.records import Claim, Ending
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
    """Works on the items of `bot` at the portals of `flows`."""

    tools: Tools
    bot: AnyBot
    flows: Sequence[Flow]
    watch: Callable[[Progress], None] = lambda _: None
    owner: str = field(default_factory=lambda: f"{socket.gethostname()}:{os.getpid()}:{secrets.token_hex(3)}")

    async def work_until(self, finished: Callable[[], bool]) -> None:
        """Claims and works until `finished`. Whatever is held when this is left goes back."""
        seats = [seat for flow in self.flows for seat in self._seats(flow)]
        heart = asyncio.create_task(self._keep_leases())
        try:
            await together(*(self._sit(seat, finished) for seat in seats))
        finally:
            heart.cancel()
            await self.tools.database(items.release, self.tools.ledger, self.owner, "interrupted")

    async def claim(self, portal: str) -> Claim | None:
        """The next item for a portal (`""`: one that needs none)."""
        lease = timedelta(seconds=self.tools.settings.lease_seconds)
        return await self.tools.database(
            items.claim, self.tools.ledger, self.owner, [self.bot.name], portal, lease
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
        settings = self.tools.settings
        lease = timedelta(seconds=settings.lease_seconds)
        while True:
            await asyncio.sleep(settings.heartbeat_seconds)
            await self.tools.database(items.renew, self.tools.ledger, self.owner, lease)

    async def _sit(self, seat: Seat, finished: Callable[[], bool]) -> None:
        try:
            while not finished():
                claim = await self.claim(seat.portal) if await self._is_open(seat.portal) else None
                if claim is None:
                    await asyncio.sleep(_IDLE)
                    continue
                ending = await seat.attempt(self.bot, claim)
                await self.finish(claim, ending)
                if ending.outcome in {"done", "exception"}:
                    await self.tools.database(standings.answered, seat.portal)
        finally:
            await seat.session.close()

    async def _is_open(self, portal: str) -> bool:
        standing = await self.tools.database(standings.standing, self.tools.ledger, portal)
        return standing.state == standings.OPEN

    def _seats(self, flow: Flow) -> list[Seat]:
        return [
            self._seat(flow, login, slot, turn)
            for login in flow.portal.credentials
            for turn in [asyncio.Lock()]
            for slot in range(login.sessions)
        ]

    def _seat(self, flow: Flow, login: Login, slot: int, turn: asyncio.Lock) -> Seat:
        portal = flow.portal

        async def gate() -> None:
            if not await self._is_open(portal.name):
                raise PortalClosed(portal.name)

        session = PortalSession(
            flow=flow,
            credential=credentials.find(portal.name, login),
            chromium=self.tools.chromium,
            store=SeatStore(self.tools, SessionPlace(portal.name, portal.url, login.name, slot)),
            gate=gate,
            turn=turn,
            seconds=self.tools.settings.element_seconds,
        )
        return Seat(self.tools, flow, login, session)
