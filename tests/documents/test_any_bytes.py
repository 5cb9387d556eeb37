"""Whatever comes in, only a `DocumentError` comes out; and the public samples read without a crash."""

import io
import os
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from payerbots.documents.read import Document, documents
from tests.documents.x12_samples import FILE, SEGMENTS

CORPUS = Path(os.environ.get("PAYERBOTS_CORPUS", Path(__file__).parents[3] / "shared/corpus"))
QUICK = settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.too_slow])
BROKEN = {"bai2/moov-io_bai2__sample-parseError.txt": "its record 00 is none of BAI2"}
"""Files of the corpus that nothing can be had of."""


def read(content: bytes) -> list[Document]:
    """Every document in it, read to the end and turned into JSON."""
    found = []
    for document in documents("file", io.BytesIO(content)):
        for part in document.parts:
            msgspec.json.encode(part)
        found.append(document)
    return found


def files() -> Iterator[Path]:
    return (path for path in sorted(CORPUS.rglob("*")) if path.is_file() and path.name != "MANIFEST.csv")


@QUICK
@given(st.binary(max_size=2000))
def test_random_bytes(content: bytes) -> None:
    read(content)


@QUICK
@given(st.lists(st.sampled_from([*SEGMENTS, "", "SE", "CLP*", "ISA*00*", "GS*", "~", "\n"]), max_size=30))
def test_segments_in_any_order(chosen: list[str]) -> None:
    read(("~".join(chosen) + "~").encode())
    read((f"{SEGMENTS[0]}~" + "~".join(chosen)).encode())


@QUICK
@given(st.integers(0, len(FILE)), st.integers(0, len(FILE)), st.binary(max_size=40))
def test_spliced_files(first: int, second: int, between: bytes) -> None:
    content = FILE.encode()
    read(content[:first] + between + content[second:])


@pytest.mark.skipif(not CORPUS.is_dir(), reason=f"no corpus of public files: {CORPUS} (PAYERBOTS_CORPUS)")
def test_the_corpus_reads_without_a_crash() -> None:
    unreadable = {}
    for path in files():
        for document in documents(str(path), io.BytesIO(path.read_bytes())):
            some = [msgspec.json.encode(part) for part in document.parts]
            if document.error is not None or not some:
                unreadable[str(path.relative_to(CORPUS))] = str(document.error)
    assert set(unreadable) == set(BROKEN)


@pytest.mark.skipif(not CORPUS.is_dir(), reason=f"no corpus of public files: {CORPUS} (PAYERBOTS_CORPUS)")
@settings(max_examples=60, deadline=None)
@given(st.data())
def test_files_of_the_corpus_cut_and_spliced(data: st.DataObject) -> None:
    paths = list(files())
    first, second = (data.draw(st.sampled_from(paths)).read_bytes()[:20_000] for _ in range(2))
    cut = data.draw(st.integers(0, len(first)))
    onward = data.draw(st.integers(0, len(second)))
    read(first[:cut] + second[onward:])
