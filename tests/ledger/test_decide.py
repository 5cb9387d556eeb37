"""What a person's decision does to an item: once, on what they saw, and told in the audit."""

from typing import Any

import pytest

from payerbots.domain.decisions import Decision
from payerbots.errors import DecisionRefused
from payerbots.ledger import items
from payerbots.ledger.decide import Ruling, cancel, decide
from payerbots.ledger.models import Audit, Item, ItemState
from payerbots.ledger.records import Ending
from tests.ledger.desk import PORTAL, Desk, new_item

PARKED = Ending(state=ItemState.PARKED, outcome="parked", reason="PORTAL_CHANGED", error="PortalChanged")
EXCEPTION = Ending(state=ItemState.EXCEPTION, outcome="exception", reason="MEMBER_NOT_FOUND")


def ended(desk: Desk, ending: Ending, **values: str) -> int:
    """An item whose first attempt ended so."""
    desk.fill(new_item(1, **values))
    claim = desk.claimed("worker", PORTAL)
    items.finish(desk.ledger, claim, ending)
    return claim.item


def ruling(item: int, decision: Decision = Decision.SEND_BACK, **values: Any) -> Ruling:
    return Ruling(**{"item": item, "decision": decision, "by": "person:ana", **values})


@pytest.mark.parametrize("ending", [PARKED, EXCEPTION], ids=["parked", "exception"])
def test_sent_back_an_item_is_new_without_its_former_reason(desk: Desk, ending: Ending) -> None:
    number = ended(desk, ending)
    assert decide(desk.ledger, ruling(number)) == ItemState.NEW
    item = Item.objects.get(pk=number)
    assert (item.state, item.reason, item.revision, item.finished_at) == ("new", "", 2, None)


def test_former_failures_do_not_count_after_it_was_sent_back(desk: Desk) -> None:
    number = ended(desk, PARKED)
    decide(desk.ledger, ruling(number))
    claim = desk.claimed("worker", PORTAL)
    assert (claim.item, claim.attempt, list(claim.failures)) == (number, 2, [])


def test_corrected_values_take_the_place_of_what_was_asked(desk: Desk) -> None:
    number = ended(desk, EXCEPTION)
    decide(desk.ledger, ruling(number, Decision.CORRECTED, request=b'{"member_id": "corrected"}'))
    assert desk.claimed("worker", PORTAL).request == b'{"member_id": "corrected"}'


def test_resolved_by_hand_is_done(desk: Desk) -> None:
    number = ended(desk, EXCEPTION)
    assert decide(desk.ledger, ruling(number, Decision.RESOLVED)) == ItemState.DONE


def test_a_decision_is_in_the_audit_with_who_before_and_after(desk: Desk) -> None:
    number = ended(desk, PARKED)
    decide(desk.ledger, ruling(number))
    told = Audit.objects.get(item=number, action="send back")
    assert told.actor == "person:ana"
    assert told.before == {"state": "parked", "reason": "PORTAL_CHANGED", "revision": 1}
    assert told.after == {"state": "new", "corrected": False, "not_sent": False}


def test_the_second_of_two_decisions_is_refused(desk: Desk) -> None:
    number = ended(desk, EXCEPTION)
    decide(desk.ledger, ruling(number, revision=1))
    with pytest.raises(DecisionRefused, match="has moved on: revision 2, not 1"):
        decide(desk.ledger, ruling(number, Decision.RESOLVED, revision=1))


REFUSED = [
    ("an item that is done", Ending(state=ItemState.DONE, outcome="done"), {}, "is done"),
    ("corrected without values", EXCEPTION, {"decision": Decision.CORRECTED}, "corrected values"),
    ("values without corrected", EXCEPTION, {"request": b"{}"}, "corrected values"),
    ("pending without a date", EXCEPTION, {"decision": Decision.PEND}, "needs a date"),
]


@pytest.mark.parametrize(
    ("ending", "values", "said"), [row[1:] for row in REFUSED], ids=[row[0] for row in REFUSED]
)
def test_what_does_not_fit_is_refused_and_changes_nothing(
    desk: Desk, ending: Ending, values: dict[str, Any], said: str
) -> None:
    number = ended(desk, ending)
    before = Item.objects.filter(pk=number).values().get()
    with pytest.raises(DecisionRefused, match=said):
        decide(desk.ledger, ruling(number, **values))
    assert Item.objects.filter(pk=number).values().get() == before


def test_a_row_that_cannot_be_read_is_not_sent_back_as_it_is(desk: Desk) -> None:
    desk.fill(new_item(1, kind="unreadable", reason="REQUEST_INCOMPLETE", portal=""))
    number = Item.objects.get(kind="unreadable").pk
    with pytest.raises(DecisionRefused, match="correct the list"):
        decide(desk.ledger, ruling(number))


def test_an_item_that_waits_can_be_cancelled_and_sent_back(desk: Desk) -> None:
    desk.fill(new_item(1))
    number = Item.objects.get(kind="work").pk
    cancel(desk.ledger, number, "person:ana")
    assert desk.claim("worker") is None
    assert decide(desk.ledger, ruling(number)) == ItemState.NEW


def test_an_item_that_runs_is_not_cancelled(desk: Desk) -> None:
    desk.fill(new_item(1))
    claim = desk.claimed("worker", PORTAL)
    with pytest.raises(DecisionRefused, match="it runs, has ended"):
        cancel(desk.ledger, claim.item, "person:ana")
