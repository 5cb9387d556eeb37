"""The posting workbook."""

import errno
import tracemalloc
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import msgspec
import pytest
from openpyxl import Workbook, load_workbook

from payerbots.documents.workbook import posting_columns as columns
from payerbots.documents.workbook import tables
from payerbots.documents.workbook.posting import PostingBook, write_posting
from payerbots.documents.workbook.tables import Column
from payerbots.domain.posting import (
    AdjustmentRow,
    DepositRow,
    PaymentRow,
    PostingLine,
    ProviderAdjustmentRow,
)
from payerbots.domain.record import Record
from tests.posting_samples import DAY, ZONE, book, remittances, sample_lines

SHEETS = [
    "Summary",
    "Payments",
    "Lines",
    "Adjustments",
    "Provider adjustments",
    "Denials",
    "Deposits",
    "Exceptions",
]


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Workbook:
    return load_workbook(write_posting(tmp_path_factory.mktemp("out") / "posting.xlsx", book()))


def rows(of: Workbook, sheet: str) -> list[dict[str, Any]]:
    _, headers, *found = of[sheet].iter_rows(values_only=True)
    return [dict(zip(map(str, headers), row, strict=True)) for row in found]


def test_the_sheets_stand_in_the_agreed_order(made: Workbook) -> None:
    assert made.sheetnames == SHEETS


@pytest.mark.parametrize(
    ("record", "shown", "hidden"),
    [
        (PostingLine, columns.LINES, 1),
        (AdjustmentRow, columns.ADJUSTMENTS, 0),
        (PaymentRow, columns.PAYMENTS, 0),
        (ProviderAdjustmentRow, columns.PROVIDER_ADJUSTMENTS, 0),
        (DepositRow, columns.DEPOSITS, 0),
    ],
)
def test_every_field_has_a_column(record: type[Record], shown: tuple[Column, ...], hidden: int) -> None:
    fields = msgspec.structs.fields(record)
    assert len(fields) - hidden == sum(not column.formula for column in shown)


def test_the_columns_of_lines_stand_in_the_agreed_order() -> None:
    headers = [column.heading.header for column in columns.LINES]
    others = [f"Other {place} {what}" for place in range(1, 5) for what in ("group", "CARC", "amount")]
    assert headers == [
        *(
            "Batch",
            "Deposit ID",
            "Deposit date",
            "Payer",
            "TRN02 (trace or check)",
            "TRN03 (payer ID)",
            "Method",
        ),
        *("Payment date", "Payment total", "File SHA-256", "Claim control no.", "Line control no."),
        *("Payer claim no.", "Patient", "Member ID", "Corrected ID", "Claim status", "From", "To", "HCPCS"),
        *("Modifiers", "Original HCPCS", "Units billed", "Units paid", "Charge", "Allowed", "Paid"),
        *("Deductible", "Coinsurance", "Copay", "Other PR", "Contractual (45)", "Sequestration (253)"),
        *others,
        *(
            "Further (see Adjustments)",
            "RARCs",
            "Crossover payer",
            "Action",
            "Reversal of",
            "Patient billable",
        ),
        *("Next payer", "Row ID"),
    ]


def test_a_line_stands_under_its_headers(made: Workbook) -> None:
    first, found = next(sample_lines(remittances())), rows(made, "Lines")[0]
    assert (found["Claim control no."], found["Row ID"]) == (first.claim, first.row)
    assert (found["Charge"], found["Coinsurance"]) == (float(first.charge), float(first.coinsurance or 0))
    assert found["From"] == datetime(2026, 11, 2)  # noqa: DTZ001 - Excel knows no zone
    assert (found["Action"], found["Patient billable"], found["Next payer"]) == ("post", "yes", None)


def test_every_adjustment_has_a_row(made: Workbook) -> None:
    expected = [(line.row, cut.code) for line in sample_lines(remittances()) for cut in line.adjustments]
    assert [(row["Row ID"], row["CARC"]) for row in rows(made, "Adjustments")] == expected


def test_a_provider_adjustment_says_what_follows(made: Workbook) -> None:
    found = {row["Code"]: row for row in rows(made, "Provider adjustments")}
    assert found["WO"]["Our claim"] == "A00077"
    assert (found["WO"]["Action"], found["QQ"]["Action"]) == ("post", "hold")
    assert "Nothing more" in found["WO"]["What it means for the next payment"]
    assert "payer's reference" in found["QQ"]["What to do"]


def test_denials_stand_in_the_order_in_which_they_are_worked(made: Workbook) -> None:
    first, project = rows(made, "Denials")
    assert (first["Band"], first["Days left"], first["CARC + RARC"]) == ("1-10", 6, "50 + N115")
    assert first["In plain words"].endswith("Appeal with the records that show the need.")
    assert (first["Dollars"], first["Rent at risk"], first["Team"]) == (158, 1264, "denials")
    assert (project["Claim no."], project["Patient"], project["Rent at risk"]) == ("12 denials", None, None)


def test_the_sum_of_a_lockbox_batch_is_no_money_beside_its_checks(made: Workbook) -> None:
    states = [row["State"] for row in rows(made, "Deposits")]
    assert (states.count("matched"), states.count("waiting"), states.count("exception")) == (6, 1, 2)
    assert "unconcerned" not in states


def test_exceptions_are_shown_by_urgency_and_decided_elsewhere(made: Workbook) -> None:
    assert [row["Item"] for row in rows(made, "Exceptions")] == ["415", "412", "417"]
    assert "Decision" not in rows(made, "Exceptions")[0]


@pytest.mark.parametrize("sheet", SHEETS[1:])
def test_headers_stay_in_view_and_can_be_filtered(made: Workbook, sheet: str) -> None:
    shown = made[sheet]
    assert str(shown.freeze_panes).endswith("3")
    assert str(shown.auto_filter.ref).startswith("A2:")


def test_the_summary_has_a_chart(made: Workbook) -> None:
    (chart,) = made["Summary"]._charts  # type: ignore[attr-defined]  # openpyxl has no public way to a sheet's charts
    assert [series.val.numRef.f for series in chart.series] == [
        "'Summary'!$E$9:$E$11",
        "'Summary'!$G$9:$G$11",
        "'Summary'!$I$9:$I$11",
    ]


def test_the_same_day_gives_the_same_bytes_and_leaves_the_file_alone(tmp_path: Path) -> None:
    path = write_posting(tmp_path / "posting.xlsx", book())
    before, other = path.stat().st_mtime_ns, write_posting(tmp_path / "other.xlsx", book())
    assert other.read_bytes() == path.read_bytes()
    assert write_posting(path, book()).stat().st_mtime_ns == before


@pytest.mark.parametrize("sheet", ["Payments", "Lines", "Adjustments"])
def test_a_late_file_adds_its_rows_and_changes_no_other(tmp_path: Path, sheet: str) -> None:
    before, after = (
        load_workbook(write_posting(tmp_path / f"{count}.xlsx", book(count)))[sheet] for count in (2, 3)
    )
    known, found = ([*each.iter_rows(min_row=3, max_col=15, values_only=True)] for each in (before, after))
    assert found[: len(known)] == known
    assert len(found) > len(known)


@pytest.mark.parametrize("lock", ["~$posting.xlsx", ".~lock.posting.xlsx#"])
def test_a_workbook_that_somebody_has_open_is_left_to_them(tmp_path: Path, lock: str) -> None:
    path = write_posting(tmp_path / "posting.xlsx", book(2))
    before = path.read_bytes()
    (tmp_path / lock).touch()
    beside = write_posting(path, book(3))
    assert path.read_bytes() == before
    assert (beside.parent, beside.name.startswith("posting ("), beside.suffix) == (tmp_path, True, ".xlsx")


def test_a_full_disk_leaves_the_old_workbook_and_no_trace(tmp_path: Path) -> None:
    path = write_posting(tmp_path / "posting.xlsx", book(2))
    before = path.read_bytes()

    def lines() -> Iterator[PostingLine]:
        yield from sample_lines(remittances(1))
        raise OSError(errno.ENOSPC, "No space left on device")

    with pytest.raises(OSError, match="No space left"):
        write_posting(path, replace(book(3), lines=lines()))
    assert [each.name for each in tmp_path.iterdir()] == ["posting.xlsx"]
    assert path.read_bytes() == before


def test_memory_does_not_grow_with_the_lines(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tables, "_IN_MEMORY", 10_000)
    monkeypatch.setattr(tables, "_TEXTS_KEPT", 100)
    few, many = (peak(tmp_path, lines) for lines in (200, 800))
    assert many - few < 50 * 600


def peak(tmp_path: Path, count: int) -> int:
    first = next(sample_lines(remittances(1)))
    lines = (
        msgspec.structs.replace(first, row=f"R{number}", charge=Decimal(number)) for number in range(count)
    )
    tracemalloc.start()
    write_posting(tmp_path / f"{count}.xlsx", PostingBook(day=DAY, zone=ZONE, lines=lines))
    most = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return most


def test_no_rows_still_make_a_workbook(tmp_path: Path) -> None:
    empty = load_workbook(write_posting(tmp_path / "posting.xlsx", PostingBook(day=DAY, zone=ZONE)))
    assert empty.sheetnames == SHEETS
    assert rows(empty, "Lines") == []


def test_times_are_the_offices(made: Workbook) -> None:
    seen = datetime(2026, 11, 20, 14, 5, tzinfo=UTC).astimezone(ZONE).replace(tzinfo=None)
    assert rows(made, "Exceptions")[0]["First seen"] == seen
