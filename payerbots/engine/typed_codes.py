"""Codes that a person types: the worker asks in the ledger, and looks until one is there or the time is over."""

import asyncio
from dataclasses import dataclass
from datetime import timedelta

from loguru import logger

from payerbots.engine.database import Database
from payerbots.errors import CodeNeeded
from payerbots.ledger import codes
from payerbots.ledger.records import Ledger

_LOOK_SECONDS = 0.5


@dataclass(frozen=True)
class TypedCodes:
    """The codes of one login; `seconds` is how long a person has for one."""

    database: Database
    ledger: Ledger
    portal: str
    login: str
    seconds: float
    look_seconds: float = _LOOK_SECONDS

    async def mark(self) -> None:
        """A code is asked for when its page is there."""

    async def code(self) -> str:
        """What a person typed. `CodeNeeded` when nobody did in time."""
        patience = timedelta(seconds=self.seconds)
        number = await self.database(codes.ask, self.ledger, self.portal, self.login, patience)
        logger.warning(
            "{} asks {} for a one-time code, for {:.0f} minutes: payerbots portals code {}",
            self.portal,
            self.login,
            self.seconds / 60,
            self.portal,
        )
        try:
            return await self._typed(number)
        finally:
            await self.database(codes.give_up, self.ledger, number)

    async def _typed(self, number: int) -> str:
        loop = asyncio.get_running_loop()
        until = loop.time() + self.seconds
        while loop.time() < until:
            if (code := await self.database(codes.take, self.ledger, number)) is not None:
                return code
            await asyncio.sleep(self.look_seconds)
        raise CodeNeeded(f"{self.login}: nobody typed a one-time code in time")
