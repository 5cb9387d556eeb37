"""What delivery and people read from the ledger."""

from dataclasses import replace
from datetime import timedelta

from payerbots.domain.evidence import Kept
from payerbots.ledger import items, views
from payerbots.ledger.models import ItemKind, ItemState
from payerbots.ledger.records import Ending, Row
from payerbots.ledger.runs import LATER
from tests.ledger.desk import BOT, CANARY, DONE, RETRY, SECOND, Desk, new_item

BAD_ROW = replace(new_item(4, "bad"), kind=ItemKind.UNREADABLE, portal="", reason="REQUEST_INCOMPLETE")


def _kept(name: str, kind: str = "picture") -> Kept:
    return Kept(kind=kind, name=name, sha256="0" * 64, size=1)


def _rows(desk: Desk, run: int) -> list[Row]:
    return list(views.rows(desk.ledger, run))


def test_rows_stand_in_the_order_of_the_input(desk: Desk) -> None:
    run = desk.fill(new_item(9), new_item(5), BAD_ROW)
    assert [row.place for row in _rows(desk, run)] == [4, 5, 9]


def test_a_row_holds_what_was_asked_and_answered(desk: Desk) -> None:
    run = desk.fill(new_item(1))
    claim = desk.claimed()
    desk.clock.forward(SECOND)
    ending = Ending(
        state=ItemState.EXCEPTION,
        outcome="exception",
        reason="SAME_SIMILAR",
        also=("AUTH_NEEDED",),
        drift=("home: x (fallback 1)",),
        result=b"{}",
    )
    desk.finish(claim, ending)
    (row,) = _rows(desk, run)
    assert (row.item, row.kind, row.portal, row.state) == (claim.item, "work", "summit", "exception")
    assert (row.reason, row.also, row.drift) == ("SAME_SIMILAR", ("AUTH_NEEDED",), ("home: x (fallback 1)",))
    assert (row.attempts, row.finished_at) == (1, desk.clock.now)
    assert (row.request, row.result) == (CANARY, b"{}")


def test_a_row_does_not_show_the_person_when_it_is_printed(desk: Desk) -> None:
    run = desk.fill(new_item(1))
    desk.finish(desk.claimed())
    assert "Canary" not in repr(_rows(desk, run))


def test_a_row_that_has_no_answer_yet(desk: Desk) -> None:
    (row,) = _rows(desk, desk.fill(new_item(1)))
    assert (row.state, row.result, row.finished_at, row.previous) == ("new", None, None, None)


def test_an_item_at_two_places_is_two_rows(desk: Desk) -> None:
    rows = _rows(desk, desk.fill(new_item(5, "same"), new_item(6, "same")))
    assert [row.place for row in rows] == [5, 6]
    assert rows[0].item == rows[1].item


def test_a_row_lists_its_pictures_and_not_the_other_evidence(desk: Desk) -> None:
    run = desk.fill(new_item(1))
    evidence = (_kept("b.sealed"), _kept("a.sealed"), _kept("page.sealed", "page"))
    desk.finish(desk.claimed(), replace(DONE, evidence=evidence))
    assert _rows(desk, run)[0].pictures == ("b.sealed", "a.sealed")


def test_the_rows_of_another_run_stay_out(desk: Desk) -> None:
    desk.fill(new_item(1))
    run = desk.fill(new_item(2))
    assert [row.place for row in _rows(desk, run)] == [2]


def test_the_last_answer_about_the_same_person_and_items_is_shown_beside(desk: Desk) -> None:
    for number, answer in enumerate((b"first", b"second", b"third")):
        run = desk.fill(new_item(1, f"day {number}", subject="person"))
        desk.finish(desk.claimed(), replace(DONE, result=answer))
    (row,) = _rows(desk, run)
    assert (row.result, row.previous) == (b"third", b"second")


def test_an_answer_that_came_later_is_not_before(desk: Desk) -> None:
    first = desk.fill(new_item(1, "day 1", subject="person"))
    desk.finish(desk.claimed())
    desk.fill(new_item(1, "day 2", subject="person"))
    desk.finish(desk.claimed())
    assert _rows(desk, first)[0].previous is None


def test_another_person_has_no_earlier_answer(desk: Desk) -> None:
    desk.fill(new_item(1, "one", subject="person"))
    desk.finish(desk.claimed())
    run = desk.fill(new_item(1, "two", subject="another"))
    assert _rows(desk, run)[0].previous is None


def test_where_no_person_is_named_nothing_is_before(desk: Desk) -> None:
    desk.fill(new_item(1, "one"))
    desk.finish(desk.claimed())
    run = desk.fill(new_item(1, "two"))
    assert _rows(desk, run)[0].previous is None


def test_an_attempt_without_an_answer_is_passed_over(desk: Desk) -> None:
    desk.fill(new_item(1, "one", subject="person"))
    desk.finish(desk.claimed(), replace(DONE, result=b"known"))
    desk.fill(new_item(1, "two", subject="person"))
    desk.finish(desk.claimed(), Ending(state=ItemState.EXCEPTION, outcome="exception"))
    run = desk.fill(new_item(1, "three", subject="person"))
    assert _rows(desk, run)[0].previous == b"known"


def test_the_portals_that_still_have_work(desk: Desk) -> None:
    run = desk.fill(new_item(1), new_item(2, portal="crest"), new_item(3, portal="vale"), BAD_ROW)
    desk.claimed(portal="crest")
    desk.finish(desk.claimed(portal="vale"))
    assert sorted(views.open_by_portal(run, desk.ledger.now() + LATER)) == [
        ("crest", True),
        ("summit", False),
    ]


def test_a_portal_with_waiting_items_still_has_work(desk: Desk) -> None:
    run = desk.fill(new_item(1))
    desk.finish(desk.claimed(), RETRY)
    assert views.open_by_portal(run, desk.ledger.now() + LATER) == [("summit", False)]


def test_what_waits_for_another_day_is_nothing_to_do_now(desk: Desk) -> None:
    tomorrow = desk.ledger.now() + timedelta(days=1)
    run = desk.fill(new_item(1, not_before=tomorrow), new_item(2, portal="crest"))
    assert views.open_by_portal(run, desk.ledger.now() + LATER) == [("crest", False)]


def test_a_bots_items_are_found_whichever_run_asked_for_them(desk: Desk) -> None:
    desk.fill(new_item(1, "one"), new_item(2, "two"))
    desk.finish(desk.claimed(), replace(DONE, result=b"known"))
    desk.fill(new_item(1, "three"))
    found = list(views.items(desk.ledger, BOT, [ItemState.NEW, ItemState.DONE]))
    assert [one.state for one in found] == ["done", "new", "new"]
    assert found[0].result == b"known"


def test_the_newest_evidence_of_a_kind_is_found_and_the_look_is_audited(desk: Desk) -> None:
    desk.fill(new_item(1))
    claim = desk.claimed()
    desk.finish(claim, replace(RETRY, evidence=(_kept("old"), _kept("page", "page"))))
    desk.clock.forward(SECOND)
    desk.finish(desk.claimed(), replace(DONE, evidence=(_kept("new"),)))
    assert views.evidence_of(desk.ledger, claim.item, "picture", "ana") == "new"
    assert views.evidence_of(desk.ledger, claim.item, "page", "ana") == "page"
    assert desk.audited()[-2:] == [("ana", "evidence opened")] * 2


def test_a_look_for_what_is_not_there_is_not_audited(desk: Desk) -> None:
    desk.fill(new_item(1))
    claim = desk.claimed()
    items.release(desk.ledger, "w1", "given back")
    before = desk.audited()
    assert views.evidence_of(desk.ledger, claim.item, "picture", "ana") is None
    assert desk.audited() == before
