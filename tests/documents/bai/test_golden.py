"""Files of our own beside what is read from them, and files found in public, which stay outside the project."""

import json
import os
from pathlib import Path

import msgspec
import pytest

from payerbots.documents.bai.bai2 import read_bai2
from payerbots.documents.bai.fitting import fitting
from payerbots.documents.bai.layout import layouts
from payerbots.documents.bai.lockbox import read_lockbox
from payerbots.documents.errors import FetchAgain
from tests.documents.bai.golden import SAMPLES, read

REPO = Path(__file__).parents[3]
CORPUS = Path(os.environ.get("PAYERBOTS_CORPUS", REPO.parent / "shared" / "corpus"))
SAMPLE_NAMES = [
    "deposits.bai2",
    "two_files.bai2",
    "damaged.bai2",
    "two_boxes.bai",
    "wide.bai",
    "damaged.bai",
]
PROVEN = {"account_trailer_amount_blank_example.bai2", "nwb_example.bai2", "sample2.txt"}
NO_RECORD = "sample-parseError.txt"


def in_corpus(folder: str) -> list[Path]:
    found = sorted((CORPUS / folder).glob("*"))
    if not found:
        pytest.skip(f"no files of {folder}: set PAYERBOTS_CORPUS to the folder that holds them")
    return found


def test_every_sample_is_listed() -> None:
    assert {path.name for path in SAMPLES.glob("*.bai*") if path.suffix != ".json"} == set(SAMPLE_NAMES)


@pytest.mark.parametrize("name", SAMPLE_NAMES)
def test_a_sample_is_read_as_it_stands_beside_it(name: str) -> None:
    expected = json.loads((SAMPLES / f"{name}.expected.json").read_text(encoding="utf-8"))
    assert json.loads(msgspec.json.encode(read(SAMPLES / name))) == expected


def test_public_account_reports_are_read_and_the_whole_ones_proven() -> None:
    for path in in_corpus("bai2"):
        name = path.name.split("__")[-1]
        with path.open("rb") as stream:
            if name == NO_RECORD:
                with pytest.raises(FetchAgain):
                    read_bai2(stream)
                continue
            report = read_bai2(stream)
        assert report.groups
        assert report.balance.ok or name not in PROVEN, name


def test_public_lockbox_files_are_read_and_proven() -> None:
    known = layouts()
    for path in in_corpus("bai_lockbox"):
        with path.open("rb") as stream:
            layout = fitting(stream.readlines(), known)
            stream.seek(0)
            deposit = read_lockbox(stream, layout)
        assert deposit.balance.ok, path.name
        assert deposit.lockboxes
