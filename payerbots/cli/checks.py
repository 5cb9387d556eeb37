"""The checks of `payerbots doctor`: each a small function that looks at one thing and says what it found."""

import os
import shutil
import stat
import sys
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from payerbots.cli import machine
from payerbots.cli.machine import Launch
from payerbots.clock import Clock, utc_now
from payerbots.errors import ConfigError, PayerbotsError
from payerbots.log import place_of

if TYPE_CHECKING:
    from payerbots.browser.chromium import Executable
    from payerbots.portals.config import Portal
    from payerbots.workspace import Workspace

FREE_MEGABYTES = 500
OLDEST_PYTHON = (3, 11)
_PRIVATE = stat.S_IRWXG | stat.S_IRWXO


class Finding(NamedTuple):
    """What a check saw, and what to do about it (also a hint where all is well)."""

    ok: bool
    found: str
    do: str = ""


def fine(found: str, hint: str = "") -> Finding:
    """All is well; a hint may still be worth reading."""
    return Finding(ok=True, found=found, do=hint)


def mend(found: str, do: str) -> Finding:
    """Something is to be done."""
    return Finding(ok=False, found=found, do=do)


class Check(NamedTuple):
    """A finding with the check's name."""

    name: str
    ok: bool
    found: str
    do: str


def _is_root() -> bool:
    from payerbots.browser.chromium import is_root

    return is_root()


@dataclass(frozen=True)
class Subject:
    """What is looked at: the workspace, and the machine as tests may replace it."""

    workspace: Callable[[], "Workspace"]
    browser: Callable[[], "Executable | None"]
    launch: Callable[[Path], Launch] = machine.launch
    is_root: Callable[[], bool] = _is_root
    environ: Mapping[str, str] = field(default_factory=lambda: os.environ)
    now: Clock = utc_now


Look = Callable[[Subject], Finding]


def run_all(subject: Subject) -> Iterator[Check]:
    """Every check in turn. Without a workspace, those that look into it are left out."""
    yield from _run(_MACHINE, subject)
    workspace = next(_run({"workspace": workspace_found}, subject))
    yield workspace
    if workspace.ok:
        yield from _run(_WORKSPACE, subject)


def _run(looks: Mapping[str, Look], subject: Subject) -> Iterator[Check]:
    for name, look in looks.items():
        yield Check(name, *_look(look, subject))


def _look(look: Look, subject: Subject) -> Finding:
    try:
        return look(subject)
    except PayerbotsError as error:
        return mend(str(error), "mend this, then run doctor again")
    except OSError as error:
        return mend(str(error), "make it readable and writable for this user")
    except Exception as error:  # noqa: BLE001 - one failing check never stops the others
        return mend(place_of(error), "this was not foreseen: mend that line, or report it")


def python(_: Subject) -> Finding:
    """Python is new enough."""
    found = ".".join(str(part) for part in sys.version_info[:3])
    if sys.version_info[:2] < OLDEST_PYTHON:
        return mend(found, "install Python 3.11 or later and run `make setup`")
    return fine(found)


def browser(subject: Subject) -> Finding:
    """A browser is found and starts."""
    found = subject.browser()
    if found is None:
        return mend("none", "run `payerbots setup`")
    version, problem = subject.launch(found.path)
    where = f"{found.source}, {found.path}"
    if version:
        return fine(f"{version}, {where}")
    return mend(f"{where}: {problem}", "run `payerbots setup`, or set PAYERBOTS_BROWSER to one that starts")


def sandbox(subject: Subject) -> Finding:
    """Whether Chromium's own sandbox is on."""
    if subject.is_root():
        return fine(
            "off: Chromium has no sandbox for root",
            "run as an ordinary user, and it is on; best for real portals",
        )
    return fine("on")


def workspace_found(subject: Subject) -> Finding:
    """There is a workspace."""
    return fine(str(subject.workspace().root))


def bots(subject: Subject) -> Finding:
    """Every module of `bots/` can be loaded and holds its bot."""
    from payerbots.engine.bots import load

    space = subject.workspace()
    names = space.bot_names()
    if not names:
        return mend("none in bots/", "put a bot into bots/, one module each")
    for name in names:
        load(space, name)
    return fine(", ".join(names))


def flows(subject: Subject) -> Finding:
    """Every portal has its folder in `flows/`."""
    space = subject.workspace()
    there = {file.parent.name for file in (space.root / "flows").glob("*/sign_in.py")}
    return _all_there(there, _flows_needed(space), "flows/{}/sign_in.py")


def selectors(subject: Subject) -> Finding:
    """Every file of `selectors/` can be read, and every portal has one."""
    from payerbots.browser import pagebook

    space = subject.workspace()
    files = sorted((space.root / "selectors").glob("*.yaml"))
    for file in files:
        pagebook.load(file)
    return _all_there({file.stem for file in files}, _flows_needed(space), "selectors/{}.yaml")


def schedules(subject: Subject) -> Finding:
    """`schedules.yaml` is right. What may surprise in it, `payerbots schedules check` tells."""
    from payerbots.schedule.reading import of_workspace

    if _portals_or_none(subject.workspace()) is None:
        return fine("not looked at: portals.yaml cannot be read")
    return fine(", ".join(of_workspace(subject.workspace()).schedules) or "no schedules")


def portals(subject: Subject) -> Finding:
    """`portals.yaml` can be read and names a portal."""
    names = ", ".join(subject.workspace().portals)
    return fine(names) if names else mend("no portals", "describe one in portals.yaml")


def credentials(subject: Subject) -> Finding:
    """Every login's secrets are there. Names the places that are empty, never a value."""
    known = _portals_or_none(subject.workspace())
    if known is None:
        return mend("not looked at: portals.yaml cannot be read", "mend portals.yaml first")
    missing = [name for portal in known.values() for name in missing_secrets(subject, portal)]
    if missing:
        return mend(
            f"not set: {', '.join(missing)}", "set them: payerbots credentials set (the demo brings its own)"
        )
    return fine(f"set for {', '.join(known) or 'no portal'}")


def data_folder(subject: Subject) -> Finding:
    """The data folder is there, private, writable and has room."""
    folder = subject.workspace().data
    if problem := _not_private(folder):
        return problem
    with tempfile.TemporaryFile(dir=folder):
        free = shutil.disk_usage(folder).free // 1_000_000
    if free < FREE_MEGABYTES:
        return mend(f"{folder}: {free} MB free", f"make room: {FREE_MEGABYTES} MB at least")
    return fine(f"{folder}, {free:,} MB free")


def key(subject: Subject) -> Finding:
    """The keys are there, and their file is private."""
    from payerbots.keys import key_file

    space = subject.workspace()
    source = space.keys.source
    file = key_file(space.identity, subject.environ)
    if file.exists() and (problem := _not_private(file)):
        return problem
    backup = "keep a copy of it apart from the data folder's backup" if source == str(file) else ""
    return fine(f"from {source}", backup)


def database(subject: Subject) -> Finding:
    """The ledger opens, has its tables, and can be written."""
    from django.db import Error, connection, transaction

    try:
        subject.workspace().connect()
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SELECT 1")
        return fine(f"{connection.vendor}, open for writing")
    except Error as error:
        return mend(
            f"{type(error).__name__}: {error}",
            "see that the data folder is writable and not full, or that PostgreSQL answers",
        )
    finally:
        connection.close()


def clock(subject: Subject) -> Finding:
    """The time as the office sees it; one-time codes need a clock that is right within 30 seconds."""
    space = subject.workspace()
    here = subject.now().astimezone(space.zone)
    found = f"{here.isoformat(sep=' ', timespec='seconds')} {space.zone.key}"
    assumed = space.settings.zone is None and space.zone.key in ("UTC", "Etc/UTC")
    return fine(found, "if the office is not on UTC, set PAYERBOTS_ZONE=America/New_York" if assumed else "")


def missing_secrets(subject: Subject, portal: "Portal") -> list[str]:
    """The places of the secrets that a portal's logins need and that are empty."""
    from payerbots.portals import vaults

    missing = []
    for login in portal.credentials:
        vault = subject.workspace().vault(login, subject.environ)
        missing += [
            vault.place(portal.name, login.name, name)
            for name in vaults.fields(login)
            if not vault.get(portal.name, login.name, name)
        ]
    return missing


def _flows_needed(space: "Workspace") -> set[str]:
    """The flows that portals name; none when `portals.yaml` cannot be read, which has a check of its own."""
    return {portal.flow for portal in (_portals_or_none(space) or {}).values()}


def _portals_or_none(space: "Workspace") -> "dict[str, Portal] | None":
    try:
        return space.portals
    except ConfigError:
        return None


def _all_there(there: Iterable[str], needed: Iterable[str], place: str) -> Finding:
    absent = sorted(set(needed) - set(there))
    if absent:
        return mend(
            "missing: " + ", ".join(place.format(name) for name in absent), "write it, or mend `flow:`"
        )
    return fine(", ".join(sorted(there)) or "none")


def _not_private(path: Path) -> Finding | None:
    """What is wrong with the path's mode; nothing on Windows, which has no such modes."""
    mode = stat.S_IMODE(path.stat().st_mode)
    if sys.platform == "win32" or not mode & _PRIVATE:
        return None
    wanted = "700" if path.is_dir() else "600"
    return mend(f"{path}: mode {mode:o}, others can look in", f"run: chmod {wanted} {path}")


_MACHINE: dict[str, Look] = {"python": python, "browser": browser, "sandbox": sandbox}
_WORKSPACE: dict[str, Look] = {
    "bots": bots,
    "flows": flows,
    "selectors": selectors,
    "schedules.yaml": schedules,
    "portals.yaml": portals,
    "credentials": credentials,
    "data folder": data_folder,
    "key": key,
    "database": database,
    "clock": clock,
}
