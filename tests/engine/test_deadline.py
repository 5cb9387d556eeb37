"""At its deadline a run delivers what there is; its priority and due time are its items'; messages reach the bot."""

import json
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from payerbots.browser.chromium import Chromium
from payerbots.engine import bots
from payerbots.engine.database import Database
from payerbots.engine.jobs import context_of
from payerbots.engine.keeping import Keeper
from payerbots.engine.seat import Tools
from payerbots.errors import ConfigError
from payerbots.ledger import runs
from payerbots.ledger.models import Item, ItemState, Notice, Run
from payerbots.ledger.records import Ledger
from tests.engine import cashroom
from tests.engine.cashroom import BANK, PAYERS, Cashroom
from tests.support import LoopThread


@pytest.fixture
def room(tmp_path: Path, loop_thread: LoopThread) -> Iterator[Cashroom]:
    with cashroom.opened(tmp_path / "office", loop_thread, (*PAYERS, BANK), "") as found:
        yield found


def left(room: Cashroom) -> int:
    """A run that is left to workers, and whose deadline is over."""
    number = room.loop.run(room.runner().leave(room.order(input=room.put("one"))))
    Run.objects.update(deadline_at=Ledger(room.workspace.keys).now() - timedelta(seconds=1))
    return number


def keeper(room: Cashroom, number: int) -> Keeper:
    ledger = Ledger(room.workspace.keys)
    tools = Tools(room.workspace, ledger, Database(), Chromium())
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
