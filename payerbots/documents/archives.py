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
ZIP, GZIP = b"PK\x03\x04", b"\x1f\x8b"
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


def members(name: str, stream: BinaryIO) -> Iterator[Member | tuple[str, ArchiveRefused]]:
    """The file itself, or each file in it; in place of an archive that cannot be opened its name and the error.

    `stream` must be seekable. Members are closed when the next one is asked for.
    """
    size = stream.seek(0, 2)
    stream.seek(0)
    yield from _opened(name, stream, _Budget(size), 0)


def _opened(
    name: str, stream: BinaryIO, budget: _Budget, depth: int
) -> Iterator[Member | tuple[str, ArchiveRefused]]:
    head = stream.read(4)
    stream.seek(0)
    try:
        if head.startswith(GZIP) or (head == ZIP and not _workbook(stream)):
            _allow(depth)
            unpack = _ungzip if head.startswith(GZIP) else _unzip
            yield from unpack(name, stream, budget, depth)
        else:
            yield Member(name, stream, _digest(stream))
    except ArchiveRefused as error:
        yield name, error
    except _BROKEN:
        yield name, ArchiveRefused("damaged, locked, or cut off")


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


def _ungzip(
    name: str, stream: BinaryIO, budget: _Budget, depth: int
) -> Iterator[Member | tuple[str, ArchiveRefused]]:
    with gzip.GzipFile(fileobj=stream) as packed, _spooled(cast("IO[bytes]", packed), budget) as whole:
        yield from _opened(name.removesuffix(".gz"), whole, budget, depth + 1)


def _unzip(
    name: str, stream: BinaryIO, budget: _Budget, depth: int
) -> Iterator[Member | tuple[str, ArchiveRefused]]:
    with zipfile.ZipFile(stream) as archive:
        for entry in archive.infolist():
            budget.count()
            if entry.is_dir():
                continue
            with archive.open(entry) as packed, _spooled(packed, budget) as whole:
                yield from _opened(f"{name}/{entry.filename}", whole, budget, depth + 1)


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
    while chunk := stream.read(CHUNK):
        digest.update(chunk)
    stream.seek(0)
    return digest.hexdigest()
