"""Summit's pages of remittances."""

from __future__ import annotations

import io
import re
import zipfile
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

    import httpx

    from payerbots.sandbox.money.shelves import RemittanceNotice
    from payerbots.sandbox.server import PracticePortal
    from tests.sandbox.conftest import Clock, Visitor

ROW = re.compile(r'<tr data-document="([^"]+)">')
COUNT = re.compile(r"<strong>(\d+)-(\d+)</strong> of <strong>(\d+)</strong>")
SHOW = {"from": "11/04/2026", "all": "1"}
YEAR = {"from": "01/01/2026", "all": "1"}


def listed(visitor: Visitor, **asked: str) -> list[str]:
    """The document numbers on a page of the list."""
    visitor.page = visitor.client.get("/remittances", params=asked)
    return ROW.findall(visitor.page.text)


def everything(visitor: Visitor, **asked: str) -> list[str]:
    """Those on all pages, one after the other."""
    found = listed(visitor, **asked)
    while 'data-testid="next-page"' in visitor.page.text:
        address = re.search(r'rel="next" href="([^"]+)"', visitor.page.text)
        assert address
        visitor.get(address[1].replace("&amp;", "&"))
        found += ROW.findall(visitor.page.text)
    return found


@pytest.fixture
def notices(portal: PracticePortal) -> tuple[RemittanceNotice, ...]:
    return portal.portal.notices


@pytest.fixture
def of_case(
    notices: tuple[RemittanceNotice, ...],
) -> Callable[[Callable[[RemittanceNotice], bool]], RemittanceNotice]:
    def find(fits: Callable[[RemittanceNotice], bool]) -> RemittanceNotice:
        return next(one for one in notices if fits(one))

    return find


def has_x12(notice: RemittanceNotice) -> bool:
    return notice.x12 is not None and notice.available_from == notice.posted_at


def test_only_the_first_hundred_of_the_last_ninety_days_are_shown(biller: Visitor, clock: Clock) -> None:
    found = everything(biller)
    assert len(found) == 100
    assert "Only the first 100 are shown" in biller.text
    oldest = clock.now - timedelta(days=90)
    days = re.findall(r"<td>(\d\d)/(\d\d)/(\d{4})</td><th", biller.page.text)
    assert all((int(y), int(m), int(d)) >= (oldest.year, oldest.month, oldest.day) for m, d, y in days)


def test_all_are_shown_when_asked_for(biller: Visitor, notices: tuple[RemittanceNotice, ...]) -> None:
    found = everything(biller, **YEAR)
    assert len(found) == sum(one.rows for one in notices) > 140
    assert set(found) == {one.document for one in notices}
    assert "are shown. Narrow" not in biller.text


def test_the_latest_stand_first_and_a_page_has_25_rows(biller: Visitor) -> None:
    first, second = listed(biller, **YEAR), listed(biller, **YEAR, page="2")
    assert (len(first), len(second)) == (25, 25)
    found = COUNT.search(biller.page.text)
    assert found
    assert found.groups()[:2] == ("26", "50")
    days = re.findall(r"<td>(\d\d/\d\d/\d{4})</td><th", biller.page.text)
    assert [day[6:] + day[:5] for day in days] == sorted((day[6:] + day[:5] for day in days), reverse=True)


def test_the_search_narrows_by_period_program_method_and_number(
    biller: Visitor, notices: tuple[RemittanceNotice, ...]
) -> None:
    one = notices[5]
    assert listed(biller, **YEAR, trace=one.trace) == [one.document]
    day = f"{one.posted_at:%m/%d/%Y}"
    of_day = [n.document for n in notices if n.posted_at.date() == one.posted_at.date()]
    assert sorted(set(listed(biller, **{"from": day, "to": day}))) == sorted(of_day)
    checks = {n.document for n in notices if n.method == "CHK"}
    assert set(everything(biller, **YEAR, method="CHK")) == checks
    medicare = {n.document for n in notices if n.payer.startswith("COASTAL")}
    assert set(everything(biller, **YEAR, program="COASTAL MEDICARE DME CONTRACTOR")) == medicare


@pytest.mark.parametrize(
    ("asked", "words"),
    [
        ({"from": "2026-11-01"}, "Dates must be MM/DD/YYYY"),
        ({"from": "01/01/2020"}, "kept for 18 months"),
        ({"from": "11/20/2026", "to": "11/01/2026"}, "lies before its begin"),
    ],
)
def test_a_wrong_period_is_told_and_nothing_is_shown(
    biller: Visitor, asked: dict[str, str], words: str
) -> None:
    assert listed(biller, **asked) == []
    assert words in biller.text


def test_a_search_that_finds_nothing_says_so(biller: Visitor) -> None:
    assert listed(biller, trace="NOSUCH") == []
    assert "No remittances found" in biller.text


def test_new_is_what_was_posted_since_the_last_visit(
    new_visitor: Callable[[], Visitor], clock: Clock, notices: tuple[RemittanceNotice, ...]
) -> None:
    seen = sorted(one.posted_at for one in notices)[-4]
    clock.now = seen
    first = new_visitor().sign_in()
    assert len(everything(first, **YEAR, new="1")) > 100
    clock.now = seen + timedelta(days=12)
    later = new_visitor().sign_in()
    assert len(set(everything(later, **YEAR, new="1"))) == 3
    assert len(set(everything(later, **YEAR, new="1"))) == 3


def test_one_stands_twice_one_was_issued_again_and_one_has_no_file_yet(
    biller: Visitor, notices: tuple[RemittanceNotice, ...]
) -> None:
    found = everything(biller, **SHOW)
    (twice,) = {one for one in found if found.count(one) > 1}
    assert twice in {one.document for one in notices if one.rows == 2}
    (again,) = [one for one in notices if one.replaces]
    assert {again.document, again.replaces} <= set(found)
    assert len({one.trace for one in notices if one.document in {again.document, again.replaces}}) == 1


def test_a_file_that_is_not_there_yet_is_there_tomorrow(
    biller: Visitor, clock: Clock, notices: tuple[RemittanceNotice, ...]
) -> None:
    (late,) = [one for one in notices if one.available_from > one.posted_at]
    clock.now = late.available_from - timedelta(hours=20)
    biller.sign_in()
    assert late.document in listed(biller)
    assert "Available tomorrow" in biller.text
    assert biller.get(f"/remittances/{late.document}/835").status_code == 404
    clock.now = late.available_from
    biller.sign_in()
    assert biller.get(f"/remittances/{late.document}/835").content.startswith(b"ISA*")


def test_an_835_is_an_attachment_of_the_size_that_the_list_says(
    biller: Visitor, of_case: Callable[..., RemittanceNotice]
) -> None:
    notice = of_case(has_x12)
    answer = biller.get(f"/remittances/{notice.document}/835")
    assert notice.x12
    assert answer.content == notice.x12()
    assert answer.headers["content-disposition"] == f'attachment; filename="{notice.document}.835"'
    listed(biller, trace=notice.trace)
    assert f"{len(answer.content):,} bytes" in biller.text


def test_an_eob_is_shown_and_not_saved(biller: Visitor, of_case: Callable[..., RemittanceNotice]) -> None:
    notice = of_case(lambda one: one.eob is not None and one.x12 is None)
    biller.get(f"/remittances/{notice.document}/eob")
    assert f'data="/remittances/{notice.document}/eob.pdf"' in biller.text
    answer = biller.get(f"/remittances/{notice.document}/eob.pdf")
    assert answer.content.startswith(b"%PDF")
    assert answer.headers["content-disposition"].startswith("inline")
    assert answer.headers["x-frame-options"] == "SAMEORIGIN"
    assert biller.get(f"/remittances/{notice.document}/835").status_code == 404


def test_all_835s_of_a_search_come_in_one_archive(
    biller: Visitor, notices: tuple[RemittanceNotice, ...], clock: Clock
) -> None:
    answer = biller.client.get("/remittances/download", params=SHOW)
    wanted = {
        f"{one.document}.835": one
        for one in notices
        if one.x12 and one.available_from <= clock.now and one.posted_at.date().isoformat() >= "2026-11-04"
    }
    with zipfile.ZipFile(io.BytesIO(answer.content)) as archive:
        assert sorted(archive.namelist()) == sorted(wanted)
        assert all(archive.read(name).startswith(b"ISA*") for name in archive.namelist())


def test_a_download_may_be_the_sign_in_page(
    biller: Visitor, portal: PracticePortal, of_case: Callable[..., RemittanceNotice]
) -> None:
    address = f"/remittances/{of_case(has_x12).document}/835"
    portal.set_faults(file_sign_in=2)
    answers = [biller.client.get(address) for _ in range(3)]
    assert [one.status_code for one in answers] == [200, 200, 200]
    assert [b'name="password"' in one.content for one in answers] == [True, True, False]
    assert answers[0].headers["content-disposition"].startswith("attachment")


def test_a_download_may_end_in_the_middle(
    biller: Visitor, portal: PracticePortal, of_case: Callable[..., RemittanceNotice]
) -> None:
    address = f"/remittances/{of_case(has_x12).document}/835"
    portal.set_faults(file_truncated=1)
    cut, whole = (biller.client.get(address).content for _ in range(2))
    assert len(cut) == len(whole) // 2
    assert whole.startswith(cut)


def test_a_slow_file_stops_on_the_way_and_comes_whole(
    biller: Visitor, portal: PracticePortal, of_case: Callable[..., RemittanceNotice]
) -> None:
    notice = of_case(has_x12)
    portal.set_faults(slow_file=0.2)
    answer: httpx.Response
    with biller.client.stream("GET", f"/remittances/{notice.document}/835") as answer:
        pieces = list(answer.iter_raw())
    assert answer.elapsed.total_seconds() >= 0.2
    assert notice.x12
    assert b"".join(pieces) == notice.x12()
    assert answer.headers["content-length"] == str(len(notice.x12()))


def test_rows_arrive_while_the_list_is_read(biller: Visitor, portal: PracticePortal) -> None:
    usual = everything(biller, **SHOW)
    portal.set_faults(list_shift=3)
    shifted = everything(biller, **SHOW)
    assert shifted[:5] != usual[:5]
    assert set(usual) - set(shifted)
    assert len(set(shifted)) < len(shifted) - 1
    everything(biller, **SHOW)
    assert everything(biller, **SHOW) == usual


def test_the_session_can_end_in_the_middle_of_the_list(biller: Visitor, portal: PracticePortal) -> None:
    portal.set_faults(logout_after=2)
    assert listed(biller, **YEAR)
    assert listed(biller, **YEAR, page="2")
    assert listed(biller, **YEAR, page="3") == []
    assert biller.path == "/sign-in"


def test_the_harness_counts_lists_and_files(
    biller: Visitor, portal: PracticePortal, of_case: Callable[..., RemittanceNotice]
) -> None:
    listed(biller)
    biller.get(f"/remittances/{of_case(has_x12).document}/835")
    assert (portal.stats()["remittance_lists"], portal.stats()["files"]) == (1, 1)
