"""The portal guard: hours, permissions, outages that concern everybody, the probe after a pause, what runs out."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from payerbots.engine import guard
from payerbots.engine.guard import FailingPages
from payerbots.engine.usable import usable
from payerbots.errors import ConfigError
from payerbots.ledger import portals as standings
from payerbots.ledger import slots
from payerbots.ledger.models import Attempt, Notice, PortalStanding
from payerbots.ledger.records import Ledger
from payerbots.ledger.slots import Slot
from payerbots.portals.config import Automation
from payerbots.portals.hours import Hours
from payerbots.sandbox.server import PracticePortal
from payerbots.settings import load
from payerbots.workspace import Workspace
from tests.support import ROOT, Office

NAME = "summit_health"
CLEAN = (7, 8, 11)
TODAY = date(2026, 11, 24)


def with_portal(office: Office, **changes: Any) -> Office:
    """The office with other settings of its portal."""
    changed = office.with_settings()
    portal = changed.workspace.portals[NAME]
    vars(changed.workspace)["portals"] = {NAME: portal.model_copy(update=changes)}
    return changed


def closed_now() -> Hours:
    """Hours in which the portal has just closed, and opens in an hour."""
    now = datetime.now(UTC)
    first, last = (now + timedelta(hours=gap) for gap in (-1, 1))
    return Hours.model_validate(
        {"zone": "UTC", "closed": [f"{first:%Y-%m-%d %H:%M} - {last:%Y-%m-%d %H:%M}"]}
    )


def test_outside_its_hours_a_portal_is_asked_nothing_and_the_run_does_not_wait(
    office: Office, portal: PracticePortal
) -> None:
    report = with_portal(office, hours=closed_now()).run(office.requests(7))
    assert report.by_state == {"new": 1}
    [held] = report.held
    assert held.message.startswith("closed until ")
    assert not held.stopped
    assert portal.stats()["sign_in_attempts"] == 0


def test_a_portal_that_forbids_robots_is_not_used(office: Office, portal: PracticePortal) -> None:
    workspace = with_portal(office, automation=Automation.FORBIDDEN).workspace
    with pytest.raises(ConfigError, match="forbids robots"):
        usable(workspace, [NAME], TODAY)
    assert usable(workspace, [], TODAY) == []
    assert portal.stats()["sign_in_attempts"] == 0


def test_error_pages_for_several_items_let_the_portal_rest(office: Office, portal: PracticePortal) -> None:
    office.after_first(lambda: portal.set_faults(error_rate=1))
    slow = office.with_settings(retry_pace=0.05)
    report = slow.run(office.requests(7, 8, 11, 12, 14), patience=timedelta(0))
    assert "exception" not in report.by_state
    assert PortalStanding.objects.get().state == "paused"
    portal.clear_faults()
    standings.resume(Ledger(office.workspace.keys), NAME, "person:ana")
    report = office.run(office.requests(7, 8, 11, 12, 14))
    assert report.by_state == {"done": 5}


def test_one_items_error_page_is_no_outage() -> None:
    failing = FailingPages()
    assert not any(failing.show_an_outage("p", 1, "PageFailed", probing=False) for _ in range(5))


def test_an_answer_between_begins_the_count_anew() -> None:
    failing = FailingPages()
    for item, error in enumerate(["PageFailed", "PageFailed", "", "PageFailed", "PageFailed"]):
        assert not failing.show_an_outage("p", item, error, probing=False)
    assert failing.show_an_outage("p", 9, "PageFailed", probing=False)


def test_an_error_page_for_the_probe_is_an_outage_still() -> None:
    assert FailingPages().show_an_outage("p", 1, "PageFailed", probing=True)


def test_after_a_pause_one_item_is_tried_before_others_follow(office: Office) -> None:
    ledger = Ledger(office.workspace.keys)
    rest = (timedelta(milliseconds=1), timedelta(milliseconds=1))
    standings.pause(ledger, NAME, "PAYER_TRY_LATER", "a test", rest)
    several = replace(office, workspace=Workspace(ROOT, office.workspace.settings))
    assert several.run(office.requests(*CLEAN)).by_state == {"done": 3}
    first, *others = Attempt.objects.filter(item__kind="work").order_by("started_at")
    assert first.ended_at is not None
    assert all(one.started_at >= first.ended_at for one in others)


def test_a_refused_sign_in_leaves_a_notice_with_the_login(office: Office, portal: PracticePortal) -> None:
    portal.set_faults(captcha=1)
    office.run(office.requests(7))
    notice = Notice.objects.get(kind="stopped")
    assert (notice.portal, notice.login, notice.reason, notice.sent_at) == (NAME, "bot1", "CAPTCHA", None)
    assert "payerbots portals resume summit_health" in notice.message
    assert PortalStanding.objects.get().login == "bot1"


def test_what_runs_out_is_told_once_at_each_step(office: Office) -> None:
    ledger = Ledger(office.workspace.keys)
    portals = with_portal(office, recertify_by=date(2026, 12, 5), keep_alive_days=30).workspace.portals
    slots.take(ledger, Slot(NAME, "bot1", 1).turn, "w1", timedelta(seconds=1))
    slots.prove(ledger, Slot(NAME, "bot1", 1), "a fingerprint")
    signed_in = ledger.now().date()
    days = [date(2026, 11, 20), TODAY, date(2026, 11, 30), date(2026, 12, 4), date(2026, 12, 5)]
    for day in [*days, *days]:
        guard.warn(ledger, portals, day)
    told = [notice.message for notice in Notice.objects.filter(message__contains="recertified")]
    assert len(told) == len({"14", "7", "1", "on the day"})
    guard.warn(ledger, portals, signed_in + timedelta(days=29))
    assert Notice.objects.filter(login="bot1", message__contains="want of use").exists()


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("PAYERBOTS_LEASE_SECONDS", "900", "PAYERBOTS_LEASE_SECONDS: .*600"),
        ("PAYERBOTS_LEASE_SECONDS", "20", "HEARTBEAT_SECONDS must be at most half"),
    ],
)
def test_a_setting_that_cannot_be_is_refused_by_its_name(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str, said: str
) -> None:
    monkeypatch.setenv(name, value)
    with pytest.raises(ConfigError, match=said):
        load()
