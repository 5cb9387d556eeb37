"""Slots of a year: around both changes of the clocks, on holidays and on a leap day, in three zones."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from payerbots.schedule.calendars import BUILT_IN
from payerbots.schedule.config import Timing
from payerbots.schedule.cron import cron_of
from payerbots.schedule.slots import Slot, due_by, next_slot, slots
from tests.schedule.plan import ZONE, timing, utc

NEW_YORK, PHOENIX = "America/New_York", "America/Phoenix"


def found(folder: Path, line: str, first: str, last: str) -> list[Slot]:
    return slots(timing(folder, line), utc(first), utc(last))


def at(folder: Path, line: str, first: str, last: str) -> list[str]:
    """The slots between two times (UTC): those of a cron with their nominal time, all with their instant."""
    nominal = [one.name.partition(" ") for one in found(folder, line, first, last)]
    return [
        f"{name} = {one.at:%d %H:%M}" if zone else f"{one.at:%d %H:%M}"
        for (name, zone, _), one in zip(nominal, found(folder, line, first, last), strict=True)
    ]


FORWARD, BACK = ("2026-03-07", "2026-03-10"), ("2026-10-31", "2026-11-03")


@pytest.mark.parametrize(
    ("line", "around", "expected"),
    [
        pytest.param(
            f'cron: "30 2 * * *", zone: {NEW_YORK}',
            FORWARD,
            ["2026-03-07T02:30 = 07 07:30", "2026-03-08T02:30 = 08 07:00", "2026-03-09T02:30 = 09 06:30"],
            id="a time that is skipped runs at the first moment after the jump",
        ),
        pytest.param(
            f'cron: "30 1 * * *", zone: {NEW_YORK}',
            BACK,
            ["2026-10-31T01:30 = 31 05:30", "2026-11-01T01:30 = 01 05:30", "2026-11-02T01:30 = 02 06:30"],
            id="a time that comes twice runs once, at the first",
        ),
        pytest.param(
            f'cron: "0 2 * * *", zone: {NEW_YORK}',
            BACK,
            ["2026-10-31T02:00 = 31 06:00", "2026-11-01T02:00 = 01 07:00", "2026-11-02T02:00 = 02 07:00"],
            id="the end of the hour that comes twice comes once",
        ),
        pytest.param(
            f'cron: "0 3 * * *", zone: {NEW_YORK}',
            FORWARD,
            ["2026-03-07T03:00 = 07 08:00", "2026-03-08T03:00 = 08 07:00", "2026-03-09T03:00 = 09 07:00"],
            id="the end of the hour that is skipped is there",
        ),
        pytest.param(
            f'cron: "30 2 * * *", zone: {PHOENIX}',
            FORWARD,
            ["2026-03-07T02:30 = 07 09:30", "2026-03-08T02:30 = 08 09:30", "2026-03-09T02:30 = 09 09:30"],
            id="Phoenix does not go forward",
        ),
        pytest.param(
            f'cron: "30 1 * * *", zone: {PHOENIX}',
            BACK,
            ["2026-10-31T01:30 = 31 08:30", "2026-11-01T01:30 = 01 08:30", "2026-11-02T01:30 = 02 08:30"],
            id="Phoenix does not go back",
        ),
        pytest.param(
            'cron: "30 2 * * *", zone: UTC',
            FORWARD,
            ["2026-03-07T02:30 = 07 02:30", "2026-03-08T02:30 = 08 02:30", "2026-03-09T02:30 = 09 02:30"],
            id="UTC has no changes",
        ),
        pytest.param(
            f"every: 1h, between: 00:00-04:00, zone: {NEW_YORK}",
            ("2026-03-08", "2026-03-09"),
            ["08 05:00", "08 06:00", "08 07:00"],
            id="real hours of a window that a jump makes shorter",
        ),
        pytest.param(
            f"every: 1h, between: 00:00-04:00, zone: {NEW_YORK}",
            ("2026-11-01", "2026-11-02"),
            ["01 04:00", "01 05:00", "01 06:00", "01 07:00", "01 08:00"],
            id="real hours of a window that a change makes longer",
        ),
        pytest.param(
            f"every: 20m, between: mon-fri 06:00-07:00, zone: {PHOENIX}",
            ("2026-11-20", "2026-11-24"),
            ["20 13:00", "20 13:20", "20 13:40", "23 13:00", "23 13:20", "23 13:40"],
            id="a window on some days; its end is no part of it",
        ),
        pytest.param(
            f"every: 8h, between: 22:00-21:00, zone: {NEW_YORK}",
            ("2026-11-20T02:00", "2026-11-21T03:00"),
            ["20 03:00", "20 11:00", "20 19:00"],
            id="a window over midnight belongs to the day on which it begins",
        ),
        pytest.param(
            f'cron: "0 5 29 feb *", zone: {NEW_YORK}',
            ("2026-01-01", "2033-01-01"),
            ["2028-02-29T05:00 = 29 10:00", "2032-02-29T05:00 = 29 10:00"],
            id="a leap day",
        ),
        pytest.param(
            f'cron: "0 5 last feb *", zone: {NEW_YORK}',
            ("2027-01-01", "2029-01-01"),
            ["2027-02-28T05:00 = 28 10:00", "2028-02-29T05:00 = 29 10:00"],
            id="the last day of February",
        ),
        pytest.param(
            f'cron: "0 5 * * mon-fri", zone: {NEW_YORK}, calendar: us-business-days',
            ("2026-11-25", "2026-12-01"),
            ["2026-11-25T05:00 = 25 10:00", "2026-11-27T05:00 = 27 10:00", "2026-11-30T05:00 = 30 10:00"],
            id="not on Thanksgiving",
        ),
    ],
)  # fmt: skip
def test_slots_are_exactly_these(
    tmp_path: Path, line: str, around: tuple[str, str], expected: list[str]
) -> None:
    assert at(tmp_path, line, *around) == expected


@pytest.mark.parametrize(
    ("line", "count"),
    [
        (f'cron: "30 5 * * *", zone: {NEW_YORK}', 365),
        (f'cron: "30 2 * * *", zone: {NEW_YORK}', 365),
        (f'cron: "30 1 * * *", zone: {PHOENIX}', 365),
        ('cron: "30 5 * * mon-fri", zone: UTC', 261),
        (f'cron: "30 5 * * mon-fri", zone: {NEW_YORK}, calendar: us-business-days', 261 - 11),
        (f'cron: "30 5 * * *", zone: {PHOENIX}, calendar: us-business-days', 261 - 11),
        (f'cron: "30 5 * * *", zone: {NEW_YORK}, calendar: us-bank-days', 261 - 10),
        (f"every: 6h, zone: {NEW_YORK}", 365 * 4 + 1),
        (f"every: 6h, zone: {PHOENIX}", 365 * 4),
        ("every: 15m, zone: UTC", 365 * 96),
    ],
)
def test_a_year_has_so_many(tmp_path: Path, line: str, count: int) -> None:
    """2026 has 261 weekdays, 11 federal holidays on weekdays, of which the banks keep 10; a day of 25 hours."""
    rule = timing(tmp_path, line)
    first, last = (datetime(year, 1, 1, tzinfo=rule.zone).astimezone(UTC) for year in (2026, 2027))
    names = [one.name for one in slots(rule, first, last)]
    assert len(names) == len(set(names)) == count


@settings(deadline=None, max_examples=40)
@given(
    cut=st.lists(st.integers(min_value=0, max_value=40 * 24 * 60), max_size=8),
    line=st.sampled_from(["30 2 * * *", "*/30 * * * *", "15 1 * * sun", ""]),
)
def test_however_time_is_cut_the_slots_are_the_same(cut: list[int], line: str) -> None:
    """Half-open ranges: nothing twice at a cut, nothing lost."""
    first = utc("2026-02-20")
    last = first + timedelta(days=40)
    rule = Timing("one", ZONE, BUILT_IN["every-day"], cron_of(line) if line else None, timedelta(hours=5))
    cuts = [first, *sorted(first + timedelta(minutes=one) for one in cut), last]
    pieces = [one for low, high in pairwise(cuts) for one in slots(rule, low, high)]
    assert pieces == slots(rule, first, last)


def test_a_slot_starts_up_to_its_jitter_later_and_always_at_the_same_time(tmp_path: Path) -> None:
    line = 'cron: "30 5 * * *", jitter: 10m'
    once, again = (found(tmp_path, line, "2026-01-01", "2026-03-01") for _ in range(2))
    late = [one.start_at - one.at for one in once]
    assert once == again
    assert all(timedelta(0) <= one <= timedelta(minutes=10) for one in late)
    assert len(set(late)) > 20


@pytest.mark.parametrize(
    ("slot", "promised"),
    [
        ("2026-11-24T10:30", "2026-11-24T13:00"),
        ("2026-11-24T13:00", "2026-11-25T13:00"),
        ("2026-11-25T03:00", "2026-11-25T13:00"),
        ("2026-11-01T04:30", "2026-11-01T13:00"),
        ("2026-10-31T10:30", "2026-10-31T12:00"),
    ],
)
def test_done_by_is_the_first_such_time_after_the_slot(tmp_path: Path, slot: str, promised: str) -> None:
    rule = timing(tmp_path, 'cron: "30 5 * * *", sla: {done_by: "08:00"}')
    assert due_by(rule, utc(slot)) == utc(promised)


def test_a_schedule_that_never_runs_has_no_next_slot(tmp_path: Path) -> None:
    assert (
        next_slot(timing(tmp_path, 'cron: "0 5 * * sun", calendar: us-business-days'), utc("2026-01-01"))
        is None
    )


def test_a_leap_day_is_found_years_ahead(tmp_path: Path) -> None:
    slot = next_slot(timing(tmp_path, 'cron: "0 5 29 feb *"'), utc("2024-03-01"))
    assert slot is not None
    assert slot.name == f"2028-02-29T05:00 {NEW_YORK}"
