"""At its deadline a run delivers what there is; its priority and due time are its items'; messages reach the bot."""

import asyncio
import json
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from payerbots.browser.chromium import Chromium
from payerbots.engine import bots
from payerbots.engine.database import Database
from payerbots.engine.jobs import Collect, Work, context_of
from payerbots.engine.keeping import Keeper
from payerbots.engine.seat import NoSession, Seat, Tools
from payerbots.errors import ConfigError
from payerbots.ledger import claims, runs
from payerbots.ledger.claims import Search
from payerbots.ledger.models import Item, ItemState, Notice, Run
from payerbots.ledger.records import Claim, Ending, Ledger
from tests.engine import cashroom
from tests.engine.cashroom import BANK, PAYERS, Cashroom
from tests.support import LoopThread

SEARCH = Search(owner="w1", bots=["cash"], portal="", lease=timedelta(minutes=1))


@pytest.fixture
def room(tmp_path: Path, loop_thread: LoopThread) -> Iterator[Cashroom]:
    with cashroom.opened(tmp_path / "office", loop_thread, (*PAYERS, BANK), "") as found:
        yield found


def left(room: Cashroom) -> int:
    """A run that is left to workers, and whose deadline is over."""
    number = room.loop.run(room.runner().leave(room.order(input=room.put("one"))))
    Run.objects.update(deadline_at=Ledger(room.workspace.keys).now() - timedelta(seconds=1))
    return number


def tools_of(room: Cashroom) -> Tools:
    return Tools(room.workspace, Ledger(room.workspace.keys), Database(), Chromium())


def keeper(room: Cashroom, number: int) -> Keeper:
    ledger, tools = Ledger(room.workspace.keys), tools_of(room)
    view = runs.look(ledger, number)
    context = context_of(room.workspace, number, view.day, view.options)
    return Keeper(tools, bots.load(room.workspace, "cash"), context, "w1")


def test_what_is_there_is_delivered_and_the_rest_goes_on(room: Cashroom) -> None:
    number = left(room)
    runs.collecting(number).update(state=ItemState.DONE)
    asked = _item(room, number)
    room.loop.run(_keep(keeper(room, number)))
    assert Run.objects.get(pk=number).state == "held"
    assert Item.objects.get(pk=asked).state == "new"
    (notice,) = Notice.objects.filter(kind="deadline")
    assert notice.message == f"run {number} (cash) delivered at its deadline; 1 of its items go on"
    assert runs.delivered(Ledger(room.workspace.keys), number) == {
        "payments": str(room.folder / "out/payments.txt")
    }


def test_a_run_that_did_not_even_collect_fails(room: Cashroom) -> None:
    number = left(room)
    with pytest.raises(ConfigError, match="by its deadline it was not known what there is to do"):
        room.loop.run(keeper(room, number).until_done())


class Endless:
    """A job that never ends by itself."""

    seconds = 0.01

    async def __call__(self, claim: Claim, visit: Any) -> Ending:  # noqa: ARG002 - the contract's
        await asyncio.Event().wait()
        raise AssertionError("unreachable")


def test_an_attempt_ends_at_the_deadline_of_its_job(room: Cashroom) -> None:
    left(room)
    claim = claims.claim(Ledger(room.workspace.keys), SEARCH)
    assert claim is not None
    ending = room.loop.run(Seat(tools_of(room), "", NoSession()).attempt(Endless(), claim))
    assert (ending.state, ending.error) == ("waiting", "TookTooLong")


def test_what_there_is_to_do_may_take_longer_to_find_than_any_item(room: Cashroom) -> None:
    tools, bot = tools_of(room), bots.load(room.workspace, "cash")
    settings = tools.settings
    assert Collect(tools, bot).seconds == settings.collect_seconds > settings.item_seconds
    assert Work(tools, bot).seconds == settings.item_seconds


async def _keep(keeper: Keeper) -> None:
    await keeper.until_done()
    await keeper.deliver()


def _item(room: Cashroom, number: int) -> int:
    ledger = Ledger(room.workspace.keys)
    now = ledger.now()
    item = Item.objects.create(
        bot="cash", reference="one", portal=BANK, request_sealed=ledger.keys.seal(b'"one"'), created_at=now,
        updated_at=now,
    )  # fmt: skip
    item.asked_by.create(run_id=number, place=1)
    return item.pk


def test_priority_and_due_time_of_a_run_are_told_to_its_bot(room: Cashroom) -> None:
    told = {"input": None, "out": "out", "priority": 7, "due": "2026-11-23T13:00:00+00:00"}
    context = context_of(room.workspace, 1, room.workspace.today, json.dumps(told).encode())
    assert context.priority == 7
    assert context.due is not None
    assert context.due.isoformat() == "2026-11-23T13:00:00+00:00"
