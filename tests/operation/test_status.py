"""`payerbots status`: what runs, what is next, the backlog against what is promised, and what is wrong."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from payerbots.ledger import beats, codes, schedules, services
from payerbots.ledger import portals as standings
from payerbots.ledger.records import Ending
from payerbots.ledger.schedules import Process
from payerbots.operation.attendant import this_service
from payerbots.operation.status import standing
from payerbots.settings import Settings
from payerbots.workspace import Workspace
from tests.ledger.desk import LEASE, Desk, new_item
from tests.support import ROOT

NOT_FOUND = Ending(state="exception", outcome="exception", reason="MEMBER_NOT_FOUND")
SCHEDULES = """
morning:
  bot: eligibility
  cron: "30 5 * * *"
  zone: UTC
  sla: {not_older_than: 4h}
evening: {bot: eligibility, cron: "0 20 * * *", zone: UTC}
"""


@pytest.fixture
def space(tmp_path: Path) -> Workspace:
    root = tmp_path / "office"
    root.mkdir()
    for name in ("bots", "flows", "selectors", "portals.yaml"):
        (root / name).symlink_to(ROOT / name)
    (root / "schedules.yaml").write_text(SCHEDULES)
    return Workspace(root, Settings(data=tmp_path / "data", zone="UTC"))


def all_up(desk: Desk) -> None:
    schedules.lead(desk.ledger, Process("scheduler:a:1:x", "a", 1), LEASE)
    beats.tell(desk.ledger, beats.Beat(owner="w1", host="a", pid=2, state="working", places=4))
    services.tell(desk.ledger, this_service("notices"), "working")


def test_when_all_is_well_nothing_is_wrong(desk: Desk, space: Workspace) -> None:
    all_up(desk)
    found = standing(space, desk.ledger)
    assert found.wrong == ()
    assert [(row["schedule"], f"{row['at']:%d %H:%M}") for row in found.values["next"]] == [
        ("evening", "22 20:00"),
        ("morning", "23 05:30"),
    ]
    assert [row["name"] for row in found.values["services"]] == ["notices"]
    assert found.values["workers"][0]["places"] == 4


def test_a_paused_schedule_does_not_come_next(desk: Desk, space: Workspace) -> None:
    schedules.pause(desk.ledger, ["evening"], "ana", None)
    assert [row["schedule"] for row in standing(space, desk.ledger).values["next"]] == ["morning"]


def test_the_backlog_stands_against_what_is_promised(desk: Desk, space: Workspace) -> None:
    all_up(desk)
    desk.fill(new_item(1), new_item(2), new_item(3))
    desk.finish(desk.claimed(), NOT_FOUND)
    (row,) = backlog(desk, space)
    assert (row["open"], row["for_a_person"], row["late"]) == (2, 1, False)
    desk.clock.forward(timedelta(hours=4, minutes=1))
    all_up(desk)
    (row,) = backlog(desk, space)
    assert row["late"]
    assert row["oldest_open"] < row["not_before"]
    assert standing(space, desk.ledger).wrong == ("items older than promised: eligibility",)


def backlog(desk: Desk, space: Workspace) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = standing(space, desk.ledger).values["backlog"]
    return rows


def test_what_is_wrong_is_told_in_words_with_what_to_do(desk: Desk, space: Workspace) -> None:
    desk.fill(new_item(1))
    standings.stop(desk.ledger, "summit_health", "SIGN_IN_REFUSED", "refused")
    codes.ask(desk.ledger, "harbor_bank", "bot1", timedelta(minutes=5))
    assert standing(space, desk.ledger).wrong == (
        "portals stopped: summit_health",
        "no scheduler runs: payerbots up",
        "no worker is alive, 1 items wait: payerbots up",
        "a one-time code is needed: payerbots portals code",
    )


def test_schedules_that_cannot_be_read_are_told_of_and_the_rest_is_shown(
    desk: Desk, space: Workspace
) -> None:
    all_up(desk)
    (space.root / "schedules.yaml").write_text("morning: nonsense\n")
    found = standing(space, desk.ledger)
    assert found.wrong == ("schedules.yaml cannot be read: payerbots schedules check",)
    assert found.values["next"] == []
    assert len(found.values["portals"]) == len(space.portals)


def test_a_worker_that_is_not_heard_of_is_told(desk: Desk, space: Workspace) -> None:
    all_up(desk)
    desk.clock.forward(timedelta(minutes=2))
    schedules.lead(desk.ledger, Process("scheduler:a:1:x", "a", 1), LEASE)
    assert standing(space, desk.ledger).wrong == ("1 workers are not heard of",)
