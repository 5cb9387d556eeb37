from collections.abc import Callable
from io import BytesIO
from pathlib import Path

import pytest

from payerbots.documents.bai.fitting import fitting
from payerbots.documents.bai.layout import FOLDER, layouts
from payerbots.documents.bai.lockbox import read_lockbox
from payerbots.documents.errors import LayoutUnknown
from payerbots.errors import ConfigError
from tests.documents.bai import writers
from tests.documents.bai.golden import SAMPLES

THIRD = """\
name: third_bank
record_length: 60
dates: MMDDYY
file_header: {destination: 2-10, origin: 11-20}
lockbox_header: {lockbox: 2-8}
check:
  batch: 2-5
  item: 6-9
  amount: 10-18
  check_number: 20-30
overflow:
  batch: 2-5
  item: 6-9
  invoices:
    - {number: 10-20}
    - {number: 21-31}
batch_total: {batch: 2-5, count: 6-9, total: 10-20}
lockbox_total: {lockbox: 2-8, count: 9-12, total: 13-22}
trailer: {records: 2-7}
"""


def third(folder: Path, change: Callable[[str], str] = str) -> Path:
    path = folder / "third_bank.yaml"
    path.write_text(change(THIRD), encoding="utf-8")
    return path


def test_a_bank_is_added_by_a_file_in_a_folder(tmp_path: Path) -> None:
    third(tmp_path)
    known = layouts(tmp_path)
    box = read_lockbox(BytesIO((SAMPLES / "two_boxes.bai").read_bytes()), known["bai_standard"]).lockboxes[0]
    data = writers.lockbox((box,), known["third_bank"])
    read = read_lockbox(BytesIO(data), known["third_bank"])
    assert [len(batch.checks) for batch in read.lockboxes[0].batches] == [3, 1]
    assert read.balance.ok
    assert fitting(data.splitlines(), known).name == "third_bank"
    assert sorted(known) == ["bai_standard", "third_bank", "wide_batches"]


@pytest.mark.parametrize("end", [b"", b"\r", b"\r\n"], ids=["no line ends", "CR alone", "CR LF"])
@pytest.mark.parametrize("name", ["bai_standard", "wide_batches"])
def test_the_layout_is_found_whatever_ends_the_records(name: str, end: bytes) -> None:
    sample = {"bai_standard": "two_boxes.bai", "wide_batches": "wide.bai"}[name]
    width = layouts()[name].record_length
    records = [record.ljust(width) for record in (SAMPLES / sample).read_bytes().splitlines()]
    assert fitting(BytesIO(end.join(records)), layouts()).name == name


def test_a_layout_of_a_folder_replaces_its_namesake(tmp_path: Path) -> None:
    third(tmp_path, lambda text: text.replace("third_bank", "bai_standard"))
    assert layouts(tmp_path)["bai_standard"].record_length == 60


@pytest.mark.parametrize(
    ("old", "new", "line", "key", "told"),
    [
        ("amount: 10-18", "amount: 18-10", 9, "check.amount", "from the lower to the higher"),
        ("amount: 10-18", "amount: 9-18", 8, "check.item", "do not overlap amount (9-18)"),
        ("amount: 10-18", "amount: 10-20", 10, "check.check_number", "do not overlap amount (10-20)"),
        ("amount: 10-18", "amount: ten", 9, "check.amount", "such as 8-17"),
        ("amount: 10-18", "amount: [1, 2]", 9, "check.amount", "such as 8-17"),
        ("amount: 10-18", "amount: 1-18", 9, "check.amount", "columns from 2 on"),
        ("amount: 10-18", "amuont: 10-18", 9, "check.amuont", "not known here"),
        ("  amount: 10-18\n", "", 6, "check.amount", "missing"),
        ("check_number: 20-30", "check_number: 20-61", 10, "check.check_number", "up to record_length (60)"),
        ("number: 21-31", "number: 20-31", 16, "overflow.invoices.1.number", "invoices.0.number (10-20)"),
        ("dates: MMDDYY", "dates: DDMMYY", 3, "dates", "MMDDYY"),
        ("name: third_bank", "name: Third", 1, "name", "pattern"),
        ("trailer: {records: 2-7}", "trailer: {}", 19, "trailer.records", "missing"),
    ],
)
def test_a_wrong_layout_is_refused_with_file_line_and_key(
    tmp_path: Path, old: str, new: str, line: int, key: str, told: str
) -> None:
    path = third(tmp_path, lambda text: text.replace(old, new))
    with pytest.raises(ConfigError) as caught:
        layouts(tmp_path)
    message = str(caught.value)
    assert path.name in message
    assert key in message
    assert told in message
    assert caught.value.line == line


def test_a_layout_has_to_say_where_batch_and_lockbox_stand(tmp_path: Path) -> None:
    third(tmp_path, lambda text: text.replace("lockbox: 2-8", "date: 2-7"))
    with pytest.raises(ConfigError, match="a lockbox in lockbox_header"):
        layouts(tmp_path)
    third(tmp_path, lambda text: text.replace("  batch: 2-5\n  item", "  item").replace("batch: 2-5, ", ""))
    with pytest.raises(ConfigError, match="a batch in lockbox_header"):
        layouts(tmp_path)


def test_two_layouts_of_one_folder_need_two_names(tmp_path: Path) -> None:
    third(tmp_path)
    (tmp_path / "other.yaml").write_text(THIRD, encoding="utf-8")
    with pytest.raises(ConfigError, match="the same name"):
        layouts(tmp_path)


def test_a_folder_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="not there"):
        layouts(tmp_path / "none")


def test_the_layout_that_fits_is_found() -> None:
    known = layouts()
    wide = (SAMPLES / "wide.bai").read_bytes()
    rows = [wide[at : at + 140] for at in range(0, len(wide), 140)]
    assert fitting(rows, known).name == "wide_batches"
    assert fitting((SAMPLES / "two_boxes.bai").read_bytes().splitlines(), known).name == "bai_standard"


@pytest.mark.parametrize("lines", [[], [b""], [b"1HELLO WORLD"], [b"<html>"], [b"6001"], [b"9x"]])
def test_no_layout_is_taken_that_does_not_fit(lines: list[bytes]) -> None:
    with pytest.raises(LayoutUnknown):
        fitting(lines, layouts())


def test_two_layouts_that_fit_are_no_answer(tmp_path: Path) -> None:
    twin = (FOLDER / "bai_standard.yaml").read_text(encoding="utf-8")
    (tmp_path / "twin.yaml").write_text(twin.replace("name: bai_standard", "name: twin"), encoding="utf-8")
    with pytest.raises(LayoutUnknown, match="several lockbox layouts fit: bai_standard, twin"):
        fitting((SAMPLES / "two_boxes.bai").read_bytes().splitlines(), layouts(tmp_path))
