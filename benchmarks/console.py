"""What each page of the console costs with a large ledger: CPU of the server and queries.

    python benchmarks/console.py [--items 100000] [--rounds 5]

The ledger is filled with one run of half the items and many smaller ones: most items done, a fifth for a person.
A page is asked in this process, as the server would; the first answer of each is left out. Exit code 1 says that
a page took more than the limit.
"""

import argparse
import os
import sys
import tempfile
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from random import Random
from statistics import median
from typing import Any

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))

from payerbots.console import settings  # noqa: E402 - the path comes first

settings.prepare()

from django.contrib.auth.models import Group, User  # noqa: E402 - Django is ready now
from django.db import connection  # noqa: E402
from django.test import Client  # noqa: E402
from django.test.utils import CaptureQueriesContext  # noqa: E402

from payerbots.ledger.models import Attempt, Audit, Evidence, Item, Run, RunItem  # noqa: E402
from payerbots.reasons import Reason  # noqa: E402
from payerbots.settings import Settings  # noqa: E402
from payerbots.workspace import Workspace  # noqa: E402

LIMIT_MS = 300
_BATCH = 2000
_RUNS = 200
_REASONS = [str(reason) for reason in Reason][:20]
_PORTALS = ("summit_health", "cascade_mutual", "harbor_bank")
_BOTS = ("eligibility", "remittance", "lockbox")
PATHS = (
    "/",
    "/exceptions",
    "/exceptions?order=dollars&team=intake",
    "/exceptions?reason=AUTH_NEEDED&page=20",
    "/exceptions?person=-&order=newest",
    "/exceptions?kind=payment",
    "/items/ITEM",
    "/runs",
    "/runs?page=3",
    "/runs/1",
    "/runs/1?state=exception",
    "/portals",
    "/schedules",
    "/kpis?view=team",
    "/kpis?view=leaders&days=365",
    "/kpis?view=mine",
    "/queues",
    "/documents",
    "/audit",
    "/audit?who=people&looks=no",
    "/account",
)


def fill(space: Workspace, count: int) -> None:
    """A ledger of `count` items."""
    chance, now = Random(1), datetime.now(UTC)  # noqa: S311 - made-up items need a seed
    request = space.keys.seal(
        b'{"order": "SO-1", "last_name": "Reyes", "first_name": "Ana", "payer": "Medicare"}'
    )
    runs = Run.objects.bulk_create(
        Run(
            bot=_BOTS[number % 3] if number else "eligibility",
            day=now.date() - timedelta(days=number % 60),
            state="running" if number == 0 else "done",
            options_sealed=request,
            created_at=now - timedelta(days=number % 60),
            finished_at=None if number == 0 else now - timedelta(days=number % 60),
        )
        for number in range(_RUNS)
    )
    rows = list(_items(chance, now, request, count))
    items = Item.objects.bulk_create(rows, batch_size=_BATCH)
    half = count // 2
    RunItem.objects.bulk_create(
        (
            RunItem(run=runs[0] if n < half else runs[1 + n % (_RUNS - 1)], item=item, place=n)
            for n, item in enumerate(items)
        ),
        batch_size=_BATCH,
    )
    Attempt.objects.bulk_create((_attempt(item) for item in items if item.finished_at), batch_size=_BATCH)
    Audit.objects.bulk_create(
        (_audit(item, actor) for item in items for actor in ("worker:1", "person:ana")), batch_size=_BATCH
    )
    Evidence.objects.bulk_create(
        (
            Evidence(item=item, attempt=1, kind="picture", name=f"{item.pk}", size=1, created_at=now)
            for item in items
            if item.state == "exception"
        ),
        batch_size=_BATCH,
    )


def _items(chance: Random, now: datetime, request: bytes, count: int) -> Iterator[Item]:
    states = ("done",) * 14 + ("exception",) * 4 + ("waiting", "parked")
    for number in range(count):
        state = chance.choice(states)
        made = now - timedelta(days=60) * chance.random()
        ended = state in {"done", "exception", "parked"}
        yield Item(
            bot=_BOTS[number % 3],
            reference=f"r{number}",
            portal=chance.choice(_PORTALS),
            payer_id="SUMHP",
            state=state,
            reason="" if state == "done" else chance.choice(_REASONS),
            amount=Decimal(chance.randrange(100, 900_000)) / 100,
            due_at=now + timedelta(days=chance.randrange(-5, 60)),
            attempts=1,
            request_sealed=request,
            result_sealed=request if ended else None,
            created_at=made,
            updated_at=made,
            finished_at=made if ended else None,
        )


def _attempt(item: Item) -> Attempt:
    return Attempt(
        item=item,
        number=1,
        revision=1,
        owner="worker:1",
        started_at=item.created_at,
        ended_at=item.finished_at,
        outcome=item.state,
        reason=item.reason,
    )


def _audit(item: Item, actor: str) -> Audit:
    return Audit(
        at=item.updated_at, actor=actor, action=item.state, item=item.pk, after={"state": item.state}
    )


def measured(client: Client, path: str, rounds: int) -> tuple[float, int]:
    """Milliseconds of CPU (the median) and queries of a page."""
    spent = []
    for _ in range(rounds + 1):
        began = time.process_time()
        answer: Any = client.get(path)
        spent.append((time.process_time() - began) * 1000)
        if answer.status_code != 200:
            raise SystemExit(f"{path}: {answer.status_code}")
    with CaptureQueriesContext(connection) as caught:
        client.get(path)
    return median(spent[1:]), len(caught)


def main() -> int:
    """Fills a ledger, asks every page, prints a line each."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--items", type=int, default=100_000)
    parser.add_argument("--rounds", type=int, default=5)
    given = parser.parse_args()
    slow = 0
    with tempfile.TemporaryDirectory() as folder:
        os.environ["XDG_CONFIG_HOME"] = folder
        space = Workspace(ROOT, Settings(data=Path(folder) / "data", zone="America/New_York"))
        settings.open_office(space)
        fill(space, given.items)
        user = User.objects.create_user("ana", password="not used to sign in")  # noqa: S106 - nobody signs in with it
        user.groups.add(Group.objects.get(name="ops admin"))
        client = Client(HTTP_HOST="127.0.0.1")
        client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
        item = Item.objects.filter(state="exception").order_by("pk").values_list("pk", flat=True)[100]
        print(f"{given.items:,} items, {Audit.objects.count():,} rows of audit")
        for path in PATHS:
            spent, queries = measured(client, path.replace("ITEM", str(item)), given.rounds)
            slow += spent > LIMIT_MS
            print(f"{spent:8.1f} ms  {queries:3} queries  {path}")
    return 1 if slow else 0


if __name__ == "__main__":
    sys.exit(main())
