"""Files as they came: sealed, once, read at any place, found out when they are not what they were."""

import os
import random
import resource
from pathlib import Path

import pytest
from cryptography.fernet import Fernet

from payerbots.errors import FileDamaged, KeyUnknown
from payerbots.keys import Keys
from payerbots.ledger.filestore import PIECE, FileStore, name_of
from tests.ledger.desk import KEYS

FRESH = Fernet.generate_key().decode()
BOTH = Keys((FRESH, *KEYS.sealing), KEYS.index, "a test")
NEW_ONLY = Keys((FRESH,), KEYS.index, "a test")


@pytest.fixture
def store(tmp_path: Path) -> FileStore:
    return FileStore(KEYS, tmp_path)


def content(size: int) -> bytes:
    return random.Random(size).randbytes(size)


def kept(store: FileStore, sha256: str) -> bytes:
    with store.open(sha256) as stream:
        return stream.read()


@pytest.mark.parametrize("size", [0, 1, PIECE - 1, PIECE, PIECE + 1, 2 * PIECE + 77])
def test_a_file_is_read_back_as_it_came(store: FileStore, size: int) -> None:
    assert kept(store, store.keep(content(size))) == content(size)


def test_a_file_is_read_at_any_place(store: FileStore) -> None:
    whole = content(2 * PIECE + 77)
    with store.open(store.keep(whole)) as stream:
        for place in (PIECE - 3, 2 * PIECE + 70, 5):
            stream.seek(place)
            assert stream.read(9) == whole[place : place + 9]
        assert stream.seek(-7, os.SEEK_END) == len(whole) - 7
        assert stream.read() == whole[-7:]


def test_nothing_of_it_is_readable_on_disk(store: FileStore, tmp_path: Path) -> None:
    sha256 = store.keep(b"Canary-Reyes" * 100)
    (file,) = tmp_path.iterdir()
    assert b"Canary" not in file.read_bytes()
    assert file.name == name_of(KEYS, sha256)
    assert sha256 not in file.name
    assert file.stat().st_mode & 0o777 == 0o600


def test_the_same_file_is_kept_once_and_is_young_again(store: FileStore, tmp_path: Path) -> None:
    store.keep(b"x")
    (file,) = tmp_path.iterdir()
    before = file.read_bytes()
    os.utime(file, (0, 0))
    store.keep(b"x")
    assert (list(tmp_path.iterdir()), file.read_bytes()) == ([file], before)
    assert file.stat().st_mtime > 0


def test_a_file_that_no_key_opens_is_written_anew(store: FileStore, tmp_path: Path) -> None:
    sha256 = store.keep(b"x")
    other = FileStore(NEW_ONLY, tmp_path)
    with pytest.raises(KeyUnknown):
        other.open(sha256)
    other.keep(b"x")
    assert kept(other, sha256) == b"x"


def cut_off(lines: list[bytes]) -> list[bytes]:
    return lines[:2]


def moved(lines: list[bytes]) -> list[bytes]:
    return [lines[1], lines[0], lines[2]]


def changed(lines: list[bytes]) -> list[bytes]:
    return [lines[0], lines[1][:100] + b"AAAA" + lines[1][104:], lines[2]]


@pytest.mark.parametrize("damage", [cut_off, moved, changed])
def test_a_damaged_file_is_found_out(store: FileStore, tmp_path: Path, damage: object) -> None:
    sha256 = store.keep(content(2 * PIECE + 77))
    (file,) = tmp_path.iterdir()
    assert callable(damage)
    file.write_bytes(b"".join(damage(file.read_bytes().splitlines(keepends=True))))
    with pytest.raises(FileDamaged):
        kept(store, sha256)


def test_a_piece_of_another_file_is_found_out(store: FileStore) -> None:
    first, second = store.keep(b"first"), store.keep(b"second")
    (store.folder / name_of(KEYS, first)).write_bytes((store.folder / name_of(KEYS, second)).read_bytes())
    with pytest.raises(FileDamaged):
        kept(store, first)


def test_a_file_that_was_purged_is_not_found(store: FileStore) -> None:
    with pytest.raises(FileNotFoundError):
        store.open("0" * 64)


def test_a_full_disk_leaves_nothing_behind(store: FileStore, tmp_path: Path) -> None:
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (1000, hard))
    try:
        with pytest.raises(OSError, match="too large"):
            store.keep(content(5000))
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert list(tmp_path.iterdir()) == []


def test_files_come_under_the_first_key(store: FileStore, tmp_path: Path) -> None:
    large = content(PIECE + 5)
    hashes = [store.keep(large), store.keep(b"small")]
    (oldest, *_) = sorted(tmp_path.iterdir())
    os.utime(oldest, (1000, 1000))
    both = FileStore(BOTH, tmp_path)
    assert both.sealed_with() == {BOTH.fingerprints()[1]: 2}
    assert both.reseal() == (2, 0)
    assert both.reseal() == (0, 0)
    assert both.sealed_with() == {BOTH.fingerprints()[0]: 2}
    assert [kept(FileStore(NEW_ONLY, tmp_path), one) for one in hashes] == [large, b"small"]
    assert oldest.stat().st_mtime == 1000


def test_the_wrong_key_leaves_files_as_they_are(store: FileStore, tmp_path: Path) -> None:
    sha256 = store.keep(b"x")
    assert FileStore(NEW_ONLY, tmp_path).reseal() == (0, 1)
    assert FileStore(NEW_ONLY, tmp_path).sealed_with() == {"unknown": 1}
    assert kept(store, sha256) == b"x"


def test_a_file_is_read_on_while_it_is_resealed(store: FileStore, tmp_path: Path) -> None:
    whole = content(2 * PIECE)
    with store.open(store.keep(whole)) as stream:
        head = stream.read(10)
        FileStore(BOTH, tmp_path).reseal()
        assert head + stream.read() == whole
