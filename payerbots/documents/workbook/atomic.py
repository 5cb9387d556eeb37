"""Files that appear whole or not at all, even while somebody has the old one open."""

import filecmp
import os
import tempfile
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import datetime
from pathlib import Path


def local_now() -> datetime:
    """The time on this machine's wall, aware."""
    return datetime.now().astimezone()


def is_open(path: Path) -> bool:
    """Whether Excel or LibreOffice has left its lock beside `path`."""
    locks = (f"~${path.name}", f".~lock.{path.name}#")
    return any((path.parent / lock).exists() for lock in locks)


def save_atomically(
    path: Path, write: Callable[[Path], None], *, now: Callable[[], datetime] = local_now
) -> Path:
    """Let `write` fill a temporary file, then put it in the place of `path`; returns where it went.

    When `path` is open elsewhere, a sibling is written that says when: `NAME (2026-11-22 0915).xlsx`. A `path` that
    holds these very bytes is left alone, open or not.
    A new file can be read by its owner only (0600), an existing one keeps its mode. Whatever
    `write` raises passes through, and `path` stays as it was.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = _temporary_beside(path)
    try:
        write(temporary)
        if path.is_file() and filecmp.cmp(temporary, path, shallow=False):
            return path
        _sync(temporary)
        return _put(temporary, path, now)
    finally:
        temporary.unlink(missing_ok=True)


def _temporary_beside(path: Path) -> Path:
    handle, name = tempfile.mkstemp(prefix=".payerbots-", suffix=path.suffix, dir=path.parent)
    os.close(handle)
    return Path(name)


def _sync(path: Path) -> None:
    with path.open("rb+") as file:
        os.fsync(file.fileno())


def _put(temporary: Path, path: Path, now: Callable[[], datetime]) -> Path:
    if not is_open(path):
        with suppress(PermissionError):
            _replace(temporary, path)
            return path
    sibling = next(name for name in _siblings(path, now()) if not name.exists())
    _replace(temporary, sibling)
    return sibling


def _replace(temporary: Path, target: Path) -> None:
    temporary.chmod(target.stat().st_mode & 0o777 if target.exists() else 0o600)
    temporary.replace(target)


def _siblings(path: Path, when: datetime) -> Iterator[Path]:
    stamp = f"{when:%Y-%m-%d %H%M}"
    yield path.with_name(f"{path.stem} ({stamp}){path.suffix}")
    count = 2
    while True:
        yield path.with_name(f"{path.stem} ({stamp}, {count}){path.suffix}")
        count += 1
