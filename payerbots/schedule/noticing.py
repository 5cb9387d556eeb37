"""Finding what is due: slots of the time, chains whose first one ended, files and messages that came."""

from collections.abc import Iterator
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


@dataclass
class Noticing:
    """Writes what is due into the ledger. `root` is the workspace, from which folders are seen."""

    ledger: Ledger
    root: Path
    folders: FolderWatch = field(default_factory=FolderWatch)

    def notice(self, book: Book, one: Schedule, standing: Standing) -> None:
        """Writes what is due of a schedule by now."""
        now = self.ledger.now()
        if one.cron is not None or one.every is not None:
            self._by_time(book, one, standing, now)
        elif one.after is not None:
            self._by_chain(book, one, standing, now)
        elif one.input is not None and not standing.is_paused(now):
            self._by_watch(one, one.input, now)

    def _by_time(self, book: Book, one: Schedule, standing: Standing, now: datetime) -> None:
        until = now + _A_MOMENT
        if until <= standing.seen_until:
            return
        timing = book.timing(one.name)
        found = [
            NewSlot(slot=slot.name, at=slot.at, start_at=slot.start_at, due_by=due_by(timing, slot.at))
            for slot in slots(timing, standing.seen_until, until)
        ]
        schedules.note_due(one.name, found, until, self.ledger)

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

    def _by_watch(self, one: Schedule, given: Input, now: datetime) -> None:
        if given.queue and schedules.has_messages(self.ledger, given.queue):
            new = NewSlot(slot=f"messages {now:%Y-%m-%dT%H:%M:%S.%fZ}", at=now, start_at=now)
            schedules.add(self.ledger, one.name, [new])
        elif given.folder:
            self.look_into(one, given, now)

    def look_into(
        self, one: Schedule, given: Input, now: datetime, *, settled: bool = False
    ) -> tuple[int, int]:
        """Writes a slot for each new file of a folder: how many those are, and how many files still change.

        `settled`: a person says that none does.
        """
        settle = timedelta(0) if settled else given.settle
        try:
            found, changing = self.folders.look(self.root / given.folder, given.pattern, settle, now)
        except OSError as error:
            self._tell_unreadable(one, given, now, error)
            return 0, 0
        return sum(self._came(one, file, now) for file in found), changing

    def _came(self, one: Schedule, file: Found, now: datetime) -> bool:
        known = schedules.state_of(one.name, file.slot)
        if not known:
            new = NewSlot(slot=file.slot, at=now, start_at=now, taken=file.packed())
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
