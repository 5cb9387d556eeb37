"""`check` tells what may surprise: clock changes, closed portals, logins in use, closed days, folders that are not there."""

from collections.abc import Sequence
from pathlib import Path

import pytest

from payerbots.portals.config import Portal
from payerbots.schedule.checks import Checked, findings
from payerbots.schedule.config import Schedule
from tests.schedule.plan import book, utc

NOW = utc("2026-02-01")


def portal(sessions: int = 1, hours: str | None = None) -> Portal:
    values = {
        "name": "summit_health", "flow": "summit", "title": "Summit", "url": "http://127.0.0.1:9",
        "automation": "permitted", "credentials": [{"name": "bot1", "sessions": sessions}],
        "hours": {"zone": "America/New_York", "open": hours} if hours else None,
    }  # fmt: skip
    return Portal.model_validate(values)


def told(folder: Path, text: str, at: Portal | None = None) -> list[str]:
    def uses(one: Schedule) -> Sequence[str]:
        return one.portals

    checked = Checked(book(folder, text), {"summit_health": at or portal()}, uses, folder, NOW)
    return [f"{one.schedule}: {one.text}" for one in findings(checked)]


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ('cron: "30 5 * * *"', []),
        (
            'cron: "30 2 * * *"',
            ["one: 02:30 does not exist on Sun 2026-03-08, when the clocks go forward: it runs at 03:00"],
        ),
        (
            'cron: "59 1 * * *"',
            ["one: 01:59 comes twice on Sun 2026-11-01, when the clocks go back: it runs once, at the first"],
        ),
        ('cron: "0 1 * * mon-sat"', []),
        ('cron: "0 3 * * *"', []),
        ('cron: "30 2 * * *", zone: America/Phoenix', []),
        ("every: 30m", []),
        (
            'cron: "0 5 * * sun", calendar: us-business-days',
            ["one: it never runs: its calendar is closed whenever it would"],
        ),
        (
            'cron: "0 5 1 * *", calendar: us-business-days',
            [
                "one: 5 of its days in the next 400 are closed (Sun 2026-02-01, weekend is the first): it runs on no other day instead"
            ],
        ),
        ("input: {folder: in/orders}", ["one: its folder in/orders is not there"]),
    ],
)
def test_one_schedule(tmp_path: Path, line: str, expected: list[str]) -> None:
    assert told(tmp_path, f"one: {{bot: eligibility, {line}}}") == expected


def test_slots_at_which_a_portal_is_closed(tmp_path: Path) -> None:
    text = 'one: {bot: eligibility, portals: [summit_health], cron: "30 5 * * *"}'
    assert told(tmp_path, text, portal(hours="Mon-Fri 06:00-20:00")) == [
        "one: summit_health is closed at 14 of 14 slots in the next two weeks, first at Sun 2026-02-01 05:30; it opens Mon 06:00"
    ]
    assert told(tmp_path, text, portal(hours="Mon-Sun 05:00-20:00")) == []


@pytest.mark.parametrize(
    ("second", "sessions", "crowded"),
    [
        ('bot: remittance, portals: [summit_health], cron: "40 5 * * mon"', 1, True),
        ('bot: remittance, portals: [summit_health], cron: "40 5 * * mon"', 2, False),
        ('bot: eligibility, portals: [summit_health], cron: "40 5 * * mon"', 1, False),
        ('bot: remittance, portals: [harbor_bank], cron: "40 5 * * mon"', 1, False),
        ('bot: remittance, portals: [summit_health], cron: "0 7 * * mon"', 1, False),
        ('bot: remittance, portals: [summit_health], cron: "40 6 * * mon"', 1, True),
    ],
)
def test_two_bots_that_want_one_login_at_once(
    tmp_path: Path, second: str, sessions: int, *, crowded: bool
) -> None:
    first = 'one: {bot: eligibility, portals: [summit_health], cron: "30 5 * * mon", deadline: 75m}\n'
    found = told(tmp_path, f"{first}two: {{{second}}}", portal(sessions)) if "harbor" not in second else []
    assert [line.partition(",")[0].partition(" it ")[2] for line in found] == (
        ["wants summit_health together with one"] if crowded else []
    )
