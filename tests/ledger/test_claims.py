"""Claiming within slots, rates and standings, on both databases."""

from datetime import timedelta
from typing import Any

import pytest

from payerbots.ledger import items, portals, slots
from payerbots.ledger.claims import Pace, first_ready
from payerbots.ledger.models import NEVER, Item, PortalPace
from payerbots.ledger.records import LONGEST_LEASE, Claim
from payerbots.ledger.slots import Slot
from tests.ledger.desk import BOT, LEASE, PORTAL, SECOND, Desk, new_item, search

SLOT = Slot(PORTAL, "bot1", 1)
MINUTE = timedelta(minutes=1)
EVERY_MINUTE = Pace(MINUTE)
BURST_OF_3 = Pace(MINUTE, 2 * MINUTE)


def claim(desk: Desk, owner: str = "w1", **values: Any) -> Claim | None:
    return items.claim(desk.ledger, search(owner, **values))


def rows(desk: Desk, count: int) -> None:
    desk.fill(*(new_item(place) for place in range(count)))


def test_with_a_slot_only_its_holder_claims(desk: Desk) -> None:
    rows(desk, 1)
    assert claim(desk, slot=SLOT) is None
    slots.take(desk.ledger, SLOT, "w2", LEASE)
    assert claim(desk, slot=SLOT) is None
    assert claim(desk, "w2", slot=SLOT) is not None


def test_a_slot_whose_lease_is_over_holds_nothing(desk: Desk) -> None:
    rows(desk, 1)
    slots.take(desk.ledger, SLOT, "w1", LEASE)
    desk.clock.forward(LEASE)
    assert claim(desk, slot=SLOT) is None


def test_a_rate_holds_for_all_workers_together(desk: Desk) -> None:
    rows(desk, 4)
    assert claim(desk, "w1", pace=EVERY_MINUTE) is not None
    assert claim(desk, "w2", pace=EVERY_MINUTE) is None
    desk.clock.forward(MINUTE - SECOND)
    assert claim(desk, "w2", pace=EVERY_MINUTE) is None
    desk.clock.forward(SECOND)
    assert claim(desk, "w2", pace=EVERY_MINUTE) is not None
    assert claim(desk, "w1", pace=EVERY_MINUTE) is None


def test_a_burst_is_as_long_as_it_may_be_and_no_longer_after_a_long_rest(desk: Desk) -> None:
    rows(desk, 12)
    assert [claim(desk, pace=BURST_OF_3) is not None for _ in range(5)] == [True, True, True, False, False]
    desk.clock.forward(timedelta(days=1))
    assert [claim(desk, pace=BURST_OF_3) is not None for _ in range(5)] == [True, True, True, False, False]
    desk.clock.forward(MINUTE)
    assert [claim(desk, pace=BURST_OF_3) is not None for _ in range(2)] == [True, False]


def test_a_rate_slower_than_any_lease_holds_too(desk: Desk) -> None:
    rows(desk, 3)
    seldom = Pace(timedelta(hours=3))
    assert claim(desk, pace=seldom) is not None
    desk.clock.forward(timedelta(hours=2))
    assert claim(desk, pace=seldom) is None
    desk.clock.forward(timedelta(hours=1))
    assert claim(desk, pace=seldom) is not None


def test_a_turn_that_a_wrong_clock_wrote_is_not_waited_for(sqlite_desk: Desk) -> None:
    rows(sqlite_desk, 1)
    far = sqlite_desk.clock.now + LONGEST_LEASE + 2 * MINUTE
    PortalPace.objects.create(portal=PORTAL, next_at=far)
    assert claim(sqlite_desk, pace=EVERY_MINUTE) is not None


def test_what_finds_nothing_takes_no_turn(desk: Desk) -> None:
    assert claim(desk, pace=EVERY_MINUTE) is None
    rows(desk, 1)
    assert claim(desk, pace=EVERY_MINUTE) is not None


def test_nobody_claims_at_a_portal_that_is_stopped_or_paused(desk: Desk) -> None:
    rows(desk, 1)
    portals.rest(desk.ledger, PORTAL, "ana", None)
    assert claim(desk) is None
    portals.resume(desk.ledger, PORTAL, "ana")
    portals.stop(desk.ledger, PORTAL, "CAPTCHA", "asked")
    assert claim(desk) is None
    portals.resume(desk.ledger, PORTAL, "ana")
    assert claim(desk) is not None


def test_after_a_pause_only_the_one_who_probes_claims(desk: Desk) -> None:
    rows(desk, 2)
    portals.pause(desk.ledger, PORTAL, "PAYER_TRY_LATER", "busy", (MINUTE, MINUTE))
    assert not portals.may_probe(desk.ledger, PORTAL, "w1", LEASE)
    desk.clock.forward(MINUTE)
    assert claim(desk, "w1") is None
    assert portals.may_probe(desk.ledger, PORTAL, "w1", LEASE)
    assert not portals.may_probe(desk.ledger, PORTAL, "w2", LEASE)
    assert claim(desk, "w2") is None
    assert claim(desk, "w1") is not None
    portals.answered(desk.ledger, PORTAL)
    assert claim(desk, "w2") is not None


def test_who_probes_and_is_gone_leaves_the_probe_to_another(desk: Desk) -> None:
    portals.pause(desk.ledger, PORTAL, "PAYER_TRY_LATER", "busy", (MINUTE, MINUTE))
    desk.clock.forward(MINUTE)
    assert portals.may_probe(desk.ledger, PORTAL, "w1", LEASE)
    desk.clock.forward(LEASE)
    assert portals.may_probe(desk.ledger, PORTAL, "w2", LEASE)


def test_a_claim_can_be_kept_to_one_run_and_its_collect_item(desk: Desk) -> None:
    first, *_ = [desk.start() for _ in range(12)]
    twelfth = first + 11
    assert claim(desk, run=first + 99, portal="") is None
    found = claim(desk, run=first, portal="")
    assert found is not None
    assert found.request == str(first).encode()
    assert claim(desk, run=first, portal="") is None
    found = claim(desk, run=twelfth, portal="")
    assert found is not None
    assert found.request == str(twelfth).encode()


def test_items_of_another_run_are_left_alone(desk: Desk) -> None:
    first = desk.fill(new_item(1))
    second = desk.fill(new_item(2))
    found = claim(desk, run=second)
    assert found is not None
    assert Item.objects.get(pk=found.item).reference == "reference-2"
    assert claim(desk, run=second) is None
    assert claim(desk, run=first) is not None


def test_what_is_not_to_be_done_before_a_time_waits_for_it(desk: Desk) -> None:
    desk.fill(new_item(1, not_before=desk.clock.now + MINUTE))
    assert Item.objects.get(kind="work").state == "waiting"
    assert claim(desk) is None
    desk.clock.forward(MINUTE)
    assert claim(desk) is not None


def test_what_is_asked_for_keeps_its_priority_due_time_and_amount(desk: Desk) -> None:
    due = desk.clock.now + MINUTE
    desk.fill(new_item(1), new_item(2, due_at=due), new_item(3, priority=2, amount="12.30"))
    found = Item.objects.filter(kind="work").order_by("pk").values_list("priority", "due_at", "amount")
    assert [(one, at, str(money)) for one, at, money in found] == [
        (0, NEVER, "None"),
        (0, due, "None"),
        (2, NEVER, "12.30"),
    ]
    assert [claimed.item for claimed in iter(lambda: claim(desk), None)] == [
        Item.objects.get(reference=f"reference-{place}").pk for place in (3, 2, 1)
    ]


def test_the_most_urgent_portal_is_named_first(desk: Desk) -> None:
    desk.fill(
        new_item(1, portal="a"),
        new_item(2, portal="b", priority=1),
        new_item(3, portal="c", due_at=desk.clock.now),
        new_item(4, portal="d", not_before=desk.clock.now + MINUTE),
    )
    wanted = [search(portal=name) for name in "abcde"]
    assert [one.portal for one in first_ready(desk.ledger, wanted)] == ["b", "c", "a"]
    assert not Item.objects.filter(state="running", kind="work").exists()


@pytest.mark.parametrize("bots", [[], ["remittance"], ["x", "y"]], ids=["none", "another", "others"])
def test_items_of_other_bots_are_left_alone(desk: Desk, bots: list[str]) -> None:
    rows(desk, 1)
    assert claim(desk, bots=bots) is None
    assert claim(desk, bots=[*bots, BOT]) is not None
