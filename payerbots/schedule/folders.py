"""Watched folders: files that have come to rest, each taken once by its content and moved to `taken/`."""

import hashlib
import json
import os
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from fnmatch import fnmatch
from pathlib import Path

TAKEN = "taken"
_UNFINISHED = (".tmp", ".part", ".partial", ".filepart", ".crdownload", ".download")
_SHORT = 8
_LONG = 40


class FileGone(Exception):
    """The file is neither where it was found nor where it would have been moved to."""


@dataclass(frozen=True)
class Found:
    """A file at rest, and the SHA-256 of its content in hex."""

    path: Path
    sha256: str

    @property
    def slot(self) -> str:
        """The name of its slot: the same content is the same slot."""
        return f"file {self.sha256[:_LONG]}"

    @property
    def target(self) -> Path:
        """Where it is moved to: always the same place for the same file."""
        path = self.path
        return path.parent / TAKEN / f"{path.stem}-{self.sha256[:_SHORT]}{path.suffix}"

    def packed(self) -> bytes:
        """As JSON, to be kept with its slot."""
        return json.dumps({"path": str(self.path), "sha256": self.sha256}).encode()

    @classmethod
    def unpacked(cls, data: bytes) -> "Found":
        """What was kept."""
        told = json.loads(data)
        return cls(Path(told["path"]), told["sha256"])

    def take(self) -> Path:
        """Moves it, unless it was moved already; where it is now. `FileGone` when it is not there any more.

        `OSError` when it cannot be moved: somebody has it open, or the folder cannot be written.
        """
        if self.path.is_file() and sha256_of(self.path) == self.sha256:
            self.target.parent.mkdir(exist_ok=True)
            self.path.replace(self.target)
        if not self.target.is_file():
            raise FileGone
        return self.target

    def put_aside(self) -> None:
        """Moves a file whose content was taken before out of the way, beside the one that was."""
        target = self.target
        target.parent.mkdir(exist_ok=True)
        self.path.replace(target.with_stem(f"{target.stem}-again"))


def sha256_of(path: Path) -> str:
    """The SHA-256 of a file's content, in hex."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


@dataclass
class FolderWatch:
    """Remembers how files looked, to know those that have come to rest: a copy under way grows or is touched."""

    _seen: dict[Path, tuple[tuple[int, int], datetime]] = field(default_factory=dict)

    def look(self, folder: Path, pattern: str, settle: timedelta, now: datetime) -> tuple[list[Found], int]:
        """Files that have not changed for `settle`, the oldest first, and how many others there are.

        `OSError` when the folder cannot be read.
        """
        there = {path: mark for path in candidates(folder, pattern) if (mark := _mark(path))}
        for path, mark in there.items():
            known, since = self._seen.get(path, (None, now))
            self._seen[path] = (mark, since if known == mark else now)
        self._forget(folder, set(there))
        rest = [path for path in there if now - self._seen[path][1] >= settle]
        found = [_found(path) for path in sorted(rest, key=lambda path: (there[path][1], path))]
        known_ones = [one for one in found if one is not None]
        return known_ones, len(there) - len(known_ones)

    def _forget(self, folder: Path, there: set[Path]) -> None:
        for path in [path for path in self._seen if path.parent == folder and path not in there]:
            del self._seen[path]


def _mark(path: Path) -> tuple[int, int] | None:
    """Size and time of a file; None when it left meanwhile."""
    try:
        looks = path.stat()
    except OSError:
        return None
    return looks.st_size, looks.st_mtime_ns


def _found(path: Path) -> Found | None:
    """The file with its content's hash; None when it left meanwhile, or somebody has it open."""
    try:
        return Found(path, sha256_of(path))
    except OSError:
        return None


def candidates(folder: Path, pattern: str) -> Iterator[Path]:
    """Files of a folder that fit a pattern and are not at somebody's hands."""
    names = {entry.name for entry in os.scandir(folder)}
    for name in sorted(names):
        path = folder / name
        busy = name.startswith((".", "~$")) or name.lower().endswith(_UNFINISHED) or f"~${name}" in names
        if not busy and fnmatch(name.lower(), pattern.lower()) and path.is_file() and not path.is_symlink():
            yield path
