"""Items: one worker at a time, finished once, given back when a worker cannot go on."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta

import pytest

from payerbots.domain.evidence import Kept
from payerbots.errors import LeaseLost
from payerbots.ledger import items
from payerbots.ledger.models import Attempt, Audit, Evidence, Item, ItemState
from payerbots.ledger.records import Claim, Ending
from tests.ledger.desk import (
    CANARY,
    DONE,
    LEASE,
    RETRY,
    SECOND,
    Desk,
    new_item,
    search,
    with_own_connection,
)

PARKED = Ending(state=ItemState.PARKED, outcome="parked", reason="PORTAL_CHANGED", error="PortalChanged")
BACK = Ending(state=ItemState.NEW, outcome="given back", error="Throttled")
PICTURE = Kept(kind="picture", name="a1.sealed", sha256="0" * 64, size=12)


def _order(desk: Desk) -> list[int]:
    """The places of all items in the order in which they are claimed."""
    taken = []
    while claim := desk.claim():
        taken.append(Item.objects.values_list("asked_by__place", flat=True).get(pk=claim.item))
    return taken


def test_items_are_claimed_in_the_order_of_their_age(desk: Desk) -> None:
    desk.fill(new_item(2), new_item(1), new_item(3))
    assert _order(desk) == [2, 1, 3]


def test_what_is_due_sooner_goes_first_and_what_is_not_due_last(desk: Desk) -> None:
    run = desk.fill(new_item(1), new_item(2), new_item(3))
    places = desk.places(run)
    Item.objects.filter(pk=places[2]).update(due_at=desk.clock.now + 2 * SECOND)
    Item.objects.filter(pk=places[3]).update(due_at=desk.clock.now + SECOND)
    assert _order(desk) == [3, 2, 1]


def test_priority_goes_before_everything(desk: Desk) -> None:
    run = desk.fill(new_item(1), new_item(2), new_item(3))
    places = desk.places(run)
    Item.objects.filter(pk=places[1]).update(due_at=desk.clock.now, priority=-1)
    Item.objects.filter(pk=places[3]).update(priority=5)
    assert _order(desk) == [3, 2, 1]


def test_only_items_of_the_portal_and_of_the_bots_are_claimed(desk: Desk) -> None:
    desk.fill(new_item(1))
    assert desk.claim(portal="crest") is None
    assert desk.claim(portal="") is None
    assert items.claim(desk.ledger, search(bots=["remittance"])) is None


def test_a_claim_brings_the_request_opened(desk: Desk) -> None:
    desk.fill(new_item(1))
    claim = desk.claimed()
    assert (claim.request, claim.attempt, claim.owner, claim.failures) == (CANARY, 1, "w1", ())
    assert "Canary" not in repr(claim)


def test_a_claimed_item_is_leased(desk: Desk) -> None:
    desk.fill(new_item(1))
    row = desk.item(desk.claimed("w1"))
    assert (row.state, row.lease_owner, row.lease_until) == ("running", "w1", desk.clock.now + LEASE)


def test_a_claimed_item_is_nobody_elses(desk: Desk) -> None:
    desk.fill(new_item(1))
    desk.claimed("w1")
    assert desk.claim("w2") is None


def test_two_workers_never_hold_one_item(desk: Desk) -> None:
    desk.fill(*(new_item(place) for place in range(24)))

    def take(owner: str) -> list[int]:
        return [claim.item for claim in iter(lambda: desk.claim(owner), None)]

    with ThreadPoolExecutor(4) as workers:
        taken = workers.map(lambda owner: with_own_connection(lambda: take(owner)), ["w1", "w2", "w3", "w4"])
        everything = [item for some in taken for item in some]
    assert sorted(everything) == sorted(set(everything))
    assert len(everything) == 24


def test_finishing_writes_item_attempt_evidence_and_audit(desk: Desk) -> None:
    desk.fill(new_item(1))
    claim = desk.claimed()
    desk.clock.forward(SECOND)
    ending = Ending(
        state=ItemState.EXCEPTION,
        outcome="exception",
        reason="SAME_SIMILAR",
        also=("AUTH_NEEDED",),
        drift=("home: x (fallback 1)",),
        result=CANARY,
        evidence=(PICTURE,),
    )
    desk.finish(claim, ending)
    row = desk.item(claim)
    assert (row.state, row.reason, row.also) == ("exception", "SAME_SIMILAR", ["AUTH_NEEDED"])
    assert (row.lease_owner, row.lease_until, row.finished_at) == ("", None, desk.clock.now)
    assert row.drift == ["home: x (fallback 1)"]
    assert row.result_sealed is not None
    assert desk.ledger.keys.unseal(row.result_sealed) == CANARY
    attempt = Attempt.objects.get(item=claim.item)
    assert (attempt.outcome, attempt.reason, attempt.ended_at) == (
        "exception",
        "SAME_SIMILAR",
        desk.clock.now,
    )
    kept = Evidence.objects.get(item=claim.item)
    assert (kept.kind, kept.name, kept.attempt) == ("picture", "a1.sealed", 1)
    assert desk.audited()[-1] == ("w1", "exception")


FINAL = [
    ("done", DONE, True),
    ("an exception", Ending(state=ItemState.EXCEPTION, outcome="exception"), True),
    ("parked", PARKED, True),
    ("waiting", RETRY, False),
    ("given back", BACK, False),
]


@pytest.mark.parametrize(("ending", "final"), [row[1:] for row in FINAL], ids=[row[0] for row in FINAL])
def test_only_an_item_that_is_over_has_an_end(ending: Ending, final: bool, desk: Desk) -> None:
    desk.fill(new_item(1))
    claim = desk.claimed()
    desk.finish(claim, ending)
    assert (desk.item(claim).finished_at is not None) is final


def test_a_long_note_is_cut_to_its_column(desk: Desk) -> None:
    desk.fill(new_item(1))
    claim = desk.claimed()
    desk.finish(claim, replace(PARKED, note="x" * 300))
    assert Attempt.objects.get(item=claim.item).note == "x" * 200


def test_what_is_finished_is_not_claimed_again(desk: Desk) -> None:
    desk.fill(new_item(1))
    desk.finish(desk.claimed())
    assert desk.claim() is None


def test_a_waiting_item_is_claimed_when_its_wait_is_over(desk: Desk) -> None:
    desk.fill(new_item(1))
    desk.finish(desk.claimed(), RETRY)
    assert desk.claim() is None
    desk.clock.forward(SECOND)
    assert desk.claimed().attempt == 2


def test_a_wait_of_nothing_is_over_at_once(desk: Desk) -> None:
    desk.fill(new_item(1))
    desk.finish(desk.claimed(), replace(RETRY, wait=timedelta(0)))
    assert desk.claim() is not None


def _lost(desk: Desk) -> Claim:
    """A claim of w1 whose lease was taken over by w2."""
    desk.fill(new_item(1))
    claim = desk.claimed("w1")
    desk.clock.forward(LEASE + SECOND)
    assert items.take_back_expired(desk.ledger) == 1
    desk.claimed("w2")
    return claim


def test_a_worker_that_lost_its_lease_cannot_finish(desk: Desk) -> None:
    claim = _lost(desk)
    with pytest.raises(LeaseLost, match=rf"^item {claim.item}, attempt 1$"):
        desk.finish(claim)


def test_a_refused_finish_writes_nothing(desk: Desk) -> None:
    claim = _lost(desk)
    before = (Audit.objects.count(), Attempt.objects.filter(ended_at__isnull=True).count())
    with pytest.raises(LeaseLost):
        desk.finish(claim, replace(DONE, evidence=(PICTURE,)))
    row = desk.item(claim)
    assert (row.state, row.lease_owner, row.result_sealed) == ("running", "w2", None)
    assert Evidence.objects.count() == 0
    assert (Audit.objects.count(), Attempt.objects.filter(ended_at__isnull=True).count()) == before


def test_the_worker_that_took_over_can_finish(desk: Desk) -> None:
    _lost(desk)
    claim = desk.held_by("w2")
    desk.finish(claim)
    assert desk.item(claim).state == "done"


def test_an_item_that_came_back_to_the_same_worker_is_another_claim(desk: Desk) -> None:
    desk.fill(new_item(1))
    first = desk.claimed("w1")
    items.release(desk.ledger, "w1", "given back")
    desk.claimed("w1")
    with pytest.raises(LeaseLost):
        desk.finish(first)


def test_an_item_is_finished_once(desk: Desk) -> None:
    desk.fill(new_item(1))
    claim = desk.claimed()
    desk.finish(claim)
    with pytest.raises(LeaseLost):
        desk.finish(claim, RETRY)
    assert desk.item(claim).state == "done"


def test_an_ending_that_is_written_again_changes_nothing(desk: Desk) -> None:
    """The answer of the database may be lost after it has written."""
    desk.fill(new_item(1))
    claim = desk.claimed()
    desk.finish(claim)
    before = (desk.item(claim).updated_at, Audit.objects.count())
    desk.clock.forward(SECOND)
    desk.finish(claim)
    assert (desk.item(claim).updated_at, Audit.objects.count()) == before


def test_renewing_prolongs_every_lease_of_the_worker_and_no_other(desk: Desk) -> None:
    desk.fill(new_item(1), new_item(2), new_item(3))
    mine = [desk.claimed("w1"), desk.claimed("w1")]
    other = desk.claimed("w2")
    began = desk.clock.now
    desk.clock.forward(15 * SECOND)
    assert items.renew(desk.ledger, "w1", [claim.item for claim in (*mine, other)], LEASE) == 2
    assert {desk.item(claim).lease_until for claim in mine} == {desk.clock.now + LEASE}
    assert desk.item(other).lease_until == began + LEASE


def test_a_lease_that_is_over_is_not_renewed(desk: Desk) -> None:
    desk.fill(new_item(1))
    claim = desk.claimed("w1")
    desk.clock.forward(LEASE)
    assert items.renew(desk.ledger, "w1", [claim.item], LEASE) == 0
    assert desk.item(claim).lease_until == desk.clock.now


def test_a_renewed_lease_is_not_taken_back(desk: Desk) -> None:
    desk.fill(new_item(1))
    claim = desk.claimed("w1")
    desk.clock.forward(LEASE - SECOND)
    items.renew(desk.ledger, "w1", [claim.item], LEASE)
    desk.clock.forward(LEASE - SECOND)
    assert items.take_back_expired(desk.ledger) == 0


def test_releasing_gives_back_what_the_worker_holds_and_nothing_else(desk: Desk) -> None:
    desk.fill(new_item(1), new_item(2))
    mine, other = desk.claimed("w1"), desk.claimed("w2")
    assert items.release(desk.ledger, "w1", "interrupted") == 1
    assert (desk.item(mine).state, desk.item(mine).lease_owner) == ("new", "")
    assert desk.item(other).state == "running"
    assert Attempt.objects.get(item=mine.item).outcome == "interrupted"


def test_releasing_nothing_is_nothing(desk: Desk) -> None:
    assert items.release(desk.ledger, "w1", "interrupted") == 0


def test_an_expired_item_becomes_new_again(desk: Desk) -> None:
    desk.fill(new_item(1))
    claim = desk.claimed("w1")
    desk.clock.forward(LEASE + SECOND)
    assert items.take_back_expired(desk.ledger) == 1
    assert desk.item(claim).state == "new"
    assert Attempt.objects.get(item=claim.item).outcome == "lost"
    assert desk.audited()[-1] == ("recovery", "lost")


def test_a_lease_that_still_holds_is_left_alone(desk: Desk) -> None:
    desk.fill(new_item(1))
    desk.claimed("w1")
    desk.clock.forward(LEASE - SECOND)
    assert items.take_back_expired(desk.ledger) == 0


def _fail(desk: Desk, ending: Ending) -> None:
    desk.finish(desk.claimed(), ending)
    desk.clock.forward(2 * SECOND)


def test_the_errors_of_earlier_attempts_are_told(desk: Desk) -> None:
    desk.fill(new_item(1))
    _fail(desk, RETRY)
    _fail(desk, replace(RETRY, error="PageFailed"))
    claim = desk.claimed()
    assert claim.failures == ("SessionLost", "PageFailed")
    assert claim.attempt == 3


def _is_lost(desk: Desk) -> None:
    desk.clock.forward(2 * LEASE)
    items.take_back_expired(desk.ledger)


UNCOUNTED: list[tuple[str, Callable[[Desk], object]]] = [
    ("given back by the guard", lambda desk: desk.finish(desk.held_by("w1"), BACK)),
    ("the portal was closed", lambda desk: items.release(desk.ledger, "w1", "given back")),
    ("the run was interrupted", lambda desk: items.release(desk.ledger, "w1", "interrupted")),
    ("the worker was lost", _is_lost),
]


@pytest.mark.parametrize("give_back", [row[1] for row in UNCOUNTED], ids=[row[0] for row in UNCOUNTED])
def test_an_attempt_that_was_not_the_items_fault_is_no_failure(
    give_back: Callable[[Desk], object], desk: Desk
) -> None:
    desk.fill(new_item(1))
    _fail(desk, RETRY)
    desk.claimed("w1")
    give_back(desk)
    assert desk.claimed().failures == ("SessionLost",)


def test_a_correction_begins_without_failures(desk: Desk) -> None:
    desk.fill(new_item(1))
    _fail(desk, RETRY)
    Item.objects.update(revision=2)
    assert desk.claimed().failures == ()


def test_the_failures_of_another_item_do_not_count(desk: Desk) -> None:
    desk.fill(new_item(1), new_item(2))
    desk.finish(desk.claimed(), replace(RETRY, wait=LEASE))
    assert desk.claimed().failures == ()
