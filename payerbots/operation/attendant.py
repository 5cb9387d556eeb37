"""The attendant behind `payerbots notify watch`: looks out for what people must be told, and tells them.

Any number may share a ledger: a notice is left once by its key, planned once, and taken for a lease.
"""

import os
import secrets
import socket
import threading
from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from django.db import DatabaseError, InterfaceError, connections
from loguru import logger

from payerbots.documents.errors import DocumentError
from payerbots.errors import ConfigError, PayerbotsError
from payerbots.ledger import notice_deliveries, notices, services
from payerbots.ledger.models import Notice
from payerbots.ledger.notice_deliveries import Told
from payerbots.ledger.notices import News
from payerbots.ledger.records import Ledger
from payerbots.ledger.services import Service
from payerbots.log import place_of
from payerbots.operation import people, rechecks, summary
from payerbots.operation.letters import Letter, Writer
from payerbots.operation.lookout import Lookout
from payerbots.operation.people import Notices
from payerbots.operation.post import Apprised, Post
from payerbots.operation.promises import book_of
from payerbots.operation.rechecks import RecheckSettings
from payerbots.operation.routing import Routing
from payerbots.operation.sender import Sender
from payerbots.portals.hours import instant
from payerbots.workspace import Workspace

NAME = "notices"
LOOK_SECONDS = 10.0


def this_service(name: str) -> Service:
    """This process, under a name that no other has."""
    host = socket.gethostname()[:60]
    return Service(
        owner=f"{name}:{host}:{os.getpid()}:{secrets.token_hex(3)}"[:80],
        name=name,
        host=host,
        pid=os.getpid(),
    )


@dataclass
class Attendant:
    """One workspace's attendant. `post` takes letters to people; by itself, apprise."""

    workspace: Workspace
    ledger: Ledger
    post: Callable[[Notices], Post] | None = None
    service: Service = field(default_factory=lambda: this_service(NAME))
    _lookout: Lookout = field(init=False)
    _last_good: Notices | None = field(default=None, init=False)
    _refused: str = field(default="", init=False)

    def __post_init__(self) -> None:
        self._lookout = Lookout(self.workspace, self.ledger)

    def turn(self) -> int:
        """Looks once, and tells whom it is time to tell; how many letters arrived."""
        services.tell(self.ledger, self.service, "working")
        self._lookout.look()
        self._recheck()
        told = self._read()
        if told is None:
            return 0
        self._summarise(told)
        return self._sender(told).turn()

    def close(self) -> None:
        """Gives back what is at hand."""
        notice_deliveries.give_back(self.service.owner)
        services.gone(self.service)

    def _read(self) -> Notices | None:
        """What notices.yaml says now; the last that was right while it is wrong."""
        try:
            self._last_good, self._refused = people.load(self.workspace.root), ""
        except ConfigError as error:
            if str(error) != self._refused:
                self._refused = str(error)
                logger.error("notices.yaml is refused, what it said before goes on: {}", error)
        return self._last_good

    def _recheck(self) -> None:
        """Writes the day's list of rechecks when its hour has come, once a day, where there is a list of orders."""
        try:
            settings = rechecks.load(self.workspace.root)
            if settings.orders is not None:
                self._list_rechecks(settings, settings.orders)
        except (ConfigError, DocumentError) as error:
            today = self.ledger.now().astimezone(self.workspace.zone).date()
            told = (
                f"the list of rechecks could not be made: {type(error).__name__}; payerbots rechecks says why"
            )
            notices.tell(self.ledger, News(key=f"rechecks failed:{today}", kind="rechecks", message=told))

    def _list_rechecks(self, settings: RecheckSettings, orders: Path) -> None:
        zone, now, root = self.workspace.zone, self.ledger.now(), self.workspace.root
        today = now.astimezone(zone).date()
        key = f"rechecks:{today}"
        if now < instant(datetime.combine(today, settings.at), zone) or notices.known([key]):
            return
        listed = rechecks.due(self.workspace, self.ledger, root / orders, today)
        told = f"{len(listed.due)} of {len(listed.sheet.orders)} active orders are to be checked again"
        if listed.sheet.bad:
            told += f"; {len(listed.sheet.bad)} rows of the list cannot be read: payerbots rechecks"
        if listed.due:
            rechecks.write(listed, root / settings.out, today)
        notices.tell(self.ledger, News(key=key, kind="rechecks", bot=rechecks.BOT, message=told))

    def _zone(self, told: Notices) -> ZoneInfo:
        return ZoneInfo(told.zone) if told.zone else self.workspace.zone

    def _summarise(self, told: Notices) -> None:
        """Leaves the notice of the day's summary when its hour has come; once a day, also when that hour was missed."""
        zone, now = self._zone(told), self.ledger.now()
        due = summary_due(told, zone, now)
        if due is None or not any(person.summary for person in told.people.values()):
            return
        day = due.astimezone(zone).date()
        notices.tell(
            self.ledger, News(key=f"summary:{day}", kind="summary", message=f"the summary of {day:%m/%d/%Y}")
        )

    def _sender(self, told: Notices) -> Sender:
        zone = self._zone(told)
        post = self.post(told) if self.post else Apprised(told, self.workspace.vault_of)
        routing = Routing(told, zone, self._named())
        return Sender(
            self.ledger, routing, Writer(zone, told.presses, self._summary), post, self.service.owner
        )

    def _named(self) -> dict[str, Collection[str]]:
        """Whom each schedule names under `tell`."""
        book = book_of(self.workspace)
        return {name: one.tell for name, one in book.schedules.items()} if book else {}

    def _summary(self, notice: Told) -> Letter:
        since = last_summary(notice.notice) or notice.at - timedelta(days=1)
        day = summary.day_of(self.workspace, self.ledger, since, notice.at)
        return summary.letter(day, self.workspace.zone)


def summary_due(told: Notices, zone: ZoneInfo, now: datetime) -> datetime | None:
    """The moment of today's summary when it has come; None before it, and on days without one."""
    day = now.astimezone(zone).date()
    if day.weekday() not in told.summary.days:
        return None
    due = instant(datetime.combine(day, told.summary.at), zone)
    return due if due <= now else None


def last_summary(before: int) -> datetime | None:
    """When the summary before a notice was made."""
    rows = Notice.objects.filter(kind="summary", pk__lt=before).order_by("-pk")
    return rows.values_list("at", flat=True).first()


@dataclass
class Watch:
    """Runs an attendant until it is told to stop."""

    attendant: Attendant
    look_seconds: float = LOOK_SECONDS
    _over: threading.Event = field(default_factory=threading.Event, init=False)

    def stop(self) -> None:
        """Ends it when the turn at hand is done."""
        self._over.set()

    def run(self) -> None:
        """Turns until it is stopped; what goes wrong is logged and tried again at the next turn."""
        try:
            while not self._over.is_set():
                self._turn()
                self._over.wait(self.look_seconds)
        finally:
            self._close()

    def _turn(self) -> None:
        try:
            self.attendant.turn()
        except (DatabaseError, InterfaceError) as error:
            logger.error("notices wait, the database does not answer: {}", place_of(error))
            connections.close_all()
        except PayerbotsError as error:
            logger.error("notices wait: {}", error)
        except Exception as error:  # noqa: BLE001 - whoever tells people must not die of what it tells
            logger.error("notices wait: {}", place_of(error))

    def _close(self) -> None:
        try:
            self.attendant.close()
        except (DatabaseError, InterfaceError):
            logger.warning("what was at hand goes back by itself when its lease is over")
        finally:
            connections.close_all()
