"""Watermarks, on both databases: kept together with what was collected, or not at all."""

from dataclasses import replace

import pytest

from payerbots.errors import LeaseLost
from payerbots.ledger import runs, watermarks
from tests.ledger.desk import BOT, PORTAL, Desk, new_item


def collect(desk: Desk, watermark: str | None, portal: str = PORTAL) -> None:
    run = desk.start(portal)
    claim = desk.claimed("collector", portal)
    runs.add_items(desk.ledger, claim, run, [new_item(1)], watermark)


def test_a_bot_that_never_came_there_has_none(desk: Desk) -> None:
    assert desk.ledger.now() is not None
    assert watermarks.look(BOT, PORTAL) == ""


def test_how_far_a_bot_came_is_kept_by_portal(desk: Desk) -> None:
    collect(desk, "2026-11-20")
    collect(desk, "2026-11-21")
    collect(desk, "files", portal="")
    assert [watermarks.look(BOT, name) for name in (PORTAL, "", "other")] == ["2026-11-21", "files", ""]
    assert watermarks.look("other", PORTAL) == ""


def test_collecting_without_one_leaves_it_where_it_was(desk: Desk) -> None:
    collect(desk, "2026-11-20")
    collect(desk, None)
    assert watermarks.look(BOT, PORTAL) == "2026-11-20"


def test_it_does_not_move_when_what_was_collected_is_refused(desk: Desk) -> None:
    run = desk.start(PORTAL)
    late = replace(desk.claimed("collector"), owner="another")
    with pytest.raises(LeaseLost):
        runs.add_items(desk.ledger, late, run, [new_item(1)], "2026-11-20")
    assert watermarks.look(BOT, PORTAL) == ""
    assert not desk.places(run)
