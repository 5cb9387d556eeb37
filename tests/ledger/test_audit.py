"""An audit row stands in the transaction of its change: both or neither."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction

from payerbots.ledger import audit, items, portals, runs
from payerbots.ledger.models import Attempt, Audit, Item, PortalStanding, Run, RunState
from tests.ledger.desk import LEASE, SECOND, Desk, new_item

STATES: tuple[Any, ...] = (Run, Item, Attempt, PortalStanding)


@contextmanager
def no_audit_table() -> Iterator[None]:
    """No audit row can be written."""
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE ledger_audit RENAME TO elsewhere")
    yield
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE elsewhere RENAME TO ledger_audit")


def _as_it_is() -> list[list[dict[str, Any]]]:
    return [list(model.objects.order_by("pk").values()) for model in STATES]


def _started(desk: Desk) -> None:
    desk.start()


def _expired(desk: Desk) -> None:
    desk.clock.forward(LEASE + SECOND)
    items.take_back_expired(desk.ledger)


CHANGES: list[tuple[str, Callable[[Desk], object]]] = [
    ("a run is started", _started),
    ("a run is ended", lambda desk: runs.end(desk.ledger, 1, RunState.DONE, "worker")),
    ("an item is finished", lambda desk: desk.finish(desk.held_by("holder"))),
    ("items are given back", lambda desk: items.release(desk.ledger, "holder", "interrupted")),
    ("items are taken back", _expired),
    ("a portal is stopped", lambda desk: portals.stop(desk.ledger, "summit", "CAPTCHA", "")),
    ("a portal is paused", lambda desk: portals.pause(desk.ledger, "summit", "", "", (LEASE, LEASE))),
    ("a portal is resumed", lambda desk: portals.resume(desk.ledger, "crest", "ana")),
]
CASES = pytest.mark.parametrize("change", [row[1] for row in CHANGES], ids=[row[0] for row in CHANGES])


@pytest.fixture
def busy(desk: Desk) -> Desk:
    """A ledger with a run, an item that somebody holds, and a portal that is stopped."""
    desk.fill(new_item(1))
    desk.claimed("holder")
    portals.stop(desk.ledger, "crest", "CAPTCHA", "")
    return desk


@CASES
def test_a_change_is_audited(change: Callable[[Desk], object], busy: Desk) -> None:
    before = Audit.objects.count()
    change(busy)
    assert Audit.objects.count() == before + 1


@CASES
def test_the_audit_row_is_rolled_back_with_its_change(change: Callable[[Desk], object], busy: Desk) -> None:
    before, audited = _as_it_is(), Audit.objects.count()
    with transaction.atomic():
        change(busy)
        transaction.set_rollback(True)
    assert (_as_it_is(), Audit.objects.count()) == (before, audited)


@CASES
def test_without_its_audit_row_nothing_is_changed(change: Callable[[Desk], object], busy: Desk) -> None:
    before = _as_it_is()
    with no_audit_table(), pytest.raises(DatabaseError):
        change(busy)
    assert _as_it_is() == before


def test_a_note_says_who_when_what_and_what_was_before(desk: Desk) -> None:
    audit.note(desk.ledger, "ana", "corrected", {"item": 7}, before={"state": "new"}, after={"state": "done"})
    row = Audit.objects.get()
    assert (row.at, row.actor, row.action, row.item) == (desk.clock.now, "ana", "corrected", 7)
    assert (row.before, row.after) == ({"state": "new"}, {"state": "done"})


def test_the_audit_holds_nothing_of_a_person(busy: Desk) -> None:
    busy.finish(busy.held_by("holder"))
    assert "Canary" not in repr(list(Audit.objects.values()))
