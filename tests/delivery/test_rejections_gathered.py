"""What a run of the rejections bot gathers: reports that are new, files that are claims, and each asked once."""

import datetime as dt
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from payerbots.delivery.rejections.gather import BadReport, Reached, keep, reached, since, to_fetch
from payerbots.documents.errors import DocumentError
from payerbots.domain.payers import PayerBook
from payerbots.engine.contract import RunContext
from payerbots.portals.front_end import ListedReport
from tests.documents.test_front_end import REJECTION, SENT, answer, statuses

DAY = dt.date(2026, 11, 25)


def run(**given: Any) -> RunContext:
    return RunContext(
        **{
            "number": 1,
            "day": DAY,
            "zone": ZoneInfo("UTC"),
            "payers": PayerBook(()),
            "input": None,
            "out": Path(),
            **given,
        }
    )


def report(number: str, day: dt.date = DAY, kind: str = "277CA") -> ListedReport:
    received = dt.datetime.combine(day, dt.time(9), dt.UTC)
    return ListedReport(number=number, kind=kind, name=f"{number}.x12", received=received)


def test_the_first_run_looks_back_for_a_month() -> None:
    assert since(run()) == DAY - dt.timedelta(days=30)


def test_a_later_run_looks_back_for_three_days_from_the_last_report() -> None:
    mark = reached(run(), [report("1", DAY - dt.timedelta(days=2))]).value
    assert since(run(watermark=mark)) == DAY - dt.timedelta(days=5)


def test_without_any_report_the_day_itself_was_reached() -> None:
    found = Reached.of(run(watermark=reached(run(), []).value))
    assert found == Reached(day=DAY)


def test_a_report_is_fetched_once_and_what_comes_again_under_another_number_once_more() -> None:
    first = [report("1"), report("2", kind="Payer report"), report("3", DAY - dt.timedelta(days=9))]
    assert [one.number for one in to_fetch(run(), first)] == ["1", "3"]
    later = run(watermark=reached(run(), first).value)
    assert [one.number for one in to_fetch(later, [*first[:2], report("4")])] == ["4"]


def test_a_report_that_could_not_be_read_is_fetched_again() -> None:
    listed = [report("1"), report("2")]
    mark = reached(run(), listed, [BadReport(number="2", kind="277CA", why="empty")]).value
    assert [one.number for one in to_fetch(run(watermark=mark), listed)] == ["2"]


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (SENT, "837P"),
        (statuses(REJECTION), "277CA"),
        (
            answer(
                "ST*999*0001*005010X231A1",
                "AK1*HC*55",
                "AK9*A*1*1*1",
                "SE*4*0001",
                group="FA",
                implementation="005010X231A1",
            ),
            "999",
        ),
    ],
)
def test_a_file_is_kept_by_what_it_is(content: bytes, kind: str) -> None:
    assert (keep(content, "house").fact.kind, keep(content, "house").fact.size) == (kind, len(content))


@pytest.mark.parametrize("content", [b"", b"<html>", b"ISA*00*~"])
def test_what_is_no_report_is_not_kept(content: bytes) -> None:
    with pytest.raises(DocumentError):
        keep(content, "house")
