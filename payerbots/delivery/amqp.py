"""The broker (RabbitMQ, AMQP 0-9-1): publishing with confirms to a durable topic exchange."""

import asyncio
import logging
from contextlib import suppress
from dataclasses import dataclass, field
from enum import StrEnum

import aio_pika
from aio_pika.abc import AbstractConnection, AbstractExchange
from aio_pika.connection import make_url
from aio_pika.exceptions import CONNECTION_EXCEPTIONS, AMQPException, DeliveryError, PublishError

from payerbots.errors import PayerbotsError
from payerbots.ledger.outbox import Taken

CONNECTING_SECONDS = 10.0
CONFIRM_SECONDS = 20.0
"""Well below the lease of a message, so that nobody else publishes it meanwhile."""

_CLOSING_SECONDS = 2.0
_GONE = (*CONNECTION_EXCEPTIONS, AMQPException, OSError, TimeoutError, asyncio.CancelledError)

for _name in ("aio_pika", "aiormq"):
    logging.getLogger(_name).setLevel(logging.CRITICAL)  # their texts may hold an address with its password


class NoBroker(PayerbotsError):
    """The broker cannot be reached, or went away before it confirmed: start it, or mend PAYERBOTS_AMQP_URL."""


class Word(StrEnum):
    """What the broker says of a message."""

    CONFIRMED = "confirmed"
    RETURNED = "returned"
    """No queue is bound to its routing key."""
    REFUSED = "refused"
    """A queue takes no more."""
    UNCONFIRMED = "unconfirmed"
    """It went away before it said anything: perhaps it has it, perhaps not."""


@dataclass
class Broker:
    """One connection to the broker; opened when it is needed, and again after it was lost."""

    url: str = field(repr=False)
    exchange: str
    _connection: AbstractConnection | None = field(default=None, init=False, repr=False)
    _exchange: AbstractExchange | None = field(default=None, init=False, repr=False)

    async def ready(self) -> None:
        """Connects unless connected. `NoBroker` when that cannot be."""
        if self._connection is not None and not self._connection.is_closed and self._exchange is not None:
            return
        await self.close()
        try:
            async with asyncio.timeout(CONNECTING_SECONDS):
                await self._open()
        except asyncio.CancelledError:
            raise
        except (*_GONE, ValueError):
            await self.close()
            raise NoBroker("the broker does not answer") from None

    async def _open(self) -> None:
        self._connection = aio_pika.Connection(
            make_url(self.url)
        )  # ours at once, so that one that fails is closed
        await self._connection.connect()
        channel = await self._connection.channel(publisher_confirms=True, on_return_raises=True)
        self._exchange = await channel.declare_exchange(
            self.exchange, aio_pika.ExchangeType.TOPIC, durable=True
        )

    async def publish(self, message: Taken) -> Word:
        """Publishes one message, persistent, and waits for the broker's word on it."""
        if self._exchange is None:
            return Word.UNCONFIRMED
        try:
            async with asyncio.timeout(CONFIRM_SECONDS):
                await self._exchange.publish(_as_amqp(message), message.key, mandatory=True)
        except PublishError:
            return Word.RETURNED
        except DeliveryError:
            return Word.REFUSED
        except asyncio.CancelledError:
            if (task := asyncio.current_task()) is not None and task.cancelling():
                raise
            return Word.UNCONFIRMED
        except _GONE:
            return Word.UNCONFIRMED
        return Word.CONFIRMED

    async def close(self) -> None:
        """Closes the connection, if there is one.

        One that is left half closed would close itself when it is collected, on whatever loop or none: a
        connection that does not answer is closed a second time, which only marks it.
        """
        connection, self._exchange = self._connection, None
        for _ in range(2):
            if connection is None or connection.is_closed:
                break
            with suppress(*CONNECTION_EXCEPTIONS, AMQPException, OSError, TimeoutError):
                async with asyncio.timeout(_CLOSING_SECONDS):
                    await connection.close()
        self._connection = None


def _as_amqp(message: Taken) -> aio_pika.Message:
    return aio_pika.Message(
        message.body,
        content_type="application/json",
        content_encoding="utf-8",
        delivery_mode=aio_pika.DeliveryMode.PERSISTENT,
        message_id=message.message_id,
        timestamp=message.created_at,
        type=message.queue,
        app_id="payerbots",
    )
