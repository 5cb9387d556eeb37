"""The relay and a real broker: down, deaf, cut off, full, unbound; every message arrives at least once, in order."""

import asyncio
import json
import os
from collections import Counter
from collections.abc import Awaitable, Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from django.db import connections

from payerbots.delivery import amqp
from payerbots.delivery.amqp import Broker, NoBroker
from payerbots.delivery.relay import Relay
from payerbots.engine.database import Database
from payerbots.ledger import outbox
from payerbots.ledger.models import Message, Notice
from payerbots.ledger.records import Ledger
from payerbots.ledger.setup import connect
from tests.brokers import Inbox, Wire, broker_url, inbox
from tests.ledger.desk import DONE, KEYS, Clock, Desk, new_item
from tests.ledger.test_outbox import QUEUE, again, ending
from tests.support import LoopThread

KEY = "eligibility.done"
MESSAGES = int(os.environ.get("PAYERBOTS_SOAK_MESSAGES", "120"))


@dataclass
class Hall:
    """A ledger with an outbox, and a relay over a wire to the broker."""

    desk: Desk
    url: str
    database: Database
    _wire: Wire | None = None

    @property
    def wire(self) -> Wire:
        assert self._wire is not None
        return self._wire

    def relay(self, exchange: str) -> Relay:
        return Relay(self.desk.ledger, self.database, Broker(self.wire.url, exchange), [QUEUE], 0.001, 0.02)

    def fill(self, items: int, attempts: int = 1, first: int = 1) -> None:
        """Items with a message for each attempt."""
        self.desk.fill(*[new_item(place) for place in range(first, first + items)])
        claims = [self.desk.claimed() for _ in range(items)]
        for attempt in range(attempts):
            for claim in claims:
                self.desk.finish(claim, ending())
            if attempt + 1 < attempts:
                claims = [again(self.desk, claim) for claim in claims]


@pytest.fixture
def hall(tmp_path: Path) -> Iterator[Hall]:
    url = broker_url()
    connect(tmp_path)
    wire, database = Wire(url), Database()
    yield Hall(Desk(Ledger(KEYS), Clock(), tmp_path), url, database, wire)
    wire.close()
    database.close()
    connections.close_all()


Story = Callable[[Hall, Inbox, Relay], Awaitable[None]]


def told(hall: Hall, loop: LoopThread, story: Story, *keys: str, **queue: Any) -> None:
    """Lets a story happen on the event loop, between a relay and an inbox."""

    async def go() -> None:
        async with inbox(hall.url, *keys, **queue) as box:
            relay = hall.relay(box.exchange)
            try:
                await story(hall, box, relay)
            finally:
                await relay.close()

    loop.run(go())


async def until(hall: Hall, condition: Callable[[], bool], seconds: float = 20) -> None:
    """Waits for something to be true of the ledger."""
    async with asyncio.timeout(seconds):
        while not await hall.database(condition):  # noqa: ASYNC110 - the ledger has no event
            await asyncio.sleep(0.02)


def all_done() -> bool:
    return not Message.objects.exclude(state="done").exists()


def test_a_message_arrives_as_json_with_its_id(hall: Hall, loop_thread: LoopThread) -> None:
    async def story(hall: Hall, box: Inbox, relay: Relay) -> None:  # noqa: ARG001 - a story's shape
        assert await relay.once() == 1
        message = await box.next()
        assert json.loads(message.body) == {"name": "Canary-Reyes"}
        assert (message.content_type, message.type, message.app_id) == (
            "application/json",
            QUEUE,
            "payerbots",
        )
        assert message.delivery_mode == 2

    hall.fill(1)
    told(hall, loop_thread, story, KEY)
    assert all_done()


def test_messages_of_an_item_arrive_in_order(hall: Hall, loop_thread: LoopThread) -> None:
    async def story(hall: Hall, box: Inbox, relay: Relay) -> None:  # noqa: ARG001 - a story's shape
        assert await relay.drain(20) == 0
        ids = [message.message_id or "" for message in await box.all()]
        assert len(ids) == 12
        for item in {one.split("-")[0] for one in ids}:
            attempts = [int(one.split("-")[1]) for one in ids if one.startswith(f"{item}-")]
            assert attempts == sorted(attempts)

    hall.fill(4, attempts=3)
    told(hall, loop_thread, story, KEY)


def test_without_a_broker_messages_wait_and_go_when_it_is_there(hall: Hall, loop_thread: LoopThread) -> None:
    async def story(hall: Hall, box: Inbox, relay: Relay) -> None:
        hall.wire.cut()
        with pytest.raises(NoBroker):
            await relay.once()
        assert await relay.drain(5) == 3
        running = asyncio.create_task(relay.run())
        hall.wire.mend()
        await until(hall, all_done)
        running.cancel()
        assert len(await box.all()) == 3

    hall.fill(3)
    told(hall, loop_thread, story, KEY)


def test_cut_between_publish_and_confirm_it_comes_again_under_the_same_id(
    hall: Hall, loop_thread: LoopThread
) -> None:
    async def story(hall: Hall, box: Inbox, relay: Relay) -> None:
        await relay.broker.ready()
        hall.wire.deaf = True
        sending = asyncio.create_task(relay.once())
        first = await box.next()
        hall.wire.cut()
        with pytest.raises(NoBroker):
            await sending
        assert (await hall.database(outbox.levels))[0].stuck == {"unconfirmed": 1}
        hall.wire.mend()
        assert await relay.once() == 1
        again = await box.next()
        assert again.message_id == first.message_id
        assert again.body == first.body

    hall.fill(1)
    told(hall, loop_thread, story, KEY)
    assert all_done()


def test_what_is_bound_to_no_queue_is_kept_reported_and_sent_later(
    hall: Hall, loop_thread: LoopThread
) -> None:
    async def story(hall: Hall, box: Inbox, relay: Relay) -> None:
        assert await relay.once() == 0
        assert (await hall.database(outbox.levels))[0].stuck == {"returned": 2}
        await box.bind(KEY)
        await hall.database(outbox.hurry, QUEUE)
        assert await relay.once() == 2
        assert len(await box.all()) == 2

    hall.fill(2)
    told(hall, loop_thread, story)
    assert Notice.objects.get().kind == "queue"


def test_what_a_full_queue_refuses_is_kept_reported_and_sent_later(
    hall: Hall, loop_thread: LoopThread
) -> None:
    async def story(hall: Hall, box: Inbox, relay: Relay) -> None:
        assert await relay.once() == 1
        assert (await hall.database(outbox.levels))[0].stuck == {"refused": 2}
        ids = {(await box.next()).message_id}
        for _ in range(2):
            await hall.database(outbox.hurry, QUEUE)
            assert await relay.once() == 1
            ids.add((await box.next()).message_id)
        assert len(ids) == 3

    hall.fill(3)
    told(hall, loop_thread, story, KEY, **{"x-max-length": 1, "x-overflow": "reject-publish"})
    assert "takes no more" in Notice.objects.get().message


def test_a_refused_message_holds_back_the_later_ones_of_its_item_only(
    hall: Hall, loop_thread: LoopThread
) -> None:
    async def story(hall: Hall, box: Inbox, relay: Relay) -> None:  # noqa: ARG001 - a story's shape
        assert await relay.once() == 0
        await box.bind(KEY)
        assert await relay.once() == 0, "the first of each waits, and the second behind it"

    hall.fill(2, attempts=2)
    relay_waits = Relay._wait
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Relay, "_wait", lambda self, failures: 3600 + relay_waits(self, failures))
        told(hall, loop_thread, story)


def test_through_cuts_and_deafness_every_message_arrives_in_order(
    hall: Hall, loop_thread: LoopThread
) -> None:
    """The wire is cut again and again while the relay works; repeats carry the same id."""

    async def story(hall: Hall, box: Inbox, relay: Relay) -> None:
        relay.batch = 5
        running = asyncio.create_task(relay.run())
        arrived: list[str] = []
        for turn in range(6):
            arrived.append((await box.next()).message_id or "")
            hall.wire.deaf = turn % 2 == 0
            with suppress(TimeoutError):
                arrived.append((await box.next(0.3)).message_id or "")
            hall.wire.cut()
            hall.wire.mend()
        await until(hall, all_done, 40)
        running.cancel()
        arrived += [message.message_id or "" for message in await box.all()]
        assert set(arrived) == set(await hall.database(_ids))
        for item in {one.split("-")[0] for one in arrived}:
            firsts = list(dict.fromkeys(one for one in arrived if one.startswith(f"{item}-")))
            assert firsts == sorted(firsts, key=lambda one: int(one.split("-")[1]))
        assert max(Counter(arrived).values()) < 8

    hall.fill(MESSAGES // 3, attempts=3)
    told(hall, loop_thread, story, KEY)


def _ids() -> list[str]:
    return list(Message.objects.values_list("message_id", flat=True))


def test_a_relay_that_ends_gives_back_what_it_holds(hall: Hall, loop_thread: LoopThread) -> None:
    async def story(hall: Hall, box: Inbox, relay: Relay) -> None:  # noqa: ARG001 - a story's shape
        await relay.broker.ready()
        hall.wire.deaf = True
        running = asyncio.create_task(relay.run())
        await until(hall, lambda: Message.objects.filter(state="taken").exists())
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)

    hall.fill(1)
    told(hall, loop_thread, story, KEY)
    assert Message.objects.get().state == "waiting"


@pytest.mark.parametrize("trouble", ["deaf", "cut"])
def test_a_connection_that_does_not_answer_is_closed_all_the_same(
    hall: Hall, loop_thread: LoopThread, trouble: str
) -> None:
    """Left half closed it would close itself when it is collected, in a thread without a loop."""

    async def story(hall: Hall, box: Inbox, relay: Relay) -> None:  # noqa: ARG001 - a story's shape
        await relay.broker.ready()
        connection = relay.broker._connection
        assert connection is not None
        if trouble == "deaf":
            hall.wire.deaf = True
        else:
            hall.wire.cut()
        await relay.close()
        assert connection.is_closed

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(amqp, "_CLOSING_SECONDS", 0.2)
        told(hall, loop_thread, story)


def test_the_address_is_never_shown() -> None:
    assert "guest" not in repr(Broker("amqp://guest:Canary@127.0.0.1/", "x"))


def test_a_message_that_nobody_wants_is_not_made(hall: Hall) -> None:
    hall.desk.fill(new_item(1))
    hall.desk.finish(hall.desk.claimed(), DONE)
    assert not Message.objects.exists()
