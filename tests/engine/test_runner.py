"""A run that cannot be done as asked: nothing hangs, and nothing is left that spoils the next."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from payerbots.documents.errors import WorkbookUnusable
from payerbots.engine.runner import Order, Runner
from payerbots.errors import ConfigError
from payerbots.ledger.models import Item, Run
from tests.support import Office


def started(office: Office) -> Runner:
    return Runner(office.workspace, chromium=office.chromium)


def test_a_run_without_a_list_fails_and_the_next_one_works(office: Office) -> None:
    with pytest.raises(ConfigError, match="--input"):
        office.loop.run(started(office).run(Order(bot="eligibility", out=office.folder / "out")))
    assert Run.objects.get().state == "failed"
    assert Item.objects.get(kind="collect").state == "exception"
    assert office.run(office.requests(7)).by_state == {"done": 1}


def test_a_list_that_cannot_be_read_fails_the_run(office: Office, tmp_path: Path) -> None:
    broken = tmp_path / "orders.xlsx"
    broken.write_bytes(b"not a workbook")
    with pytest.raises(WorkbookUnusable):
        office.run(broken)
    assert Run.objects.get().state == "failed"


def test_a_list_without_rows_is_told(office: Office, tmp_path: Path) -> None:
    empty = tmp_path / "orders.csv"
    empty.write_text("Payer,Last Name,First Name,Member #,DOB,DOS,HCPCS,NPI\n")
    with pytest.raises(ConfigError, match="holds no requests"):
        office.run(empty)


def test_items_of_a_portal_that_is_not_in_the_run_are_told_and_hold_it(office: Office) -> None:
    summit = office.workspace.portals["summit_health"]
    office.workspace.portals["other"] = summit.model_copy(update={"name": "other", "payers": ()})
    with pytest.MonkeyPatch.context() as patch:
        for part in ("USER", "PASSWORD", "TOTP"):
            patch.setenv(f"PAYERBOTS_OTHER_BOT1_{part}", "JBSWY3DPEHPK3PXP")
        report = office.run(office.requests(7), portals=("other",))
    assert report.state == "held"
    assert report.needs_a_person
    assert report.figures["eligibility"][0]["outcome"] == "ask"


def test_an_item_of_a_worker_that_was_killed_is_taken_up_when_its_lease_ends(office: Office) -> None:
    rows = office.requests(7)
    office.run(rows)
    soon = datetime.now(UTC) + timedelta(seconds=2)
    left = {"state": "running", "lease_owner": "killed", "lease_until": soon, "finished_at": None}
    Item.objects.filter(kind="work").update(**left)
    report = office.run(rows)
    assert report.by_state == {"done": 1}
    assert Item.objects.get(kind="work").attempts == 2
