"""The broker that tests of queues use, a wire to it that can be cut, and what somebody receives from it."""

import asyncio
import os
import secrets
import socket
import threading
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import aio_pika
import pytest
from aio_pika.abc import AbstractChannel, AbstractIncomingMessage, AbstractQueue

_DEFAULT = "amqp://guest:guest@127.0.0.1:5672/"
_CHUNK = 65536


def broker_url() -> str:
    """The broker's address: `PAYERBOTS_TEST_AMQP`, else 127.0.0.1:5672. Skips, plainly, where there is none."""
    url = os.environ.get("PAYERBOTS_TEST_AMQP", _DEFAULT)
    parts = urlsplit(url)
    with suppress(OSError), socket.create_connection((parts.hostname or "127.0.0.1", parts.port or 5672), 2):
        return url
    told = f"no RabbitMQ at {parts.hostname}:{parts.port or 5672}: run `make services`"
    if os.environ.get("PAYERBOTS_REQUIRE_SERVICES"):
        pytest.fail(told)
    pytest.skip(f"queues at a broker were not tested: {told}")


class Wire:
    """A loopback port that passes everything on to the broker: until it is cut, or deaf to what comes back."""

    def __init__(self, url: str) -> None:
        parts = urlsplit(url)
        self._address = (parts.hostname or "127.0.0.1", parts.port or 5672)
        self._server = socket.create_server(("127.0.0.1", 0))
        self.deaf, self._whole = False, True
        self._open: list[socket.socket] = []
        netloc = f"{parts.username}:{parts.password}@127.0.0.1:{self._server.getsockname()[1]}"
        self.url = parts._replace(netloc=netloc).geturl()
        self._threads = [threading.Thread(target=self._accept)]
        self._threads[0].start()

    def cut(self) -> None:
        self._whole = False
        for one in self._open:
            _end(one)
        self._open.clear()

    def mend(self) -> None:
        self._whole, self.deaf = True, False

    def close(self) -> None:
        self.cut()
        _end(self._server)
        for thread in self._threads:
            thread.join()

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                near, _ = self._server.accept()
                if not self._whole:
                    _end(near)
                    continue
                far = socket.create_connection(self._address)
                self._open += [near, far]
                for pair in ((near, far, False), (far, near, True)):
                    self._threads.append(threading.Thread(target=self._pump, args=pair))
                    self._threads[-1].start()

    def _pump(self, near: socket.socket, far: socket.socket, comes_back: bool) -> None:
        with suppress(OSError):
            while data := near.recv(_CHUNK):
                if not (comes_back and self.deaf):
                    far.sendall(data)
        _end(near)
        _end(far)


def _end(one: socket.socket) -> None:
    with suppress(OSError):
        one.shutdown(socket.SHUT_RDWR)
    one.close()


@dataclass
class Inbox:
    """A queue at the broker, and all that has come into it."""

    channel: AbstractChannel
    exchange: str
    queue: AbstractQueue

    async def bind(self, key: str) -> None:
        """From now on what is sent under `key` comes in."""
        await self.queue.bind(self.exchange, key)

    async def next(self, seconds: float = 10) -> AbstractIncomingMessage:
        """The next message, waited for. A question that is on its way is never cut off: that closes the channel."""
        until = asyncio.get_running_loop().time() + seconds
        while (found := await self.queue.get(no_ack=True, fail=False)) is None:
            if asyncio.get_running_loop().time() > until:
                raise TimeoutError("no message came")
            await asyncio.sleep(0.02)
        return found

    async def all(self) -> list[AbstractIncomingMessage]:
        """What is in it now."""
        found = []
        while (one := await self.queue.get(no_ack=True, fail=False)) is not None:
            found.append(one)
        return found


@asynccontextmanager
async def inbox(url: str, *keys: str, **arguments: Any) -> AsyncIterator[Inbox]:
    """A queue of this test alone, on an exchange of its own, bound to `keys`."""
    connection = await aio_pika.connect(url)
    async with connection:
        channel = await connection.channel()
        exchange = await channel.declare_exchange(
            f"payerbots-test-{secrets.token_hex(6)}", aio_pika.ExchangeType.TOPIC, durable=True
        )
        queue = await channel.declare_queue(exclusive=True, arguments=arguments)
        found = Inbox(channel, exchange.name, queue)
        for key in keys:
            await found.bind(key)
        try:
            yield found
        finally:
            await queue.delete(if_unused=False, if_empty=False)
            await exchange.delete()
