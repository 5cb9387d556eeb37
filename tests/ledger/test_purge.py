"""Purging: what is old enough goes, figures and references stay, and the audit's chain stays whole."""

import os
from collections.abc import Iterable
from datetime import timedelta
from pathlib import Path

import pytest

from payerbots import retention
from payerbots.browser import evidence
from payerbots.browser.evidence import Shot
from payerbots.domain.conclusions import Concern, Conclusion
from payerbots.domain.decisions import Decision
from payerbots.domain.facts import StandingState
from payerbots.domain.review import Terms
from payerbots.ledger import audit, models, money_views, portals, runs, schedules, seals, views
from payerbots.ledger.decide import decide
from payerbots.ledger.filestore import FileStore
from payerbots.ledger.models import (
    Audit,
    AuditSeal,
    Decided,
    Evidence,
    Item,
    ItemState,
    Run,
    RunState,
    SavedSession,
    ScheduleSlot,
)
from payerbots.ledger.money_views import Which
from payerbots.ledger.portals import SessionPlace
from payerbots.ledger.purge import Part, Purge
from payerbots.ledger.records import Ending
from tests.ledger.desk import CANARY, KEYS, PORTAL, Desk, new_item
from tests.ledger.money import CONTENT, a_payment, conclude, found, paid, sha
from tests.ledger.test_cases import ruling
from tests.ledger.test_decide import EXCEPTION

DAY = timedelta(days=1)
SHORT = dict.fromkeys(retention.RULES, DAY)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for part in ("evidence", "files"):
        (tmp_path / part).mkdir()
    return tmp_path / "evidence"


def purge(desk: Desk, folder: Path, days: int, rules: dict[str, timedelta] | None = None) -> Purge:
    return Purge(desk.ledger, folder.parent, days * DAY, rules or SHORT, "person:ana")


def counts(parts: Iterable[Part]) -> dict[str, int]:
    return {one.kind: one.count for one in parts if one.count}


def ended_run(desk: Desk, folder: Path) -> int:
    """A run with a done item, one that waits for a person and one that is still new; evidence of both."""
    run = desk.fill(new_item(1), new_item(2), new_item(3))
    for state, outcome in ((ItemState.DONE, "done"), (ItemState.EXCEPTION, "exception")):
        kept = evidence.keep(KEYS, folder, Shot({"picture": CANARY}))
        desk.finish(desk.claimed(), Ending(state=state, outcome=outcome, result=CANARY, evidence=kept))
    portals.save_session(desk.ledger, SessionPlace(PORTAL, "https://x", "bot1", 1), CANARY)
    seals.seal(desk.ledger)
    return run


def test_what_is_young_stays(desk: Desk, folder: Path) -> None:
    ended_run(desk, folder)
    desk.clock.forward(2 * DAY)
    assert counts(purge(desk, folder, 5).carry_out()) == {}
    assert len(list(folder.iterdir())) == 2


def test_what_is_old_goes_and_what_waits_for_a_person_stays(desk: Desk, folder: Path) -> None:
    run = ended_run(desk, folder)
    runs.end(desk.ledger, run, RunState.DONE, "ana")
    desk.clock.forward(10 * DAY)
    wanted = purge(desk, folder, 5, {**SHORT, "audit": 100 * DAY})
    planned = counts(wanted.planned())
    assert planned == {"evidence": 1, "answers": 3, "sessions": 1}
    assert counts(wanted.carry_out()) == planned
    states = dict(Item.objects.filter(kind="work").values_list("state", "result_sealed"))
    assert states["done"] is None
    assert KEYS.unseal(states["exception"] or b"") == CANARY
    assert Evidence.objects.get().item.state == "exception"
    assert len(list(folder.iterdir())) == 1
    assert not SavedSession.objects.exists()
    assert KEYS.unseal(Item.objects.get(state="done", kind="work").request_sealed) == b""
    assert b"Canary" not in KEYS.unseal(Run.objects.get().options_sealed)
    assert [row.state for row in views.rows(desk.ledger, run)] == ["exception", "new"]


def test_a_purged_run_keeps_its_slot_and_forgets_its_files(desk: Desk, folder: Path) -> None:
    run, now = desk.start(), desk.ledger.now()
    schedules.add(desk.ledger, "drop", [schedules.NewSlot(slot="file 1", at=now, start_at=now, taken=CANARY)])
    ScheduleSlot.objects.update(run=run, state="started")
    runs.note_delivered(desk.ledger, run, {"results": "Canary-Reyes.xlsx"})
    runs.end(desk.ledger, run, RunState.DONE, "ana")
    desk.clock.forward(10 * DAY)
    assert counts(purge(desk, folder, 5, {**SHORT, "audit": 100 * DAY}).carry_out())["answers"] > 0
    slot = ScheduleSlot.objects.get()
    assert (slot.slot, slot.state, slot.input_sealed) == ("file 1", "started", None)
    assert runs.delivered(desk.ledger, run) == {}


def test_a_purged_item_is_not_asked_again(desk: Desk, folder: Path) -> None:
    ended_run(desk, folder)
    desk.clock.forward(10 * DAY)
    purge(desk, folder, 5).carry_out()
    run = desk.start()
    assert desk.collect(run, new_item(1)) == 0


def test_what_a_person_must_not_lose_is_kept_by_its_rule(desk: Desk, folder: Path) -> None:
    ended_run(desk, folder)
    desk.clock.forward(10 * DAY)
    parts = {one.kind: one for one in purge(desk, folder, 5, dict(retention.RULES)).carry_out()}
    assert parts["audit"].ruled
    assert parts["audit"].count == parts["evidence"].count == parts["answers"].count == 0


def test_a_purged_audit_keeps_its_links_and_stays_verifiable(desk: Desk, folder: Path) -> None:
    for number in range(5):
        audit.note(desk.ledger, "ana", "changed", {"item": number})
    seals.seal(desk.ledger)
    desk.clock.forward(10 * DAY)
    audit.note(desk.ledger, "ana", "changed", {"item": 9})
    seals.seal(desk.ledger)
    head = seals.verify(desk.ledger).head
    done = counts(purge(desk, folder, 5).carry_out())
    assert done == {"audit": 5}
    found = seals.verify(desk.ledger, head)
    assert (found.whole, found.purged, AuditSeal.objects.count()) == (True, 5, 8)
    Audit.objects.filter(item=9).delete()
    assert "link 6) is gone" in seals.verify(desk.ledger).problems[0]


def test_a_purge_that_nobody_carried_out_hides_nothing(desk: Desk, folder: Path) -> None:  # noqa: ARG001 - as the others
    audit.note(desk.ledger, "ana", "changed", {"item": 1})
    seals.seal(desk.ledger)
    Audit.objects.all().delete()
    audit.note(desk.ledger, "mallory", seals.PURGED, {}, after={"position": 1, "proof": "0" * 64})
    seals.seal(desk.ledger)
    assert not seals.verify(desk.ledger).whole


def test_files_that_no_row_knows_go_too(desk: Desk, folder: Path) -> None:
    loose = folder / "loose.sealed"
    loose.write_bytes(b"x")
    os.utime(loose, (0, 0))
    purge(desk, folder, 5).carry_out()
    assert not loose.exists()


def a_kept_file(desk: Desk, folder: Path) -> FileStore:
    """A file with a payment in it, and its item done."""
    store = FileStore(KEYS, folder.parent / "files")
    store.keep(CONTENT)
    found(desk, a_payment())
    return store


def settle(desk: Desk) -> None:
    conclude(desk, Conclusion(standings=[paid()]))


def make_old(store: FileStore) -> None:
    for file in store.files():
        os.utime(file, (0, 0))


def test_an_old_file_goes_and_its_payment_keeps_its_columns(desk: Desk, folder: Path) -> None:
    store = a_kept_file(desk, folder)
    settle(desk)
    make_old(store)
    desk.clock.forward(10 * DAY)
    wanted = purge(desk, folder, 5)
    assert counts(wanted.planned())["files"] == counts(wanted.carry_out())["files"] == 1
    assert list(store.files()) == []
    assert money_views.files([sha()]) == []
    (payment,) = money_views.payments(Which())
    assert (payment.amount, payment.file) == (a_payment().amount, sha())


def test_a_file_with_money_that_is_not_settled_stays(desk: Desk, folder: Path) -> None:
    store = a_kept_file(desk, folder)
    make_old(store)
    desk.clock.forward(10 * DAY)
    assert "files" not in counts(purge(desk, folder, 5).carry_out())
    assert len(list(store.files())) == 1


def test_a_file_is_kept_for_seven_years_by_its_rule(desk: Desk, folder: Path) -> None:
    a_kept_file(desk, folder)
    settle(desk)
    rules = {**SHORT, "files": retention.RULES["files"]}
    desk.clock.forward(7 * 364 * DAY)
    assert "files" not in counts(purge(desk, folder, 5, rules).carry_out())


def test_a_purged_file_that_comes_again_is_kept_again(desk: Desk, folder: Path) -> None:
    store = a_kept_file(desk, folder)
    settle(desk)
    make_old(store)
    desk.clock.forward(10 * DAY)
    purge(desk, folder, 5).carry_out()
    a_kept_file(desk, folder)
    purge(desk, folder, 5).carry_out()
    assert [one.sha256 for one in money_views.files([sha()])] == [sha()]
    assert len(list(store.files())) == 1


def test_a_kept_file_that_no_row_knows_goes_when_it_is_old(desk: Desk, folder: Path) -> None:
    store = FileStore(KEYS, folder.parent / "files")
    store.keep(CONTENT)
    purge(desk, folder, 5).carry_out()
    assert len(list(store.files())) == 1
    make_old(store)
    purge(desk, folder, 5).carry_out()
    assert list(store.files()) == []


def test_notes_and_corrected_values_go_who_decided_what_stays(desk: Desk, folder: Path) -> None:
    desk.fill(new_item(1), new_item(2))
    open_one, done = (desk.claimed() for _ in range(2))
    for claim in (open_one, done):
        desk.finish(claim, EXCEPTION)
    noted = Terms(assignee="Bea", note="Canary-Reyes called")
    for claim in (open_one, done):
        decide(desk.ledger, ruling(claim.item, Decision.ASSIGN, terms=noted))
    decide(desk.ledger, ruling(done.item, Decision.RESOLVED))
    desk.clock.forward(10 * DAY)
    purge(desk, folder, 5, {**SHORT, "audit": 100 * DAY}).carry_out()
    kept = dict(Decided.objects.filter(decision="assign to").values_list("case__item", "note_sealed"))
    assert kept[done.item] is None
    assert KEYS.unseal(kept[open_one.item] or b"") == b"Canary-Reyes called"
    assert Decided.objects.filter(by="person:ana").count() == 3


def test_what_a_concern_that_is_over_was_about_goes(desk: Desk, folder: Path) -> None:
    found(desk, a_payment())
    standing = paid(state=StandingState.EXCEPTION, reason="DEPOSIT_MISSING")
    about = Concern(payment=standing.number, key="1", reason="CLAIM_UNKNOWN", patient="Canary-Reyes")
    conclude(desk, Conclusion(standings=[standing], concerns=[about]))
    conclude(desk, Conclusion(standings=[standing]))
    desk.clock.forward(10 * DAY)
    purge(desk, folder, 5, {**SHORT, "audit": 100 * DAY}).carry_out()
    assert KEYS.unseal(models.Concern.objects.get().about_sealed) == b"{}"
    conclude(desk, Conclusion(standings=[standing], concerns=[about]))
    assert b"Canary-Reyes" in KEYS.unseal(models.Concern.objects.get().about_sealed)
