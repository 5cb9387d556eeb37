"""Finding what is due: slots of the time, chains whose first one ended, files and messages that came."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

from loguru import logger

from payerbots.ledger import notices, schedules
from payerbots.ledger.models import SlotState
from payerbots.ledger.notices import News
from payerbots.ledger.records import Ledger
from payerbots.ledger.schedules import NewSlot, Standing
from payerbots.log import place_of
from payerbots.schedule.config import Book, Input, Schedule
from payerbots.schedule.folders import FolderWatch, Found
from payerbots.schedule.slots import due_by, slots

_A_MOMENT = timedelta(microseconds=1)
_A_WHILE = timedelta(minutes=1)


@dataclass
class Noticing:
    """Writes what is due into the ledger. `root` is the workspace, from which folders are seen."""

    ledger: Ledger
    root: Path
    folders: FolderWatch = field(default_factory=FolderWatch)

    def by_time(self, book: Book, standing: Mapping[str, Standing]) -> datetime:
        """Writes the slots of the time that are due by now; up to when they are known.

        Where there are none, that they were looked for is written once in a while only.
        """
        until = self.ledger.now() + _A_MOMENT
        found = {
            one.name: self._new(book, one.name, standing[one.name].seen_until, until)
            for one in book.schedules.values()
            if (one.cron is not None or one.every is not None) and standing[one.name].seen_until < until
        }
        oldest = min((standing[name].seen_until for name in found), default=until)
        if any(found.values()) or until - oldest >= _A_WHILE:
            schedules.note_due(self.ledger, found, until)
        return until

    def _new(self, book: Book, name: str, first: datetime, last: datetime) -> list[NewSlot]:
        timing = book.timing(name)
        return [
            NewSlot(slot=slot.name, at=slot.at, start_at=slot.start_at, due_by=due_by(timing, slot.at))
            for slot in slots(timing, first, last)
        ]

    def notice(self, book: Book, one: Schedule, standing: Standing) -> None:
        """Writes what is due of a schedule by now for another reason than the time."""
        now = self.ledger.now()
        if one.after is not None:
            self._by_chain(book, one, standing, now)
        elif one.is_watch and one.input is not None and not standing.is_paused(now):
            timing = book.timing(one.name)
            if timing.is_open(now):
                self._by_watch(one, one.input, now, due_by(timing, now))

    def _by_chain(self, book: Book, one: Schedule, standing: Standing, now: datetime) -> None:
        if one.after is None:
            return
        timing = book.timing(one.name)
        for first in schedules.ready_to_follow(self.ledger, one.after.schedule, one.name, standing.since):
            root = schedules.first_of(self.ledger, first.number)
            new = NewSlot(
                slot=f"after {first.number}",
                at=now,
                start_at=now,
                due_by=due_by(timing, root.at),
                after=first.number,
            )
            schedules.add(self.ledger, one.name, [new])

    def _by_watch(self, one: Schedule, given: Input, now: datetime, due: datetime | None) -> None:
        if given.queue and schedules.has_messages(self.ledger, given.queue):
            new = NewSlot(slot=f"messages {now:%Y-%m-%dT%H:%M:%S.%fZ}", at=now, start_at=now, due_by=due)
            schedules.add(self.ledger, one.name, [new])
        elif given.folder:
            self.look_into(one, given, due)

    def look_into(
        self, one: Schedule, given: Input, due: datetime | None = None, *, settled: bool = False
    ) -> tuple[int, int]:
        """Writes a slot for each new file of a folder: how many those are, and how many files still change.

        `due` is when they are promised; `settled`: a person says that none changes.
        """
        now = self.ledger.now()
        settle = timedelta(0) if settled else given.settle
        try:
            found, changing = self.folders.look(self.root / given.folder, given.pattern, settle, now)
        except OSError as error:
            self._tell_unreadable(one, given, now, error)
            return 0, 0
        return sum(self._came(one, file, due) for file in found), changing

    def _came(self, one: Schedule, file: Found, due: datetime | None) -> bool:
        known, now = schedules.state_of(one.name, file.slot), self.ledger.now()
        if not known:
            new = NewSlot(slot=file.slot, at=now, start_at=now, due_by=due, taken=file.packed())
            schedules.add(self.ledger, one.name, [new])
        elif known == SlotState.MISSED:
            schedules.due_again(one.name, file.slot)
        elif known == SlotState.STARTED:
            self._again(one, file)
        return known in {"", SlotState.MISSED}

    def _again(self, one: Schedule, file: Found) -> None:
        """The same content a second time: nothing runs, and somebody may wonder why."""
        try:
            file.put_aside()
        except OSError as error:
            logger.warning("schedule {}: a file cannot be put aside: {}", one.name, place_of(error))
            return
        run = schedules.run_of(one.name, file.slot)
        told = f"{one.name}: a file came again whose content run {run} took; nothing runs, it is in taken/"
        key = f"taken again:{one.name}:{file.slot}:{self.ledger.now():%Y-%m-%d}"
        notices.tell(self.ledger, News(key=key[:120], kind="schedule", schedule=one.name, message=told))

    def _tell_unreadable(self, one: Schedule, given: Input, now: datetime, error: OSError) -> None:
        logger.warning("schedule {}: its folder cannot be read: {}", one.name, place_of(error))
        told = f"{one.name}: its folder {given.folder} cannot be read: {error.strerror}"
        key = f"folder:{one.name}:{now:%Y-%m-%d}"
        notices.tell(self.ledger, News(key=key, kind="schedule", schedule=one.name, message=told))


def due_soon(book: Book, now: datetime) -> Iterator[datetime]:
    """When the next slot of each schedule starts."""
    for name in book.schedules:
        timing = book.timing(name)
        for slot in slots(timing, now, now + timedelta(days=1)):
            yield slot.start_at
            break
