"""The posting import: columns by a map, control totals by batch."""

import csv
from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import msgspec
import pytest

from payerbots.documents.posting_import import BatchDisagrees, write_import
from payerbots.documents.posting_map import FIELDS, PostingMap, shipped_map
from payerbots.domain.posting import Batch, PostingLine
from tests.posting_samples import book, money, remittances, sample_lines

LINE = next(sample_lines(remittances()))


def layout(**more: Any) -> PostingMap:
    shipped = shipped_map().model_dump()
    return PostingMap.model_validate(shipped | more)


def written(
    tmp_path: Path, lines: Sequence[PostingLine], batches: Sequence[Batch], like: PostingMap
) -> list[list[str]]:
    path = write_import(tmp_path / "import.csv", lines, batches, like).path
    with path.open(encoding="utf-8", newline="") as file:
        return [*csv.reader(file, delimiter=like.delimiter)]


def only(tmp_path: Path, column: Any, **facts: Any) -> str:
    """The cell of one column that one line has."""
    name, facts_of = column if isinstance(column, tuple) else (column, "X")
    line = msgspec.structs.replace(LINE, **facts)
    like = layout(columns={name: facts_of, "row": "Row ID"}, trailer=None)
    batch = Batch(
        batch=line.batch,
        deposits="D",
        day=None,
        deposited=line.paid,
        provider_adjustments=money(0),
        payments=1,
    )
    return written(tmp_path, [line], [batch], like)[1][0]


def test_a_day_comes_out_whole_with_its_totals(tmp_path: Path) -> None:
    day = book()
    lines = [*day.lines]
    header, *rows = written(tmp_path, lines, day.batches, shipped_map())
    body, trailer = rows[: len(lines)], rows[len(lines) :]
    assert (header[0], header[-1], len(header)) == ("Batch", "Row ID", len(FIELDS))
    assert [row[-1] for row in body] == [line.row for line in lines]
    assert [row[1] for row in trailer] == [*(batch.batch for batch in day.batches), "total"]
    assert sum(int(row[2]) for row in trailer[:-1]) == int(trailer[-1][2]) == len(lines)


def test_the_totals_of_a_batch_come_to_its_deposit(tmp_path: Path) -> None:
    day = book()
    rows = written(tmp_path, [*day.lines], day.batches, shipped_map())
    for row in (row for row in rows if row[0] == "TRAILER"):
        _, _, _, _, paid, adjusted, comes_to, deposited = row[:8]
        assert Decimal(paid) - Decimal(adjusted) == Decimal(comes_to) == Decimal(deposited)


@pytest.mark.parametrize(
    ("column", "facts", "expected"),
    [
        ("charge", {"charge": Decimal(5)}, "5.00"),
        ("charge", {"charge": Decimal("-12.3")}, "-12.30"),
        ("charge", {"charge": Decimal("1.005")}, "1.005"),
        (("charge", {"header": "X", "amounts": "cents"}), {"charge": Decimal("12.30")}, "1230"),
        (("charge", {"header": "X", "amounts": "cents"}), {"charge": Decimal(100)}, "10000"),
        (("units_paid", {"header": "X", "amounts": "cents"}), {"units_paid": Decimal(3)}, "3"),
        ("deductible", {"deductible": None}, ""),
        ("date_from", {}, "2026-11-02"),
        (("date_from", {"header": "X", "dates": "%m%d%y"}), {}, "110226"),
        ("date_from", {"date_from": None}, ""),
        ("patient_billable", {"patient_billable": True}, "yes"),
        ("patient_billable", {"patient_billable": False}, "no"),
        ("action", {}, "post"),
        ("patient", {"patient": 'O"NEIL, ANN'}, 'O"NEIL, ANN'),
        ("patient", {"patient": "=HYPERLINK(1)"}, "'=HYPERLINK(1)"),
        ("patient", {"patient": "@SUM(A1)"}, "'@SUM(A1)"),
        ("patient", {"patient": "+1"}, "'+1"),
        ("patient", {"patient": "\t=1"}, "'\t=1"),
        ("claim", {"claim": "-123"}, "'-123"),
    ],
)
def test_a_value_is_written_as_the_map_says(
    tmp_path: Path, column: Any, facts: dict[str, Any], expected: str
) -> None:
    assert only(tmp_path, column, **facts) == expected


def test_a_sites_map_orders_renames_and_drops_columns(tmp_path: Path) -> None:
    day = book(1, 1)
    like = layout(columns={"row": "Id", "paid": "Pd", "claim": "Acct"}, delimiter="|", trailer=None)
    header, first, *_ = written(tmp_path, [*day.lines], day.batches, like)
    assert header == ["Id", "Pd", "Acct"]
    assert first[2] == "A00001"


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"deposited": money("1.00")}, "deposited were 1.00"),
        ({"batch": "another"}, "no deposit is known"),
    ],
)
def test_a_batch_that_is_not_its_deposit_is_refused_and_the_old_file_stays(
    tmp_path: Path, change: dict[str, Any], says: str
) -> None:
    day = book(1)
    (batch,) = day.batches
    path = tmp_path / "import.csv"
    path.write_text("old")
    with pytest.raises(BatchDisagrees, match=says):
        write_import(path, day.lines, [msgspec.structs.replace(batch, **change)], shipped_map())
    assert [each.name for each in tmp_path.iterdir()] == ["import.csv"]
    assert path.read_text() == "old"


def test_the_same_day_leaves_the_file_alone(tmp_path: Path) -> None:
    paths = [
        write_import(tmp_path / "i.csv", (day := book()).lines, day.batches, shipped_map()).path for _ in "12"
    ]
    assert paths[0] == paths[1]
    assert len([*tmp_path.iterdir()]) == 1


def test_a_file_that_somebody_has_open_is_left_to_them(tmp_path: Path) -> None:
    path = tmp_path / "i.csv"
    path.write_text("open")
    (tmp_path / ".~lock.i.csv#").touch()
    day = book(1)
    beside = write_import(path, day.lines, day.batches, shipped_map())
    assert (path.read_text(), beside.path.name.startswith("i (")) == ("open", True)
    assert beside.rows == len([*replace(day, lines=sample_lines(remittances(1))).lines])
