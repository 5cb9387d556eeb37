"""The scheduler: looks at what is due and starts it, as long as it holds the lease; else it stands by.

APScheduler only wakes it: every few seconds, and at the very time of the next slot. What is due follows from the
ledger and `schedules.yaml` alone, so that nothing depends on a wake-up that came late, twice or never.
"""

import os
import socket
import threading
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from uuid import uuid4

from apscheduler.schedulers.background import BackgroundScheduler
from django.db import DatabaseError, InterfaceError, close_old_connections, connections
from loguru import logger

from payerbots.ledger import notices, schedules
from payerbots.ledger.notices import News
from payerbots.ledger.records import Ledger
from payerbots.ledger.schedules import Process, SlotView, Standing
from payerbots.log import place_of
from payerbots.schedule.acting import Acting
from payerbots.schedule.config import FILE
from payerbots.schedule.noticing import Noticing, due_soon
from payerbots.schedule.shelf import Edition, Shelf
from payerbots.workspace import Workspace

LOOK_SECONDS = 5.0
_NEXT, _LOOK = "the next slot", "a look"


@dataclass(frozen=True)
class Looked:
    """What a look came to: whether this process leads, the runs it started, and when the next slot is."""

    leads: bool
    started: tuple[int, ...] = ()
    next_at: datetime | None = None


def this_process() -> Process:
    """This process, under a name that no other has."""
    host = socket.gethostname()[:60]
    return Process(f"scheduler:{host}:{os.getpid()}:{uuid4().hex[:8]}"[:80], host, os.getpid())


@dataclass
class Scheduler:
    """Looks at a workspace's schedules. Any number of them may share a ledger: one leads."""

    workspace: Workspace
    ledger: Ledger
    file: Path | None = None
    me: Process = field(default_factory=this_process)
    _led: bool | None = field(default=None, init=False)

    def __post_init__(self) -> None:
        self._shelf = Shelf(self.workspace, self.ledger, self.file or self.workspace.root / FILE)
        self._noticing = Noticing(self.ledger, self.workspace.root)

    def look(self) -> Looked:
        """Notes what is due and acts on it, when this process leads. `ConfigError` when nothing can be read at all."""
        lease = timedelta(seconds=self.workspace.settings.lease_seconds)
        leads = schedules.lead(self.ledger, self.me, lease)
        self._say(leads=leads)
        if not leads:
            return Looked(leads=False)
        edition = self._shelf.current()
        standing = self._standing(edition)
        until = self._noticing.by_time(edition.book, standing)
        for name, one in edition.book.schedules.items():
            self._each(name, partial(self._noticing.notice, edition.book, one, standing[name]))
        started = self._act(edition, standing)
        next_at = min(due_soon(edition.book, until), default=None)
        return Looked(leads=True, started=tuple(started), next_at=next_at)

    def step_down(self) -> None:
        """Leaves the schedules to whoever stands by."""
        schedules.step_down(self.me.owner)

    def _say(self, *, leads: bool) -> None:
        if leads != self._led:
            logger.info("scheduler {} {}", self.me.owner, "leads" if leads else "stands by: another leads")
        self._led = leads

    def _standing(self, edition: Edition) -> dict[str, Standing]:
        """How each schedule stands; new ones are known from now on."""
        names = list(edition.book.schedules)
        known = schedules.standings(names)
        if fresh := [name for name in names if name not in known]:
            schedules.first_seen(self.ledger, fresh)
            known = schedules.standings(names)
        return known

    def _act(self, edition: Edition, standing: Mapping[str, Standing]) -> list[int]:
        acting = Acting(edition.book, edition.workspace, self.ledger, self._noticing)
        due: dict[str, list[SlotView]] = {}
        for slot in schedules.due(self.ledger):
            due.setdefault(slot.schedule, []).append(slot)
        for name, found in due.items():
            rules = edition.book.schedules.get(name)
            if rules is None:
                acting.removed(found)
            else:
                self._each(name, partial(acting.act, rules, found, standing[name]))
        acting.tell()
        return acting.started

    def _each(self, name: str, work: Callable[[], None]) -> None:
        """What goes wrong with one schedule costs only itself, and is told."""
        try:
            work()
        except (DatabaseError, InterfaceError):
            raise
        except Exception as error:  # noqa: BLE001 - whatever it is, the other schedules go on
            logger.error("schedule {}: {}", name, place_of(error))
            told = f"{name}: an error that was not foreseen, {place_of(error)}; the log says more"
            key = f"unforeseen:{name}:{place_of(error)}:{self.ledger.now():%Y-%m-%d}"
            notices.tell(self.ledger, News(key=key[:120], kind="schedule", schedule=name, message=told))


@dataclass
class Service:
    """Runs a scheduler until it is told to stop."""

    scheduler: Scheduler
    look_seconds: float = LOOK_SECONDS
    looked: Callable[[Looked], None] = lambda _looked: None
    _wake: threading.Event = field(default_factory=threading.Event, init=False)
    _stopping: bool = field(default=False, init=False)

    def stop(self) -> None:
        """Ends it when the look at hand is done."""
        self._stopping = True
        self._wake.set()

    def run(self) -> None:
        """Looks whenever it is woken, until it is stopped. `ConfigError` when there is nothing right to begin with."""
        waking = BackgroundScheduler(
            timezone=UTC,
            job_defaults={"misfire_grace_time": None, "coalesce": True, "max_instances": 1},
        )
        waking.add_job(self._wake.set, "interval", seconds=self.look_seconds, id=_LOOK)
        waking.start()
        try:
            while not self._stopping:
                self._wake.clear()
                self._look(waking)
                self._wake.wait()
        finally:
            waking.shutdown(wait=False)
            with suppress(DatabaseError, InterfaceError):
                self.scheduler.step_down()
            connections.close_all()

    def _look(self, waking: BackgroundScheduler) -> None:
        try:
            close_old_connections()
            looked = self.scheduler.look()
        except (DatabaseError, InterfaceError) as error:
            logger.error("the database does not answer, the schedules wait: {}", place_of(error))
            connections.close_all()
            return
        except OSError as error:
            logger.error("a file cannot be read, the schedules wait: {}", place_of(error))
            return
        if looked.next_at is not None:
            at = datetime.now(UTC) + (looked.next_at - self.scheduler.ledger.now())
            waking.add_job(self._wake.set, "date", run_date=at, id=_NEXT, replace_existing=True)
        self.looked(looked)


def run(workspace: Workspace, started: Callable[[Service], None] = lambda _service: None) -> None:
    """Runs the schedules of a workspace until `Service.stop`; `started` gets the service once it is there."""
    workspace.connect()
    service = Service(Scheduler(workspace, Ledger(workspace.keys, workspace.clock)))
    started(service)
    service.run()
