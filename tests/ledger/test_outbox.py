"""The outbox, on both databases: written with the outcome, taken in order, handed on at least once."""

import json
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta

import pytest

from payerbots.errors import LeaseLost
from payerbots.ledger import intents, items, outbox
from payerbots.ledger.intents import Act
from payerbots.ledger.models import Item, ItemState, Message, Notice
from payerbots.ledger.outbox import Taken
from payerbots.ledger.records import Claim, Ending, Outgoing
from tests.ledger.desk import DONE, LEASE, PORTAL, RETRY, SECOND, Desk, new_item, with_own_connection

QUEUE, OTHER = "results", "posting"
BODY = b'{"name": "Canary-Reyes"}'
MINUTE = timedelta(minutes=1)


def ending(*queues: str, state: Ending = DONE) -> Ending:
    return replace(state, messages=[Outgoing(name, "eligibility.done", BODY) for name in queues or (QUEUE,)])


def done(desk: Desk, count: int = 1) -> list[Claim]:
    """Items that were done, each with a message."""
    desk.fill(*[new_item(place) for place in range(1, count + 1)])
    claims = [desk.claimed() for _ in range(count)]
    for claim in claims:
        desk.finish(claim, ending())
    return claims


def again(desk: Desk, claim: Claim) -> Claim:
    """The next attempt at an item, as after it was sent back."""
    Item.objects.filter(pk=claim.item).update(state=ItemState.NEW, finished_at=None)
    return desk.claimed()


def take(desk: Desk, owner: str = "c1", most: int = 10, *queues: str) -> list[Taken]:
    return outbox.take(desk.ledger, queues or (QUEUE,), owner, MINUTE, most)


def test_a_message_is_written_with_the_outcome_and_its_body_is_sealed(desk: Desk) -> None:
    (claim,) = done(desk)
    (message,) = take(desk)
    assert (message.message_id, message.body) == (f"{claim.item}-1", BODY)
    assert b"Canary-Reyes" not in desk.bytes_on_disk()


def test_what_comes_too_late_sends_nothing(desk: Desk) -> None:
    desk.fill(new_item(1))
    claim = desk.claimed()
    with pytest.raises(LeaseLost):
        desk.finish(replace(claim, owner="another"), ending())
    assert not Message.objects.exists()


def test_an_outcome_that_is_written_twice_sends_once(desk: Desk) -> None:
    (claim,) = done(desk)
    desk.finish(claim, ending())
    assert Message.objects.count() == 1


def test_an_outcome_that_is_rolled_back_sends_nothing(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    desk.fill(new_item(1))
    claim = desk.claimed()

    def fails(*_: object) -> None:
        raise KeyError

    monkeypatch.setattr(outbox, "write", fails)
    with pytest.raises(KeyError):
        desk.finish(claim, ending())
    assert desk.item(claim).state == "running"


def test_several_queues_get_a_message_each(desk: Desk) -> None:
    desk.fill(new_item(1))
    desk.finish(desk.claimed(), ending(QUEUE, OTHER))
    assert [one.queue for one in take(desk, "c1", 10, QUEUE, OTHER)] == [QUEUE, OTHER]


def test_the_next_message_of_an_item_comes_when_the_one_before_is_done(desk: Desk) -> None:
    (first,) = done(desk)
    desk.finish(again(desk, first), ending())
    (message,) = take(desk)
    assert take(desk, "c2") == []
    assert outbox.handed_on(desk.ledger, "c1", [message.number]) == 1
    (later,) = take(desk, "c2")
    assert later.message_id == f"{first.item}-2"


def test_a_message_whose_taker_is_gone_goes_to_another_under_the_same_id(desk: Desk) -> None:
    done(desk)
    (before,) = take(desk, "lost")
    assert take(desk) == []
    desk.clock.forward(MINUTE + SECOND)
    (after,) = take(desk)
    assert after.message_id == before.message_id
    assert outbox.handed_on(desk.ledger, "lost", [before.number]) == 0
    assert outbox.handed_on(desk.ledger, "c1", [after.number]) == 1
    assert take(desk) == []


def test_what_failed_waits_and_is_hurried(desk: Desk) -> None:
    done(desk)
    (message,) = take(desk)
    outbox.failed(desk.ledger, "c1", message.number, "unconfirmed", MINUTE)
    assert take(desk) == []
    desk.clock.forward(MINUTE + SECOND)
    (message,) = take(desk)
    assert message.tries == 1
    outbox.failed(desk.ledger, "c1", message.number, "returned", MINUTE)
    assert outbox.hurry(QUEUE) == 1
    assert len(take(desk)) == 1


def test_what_the_broker_returned_is_told_once_a_queue_and_day(desk: Desk) -> None:
    done(desk, 2)
    for message in take(desk):
        outbox.failed(desk.ledger, "c1", message.number, "returned", MINUTE)
    (notice,) = Notice.objects.all()
    assert "payerbots queues resend results" in notice.message
    assert outbox.levels()[0].stuck == {"returned": 2}


def test_what_is_given_back_is_there_for_others(desk: Desk) -> None:
    done(desk, 3)
    assert len(take(desk)) == 3
    assert outbox.give_back("c1") == 3
    assert len(take(desk, "c2")) == 3


def test_levels_are_told_by_queue(desk: Desk) -> None:
    done(desk, 4)
    one, two, *_ = take(desk, "c1", 2)
    outbox.handed_on(desk.ledger, "c1", [one.number])
    (level,) = outbox.levels()
    assert (level.waiting, level.taken, level.done, level.stuck) == (2, 1, 1, {})
    assert level.oldest == desk.clock.now
    assert outbox.left([QUEUE]) == 3
    assert two.queue == QUEUE


def test_many_takers_take_each_message_once(desk: Desk) -> None:
    done(desk, 30)
    with ThreadPoolExecutor(4) as pool:
        found = pool.map(
            lambda name: with_own_connection(lambda: take(desk, f"c{name}", 30 if name == 3 else 9)), range(4)
        )
    numbers = [message.number for taken in found for message in taken]
    assert len(numbers) == len(set(numbers))
    numbers += [message.number for message in take(desk, "rest", 30)]
    assert sorted(numbers) == list(Message.objects.order_by("pk").values_list("pk", flat=True))


def test_an_item_that_only_waits_sends_nothing_of_itself(desk: Desk) -> None:
    desk.fill(new_item(1))
    desk.finish(desk.claimed(), RETRY)
    assert not Message.objects.exists()


def test_an_item_that_turns_out_to_be_certain_sends_no_word_of_doubt(desk: Desk) -> None:
    """The confirmation of an earlier try came just before the later one parked the item."""
    desk.fill(new_item(1))
    act, first = Act(PORTAL, "send", "key"), desk.claimed("w1")
    intents.begin(desk.ledger, first, act, "t1", LEASE)
    desk.clock.forward(LEASE + SECOND)
    items.take_back_expired(desk.ledger)
    later = desk.claimed("w2")
    intents.confirm(desk.ledger, first, act, "t1", "C-1")
    parked = Ending(state=ItemState.PARKED, outcome="parked", reason="SENT_UNCERTAIN", error="SentUncertain")
    desk.finish(later, ending(state=parked))
    assert desk.item(later).state == "new"
    assert not Message.objects.exists()


def test_a_body_is_json(desk: Desk) -> None:
    done(desk)
    assert json.loads(take(desk)[0].body) == {"name": "Canary-Reyes"}
