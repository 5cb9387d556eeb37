"""From the office's list of active orders to a list that the eligibility bot takes."""

import asyncio
from collections.abc import Sequence
from datetime import date, timedelta
from pathlib import Path

import openpyxl
import pytest

from payerbots.documents.errors import WorkbookUnusable
from payerbots.documents.workbook.records import RequestRow
from payerbots.documents.workbook.requests import read_requests
from payerbots.engine import bots
from payerbots.engine.collecting import new_items
from payerbots.engine.contract import Collecting
from payerbots.engine.facts import Facts
from payerbots.errors import ConfigError
from payerbots.ledger.filestore import FileStore
from payerbots.ledger.models import Notice
from payerbots.operation import rechecks
from payerbots.operation.attendant import Attendant
from payerbots.settings import Settings
from payerbots.workspace import Workspace
from tests.ledger.desk import DONE, Desk, new_item
from tests.support import ROOT

TODAY = date(2026, 11, 22)
HEADER = (
    "Order #", "Acct #", "Payer", "Member #", "Last Name", "First Name", "DOB", "HCPCS", "R/P", "NPI", "Next Refill", "Next Bill Date",
)  # fmt: skip
REYES = (
    "O1",
    "A1",
    "Summit Health Plan",
    "123456789",
    "Reyes",
    "Ana",
    date(1950, 1, 2),
    "A7030, A7037",
    "P",
    1671694135,
)
PARK = ("O2", "A2", "Summit Health Plan", "223456789", "Park", "Jo", "3/4/1961", "E0601", "R", 1671694135)
SOON, LATER = date(2026, 11, 27), date(2027, 2, 1)


@pytest.fixture
def space(tmp_path: Path) -> Workspace:
    root = tmp_path / "office"
    root.mkdir()
    for name in ("bots", "flows", "selectors", "portals.yaml"):
        (root / name).symlink_to(ROOT / name)
    (root / "schedules.yaml").write_text("")
    return Workspace(root, Settings(data=tmp_path / "data", zone="America/New_York"))


def active(space: Workspace, *rows: Sequence[object], header: Sequence[object] = HEADER) -> Path:
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    for row in (header, *rows):
        sheet.append(list(row))
    (space.root / "in").mkdir(exist_ok=True)
    file = space.root / "in" / "active-orders.xlsx"
    book.save(file)
    return file


def test_the_list_holds_what_is_due_and_is_one_that_the_eligibility_bot_reads(
    desk: Desk, space: Workspace
) -> None:
    file = active(space, (*REYES, SOON, None), (*PARK, None, "11/26/2026"), (*PARK, LATER, LATER))
    listed = rechecks.due(space, desk.ledger, file, TODAY)
    assert [one.why.value for one in listed.due] == [
        "before the next rental month is billed",
        "before the next refill",
    ]
    written = rechecks.write(listed, space.root / "in" / "rechecks", TODAY)
    assert written.name == "rechecks-2026-11-22.xlsx"
    park, reyes = read_requests(written, space.payers, today=TODAY).rows
    assert isinstance(park, RequestRow)
    assert isinstance(reyes, RequestRow)
    assert (reyes.request.order, reyes.request.hcpcs, reyes.request.service_date) == (
        "O1",
        ("A7030", "A7037"),
        SOON,
    )
    assert (park.request.acquisition.value, park.request.service_date) == ("rental", date(2026, 11, 26))
    assert park.request.person == listed.due[0].order.request.person


def test_who_was_answered_this_month_is_left_out(desk: Desk, space: Workspace) -> None:
    file = active(space, (*REYES, SOON, None), (*PARK, SOON, None))
    (order, _) = rechecks.due(space, desk.ledger, file, TODAY).sheet.orders
    desk.fill(new_item(1, subject=rechecks.subject(desk.ledger, order)))
    assert len(rechecks.due(space, desk.ledger, file, TODAY).due) == 2
    desk.finish(desk.claimed(), DONE)
    (left,) = rechecks.due(space, desk.ledger, file, TODAY).due
    assert left.order.request.order == "O2"
    assert len(rechecks.due(space, desk.ledger, file, date(2026, 12, 1)).due) == 2


def test_the_hash_of_an_order_is_that_of_the_bots_items(desk: Desk, space: Workspace) -> None:
    """The bot's own way to name whom an item is about: what it collects from the written list."""
    listed = rechecks.due(space, desk.ledger, active(space, (*REYES, SOON, None)), TODAY)
    written = rechecks.write(listed, space.root / "in", TODAY)
    bot = bots.load(Workspace(ROOT, Settings()), "eligibility")
    context = Collecting(
        number=1,
        day=TODAY,
        zone=space.zone,
        payers=space.payers,
        input=written,
        out=space.root,
        facts=Facts(lambda ask: ask(), FileStore(space.keys, space.data / "files"), desk.ledger),
    )
    asked = asyncio.run(bot.collect(context, None))
    ((item,), _) = new_items(bot, desk.ledger.keys, context, asked)
    assert item.subject == rechecks.subject(desk.ledger, listed.due[0].order)


def test_a_row_that_cannot_be_read_is_told_by_its_cell_and_costs_only_itself(
    desk: Desk, space: Workspace
) -> None:
    file = active(space, (*REYES, "soon", None), (*PARK, SOON, None))
    listed = rechecks.due(space, desk.ledger, file, TODAY)
    assert [(one.row, one.column, one.header) for one in listed.sheet.bad] == [(2, "K", "Next Refill")]
    assert len(listed.due) == 1


def test_a_list_without_the_dates_is_of_no_use(desk: Desk, space: Workspace) -> None:
    with pytest.raises(WorkbookUnusable, match="next refill or next rental"):
        rechecks.due(space, desk.ledger, active(space, REYES, header=HEADER[:-2]), TODAY)
    with pytest.raises(ConfigError, match="no list of active orders"):
        rechecks.due(space, desk.ledger, space.root / "nowhere.xlsx", TODAY)


def test_the_attendant_writes_the_days_list_once_at_its_hour(sqlite_desk: Desk, space: Workspace) -> None:
    desk = sqlite_desk
    active(space, (*REYES, SOON, None))
    (space.root / "rechecks.yaml").write_text("orders: in/active-orders.xlsx\nat: '10:30'\n")
    attendant, out = Attendant(space, desk.ledger), space.root / "in" / "rechecks"
    attendant.turn()
    assert not out.exists()
    desk.clock.forward(timedelta(minutes=30))
    attendant.turn()
    (file,) = out.iterdir()
    assert Notice.objects.get(kind="rechecks").message == "1 of 1 active orders are to be checked again"
    file.unlink()
    attendant.turn()
    assert list(out.iterdir()) == []


def test_a_list_that_is_not_there_is_told_once_a_day(sqlite_desk: Desk, space: Workspace) -> None:
    (space.root / "rechecks.yaml").write_text("orders: in/active-orders.xlsx\nat: '00:00'\n")
    attendant = Attendant(space, sqlite_desk.ledger)
    attendant.turn()
    attendant.turn()
    (notice,) = Notice.objects.filter(kind="rechecks")
    assert "could not be made" in notice.message


def test_the_example_in_the_module_is_right(tmp_path: Path) -> None:
    (tmp_path / rechecks.FILE).write_text((rechecks.__doc__ or "").partition("rechecks.yaml`:\n\n")[2])
    assert rechecks.load(tmp_path).rules.refill_days == 10
    (tmp_path / rechecks.FILE).write_text("valid: forever\n")
    with pytest.raises(
        ConfigError, match=r"rechecks.yaml:1: at key valid: found 'forever', allowed: month, or days"
    ):
        rechecks.load(tmp_path)
