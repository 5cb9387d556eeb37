"""What tests of the schedule share: a workspace with a bot that only collects, and schedules written in a line."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from payerbots.ledger import schedules
from payerbots.ledger.models import Notice, Run, RunState, ScheduleSlot
from payerbots.ledger.records import Ledger
from payerbots.ledger.schedules import Process
from payerbots.schedule.config import Book, Timing
from payerbots.schedule.reading import Office, load
from payerbots.schedule.service import Looked, Scheduler
from payerbots.settings import Settings
from payerbots.workspace import Workspace
from tests.engine.cashroom import only_its_modules
from tests.ledger.desk import Desk

ZONE = ZoneInfo("America/New_York")
OFFICE = Office(("eligibility", "remittance", "posting"), ("summit_health", "harbor_bank"), ("orders",), ZONE)
_BOT = """
from payerbots.api import Again, Ask, Bot


class Gather(Bot[int, object, str, int]):
    name = "{name}"
    capability = ()
    again = Again.DAILY
    reads_messages = {reads}
    request, answer, unreadable = int, str, int

    async def collect(self, run, portal):
        return [Ask(place=int(body), portal="", request=int(body)) for body in run.messages]

    def reference(self, request):
        return (str(request),)

    async def work(self, item, portal):
        raise AssertionError("it has no work")

    def deliver(self, run):
        return []
"""


def book(folder: Path, text: str, office: Office = OFFICE) -> Book:
    """The schedules of a text."""
    file = folder / "schedules.yaml"
    file.write_text(text, encoding="utf-8")
    return load(file, office)


def timing(folder: Path, line: str) -> Timing:
    """When a schedule of the eligibility bot has its slots; `line` is all else of it."""
    return book(folder, f"one: {{bot: eligibility, {line}}}").timing("one")


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def make_workspace(folder: Path, text: str = "", queues: str = "") -> Workspace:
    """A workspace with the bots `gather` and `post`, which need no portal, and these schedules."""
    (folder / "bots").mkdir(parents=True, exist_ok=True)
    (folder / "bots/__init__.py").touch()
    make_bot(folder, "gather", reads=True)
    make_bot(folder, "post")
    (folder / "portals.yaml").write_text("")
    (folder / "queues.yaml").write_text(queues)
    (folder / "schedules.yaml").write_text(text)
    return Workspace(folder, Settings(data=folder / "data", zone="America/New_York"))


def make_bot(folder: Path, name: str, *, reads: bool = False) -> None:
    """A bot that asks for each message of an office queue, and else for nothing."""
    (folder / f"bots/{name}.py").write_text(_BOT.format(name=name, reads=reads))


@dataclass
class Plan:
    """A scheduler on a ledger whose clock stands still."""

    desk: Desk
    workspace: Workspace
    scheduler: Scheduler = field(init=False)

    def __post_init__(self) -> None:
        self.scheduler = self.another("one")

    def another(self, name: str) -> Scheduler:
        """One more scheduler, as in another process."""
        return Scheduler(self.workspace, self.ledger, me=Process(name, "host", 1))

    @property
    def ledger(self) -> Ledger:
        return self.desk.ledger

    def write(self, text: str) -> None:
        (self.workspace.root / "schedules.yaml").write_text(text)

    def at(self, moment: str) -> Looked:
        """The clock stands at a time (UTC), and the scheduler looks."""
        self.desk.clock.now = utc(moment)
        self.desk.clock.moved(self.desk.clock.now)
        return self.scheduler.look()

    def end(self, state: RunState = RunState.DONE) -> None:
        """All runs that go on end."""
        Run.objects.filter(state=RunState.RUNNING).update(state=state, finished_at=self.ledger.now())

    def slots(self, schedule: str = "") -> list[tuple[str, str, str]]:
        """Every slot: its name without the zone, its state, and why."""
        rows = ScheduleSlot.objects.order_by("at", "pk")
        if schedule:
            rows = rows.filter(schedule=schedule)
        return [(one.slot.partition(" America")[0], one.state, one.reason) for one in rows]

    def runs(self) -> list[tuple[str | None, str | None]]:
        """What started each run."""
        return list(Run.objects.order_by("pk").values_list("schedule", "slot"))

    def told(self) -> list[str]:
        """The notices, from the first."""
        return list(Notice.objects.order_by("pk").values_list("message", flat=True))

    def due(self) -> int:
        return len(schedules.due(self.ledger))


@contextmanager
def planned(desk: Desk, text: str, queues: str = "") -> Iterator[Plan]:
    """A workspace with schedules beside a ledger."""
    with only_its_modules(), pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_CONFIG_HOME", str(desk.folder / "config"))
        workspace = make_workspace(desk.folder / "office", text, queues)
        made = Workspace(workspace.root, workspace.settings, desk.ledger.clock)
        yield Plan(desk, made)
