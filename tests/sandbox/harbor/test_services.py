from __future__ import annotations

import re
from datetime import date, timedelta
from typing import TYPE_CHECKING

import pytest

from payerbots.sandbox.harbor.services import NO_DATE, NOT_YET, TOO_OLD
from tests.sandbox.harbor.conftest import (
    FIRST,
    FRIDAY,
    IMAGES,
    REPORT,
    SECOND,
    SUNDAY,
    THURSDAY,
    WEDNESDAY,
    at,
)

if TYPE_CHECKING:
    from tests.sandbox.harbor.conftest import Clock, Visitor

ROW = re.compile(r"<tr[^>]*>(.*?)</tr>", re.DOTALL)
CELL = re.compile(r"<td[^>]*>(.*?)</td>", re.DOTALL)


def rows(visitor: Visitor, table: str) -> list[list[str]]:
    """The rows of a table as a person reads them, the heading left out."""
    found = re.search(rf'id="{table}".*?</table>', visitor.text, re.DOTALL)
    assert found, f"{table} is not on the page"
    cells = [CELL.findall(row) for row in ROW.findall(found[0])]
    return [[re.sub(r"<[^>]+>|\xa0", "", cell).strip() for cell in row] for row in cells[1:]]


def test_a_service_asks_for_a_date_first(biller: Visitor) -> None:
    biller.get("/tx/deposits")
    assert "Select a date and press View." in biller.text
    assert 'id="asOf"' not in biller.text


def test_the_deposits_of_a_day_are_its_batches_with_their_images(biller: Visitor) -> None:
    biller.ask("deposits", THURSDAY)
    assert '<span id="asOf">11/19/2026</span>' in biller.text
    assert rows(biller, "batches") == [
        ["0411", "2", "310.00", "IMG0411.PDF", "11/19/2026 18:30:00 EST", str(len(IMAGES))],
        ["0412", "1", "99.95", "Not yet available", "", ""],
        ["Total", "3", "409.95", "", "", ""],
    ]


def test_images_that_come_late_are_listed_from_then_on(biller: Visitor, clock: Clock) -> None:
    clock.now = at(FRIDAY, 23, 31)
    biller.sign_on()
    biller.ask("deposits", THURSDAY)
    assert rows(biller, "batches")[1][3:5] == ["IMG0412.PDF", "11/20/2026 18:30:00 EST"]


def test_a_replaced_file_has_the_same_name_and_another_time(biller: Visitor, clock: Clock) -> None:
    biller.ask("deposits", WEDNESDAY)
    now = rows(biller, "dataFiles")
    clock.now = at(THURSDAY, 13)
    biller.sign_on()
    biller.ask("deposits", WEDNESDAY)
    assert [*rows(biller, "dataFiles"), *now] == [
        ["LBX1118.BAI", "11/18/2026 18:00:00 EST", str(len(FIRST)), ""],
        ["LBX1118.BAI", "11/19/2026 09:00:00 EST", str(len(SECOND)), "Replaces an earlier file"],
    ]


def test_a_replaced_file_is_sent_as_it_was_posted_last(biller: Visitor, clock: Clock) -> None:
    assert biller.file("LBX1118.BAI", "deposits", WEDNESDAY).content == SECOND
    clock.now = at(THURSDAY, 13)
    biller.sign_on()
    assert biller.file("LBX1118.BAI", "deposits", WEDNESDAY).content == FIRST


def test_a_day_without_deposits_says_so(biller: Visitor) -> None:
    biller.ask("deposits", SUNDAY)
    assert "No deposits were received on this date." in biller.text
    assert "No data file has been posted for this date." in biller.text


def test_reports_are_listed_by_day(biller: Visitor) -> None:
    biller.ask("reports", WEDNESDAY)
    posted = "11/19/2026 06:00:00 EST"
    assert rows(biller, "reportList") == [["BAI2", "PDR1118.BAI2", posted, str(len(REPORT)), "View Report"]]
    biller.ask("reports", FRIDAY)
    assert "No reports are available for this date." in biller.text


def test_a_report_opens_as_text_and_is_saved_from_there(biller: Visitor) -> None:
    biller.ask("reports", WEDNESDAY)
    ref = re.search(r"/tx/report;sid=\w+\?(ref=[\d.]+)", biller.text)
    assert ref
    biller.get("/tx/report", ref[1])
    assert REPORT.decode().splitlines()[0] in biller.text
    answer = biller.get("/tx/file", ref[1])
    assert answer.content == REPORT
    assert answer.headers["content-disposition"] == 'attachment; filename="PDR1118.BAI2"'


def test_images_are_shown_in_a_window_and_never_saved(biller: Visitor) -> None:
    answer = biller.file("IMG0410.PDF", "deposits", WEDNESDAY)
    assert answer.content == IMAGES
    assert answer.headers["content-type"] == "application/pdf"
    assert "content-disposition" not in answer.headers


def test_the_statement_shows_a_returned_item_as_a_debit(biller: Visitor) -> None:
    biller.ask("statement", WEDNESDAY)
    credit, returned, balance = rows(biller, "movements")
    assert credit == [
        "ACH CREDIT",
        "SUMMIT HEALTH PLAN HCCLAIMPMTTRN*1*SHP0004412*1411234567",
        "260322118000412",
        "",
        "1,820.55",
    ]
    assert returned == ["RETURNED ITEM", "NSF", "RI88120", "75.00", ""]
    assert balance[-1] == "Closing ledger balance 11,745.55"


def test_the_statement_of_today_is_empty(biller: Visitor, clock: Clock) -> None:
    clock.now = at(WEDNESDAY, 22)
    biller.sign_on()
    biller.ask("statement", WEDNESDAY)
    assert "There are no transactions for this date." in biller.text


@pytest.mark.parametrize(
    ("day", "said"),
    [(FRIDAY + timedelta(days=1), NOT_YET), (date(2026, 1, 2), TOO_OLD)],
    ids=["to come", "long ago"],
)
def test_a_date_out_of_range_is_refused(biller: Visitor, day: date, said: str) -> None:
    biller.ask("reports", day)
    assert said in biller.text
    assert 'id="asOf"' not in biller.text


def test_a_date_that_does_not_exist_is_refused(biller: Visitor) -> None:
    biller.post("/tx/deposits", month="2", day="30", year="2026")
    assert NO_DATE in biller.text


@pytest.mark.parametrize("ref", ["", "20261118.9", "20261118.-1", "20261118.x", "20260101.0", "20261119.2"])
def test_a_file_that_is_not_posted_cannot_be_asked_for(biller: Visitor, ref: str) -> None:
    for page in ("file", "report", "viewer"):
        assert biller.get(f"/tx/{page}", f"ref={ref}").status_code == 404


def test_a_service_that_was_not_bought_says_so(biller: Visitor) -> None:
    assert "not entitled" in biller.get("/tx/not-entitled").text
