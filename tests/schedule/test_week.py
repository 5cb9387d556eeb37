"""The week's picture: every slot is on it, side by side, with holidays and changes of the clocks."""

import struct
from datetime import date
from pathlib import Path

from payerbots.schedule.preview import html, picture
from payerbots.schedule.week import Week, week_of
from tests.schedule.plan import book, utc
from tests.support import LoopThread

TEXT = """
calendars: {lakeside: {half_days: {2026-11-25: "12:00"}}}
morning: {bot: eligibility, cron: "30 5 * * mon-fri", calendar: lakeside, sla: {done_by: "08:00"}}
also: {bot: remittance, cron: "45 5 * * mon-fri", calendar: lakeside}
afternoon: {bot: eligibility, cron: "0 14 * * *", calendar: lakeside}
west: {bot: posting, cron: "0 6 * * mon", zone: America/Phoenix}
often: {bot: remittance, every: 15m, between: mon-fri 07:00-18:00}
night: {bot: eligibility, cron: "30 2 * * sun"}
then: {bot: posting, after: morning}
"""


def week(folder: Path, day: str) -> Week:
    return week_of(book(folder, TEXT), date.fromisoformat(day), utc("2026-11-20"))


def test_every_slot_of_the_week_is_on_it(tmp_path: Path) -> None:
    found = week(tmp_path, "2026-11-25")
    labels = {f"{one.day:%a}": [mark.label for mark in one.marks] for one in found.days}
    assert labels == {
        "Mon": ["05:30 morning", "05:45 also", "08:00 west", "14:00 afternoon"],
        "Tue": ["05:30 morning", "05:45 also", "14:00 afternoon"],
        "Wed": ["05:30 morning", "05:45 also"],
        "Thu": [],
        "Fri": ["05:30 morning", "05:45 also", "14:00 afternoon"],
        "Sat": [],
        "Sun": ["02:30 night"],
    }
    assert [len(one.bands) for one in found.days] == [1, 1, 1, 1, 1, 0, 0]


def test_what_a_mark_says(tmp_path: Path) -> None:
    monday = week(tmp_path, "2026-11-25").days[0]
    assert [mark.lines for mark in monday.marks] == [
        ("done by 08:00", "then then"),
        (),
        ("06:00 Phoenix",),
        (),
    ]


def test_marks_that_would_cover_each_other_stand_side_by_side(tmp_path: Path) -> None:
    monday = week(tmp_path, "2026-11-25").days[0]
    assert [(mark.lane, mark.lanes) for mark in monday.marks] == [(0, 2), (1, 2), (0, 1), (0, 1)]


def test_holidays_half_days_and_changes_of_the_clocks_are_told(tmp_path: Path) -> None:
    days = week(tmp_path, "2026-11-25").days
    assert [one.closed for one in days[2:6]] == [("until 12:00",), ("Thanksgiving Day",), (), ("weekend",)]
    spring, autumn = (week(tmp_path, day).days[6] for day in ("2026-03-08", "2026-11-01"))
    assert (spring.clocks, autumn.clocks) == ("clocks go forward", "clocks go back")
    assert spring.marks[0].label == "03:00 night"
    assert spring.marks[0].lines == ("named 02:30",)


def test_the_page_needs_nothing_from_outside_and_escapes_names(tmp_path: Path) -> None:
    page = html(week(tmp_path, "2026-11-25"))
    assert page.count('class="mark"') == 13
    assert not any(word in page for word in ("http", "<script", "<link", "src="))


def test_the_picture_is_a_png_of_the_whole_week(tmp_path: Path, loop_thread: LoopThread) -> None:
    drawn = loop_thread.run(picture(html(week(tmp_path, "2026-11-25"))))
    assert drawn.startswith(b"\x89PNG")
    width, height = struct.unpack(">II", drawn[16:24])
    assert width == 1440
    assert height > 900
