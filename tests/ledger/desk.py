"""What tests of the ledger share: a clock that is moved by hand, and short ways to put items in and take them."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any, TypeVar

import psycopg
from cryptography.fernet import Fernet
from django.db import connections

from payerbots.keys import Keys
from payerbots.ledger import items, runs
from payerbots.ledger.claims import Search
from payerbots.ledger.models import (
    Attempt,
    Audit,
    Case,
    Decided,
    Evidence,
    Intent,
    Item,
    ItemKind,
    ItemState,
    Notice,
    Run,
    RunItem,
)
from payerbots.ledger.records import Claim, Ending, Ledger, NewItem

KEYS = Keys((Fernet.generate_key().decode(),), "index", "a test")
BOT, PORTAL = "eligibility", "summit"
DAY = date(2026, 11, 22)
LEASE = timedelta(seconds=60)
SECOND = timedelta(seconds=1)
CANARY = b'{"name": "Canary-Reyes", "member_id": "1EG4TE5MK73"}'
DONE = Ending(state=ItemState.DONE, outcome="done", result=CANARY)
RETRY = Ending(state=ItemState.WAITING, outcome="retry", error="SessionLost", wait=SECOND)

T = TypeVar("T")


@dataclass
class Clock:
    """A clock that stands still until a test moves it."""

    now: datetime = field(default_factory=lambda: datetime(2026, 11, 22, 15, 0, tzinfo=UTC))
    moved: Callable[[datetime], None] = lambda _now: None
    """Tells the database, where it has a clock of its own."""

    def __post_init__(self) -> None:
        self.moved(self.now)

    def __call__(self) -> datetime:
        return self.now

    def forward(self, gap: timedelta) -> None:
        self.now += gap
        self.moved(self.now)


def new_item(place: int, reference: str | None = None, **values: Any) -> NewItem:
    """An item to be; its reference follows from its place unless told."""
    given = {"kind": ItemKind.WORK, "portal": PORTAL, "request": CANARY, **values}
    return NewItem(place=place, reference=reference or f"reference-{place}", **given)


def search(owner: str = "w1", portal: str = PORTAL, **values: Any) -> Search:
    """What a worker looks for, unless told otherwise: the next item at the portal."""
    return Search(**{"owner": owner, "bots": [BOT], "portal": portal, "lease": LEASE, **values})


@dataclass(frozen=True)
class Desk:
    """A fresh ledger in a folder of its own, and its clock."""

    ledger: Ledger
    clock: Clock
    folder: Path
    url: str | None = None

    def empty(self) -> None:
        """Takes every row out."""
        for model in (Decided, Case, Intent, Evidence, Attempt, RunItem, Audit, Notice, Item, Run):
            model.objects.all().delete()

    def start(self, *portals: str) -> int:
        """A run; its collect items stand at `portals`, or at none in particular."""
        options, where = b'{"input": "Canary.xlsx"}', portals or ("",)
        wanted = runs.Start(bot=BOT, day=DAY, options=options, portals=where, actor="ana")
        return runs.start(self.ledger, wanted)

    def collect(self, run: int, *wanted: NewItem, portal: str = "") -> int:
        """Ends the run's next collect item with what it found; how many were new."""
        return runs.add_items(self.ledger, self.claimed("collector", portal), run, wanted)

    def fill(self, *wanted: NewItem) -> int:
        """A run that has collected `wanted`."""
        run = self.start()
        self.collect(run, *wanted)
        return run

    def claim(self, owner: str = "w1", portal: str = PORTAL) -> Claim | None:
        """The next item, if there is one."""
        return items.claim(self.ledger, search(owner, portal))

    def claimed(self, owner: str = "w1", portal: str = PORTAL) -> Claim:
        """The next item, which there is."""
        claim = self.claim(owner, portal)
        assert claim is not None
        return claim

    def held_by(self, owner: str) -> Claim:
        """The claim of a worker that holds one item, as it would remember it."""
        row = Item.objects.get(lease_owner=owner)
        known: dict[str, Any] = {"kind": row.kind, "bot": row.bot, "portal": row.portal}
        return Claim(item=row.pk, attempt=row.attempts, owner=owner, request=CANARY, **known)

    def finish(self, claim: Claim, ending: Ending = DONE) -> None:
        items.finish(self.ledger, claim, ending)

    def item(self, claim: Claim) -> Item:
        """The item's row as it is now."""
        return Item.objects.get(pk=claim.item)

    def places(self, run: int) -> dict[int, int]:
        """The items of a run by their places."""
        return dict(Item.objects.filter(asked_by__run=run).values_list("asked_by__place", "pk"))

    def audited(self) -> list[tuple[str, str]]:
        """Who did what, from the first."""
        return list(Audit.objects.order_by("pk").values_list("actor", "action"))

    def bytes_on_disk(self) -> bytes:
        """All that the database has written, its write-ahead log too."""
        if self.url is not None:
            with psycopg.connect(self.url) as connection:
                tables = connection.execute("SELECT tablename FROM pg_tables WHERE tablename LIKE 'ledger_%'")
                rows = [
                    repr(connection.execute(f"SELECT t.* FROM {name} t").fetchall())  # noqa: S608 - a table of our own
                    for (name,) in tables.fetchall()
                ]
            return "".join(rows).encode()
        return b"".join(file.read_bytes() for file in sorted(self.folder.glob("ledger.db*")))


def with_own_connection(work: Callable[[], T]) -> T:
    """What `work` gives; the thread's connection is closed after it."""
    try:
        return work()
    finally:
        connections.close_all()
