"""Who is told of what, and when: by severity, kind, what it is about, and quiet hours."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from payerbots.ledger.notice_deliveries import Waiting
from payerbots.operation.routing import Routing
from tests.operation.telling import NEW_YORK, NOON, said, told

NIGHT = datetime(2026, 11, 24, 3, 0, tzinfo=UTC)
"""22:00 on Monday in New York."""
MORNING = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
QUIET = ["Mon-Fri 18:00-07:00", "Sat,Sun 00:00-24:00"]


def planned(person: dict[str, Any], at: datetime = NOON, **notice: Any) -> list[tuple[datetime, bool]]:
    routing = Routing(said({"maria": person}), NEW_YORK, {"morning": ["maria"]})
    return [(one.due_at, one.urgent) for one in routing.plan(told(at=at, **notice), at)]


@pytest.mark.parametrize(
    ("person", "notice", "is_told"),
    [
        pytest.param({}, {"kind": "stopped"}, True, id="urgent"),
        pytest.param({}, {"kind": "exceptions"}, False, id="info is less than warning"),
        pytest.param({"least": "info"}, {"kind": "exceptions"}, True, id="who wants info"),
        pytest.param({"least": "urgent"}, {"kind": "paused"}, False, id="who wants urgent only"),
        pytest.param({"kinds": ["code"]}, {"kind": "stopped"}, False, id="another kind"),
        pytest.param({"kinds": ["code"]}, {"kind": "code"}, True, id="the kind"),
        pytest.param({"portals": ["harbor"]}, {"portal": "summit"}, False, id="another portal"),
        pytest.param({"portals": ["summit"]}, {"portal": "summit"}, True, id="the portal"),
        pytest.param({"portals": ["harbor"]}, {"kind": "schedules"}, True, id="about no portal"),
        pytest.param({"bots": ["lockbox"]}, {"bot": "eligibility", "kind": "run_failed"}, False, id="another bot"),
        pytest.param({"schedules": ["x"]}, {"schedule": "y", "kind": "sla_missed"}, False, id="another schedule"),
        pytest.param({"least": "urgent"}, {"schedule": "morning", "kind": "exceptions"}, True, id="named by the schedule"),
        pytest.param({"least": "info"}, {"kind": "summary"}, False, id="a summary only who asks for it"),
        pytest.param({"summary": True}, {"kind": "summary"}, True, id="who asks for the summary"),
        pytest.param({}, {"kind": "never-heard-of"}, True, id="an unknown kind presses in the middle"),
    ],
)  # fmt: skip
def test_who_is_told(person: dict[str, Any], notice: dict[str, Any], is_told: bool) -> None:
    assert bool(planned(person, **notice)) is is_told


def test_what_is_urgent_comes_at_once_and_the_rest_is_gathered() -> None:
    assert planned({}, kind="stopped") == [(NOON, True)]
    assert planned({}, kind="paused") == [(NOON + timedelta(minutes=2), False)]


def test_in_quiet_hours_only_what_is_urgent_comes_and_the_rest_waits_for_their_end() -> None:
    assert planned({"quiet": QUIET}, NIGHT, kind="stopped") == [(NIGHT, True)]
    assert planned({"quiet": QUIET}, NIGHT, kind="paused") == [(MORNING, False)]


def test_quiet_hours_may_hold_for_everything_or_for_less() -> None:
    info_passes = {"quiet": QUIET, "despite_quiet": "info", "least": "info"}
    assert planned(info_passes, NIGHT, kind="paused") == [(NIGHT + timedelta(minutes=2), False)]


def test_over_the_weekend_quiet_hours_are_one() -> None:
    saturday = datetime(2026, 11, 28, 17, 0, tzinfo=UTC)
    monday = datetime(2026, 11, 30, 12, 0, tzinfo=UTC)
    friday_night = {"quiet": ["Fri 18:00-24:00", "Sat,Sun 00:00-24:00", "Mon 00:00-07:00"]}
    assert planned(friday_night, saturday, kind="paused") == [(monday, False)]


def test_of_what_is_too_old_nobody_is_told() -> None:
    routing = Routing(said({"maria": {}}), NEW_YORK)
    code = told("code", at=NOON)
    assert routing.plan(code, NOON + timedelta(minutes=29))
    assert routing.plan(code, NOON + timedelta(minutes=31)) == []


def test_a_site_may_say_that_a_kind_presses_more() -> None:
    routing = Routing(said({"maria": {"least": "urgent"}}, severity={"run_failed": "urgent"}), NEW_YORK)
    assert routing.plan(told("run_failed"), NOON)


def test_after_a_letter_only_what_is_urgent_comes_before_its_time() -> None:
    routing = Routing(said({"maria": {}}), NEW_YORK)
    a_while_ago, long_ago = NOON - timedelta(minutes=14), NOON - timedelta(minutes=15)
    assert not routing.may_be_told(Waiting("maria", NOON, urgent=False, last_at=a_while_ago), NOON)
    assert routing.may_be_told(Waiting("maria", NOON, urgent=True, last_at=a_while_ago), NOON)
    assert routing.may_be_told(Waiting("maria", NOON, urgent=False, last_at=long_ago), NOON)
    assert routing.may_be_told(Waiting("maria", NOON, urgent=False, last_at=None), NOON)
