"""The journal of irreversible acts, on both databases."""

from dataclasses import replace
from datetime import timedelta

import pytest

from payerbots.domain.decisions import Decision
from payerbots.errors import DecisionRefused, LeaseLost
from payerbots.ledger import intents, items
from payerbots.ledger.decide import Ruling, decide
from payerbots.ledger.intents import Act, Former
from payerbots.ledger.models import Audit, Intent, Item, ItemState
from payerbots.ledger.records import Claim, Ending
from tests.ledger.desk import LEASE, PORTAL, SECOND, Desk, new_item

ACT = Act(PORTAL, "resubmit", "a keyed hash")
SETTLE = timedelta(seconds=30)
PARKED = Ending(state=ItemState.PARKED, outcome="parked", reason="SENT_UNCERTAIN", error="SentUncertain")


def former(desk: Desk) -> Former:
    found = intents.former(desk.ledger, ACT, SETTLE)
    assert found is not None
    return found


def begun(desk: Desk) -> Claim:
    desk.fill(new_item(1))
    claim = desk.claimed("w1")
    assert intents.begin(desk.ledger, claim, ACT, "t1", LEASE) == LEASE
    return claim


def taken_over(desk: Desk, owner: str = "w2") -> Claim:
    """The item as another worker has it, after the lease of the first is over."""
    desk.clock.forward(LEASE + SECOND)
    assert items.take_back_expired(desk.ledger) == 1
    return desk.claimed(owner)


def test_nothing_was_ever_meant(desk: Desk) -> None:
    assert intents.former(desk.ledger, ACT, SETTLE) is None


def test_an_intent_prolongs_the_lease_and_closes_with_it(desk: Desk) -> None:
    desk.fill(new_item(1))
    claim = desk.claimed("w1")
    desk.clock.forward(LEASE - SECOND)
    assert intents.begin(desk.ledger, claim, ACT, "t1", LEASE) == LEASE
    assert desk.item(claim).lease_until == desk.clock.now + LEASE
    assert former(desk).act_before == desk.clock.now + LEASE


def test_an_open_intent_is_over_with_the_lease_and_settled_later(desk: Desk) -> None:
    begun(desk)
    found = former(desk)
    assert (found.state, found.over, found.settled, found.wait) == ("open", False, False, LEASE + SETTLE)
    desk.clock.forward(LEASE)
    assert (former(desk).over, former(desk).settled, former(desk).wait) == (True, False, SETTLE)
    desk.clock.forward(SETTLE)
    assert (former(desk).settled, former(desk).wait) == (True, timedelta(0))


def test_begun_again_with_the_same_token_it_is_the_same_try(desk: Desk) -> None:
    claim = begun(desk)
    assert intents.begin(desk.ledger, claim, ACT, "t1", LEASE) == LEASE
    assert Intent.objects.count() == 1


def test_nobody_begins_without_the_lease(desk: Desk) -> None:
    desk.fill(new_item(1))
    claim = desk.claimed("w1")
    for wrong in (replace(claim, owner="w2"), replace(claim, attempt=2)):
        with pytest.raises(LeaseLost):
            intents.begin(desk.ledger, wrong, ACT, "t1", LEASE)
    desk.clock.forward(LEASE)
    with pytest.raises(LeaseLost):
        intents.begin(desk.ledger, claim, ACT, "t1", LEASE)
    assert not Intent.objects.exists()


def test_what_another_try_has_open_or_done_is_not_begun(desk: Desk) -> None:
    first = begun(desk)
    second = taken_over(desk)
    with pytest.raises(LeaseLost, match="resubmit is another's"):
        intents.begin(desk.ledger, second, ACT, "t2", LEASE)
    assert intents.confirm(desk.ledger, first, ACT, "t1", "C-1")
    with pytest.raises(LeaseLost, match="resubmit is another's"):
        intents.begin(desk.ledger, second, ACT, "t2", LEASE)
    assert (former(desk).state, former(desk).confirmation) == ("done", "C-1")


def test_what_was_not_found_can_be_meant_again_and_the_first_try_counts_no_more(desk: Desk) -> None:
    first = begun(desk)
    second = taken_over(desk)
    assert intents.found_absent(desk.ledger, second, ACT, "t1")
    intents.begin(desk.ledger, second, ACT, "t2", LEASE)
    assert not intents.confirm(desk.ledger, first, ACT, "t1", "C-1")
    assert (former(desk).state, former(desk).token) == ("open", "t2")
    assert intents.confirm(desk.ledger, second, ACT, "t2", "C-2")
    assert former(desk).confirmation == "C-2"


def test_a_confirmation_counts_after_the_lease_and_is_written_once(desk: Desk) -> None:
    claim = begun(desk)
    taken_over(desk)
    assert intents.confirm(desk.ledger, claim, ACT, "t1", "C-1")
    assert intents.confirm(desk.ledger, claim, ACT, "t1", "C-1")
    assert Audit.objects.filter(action="act confirmed").count() == 1


def test_a_late_confirmation_frees_an_item_that_was_parked_as_uncertain(desk: Desk) -> None:
    claim = begun(desk)
    desk.finish(taken_over(desk), PARKED)
    intents.confirm(desk.ledger, claim, ACT, "t1", "C-1")
    assert desk.item(claim).state == "new"
    assert Audit.objects.filter(action="no longer uncertain").exists()


def test_a_confirmation_just_before_the_parking_frees_the_item_too(desk: Desk) -> None:
    first = begun(desk)
    later = taken_over(desk)
    assert intents.confirm(desk.ledger, first, ACT, "t1", "C-1")
    desk.finish(later, PARKED)
    assert desk.item(first).state == "new"
    assert Audit.objects.filter(action="no longer uncertain").count() == 1


def test_a_confirmation_of_before_frees_nothing(desk: Desk) -> None:
    """Another item's act is the uncertain one; this item's own was confirmed in an earlier attempt."""
    first = begun(desk)
    assert intents.confirm(desk.ledger, first, ACT, "t1", "C-1")
    desk.finish(taken_over(desk), PARKED)
    assert desk.item(first).state == "parked"


def test_another_action_or_portal_is_another_act(desk: Desk) -> None:
    claim = begun(desk)
    for act in (replace(ACT, action="delete"), replace(ACT, portal="crest"), replace(ACT, key="another")):
        intents.begin(desk.ledger, claim, act, "t1", LEASE)
    assert Intent.objects.count() == 4


def test_an_intent_of_a_wrong_clock_is_set_right(sqlite_desk: Desk) -> None:
    sqlite_desk.clock.forward(timedelta(hours=1))
    begun(sqlite_desk)
    sqlite_desk.clock.forward(-timedelta(hours=1))
    assert former(sqlite_desk).wait == LEASE + SETTLE
    sqlite_desk.clock.forward(LEASE + SETTLE)
    assert former(sqlite_desk).settled


def ruling(desk: Desk, decision: Decision, *, not_sent: bool = False) -> None:
    item = Item.objects.get(kind="work").pk
    decide(desk.ledger, Ruling(item=item, decision=decision, by="person:ana", not_sent=not_sent))


RULINGS = [
    ("sent back: look again", Decision.SEND_BACK, False, "open"),
    ("sent back: it was not sent", Decision.SEND_BACK, True, "absent"),
    ("resolved: it was sent", Decision.RESOLVED, False, "done"),
    ("resolved: it was not sent, and need not be", Decision.RESOLVED, True, "absent"),
]


@pytest.mark.parametrize(
    ("decision", "not_sent", "state"), [row[1:] for row in RULINGS], ids=[row[0] for row in RULINGS]
)
def test_a_person_rules_what_became_of_it(
    desk: Desk, decision: Decision, state: str, *, not_sent: bool
) -> None:
    begun(desk)
    desk.finish(desk.held_by("w1"), PARKED)
    ruling(desk, decision, not_sent=not_sent)
    assert Intent.objects.get().state == state


def test_not_sent_needs_something_that_may_have_been(desk: Desk) -> None:
    desk.fill(new_item(1))
    desk.finish(desk.claimed("w1"), PARKED)
    with pytest.raises(DecisionRefused, match="no act that may have been done"):
        ruling(desk, Decision.SEND_BACK, not_sent=True)


def test_confirmation_numbers_are_cut_to_what_the_column_holds(desk: Desk) -> None:
    claim = begun(desk)
    assert intents.confirm(desk.ledger, claim, ACT, "t1", "9" * 100)
    assert len(Intent.objects.get().confirmation) == 80
