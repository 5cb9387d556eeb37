"""Workers are killed, frozen and cut off from the database: nothing is lost, nothing is done twice."""

import os
import random
import signal
import threading
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path
from typing import Any, Self

import pytest
from django.db import connections
from django.db.models import Max

from payerbots.ledger import intents
from payerbots.ledger.models import Attempt, Intent, Item, Run, SessionSlot
from payerbots.ledger.setup import connect
from tests.databases import POSTGRES, SQLITE, empty
from tests.engine import acting
from tests.engine.acting import LEASE, SESSIONS, SILENT, Office, Portals, until
from tests.engine.outage import Outage

OPEN = ("new", "running", "waiting")
KILLS = int(os.environ.get("PAYERBOTS_SOAK_KILLS", "20"))
"""How many workers are killed; `make soak` says more."""


@pytest.fixture
def portals() -> Iterator[Portals]:
    with acting.served() as portals:
        yield portals


@pytest.fixture(params=[SQLITE, POSTGRES])
def office(request: pytest.FixtureRequest, tmp_path: Path, portals: Portals) -> Iterator[Office]:
    url = request.getfixturevalue("postgres_url") if request.param == POSTGRES else None
    folder = acting.make_office(tmp_path / "office")
    (folder / "data").mkdir()
    connect(folder / "data", url)
    if url:
        empty(url)
    yield Office(folder=folder, portals_url=portals.url, database_url=url, sealing=acting.new_key())
    connections.close_all()


class Crew:
    """Worker processes; whatever is left of them at the end is killed."""

    def __init__(self, office: Office) -> None:
        self.office = office
        self.alive: list[Any] = []

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        for process in self.alive:
            process.kill()
            process.join()

    def add(self, count: int = 1, **changes: Any) -> Any:
        for _ in range(count):
            office = Office(**{**vars(self.office), **changes})
            self.alive.append(acting.start(office))
        return self.alive[-1]

    def kill(self, process: Any) -> None:
        acting.kill(process)
        self.alive.remove(process)

    def drain(self) -> None:
        """Lets all end what is at hand."""
        for process in self.alive:
            os.kill(process.pid, signal.SIGTERM)
        for process in self.alive:
            until(lambda one=process: not one.is_alive(), 20, "the end of a worker")  # type: ignore[misc]  # bound now
        self.alive.clear()


def left() -> int:
    return Item.objects.filter(state__in=OPEN).count()


def assert_once_or_parked(portals: Portals, count: int) -> Counter[str]:
    """Every item was done once, or waits for a person who is told that it may have been done."""
    states = Counter(Item.objects.filter(kind="work").values_list("state", flat=True))
    assert sum(states.values()) == count
    assert set(states) <= {"done", "parked"}
    for item in Item.objects.filter(kind="work").order_by("pk"):
        acts = portals.acts[item.portal, item.reference.removeprefix("act-")]
        if item.state == "done":
            assert acts == 1
        else:
            assert (item.portal, item.reason) == (SILENT, "SENT_UNCERTAIN")
            assert acts <= 1
    assert Intent.objects.exclude(state="done").count() == states["parked"]
    assert all(most <= SESSIONS for most in portals.most.values()), portals.most
    return states


def all_done(seconds: float = 30) -> None:
    until(lambda: not left(), seconds, "the end of the work")


def test_workers_are_killed_at_random_moments(office: Office, portals: Portals) -> None:
    count = 15 * KILLS
    office.fill(count)
    chance, pause, killed = random.Random(1), threading.Event(), 0
    with Crew(office) as crew:
        crew.add(4)
        until(lambda: left() < count, 20, "the first item")
        while killed < KILLS and left():
            crew.kill(chance.choice(crew.alive))
            crew.add()
            killed += 1
            pause.wait(chance.uniform(0.02, 0.2))
        all_done(30 + KILLS)
        until(lambda: not Run.objects.filter(state="running").exists(), 10, "the end of the run")
    assert_once_or_parked(portals, count)
    assert killed == KILLS
    assert Attempt.objects.filter(outcome="lost").exists()


def test_workers_freeze_at_random_moments(office: Office, portals: Portals) -> None:
    office.fill(150)
    chance, pause = random.Random(2), threading.Event()
    with Crew(office) as crew:
        crew.add(3)
        until(lambda: left() < 150, 20, "the first item")
        for _ in range(3):
            frozen = chance.choice(crew.alive).pid
            os.kill(frozen, signal.SIGSTOP)
            pause.wait(1.3 * LEASE)
            os.kill(frozen, signal.SIGCONT)
            pause.wait(chance.uniform(0.05, 0.3))
        all_done()
        crew.drain()
        crew.add()
        all_done()
    assert_once_or_parked(portals, 150)


@pytest.mark.parametrize("moment", ["prepare", "act", "confirm"])
def test_a_worker_freezes_around_the_act(office: Office, portals: Portals, moment: str) -> None:
    """Its items are others' by then; when it wakes up, its act is late and its outcome refused."""
    office.fill(20)
    with Crew(office) as crew:
        frozen = crew.add(freeze=moment, places=1)
        until(lambda: acting.is_frozen(frozen), 20, "the freezing")
        crew.add()
        all_done()
        done = dict(portals.acts)
        os.kill(frozen.pid, signal.SIGCONT)
        os.kill(frozen.pid, signal.SIGTERM)
        until(lambda: not frozen.is_alive(), 20, "the end of the frozen worker")
        assert frozen.exitcode == 0
        all_done()
    assert dict(portals.acts) == done
    assert portals.late == (1 if moment == "act" else 0)
    assert_once_or_parked(portals, 20)


def freeze_in_a_transaction() -> None:
    """The first intent that this process writes stays unwritten until somebody wakes it."""
    write = intents._write

    def frozen(*given: Any) -> None:
        acting.freeze_once()
        write(*given)

    vars(intents)["_write"] = frozen


def test_a_worker_freezes_inside_a_transaction(office: Office, portals: Portals) -> None:
    """PostgreSQL cuts it off; on SQLite, where it holds the lock, the others end it. They go on."""
    office.fill(20)
    with Crew(office) as crew:
        frozen = acting.start(office, freeze_in_a_transaction)
        crew.alive.append(frozen)
        until(lambda: acting.is_frozen(frozen), 20, "the freezing")
        crew.add()
        all_done()
        if office.database_url:
            os.kill(frozen.pid, signal.SIGCONT)
            crew.drain()
        else:
            assert not frozen.is_alive()
    assert_once_or_parked(portals, 20)


def test_the_database_is_gone_for_a_while(office: Office, portals: Portals) -> None:
    office.fill(150)
    with Outage(office) as outage, Crew(office) as crew:
        crew.add(3, database_url=outage.url)
        until(lambda: left() < 140, 20, "the first items")
        outage.begin()
        threading.Event().wait(5)
        outage.end()
        all_done()
        pids = {process.pid for process in crew.alive if process.is_alive()}
        assert len(pids) == 3
    assert_once_or_parked(portals, 150)


def test_a_worker_whose_clock_is_wrong(office: Office, portals: Portals) -> None:
    """PostgreSQL's clock counts for all; on SQLite a lease that is too long to be true counts as expired."""
    office.fill(30)
    with Crew(office) as crew:
        wrong = crew.add(clock_off=3600, freeze="act")
        until(lambda: acting.is_frozen(wrong), 20, "the freezing")
        longest = Item.objects.filter(state="running").aggregate(until=Max("lease_until"))["until"]
        ahead = (longest - datetime.now(UTC)).total_seconds()
        assert ahead < 2 * LEASE if office.database_url else ahead > 3000
        crew.kill(wrong)
        crew.add(clock_off=-3600 if office.database_url else 0)
        all_done()
    assert_once_or_parked(portals, 30)


def test_a_worker_that_is_told_to_stop_ends_what_is_at_hand(office: Office, portals: Portals) -> None:
    office.fill(150)
    with Crew(office) as crew:
        worker = crew.add()
        until(lambda: left() < 140, 20, "the first items")
        os.kill(worker.pid, signal.SIGTERM)
        until(lambda: not worker.is_alive(), 10, "the end of the worker")
        assert worker.exitcode == 0
    outcomes = set(Attempt.objects.filter(item__kind="work").values_list("outcome", flat=True))
    assert outcomes == {"done"}
    assert Item.objects.filter(state="running").count() == 0
    assert left() > 0
    assert not SessionSlot.objects.exclude(owner="").exists()
    assert Run.objects.get().keeper == ""
    assert portals.late == 0


def test_a_worker_that_has_done_enough_begins_anew(office: Office) -> None:
    office.fill(40)
    with Crew(office) as crew:
        worker = crew.add(most_items=10)
        until(lambda: not worker.is_alive(), 20, "the end of the worker")
        assert worker.exitcode == acting.RECYCLED
    assert 10 <= Attempt.objects.filter(item__kind="work").count() < 20


def test_a_rate_holds_over_all_workers(office: Office, portals: Portals) -> None:
    acting.make_office(office.folder, more="  rate: {per_minute: 600}\n")
    office.fill(20, ["p0", "p1"])
    with Crew(office) as crew:
        crew.add(3)
        all_done()
    for name in ("p0", "p1"):
        began = sorted(at for portal, at in portals.times if portal == name)
        gaps = [later - earlier for earlier, later in pairwise(began)]
        assert len(gaps) == 9
        assert sum(gaps) > 9 * 0.1 - 0.05


def test_a_worker_freezes_between_the_check_of_its_lease_and_the_click_on_a_page(
    office: Office, portals: Portals
) -> None:
    """The page itself swallows the click that comes when the worker wakes up."""
    office.fill(1)
    with Crew(office) as crew:
        frozen = acting.start_with_browser(replace(office, freeze="act"))
        crew.alive.append(frozen)
        until(lambda: acting.is_frozen(frozen), 30, "the freezing")
        assert Intent.objects.get().state == "open"
        crew.add()
        all_done()
        assert portals.acts == {("p0", "0"): 1}
        os.kill(frozen.pid, signal.SIGCONT)
        os.kill(frozen.pid, signal.SIGTERM)
        until(lambda: not frozen.is_alive(), 30, "the end of the frozen worker")
    assert portals.acts == {("p0", "0"): 1}
    assert_once_or_parked(portals, 1)


def test_a_worker_with_a_browser_acts_once(office: Office, portals: Portals) -> None:
    office.fill(1)
    with Crew(office) as crew:
        crew.alive.append(acting.start_with_browser(office))
        all_done()
        crew.drain()
    assert_once_or_parked(portals, 1)
    assert Intent.objects.get().confirmation == "C-p0-0"
