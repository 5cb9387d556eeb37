"""Canaries at the other payer, the bank and the clearinghouse: each of their faults, and nobody where nobody may be.

What eligibility meets at Summit, and every command, is in `tests/test_canary.py`.
"""

from collections.abc import Iterator, Mapping

import pytest

from payerbots.browser.chromium import Chromium
from payerbots.ledger.models import Intent, Run
from payerbots.sandbox.sites import CASCADE, CLEARPOINT, HARBOR, NAMES, SUMMIT
from tests import canary_day, canary_faults
from tests.canary_checks import NobodyAndNoSecret
from tests.canary_day import OF_FILES, Day
from tests.canary_faults import QUIET, Met
from tests.canary_sites import Extent
from tests.support import LoopThread

pytestmark = [pytest.mark.soak, pytest.mark.xdist_group("canary-sites"), pytest.mark.timeout(900)]
"""All tests look at one day's work, which is done once: some minutes of it."""


@pytest.fixture(scope="module")
def day(
    tmp_path_factory: pytest.TempPathFactory, loop_thread: LoopThread, chromium: Chromium
) -> Iterator[Day]:
    with canary_day.opened(tmp_path_factory.mktemp("day"), loop_thread, chromium, Extent()) as made:
        yield made


@pytest.fixture(scope="module")
def met(day: Day) -> Mapping[str, Met]:
    """What came of all faults, by site."""
    return canary_faults.every_fault(day)


@pytest.fixture(scope="module")
def over(day: Day, met: Mapping[str, Met]) -> Day:  # noqa: ARG001 - comes after
    """The day when all is done."""
    day.find_out()
    return day


class TestNothingIsLeftOut:
    def test_every_site_was_visited(self, met: Mapping[str, Met]) -> None:
        assert set(met) == set(NAMES)

    @pytest.mark.parametrize("portal", [CASCADE, HARBOR, CLEARPOINT])
    def test_every_fault_was_met(self, met: Mapping[str, Met], portal: str) -> None:
        unmet = canary_faults.names_of(portal) - met[portal].faults - QUIET
        assert unmet == ({"list_shift"} if portal == CASCADE else set())
        assert met[portal].drift

    def test_a_remittance_was_posted_while_the_list_was_read(self, over: Day) -> None:
        """At Cascade `list_shift` leaves its mark on the list only, which is short of one."""
        assert over.reports[f"{CASCADE} together"].asked == over.sites.extent.remittances - 1

    def test_every_fault_of_files_was_met_at_summit(self, met: Mapping[str, Met]) -> None:
        assert (OF_FILES & canary_faults.names_of(SUMMIT)) - met[SUMMIT].faults - QUIET == set()
        assert met[SUMMIT].drift

    def test_every_bot_brought_something(self, over: Day) -> None:
        assert set(Run.objects.values_list("bot", flat=True)) == set(over.office.workspace.bot_names())
        reports = [over.reports[f"{portal} together"] for portal in NAMES]
        assert all(one.by_state["done"] for one in reports)
        assert Intent.objects.filter(state="done").exists()


class TestNobody(NobodyAndNoSecret):
    LOGGED = frozenset({"FileUnusable", "LoginInUse", "CaptchaShown", "RecordInUse", "Unconfirmed"})
    ADDRESSES = frozenset({"/api/auth/code", "/api/eligibility/inquiries", "/tx/desktop", "/sign-in/code"})
