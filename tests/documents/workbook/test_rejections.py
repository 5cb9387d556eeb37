"""The workbooks of rejections, and the weekly report."""

import datetime as dt
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pdfplumber
import pytest
from openpyxl import Workbook, load_workbook

from payerbots.documents.reports.rejection_analysis import write_analysis_pdf
from payerbots.documents.workbook.rejection_analysis import write_analysis
from payerbots.documents.workbook.rejections import write_rejections
from payerbots.domain.rejection import Change, Did, Kind, Rejected
from payerbots.domain.rejection_analysis import analyse
from payerbots.domain.rejection_report import Filing, RejectionDay, RejectionRow
from payerbots.domain.rejection_states import Heard, stories
from payerbots.reasons import Reason
from tests.rejection_samples import TODAY, claim, line, rejected, rules, said

ZONE = ZoneInfo("America/New_York")
SENT_AT = dt.datetime(2026, 11, 25, 15, 30, tzinfo=dt.UTC)


def row(
    item: str, request: Rejected, did: Did | None, reason: Reason | None = None, **given: Any
) -> RejectionRow:
    return RejectionRow(
        **{
            "item": item,
            "request": request,
            "did": did,
            "reason": reason,
            "team": "",
            "rule": "modifier",
            "means": "A modifier is wrong.",
            "advice": "Correct it.",
            "why_not": "",
            "first_seen": SENT_AT,
            **given,
        }
    )


def until(days: int) -> dict[str, Any]:
    return {"filing": Filing(day=TODAY + dt.timedelta(days=days), why="12 months"), "left": days}


CHANGE = Change(field="line.1.modifiers", before="NU NU", after="NU")
ROWS = [
    row(
        "1",
        rejected(claim(control="A1"), said("A7:453", 1)),
        Did.CORRECTED,
        changes=(CHANGE, Change(field="line.2.certificate", before="484.03", after="")),
        proof="the claim itself",
        confirmation="CPX1",
        sent_at=SENT_AT,
    ),
    row("2", rejected(claim(control="B2"), said("A7:255")), Did.PERSON, Reason.REJ_CODING, team="billing", **until(40)),
    row("3", rejected(claim(control="B1"), said("A7:732")), Did.PERSON, Reason.REJ_UNKNOWN, team="billing", **until(9)),
    row(
        "4",
        rejected(claim(control="=E1"), said("A7:164:IL")),
        Did.SUGGESTED,
        Reason.REJ_MEMBER,
        team="eligibility",
        changes=(Change(field="subscriber.member_id", before="1EG4", after="2EG4"),),
        why_not="rule invalid-member-id says suggest",
    ),
    row("5", rejected(claim(control="O1"), kind=Kind.OVERDUE), Did.PERSON, Reason.ACK_OVERDUE, team="billing"),
    row("6", rejected(claim(control="H1"), said("A7:255")), Did.SENT_BEFORE, confirmation="CPX9", sent_at=SENT_AT),
]  # fmt: skip


def written(folder: Path, **given: Any) -> Workbook:
    claims = stories(Heard(sent=[claim(line(1), control="A1")]), TODAY)
    day = RejectionDay(**{"day": TODAY, "rows": ROWS, "claims": claims, **given})
    path = write_rejections(
        folder / "rejections.xlsx", day, zone=ZONE, unknown=lambda one: not rules().find(one).known
    )
    return load_workbook(path)


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Workbook:
    return written(tmp_path_factory.mktemp("out"))


def records(book: Workbook, sheet: str) -> list[dict[str, Any]]:
    headers, *found = book[sheet].iter_rows(values_only=True)
    return [dict(zip(map(str, headers), values, strict=True)) for values in found]


def words(book: Workbook, sheet: str = "Summary") -> str:
    return "\n".join(str(cell) for values in book[sheet].iter_rows(values_only=True) for cell in values if cell is not None)  # fmt: skip


def test_each_team_has_a_sheet_of_its_own(made: Workbook) -> None:
    assert made.sheetnames == ["Summary", "Billing", "Eligibility", "Corrected and sent", "All claims"]


def test_what_ends_first_stands_first(made: Workbook) -> None:
    assert [(one["Claim"], one["Filing days left"]) for one in records(made, "Billing")] == [
        ("B1", 9),
        ("B2", 40),
        ("O1", None),
    ]


def test_a_suggestion_shows_before_and_after_and_why_it_was_not_sent(made: Workbook) -> None:
    (one,) = records(made, "Eligibility")
    assert one["The bot would change"] == "Member ID: 1EG4 → 2EG4"
    assert one["Why it did not"] == "rule invalid-member-id says suggest"


def test_text_that_looks_like_a_formula_stays_text(made: Workbook) -> None:
    cell = made["Eligibility"]["B2"]
    assert (cell.value, cell.data_type) == ("=E1", "s")


def test_the_summary_says_where_to_decide(made: Workbook) -> None:
    assert "exceptions-2026-11-25.xlsx" in words(made)


def test_what_was_sent_has_a_row_for_each_change(made: Workbook) -> None:
    sent = records(made, "Corrected and sent")
    assert [(one["Claim"], one["Changed"], one["Before"], one["After"]) for one in sent] == [
        ("A1", "Line 1, modifiers", "NU NU", "NU"),
        ("A1", "Line 2, certificate", "484.03", "none"),
        ("H1", "sent by others before", None, None),
    ]
    assert sent[0]["Sent at"] == dt.datetime(2026, 11, 25, 10, 30)  # noqa: DTZ001 - Excel knows no zones


def test_the_summary_counts_and_names_what_has_no_rule(made: Workbook) -> None:
    shown = words(made)
    assert "1 claim, $118.40" in shown
    assert "9 days, 12/04/2026" in shown
    assert "A7:732" in shown


def test_a_dry_run_says_so_on_every_page(tmp_path: Path) -> None:
    book = written(tmp_path, dry_run=True)
    assert "dry run: nothing was sent" in words(book)
    assert "Would be sent" in book.sheetnames


def test_what_could_not_be_read_or_asked_is_named(tmp_path: Path) -> None:
    book = written(tmp_path, unread=["277CA R1: the file is empty"], held=["ClearPoint is not used"])
    assert "277CA R1: the file is empty" in words(book)
    assert "ClearPoint is not used" in words(book)


def test_a_day_without_work_is_a_workbook_too(tmp_path: Path) -> None:
    book = written(tmp_path, rows=[], claims=[])
    assert book.sheetnames == ["Summary", "Corrected and sent", "All claims"]


# -- the analysis -----------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    claims = stories(Heard(sent=[claim(line(1), control=f"A{number}") for number in range(4)]), TODAY)
    made = analyse(claims, rules(), TODAY)
    place = tmp_path_factory.mktemp("analysis")
    write_analysis(place / "rejection-analysis.xlsx", made)
    write_analysis_pdf(place / "rejection-analysis.pdf", made)
    return place


def test_the_analysis_has_a_sheet_for_each_view(folder: Path) -> None:
    book = load_workbook(folder / "rejection-analysis.xlsx")
    assert book.sheetnames == [
        "Summary",
        "Weeks",
        "Reasons",
        "Payers",
        "Referral sources",
        "Teams",
        "More than once",
        "Alike",
    ]


def test_the_report_says_the_same(folder: Path) -> None:
    with pdfplumber.open(folder / "rejection-analysis.pdf") as pdf:
        shown = "\n".join(page.extract_text() or "" for page in pdf.pages)
    for words_of in (
        "Rejection analysis",
        "First-pass rate",
        "By referral source",
        "Whose work: by team",
        "no data",
    ):
        assert words_of in shown


def test_the_same_analysis_gives_the_same_report(tmp_path: Path) -> None:
    made = analyse(stories(Heard(sent=[claim(line(1))]), TODAY), rules(), TODAY)
    one, other = (write_analysis_pdf(tmp_path / f"{name}.pdf", made).read_bytes() for name in "ab")
    assert one == other
