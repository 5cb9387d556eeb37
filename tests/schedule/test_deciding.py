"""What becomes of slots after a downtime of 3 hours and of 3 days, by each policy; and of paused ones."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from payerbots.ledger.models import SlotReason
from payerbots.ledger.schedules import SlotView, Standing
from payerbots.schedule.deciding import decide
from payerbots.schedule.slots import slots
from tests.schedule.plan import book, utc

BACK = utc("2026-03-09T12:00")
"""When the scheduler is there again: the clocks went forward in New York the day before."""
STANDING = Standing("one", utc("2026-01-01"), BACK)
START = "start"


def outcome(folder: Path, line: str, down: timedelta, standing: Standing = STANDING) -> list[str]:
    """What becomes of the slots of a downtime: each as its instant and `start`, or why not."""
    found = book(folder, f"one: {{bot: eligibility, {line}}}")
    due = [
        SlotView(
            number=number, schedule="one", slot=slot.name, at=slot.at, start_at=slot.start_at, due_by=None,
            state="due", reason="", note="", run=None, run_state="", after=None, decided_at=None,
        )
        for number, slot in enumerate(slots(found.timing("one"), BACK - down, BACK), start=1)
    ]  # fmt: skip
    verdicts = decide(due, found.schedules["one"], standing, BACK)
    return [f"{one.slot.at:%d %H:%M} {one.reason or START}" for one in verdicts]


HOURS, DAYS = timedelta(hours=3), timedelta(days=3)
HOURLY = "every: 1h"
NIGHTLY = 'cron: "30 2 * * *"'


@pytest.mark.parametrize(
    ("line", "down", "expected"),
    [
        (HOURLY, HOURS, ["09 09:00 CAUGHT_UP", "09 10:00 CAUGHT_UP", "09 11:00 start"]),
        (f"{HOURLY}, catch_up: skip", HOURS, ["09 09:00 DOWN", "09 10:00 DOWN", "09 11:00 DOWN"]),
        (f"{HOURLY}, catch_up: all", HOURS, ["09 09:00 start", "09 10:00 start", "09 11:00 start"]),
        (
            f"{HOURLY}, catch_up: all, max_late: 2h",
            HOURS,
            ["09 09:00 TOO_LATE", "09 10:00 start", "09 11:00 start"],
        ),
        (
            f"{HOURLY}, max_late: 30m",
            HOURS,
            ["09 09:00 TOO_LATE", "09 10:00 TOO_LATE", "09 11:00 TOO_LATE"],
        ),
        (NIGHTLY, DAYS, ["07 07:30 CAUGHT_UP", "08 07:00 CAUGHT_UP", "09 06:30 start"]),
        (f"{NIGHTLY}, catch_up: skip", DAYS, ["07 07:30 DOWN", "08 07:00 DOWN", "09 06:30 DOWN"]),
        (f"{NIGHTLY}, catch_up: all", DAYS, ["07 07:30 start", "08 07:00 start", "09 06:30 start"]),
        (f"{NIGHTLY}, max_late: 4h", DAYS, ["07 07:30 TOO_LATE", "08 07:00 TOO_LATE", "09 06:30 TOO_LATE"]),
        (f"{NIGHTLY}, calendar: us-business-days", DAYS, ["09 06:30 start"]),
        (f"{NIGHTLY}, zone: America/Phoenix, catch_up: all", HOURS, ["09 09:30 start"]),
        ('cron: "57 11 * * *", zone: UTC, catch_up: skip', HOURS, ["09 11:57 start"]),
        ('cron: "55,58 11 * * *", zone: UTC', HOURS, ["09 11:55 start", "09 11:58 start"]),
        ('cron: "30 8,11 * * *", zone: UTC', timedelta(0), []),
    ],
)
def test_after_a_downtime(tmp_path: Path, line: str, down: timedelta, expected: list[str]) -> None:
    assert outcome(tmp_path, line, down) == expected


def test_times_that_the_clocks_skip_together_run_once(tmp_path: Path) -> None:
    """`*/30` has 02:00, 02:30 and 03:00 at one instant on that day."""
    line = 'cron: "*/30 * * * *", max_late: 100h'
    at_once = outcome(tmp_path, line, timedelta(hours=29, minutes=5))[:3]
    assert at_once == ["08 07:00 CAUGHT_UP"] * 3


@pytest.mark.parametrize(
    ("paused", "until", "resumed", "expected"),
    [
        ("09T09:30", None, None, ["PAUSED", "PAUSED", "PAUSED"]),
        ("09T12:00", None, None, ["PAUSED", "PAUSED", "PAUSED"]),
        ("09T09:30", None, "09T10:30", ["start", "PAUSED", "start"]),
        ("09T09:30", "09T10:30", None, ["start", "PAUSED", "start"]),
        ("09T09:30", "09T11:30", "09T10:30", ["start", "PAUSED", "start"]),
        ("09T09:00", None, "09T11:00", ["PAUSED", "PAUSED", "start"]),
    ],
)
def test_slots_of_a_pause_are_skipped_also_when_they_are_seen_later(
    tmp_path: Path, paused: str, until: str | None, resumed: str | None, expected: list[str]
) -> None:
    times = [None if one is None else utc(f"2026-03-{one}") for one in (paused, until, resumed)]
    standing = replace(STANDING, paused_at=times[0], paused_until=times[1], resumed_at=times[2])
    found = outcome(tmp_path, f"{HOURLY}, catch_up: all", HOURS, standing)
    assert [one.rpartition(" ")[2] for one in found] == expected


def test_a_slot_waits_for_its_input_as_long_as_it_may_be_late(tmp_path: Path) -> None:
    found = book(tmp_path, f"one: {{bot: eligibility, {NIGHTLY}, max_late: 6h}}")
    slot = SlotView(
        number=1, schedule="one", slot="x", at=BACK, start_at=BACK, due_by=None, state="due",
        reason=SlotReason.INPUT_MISSING, note="", run=None, run_state="", after=None, decided_at=None,
    )  # fmt: skip
    after = {
        hours: decide([slot], found.schedules["one"], STANDING, BACK + timedelta(hours=hours))[0]
        for hours in (5, 7)
    }
    assert (after[5].state, after[7].state) == ("due", "missed")
    assert after[7].reason == SlotReason.INPUT_MISSING
