"""What the lookout sees in the ledger becomes notices, each once."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from payerbots.ledger import runs
from payerbots.ledger.models import Item, Notice, Run, RunState
from payerbots.ledger.records import Ending
from payerbots.operation.lookout import Lookout, by_team
from payerbots.settings import Settings
from payerbots.workspace import Workspace
from tests.ledger.desk import DONE, Desk, new_item
from tests.ledger.money import CONTENT, a_file, found
from tests.support import ROOT

NOT_FOUND = Ending(
    state="exception", outcome="exception", reason="MEMBER_NOT_FOUND", error="BusinessException"
)
PARKED = Ending(state="parked", outcome="parked", reason="PORTAL_CHANGED", error="PortalChanged")


@pytest.fixture
def space(tmp_path: Path) -> Workspace:
    root = tmp_path / "office"
    root.mkdir()
    for name in ("bots", "flows", "selectors", "portals.yaml"):
        (root / name).symlink_to(ROOT / name)
    (root / "schedules.yaml").write_text("")
    return Workspace(root, Settings(data=tmp_path / "data", zone="America/New_York"))


def look(space: Workspace, desk: Desk) -> list[tuple[str, str]]:
    Lookout(space, desk.ledger).look()
    return list(Notice.objects.order_by("pk").values_list("kind", "message"))


def test_a_run_that_failed_is_told_of_once(desk: Desk, space: Workspace) -> None:
    number = desk.start()
    runs.end(desk.ledger, number, RunState.FAILED, "w1")
    assert look(space, desk) == look(space, desk)
    assert look(space, desk) == [
        ("run_failed", f"run {number} of eligibility failed: payerbots runs show {number}")
    ]


def test_of_a_run_that_failed_long_ago_nobody_is_told(desk: Desk, space: Workspace) -> None:
    runs.end(desk.ledger, desk.start(), RunState.FAILED, "w1")
    desk.clock.forward(timedelta(days=3))
    assert look(space, desk) == []


def test_the_exceptions_of_a_run_are_one_notice_by_team_when_it_has_delivered(
    desk: Desk, space: Workspace
) -> None:
    number = desk.fill(*(new_item(place) for place in range(1, 6)))
    for last in (NOT_FOUND, NOT_FOUND, PARKED, DONE, DONE):
        desk.finish(desk.claimed(), last)
    assert look(space, desk) == []
    runs.end(desk.ledger, number, RunState.DONE, "w1")
    assert look(space, desk) == [
        ("exceptions", f"run {number} of eligibility left 3 of 5 items: intake 2, IT/ops 1")
    ]


def test_an_exception_that_a_run_before_left_is_not_told_of_again(desk: Desk, space: Workspace) -> None:
    first = desk.fill(new_item(1))
    desk.finish(desk.claimed(), NOT_FOUND)
    runs.end(desk.ledger, first, RunState.DONE, "w1")
    desk.clock.forward(timedelta(hours=1))
    second = desk.start()
    desk.collect(second, new_item(1))
    assert Item.objects.filter(kind="work").count() == 1
    runs.end(desk.ledger, second, RunState.DONE, "w1")
    assert [message[:5] for _, message in look(space, desk)] == [f"run {first}"]


def test_a_file_that_did_not_come_is_told_of_once_a_day(desk: Desk, space: Workspace) -> None:
    (space.root / "expected.yaml").write_text("files: {remits: {portal: summit, kind: '835', by: '09:00'}}\n")
    found(desk, a_file(CONTENT))
    desk.clock.forward(timedelta(days=1))
    assert look(space, desk) == []
    desk.clock.forward(timedelta(days=1))
    ((kind, message),) = look(space, desk)
    assert kind == "expected"
    assert message == (
        "summit: no 835 file by Tue 11/24 09:00 (stated: by 09:00); the last came Sun 11/22 10:00, "
        "the portal was last asked never"
    )
    assert len(look(space, desk)) == 1
    desk.clock.forward(timedelta(days=1))
    assert len(look(space, desk)) == 2


def test_what_goes_wrong_with_one_matter_costs_only_that(
    desk: Desk, space: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> None:
        raise ValueError("Canary")

    monkeypatch.setattr("payerbots.ledger.outcomes.failed_runs", broken)
    (space.root / "expected.yaml").write_text("files: nonsense\n")
    number = desk.fill(new_item(1))
    desk.finish(desk.claimed(), replace(NOT_FOUND))
    runs.end(desk.ledger, number, RunState.DONE, "w1")
    assert [kind for kind, _ in look(space, desk)] == ["exceptions"]
    assert Run.objects.count() == 1


def test_many_teams_are_told_as_the_largest_and_the_others() -> None:
    reasons = {
        "MEMBER_NOT_FOUND": 9,
        "INACTIVE_ON_DATE": 8,
        "AUTH_NEEDED": 7,
        "FACILITY_STAY": 6,
        "SAME_SIMILAR": 5,
        "PORTAL_CHANGED": 4,
    }
    assert by_team(reasons) == {
        "intake": 9,
        "eligibility": 8,
        "authorization": 7,
        "billing": 6,
        "others": 9,
    }
