"""Runs: started, filled once, counted, ended."""

from dataclasses import replace

import pytest

from payerbots.errors import LeaseLost
from payerbots.ledger import items, runs
from payerbots.ledger.models import Item, ItemKind, ItemState, Run, RunItem, RunState
from payerbots.ledger.records import NewItem
from tests.ledger.desk import CANARY, DAY, DONE, LEASE, SECOND, Desk, new_item

BAD_ROW = replace(new_item(7, "bad"), kind=ItemKind.UNREADABLE, portal="", reason="REQUEST_INCOMPLETE")


def test_a_run_begins_with_one_collect_item_for_each_portal(desk: Desk) -> None:
    run = desk.start("summit", "crest")
    found = Item.objects.filter(kind=ItemKind.COLLECT).order_by("pk")
    assert [(row.portal, row.reference) for row in found] == [
        ("summit", f"collect:{run}:summit"),
        ("crest", f"collect:{run}:crest"),
    ]
    assert desk.audited() == [("ana", "run started")]


def test_a_run_keeps_its_options(desk: Desk) -> None:
    view = runs.look(desk.ledger, desk.start())
    assert (view.bot, view.day, view.state) == ("eligibility", DAY, "running")
    assert view.options == b'{"input": "Canary.xlsx"}'
    assert "Canary" not in repr(view)


def test_a_collect_item_knows_its_run(desk: Desk) -> None:
    run = desk.start()
    claim = desk.claimed(portal="")
    assert (claim.kind, claim.request) == ("collect", str(run).encode())


def test_what_was_collected_becomes_items_and_the_collecting_ends(desk: Desk) -> None:
    run = desk.start()
    assert desk.collect(run, new_item(1), new_item(2)) == 2
    assert runs.look(desk.ledger, run).counts == {"new": 2}


def test_a_run_counts_the_collecting_that_is_not_over(desk: Desk) -> None:
    run = desk.start()
    assert runs.look(desk.ledger, run).counts == {"new": 1}
    desk.claimed(portal="")
    assert runs.look(desk.ledger, run).counts == {"running": 1}


def test_a_run_whose_number_begins_another_does_not_count_its_collecting(desk: Desk) -> None:
    numbers = [desk.start() for _ in range(11)]
    assert str(numbers[-1]).startswith(str(numbers[0]))
    assert runs.look(desk.ledger, numbers[0]).counts == {"new": 1}


def test_collecting_nothing_ends_too(desk: Desk) -> None:
    run = desk.start()
    assert desk.collect(run) == 0
    assert runs.look(desk.ledger, run).counts == {}


def test_an_item_keeps_what_was_asked_sealed(desk: Desk) -> None:
    desk.fill(new_item(1))
    row = Item.objects.get(kind=ItemKind.WORK)
    assert desk.ledger.keys.unseal(row.request_sealed) == CANARY
    assert b"Canary" not in desk.bytes_on_disk()


def test_a_row_that_cannot_be_read_is_an_exception_at_once(desk: Desk) -> None:
    desk.fill(BAD_ROW)
    row = Item.objects.get(kind=ItemKind.UNREADABLE)
    assert (row.state, row.reason, row.finished_at) == ("exception", "REQUEST_INCOMPLETE", desk.clock.now)
    assert desk.claim(portal="") is None


def test_collecting_the_same_again_adds_nothing(desk: Desk) -> None:
    run = desk.start("vale", "crest")
    wanted = (new_item(1), new_item(2), BAD_ROW)
    assert [desk.collect(run, *wanted, portal=portal) for portal in ("vale", "crest")] == [3, 0]
    assert RunItem.objects.filter(run=run).count() == 3


def test_collecting_again_after_the_worker_was_lost_adds_it_once(desk: Desk) -> None:
    run = desk.start()
    lost = desk.claimed("w1", portal="")
    desk.clock.forward(LEASE + SECOND)
    items.take_back_expired(desk.ledger)
    assert desk.collect(run, new_item(1)) == 1
    with pytest.raises(LeaseLost):
        runs.add_items(desk.ledger, lost, run, [new_item(1), new_item(2)])
    assert runs.look(desk.ledger, run).counts == {"new": 1}


def test_the_same_reference_in_two_runs_is_one_item(desk: Desk) -> None:
    first = desk.fill(new_item(5, "same"))
    second = desk.fill(new_item(8, "same"), new_item(9, "other"))
    assert Item.objects.filter(kind=ItemKind.WORK).count() == 2
    assert desk.places(first)[5] == desk.places(second)[8]


def test_an_item_that_was_answered_stays_answered_when_it_is_asked_again(desk: Desk) -> None:
    desk.fill(new_item(1, "same"))
    desk.finish(desk.claimed())
    again = desk.fill(new_item(1, "same"))
    assert runs.look(desk.ledger, again).counts == {"done": 1}
    assert desk.claim() is None


def test_the_same_reference_at_two_places_is_one_item_asked_twice(desk: Desk) -> None:
    run = desk.start()
    assert desk.collect(run, new_item(5, "same"), new_item(6, "same")) == 1
    places = desk.places(run)
    assert places[5] == places[6]


def test_an_item_asked_at_two_places_counts_once(desk: Desk) -> None:
    run = desk.fill(new_item(5, "same"), new_item(6, "same"), new_item(7))
    assert runs.look(desk.ledger, run).counts == {"new": 2}


def test_the_same_reference_of_another_bot_is_another_item(desk: Desk) -> None:
    desk.fill(new_item(1, "same"))
    Item.objects.filter(reference="same").update(bot="remittance")
    run = desk.start()
    assert desk.collect(run, new_item(1, "same")) == 1


def test_more_items_than_fit_one_statement_are_all_added(desk: Desk) -> None:
    run = desk.start()
    assert desk.collect(run, *(new_item(place) for place in range(1201))) == 1201
    assert RunItem.objects.filter(run=run).count() == 1201


@pytest.mark.parametrize("at", [0, 600], ids=["in the first chunk", "in a later chunk"])
def test_a_failure_leaves_neither_items_nor_an_ended_collecting(at: int, desk: Desk) -> None:
    run = desk.start()
    wanted: list[NewItem] = [new_item(place) for place in range(700)]
    wanted[at] = replace(wanted[at], request=None)  # type: ignore[arg-type]  # that is the failure
    claim = desk.claimed(portal="")
    with pytest.raises(TypeError):
        runs.add_items(desk.ledger, claim, run, wanted)
    assert Item.objects.filter(kind=ItemKind.WORK).count() == 0
    assert RunItem.objects.count() == 0
    assert desk.item(claim).state == "running"


def test_a_collecting_whose_lease_was_lost_adds_nothing(desk: Desk) -> None:
    run = desk.start()
    claim = desk.claimed(portal="")
    items.release(desk.ledger, "w1", "given back")
    with pytest.raises(LeaseLost):
        runs.add_items(desk.ledger, claim, run, [new_item(1)])
    assert runs.look(desk.ledger, run).counts == {"new": 1}
    assert RunItem.objects.count() == 0


def test_items_of_a_run_are_counted_by_state(desk: Desk) -> None:
    run = desk.fill(new_item(1), new_item(2), new_item(3), BAD_ROW)
    desk.finish(desk.claimed(), DONE)
    desk.claimed()
    assert runs.look(desk.ledger, run).counts == {
        ItemState.DONE: 1,
        ItemState.RUNNING: 1,
        ItemState.NEW: 1,
        ItemState.EXCEPTION: 1,
    }


def test_a_run_ends_and_that_is_audited(desk: Desk) -> None:
    run = desk.start()
    desk.clock.forward(SECOND)
    runs.end(desk.ledger, run, RunState.HELD, "worker")
    row = Run.objects.get(pk=run)
    assert (row.state, row.finished_at) == ("held", desk.clock.now)
    assert desk.audited()[-1] == ("worker", "run ended")


def test_a_run_that_ends_leaves_no_collect_item_open(desk: Desk) -> None:
    run, other = desk.start(), desk.start()
    runs.end(desk.ledger, run, RunState.INTERRUPTED, "ana")
    states = dict(Item.objects.values_list("reference", "state"))
    assert states == {f"collect:{run}:": "cancelled", f"collect:{other}:": "new"}


def test_what_two_portals_list_at_one_place_stands_in_the_run_both(desk: Desk) -> None:
    run = desk.start("vale", "crest")
    desk.collect(run, new_item(1, "one"), new_item(2, "two"), portal="vale")
    desk.collect(run, new_item(1, "three"), portal="crest")
    assert RunItem.objects.filter(run=run).count() == 3
    assert Item.objects.filter(asked_by__run=run).count() == 3
