"""The service: APScheduler only wakes it, at the time of the next slot or for a look, until it is stopped."""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from unittest import mock

import pytest
from django.db import OperationalError, connections

from payerbots.ledger.models import SchedulerLease
from payerbots.ledger.records import Ledger
from payerbots.ledger.schedules import Process
from payerbots.schedule.service import Looked, Scheduler, Service
from tests.ledger.desk import KEYS, Desk
from tests.schedule.plan import Plan, planned

MINUTELY = "often: {bot: gather, every: 1m, zone: UTC}\n"
PATIENCE = 20
FIRST_LOOK = datetime(2026, 11, 23, 11, 59, 58, 500_000, tzinfo=UTC)


@pytest.fixture
def plan(sqlite_desk: Desk) -> Iterator[Plan]:
    with planned(sqlite_desk, MINUTELY) as made:
        yield made


@contextmanager
def serving(plan: Plan, look_seconds: float) -> Iterator[list[Looked]]:
    """A service in a thread of its own. Its clock begins at its first look, a moment before the full minute."""
    began: list[float] = []

    def clock() -> datetime:
        began.append(time.monotonic())
        return FIRST_LOOK + timedelta(seconds=began[-1] - began[0])

    ledger = Ledger(KEYS, clock)
    looks: list[Looked] = []
    service = Service(
        Scheduler(plan.workspace, ledger, me=Process("service", "host", 1)), look_seconds, looks.append
    )
    thread = threading.Thread(target=service.run)
    thread.start()
    try:
        yield looks
    finally:
        service.stop()
        thread.join(PATIENCE)
        assert not thread.is_alive()
        connections.close_all()


def until(looks: list[Looked], count: int, woken: threading.Event) -> None:
    for _ in range(PATIENCE * 20):
        if len(looks) >= count:
            return
        woken.wait(0.05)
    pytest.fail(f"{len(looks)} looks in {PATIENCE} s")


def test_it_is_woken_at_the_time_of_the_next_slot(plan: Plan) -> None:
    with serving(plan, look_seconds=3600) as looks:
        until(looks, 2, threading.Event())
    assert [len(one.started) for one in looks[:2]] == [0, 1]
    assert len(plan.runs()) == 1


def test_stopped_it_leaves_the_schedules_to_whoever_stands_by(plan: Plan) -> None:
    with serving(plan, look_seconds=3600) as looks:
        until(looks, 1, threading.Event())
    assert SchedulerLease.objects.get().owner == ""


def test_it_waits_for_a_database_that_does_not_answer(plan: Plan) -> None:
    with mock.patch.object(Scheduler, "look", side_effect=[OperationalError, Looked(leads=True)] * 9) as look:
        with serving(plan, look_seconds=0.05) as looks:
            until(looks, 2, threading.Event())
        assert look.call_count >= 4
