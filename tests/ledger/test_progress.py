"""How far runs have come: totals, rate, time left, sessions, exceptions."""

from datetime import timedelta

from payerbots.ledger import progress, runs, slots
from payerbots.ledger.models import RunState
from payerbots.ledger.records import Ending
from payerbots.ledger.slots import Slot
from tests.ledger.desk import DONE, LEASE, Desk, new_item

NOT_FOUND = Ending(state="exception", outcome="exception", reason="MEMBER_NOT_FOUND")
HALF = timedelta(seconds=30)


def test_a_bar_for_each_bot_and_portal(desk: Desk) -> None:
    desk.fill(new_item(1), new_item(2), new_item(3), new_item(4, portal="harbor"))
    slots.take(desk.ledger, Slot("summit", "bot1", 1), "w1", LEASE)
    desk.clock.forward(HALF)
    desk.finish(desk.claimed(), NOT_FOUND)
    desk.claimed()
    harbor, summit = progress.courses(desk.ledger)
    assert (summit.portal, summit.total, summit.ended, summit.running) == ("summit", 3, 1, 1)
    assert (summit.for_a_person, summit.sessions) == (1, 1)
    assert (harbor.total, harbor.ended, harbor.sessions) == (1, 0, 0)


def test_rate_and_time_left_follow_what_ended_lately(desk: Desk) -> None:
    number = desk.fill(*(new_item(place) for place in range(1, 13)))
    (course,) = progress.courses(desk.ledger, number)
    assert course.time_left is None
    for _ in range(4):
        desk.clock.forward(HALF)
        desk.finish(desk.claimed(), DONE)
    (course,) = progress.courses(desk.ledger, number)
    assert course.per_minute == 2
    assert course.time_left == timedelta(minutes=4)
    desk.clock.forward(timedelta(minutes=10))
    (course,) = progress.courses(desk.ledger, number)
    assert (course.per_minute, course.time_left) == (0, None)


def test_what_is_done_has_nothing_left(desk: Desk) -> None:
    desk.fill(new_item(1))
    desk.finish(desk.claimed(), DONE)
    (course,) = progress.courses(desk.ledger)
    assert course.time_left == timedelta(0)


def test_only_runs_that_go_on_are_shown_unless_one_is_asked_for(desk: Desk) -> None:
    number = desk.fill(new_item(1))
    runs.end(desk.ledger, number, RunState.DONE, "w1")
    assert progress.courses(desk.ledger) == []
    assert len(progress.courses(desk.ledger, number)) == 1


def test_the_last_exceptions_come_first(desk: Desk) -> None:
    desk.fill(*(new_item(place) for place in range(1, 8)))
    for _ in range(7):
        desk.clock.forward(HALF)
        desk.finish(desk.claimed(), NOT_FOUND)
    found = progress.late_exceptions()
    assert [one.item for one in found] == sorted((one.item for one in found), reverse=True)
    assert len(found) == 5
    assert (found[0].reason, found[0].portal) == ("MEMBER_NOT_FOUND", "summit")
