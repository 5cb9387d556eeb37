"""The scheduler on a ledger: what is due is started once, waits, or is told why not."""

import json
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest

from payerbots.browser.chromium import Chromium
from payerbots.engine import bots
from payerbots.engine.database import Database
from payerbots.engine.jobs import Collect
from payerbots.engine.seat import Tools
from payerbots.ledger import items, runs, schedules
from payerbots.ledger.models import Item, Message, Run, RunState, ScheduleSlot
from tests.ledger.desk import Desk, search
from tests.schedule.plan import Plan, planned, utc
from tests.support import LoopThread

NIGHTLY = 'night: {bot: gather, cron: "30 2 * * *"}\n'
CHAIN = NIGHTLY + "after: {bot: post, after: night}\n"


@pytest.fixture
def plan(desk: Desk) -> Iterator[Plan]:
    """A plan on each of the two databases."""
    with planned(desk, NIGHTLY) as made:
        yield made


@pytest.fixture
def here(sqlite_desk: Desk) -> Iterator[Plan]:
    """A plan on SQLite, where both databases do the same."""
    with planned(sqlite_desk, "") as made:
        yield made


def started_at(plan: Plan, text: str, moment: str = "2026-03-07T12:00") -> None:
    """These schedules, first seen at a time."""
    plan.write(text)
    assert plan.at(moment).leads


class TestTime:
    def test_a_slot_becomes_a_run_once(self, plan: Plan) -> None:
        started_at(plan, NIGHTLY)
        looks = [plan.at(f"2026-03-08T{clock}").started for clock in ("06:59", "07:00", "07:01", "12:00")]
        assert [len(one) for one in looks] == [0, 1, 0, 0]
        assert plan.slots() == [("2026-03-08T02:30", "started", "")]
        assert plan.runs() == [("night", "2026-03-08T02:30 America/New_York")]

    def test_nothing_before_a_schedule_was_first_seen_is_made_up_for(self, plan: Plan) -> None:
        started_at(plan, NIGHTLY, "2026-03-08T12:00")
        plan.at("2026-03-08T13:00")
        assert plan.slots() == []

    def test_a_clock_that_is_set_back_starts_nothing_twice(self, plan: Plan) -> None:
        started_at(plan, NIGHTLY)
        for moment in ("2026-03-08T07:00", "2026-03-08T06:30", "2026-03-08T07:00", "2026-03-08T08:00"):
            plan.at(moment)
        assert plan.slots() == [("2026-03-08T02:30", "started", "")]

    def test_it_says_when_the_next_slot_is(self, here: Plan) -> None:
        here.write(NIGHTLY)
        assert here.at("2026-03-08T06:00").next_at == utc("2026-03-08T07:00")

    def test_a_jitter_holds_a_slot_back(self, here: Plan) -> None:
        started_at(here, 'night: {bot: gather, cron: "30 2 * * *", jitter: 30m}')
        assert here.at("2026-03-08T07:00").started == ()
        slot = ScheduleSlot.objects.get()
        assert utc("2026-03-08T07:00") < slot.start_at <= utc("2026-03-08T07:30")
        assert len(here.at("2026-03-08T07:30").started) == 1

    def test_a_run_has_the_schedules_deadline_priority_and_promised_time(self, here: Plan) -> None:
        terms = (
            'night: {bot: gather, cron: "30 2 * * *", deadline: 90m, priority: 7, sla: {done_by: "08:00"}}'
        )
        started_at(here, terms)
        (number,) = here.at("2026-03-09T06:30").started
        run = Run.objects.get(pk=number)
        assert run.deadline_at == utc("2026-03-09T08:00")
        assert b'"priority": 7, "due": "2026-03-09T12:00:00+00:00"' in runs.look(here.ledger, number).options
        assert ScheduleSlot.objects.get(run=run).due_by == utc("2026-03-09T12:00")
        assert Item.objects.get().priority == 7

    def test_a_slot_is_skipped_while_the_run_before_goes_on(self, here: Plan) -> None:
        started_at(here, "often: {bot: gather, every: 1h}", "2026-03-07T12:30")
        for moment in ("2026-03-07T13:00", "2026-03-07T14:00"):
            here.at(moment)
        here.end()
        here.at("2026-03-07T15:00")
        assert [(state, why) for _, state, why in here.slots()] == [
            ("started", ""),
            ("skipped", "STILL_RUNNING"),
            ("started", ""),
        ]

    def test_a_run_that_blocks_its_schedule_for_long_is_told_once(self, here: Plan) -> None:
        started_at(here, "often: {bot: gather, every: 1h}", "2026-03-07T12:30")
        for hour in range(13, 19):
            here.at(f"2026-03-07T{hour}:00")
        assert here.told() == ["often skips its slots while run 1 goes on, since 2026-03-07 13:00 UTC"]

    def test_nights_do_not_wait_for_each_other(self, here: Plan) -> None:
        started_at(here, NIGHTLY)
        for day in (8, 9):
            here.at(f"2026-03-0{day}T07:00")
        assert [state for _, state, _ in here.slots()] == ["started", "started"]

    def test_missed_slots_are_rows_and_one_notice(self, here: Plan) -> None:
        started_at(here, 'night: {bot: gather, cron: "30 2 * * *", catch_up: skip}')
        here.at("2026-03-10T12:00")
        assert [(state, why) for _, state, why in here.slots()] == [("missed", "DOWN")] * 3
        (told,) = here.told()
        assert told.startswith(
            "night did not run at 2026-03-08T02:30 America/New_York and 2 more: no scheduler ran"
        )

    def test_a_bot_that_cannot_start_is_told_and_others_go_on(self, here: Plan) -> None:
        here.write(
            'bad: {bot: post, cron: "0 9 * * *", zone: UTC}\ngood: {bot: gather, cron: "0 9 * * *", zone: UTC}'
        )
        here.at("2026-03-07T08:00")
        (here.workspace.root / "bots/post.py").write_text("raise ValueError")
        here.at("2026-03-07T09:00")
        assert here.runs() == [("good", "2026-03-07T09:00 UTC")]
        assert here.told()[0].startswith("bad: an error that was not foreseen, ValueError at post.py:1")


class TestPause:
    def test_paused_slots_are_skipped_and_what_was_skipped_stays_so(self, plan: Plan) -> None:
        started_at(plan, NIGHTLY)
        schedules.pause(plan.ledger, ["night"], "ana", None)
        plan.at("2026-03-08T07:00")
        schedules.resume(plan.ledger, ["night"], "ben")
        plan.at("2026-03-08T07:01")
        plan.at("2026-03-09T06:30")
        assert [(state, why) for _, state, why in plan.slots()] == [("skipped", "PAUSED"), ("started", "")]
        assert plan.desk.audited()[:2] == [("ana", "schedule paused"), ("ben", "schedule resumed")]

    def test_a_pause_outlasts_the_scheduler(self, plan: Plan) -> None:
        started_at(plan, NIGHTLY)
        schedules.pause(plan.ledger, ["night"], "ana", timedelta(hours=20))
        plan.scheduler.step_down()
        plan.scheduler = plan.another("two")
        plan.at("2026-03-08T07:00")
        plan.at("2026-03-09T06:30")
        assert [state for _, state, _ in plan.slots()] == ["skipped", "started"]


class TestChain:
    @pytest.mark.parametrize(
        ("terms", "ended", "state", "why"),
        [
            ("night", RunState.DONE, "started", ""),
            ("night", RunState.HELD, "started", ""),
            ("night", RunState.FAILED, "skipped", "FIRST_FAILED"),
            ("night", RunState.INTERRUPTED, "skipped", "FIRST_FAILED"),
            ("{schedule: night, if_failed: run}", RunState.FAILED, "started", ""),
            ("{schedule: night, if_held: wait}", RunState.HELD, "due", "FIRST_HELD"),
            ("{schedule: night, if_held: skip}", RunState.HELD, "skipped", "FIRST_HELD"),
        ],
    )
    def test_what_follows_depends_on_how_the_first_ended(
        self, here: Plan, terms: str, ended: RunState, state: str, why: str
    ) -> None:
        started_at(here, NIGHTLY + f"after: {{bot: post, after: {terms}}}\n")
        here.at("2026-03-08T07:00")
        here.at("2026-03-08T07:05")
        assert here.slots("after") == []
        here.end(ended)
        for moment in ("2026-03-08T07:10", "2026-03-08T07:15"):
            here.at(moment)
        assert [one[1:] for one in here.slots("after")] == [(state, why)]

    def test_a_chain_follows_each_run_once(self, plan: Plan) -> None:
        started_at(plan, CHAIN)
        for day in (8, 9):
            plan.at(f"2026-03-0{day}T07:00")
            plan.end()
            plan.at(f"2026-03-0{day}T07:10")
            plan.at(f"2026-03-0{day}T07:20")
        assert [name for name, _ in plan.runs()] == ["night", "after", "night", "after"]

    def test_one_that_waits_for_a_held_run_starts_when_the_rest_is_there(self, here: Plan) -> None:
        started_at(here, NIGHTLY + "after: {bot: post, after: {schedule: night, if_held: wait}}\n")
        here.at("2026-03-08T07:00")
        here.end(RunState.HELD)
        here.at("2026-03-08T07:10")
        Run.objects.update(state=RunState.DONE)
        here.at("2026-03-08T19:00")
        assert [state for _, state, _ in here.slots("after")] == ["started"]

    def test_a_chain_does_not_run_on_days_that_its_calendar_closes(self, here: Plan) -> None:
        started_at(here, NIGHTLY + "after: {bot: post, after: night, calendar: us-business-days}\n")
        for day in (8, 9):
            here.at(f"2026-03-0{day}T07:00")
            here.end()
            here.at(f"2026-03-0{day}T07:10")
        assert [one[1:] for one in here.slots("after")] == [("skipped", "CLOSED"), ("started", "")]

    def test_a_missed_slot_is_told_down_the_chain(self, here: Plan) -> None:
        started_at(
            here, 'night: {bot: gather, cron: "30 2 * * *", catch_up: skip}\nafter: {bot: post, after: night}'
        )
        here.at("2026-03-08T12:00")
        here.at("2026-03-08T12:01")
        assert [one[1:] for one in here.slots("after")] == [("skipped", "FIRST_MISSED")]

    def test_the_promise_of_a_chain_counts_from_its_first_slot(self, here: Plan) -> None:
        started_at(here, NIGHTLY + 'after: {bot: post, after: night, sla: {done_by: "08:00"}}\n')
        here.at("2026-03-09T06:30")
        here.end()
        here.at("2026-03-09T14:00")
        assert ScheduleSlot.objects.get(schedule="after").due_by == utc("2026-03-09T12:00")

    def test_what_the_first_delivered_is_handed_on(self, here: Plan) -> None:
        started_at(here, NIGHTLY + "after: {bot: post, after: night, input: {result: results}}\n")
        (first,) = here.at("2026-03-08T07:00").started
        results = here.desk.folder / "results.xlsx"
        results.touch()
        runs.note_delivered(here.ledger, first, {"results": str(results)})
        here.end()
        here.at("2026-03-08T07:10")
        second = Run.objects.latest("pk").pk
        assert f'"input": "{results}"'.encode() in runs.look(here.ledger, second).options

    def test_a_result_that_is_not_there_is_told(self, here: Plan) -> None:
        started_at(here, NIGHTLY + "after: {bot: post, after: night, input: {result: results}}\n")
        here.at("2026-03-08T07:00")
        here.end()
        here.at("2026-03-08T07:10")
        assert [one[1:] for one in here.slots("after")] == [("missed", "INPUT_MISSING")]
        assert here.told() == ["after did not run at after 1: no file 'results': run 1 delivered nothing"]


class TestInput:
    def test_a_file_that_is_late_is_waited_for(self, here: Plan) -> None:
        started_at(
            here,
            'list: {bot: gather, cron: "0 9 * * *", zone: UTC, max_late: 2h, input: {file: in/list.csv}}',
        )
        assert here.at("2026-03-08T09:00").started == ()
        assert here.slots() == [("2026-03-08T09:00 UTC", "due", "INPUT_MISSING")]
        (here.workspace.root / "in").mkdir()
        (here.workspace.root / "in/list.csv").touch()
        (run,) = here.at("2026-03-08T10:30").started
        assert b'office/in/list.csv"' in runs.look(here.ledger, run).options

    def test_a_file_that_does_not_come_is_missed(self, here: Plan) -> None:
        started_at(here, 'list: {bot: gather, cron: "0 9 * * *", zone: UTC, input: {file: in/list.csv}}')
        here.at("2026-03-08T09:00")
        here.at("2026-03-08T09:06")
        assert here.slots() == [("2026-03-08T09:00 UTC", "missed", "INPUT_MISSING")]
        assert here.told() == ["list did not run at 2026-03-08T09:00 UTC: its input was not there"]

    def test_a_schedule_that_was_removed_runs_no_more(self, here: Plan) -> None:
        started_at(
            here,
            'list: {bot: gather, cron: "0 9 * * *", zone: UTC, max_late: 2h, input: {file: in/list.csv}}',
        )
        here.at("2026-03-08T09:00")
        here.write("")
        for minute in (1, 2):
            here.at(f"2026-03-08T09:0{minute}")
        assert here.slots() == [("2026-03-08T09:00 UTC", "missed", "REMOVED")]

    def test_messages_of_a_queue_are_taken_by_one_run(self, desk: Desk) -> None:
        queue = "orders: {bot: gather, to: office}\n"
        with planned(desk, "take: {bot: gather, input: {queue: orders, most: 2}}\n", queue) as plan:
            plan.at("2026-11-23T12:00")
            assert plan.runs() == []
            numbers = [_message(plan, number) for number in (1, 2, 3)]
            plan.at("2026-11-23T12:01")
            plan.at("2026-11-23T12:02")
            plan.at("2026-11-23T12:03")
            taken = [runs.look(plan.ledger, run.pk).options for run in Run.objects.order_by("pk")]
            assert [json.loads(one)["messages"] for one in taken] == [numbers[:2], numbers[2:]]
            assert set(Message.objects.values_list("state", flat=True)) == {"done"}

    def test_a_bot_collects_from_the_messages_of_its_run(
        self, sqlite_desk: Desk, loop_thread: LoopThread
    ) -> None:
        queue = "orders: {bot: gather, to: office}\n"
        with planned(sqlite_desk, "take: {bot: gather, input: {queue: orders}}\n", queue) as plan:
            plan.at("2026-11-23T12:00")
            for number in (3, 4):
                _message(plan, number)
            plan.at("2026-11-23T12:01")
            claim = items.claim(plan.ledger, search(portal="", bots=["gather"]))
            assert claim is not None
            tools = Tools(plan.workspace, plan.ledger, Database(), Chromium())
            ending = loop_thread.run(Collect(tools, bots.load(plan.workspace, "gather"))(claim, None))
            assert [one.place for one in ending.collected or ()] == [3, 4]


def _message(plan: Plan, number: int) -> int:
    item = Item.objects.create(
        bot="gather", reference=f"r{number}", state="done", request_sealed=b"", created_at=plan.ledger.now(),
        updated_at=plan.ledger.now(),
    )  # fmt: skip
    values: dict[str, Any] = {
        "queue": "orders",
        "message_id": f"{number}",
        "item": item,
        "attempt": 1,
        "key": "k",
    }
    row = Message.objects.create(
        **values, body_sealed=plan.ledger.keys.seal(str(number).encode()), created_at=plan.ledger.now()
    )
    return row.pk
