"""Zips and gzips, opened with limits: entries, size, ratio, depth. Members come out as files of their own."""

import gzip
import hashlib
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from tempfile import SpooledTemporaryFile
from typing import IO, BinaryIO, cast

from payerbots.documents.errors import ArchiveRefused

ENTRIES = 2000
TOTAL = 1 << 30
"""Bytes of all members together."""
RATIO = 250
"""How much larger than the archive its members may be, past the first `FREE` bytes."""
FREE = 16 << 20
DEPTH = 2
"""A zip in a zip is opened, one in that is not."""
IN_MEMORY = 8 << 20
CHUNK = 1 << 18
ZIPS, GZIP = (b"PK\x03\x04", b"PK\x05\x06"), b"\x1f\x8b"
"""How archives begin; a zip without any entry begins with its end."""
_BROKEN = (
    zipfile.BadZipFile,
    gzip.BadGzipFile,
    zlib.error,
    EOFError,
    NotImplementedError,
    RuntimeError,
    OSError,
)


@dataclass(frozen=True, slots=True)
class Member:
    """A file that is no archive, or stands in one: its name, its content from the start, and its SHA-256."""

    name: str
    stream: BinaryIO
    sha256: str


@dataclass(frozen=True, slots=True)
class Refused:
    """An archive that cannot be opened, or an entry of one; an entry that cannot be unpacked has no SHA-256."""

    name: str
    error: ArchiveRefused
    sha256: str = ""


@dataclass(slots=True)
class _Budget:
    """What the members of one outermost archive may still cost."""

    packed: int
    entries: int = 0
    size: int = 0

    def count(self) -> None:
        self.entries += 1
        if self.entries > ENTRIES:
            raise ArchiveRefused(f"more than {ENTRIES} entries")

    def take(self, size: int) -> None:
        self.size += size
        if self.size > TOTAL or self.size > FREE + RATIO * self.packed:
            raise ArchiveRefused("unpacked it is far larger than it may be")


def members(name: str, stream: BinaryIO) -> Iterator[Member | Refused]:
    """The file itself, or each file in it; in place of an archive or entry that cannot be opened what it was.

    `stream` must be seekable. Members are closed when the next one is asked for.
    """
    size = stream.seek(0, 2)
    stream.seek(0)
    yield from _opened(name, stream, _Budget(size), 0)


def _opened(name: str, stream: BinaryIO, budget: _Budget, depth: int) -> Iterator[Member | Refused]:
    head = stream.read(4)
    stream.seek(0)
    unpack = _ungzip if head.startswith(GZIP) else _unzip if head in ZIPS and not _workbook(stream) else None
    if unpack is None:
        yield Member(name, stream, _digest(stream))
        return
    try:
        _allow(depth)
        yield from unpack(name, stream, budget, depth)
    except ArchiveRefused as error:
        yield Refused(name, error, _digest(stream))
    except _BROKEN:
        yield Refused(name, ArchiveRefused("damaged, locked, or cut off"), _digest(stream))


def _allow(depth: int) -> None:
    if depth >= DEPTH:
        raise ArchiveRefused("an archive in an archive in an archive")


def _workbook(stream: BinaryIO) -> bool:
    try:
        with zipfile.ZipFile(stream) as archive:
            return "[Content_Types].xml" in archive.namelist()
    except _BROKEN:
        return False
    finally:
        stream.seek(0)


def _ungzip(name: str, stream: BinaryIO, budget: _Budget, depth: int) -> Iterator[Member | Refused]:
    with (
        gzip.GzipFile(fileobj=stream, mode="rb") as packed,
        _spooled(cast("IO[bytes]", packed), budget) as whole,
    ):
        yield from _opened(name.removesuffix(".gz"), whole, budget, depth + 1)


def _unzip(name: str, stream: BinaryIO, budget: _Budget, depth: int) -> Iterator[Member | Refused]:
    with zipfile.ZipFile(stream) as archive:
        entries = [entry for entry in archive.infolist() if not entry.is_dir()]
        if not entries:
            raise ArchiveRefused("an archive with no file in it")
        for entry in entries:
            budget.count()
            yield from _entry(archive, entry, f"{name}/{entry.filename}", (budget, depth))


def _entry(
    archive: zipfile.ZipFile, entry: zipfile.ZipInfo, name: str, limits: tuple[_Budget, int]
) -> Iterator[Member | Refused]:
    """One entry; when it is damaged or locked it costs only itself."""
    budget, depth = limits
    try:
        with archive.open(entry) as packed, _spooled(packed, budget) as whole:
            yield from _opened(name, whole, budget, depth + 1)
    except _BROKEN:
        yield Refused(name, ArchiveRefused("damaged or locked"))


@contextmanager
def _spooled(packed: IO[bytes], budget: _Budget) -> Iterator[BinaryIO]:
    with SpooledTemporaryFile(max_size=IN_MEMORY) as whole:
        while chunk := packed.read(CHUNK):
            budget.take(len(chunk))
            whole.write(chunk)
        whole.seek(0)
        yield cast("BinaryIO", whole)


def _digest(stream: BinaryIO) -> str:
    digest = hashlib.sha256()
    stream.seek(0)
    while chunk := stream.read(CHUNK):
        digest.update(chunk)
    stream.seek(0)
    return digest.hexdigest()
