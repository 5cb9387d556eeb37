"""The rejections bot at the practice clearinghouse, in a real browser: every claim ends as is right, and is sent once."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db.models import Sum
from openpyxl import load_workbook

from payerbots.browser.chromium import Chromium
from payerbots.engine.contract import Concluding, Delivered, RunContext
from payerbots.engine.delivering import RunReport
from payerbots.engine.desk import directly
from payerbots.ledger import case_views
from payerbots.ledger.models import FirstSends, Intent, ToldEvent
from payerbots.ledger.records import Ledger
from payerbots.review.described import Bots
from payerbots.sandbox.mailbox import PracticeMailbox
from tests.canaries import unsealed
from tests.engine import clearing
from tests.engine.clearing import Clearing
from tests.support import ROOT, LoopThread, today

pytestmark = pytest.mark.xdist_group("clearing")
"""Most tests look at one morning's work, which is done once."""


@pytest.fixture(scope="module")
def mailbox() -> Iterator[PracticeMailbox]:
    with PracticeMailbox() as mailbox:
        yield mailbox


@pytest.fixture(scope="module")
def house(
    tmp_path_factory: pytest.TempPathFactory,
    loop_thread: LoopThread,
    chromium: Chromium,
    mailbox: PracticeMailbox,
) -> Iterator[Clearing]:
    folder = tmp_path_factory.mktemp("clearing")
    with (
        pytest.MonkeyPatch.context() as patch,
        clearing.opened(folder, loop_thread, chromium, mailbox, patch) as made,
    ):
        yield made


@pytest.fixture(scope="module")
def dry(house: Clearing) -> RunReport:
    """What the morning's work would be."""
    return house.run(dry_run=True)


@pytest.fixture(scope="module")
def morning(house: Clearing, dry: RunReport) -> RunReport:  # noqa: ARG001 - comes after
    """The work itself; somebody has begun to change one of the claims meanwhile, and a file comes cut off at first."""
    house.state.files.dossiers[changed(house)].fields["line.1.modifiers"] = "NU GA"
    house.site.set_faults(file_truncated=1)
    return house.run()


def changed(house: Clearing) -> str:
    """The claim that somebody has begun to change: the bot could correct it otherwise."""
    found = (one for one in house.state.book.answers if "modifier twice" in one.case and one.submissions)
    return next(one.control for one in found if one.changes[0].field == "line.1.modifiers")


@pytest.fixture(scope="module")
def again(house: Clearing, morning: RunReport) -> tuple[dict[str, Any], RunReport]:
    """The files of the morning, and the bot once more on the same day."""
    return {file.path.name: cells(file.path) for file in books(morning)}, house.run()


def books(report: RunReport) -> list[Delivered]:
    return [file for file in report.files if file.path.suffix == ".xlsx"]


def expected(house: Clearing, **others: str) -> dict[str, dict[str, Any]]:
    """As the answers say; member IDs are not proved here, for nobody has asked about eligibility.

    `others` go to a person besides, with a reason.
    """
    found = house.right
    for control, one in found.items():
        unproved = any(change["field"] == "subscriber.member_id" for change in one["changes"])
        reason = "REJ_MEMBER" if unproved else others.get(control)
        if reason:
            one |= {"outcome": "person", "reason": reason, "changes": [], "submissions": 0}
    return found


def wanted_of(house: Clearing) -> dict[str, dict[str, Any]]:
    """What the morning comes to."""
    return expected(house, **{changed(house): "REJ_CODING"})


def cells(path: Path) -> dict[str, list[tuple[object, ...]]]:
    return {sheet.title: list(sheet.iter_rows(values_only=True)) for sheet in load_workbook(path).worksheets}


def test_every_claim_ends_as_is_right(house: Clearing, morning: RunReport) -> None:
    found = {one["claim"]: one for one in morning.figures["rejections"]}
    wanted = wanted_of(house)
    assert found.keys() == wanted.keys()
    assert [one for control, one in sorted(found.items()) if one != wanted[control]] == []


def test_each_claim_was_sent_as_often_as_is_right(house: Clearing, morning: RunReport) -> None:  # noqa: ARG001 - the morning's work
    wanted = {control: 1 for control, one in wanted_of(house).items() if one["submissions"]}
    assert house.sent == wanted
    assert Intent.objects.count() == Intent.objects.filter(state="done").count() == len(wanted)


def test_a_claim_that_somebody_is_changing_is_left_to_a_person(house: Clearing, morning: RunReport) -> None:
    path = next(file.path for file in morning.files if file.what == "rejections")
    headers, *rows = cells(path)["Billing"]
    (row,) = [dict(zip(headers, row, strict=True)) for row in rows if row[1] == changed(house)]
    assert row["The bot would change"]
    assert "not as it was sent: line.1.modifiers" in str(row["Why it did not"])


def test_a_dry_run_finds_the_same_and_sends_nothing(house: Clearing, dry: RunReport) -> None:
    found = {one["claim"]: one for one in dry.figures["rejections"]}
    wanted = expected(house)
    assert {name: (one["outcome"], one["changes"]) for name, one in found.items()} == {
        name: (one["outcome"], one["changes"]) for name, one in wanted.items()
    }
    assert {one["submissions"] for one in found.values()} == {0}


def test_a_dry_run_leaves_nothing_for_people_and_writes_files_of_its_own(dry: RunReport) -> None:
    assert dry.by_reason == {}
    assert list(dry.by_state) == ["done"]
    assert [file.path.name for file in dry.files] == [f"rejections-{today()}-dry-run.xlsx"]


def test_the_day_s_files(morning: RunReport) -> None:
    assert [file.path.name for file in morning.files] == [
        f"rejections-{today()}.xlsx",
        f"exceptions-{today()}.xlsx",
        "rejection-analysis.xlsx",
        "rejection-analysis.pdf",
    ]


def test_the_same_day_again_adds_nothing_and_changes_no_cell(
    house: Clearing, morning: RunReport, again: tuple[dict[str, Any], RunReport]
) -> None:
    before, second = again
    assert (second.added, second.asked) == (0, morning.asked)
    assert {file.path.name: cells(file.path) for file in books(second)} == before
    assert set(house.sent.values()) == {1}


def test_every_event_was_told_once(house: Clearing, again: tuple[dict[str, Any], RunReport]) -> None:
    told = list(ToldEvent.objects.values_list("name", flat=True))
    wanted = wanted_of(house).values()
    assert told.count("rejection.corrected") == sum(one["submissions"] for one in wanted)
    assert told.count("rejection.needs_person") == sum(one["reason"] is not None for one in wanted)
    assert again[1].figures["rejections"]


def test_first_sends_are_counted_as_the_analysis_counts_them(morning: RunReport) -> None:
    path = next(file.path for file in morning.files if file.path.name == "rejection-analysis.xlsx")
    told = [str(value) for row in cells(path)["Summary"] for value in row if value]
    counts = FirstSends.objects.aggregate(sent=Sum("sent"), clean=Sum("accepted"), rejected=Sum("rejected"))
    decided = counts["clean"] + counts["rejected"]
    assert f"{counts['sent']} first sends, {decided} of them decided" in told
    assert any(f"{counts['clean']} accepted at once of {decided} decided" in one for one in told)
    assert 0 < counts["rejected"] < decided < counts["sent"]


def exceptions(report: RunReport) -> dict[str, dict[str, Any]]:
    """The rows of the exceptions workbook by claim."""
    path = next(file.path for file in report.files if file.what == "exceptions")
    found: dict[str, dict[str, Any]] = {}
    for name, (headers, *rows) in cells(path).items():
        if name != "Summary" and "Claim no." in headers:
            named = [dict(zip(map(str, headers), row, strict=True)) for row in rows]
            found |= {str(one["Claim no."]): one for one in named}
    return found


def test_who_decides_sees_the_claim_what_was_said_and_until_when_it_can_be_filed(
    house: Clearing, morning: RunReport
) -> None:
    rows = exceptions(morning)
    wanted = {control for control, one in wanted_of(house).items() if one["reason"]}
    assert rows.keys() == wanted
    row = rows[changed(house)]
    sending = next(one for one in house.state.book.sendings if one.claim.control == changed(house))
    assert str(row["Patient"]).startswith(sending.claim.patient.last.upper())
    assert "The bot would change Line 1, modifiers" in row["Detail"]
    assert (row["Dollars"], row["Why due"]) == (float(sending.claim.charge), "timely filing")
    assert row["Due"] is not None


def test_what_the_payer_has_accepted_since_needs_nobody(house: Clearing, morning: RunReport) -> None:  # noqa: ARG001 - its items
    """A claim that stands elsewhere by now leaves the list; one that stands as it did stays."""
    desk = directly(house.workspace, Ledger(house.workspace.keys))
    loaded = Bots(desk)
    cases = list(case_views.open_cases(desk.ledger))
    assert cases
    assert loaded.over(cases, today()) == set()
    (row,) = [one.row for one in cases if one.row and loaded.describe(one).claim == changed(house)]
    bot, answered = loaded.answered("rejections", row) or pytest.fail("the bot reads its own item")
    assert answered.request is not None
    earlier = replace(answered.request, day=answered.request.day - timedelta(days=1))
    space = house.workspace
    context = RunContext(
        number=0, day=today(), zone=space.zone, payers=space.payers, input=None, out=house.folder, root=ROOT
    )
    known = Concluding(context=context, facts=desk.facts)
    assert set(bot.over([replace(answered, request=earlier)], known)) == {row.item}


def test_what_was_sent_carries_the_clearinghouse_s_number(house: Clearing, morning: RunReport) -> None:
    path = next(file.path for file in morning.files if file.what == "rejections")
    headers, *rows = cells(path)["Corrected and sent"]
    place = headers.index("Confirmation")
    shown = {row[1]: row[place] for row in rows}
    known = {
        control: one.submissions[-1].confirmation
        for control, one in house.state.files.dossiers.items()
        if control in house.sent
    }
    assert known.items() <= shown.items()


def test_nobody_is_named_outside_of_the_workbooks(house: Clearing, morning: RunReport) -> None:  # noqa: ARG001 - its traces
    people = {one.claim.patient for one in house.state.book.sendings}
    words = {one.last for one in people} | {one.claim.member_id for one in house.state.book.sendings}
    data = house.workspace.data
    clear = unsealed(data).upper()
    assert b"REJECTIONS" in clear
    assert [word for word in words if word.encode() in clear and len(word) > 5] == []
    assert [path.name for path in data.rglob("*") if any(word in path.name.upper() for word in words)] == []
