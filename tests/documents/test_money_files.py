"""Files of remittances and of a bank, as payments by their place and as deposits; the practice world's own files."""

import io
import zipfile
from datetime import date
from decimal import Decimal
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from payerbots.documents import remittance_file
from payerbots.documents.bank_file import Source, deposits, must_be, split
from payerbots.documents.errors import DocumentError, FetchAgain
from payerbots.documents.pdf.rows import pages
from payerbots.documents.pdf.template import SHIPPED
from payerbots.documents.remittance_file import remittance_files
from payerbots.domain.facts import DepositKind
from payerbots.memo import Memo
from payerbots.reasons import Reason
from payerbots.sandbox.money import build, files, images
from payerbots.sandbox.money.paper_eob import eob
from payerbots.sandbox.money.records import Form
from payerbots.sandbox.money.world import bank_days

DAY = date(2026, 11, 25)
MONEY = build(1, DAY)
SOURCE = Source(portal="bank", sha256="0" * 64, received=DAY, known=("Tri-County School Trust",))


def paper(fits: Any) -> Any:
    return next(one for one in MONEY.papers if fits(one))


def only(content: bytes) -> Any:
    (found,) = remittance_files(content)
    return found


def test_a_file_of_two_payments_has_them_in_its_order() -> None:
    two = paper(lambda one: one.form is Form.X12 and len(one.payments) == 2)
    found = only(files.x12(two))
    assert [each.place for each in found.payments] == [1, 2]
    assert [each.remittance.trace for each in found.payments] == [one.check.number for one in two.payments]
    assert found.unread == []


def test_a_file_cut_off_tells_the_money_and_gives_no_payment() -> None:
    cut = paper(lambda one: one.cut_off)
    found = only(files.x12(cut))
    assert found.payments == []
    (unread,) = found.unread
    assert (unread.reason, unread.dollars) == (Reason.FILE_UNUSABLE, cut.payments[0].check.amount)
    assert [each.trace for each in unread.payments] == [cut.payments[0].check.number]


def test_what_is_whole_of_a_file_that_was_cut_off_is_kept() -> None:
    two = paper(lambda one: one.form is Form.X12 and len(one.payments) == 2)
    content = files.x12(two)
    found = only(content[: int(len(content) * 0.9)])
    assert [each.place for each in found.payments] == [1]
    assert len(found.unread) == 1


def test_each_file_of_a_zip_is_one() -> None:
    both = [one for one in MONEY.papers if one.form is Form.X12 and not one.cut_off][:2]
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for one in both:
            archive.writestr(f"{one.name}.835", files.x12(one))
        archive.writestr("sign-in.835", "<html><body>Sign in</body></html>")
    found = list(remittance_files(buffer.getvalue()))
    assert [len(each.payments) for each in found] == [len(one.payments) for one in both] + [0]
    assert [each.unread[0].reason for each in found if each.unread] == [Reason.FILE_UNUSABLE]
    assert len({each.sha256 for each in found}) == 3


def test_an_eob_names_its_payer_by_its_letterhead() -> None:
    for layout in ("cascade", "union", "medicaid"):
        one = paper(lambda each, key=layout: each.form is Form.EOB and each.payments[0].payer.key == key)
        assert only(eob(one.payments[0])).payments[0].remittance.payer == one.payments[0].payer.name


def test_paper_is_read_once_by_the_same_templates(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    content = eob(
        paper(lambda each: each.form is Form.EOB and each.payments[0].payer.key == "union").payments[0]
    )
    opened = []

    def noting(stream: Any) -> Any:
        opened.append(stream)
        return pages(stream)

    monkeypatch.setattr(remittance_file, "_papers", Memo(9))
    monkeypatch.setattr(remittance_file, "pages", noting)
    first, again = only(content), only(content)
    assert first == again
    assert len(opened) == 1
    text = (SHIPPED / "union.yaml").read_text()
    (tmp_path / "union.yaml").write_text(text.replace(": CHK", ": CARD"))
    (other,) = remittance_files(content, [tmp_path])
    assert (first.payments[0].remittance.method, other.payments[0].remittance.method) == ("CHK", "CARD")


def test_what_could_not_be_read_is_not_remembered(monkeypatch: pytest.MonkeyPatch) -> None:
    content = eob(paper(lambda each: each.form is Form.EOB).payments[0])
    with monkeypatch.context() as patch:
        patch.setattr(remittance_file, "_papers", Memo(9))
        patch.setattr(remittance_file, "pages", _damaged)
        assert only(content).unread
        patch.setattr(remittance_file, "pages", pages)
        assert only(content).payments


def _damaged(_stream: Any) -> Any:
    raise FetchAgain("a PDF that is damaged")


def test_half_a_pdf_is_fetched_again() -> None:
    content = eob(paper(lambda one: one.form is Form.EOB).payments[0])
    found = only(content[: len(content) // 2])
    assert found.payments == []
    assert [each.where for each in found.unread] == ["file"]


def test_images_give_the_eob_of_each_check_and_say_which_page_is_a_picture() -> None:
    found = [only(images.draw(MONEY, batch)) for batch in MONEY.batches]
    traces = {each.remittance.trace for one in found for each in one.payments}
    scanned = paper(lambda one: one.scanned).payments[0].check
    assert len(traces) == sum(len(one.payments) for one in found)
    assert scanned.number not in traces
    (unread,) = [each for one in found for each in one.unread]
    assert (unread.reason, unread.dollars) == (Reason.NEEDS_OCR, scanned.amount)


def test_an_account_report_gives_every_credit_and_what_came_back() -> None:
    found = [one for day in bank_days(MONEY) for one in deposits("bai2", files.report(MONEY, day), SOURCE)]
    facts, unread = split(found)
    wanted = {(one.day, one.amount) for one in MONEY.deposits if one.kind.value != "check"}
    assert unread == []
    assert {(one.day, one.amount) for one in facts if one.kind is not DepositKind.BATCH} == wanted
    assert {one.check_number for one in facts if one.kind is DepositKind.RETURNED} <= {
        one.check_number for one in MONEY.deposits
    }


def test_a_person_who_wrote_a_check_is_not_kept_by_name() -> None:
    people = {one.reference for one in MONEY.deposits if one.person}
    facts, _ = split(
        one
        for day in {batch.day for batch in MONEY.batches}
        for one in deposits("lockbox", files.lockbox(MONEY, day), SOURCE)
    )
    named = {one.reference for one in facts if not one.payer}
    assert people
    assert named == people


def test_a_lockbox_file_that_disagrees_with_itself_gives_no_deposit() -> None:
    batch = next(one for one in MONEY.batches if one.misread)
    facts, unread = split(deposits("lockbox", files.lockbox(MONEY, batch.day, first=True), SOURCE))
    assert facts == []
    assert [(each.reason, each.dollars) for each in unread] == [(Reason.LOCKBOX_TOTALS, batch.total)]
    assert all(figure in unread[0].what for figure in (f"${batch.total:,.2f}", f"${batch.total + 9:,.2f}"))


def test_a_report_whose_control_totals_do_not_hold_gives_no_deposit() -> None:
    day = next(one for one in bank_days(MONEY) if files.entries(MONEY, one))
    content = files.report(MONEY, day)
    number = next(line for line in content.split(b"\n") if line.startswith(b"49,"))
    wrong = content.replace(
        number, b"49," + str(int(number.split(b",")[1]) + 1).encode() + b"," + number.split(b",")[2]
    )
    facts, unread = split(deposits("bai2", wrong, SOURCE))
    assert facts == []
    assert [each.reason for each in unread] == [Reason.LOCKBOX_TOTALS]


@pytest.mark.parametrize("kind", ["lockbox", "bai2", "images"])
def test_another_kind_than_listed_is_fetched_again(kind: str) -> None:
    contents = {
        "lockbox": files.lockbox(MONEY, MONEY.batches[0].day),
        "bai2": files.report(MONEY, bank_days(MONEY)[0]),
        "images": images.draw(MONEY, MONEY.batches[0]),
    }
    must_be(kind, contents.pop(kind))
    for content in (*contents.values(), b"<html><form>Sign on</form></html>"):
        with pytest.raises(FetchAgain):
            must_be(kind, content)


def test_bytes_of_any_length_of_a_bank_file_raise_nothing_unforeseen() -> None:
    content = files.report(MONEY, bank_days(MONEY)[-1])
    for start, end in pairwise(range(0, len(content), 97)):
        try:
            facts, unread = split(deposits("bai2", content[: start + (end - start) // 2], SOURCE))
        except DocumentError:
            continue
        assert not facts or not unread
        assert sum((one.amount for one in facts), Decimal(0)) == 0
