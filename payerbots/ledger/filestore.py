"""Files as they came, kept in the data folder: sealed, once by their SHA-256, under a keyed hash of it.

A file is a line for each piece of a mebibyte: a token of its own, which tells of which file it is a piece, which one,
and of how many. So a large file is written, read at any place and resealed in little memory, and a piece that
was moved, left out or changed is found when it is read.
"""

import hashlib
import io
import os
import secrets
from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO

from payerbots.errors import FileDamaged, KeyUnknown
from payerbots.keys import Keys

PIECE = 1024 * 1024
"""Bytes of a file in one sealed piece."""

_HASH, _NUMBER = 32, 4
_HEADER = _HASH + 2 * _NUMBER


def name_of(keys: Keys, sha256: str) -> str:
    """The name under which a file is kept. It tells nothing without the index key."""
    return f"{keys.hashed('file', sha256)}.sealed"


@dataclass(frozen=True)
class FileStore:
    """The sealed files of a workspace, in `folder`."""

    keys: Keys = field(repr=False)
    folder: Path

    def keep(self, content: bytes) -> str:
        """Writes a file, unless it is here; its SHA-256. On disk when this returns. `OSError` without room."""
        digest = hashlib.sha256(content)
        target = self.folder / name_of(self.keys, digest.hexdigest())
        if not self._is_here(target):
            _write(target, _sealed(self.keys, digest.digest(), content))
        return digest.hexdigest()

    def _is_here(self, target: Path) -> bool:
        """Whether it is; then it is young again, so that a purge leaves it alone until its row is written."""
        try:
            os.utime(target)
            with target.open("rb") as file:
                self.keys.unseal(_token(file.readline()))
        except (FileNotFoundError, KeyUnknown):
            return False
        return True

    def open(self, sha256: str) -> BinaryIO:
        """The content, decrypted as it is read; seekable, and never in a file of its own.

        `FileNotFoundError` when it was purged, `KeyUnknown` without its key, `FileDamaged` when it is not whole.
        """
        raw = _Unsealed(
            self.keys, (self.folder / name_of(self.keys, sha256)).open("rb"), bytes.fromhex(sha256)
        )
        return io.BufferedReader(raw, buffer_size=64 * 1024)

    def files(self) -> Iterator[Path]:
        """All that is kept."""
        yield from sorted(self.folder.glob("*.sealed"))

    def reseal(self) -> tuple[int, int]:
        """Brings every file under the first key: how many were changed, and how many no key opens (left as they are)."""
        changed = unknown = 0
        for file in self.files():
            try:
                changed += self._resealed(file)
            except KeyUnknown:
                unknown += 1
            except FileNotFoundError:
                continue
        return changed, unknown

    def _resealed(self, file: Path) -> bool:
        with file.open("rb") as lines:
            if all(self.keys.resealed(_token(line)) is None for line in lines):
                return False
            lines.seek(0)
            times = os.fstat(lines.fileno())
            _write(file, (self.keys.resealed(token) or token for token in map(_token, lines)))
        with suppress(FileNotFoundError):
            os.utime(file, ns=(times.st_atime_ns, times.st_mtime_ns))
        return True

    def sealed_with(self) -> Counter[str]:
        """How many files each key seals, by its fingerprint; `unknown` for those that none opens."""
        found: Counter[str] = Counter()
        for file in self.files():
            with suppress(FileNotFoundError), file.open("rb") as lines:
                owners = {self.keys.whose(_token(line)) for line in lines}
                found.update(owners)
        return found


def _token(line: bytes) -> bytes:
    return line.rstrip(b"\n")


def _sealed(keys: Keys, digest: bytes, content: bytes) -> Iterator[bytes]:
    """The pieces of a file as tokens."""
    count = max(1, -(-len(content) // PIECE))
    view = memoryview(content)
    for number in range(count):
        header = digest + number.to_bytes(_NUMBER) + count.to_bytes(_NUMBER)
        yield keys.seal(header + view[number * PIECE : (number + 1) * PIECE])


def _write(target: Path, tokens: Iterator[bytes]) -> None:
    """The whole file or none; it is on disk, and so is its name."""
    temporary = target.with_name(f"{target.name}.{secrets.token_hex(4)}.tmp")
    try:
        with open(temporary, "wb", opener=_private) as file:
            file.writelines(token + b"\n" for token in tokens)
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(target)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise
    _sync_folder(target.parent)


def _private(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)


def _sync_folder(folder: Path) -> None:
    if os.name != "posix":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


class _Unsealed(io.RawIOBase):
    """A sealed file as its content: all tokens but the last are equally long, so any piece is found at once."""

    def __init__(self, keys: Keys, file: BinaryIO, digest: bytes) -> None:
        self._keys, self._file, self._digest = keys, file, digest
        self._at = 0
        self._number, self._piece = -1, b""
        try:
            self._line = len(file.readline())
            self._count = self._load(0)
            self._size = self._whole_size()
        except BaseException:
            file.close()
            raise

    def _load(self, number: int) -> int:
        """Takes up a piece; how many there are."""
        self._file.seek(number * self._line)
        opened = self._opened(number, _token(self._file.readline()))
        told = opened[:_HASH], int.from_bytes(opened[_HASH : _HASH + _NUMBER])
        if told != (self._digest, number):
            raise FileDamaged("a kept file is not what it was: a piece is missing or another file's")
        self._number, self._piece = number, opened[_HEADER:]
        return int.from_bytes(opened[_HASH + _NUMBER : _HEADER])

    def _opened(self, number: int, token: bytes) -> bytes:
        """A piece with its header. What opens no more, though the first piece did, is damaged."""
        try:
            return self._keys.unseal(token)
        except KeyUnknown:
            if number == 0 and token:
                raise
            raise FileDamaged("a kept file is not what it was: a piece is missing or changed") from None

    def _whole_size(self) -> int:
        self._load(self._count - 1)
        return (self._count - 1) * PIECE + len(self._piece)

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def tell(self) -> int:
        return self._at

    def seek(self, offset: int, whence: int = os.SEEK_SET) -> int:
        base = {os.SEEK_SET: 0, os.SEEK_CUR: self._at, os.SEEK_END: self._size}[whence]
        self._at = max(0, base + offset)
        return self._at

    def readinto(self, buffer: "bytearray | memoryview") -> int:  # type: ignore[override]  # narrower than the buffer protocol
        if self._at >= self._size:
            return 0
        number, start = divmod(self._at, PIECE)
        if number != self._number:
            self._load(number)
        part = self._piece[start : start + len(buffer)]
        buffer[: len(part)] = part
        self._at += len(part)
        return len(part)

    def close(self) -> None:
        self._file.close()
        super().close()
