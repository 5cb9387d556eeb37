"""The relay: hands the outbox's messages on to the broker, each until the broker has confirmed it.

A message that was sent and not confirmed is sent again under the same id: at least once. Of one item the
next message goes when the one before is confirmed. What the broker returns or refuses is kept and tried again.
"""

import asyncio
import contextlib
import os
import secrets
import socket
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, field
from datetime import timedelta

from django.db import DatabaseError, InterfaceError
from loguru import logger

from payerbots.delivery.amqp import Broker, NoBroker, Word
from payerbots.engine.database import Database
from payerbots.errors import ConfigError
from payerbots.ledger import outbox
from payerbots.ledger.outbox import Taken
from payerbots.ledger.records import Ledger
from payerbots.log import place_of
from payerbots.queues import Goal
from payerbots.workspace import Workspace

LEASE = timedelta(seconds=60)
_BATCH = 100
_LOOK_SECONDS = 1.0
_FIRST_WAIT, _LONGEST_WAIT = 1.0, 600.0


@dataclass
class Relay:
    """Between the ledger's outbox and a broker. `pace` shortens the waits, in tests and demos."""

    ledger: Ledger
    database: Database
    broker: Broker
    queues: Sequence[str]
    pace: float = 1.0
    look_seconds: float = _LOOK_SECONDS
    batch: int = _BATCH
    owner: str = field(
        default_factory=lambda: f"relay:{socket.gethostname()}:{os.getpid()}:{secrets.token_hex(3)}"
    )
    _failures: int = field(default=0, init=False)

    async def run(self) -> None:
        """Hands on until cancelled; whatever goes wrong is logged and tried again, ever more slowly."""
        while True:  # noqa: ASYNC110 - the wait is another after each turn
            await asyncio.sleep(await self._turn())

    async def _turn(self) -> float:
        """One round; how long to wait before the next."""
        try:
            moved = await self.once()
        except NoBroker:
            self._failures += 1
            if self._failures == 1:
                logger.warning("the broker does not answer; messages wait in the outbox")
            return self._wait(self._failures)
        except (DatabaseError, InterfaceError) as error:
            logger.warning("messages wait, the database does not answer: {}", place_of(error))
            return self._wait(3)
        except Exception as error:  # noqa: BLE001 - the relay must outlive whatever the broker does
            logger.error("messages wait: {}", place_of(error))
            return self._wait(5)
        if self._failures:
            logger.info("the broker answers again")
        self._failures = 0
        return 0 if moved else self.look_seconds

    async def once(self) -> int:
        """Takes what is due and hands it on; how many messages the broker confirmed. `NoBroker` when it is gone."""
        await self.broker.ready()
        taken = await self.database(outbox.take, self.ledger, self.queues, self.owner, LEASE, self.batch)
        if not taken:
            return 0
        words = await asyncio.gather(*(self.broker.publish(one) for one in taken))
        done = [one.number for one, word in zip(taken, words, strict=True) if word is Word.CONFIRMED]
        await self.database(outbox.handed_on, self.ledger, self.owner, done)
        for one, word in zip(taken, words, strict=True):
            if word is not Word.CONFIRMED:
                await self._keep(one, word)
        if Word.UNCONFIRMED in words:
            await self.broker.close()
            raise NoBroker("the broker went away before it confirmed")
        return len(done)

    async def _keep(self, one: Taken, word: Word) -> None:
        wait = 0.0 if word is Word.UNCONFIRMED else self._wait(one.tries + 4)
        if word in outbox.REPORTED:
            logger.warning("queue {}: message {} was {}", one.queue, one.message_id, word.value)
        await self.database(
            outbox.failed, self.ledger, self.owner, one.number, word.value, timedelta(seconds=wait)
        )

    def _wait(self, failures: int) -> float:
        return self.pace * min(_LONGEST_WAIT, _FIRST_WAIT * 2.0 ** min(failures - 1, 12))

    async def drain(self, seconds: float) -> int:
        """Hands on what can be handed on within a time; how many messages are left."""
        with contextlib.suppress(TimeoutError, NoBroker):
            async with asyncio.timeout(seconds):
                while await self.once():
                    continue
        return await self.database(outbox.left, self.queues)

    async def close(self) -> None:
        """Gives back what is at hand and closes the connection."""
        with contextlib.suppress(DatabaseError, InterfaceError):
            await self.database(outbox.give_back, self.owner)
        await self.broker.close()


def of(workspace: Workspace, database: Database) -> Relay | None:
    """The relay of a workspace; None when no queue is `to: amqp`. `ConfigError` without the broker's address."""
    names = [one.name for one in workspace.queues.values() if one.to is Goal.AMQP]
    if not names:
        return None
    settings = workspace.settings
    if not settings.amqp_url:
        raise ConfigError(f"queue {names[0]} is `to: amqp`: set PAYERBOTS_AMQP_URL to the broker's address")
    broker = Broker(settings.amqp_url, settings.amqp_exchange)
    return Relay(Ledger(workspace.keys, workspace.clock), database, broker, names, settings.retry_pace)


@contextlib.asynccontextmanager
async def relaying(workspace: Workspace, last_seconds: float = 10.0) -> AsyncIterator[Relay | None]:
    """Meanwhile results are handed on to the broker; at the end what is left, for `last_seconds` at most."""
    database = Database()
    relay = of(workspace, database)
    if relay:
        await database(workspace.connect)
    task = asyncio.create_task(relay.run()) if relay else None
    try:
        yield relay
    finally:
        if relay is not None and task is not None:
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)
            if left := await _last(relay, last_seconds):
                logger.warning("{} messages wait for the broker; a worker or the next run sends them", left)
        database.close()


async def _last(relay: Relay, seconds: float) -> int:
    try:
        return await relay.drain(seconds)
    except (DatabaseError, InterfaceError) as error:
        logger.error("messages wait, the database does not answer: {}", place_of(error))
        return 0
    finally:
        await relay.close()
