"""How fast items go through claim and finish: four workers, no browser, on SQLite and on PostgreSQL.

    python benchmarks/engine.py [--items 2000] [--finished 100000] [--rounds 2]

Both databases run alternating, on an almost empty ledger and on one with many finished items. `ledger` is
claim and finish alone; `worker` is the whole worker with a bot that has nothing to do. PostgreSQL is the one
that PAYERBOTS_TEST_POSTGRES names, else one started here.
"""

import argparse
import asyncio
import json
import multiprocessing
import os
import resource
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from statistics import median, quantiles
from typing import Any

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))

from cryptography.fernet import Fernet  # noqa: E402 - the path comes first
from django.db import connection, connections  # noqa: E402

from payerbots import log  # noqa: E402
from payerbots.browser.chromium import Chromium  # noqa: E402
from payerbots.engine.service import Service, Terms  # noqa: E402
from payerbots.keys import Keys  # noqa: E402
from payerbots.ledger import items, runs  # noqa: E402
from payerbots.ledger.claims import Search  # noqa: E402
from payerbots.ledger.models import Item, ItemKind, ItemState  # noqa: E402
from payerbots.ledger.records import Ending, Ledger, NewItem  # noqa: E402
from payerbots.ledger.setup import connect  # noqa: E402
from payerbots.settings import Settings  # noqa: E402
from payerbots.workspace import Workspace  # noqa: E402
from tests.databases import own_database, postgres  # noqa: E402

WORKERS = 4
LEASE = timedelta(seconds=60)
IDLE_SECONDS = 20
SEALING = os.environ.setdefault("PAYERBOTS_BENCHMARK_KEY", Fernet.generate_key().decode())
"""The same in every process."""
KEYS = Keys((SEALING,), "index", "a benchmark")
DONE = Ending(state=ItemState.DONE, outcome="done", result=b"1")
BOT = '''
from payerbots.api import Again, Bot, Outcome

class Nothing(Bot):
    """Has nothing to do."""
    name, capability, again = "nothing", "nothing", Again.NEVER
    request, answer, unreadable = int, int, int

    async def collect(self, run, portal):
        return []

    def reference(self, request):
        return (str(request),)

    async def work(self, item, portal):
        return Outcome(answer=item.request)

    def deliver(self, run):
        return []
'''


@dataclass(frozen=True)
class Place:
    """A database, and the folder of its office."""

    name: str
    folder: Path
    url: str | None

    def connect(self) -> None:
        connections.close_all()
        connect(self.folder, self.url)

    def workspace(self) -> Workspace:
        settings = Settings(data=self.folder, database_url=self.url, zone="UTC")
        workspace = Workspace(self.folder / "office", settings)
        vars(workspace)["keys"] = KEYS
        return workspace


@dataclass(frozen=True)
class Measured:
    """What one worker process took."""

    latencies: list[float]
    cpu: float


def fill(count: int, first: int) -> None:
    ledger = Ledger(KEYS)
    start = runs.Start(
        bot="nothing",
        day=datetime.now(UTC).date(),
        options=json.dumps({"input": None, "out": "out"}).encode(),
        portals=[""],
        actor="bench",
    )
    run = runs.start(ledger, start)
    found = items.claim(ledger, Search(owner="bench", bots=["nothing"], portal="", lease=LEASE))
    if found is None:
        raise RuntimeError("the collect item is not there")
    wanted = [
        NewItem(
            place=number, kind=ItemKind.WORK, reference=f"n-{first + number}", request=str(number).encode()
        )
        for number in range(count)
    ]
    runs.add_items(ledger, found, run, wanted)


def finish_all(count: int) -> None:
    """Puts `count` finished items with their attempts and audit rows into the ledger."""
    fill(count, 10_000_000)
    with connection.cursor() as cursor:
        cursor.execute("UPDATE ledger_run SET state = 'done'")
        cursor.execute("UPDATE ledger_item SET state = 'done', attempts = 1, finished_at = created_at")
        cursor.execute(
            "INSERT INTO ledger_attempt (item_id, number, revision, owner, started_at, ended_at, outcome, reason, "
            "error, note) SELECT id, 1, 1, 'bench', created_at, created_at, 'done', '', '', '' FROM ledger_item "
            "WHERE kind = 'work'"
        )
        cursor.execute("ANALYZE")


def by_ledger(place: Place, pipe: Any) -> None:
    """One worker: claim and finish until nothing is left."""
    connect_only(place)
    ledger, latencies = Ledger(KEYS), []
    search = Search(owner=f"w{time.monotonic_ns()}", bots=["nothing"], portal="", lease=LEASE)
    pipe.send("ready")
    pipe.recv()
    before = cpu()
    while True:
        began = time.perf_counter()
        claim = items.claim(ledger, search)
        if claim is None:
            break
        latencies.append(time.perf_counter() - began)
        items.finish(ledger, claim, DONE)
    pipe.send(Measured(latencies, cpu() - before))


def by_worker(place: Place, pipe: Any, seconds: float = 0) -> None:
    """One whole worker, until nothing is left; or idle for some seconds."""
    asyncio.run(_by_worker(place, pipe, seconds))


async def _by_worker(place: Place, pipe: Any, seconds: float) -> None:
    log.start(None, terminal_level="ERROR")
    service = Service(place.workspace(), Terms(places=4, most_items=10**9), Chromium(), Ledger(KEYS))
    pipe.send("ready")
    await asyncio.to_thread(pipe.recv)
    task = asyncio.create_task(service.work())
    if seconds:
        await asyncio.sleep(5)
    before = cpu()
    if seconds:
        await asyncio.sleep(seconds)
    else:
        while await service._database(left):  # noqa: ASYNC110, SLF001 - on the worker's own thread; no event tells what others do
            await asyncio.sleep(0.2)
    spent = cpu() - before
    service.drain()
    await task
    pipe.send(Measured([], spent))


def left() -> int:
    return Item.objects.filter(state__in=[ItemState.NEW, ItemState.RUNNING], kind=ItemKind.WORK).count()


def connect_only(place: Place) -> None:
    place.connect()


def cpu() -> float:
    own = resource.getrusage(resource.RUSAGE_SELF)
    return own.ru_utime + own.ru_stime


def measure(place: Place, target: Any, *more: Any) -> tuple[float, list[Measured]]:
    """The seconds that all workers together took, and what each took."""
    context = multiprocessing.get_context("spawn")
    pipes = [context.Pipe() for _ in range(WORKERS)]
    processes = [context.Process(target=target, args=(place, far, *more)) for _, far in pipes]
    connections.close_all()
    for process in processes:
        process.start()
    for near, _ in pipes:
        near.recv()
    began = time.perf_counter()
    for near, _ in pipes:
        near.send("go")
    found = [near.recv() for near, _ in pipes]
    seconds = time.perf_counter() - began
    for process in processes:
        process.join()
    return seconds, found


def report(name: str, count: int, seconds: float, found: list[Measured]) -> float:
    """Prints one measurement; items per second."""
    latencies = [1000 * one for each in found for one in each.latencies]
    spent = 1000 * sum(one.cpu for one in found) / count
    line = f"{name:<34} {count / seconds:7.0f}/s   {spent:5.2f} ms CPU/item"
    if latencies:
        p95 = quantiles(latencies, n=20)[18]
        line += f"   claim p50 {median(latencies):5.1f}  p95 {p95:5.1f}  max {max(latencies):6.1f} ms"
    print(line, flush=True)
    return count / seconds


@contextmanager
def places() -> Iterator[list[Place]]:
    with tempfile.TemporaryDirectory() as folder, postgres() as url:
        found = []
        for name in ("sqlite", "postgres"):
            for size in ("empty", "full"):
                own = Path(folder) / f"{name}-{size}"
                (own / "office" / "bots").mkdir(parents=True)
                (own / "office/bots/__init__.py").touch()
                (own / "office/bots/nothing.py").write_text(BOT)
                (own / "office/schedules.yaml").touch()
                (own / "office/portals.yaml").touch()
                address = own_database(url, f"bench_{size}") if name == "postgres" else None
                found.append(Place(f"{name} {size}", own, address))
        yield found
        connections.close_all()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--items", type=int, default=2000)
    parser.add_argument("--finished", type=int, default=100_000)
    parser.add_argument("--rounds", type=int, default=2)
    asked = parser.parse_args()
    with places() as all_places:
        for place in all_places:
            place.connect()
            if place.name.endswith("full"):
                finish_all(asked.finished)
        best: dict[str, float] = {}
        for turn in range(asked.rounds):
            for how, target in (("ledger", by_ledger), ("worker", by_worker)):
                for place in all_places:
                    place.connect()
                    fill(asked.items, turn * 2_000_000 + (1_000_000 if how == "worker" else 0))
                    name = f"{how} {place.name}"
                    rate = report(name, asked.items, *measure(place, target))
                    best[name] = max(best.get(name, 0), rate)
        for name, aim in (("sqlite", 150), ("postgres", 250)):
            for size in ("empty", "full"):
                rate = best[f"ledger {name} {size}"]
                print(f"{name} {size}: {rate:.0f}/s, {rate / aim:.1f} times the aim of {aim}/s")
        for place in (one for one in all_places if one.name.endswith("full")):
            _, found = measure(place, by_worker, IDLE_SECONDS)
            share = 100 * sum(one.cpu for one in found) / IDLE_SECONDS
            print(f"four idle workers on {place.name}: {share:.1f} % of a core (aim: under 5 %)")


if __name__ == "__main__":
    main()
