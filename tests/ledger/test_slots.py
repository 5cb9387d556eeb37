"""Session slots: one owner at a time, until the lease ends."""

from datetime import timedelta

from payerbots.ledger import slots
from payerbots.ledger.slots import Slot
from tests.ledger.desk import LEASE, SECOND, Desk

FIRST = Slot("summit", "bot1", 1)


def test_a_slot_has_one_owner_at_a_time(desk: Desk) -> None:
    assert slots.take(desk.ledger, FIRST, "w1", LEASE)
    assert not slots.take(desk.ledger, FIRST, "w2", LEASE)
    assert slots.take(desk.ledger, FIRST, "w1", LEASE)


def test_the_slots_of_a_login_and_its_turn_to_sign_in_are_apart(desk: Desk) -> None:
    assert slots.take(desk.ledger, FIRST, "w1", LEASE)
    assert slots.take(desk.ledger, Slot("summit", "bot1", 2), "w2", LEASE)
    assert slots.take(desk.ledger, FIRST.turn, "w2", LEASE)


def test_a_slot_whose_lease_is_over_can_be_taken(desk: Desk) -> None:
    slots.take(desk.ledger, FIRST, "w1", LEASE)
    desk.clock.forward(LEASE)
    assert slots.take(desk.ledger, FIRST, "w2", LEASE)
    assert not slots.take(desk.ledger, FIRST, "w1", LEASE)


def test_a_renewed_lease_keeps_the_slot(desk: Desk) -> None:
    slots.take(desk.ledger, FIRST, "w1", LEASE)
    desk.clock.forward(LEASE - SECOND)
    assert slots.renew(desk.ledger, "w1", [FIRST], LEASE) == 1
    desk.clock.forward(timedelta(seconds=30))
    assert not slots.take(desk.ledger, FIRST, "w2", LEASE)


def test_a_lease_that_is_over_is_not_renewed(desk: Desk) -> None:
    slots.take(desk.ledger, FIRST, "w1", LEASE)
    desk.clock.forward(LEASE)
    assert slots.renew(desk.ledger, "w1", [FIRST], LEASE) == 0


def test_what_is_given_back_is_free(desk: Desk) -> None:
    slots.take(desk.ledger, FIRST, "w1", LEASE)
    slots.take(desk.ledger, FIRST.turn, "w1", LEASE)
    slots.give_back("w1", FIRST.turn)
    assert slots.take(desk.ledger, FIRST.turn, "w2", LEASE)
    assert not slots.take(desk.ledger, FIRST, "w2", LEASE)
    slots.give_back("w1")
    assert slots.take(desk.ledger, FIRST, "w2", LEASE)
