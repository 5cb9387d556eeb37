"""A broker of this test alone, stopped and started again while the relay works: nothing is lost."""

import asyncio
import os
import random
import socket
import subprocess
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import aio_pika
import pytest
from django.db import connections

from payerbots.delivery.amqp import Broker
from payerbots.delivery.relay import Relay
from payerbots.engine.database import Database
from payerbots.ledger.models import Message
from payerbots.ledger.records import Ledger
from payerbots.ledger.setup import connect
from tests.delivery.test_relay import Hall, all_done, until
from tests.ledger.desk import KEYS, Clock, Desk
from tests.ledger.test_outbox import QUEUE
from tests.support import ROOT, LoopThread

SCRIPT = ROOT / "scripts" / "services.d" / "rabbitmq.sh"


class OwnBroker:
    """RabbitMQ in a folder and at ports of its own."""

    def __init__(self, folder: Path) -> None:
        self.port = _free_port()
        self.url = f"amqp://guest:guest@127.0.0.1:{self.port}/"
        self._environment = {
            "PAYERBOTS_RABBITMQ_HOME": str(folder),
            "PAYERBOTS_RABBITMQ_PORT": str(self.port),
        }

    def start(self) -> None:
        self._run()

    def stop(self) -> None:
        self._run("stop")

    def _run(self, *words: str) -> None:
        environment = {**os.environ, **self._environment}
        subprocess.run(
            ["/bin/sh", str(SCRIPT), *words], env=environment, check=True, timeout=120, capture_output=True
        )


def _free_port() -> int:
    """One whose neighbours for the distribution are below the ephemeral range's end."""
    for port in random.sample(range(20_000, 27_000), 100):
        with suppress(OSError), socket.create_server(("127.0.0.1", port)):
            return port
    raise OSError("no free port")


@pytest.fixture
def broker(tmp_path: Path) -> Iterator[OwnBroker]:
    if not list(Path("/usr/lib/rabbitmq/lib").glob("rabbitmq_server-*")):
        told = "RabbitMQ is not installed: run `make services`"
        pytest.fail(told) if os.environ.get("PAYERBOTS_REQUIRE_SERVICES") else pytest.skip(told)
    own = OwnBroker(tmp_path / "rabbitmq")
    own.start()
    yield own
    own.stop()


async def queue_of(url: str, exchange: str) -> list[str]:
    """What lies in a durable queue that outlives the broker's restart."""
    async with await aio_pika.connect(url) as connection:
        channel = await connection.channel()
        topic = await channel.declare_exchange(exchange, aio_pika.ExchangeType.TOPIC, durable=True)
        queue = await channel.declare_queue("posting", durable=True)
        await queue.bind(topic, "#")
        found = []
        while (one := await queue.get(no_ack=False, fail=False)) is not None:
            found.append(one.message_id or "")
        return found


@pytest.mark.timeout(300)
def test_a_broker_that_restarts_has_every_message_in_order(
    broker: OwnBroker, tmp_path: Path, loop_thread: LoopThread
) -> None:
    connect(tmp_path)
    database = Database()
    desk = Desk(Ledger(KEYS), Clock(), tmp_path)
    hall = Hall(desk, broker.url, database)
    relay = Relay(desk.ledger, database, Broker(broker.url, "payerbots"), [QUEUE], 0.01, 0.02)

    async def story() -> list[str]:
        await queue_of(broker.url, "payerbots")
        running = asyncio.create_task(relay.run())
        try:
            await database(hall.fill, 3, 2)
            await until(hall, all_done)
            await asyncio.to_thread(broker.stop)
            await database(hall.fill, 3, 2, 4)
            await until(hall, lambda: relay._failures > 0)
            assert not await database(all_done)
            await asyncio.to_thread(broker.start)
            await until(hall, all_done, 60)
        finally:
            running.cancel()
        return await queue_of(broker.url, "payerbots")

    try:
        arrived = loop_thread.run(story(), 250)
        assert set(arrived) == set(Message.objects.values_list("message_id", flat=True))
        for item in {one.split("-")[0] for one in arrived}:
            firsts = list(dict.fromkeys(one for one in arrived if one.startswith(f"{item}-")))
            assert firsts == sorted(firsts)
    finally:
        loop_thread.run(relay.close())
        database.close()
        connections.close_all()
