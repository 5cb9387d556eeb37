from collections.abc import Callable
from decimal import Decimal
from io import BytesIO

import pytest

from payerbots.documents.bai.layout import layouts
from payerbots.documents.bai.lockbox import read_lockbox
from payerbots.domain.bank import Invoice, LockboxFile
from tests.documents.bai.golden import SAMPLES

STANDARD = layouts()["bai_standard"]
TWO_BOXES = (SAMPLES / "two_boxes.bai").read_bytes().decode("latin-1").splitlines()


def deposit(lines: list[str], end: str = "\n") -> LockboxFile:
    return read_lockbox(BytesIO(end.join(lines).encode("latin-1")), STANDARD)


def changed(number: int, change: Callable[[str], str]) -> LockboxFile:
    """The sample with one line changed, counted from 1."""
    lines = list(TWO_BOXES)
    lines[number - 1] = change(lines[number - 1])
    return deposit(lines)


def total_at(first: int, digits: str) -> Callable[[str], str]:
    return lambda line: line[: first - 1] + digits + line[first - 1 + len(digits) :]


def test_checks_carry_their_invoices_and_boxes_their_batches() -> None:
    read = deposit(TWO_BOXES)
    first, empty = read.lockboxes
    assert [batch.number for batch in first.batches] == ["001", "002"]
    assert first.batches[0].checks[0].invoices == (
        Invoice(number="INV-20931", amount=Decimal("750.00")),
        Invoice(number="INV-20944", amount=Decimal("500.00")),
    )
    assert first.batches[0].checks[1].invoices == ()
    assert first.batches[0].checks[2].invoices == (Invoice(number="RENTAL MAR", amount=None),)
    assert (empty.number, empty.count, empty.total) == ("0068752", 0, Decimal("0.00"))
    assert read.balance.ok


@pytest.mark.parametrize("end", ["\r\n", "\r", "   \n\n"])
def test_line_ends_and_blanks_do_not_matter(end: str) -> None:
    read = deposit(TWO_BOXES, end)
    assert read.balance.ok
    assert read.lockboxes[0].batches[0].total == Decimal("1445.50")


def test_a_file_without_line_breaks_is_cut_at_the_record_length() -> None:
    read = deposit([line.ljust(80) for line in TWO_BOXES], "")
    assert read.balance.ok
    assert len(read.lockboxes) == 2


@pytest.mark.parametrize(
    ("line", "change", "found"),
    [
        (10, total_at(21, "004"), ("batch", "batch 001 count", "-1")),
        (10, total_at(33, "1"), ("batch", "batch 001", "-0.01")),
        (13, total_at(24, "5"), ("lockbox", "lockbox 1 count", "-1")),
        (13, total_at(34, "0"), ("lockbox", "lockbox 1", "0.09")),
        (17, total_at(7, "8"), ("file", "file records", "-1")),
        (5, total_at(36, "1"), ("check", "batch 001 check 1", "0.01")),
        (15, total_at(21, "001"), ("batch", "lockbox 2 batch 000 count", "-1")),
    ],
)
def test_every_total_and_count_is_proven(
    line: int, change: Callable[[str], str], found: tuple[str, str, str]
) -> None:
    read = changed(line, change)
    assert [(one.level, one.where, str(one.difference)) for one in read.balance.differences] == [found]
    assert not read.balance.ok
    assert read.problems == ()


@pytest.mark.parametrize(
    ("change", "why"),
    [
        (total_at(8, "00001250O0"), "a letter among the digits"),
        (total_at(8, "         "), "only the last digit is left"),
        (total_at(8, "   1 25000"), "a blank among the digits"),
        (total_at(8, "-000125000"), "a sign"),
        (lambda line: line[:15], "the record ends inside the amount"),
        (lambda line: line[:6], "the record ends before the amount"),
    ],
)
def test_an_amount_that_cannot_be_read_is_never_another_amount(
    change: Callable[[str], str], why: str
) -> None:
    read = changed(4, change)
    amount = read.lockboxes[0].batches[0].checks[0].amount
    assert not read.balance.ok, why
    if amount is not None:
        assert read.balance.differences
        return
    problem = next(one for one in read.problems if one.where == "line 4")
    assert problem.what == "record 6, columns 8-17 (amount): expected digits up to the last column"


@pytest.mark.parametrize(
    ("line", "change", "told"),
    [
        (6, total_at(9, "03"), "out of sequence"),
        (6, total_at(11, "0"), "the last overflow record (4) of this check is missing"),
        (5, total_at(11, "9"), "after the one that was marked as the last"),
        (5, total_at(5, "099"), "belongs to no check"),
        (6, total_at(2, "009"), "belongs to no check"),
        (10, total_at(2, "009"), "names another batch"),
        (10, total_at(8, "0000009"), "names another lockbox"),
        (10, lambda _: "Z", "a record type that the layout does not have"),
    ],
)
def test_records_out_of_their_order_leave_the_balance_open(
    line: int, change: Callable[[str], str], told: str
) -> None:
    read = changed(line, change)
    assert any(told in problem.what for problem in read.problems)
    assert not read.balance.ok


@pytest.mark.parametrize(
    ("dropped", "missing"), [(1, "1"), (3, "5"), (10, "7"), (12, "7"), (13, "8"), (17, "9")]
)
def test_what_is_missing_is_told_and_the_checks_are_read(dropped: int, missing: str) -> None:
    read = deposit(TWO_BOXES[: dropped - 1] + TWO_BOXES[dropped:])
    assert any(f"record {missing} is missing" in problem.what for problem in read.problems)
    assert sum(len(batch.checks) for box in read.lockboxes for batch in box.batches) == 4
    assert not read.balance.ok


def test_an_overflow_record_that_came_late_goes_to_its_check() -> None:
    lines = [*TWO_BOXES[:5], TWO_BOXES[6], TWO_BOXES[5], *TWO_BOXES[7:]]
    read = deposit(lines)
    assert len(read.lockboxes[0].batches[0].checks[0].invoices) == 2
    assert [problem.what for problem in read.problems] == [
        "an overflow record (4) that does not follow its check"
    ]
    assert read.balance.ok


def test_an_empty_deposit_may_have_no_batch_total() -> None:
    read = deposit([*TWO_BOXES[:2], TWO_BOXES[13], TWO_BOXES[15], "9000005"])
    assert read.lockboxes[0].batches == ()
    assert read.balance.ok


def test_two_files_in_one_stream_are_each_proven() -> None:
    read = deposit(TWO_BOXES * 2)
    assert len(read.lockboxes) == 4
    assert [one.what for one in read.problems] == []
    assert read.balance.ok
