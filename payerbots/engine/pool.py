"""The seats of a worker: session slots of logins, taken when there is work and given back when there is none."""

import asyncio
import secrets
import time
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta

from payerbots.browser.flow import Flow
from payerbots.browser.session import PortalSession
from payerbots.engine.seat import NoSession, PortalClosed, Seat, SeatStore, Session, Tools
from payerbots.engine.typed_codes import TypedCodes
from payerbots.errors import PortalError
from payerbots.ledger import slots
from payerbots.ledger.portals import OPEN, SessionPlace
from payerbots.ledger.records import LONGEST_LEASE
from payerbots.ledger.slots import Slot
from payerbots.portals import credentials
from payerbots.portals.config import Login, Portal
from payerbots.portals.credentials import Credential, Desk

_TURN = 0.2
_UNUSED_SECONDS = 30.0

SessionMaker = Callable[["Pool", Flow, Login, Slot], Session]


@dataclass
class Pool:
    """Which session slots this worker holds, with their sessions; `owner` is the worker's name in the ledger."""

    tools: Tools
    flows: Sequence[Flow]
    owner: str
    make: SessionMaker
    _seats: dict[Slot, Seat] = field(default_factory=dict)
    _idle: dict[Slot, float] = field(default_factory=dict)

    @property
    def held(self) -> list[Slot]:
        """The slots that this worker believes to hold."""
        return list(self._seats)

    def busy_at(self, portal: str) -> bool:
        """Whether one of the seats at a portal works now."""
        return any(slot.portal == portal and slot not in self._idle for slot in self._seats)

    async def seat_for(self, portal: str) -> Seat | None:
        """A seat at the portal: one at hand, else one whose slot nobody holds. None when all are taken."""
        if not portal:
            return Seat(self.tools, "", NoSession())
        at_hand = next((slot for slot in self._idle if slot.portal == portal), None)
        if at_hand is not None:
            del self._idle[at_hand]
            return self._seats[at_hand]
        return await self._new_seat(portal)

    async def _new_seat(self, portal: str) -> Seat | None:
        flow = next(one for one in self.flows if one.portal.name == portal)
        wanted = {slot: login for slot, login in _slots(flow.portal) if slot not in self._seats}
        tools = self.tools
        taken = await tools.database(slots.take_first, tools.ledger, list(wanted), self.owner, tools.lease)
        if taken is None:
            return None
        session = self.make(self, flow, wanted[taken], taken)
        seat = Seat(tools, portal, session, taken, flow.portal.retry)
        self._seats[taken] = seat
        return seat

    def put_back(self, seat: Seat) -> None:
        """The seat is free for the next item."""
        if seat.slot is not None:
            self._idle[seat.slot] = time.monotonic()

    async def check(self, seat: Seat) -> None:
        """Puts a seat back if its slot is still ours, else gives it up: another holds it by now."""
        if seat.slot is None:
            return
        tools = self.tools
        if await tools.database(slots.take, tools.ledger, seat.slot, self.owner, tools.lease):
            self.put_back(seat)
        else:
            self._seats.pop(seat.slot)
            await seat.session.drop(forget=False)

    async def close_unused(self, seconds: float = _UNUSED_SECONDS) -> None:
        """Gives back the slots that have had no work for a while; others may need them."""
        now = time.monotonic()
        for slot in [slot for slot, since in self._idle.items() if now - since >= seconds]:
            await self._close(slot)

    async def _close(self, slot: Slot) -> None:
        self._idle.pop(slot, None)
        await self._seats[slot].session.close()
        self._seats.pop(slot)
        await self.tools.database(slots.give_back, self.owner, slot)

    async def close(self) -> None:
        """Gives back everything."""
        for slot in list(self._seats):
            await self._close(slot)

    @asynccontextmanager
    async def turn_to_sign_in(self, turn: Slot, code_seconds: float = 0) -> AsyncIterator[None]:
        """One sign-in of a login at a time; what it does to the portal is written before the next.

        `code_seconds` is how much longer one may take because a code is waited for.
        """
        tools, holder = self.tools, f"{self.owner}:{secrets.token_hex(3)}"
        longest = min(timedelta(seconds=2 * tools.settings.item_seconds + code_seconds), LONGEST_LEASE)
        async with asyncio.timeout(longest.total_seconds()):
            while not await tools.database(slots.take, tools.ledger, turn, holder, longest):  # noqa: ASYNC110 - no event tells what another process does
                await asyncio.sleep(_TURN)
        try:
            if (await tools.guard.look([turn.portal]))[turn.portal].state != OPEN:
                raise PortalClosed(turn.portal)
            yield
        except PortalError as error:
            await tools.guard.tell(turn.portal, error, turn.login)
            raise
        finally:
            await tools.database(slots.give_back, holder, turn)


def _slots(portal: Portal) -> list[tuple[Slot, Login]]:
    return [
        (Slot(portal.name, login.name, number), login)
        for login in portal.credentials
        for number in range(1, login.sessions + 1)
    ]


def _credential(pool: Pool, portal: Portal, login: Login, slot: Slot) -> Credential:
    tools = pool.tools
    desk = Desk(
        is_fresh=None
        if login.codes_repeat
        else lambda window: tools.database(slots.use_window, slot.turn, window),
        typed=TypedCodes(tools.database, tools.ledger, portal.name, login.name, 60 * login.code_minutes),
    )
    return credentials.find(portal.name, login, tools.workspace.vault(login), desk)


def browser_session(pool: Pool, flow: Flow, login: Login, slot: Slot) -> Session:
    """A session in the worker's browser."""
    tools, portal = pool.tools, flow.portal
    credential = _credential(pool, portal, login, slot)
    return PortalSession(
        flow=flow,
        credential=credential,
        chromium=tools.chromium,
        store=SeatStore(tools, SessionPlace(portal.name, portal.url, login.name, slot.number), slot),
        gate=lambda: pool.turn_to_sign_in(slot.turn, credential.codes.seconds),
        seconds=tools.settings.element_seconds,
        deadline=tools.settings.item_seconds,
    )
