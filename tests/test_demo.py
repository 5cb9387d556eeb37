"""The whole sample list against the practice portal: every answer right, nothing twice, nobody named."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from payerbots import log
from payerbots.browser.chromium import Chromium
from payerbots.cli.practice import practice_environment
from payerbots.engine.delivering import RunReport
from payerbots.ledger.models import Attempt, Audit, Evidence, Item
from payerbots.sandbox import answers, requests
from payerbots.sandbox.server import PracticePortal
from payerbots.sandbox.world import build
from payerbots.settings import Settings
from payerbots.workspace import Workspace
from tests.canaries import unsealed
from tests.support import ROOT, SEED, LoopThread, Office, today

pytestmark = pytest.mark.xdist_group("day")
"""All tests look at one day's work, which is done once."""


@dataclass
class Day:
    """One day's work: the whole list, run twice."""

    office: Office
    rows: Path
    first: RunReport
    first_cells: dict[str, Any]
    second: RunReport
    questions: list[object]


@pytest.fixture(scope="module")
def day(
    tmp_path_factory: pytest.TempPathFactory,
    loop_thread: LoopThread,
    chromium: Chromium,
) -> Iterator[Day]:
    folder = tmp_path_factory.mktemp("day")
    with PracticePortal(SEED, today(), faults={"popup": 1}) as portal, pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_CONFIG_HOME", str(folder / "config"))
        for name, value in practice_environment(portal.url).items():
            patch.setenv(name, value)
        settings = Settings(data=folder / "data", retry_pace=0.001, zone="UTC")
        office = Office(
            folder=folder, workspace=Workspace(ROOT, settings), loop=loop_thread, chromium=chromium
        )
        office.workspace.connect()
        log.start(office.workspace.data / "logs")
        office.after_step = lambda _: portal.set_faults(error_next=2) if len(office.steps) == 8 else None
        rows = folder / "orders.xlsx"
        requests.write_workbook(rows, SEED, today())
        first = office.run(rows)
        cells, asked = all_cells(first), portal.stats()["questions"]
        second = office.run(rows)
        yield Day(office, rows, first, cells, second, [asked, portal.stats()["questions"]])


def all_cells(report: RunReport) -> dict[str, Any]:
    """Every value of every file that a run wrote."""
    found: dict[str, Any] = {}
    for file in report.files:
        book = openpyxl.load_workbook(file.path)
        for sheet in book.worksheets:
            for row in sheet.iter_rows():
                found |= {f"{file.path.name}!{sheet.title}!{c.coordinate}": c.value for c in row if c.value}
    return found


def test_every_answer_is_the_right_one(day: Day) -> None:
    assert day.first.figures["eligibility"] == answers.answers(SEED, today())["eligibility"]


def test_running_again_on_the_same_day_asks_nothing_and_adds_nothing(day: Day) -> None:
    assert (day.first.asked, day.first.added) == (40, 39)
    assert (day.second.asked, day.second.added) == (40, 0)
    assert day.questions[0] == day.questions[1]


def test_running_again_changes_no_cell(day: Day) -> None:
    assert all_cells(day.second) == day.first_cells


def test_three_files_are_written_under_the_days_name(day: Day) -> None:
    names = sorted(file.path.name for file in day.first.files)
    assert names == [
        f"eligibility-results-{today()}.xlsx",
        f"exceptions-{today()}.xlsx",
        "orders.xlsx",
    ]


def test_the_persons_own_list_has_the_verdict_in_the_right_row(day: Day) -> None:
    sheet = openpyxl.load_workbook(day.rows)["Requests"]
    verdict = [cell.value for cell in sheet[4]].index("Verdict")
    written = {row["row"]: sheet[row["row"]][verdict].value for row in day.first.figures["eligibility"]}
    assert written == {row["row"]: row["outcome"] for row in day.first.figures["eligibility"]}


def test_every_exception_says_what_to_do_and_shows_a_picture(day: Day) -> None:
    book = openpyxl.load_workbook(next(f.path for f in day.first.files if f.what == "exceptions"))
    found = [
        dict(zip([cell.value for cell in sheet[1]], row, strict=True))
        for sheet in book.worksheets
        if "Decision" in [cell.value for cell in sheet[1]]
        for row in sheet.iter_rows(min_row=2, values_only=True)
    ]
    assert sorted(int(str(row["Item"])) for row in found) == sorted(
        Item.objects.filter(state__in=["exception", "parked"]).values_list("pk", flat=True)
    )
    assert all(row["What to do"] and row["Team"] and row["Row mark"] for row in found)
    pictures: Any = book["Pictures"]
    assert len(pictures._images) == Evidence.objects.filter(kind="picture").count()


def test_an_unreadable_row_names_sheet_row_column_and_text(day: Day) -> None:
    found = [cell for cell in day.first_cells.values() if "expected a date" in str(cell)]
    assert found
    assert re.search(r"[Ss]heet Requests, row \d+, column [A-Z]+ \(DOB\): found '", str(found[0]))


def test_nobody_is_named_in_logs_notes_file_names_or_the_database(day: Day) -> None:
    """The practice portal's book of business is the canary: none of its people may show up in clear."""
    people = canaries()
    data = day.office.workspace.data
    clear = {
        "log": "".join(file.read_text() for file in (data / "logs").iterdir()),
        "notes": "\n".join(Attempt.objects.values_list("note", flat=True)),
        "audit": "\n".join(
            str(row) for row in Audit.objects.values_list("actor", "action", "before", "after")
        ),
        "names": "\n".join(str(path) for path in [*data.rglob("*"), *(day.office.folder / "out").iterdir()]),
        "data": unsealed(data).decode("latin-1"),
    }
    assert clear["log"]
    assert "eligibility" in clear["data"]
    for where, text in clear.items():
        lowered = text.lower()
        assert [one for one in people if one.lower() in lowered] == [], where


def canaries() -> set[str]:
    world = build(SEED, today())
    members = world.members
    names = {member.last for member in members if len(member.last) > 5}
    return names | {member.member_id for member in members}


@pytest.mark.usefixtures("day")
def test_every_change_is_in_the_audit() -> None:
    finished = Item.objects.exclude(finished_at=None).exclude(kind="unreadable").values_list("pk", flat=True)
    told = set(Audit.objects.filter(action__in=["done", "exception"]).values_list("item", flat=True))
    assert set(finished) <= told
