"""The schedules as they are now: the file is read again when it changes; a broken edit is refused, loudly."""

import hashlib
from dataclasses import dataclass, field
from pathlib import Path

from loguru import logger

from payerbots.errors import ConfigError
from payerbots.ledger import notices
from payerbots.ledger.notices import News
from payerbots.ledger.records import Ledger
from payerbots.log import place_of
from payerbots.queues import FILE as QUEUES
from payerbots.schedule import reading
from payerbots.schedule.config import Book
from payerbots.workspace import Workspace

_LAST_GOOD = "schedules.last-good.yaml"


@dataclass(frozen=True)
class Edition:
    """The schedules with the workspace as it was when they were read."""

    book: Book
    workspace: Workspace


@dataclass
class Shelf:
    """Gives the schedules that hold now. The last ones that were right are kept in the data folder too.

    A change counts when a second look finds it as the first did: an editor may be half-way through writing it.
    """

    workspace: Workspace
    ledger: Ledger
    file: Path
    _mark: str = field(default="", init=False)
    _changing: str = field(default="", init=False)
    _edition: Edition | None = field(default=None, init=False)

    def current(self) -> Edition:
        """The schedules of the file, or the last right ones while it is wrong.

        `ConfigError` when it is wrong and never was right.
        """
        mark = self._marked()
        if self._edition is None or mark == self._changing:
            self._edition = self._read(mark)
            self._mark = mark
        self._changing = "" if mark == self._mark else mark
        return self._edition

    def _marked(self) -> str:
        """A mark of all that schedules name: changed files and bots change it."""
        root, digest = self.workspace.root, hashlib.sha256()
        for path in (self.file, root / "portals.yaml", root / QUEUES):
            digest.update(path.read_bytes() if path.is_file() else b"-")
            digest.update(b"\0")
        digest.update(" ".join(self.workspace.bot_names()).encode())
        return digest.hexdigest()

    def _read(self, mark: str) -> Edition:
        fresh = Workspace(self.workspace.root, self.workspace.settings, self.workspace.clock)
        try:
            edition = Edition(reading.of_workspace(fresh, self.file), fresh)
        except ConfigError as error:
            return self._refused(error, mark)
        logger.info("{}: {} schedules are taken up", self.file.name, len(edition.book.schedules))
        if self._marked() == mark:
            self._keep()
        return edition

    def _refused(self, error: ConfigError, mark: str) -> Edition:
        logger.error("the change is refused, the schedules before it go on: {}", error)
        news = News(
            key=f"schedules refused:{mark[:32]}",
            kind="schedules",
            message=f"a change is refused, the schedules before it go on: {error}",
        )
        notices.tell(self.ledger, news)
        if self._edition is not None:
            return self._edition
        kept = self.workspace.data / _LAST_GOOD
        if not kept.is_file():
            raise error
        fresh = Workspace(self.workspace.root, self.workspace.settings, self.workspace.clock)
        return Edition(reading.of_workspace(fresh, kept), fresh)

    def _keep(self) -> None:
        """For a scheduler that starts while the file is wrong."""
        kept = self.workspace.data / _LAST_GOOD
        fresh = kept.with_suffix(".new")
        try:
            fresh.write_bytes(self.file.read_bytes())
            fresh.replace(kept)
        except OSError as error:
            logger.warning("the schedules cannot be kept in the data folder: {}", place_of(error))
