"""Archives: opened once in one another, within limits; what is broken costs only itself."""

import gzip
import hashlib
import io
import zipfile
from collections.abc import Iterable

import pytest

from payerbots.documents import archives
from payerbots.documents.archives import Member, members
from payerbots.documents.errors import ArchiveRefused


def zipped(entries: dict[str, bytes]) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in entries.items():
            archive.writestr(name, content)
    return made.getvalue()


def opened(content: bytes, name: str = "in.zip") -> list[tuple[str, bytes | str]]:
    def each() -> Iterable[tuple[str, bytes | str]]:
        for found in members(name, io.BytesIO(content)):
            if isinstance(found, Member):
                yield found.name, found.stream.read()
            else:
                yield found.name, str(found.error)

    return list(each())


def test_a_plain_file_is_its_own_member() -> None:
    assert opened(b"ISA*", "a.835") == [("a.835", b"ISA*")]


def test_each_file_of_a_zip_comes_out_under_its_name() -> None:
    assert opened(zipped({"a.835": b"one", "b/c.835": b"two"})) == [
        ("in.zip/a.835", b"one"),
        ("in.zip/b/c.835", b"two"),
    ]


def test_a_zip_in_a_zip_is_opened_and_one_in_that_is_refused() -> None:
    twice = zipped({"inner.zip": zipped({"a": b"one", "deep.zip": zipped({"b": b"two"})})})
    assert opened(twice) == [
        ("in.zip/inner.zip/a", b"one"),
        ("in.zip/inner.zip/deep.zip", "an archive in an archive in an archive"),
    ]


def test_gzip_is_opened_whatever_its_name() -> None:
    assert opened(gzip.compress(b"one"), "a.835") == [("a.835", b"one")]


@pytest.mark.parametrize(
    "content",
    [zipped({"a": b"one" * 500})[:60], gzip.compress(b"one" * 500)[:30], b"PK\x03\x04" + b"\x00" * 30],
    ids=["a zip that is cut off", "a gzip that is cut off", "a zip in name only"],
)
def test_a_broken_archive_is_refused(content: bytes) -> None:
    found = opened(content)
    assert [what for _, what in found] == ["damaged, locked, or cut off"]


def test_a_gzip_in_a_zip_is_opened() -> None:
    assert opened(zipped({"a.835.gz": gzip.compress(b"one")})) == [("in.zip/a.835", b"one")]


def test_a_damaged_entry_costs_only_itself() -> None:
    content = bytearray(zipped({"a": b"one" * 50, "b": b"two"}))
    content[content.index(b"a") + 3] ^= 0xFF
    assert opened(bytes(content)) == [("in.zip/a", "damaged or locked"), ("in.zip/b", b"two")]


@pytest.mark.parametrize("entries", [{}, {"folder/": b""}], ids=["nothing at all", "a folder"])
def test_an_archive_without_a_file_is_refused(entries: dict[str, bytes]) -> None:
    assert opened(zipped(entries)) == [("in.zip", "an archive with no file in it")]


def test_a_refused_archive_keeps_its_checksum() -> None:
    content = zipped({})
    (found,) = members("in.zip", io.BytesIO(content))
    assert found.sha256 == hashlib.sha256(content).hexdigest()


def test_a_bomb_is_refused_before_it_is_unpacked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archives, "FREE", 1 << 16)
    found = opened(zipped({"a": b"\x00" * (20 << 20), "b": b"two"}))
    assert found == [("in.zip", "unpacked it is far larger than it may be")]


def test_too_many_entries_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archives, "ENTRIES", 2)
    found = opened(zipped({str(number): b"x" for number in range(3)}))
    assert [name for name, _ in found] == ["in.zip/0", "in.zip/1", "in.zip"]


def test_the_checksum_is_that_of_the_member() -> None:
    (found,) = members("a", io.BytesIO(b"abc"))
    assert isinstance(found, Member)
    assert found.sha256 == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"


def test_the_error_is_a_document_error() -> None:
    (found,) = members("a.zip", io.BytesIO(b"PK\x03\x04"))
    assert not isinstance(found, Member)
    assert isinstance(found.error, ArchiveRefused)
