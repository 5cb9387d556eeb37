"""Portals and a bank that misbehave while money is fetched: nothing lost, nothing twice, and a clear reason."""

import errno
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

import pytest

from payerbots.browser.chromium import Chromium
from payerbots.domain.money_settings import MoneySettings
from payerbots.ledger.filestore import FileStore
from payerbots.ledger.models import Attempt, Deposit, File, Item, Payment
from payerbots.sandbox.money import build
from payerbots.sandbox.sites import CASCADE, HARBOR, SUMMIT
from payerbots.workspace import Workspace
from tests.cashier import Cashier, cashier
from tests.support import ROOT, LoopThread, one_login, today

FEW = 4
pytestmark = pytest.mark.timeout(400)


@dataclass
class Counter:
    """An office with little to do: some remittances at each portal, and some days at the bank."""

    office: Cashier

    def run(self, portal: str) -> Any:
        return self.office.run("lockbox" if portal == HARBOR else "remittance", (portal,))

    def set_faults(self, portal: str, **faults: object) -> None:
        self.office.sites[portal].set_faults(**faults)

    def only(self, count: int) -> None:
        """So many remittances at Summit."""
        state: Any = self.office.sites[SUMMIT]._state
        vars(state)["notices"] = state.notices[:count]

    def with_settings(self, **changes: Any) -> None:
        settings = self.office.workspace.settings.model_copy(update=changes)
        self.office.workspace = one_login(Workspace(ROOT, settings))


@pytest.fixture
def counter(
    tmp_path: Any, loop_thread: LoopThread, chromium: Chromium, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Counter]:
    few_days = MoneySettings(first_days=5, look_back_days=5)
    monkeypatch.setattr("payerbots.delivery.money.settings", lambda _root: few_days)
    with cashier(tmp_path, loop_thread, chromium, world_day=today()) as office:
        summit, cascade = (office.sites[name]._state for name in (SUMMIT, CASCADE))
        now = datetime.now(UTC)
        ready = [one for one in summit.notices if one.x12 and one.rows == 1 and one.available_from < now]  # type: ignore[attr-defined]  # the portal's own state
        newest = [replace(one, posted_at=ready[0].posted_at) for one in ready[:FEW]]
        vars(summit)["notices"] = tuple(newest)
        shelf = cascade.shelf  # type: ignore[attr-defined]  # as above
        latest = max(shelf.remittances, key=lambda one: one.posted_at).posted_at
        few = [replace(one, posted_at=latest) for one in shelf.remittances[:FEW]]
        cascade.shelf = replace(shelf, remittances=tuple(few))  # type: ignore[attr-defined]  # as above
        yield Counter(office)
        assert named(office) == []


def named(office: Cashier) -> list[str]:
    """People of the book of business in the log or in what is said of attempts."""
    billed = build(office.seed, office.world_day).billed
    people = {one.member for one in billed} | {one.last for one in billed if len(one.last) > 5}
    told = office.log + "\n".join(Attempt.objects.values_list("note", flat=True))
    return sorted(one for one in people if one in told.upper())


def files_at(portal: str) -> int:
    return File.objects.filter(portal=portal).count()


CASES = [
    pytest.param(SUMMIT, {"file_truncated": 1}, "FileUnusable", id="a file that ends in the middle"),
    pytest.param(SUMMIT, {"file_sign_in": 1}, "FileUnusable", id="the sign-in page as a file"),
    pytest.param(SUMMIT, {"logout_after": 7}, "SessionLost", id="signed out in the middle of the list"),
    pytest.param(CASCADE, {"file_truncated": 1}, "FileUnusable", id="an EOB that ends in the middle"),
    pytest.param(HARBOR, {"file_sign_in": 1}, "FileUnusable", id="a bank's sign-on page as a file"),
    pytest.param(HARBOR, {"duplicate_click": 3}, None, id="a click that sends a file twice"),
]


@pytest.mark.parametrize(("portal", "faults", "error"), CASES)
def test_what_went_wrong_once_is_fetched_again_and_counts_once(
    counter: Counter, portal: str, faults: dict[str, object], error: str | None
) -> None:
    counter.set_faults(portal, **faults)
    report = counter.run(portal)
    assert set(report.by_state) <= {"done", "exception"}
    assert report.by_reason.keys() <= {"LOCKBOX_TOTALS", "NEEDS_OCR"}
    if portal != HARBOR:
        assert (report.asked, Payment.objects.count()) == (FEW, FEW)
    assert files_at(portal) == report.asked
    failed = set(Attempt.objects.exclude(error="").values_list("error", flat=True))
    assert failed <= ({error} if error else set())


def test_a_file_that_never_comes_whole_goes_to_a_person_and_leaves_nothing_behind(counter: Counter) -> None:
    counter.set_faults(SUMMIT, file_truncated=100)
    report = counter.run(SUMMIT)
    assert report.by_reason == {"FILE_UNUSABLE": FEW}
    assert (Payment.objects.count(), File.objects.count()) == (0, 0)
    rows = counter.office.run("remittance", (SUMMIT,)).figures["unusable"]
    assert {one["reason"] for one in rows} == {"FILE_UNUSABLE"}
    assert all(one["dollars"] for one in rows)


def test_a_download_past_its_deadline_is_tried_again_and_then_goes_to_a_person(counter: Counter) -> None:
    counter.only(1)
    counter.with_settings(element_seconds=1.0, item_seconds=12)
    counter.set_faults(SUMMIT, slow_file=6)
    report = counter.run(SUMMIT)
    assert report.by_reason == {"ATTEMPTS_USED_UP": 1}
    assert set(Attempt.objects.filter(item__kind="work").values_list("error", flat=True)) == {"TookTooLong"}
    assert Payment.objects.count() == 0


def test_a_remittance_that_comes_while_the_list_is_read_is_found_the_next_time(counter: Counter) -> None:
    counter.set_faults(CASCADE, list_shift=2)
    first = counter.run(CASCADE)
    counter.office.sites[CASCADE].clear_faults()
    second = counter.run(CASCADE)
    assert first.asked + second.added == FEW
    assert Payment.objects.count() == FEW


def test_a_full_disk_loses_nothing(counter: Counter, monkeypatch: pytest.MonkeyPatch) -> None:
    keep, failing = FileStore.keep, iter([True, True])

    def kept(store: FileStore, content: bytes) -> Any:
        if next(failing, False):
            raise OSError(errno.ENOSPC, "No space left on device")
        return keep(store, content)

    monkeypatch.setattr(FileStore, "keep", kept)
    report = counter.run(SUMMIT)
    assert report.by_state == {"done": FEW}
    assert Payment.objects.count() == FEW
    notes = Attempt.objects.filter(error="FileNotKept").values_list("note", flat=True)
    assert set(notes) == {"the data folder takes no file: No space left on device"}


def test_a_bank_file_whose_totals_do_not_hold_brings_no_deposit_until_it_is_replaced(
    counter: Counter,
) -> None:
    report = counter.run(HARBOR)
    assert report.by_reason["LOCKBOX_TOTALS"] == 1
    wrong = Item.objects.get(reason="LOCKBOX_TOTALS")
    assert not Deposit.objects.filter(item=wrong).exists()
    assert [one["reason"] for one in report.figures["unusable"]].count("LOCKBOX_TOTALS") == 1
