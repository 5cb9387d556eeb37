"""Whatever happens to schedulers, each slot starts once: two of them, kill -9, and a year of downtimes."""

import multiprocessing
import os
import signal
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path
from unittest import mock

import psycopg
import pytest
from django.db import connections

from payerbots.keys import Keys
from payerbots.ledger import runs
from payerbots.ledger.models import Run, SchedulerLease, ScheduleSlot
from payerbots.ledger.records import Ledger
from payerbots.ledger.schedules import Process
from payerbots.ledger.setup import use
from payerbots.schedule.reading import of_workspace
from payerbots.schedule.service import Scheduler
from payerbots.schedule.slots import slots
from payerbots.settings import Settings
from payerbots.workspace import Workspace
from tests.databases import stop_clock
from tests.ledger.desk import KEYS, Desk
from tests.schedule.plan import Plan, planned, utc

Move = Callable[[datetime], None]
_CONTEXT = multiprocessing.get_context("forkserver")
_CONTEXT.set_forkserver_preload(["payerbots.schedule.service"])
MONTH = (
    'night: {bot: gather, cron: "30 1 * * *", jitter: 20m}\n'
    'weekdays: {bot: gather, cron: "0 5,17 * * mon-fri", calendar: us-business-days, zone: America/Phoenix}\n'
    "often: {bot: post, every: 12h, overlap: start, zone: UTC}\n"
    "after: {bot: post, after: night}\n"
)


@pytest.fixture
def plan(desk: Desk) -> Iterator[Plan]:
    with planned(desk, MONTH) as made:
        yield made


@pytest.fixture
def move(plan: Plan) -> Iterator[Move]:
    """Sets the clock; on PostgreSQL over one connection, since it is set hundreds of times."""
    if plan.desk.url is None:
        yield lambda moment: setattr(plan.desk.clock, "now", moment)
        return
    with psycopg.connect(plan.desk.url, autocommit=True) as connection:
        yield lambda moment: stop_clock(connection, moment)


def expected(plan: Plan, first: datetime, last: datetime) -> list[tuple[str, str]]:
    """The slots of all schedules that the time alone starts."""
    book = of_workspace(plan.workspace)
    return sorted(
        (name, one.name) for name in book.schedules for one in slots(book.timing(name), first, last)
    )


def test_two_schedulers_start_each_slot_of_a_month_once(plan: Plan, move: Move) -> None:
    """They take turns in leading: the lease is shorter than the time between their looks, and one is often late."""
    first, last = utc("2026-10-20"), utc("2026-11-20")
    pair = [plan.another("left"), plan.another("right")]
    moments = sorted(set(_moments(plan, first, last)))
    leads: Counter[str] = Counter()
    for number, moment in enumerate([first, *moments]):
        move(moment)
        for scheduler in pair if number % 3 else reversed(pair):
            leads[scheduler.me.owner] += scheduler.look().leads
        plan.end()
    timed = [pair for pair in plan.runs() if pair[0] != "after"]
    assert sorted(timed) == expected(plan, first, last)
    assert Run.objects.filter(schedule="after").count() == Run.objects.filter(schedule="night").count()
    assert min(leads.values()) > 30


def _moments(plan: Plan, first: datetime, last: datetime) -> Iterator[datetime]:
    """Each slot's start, and a while later where something follows."""
    book = of_workspace(plan.workspace)
    for name in book.schedules:
        for slot in slots(book.timing(name), first, last):
            yield slot.start_at
            if book.followers(name):
                yield slot.start_at + timedelta(minutes=10)


def test_two_schedulers_that_look_at_the_same_moment_start_a_slot_once(plan: Plan) -> None:
    """Both hold the lease, as after a clock that jumped: what is unique in the ledger keeps them apart."""
    plan.at("2026-11-02T00:30")
    moment = utc("2026-11-04T12:00")
    plan.desk.clock.now = moment
    plan.desk.clock.moved(moment)
    together, failed = threading.Barrier(2), list[BaseException]()

    def life(name: str) -> None:
        try:
            scheduler = plan.another(name)
            scheduler._shelf.current()
            together.wait(20)
            scheduler.look()
        except BaseException as error:  # noqa: BLE001 - it is raised below
            failed.append(error)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=life, args=(name,)) for name in ("left", "right")]
    with mock.patch("payerbots.ledger.schedules.lead", return_value=True):
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(60)
    assert failed == []
    started = [(one.schedule, one.slot) for one in ScheduleSlot.objects.filter(state="started")]
    assert len(started) == len(set(started)) == Run.objects.count() == 3


def test_one_leads_and_another_takes_over_when_it_is_gone(plan: Plan) -> None:
    first, second = plan.another("first"), plan.another("second")
    assert (first.look().leads, second.look().leads) == (True, False)
    plan.desk.clock.forward(timedelta(seconds=61))
    assert (second.look().leads, first.look().leads) == (True, False)
    second.step_down()
    assert first.look().leads
    assert SchedulerLease.objects.count() == 1


def die_before_the_run(folder: Path, office: Path, url: str | None, sealing: str, now: datetime) -> None:
    """The life of a scheduler that is killed when a slot is due and its run is written but not committed."""
    use(folder, url)
    keys = Keys((sealing,), KEYS.index, "a test")
    settings = Settings(data=office / "data", zone="America/New_York")

    def dies(*_: object) -> int:
        os.kill(os.getpid(), signal.SIGKILL)
        return 0

    ledger = Ledger(keys, lambda: now)
    with mock.patch.object(runs, "start", dies):
        Scheduler(Workspace(office, settings, ledger.clock), ledger, me=Process("lost", "host", 1)).look()


@pytest.mark.parametrize("policy", ["skip", "once", "all"])
def test_a_scheduler_that_is_killed_between_due_and_started_loses_no_slot(desk: Desk, policy: str) -> None:
    text = f'night: {{bot: gather, cron: "30 2 * * *", catch_up: {policy}}}\n'
    with planned(desk, text) as plan:
        plan.at("2026-11-23T00:00")
        plan.scheduler.step_down()
        plan.desk.clock.now = utc("2026-11-23T07:30")
        plan.desk.clock.moved(plan.desk.clock.now)
        connections.close_all()
        life = (desk.folder, plan.workspace.root, desk.url, KEYS.sealing[0], plan.desk.clock.now)
        process = _CONTEXT.Process(target=die_before_the_run, args=life)
        process.start()
        process.join(60)
        assert process.exitcode == -signal.SIGKILL
        assert [state for _, state, _ in plan.slots()] == ["due"]
        assert plan.runs() == []
        plan.scheduler = plan.another("next")
        plan.at("2026-11-23T07:32")
        assert [state for _, state, _ in plan.slots()] == ["started"]
        assert len(plan.runs()) == 1
