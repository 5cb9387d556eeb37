"""Reading `schedules.yaml`: each schedule against the model, then against what the workspace has."""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from payerbots import yamlfile
from payerbots.engine import bots
from payerbots.errors import ConfigError
from payerbots.queues import Goal
from payerbots.schedule.calendars import BUILT_IN, Calendar, CalendarEntry
from payerbots.schedule.config import CALENDARS, FILE, NAME, Book, Schedule
from payerbots.workspace import Workspace

_NAMES = "a name of lower-case letters, digits, - and _, with a letter first"


@dataclass(frozen=True)
class Office:
    """What a workspace has that schedules may name."""

    bots: tuple[str, ...]
    portals: tuple[str, ...]
    queues: tuple[str, ...]
    zone: ZoneInfo
    reads_messages: Callable[[str], bool] = lambda _bot: True

    @classmethod
    def of(cls, workspace: Workspace) -> "Office":
        """What is in a workspace now. `ConfigError` when one of its other files cannot be read."""
        queues = (name for name, one in workspace.queues.items() if one.to is Goal.OFFICE)
        return cls(
            tuple(workspace.bot_names()),
            tuple(workspace.portals),
            tuple(queues),
            workspace.zone,
            lambda bot: bots.load(workspace, bot).reads_messages,
        )


def load(path: Path, office: Office) -> Book:
    """All schedules of a file. `ConfigError` for the first that is wrong."""
    reader = Reader(path, office)
    for problem in reader.problems():
        raise problem
    return reader.book()


@dataclass
class Reader:
    """One reading of a file; it finds what is wrong in each schedule, not only in the first."""

    path: Path
    office: Office
    _data: Mapping[str, Any] = field(default_factory=dict, init=False)
    _schedules: dict[str, Schedule] = field(default_factory=dict, init=False)
    _calendars: dict[str, Calendar] = field(default_factory=lambda: dict(BUILT_IN), init=False)

    def book(self) -> Book:
        """What was read."""
        return Book(self._schedules, self._calendars, self.office.zone)

    def problems(self) -> Iterator[ConfigError]:
        """What is wrong: at most one a schedule or calendar, and what does not go together."""
        try:
            self._data = yamlfile.read(self.path)
        except ConfigError as error:
            yield error
            return
        yield from self._read_calendars()
        for name, row in self._data.items():
            if name != CALENDARS:
                yield from self._read_schedule(str(name), row)
        yield from self._chains()
        yield from self._folders()

    def _read_calendars(self) -> Iterator[ConfigError]:
        rows = self._data.get(CALENDARS) or {}
        if not isinstance(rows, Mapping):
            yield self._wrong("expected names of calendars, with what they are", CALENDARS)
            return
        for name, row in rows.items():
            try:
                if not re.fullmatch(NAME, str(name)) or name in BUILT_IN:
                    raise self._wrong(f"found {name!r}, allowed: {_NAMES}", CALENDARS, str(name))
                entry = yamlfile.parse(
                    CalendarEntry, self._settings(row, CALENDARS, str(name)), self.path, root=self._data,
                    key=[CALENDARS, str(name)],
                )  # fmt: skip
                self._calendars[str(name)] = Calendar(str(name), entry)
            except ConfigError as error:
                yield error

    def _read_schedule(self, name: str, row: object) -> Iterator[ConfigError]:
        try:
            if not re.fullmatch(NAME, name):
                raise self._wrong(f"found {name!r}, allowed: {_NAMES}", name)
            values = {**self._settings(row, name), "name": name}
            one = yamlfile.parse(Schedule, values, self.path, root=self._data, key=[name])
            self._known(one)
            self._schedules[name] = one
        except ConfigError as error:
            yield error

    def _settings(self, row: object, *where: str) -> Mapping[str, Any]:
        if not isinstance(row, Mapping):
            raise self._wrong("expected its settings, each on a line of its own", *where)
        return row

    def _known(self, one: Schedule) -> None:
        """That the workspace has what the schedule names."""
        self._among(one.bot, self.office.bots, one.name, "bot")
        for number, portal in enumerate(one.portals):
            self._among(portal, self.office.portals, one.name, "portals", number)
        self._among(one.calendar, tuple(self._calendars), one.name, "calendar")
        if one.after is not None:
            others = tuple(str(name) for name in self._data if name not in {CALENDARS, one.name})
            self._among(one.after.schedule, others, one.name, "after")
        if one.input is not None and one.input.queue:
            self._among(one.input.queue, self.office.queues, one.name, "input", "queue")
            if not self.office.reads_messages(one.bot):
                raise self._wrong(f"{one.bot} takes nothing from a queue", one.name, "input", "queue")

    def _among(self, found: str, known: tuple[str, ...], *where: str | int) -> None:
        if found not in known:
            raise self._wrong(
                f"found {found!r}, allowed: {', '.join(known) or 'none, there is none'}", *where
            )

    def _chains(self) -> Iterator[ConfigError]:
        """Chains that come back to where they began: they would never end."""
        told: set[str] = set()
        for name in self._schedules:
            chain = self._chain(name)
            if chain[-1] in chain[:-1] and chain[-1] not in told:
                loop = chain[chain.index(chain[-1]) :]
                told.update(loop)
                yield self._wrong(f"a chain that loops: {' → '.join(loop)}", loop[0], "after")

    def _chain(self, name: str) -> list[str]:
        chain = [name]
        while (one := self._schedules.get(chain[-1])) and one.after and chain[-1] not in chain[:-1]:
            chain.append(one.after.schedule)
        return chain

    def _folders(self) -> Iterator[ConfigError]:
        """Folders and queues that two schedules would take from: which one gets what would be chance."""
        taken: dict[tuple[str, str], str] = {}
        for name, one in self._schedules.items():
            for kind in ("folder", "queue"):
                place = getattr(one.input, kind, "")
                if place and taken.setdefault((kind, str(Path(place))), name) != name:
                    other = taken[kind, str(Path(place))]
                    yield self._wrong(f"{place} is taken from by {other} already", name, "input", kind)

    def _wrong(self, what: str, *where: str | int) -> ConfigError:
        key = ".".join(str(part) for part in where)
        return ConfigError(what, file=self.path, line=yamlfile.line_of(self._data, where), key=key)


def of_workspace(workspace: Workspace, file: Path | None = None) -> Book:
    """The schedules of a workspace."""
    return load(file or workspace.root / FILE, Office.of(workspace))
