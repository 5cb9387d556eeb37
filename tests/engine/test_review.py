"""Items that people send back run again and end, corrected or not; the next workbook knows their history."""

from pathlib import Path
from typing import Any

import openpyxl

from payerbots.domain.review import Rules
from payerbots.engine.delivering import RunReport
from payerbots.engine.desk import directly
from payerbots.ledger.models import Item
from payerbots.ledger.records import Ledger
from payerbots.review.collecting import today as office_day
from payerbots.review.importing import Imported, import_file
from payerbots.sandbox.records import World
from payerbots.sandbox.server import PracticePortal
from tests.review.back_office import fill, headers
from tests.support import Office

MISSPELT, UNREADABLE, UNKNOWN = 5, 29, 39
"""Rows of the sample list: a name that the payer has otherwise, a birth date that cannot be read, no such member."""


def exceptions(report: RunReport) -> Path:
    return next(file.path for file in report.files if file.what == "exceptions")


def rows(path: Path) -> dict[str, dict[str, Any]]:
    """The rows of the workbook by item."""
    found = {}
    for sheet in openpyxl.load_workbook(path).worksheets:
        places = headers(sheet)
        if "Decision" in places:
            for cells in sheet.iter_rows(min_row=2, values_only=True):
                row = {header: cells[index - 1] for header, index in places.items()}
                found[str(row["Item"])] = row
    return found


def take(office: Office, path: Path) -> Imported:
    desk = directly(office.workspace, Ledger(office.workspace.keys))
    return import_file(desk, path, office_day(desk), by="person:ana", rules=Rules())


def member(world: World, row: int) -> Any:
    """The member whom a row is about, as the payer has them."""
    asked = next(request for request in world.requests if request.row == row)
    return next(member for member in world.members if member.member_id == asked.member_id)


def test_what_is_sent_back_runs_again_and_the_next_workbook_knows(
    office: Office, portal: PracticePortal
) -> None:
    world = portal.portal.world
    listed = office.requests(MISSPELT, UNREADABLE, UNKNOWN)
    first = office.run(listed)
    by_reason = {row["Reason code"]: item for item, row in rows(exceptions(first)).items()}
    misspelt, unreadable = by_reason["NAME_DOB_MISMATCH"], by_reason["REQUEST_INCOMPLETE"]
    unknown = by_reason["MEMBER_NOT_FOUND"]
    filled = {
        misspelt: {
            "Decision": "corrected - send back",
            "Correct: Last name": member(world, MISSPELT).last,
            "By": "ana",
        },
        unreadable: {
            "Decision": "corrected - send back",
            "Correct: Birth date": f"{member(world, UNREADABLE).born:%m/%d/%Y}",
            "By": "ana",
        },
        unknown: {"Decision": "send back", "Note": "the payer says try again", "By": "bea"},
    }
    came_to = take(office, fill(exceptions(first), filled))
    assert (came_to.taken, came_to.problems) == (3, [])

    second = office.run(listed)
    states = dict(Item.objects.filter(kind="work").values_list("pk", "state"))
    assert states == {int(misspelt): "done", int(unreadable): "done", int(unknown): "exception"}
    assert second.added == 0
    (again,) = rows(exceptions(second)).values()
    assert again["Item"] == unknown
    assert again["Reason"].endswith("Failed 2 times for this reason.")
    assert again["Previous decision"].endswith("bea, send back: the payer says try again")
    assert again["Attempts"] == 2


def test_a_workbook_that_is_filled_in_is_not_written_over_by_the_next_run(office: Office) -> None:
    listed = office.requests(UNKNOWN)
    path = exceptions(office.run(listed))
    (number,) = rows(path)
    fill(path, {number: {"Decision": "send back", "By": "ana"}})
    before = path.read_bytes()
    report = office.run(listed)
    (other,) = [file for file in report.files if file.what == "exceptions"]
    assert path.read_bytes() == before
    assert other.path.name == f"{path.stem}-2.xlsx"
    assert "holds decisions that were not taken in" in str(other.note)


def test_an_exception_that_was_asked_again_on_another_day_is_shown_once(office: Office) -> None:
    listed = office.requests(UNKNOWN)
    office.run(listed)
    old = Item.objects.get(kind="work")
    Item.objects.filter(pk=old.pk).update(reference="as of yesterday")
    report = office.run(listed)
    assert report.added == 1
    (shown,) = rows(exceptions(report))
    assert int(shown) > old.pk
