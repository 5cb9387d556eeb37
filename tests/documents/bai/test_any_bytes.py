"""Whatever the bytes are: a record or a `DocumentError`, never anything else."""

from contextlib import suppress
from io import BytesIO

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from payerbots.documents.bai.bai2 import read_bai2
from payerbots.documents.bai.fitting import fitting
from payerbots.documents.bai.layout import layouts
from payerbots.documents.bai.lockbox import read_lockbox
from payerbots.documents.errors import DocumentError, FetchAgain
from tests.documents.bai.golden import SAMPLES

BAI2 = [path.read_bytes() for path in sorted(SAMPLES.glob("*.bai2"))]
LOCKBOX = [path.read_bytes() for path in sorted(SAMPLES.glob("*.bai"))]
LAYOUTS = layouts()


def attempt(data: bytes) -> None:
    with suppress(DocumentError):
        assert read_bai2(BytesIO(data)).files
    for layout in LAYOUTS.values():
        with suppress(DocumentError):
            assert read_lockbox(BytesIO(data), layout).layout == layout.name
    with suppress(DocumentError):
        assert fitting(data.splitlines(), LAYOUTS).name in LAYOUTS


@settings(max_examples=60, deadline=None)
@given(st.binary(max_size=400) | st.text("0123456789,/\r\n 88\x1aéV-", max_size=200).map(str.encode))
def test_random_bytes(data: bytes) -> None:
    attempt(data)


@settings(max_examples=60, deadline=None)
@given(st.sampled_from(BAI2 + LOCKBOX), st.integers(0, 2000), st.integers(0, 2000), st.binary(max_size=6))
def test_cut_and_patched_files(data: bytes, start: int, end: int, patch: bytes) -> None:
    attempt(data[: end % len(data)] + patch + data[start % len(data) :])


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_spliced_lines(data: st.DataObject) -> None:
    family = data.draw(st.sampled_from([BAI2, LOCKBOX]))
    known = [line for whole in family for line in whole.splitlines()]
    attempt(b"\n".join(data.draw(st.lists(st.sampled_from(known), max_size=12))))


@settings(max_examples=60, deadline=None)
@given(st.sampled_from(["deposits.bai2", "two_boxes.bai", "wide.bai"]), st.integers(1, 4000))
def test_a_file_that_was_cut_off_is_never_proven(name: str, length: int) -> None:
    whole = (SAMPLES / name).read_bytes().rstrip()
    cut = whole[: length % (len(whole) - 1)]
    layout = LAYOUTS["wide_batches" if name == "wide.bai" else "bai_standard"]
    try:
        if name.endswith("2"):
            assert not read_bai2(BytesIO(cut)).balance.ok
        else:
            assert not read_lockbox(BytesIO(cut), layout).balance.ok
    except FetchAgain:
        assert len(cut) < 3


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b" \r\n\x1a",
        b"\xef\xbb\xbf",
        b"<!DOCTYPE html><html>",
        b"\n  <html>",
        b"%PDF-1.7",
        b"PK\x03\x04\x00",
    ],
)
@pytest.mark.parametrize("name", [None, "bai_standard"])
def test_what_is_no_text_of_a_bank_is_fetched_again(data: bytes, name: str | None) -> None:
    with pytest.raises(FetchAgain):
        read_lockbox(BytesIO(data), LAYOUTS[name]) if name else read_bai2(BytesIO(data))
