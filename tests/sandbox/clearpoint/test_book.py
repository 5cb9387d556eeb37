"""The book of business: claims, files, reports and what is right, against our own readers of such files."""

from __future__ import annotations

from collections import Counter
from datetime import date
from io import BytesIO
from typing import TYPE_CHECKING

import pytest

from payerbots.documents.read import documents
from payerbots.documents.x12.claim_file import ClaimFile
from payerbots.domain.acknowledgment import Acknowledgment, InterchangeAcknowledgment
from payerbots.domain.status import StatusReport
from payerbots.sandbox import payer, world
from payerbots.sandbox.clearpoint import files
from payerbots.sandbox.clearpoint.book import build, to_correct
from payerbots.sandbox.clearpoint.document import changed, faults, fields_of
from payerbots.sandbox.clearpoint.records import Kind, Outcome
from payerbots.sandbox.money.calendar import bank_day
from tests.sandbox.clearpoint.conftest import SEED, TODAY

if TYPE_CHECKING:
    from pathlib import Path

    from payerbots.sandbox.clearpoint.records import Answer, Book, Report

SEEDS = (1, 2, 3)
DAYS = (TODAY, date(2026, 12, 28), date(2027, 1, 4))


def read(report: Report) -> list[object]:
    """What our reader makes of a report; it must not complain."""
    found: list[object] = []
    for document in documents(report.name, BytesIO(report.content)):
        found += list(document.parts)
        assert not document.problems
        assert document.error is None
    return found


def case(book: Book, name: str) -> Answer:
    return next(one for one in book.answers if one.case == name)


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("today", DAYS)
def test_every_claim_has_an_answer_and_every_answer_a_claim(seed: int, today: date) -> None:
    book = build(seed, today)
    assert {one.control for one in book.answers} == set(book.claims)
    assert len(book.claims) >= 60


def test_the_same_seed_and_day_make_the_same_bytes() -> None:
    first, second = (build.__wrapped__(SEED, TODAY) for _ in range(2))
    assert [one.content for one in first.files] == [one.content for one in second.files]
    assert [one.content for one in first.reports] == [one.content for one in second.reports]


@pytest.mark.parametrize("seed", SEEDS)
def test_claim_files_are_read_without_a_problem(seed: int) -> None:
    book = build(seed, TODAY)
    for file in book.files:
        found = ClaimFile(file.content)
        assert not found.problems
        sent = [claim.control for claims in file.sets for claim in claims]
        assert sorted(one.patient_control_number for one in found.claims) == sorted(sent)


def test_a_certificate_is_read_with_its_answers() -> None:
    book = build(SEED, TODAY)
    control = case(book, "certificate to Medicare").control
    sent = next(
        one
        for file in book.files
        for one in ClaimFile(file.content).claims
        if one.patient_control_number == control
    )
    certificate = book.claims[control].lines[0].certificate
    assert certificate is not None
    assert sent.lines[0].certificate == certificate.form
    assert [one.question for one in sent.lines[0].answers] == [one for one, _ in certificate.answers]


@pytest.mark.parametrize("seed", SEEDS)
def test_status_reports_balance_and_name_their_claims(seed: int) -> None:
    book = build(seed, TODAY)
    for report in (one for one in book.reports if one.kind is Kind.STATUS):
        (found,) = read(report)
        assert isinstance(found, StatusReport)
        assert found.balance.ok
        assert len(found.claims) == report.claims
        assert {one.trace for one in found.claims} <= set(book.claims)


def test_a_set_is_rejected_another_has_errors_noted_and_an_interchange_is_refused() -> None:
    book = build(SEED, TODAY)
    acknowledged = [
        one for report in book.reports if report.kind is Kind.ACKNOWLEDGMENT for one in read(report)
    ]
    codes = Counter(part.code for one in acknowledged if isinstance(one, Acknowledgment) for part in one.sets)
    assert (codes["R"], codes["E"]) == (1, 1)
    envelopes = [one for report in book.reports if report.kind is Kind.TA1 for one in read(report)]
    refused = [
        one.control for one in envelopes if isinstance(one, InterchangeAcknowledgment) and not one.accepted
    ]
    assert refused == [f"{one.number:09d}" for one in book.files if one.refused]


def test_a_report_comes_again_under_new_control_numbers() -> None:
    book = build(SEED, TODAY)
    contents: Counter[object] = Counter()
    for report in (one for one in book.reports if one.kind is Kind.STATUS):
        (found,) = read(report)
        assert isinstance(found, StatusReport)
        contents[
            found.payer, tuple((one.trace, one.codes, one.statuses[0].date) for one in found.claims)
        ] += 1
    assert sorted(contents.values())[-2:] == [1, 2]
    assert len({one.content for one in book.reports}) == len(book.reports)


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("today", DAYS)
def test_silence_is_overdue_after_two_business_days_only(seed: int, today: date) -> None:
    book = build(seed, today)
    for answer in book.answers:
        heard = any(one.rulings for one in book.sendings if one.claim.control == answer.control)
        sent = max(one.at for one in book.sendings if one.claim.control == answer.control).date()
        if answer.outcome is Outcome.OVERDUE:
            assert not heard
            assert sent < bank_day(today, -3)
        if answer.case == "not answered yet":
            assert sent == bank_day(today, -1)


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("today", DAYS)
def test_corrections_pass_the_houses_own_edits_and_change_what_was_sent(seed: int, today: date) -> None:
    book = build(seed, today)
    for answer in to_correct(book):
        fields = fields_of(book.claims[answer.control])
        assert all(fields[one.field] == one.before for one in answer.changes)
        assert not faults(changed(fields, {one.field: one.after for one in answer.changes}))


@pytest.mark.parametrize("seed", range(1, 8))
@pytest.mark.parametrize("today", DAYS)
def test_a_member_id_is_proven_by_the_eligibility_book(seed: int, today: date) -> None:
    book, office = build(seed, today), world.build(seed, today)
    for answer in (one for one in to_correct(book) if one.changes[0].field == "subscriber.member_id"):
        claim = book.claims[answer.control]
        member = next(one for one in office.members if one.member_id == answer.changes[0].after)
        assert (payer.plain(member.last), payer.plain(member.first)) == (
            claim.patient.last,
            claim.patient.first,
        )
        assert member.born == claim.patient.born
        assert payer.active(member, claim.served_on)
        assert any(one.born == member.born and one.first == member.first for one in office.requests)


@pytest.mark.parametrize("seed", range(1, 8))
@pytest.mark.parametrize("today", DAYS)
def test_near_misses_of_member_ids_are_none(seed: int, today: date) -> None:
    book, office = build(seed, today), world.build(seed, today)
    lame = book.claims[case(book, "invalid member ID, not in force on the date").control]
    people = {(payer.plain(one.last), payer.plain(one.first), one.born): one for one in office.members}
    member = people[lame.patient.last, lame.patient.first, lame.patient.born]
    assert not payer.active(member, lame.served_on)
    other = book.claims[case(book, "invalid member ID, the name differs").control].patient
    assert (other.last, other.first, other.born) not in people
    moved = book.claims[case(book, "invalid member ID, joined a Medicare Advantage plan").control].patient
    joined = people[moved.last, moved.first, moved.born].medicare
    assert joined is not None
    assert joined.advantage is not None


def test_every_kind_of_rejection_occurs() -> None:
    reasons = {one.reason for one in build(SEED, TODAY).answers}
    assert reasons == {
        "", "ACK_OVERDUE", "REJ_MEMBER", "REJ_COVERAGE", "REJ_CODING", "REJ_PROVIDER", "REJ_ADDRESS", "REJ_FORM",
        "REJ_DUPLICATE", "REJ_FILE", "REJ_UNKNOWN", "REJ_THIRD_TIME",
    }  # fmt: skip
    fields = {one.changes[0].field.split(".")[-1] for one in to_correct(build(SEED, TODAY))}
    assert fields == {"modifiers", "certificate", "member_id", "zip", "payer_id"}


def test_the_office_has_its_files_payers_and_addresses(tmp_path: Path) -> None:
    written = files.write_claims(tmp_path / "sent", SEED, TODAY)
    files.write_payers(tmp_path / "payers.csv")
    files.write_addresses(tmp_path / "addresses.csv", SEED, TODAY)
    assert [one.read_bytes() for one in written] == [one.content for one in build(SEED, TODAY).files]
    assert "CASCADE MUTUAL,CASMU,CMG01,N" in (tmp_path / "payers.csv").read_text().splitlines()
    assert "44114-1820" in (tmp_path / "addresses.csv").read_text()
