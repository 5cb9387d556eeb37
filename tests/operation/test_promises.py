"""Promises: at risk before they are missed, missed once, and counted as kept or not."""

from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from payerbots.ledger import promises as slots
from payerbots.ledger.models import Item, Run, RunState, ScheduleSlot, SlotState
from payerbots.ledger.promises import Promise
from payerbots.operation.promises import Watch, book_of, is_at_risk, kept
from payerbots.schedule.reading import Office, load
from payerbots.settings import Settings
from payerbots.workspace import Workspace
from tests.ledger.desk import DONE, Desk, new_item
from tests.operation.telling import NEW_YORK
from tests.support import ROOT

NOW = datetime(2026, 11, 22, 15, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
BY = NOW + 60 * MINUTE


def promise(**values: Any) -> Promise:
    given: dict[str, Any] = {
        "number": 1,
        "schedule": "morning",
        "start_at": NOW - 10 * MINUTE,
        "due_by": BY,
        "state": SlotState.STARTED,
        "run": 1,
        "run_state": RunState.RUNNING,
        "began": NOW - 10 * MINUTE,
    }
    return Promise(**{**given, **values})


@pytest.mark.parametrize(
    ("values", "usual", "risk"),
    [
        pytest.param({}, None, False, id="an hour is left and nobody knows better"),
        pytest.param({"due_by": NOW + 15 * MINUTE}, None, True, id="a quarter of an hour is left"),
        pytest.param({"left": 100, "ended_lately": 30}, None, False, id="at this rate it takes 50 minutes"),
        pytest.param({"left": 100, "ended_lately": 20}, None, True, id="at this rate it takes 75 minutes"),
        pytest.param({}, 80 * MINUTE, True, id="it usually takes 80 minutes and began 10 ago"),
        pytest.param({}, 60 * MINUTE, False, id="it usually takes 60"),
        pytest.param({"left": 9, "ended_lately": 9}, 300 * MINUTE, False, id="how it goes counts more than how it used to"),
        pytest.param({"run": None, "began": None, "state": SlotState.DUE}, 61 * MINUTE, True, id="not begun, and too long"),
        pytest.param({"run": None, "began": None, "state": SlotState.DUE, "start_at": NOW + MINUTE}, 61 * MINUTE, False, id="not even due to begin"),
    ],
)  # fmt: skip
def test_what_is_at_risk(values: dict[str, Any], usual: timedelta | None, risk: bool) -> None:
    assert is_at_risk(promise(**values), usual, NOW) is risk


def slot(desk: Desk, due_by: datetime, state: str = SlotState.STARTED, **values: Any) -> int:
    now = desk.ledger.now()
    row = ScheduleSlot.objects.create(
        schedule="morning",
        slot=f"s{ScheduleSlot.objects.count()}",
        at=now,
        start_at=now,
        due_by=due_by,
        state=state,
        created_at=now,
        **values,
    )
    return row.pk


def run(desk: Desk, state: str, ended: datetime | None) -> int:
    number = desk.start()
    Run.objects.filter(pk=number).update(
        state=state, finished_at=ended, schedule="morning", slot=f"r{number}"
    )
    return number


def watch(desk: Desk, folder: Path, sla: str = "{done_by: '08:00'}") -> Watch:
    file = folder / "schedules.yaml"
    file.write_text(f"morning: {{bot: eligibility, cron: '0 5 * * *', sla: {sla}}}\n")
    book = load(file, Office(("eligibility",), (), (), NEW_YORK))
    return Watch(desk.ledger, NEW_YORK, book)


def told(watching: Watch) -> list[tuple[str, str]]:
    return [(news.kind, news.message) for news in watching.news()]


def test_people_hear_before_it_is_missed_and_once_more_when_it_is(desk: Desk, tmp_path: Path) -> None:
    watching = watch(desk, tmp_path)
    slot(desk, BY, run_id=run(desk, RunState.RUNNING, None))
    assert told(watching) == []
    desk.clock.forward(46 * MINUTE)
    assert told(watching) == [("sla_at_risk", "morning: promised by 11:00, may not be done (run 1)")]
    desk.clock.forward(15 * MINUTE)
    assert told(watching) == [("sla_missed", "morning: promised by 11:00, is not done (run 1)")]
    keys = {news.key for news in watching.news()}
    desk.clock.forward(15 * MINUTE)
    assert {news.key for news in watching.news()} == keys


def test_a_slot_that_has_not_begun_is_told_of_too(desk: Desk, tmp_path: Path) -> None:
    slot(desk, BY, SlotState.DUE)
    desk.clock.forward(50 * MINUTE)
    assert told(watch(desk, tmp_path)) == [
        ("sla_at_risk", "morning: promised by 11:00, may not be done (its run has not begun)")
    ]


@pytest.mark.parametrize("state", [RunState.DONE])
def test_of_what_is_done_nothing_is_told(desk: Desk, tmp_path: Path, state: RunState) -> None:
    slot(desk, BY, run_id=run(desk, state, NOW))
    slot(desk, BY, SlotState.SKIPPED)
    desk.clock.forward(50 * MINUTE)
    assert told(watch(desk, tmp_path)) == []


def test_what_is_kept_is_counted_with_what_was_missed_and_never_begun(desk: Desk, tmp_path: Path) -> None:
    ends = {
        "in time": (RunState.DONE, BY),
        "late": (RunState.DONE, BY + MINUTE),
        "held": (RunState.HELD, NOW),
        "failed": (RunState.FAILED, NOW),
        "running": (RunState.RUNNING, None),
    }
    for state, ended in ends.values():
        slot(desk, BY, run_id=run(desk, state, ended))
    slot(desk, BY, SlotState.DUE)
    slot(desk, BY, SlotState.MISSED)
    slot(desk, BY, SlotState.SKIPPED)
    slot(desk, BY + timedelta(days=3), SlotState.DUE)
    desk.clock.forward(90 * MINUTE)
    space = Workspace(ROOT, Settings(data=tmp_path / "data", zone="America/New_York"))
    counted = kept(desk.ledger, space.zone, book_of(space), date(2026, 11, 1), date(2026, 11, 30))
    assert [one.kept for one in counted] == [True, False, False, False, False, False, False]
    assert {one.day for one in counted} == {date(2026, 11, 22)}


def test_how_long_runs_usually_take_is_the_middle_of_the_last_ten(desk: Desk) -> None:
    assert slots.usual_length("morning") is None
    for minutes in (5, 7, 300):
        number = run(desk, RunState.DONE, None)
        Run.objects.filter(pk=number).update(finished_at=desk.ledger.now() + minutes * MINUTE)
    assert slots.usual_length("morning") == 7 * MINUTE


def test_items_may_not_grow_older_than_promised(desk: Desk, tmp_path: Path) -> None:
    watching = watch(desk, tmp_path, "{not_older_than: 36h}")
    desk.fill(new_item(1))
    assert told(watching) == []
    desk.clock.forward(timedelta(hours=35))
    (at_risk,) = told(watching)
    assert at_risk == (
        "sla_at_risk",
        "morning: the oldest open item of eligibility waits since 11/22 10:00 and will soon be older than promised",
    )
    desk.clock.forward(timedelta(hours=2))
    assert [kind for kind, _ in told(watching)] == ["sla_missed"]
    desk.finish(desk.claimed(), DONE)
    assert told(watching) == []


def test_a_run_that_gets_on_too_slowly_is_at_risk_with_what_is_left(desk: Desk, tmp_path: Path) -> None:
    number = desk.fill(*(new_item(place) for place in range(1, 41)))
    slot(desk, BY, run_id=number)
    desk.clock.forward(10 * MINUTE)
    for _ in range(4):
        desk.finish(desk.claimed(), DONE)
    assert Item.objects.filter(state="new").count() == 36
    assert told(watch(desk, tmp_path)) == [
        ("sla_at_risk", f"morning: promised by 11:00, may not be done (run {number}, 36 items left)")
    ]
