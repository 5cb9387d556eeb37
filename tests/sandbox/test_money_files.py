"""Every file of the made-up money is read by our own readers: without problems, and balanced but for what is meant not to be."""

from __future__ import annotations

import csv
import io
from datetime import date, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING

import pdfplumber
import pytest

from payerbots.documents.read import Document, documents
from payerbots.domain.bank import Bai2File, LockboxFile
from payerbots.domain.remittance import Claim, PaymentHeader, PaymentTotals
from payerbots.sandbox.eob import LAYOUTS
from payerbots.sandbox.money import build, clearinghouse, files, images, shelves
from payerbots.sandbox.money.paper_eob import eob
from payerbots.sandbox.money.records import Form, Kind, Road
from payerbots.sandbox.money.world import bank_days

if TYPE_CHECKING:
    from pathlib import Path

    from payerbots.domain.record import Record
    from payerbots.sandbox.money.records import Money, Paper, Payment

TODAY = date(2026, 11, 25)
SEEDS = (1, 2, 3)


def read(content: bytes) -> tuple[Document, list[Record]]:
    (document,) = documents("file", io.BytesIO(content))
    return document, list(document.parts)


def whole(content: bytes) -> list[Record]:
    """The parts of a file in which nothing is wrong."""
    document, parts = read(content)
    assert (document.error, document.problems, document.balanced) == (None, [], True)
    return parts


def papers(money: Money, *, form: Form = Form.X12) -> list[Paper]:
    return [one for one in (*money.papers, *money.history) if one.form is form]


@pytest.mark.parametrize("seed", SEEDS)
def test_every_835_reads_and_balances_but_those_meant_not_to(seed: int) -> None:
    for paper in papers(build(seed, TODAY)):
        document, parts = read(files.x12(paper))
        assert document.balanced is not (paper.cut_off or any(one.level for one in paper.payments))
        assert bool(document.problems) is paper.cut_off
        assert document.kind == "835"
        headers = [one for one in parts if isinstance(one, PaymentHeader)]
        assert len(headers) == len(paper.payments)


@pytest.mark.parametrize("seed", SEEDS)
def test_an_835_says_what_the_book_says(seed: int) -> None:
    for paper in papers(build(seed, TODAY)):
        if paper.cut_off or len(paper.payments) > 1:
            continue
        header, *claims, _ = read(files.x12(paper))[1]
        assert isinstance(header, PaymentHeader)
        agrees(paper.payments[0], header, claims)


def agrees(payment: Payment, header: PaymentHeader, claims: list[Record]) -> None:
    check = payment.check
    assert header.key == (payment.payer.trn, check.number, check.date, check.amount)
    assert (header.method, header.payee_npi, header.payer) == (check.method, check.npi, payment.payer.name)
    assert len(claims) == len(check.claims)
    for found, drawn in zip(claims, check.claims, strict=True):
        assert isinstance(found, Claim)
        assert (found.patient_control_number, found.payer_claim_number) == (drawn.control, drawn.number)
        assert (found.status, found.charge, found.paid) == (drawn.status, drawn.charge, drawn.paid)
        assert (found.patient, found.member_id) == (drawn.name, drawn.member)
        assert found.corrected_member_id == (drawn.corrected_member or None)
        assert found.crossover_payer == (drawn.crossover[0] if drawn.crossover else None)
        assert (found.received, found.remarks) == (drawn.received, drawn.remarks)
        for line, other in zip(found.lines, drawn.lines, strict=True):
            assert (line.control, line.procedure, line.modifiers) == (
                other.control,
                other.procedure,
                other.modifiers,
            )
            assert (line.charge, line.paid, line.remarks) == (other.charge, other.paid, other.remarks)
            assert (line.allowed or 0, line.date) == (other.allowed, other.first)
            assert sorted((a.group, a.code, a.amount) for a in line.adjustments) == sorted(
                (a.group, a.code, a.amount) for a in other.adjustments
            )


def test_provider_adjustments_are_written_with_their_references() -> None:
    money = build(1, TODAY)
    (paper,) = [one for one in money.papers if one.payments[0].case == "balance taken"]
    totals = read(files.x12(paper))[1][-1]
    assert isinstance(totals, PaymentTotals)
    (found,) = totals.provider_adjustments
    (drawn,) = paper.payments[0].check.adjustments
    assert (found.code, found.reference, found.amount) == (drawn.code, drawn.reference, drawn.amount)


def test_units_that_were_cut_are_told() -> None:
    (paper,) = [one for one in build(1, TODAY).papers if one.payments[0].case.startswith("corrected ID")]
    claims = [one for one in read(files.x12(paper))[1] if isinstance(one, Claim)]
    (cut,) = [line for claim in claims for line in claim.lines if line.units_billed]
    assert (cut.units_billed, cut.units) == (Decimal(4), Decimal(2))
    (denied,) = [one for one in cut.adjustments if one.code == "151"]
    assert denied.quantity == 2


def test_the_clearinghouse_writes_with_other_marks_than_the_portal() -> None:
    twice = [one for one in build(1, TODAY).papers if one.payments[0].case == "by two roads"]
    contents = {one.road: files.x12(one) for one in twice}
    assert set(contents) == {Road.SUMMIT, Road.CLEARINGHOUSE}
    assert b"SVC*HC:" in contents[Road.SUMMIT]
    assert b"SVC*HC>" in contents[Road.CLEARINGHOUSE]


@pytest.mark.parametrize("seed", SEEDS)
def test_every_lockbox_file_proves_but_the_first_of_the_wrong_day(seed: int) -> None:
    money = build(seed, TODAY)
    for day in {batch.day for batch in money.batches}:
        wrong = any(batch.corrected_at for batch in money.batches if batch.day == day)
        assert read(files.lockbox(money, day, first=True))[0].balanced is not wrong
        (found,) = whole(files.lockbox(money, day))
        assert isinstance(found, LockboxFile)
        assert found.layout == "bai_standard"
        (box,) = found.lockboxes
        checks = [(one.check_number.lstrip("0"), one.amount) for batch in box.batches for one in batch.checks]
        drawn = [one for batch in money.batches if batch.day == day for one in batch.checks]
        assert checks == [(one.check_number.lstrip("0"), one.amount) for one in drawn]


@pytest.mark.parametrize("seed", SEEDS)
def test_every_bank_report_proves_and_holds_the_days_deposits(seed: int) -> None:
    money = build(seed, TODAY)
    closing = None
    for day in bank_days(money):
        (found,) = whole(files.report(money, day))
        assert isinstance(found, Bai2File)
        (account,) = found.groups[0].accounts
        credits_ = [one for one in account.transactions if one.type in {"165", "195", "555"}]
        drawn = [one for one in money.deposits if one.day == day and one.kind is not Kind.CHECK]
        assert sorted((one.bank_reference, one.amount) for one in credits_) == sorted(
            (one.reference, abs(one.amount)) for one in drawn
        )
        traces = {one.trace for one in drawn if one.trace}
        assert all(any(f"TRN*1*{trace}*" in one.text for one in credits_) for trace in traces)
        balances = {one.type: one.amount for one in account.summaries}
        assert closing in {None, balances["010"]}
        closing = balances["015"]


@pytest.mark.parametrize("layout", sorted(LAYOUTS))
def test_an_eob_of_each_layout_reads_and_balances(layout: str) -> None:
    payments = [one for one in build(1, TODAY).payments if one.payer.layout == layout and not one.level]
    largest = max(payments, key=lambda one: (len(one.check.adjustments), len(one.check.claims) < 6))
    header, *_, totals = whole(eob(largest))
    assert isinstance(header, PaymentHeader)
    assert isinstance(totals, PaymentTotals)
    assert (header.trace, header.amount) == (largest.check.number, largest.check.amount)
    assert totals.claims == len(largest.check.claims)


def test_a_batchs_images_are_a_check_and_its_papers_each_and_a_scanned_page_has_no_text() -> None:
    money = build(1, TODAY)
    (batch,) = [b for b in money.batches for paper in money.papers if paper.scanned and holds(b, paper)]
    with pdfplumber.open(io.BytesIO(images.draw(money, batch))) as pdf:
        texts = [page.extract_text() for page in pdf.pages]
    marked = [text for text in texts if "CHECK IMAGE" in text]
    assert len(marked) == len(batch.checks)
    for text, check in zip(marked, batch.checks, strict=True):
        assert f"BATCH {batch.number} ITEM {check.item:03d}" in text
        assert f"${check.amount:,.2f}" in text
    assert texts.count("") == 1


def holds(batch: object, paper: Paper) -> bool:
    return any(part.payment == paper.payments[0].key for one in batch.checks for part in one.parts)  # type: ignore[attr-defined]  # a Batch


def test_the_images_of_a_batch_hold_an_eob_that_reads_by_itself() -> None:
    money = build(1, TODAY)
    (late,) = [batch for batch in money.batches if batch.images_from.date() > TODAY]
    assert images.draw(money, late) == images.draw(money, late)
    assert images.draw(money, late).startswith(b"%PDF")


def test_what_comes_late_is_on_the_shelf_from_the_next_day_on() -> None:
    money = build(1, TODAY)
    tomorrow = TODAY + timedelta(days=1)
    late = [one.document for one in shelves.summit(money) if one.available_from > one.posted_at]
    versions = [
        version
        for day in shelves.harbor(money).days
        for file in day.files
        for version in file.versions
        if version.posted_at.date() > day.date
    ]
    assert len(late) == 1
    assert [one.posted_at.date() for one in versions] == [tomorrow, tomorrow]


def test_the_shelves_make_their_files_once() -> None:
    notice = next(one for one in shelves.summit(build(1, TODAY)) if one.x12)
    assert notice.x12
    assert notice.x12() is notice.x12()


def test_cascade_has_eobs_and_one_card() -> None:
    shelf = shelves.cascade(build(1, TODAY))
    assert {one.method for one in shelf} == {"ACH", "CHK", "NON", "CARD"}
    assert all(one.trace == "" for one in shelf if one.method == "NON")
    assert len({one.number for one in shelf}) == len(shelf)


def test_the_clearinghouse_drops_each_days_files_and_leaves_those_there_alone(tmp_path: Path) -> None:
    first = clearinghouse.write(tmp_path, 1, TODAY)
    first[0].write_bytes(b"taken")
    later = clearinghouse.write(tmp_path, 1, TODAY, TODAY + timedelta(days=1))
    assert len(set(later) - set(first)) == 1
    assert first[0].read_bytes() == b"taken"
    assert {one.name for one in tmp_path.iterdir()} == {one.name for one in later}


def test_the_list_of_claims_has_every_claim_with_its_flags(tmp_path: Path) -> None:
    clearinghouse.write_claims(tmp_path / "claims.csv", 1, TODAY)
    with (tmp_path / "claims.csv").open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))
    money = build(1, TODAY)
    assert [one["Claim no."] for one in rows] == [one.control for one in money.billed]
    assert sum(one["QMB"] == "Y" for one in rows) == 2
    assert {one["Secondary payer"] for one in rows} == {"", "STMCD", "GMSG3"}
    charges = {one.control: one.charge for one in money.billed}
    assert all(Decimal(one["Charge"]) == charges[one["Claim no."]] for one in rows)


def test_the_form_of_an_eob_alone_offers_no_835() -> None:
    alone = [one for one in papers(build(1, TODAY), form=Form.EOB) if one.road is Road.SUMMIT]
    assert len(alone) == 2
    assert all(
        one.x12 is None and one.eob
        for one in shelves.summit(build(1, TODAY))
        if one.document in {a.name for a in alone}
    )
