"""When a portal is open: its windows, the clock changes, and what comes next."""

from datetime import UTC, date, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from payerbots.portals.hours import Hours, Window, window

ZONE = ZoneInfo("America/New_York")
AHEAD = timedelta(days=60)
TICK = timedelta(microseconds=1)
NEVER_CLOSED = "Mon-Sun 00:00-24:00"


def _hours(opened: str = "", closed: str = "", zone: str = "America/New_York") -> Hours:
    """Hours of windows that are divided by `;`."""
    said = {"open": opened, "closed": closed}
    windows = {key: [one.strip() for one in text.split(";")] for key, text in said.items() if text}
    return Hours.model_validate({"zone": zone, **windows})


def _wall(text: str) -> datetime:
    """A time in New York; of two, the first."""
    return datetime.fromisoformat(text).replace(tzinfo=ZONE)


def _utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


DAYS = [
    ("one", "Tue 06:00-20:00", {1}),
    ("a range", "Mon-Fri 06:00-20:00", {0, 1, 2, 3, 4}),
    ("a range over the weekend", "Fri-Mon 06:00-20:00", {4, 5, 6, 0}),
    ("a range of one", "Wed-Wed 06:00-20:00", {2}),
    ("a list", "Mon,Wed,Sun 06:00-20:00", {0, 2, 6}),
    ("ranges in a list", "Mon-Tue, Sat-Sun 06:00-20:00", {0, 1, 5, 6}),
    ("any case, any blanks", "  MON - tue  06:00 - 20:00 ", {0, 1}),
]


@pytest.mark.parametrize(("text", "days"), [row[1:] for row in DAYS], ids=[row[0] for row in DAYS])
def test_the_days_of_a_window(text: str, days: set[int]) -> None:
    assert window(text) == Window(days=frozenset(days), start=360, end=1200)


TIMES = [
    ("by day", "06:00-20:30", 360, 1230),
    ("without a nought", "6:00-9:05", 360, 545),
    ("over midnight", "22:00-02:00", 1320, 1560),
    ("until 24:00", "20:00-24:00", 1200, 1440),
    ("until 00:00", "20:00-00:00", 1200, 1440),
    ("the whole day", "00:00-24:00", 0, 1440),
    ("once around the clock", "06:00-06:00", 360, 1800),
]


@pytest.mark.parametrize(("text", "start", "end"), [row[1:] for row in TIMES], ids=[row[0] for row in TIMES])
def test_the_times_of_a_window(text: str, start: int, end: int) -> None:
    assert window(f"Mon {text}") == Window(days=frozenset({0}), start=start, end=end)


ONCE = [
    ("blanks", "2026-12-24 18:00 - 2026-12-26 06:00"),
    ("as a machine writes it", "2026-12-24T18:00-2026-12-26T06:00"),
]


@pytest.mark.parametrize("text", [row[1] for row in ONCE], ids=[row[0] for row in ONCE])
def test_a_window_that_comes_once(text: str) -> None:
    assert window(text) == Window(first=datetime(2026, 12, 24, 18), last=datetime(2026, 12, 26, 6))  # noqa: DTZ001 - wall times


def test_a_day_ends_at_24_00() -> None:
    assert window("2026-12-24 00:00 - 2026-12-31 24:00").last == datetime(2027, 1, 1)  # noqa: DTZ001 - a wall time


def test_a_window_that_has_been_read_stays() -> None:
    assert window(window("Mon 06:00-20:00")) == window("Mon 06:00-20:00")


NO_WINDOWS = [
    ("nothing", "", "such as Mon-Fri"),
    ("the empty value", None, "such as Mon-Fri"),
    ("no days", "06:00-20:00", "such as Mon-Fri"),
    ("no times", "Mon-Fri", "such as Mon-Fri"),
    ("no end", "Mon 06:00", "such as Mon-Fri"),
    ("another clock", "Mon 6am-8pm", "such as Mon-Fri"),
    ("no such day", "Mon,Fry 06:00-20:00", "found 'Fry'"),
    ("a range without an end", "Mon- 06:00-20:00", "found 'Mon-'"),
    ("a range without a start", "-Fri 06:00-20:00", "found '-Fri'"),
    ("a list without an end", "Mon, 06:00-20:00", "found ''"),
    ("three days in a range", "Mon-Wed-Fri 06:00-20:00", "found 'Mon-Wed-Fri'"),
    ("no such hour", "Mon 06:00-25:00", "from 00:00 to 24:00"),
    ("no such minute", "Mon 06:60-20:00", "from 00:00 to 24:00"),
    ("after 24:00", "Mon 06:00-24:01", "from 00:00 to 24:00"),
    ("an end before the start", "2026-12-26 06:00 - 2026-12-24 18:00", "an end after the start"),
    ("an end at the start", "2026-12-26 06:00 - 2026-12-26 06:00", "an end after the start"),
    ("no such date", "2026-02-30 06:00 - 2026-03-01 06:00", "found '2026-02-30'"),
    ("the last of all days", "2026-12-24 18:00 - 9999-12-31 24:00", "found '9999-12-31'"),
    ("the first of all days", "0001-01-01 00:00 - 2026-12-24 18:00", "found '0001-01-01'"),
]


@pytest.mark.parametrize(
    ("text", "says"), [row[1:] for row in NO_WINDOWS], ids=[row[0] for row in NO_WINDOWS]
)
def test_what_is_no_window(text: object, says: str) -> None:
    with pytest.raises(ValueError, match=says):
        window(text)


WORKDAYS = "Mon-Fri 06:00-20:00"
WEEKEND = "Fri-Mon 08:00-12:00"
NIGHTS = "Sun 22:00-02:00"
HOLIDAYS = "2026-12-24 18:00 - 2026-12-26 06:00"
# 2026-07-15 is a Wednesday.
OPEN = [
    ("the first moment is in", WORKDAYS, "", "2026-07-15 06:00", True),
    ("the moment before is not", WORKDAYS, "", "2026-07-15 05:59:59.999999", False),
    ("the last moment is in", WORKDAYS, "", "2026-07-15 19:59:59.999999", True),
    ("the end is not", WORKDAYS, "", "2026-07-15 20:00", False),
    ("another day", WORKDAYS, "", "2026-07-18 12:00", False),
    ("a range over the weekend, within", WEEKEND, "", "2026-07-20 09:00", True),
    ("a range over the weekend, after", WEEKEND, "", "2026-07-21 09:00", False),
    ("a list, within", "Mon,Wed 08:00-12:00", "", "2026-07-15 09:00", True),
    ("a list, between", "Mon,Wed 08:00-12:00", "", "2026-07-14 09:00", False),
    ("before midnight", NIGHTS, "", "2026-07-19 23:00", True),
    ("after midnight", NIGHTS, "", "2026-07-20 01:59", True),
    ("after midnight of another day", NIGHTS, "", "2026-07-19 01:00", False),
    ("just before 24:00", "Wed 20:00-24:00", "", "2026-07-15 23:59", True),
    ("24:00", "Wed 20:00-24:00", "", "2026-07-16 00:00", False),
    ("from 24:00, the next day's night", "Wed 24:00-02:00", "", "2026-07-16 01:00", True),
    ("one window of two", "Wed 06:00-08:00; Wed 10:00-12:00", "", "2026-07-15 11:00", True),
    ("between two windows", "Wed 06:00-08:00; Wed 10:00-12:00", "", "2026-07-15 09:00", False),
    ("open but for maintenance", "", "Sun 02:00-04:00", "2026-07-15 12:00", True),
    ("maintenance", "", "Sun 02:00-04:00", "2026-07-19 03:00", False),
    ("maintenance is over", "", "Sun 02:00-04:00", "2026-07-19 04:00", True),
    ("closed goes before open", WORKDAYS, "Wed 12:00-13:00", "2026-07-15 12:30", False),
    ("the first of several closings", WORKDAYS, "Wed 07:00-08:00; Wed 12:00-13:00", "2026-07-15 07:30", False),
    ("the last of several closings", WORKDAYS, "Wed 07:00-08:00; Wed 12:00-13:00", "2026-07-15 12:30", False),
    ("between closings", WORKDAYS, "Wed 07:00-08:00; Wed 12:00-13:00", "2026-07-15 09:00", True),
    ("closings that overlap", "", "Wed 07:00-10:00; Wed 09:00-12:00", "2026-07-15 11:00", False),
    ("before the holidays", "", HOLIDAYS, "2026-12-24 17:59", True),
    ("in the holidays", NEVER_CLOSED, HOLIDAYS, "2026-12-25 12:00", False),
    ("after the holidays", "", HOLIDAYS, "2026-12-26 06:00", True),
    ("a year after", "", HOLIDAYS, "2027-12-25 12:00", True),
    ("open once", HOLIDAYS, "", "2026-12-25 12:00", True),
    ("open once, and over", HOLIDAYS, "", "2026-12-26 06:00", False),
    ("a closing that began long ago", "", "2026-01-01 00:00 - 2026-12-31 24:00", "2026-07-15 12:00", False),
]  # fmt: skip


@pytest.mark.parametrize(
    ("opened", "closed", "now", "found"), [row[1:] for row in OPEN], ids=[row[0] for row in OPEN]
)
def test_whether_a_portal_is_open(opened: str, closed: str, now: str, found: bool) -> None:
    assert _hours(opened, closed).is_open(_wall(now)) is found


NEXT = [
    ("open now", WORKDAYS, "", "2026-07-15 12:00", "2026-07-15 12:00"),
    ("in the morning", WORKDAYS, "", "2026-07-15 05:00", "2026-07-15 06:00"),
    ("at closing time", WORKDAYS, "", "2026-07-15 20:00", "2026-07-16 06:00"),
    ("over the weekend", WORKDAYS, "", "2026-07-17 21:00", "2026-07-20 06:00"),
    ("after maintenance", "", "Sun 02:00-04:00", "2026-07-19 03:00", "2026-07-19 04:00"),
    ("after closings that touch", "", "Sun 02:00-04:00; Sun 04:00-05:00", "2026-07-19 03:00", "2026-07-19 05:00"),
    ("maintenance in the morning", WORKDAYS, "Wed 05:00-07:00", "2026-07-15 05:30", "2026-07-15 07:00"),
    ("after the holidays, in the morning", WORKDAYS, HOLIDAYS, "2026-12-24 19:00", "2026-12-28 06:00"),
    ("once, in 60 days", "2026-09-13 12:00 - 2026-09-13 13:00", "", "2026-07-15 12:00", "2026-09-13 12:00"),
    ("once, after 60 days", "2026-09-13 12:01 - 2026-09-13 13:00", "", "2026-07-15 12:00", None),
    ("once, next year", "2027-07-15 12:00 - 2027-07-16 12:00", "", "2026-07-15 12:00", None),
    ("once, and over", "2025-07-15 12:00 - 2025-07-16 12:00", "", "2026-07-15 12:00", None),
    ("closed for 60 days", "", "2026-07-01 00:00 - 2026-09-13 12:00", "2026-07-15 12:00", "2026-09-13 12:00"),
    ("closed for longer", "", "2026-07-01 00:00 - 2026-09-13 12:01", "2026-07-15 12:00", None),
    ("closed for ever", "", NEVER_CLOSED, "2026-07-15 12:00", None),
]  # fmt: skip


@pytest.mark.parametrize(
    ("opened", "closed", "now", "found"), [row[1:] for row in NEXT], ids=[row[0] for row in NEXT]
)
def test_when_a_portal_opens(opened: str, closed: str, now: str, found: str | None) -> None:
    opens = _hours(opened, closed).next_open(_wall(now))
    assert opens == (_wall(found) if found else None)
    assert opens is None or opens.tzinfo is UTC


CLOSES = [
    ("in the evening", WORKDAYS, "", "2026-07-15 12:00", "2026-07-15 20:00"),
    ("after it has opened, when it is closed", WORKDAYS, "", "2026-07-15 05:00", "2026-07-15 20:00"),
    ("over midnight", NIGHTS, "", "2026-07-19 23:00", "2026-07-20 02:00"),
    ("windows that touch", "Wed 06:00-12:00; Wed 12:00-20:00", "", "2026-07-15 07:00", "2026-07-15 20:00"),
    ("windows that overlap", "Wed 06:00-14:00; Wed 12:00-20:00", "", "2026-07-15 07:00", "2026-07-15 20:00"),
    ("days that touch", "Wed-Thu 00:00-24:00", "", "2026-07-15 12:00", "2026-07-17 00:00"),
    ("maintenance", "", "Sun 02:00-04:00", "2026-07-15 12:00", "2026-07-19 02:00"),
    ("the sooner of two closings", WORKDAYS, "Wed 15:00-16:00; Wed 13:00-14:00", "2026-07-15 12:00", "2026-07-15 13:00"),
    ("the holidays", "", HOLIDAYS, "2026-12-01 12:00", "2026-12-24 18:00"),
    ("in 60 days", "", "2026-09-13 12:00 - 2026-09-14 12:00", "2026-07-15 12:00", "2026-09-13 12:00"),
    ("after 60 days", "", "2026-09-13 12:01 - 2026-09-14 12:00", "2026-07-15 12:00", None),
    ("never", NEVER_CLOSED, "", "2026-07-15 12:00", None),
    ("never open", "", NEVER_CLOSED, "2026-07-15 12:00", None),
]  # fmt: skip


@pytest.mark.parametrize(
    ("opened", "closed", "now", "found"), [row[1:] for row in CLOSES], ids=[row[0] for row in CLOSES]
)
def test_when_a_portal_closes(opened: str, closed: str, now: str, found: str | None) -> None:
    closes = _hours(opened, closed).closes(_wall(now))
    assert closes == (_wall(found) if found else None)
    assert closes is None or closes.tzinfo is UTC


# The clocks jump from 02:00 to 03:00 at 07:00 UTC on 2026-03-08, and back from 02:00 to 01:00 at 06:00 UTC on
# 2026-11-01; both are Sundays.
CHANGES = [
    ("a start that is skipped", "Sun 02:30-05:00", "2026-03-08 05:00", "2026-03-08 07:00", "2026-03-08 09:00"),
    ("an end that is skipped", "Sun 00:00-02:30", "2026-03-08 04:00", "2026-03-08 05:00", "2026-03-08 07:00"),
    ("a window around the jump", "Sun 01:00-04:00", "2026-03-08 05:00", "2026-03-08 06:00", "2026-03-08 08:00"),
    ("a window that is skipped", "Sun 02:15-02:45", "2026-03-08 05:00", "2026-03-15 06:15", "2026-03-15 06:45"),
    ("the hour that is skipped", "Sun 02:00-03:00", "2026-03-08 05:00", "2026-03-15 06:00", "2026-03-15 07:00"),
    ("once, skipped", "2026-03-08 02:00 - 2026-03-08 02:30", "2026-03-08 05:00", None, None),
    ("a whole short day", "Sun 00:00-24:00", "2026-03-07 05:00", "2026-03-08 05:00", "2026-03-09 04:00"),
    ("a start that comes twice", "Sun 01:30-05:00", "2026-11-01 04:00", "2026-11-01 05:30", "2026-11-01 10:00"),
    ("an end that comes twice", "Sun 00:00-01:30", "2026-11-01 03:00", "2026-11-01 04:00", "2026-11-01 05:30"),
    ("both come twice", "Sun 01:15-01:45", "2026-11-01 04:00", "2026-11-01 05:15", "2026-11-01 05:45"),
    ("its second coming is none", "Sun 01:15-01:45", "2026-11-01 06:15", "2026-11-08 06:15", "2026-11-08 06:45"),
    ("a window around the hour", "Sun 01:00-02:00", "2026-11-01 04:00", "2026-11-01 05:00", "2026-11-01 07:00"),
    ("a whole long day", "Sun 00:00-24:00", "2026-10-31 04:00", "2026-11-01 04:00", "2026-11-02 05:00"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "now", "opens", "closes"), [row[1:] for row in CHANGES], ids=[row[0] for row in CHANGES]
)
def test_windows_where_the_clocks_change(text: str, now: str, opens: str | None, closes: str | None) -> None:
    hours = _hours(text)
    assert hours.next_open(_utc(now)) == (_utc(opens) if opens else None)
    assert hours.closes(_utc(now)) == (_utc(closes) if closes else None)


CLOSINGS = [
    ("a start that is skipped", "Sun 02:30-04:00", "2026-03-08 07:00", False),
    ("the moment before", "Sun 02:30-04:00", "2026-03-08 06:59:59", True),
    ("a closing that is skipped", "Sun 02:15-02:45", "2026-03-08 07:00", True),
    ("the first coming", "Sun 01:30-03:00", "2026-11-01 05:30", False),
    ("the second coming", "Sun 01:30-03:00", "2026-11-01 06:15", False),
    ("an end that comes twice", "Sun 00:00-01:30", "2026-11-01 05:30", True),
]


@pytest.mark.parametrize(
    ("closed", "now", "found"), [row[1:] for row in CLOSINGS], ids=[row[0] for row in CLOSINGS]
)
def test_closings_where_the_clocks_change(closed: str, now: str, found: bool) -> None:
    assert _hours(closed=closed).is_open(_utc(now)) is found


def test_a_jump_of_half_an_hour() -> None:
    hours = _hours("Sun 02:15-06:00", zone="Australia/Lord_Howe")
    assert hours.next_open(_utc("2026-10-03 12:00")) == _utc("2026-10-03 15:30")


NOW = [
    ("UTC", UTC),
    ("west of the portal", ZoneInfo("Pacific/Honolulu")),
    ("a day ahead", ZoneInfo("Pacific/Kiritimati")),
    ("no whole hour", timezone(timedelta(hours=5, minutes=45))),
]


@pytest.mark.parametrize("zone", [row[1] for row in NOW], ids=[row[0] for row in NOW])
def test_the_zone_of_the_question_does_not_matter(zone: timezone | ZoneInfo) -> None:
    hours = _hours(NIGHTS)
    within, before = (_wall(text).astimezone(zone) for text in ("2026-07-20 01:00", "2026-07-19 21:00"))
    assert (hours.is_open(within), hours.is_open(before)) == (True, False)
    assert hours.next_open(before) == _utc("2026-07-20 02:00")
    assert hours.closes(within) == _utc("2026-07-20 06:00")


def test_the_second_coming_of_a_time_is_another_moment() -> None:
    first = _wall("2026-11-01 01:45")
    hours = _hours("Sun 00:00-02:00", "Sun 00:00-01:50")
    assert not hours.is_open(first)
    assert hours.is_open(first.replace(fold=1))


@st.composite
def _clocks(draw: st.DrawFn) -> str:
    minutes = draw(st.sampled_from([0, 1, 90, 120, 135, 165, 180, 1439, 1440]) | st.integers(0, 1440))
    return f"{minutes // 60:02}:{minutes % 60:02}"


NAMES = st.sampled_from(["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"])
WEEKLY = st.builds("{}-{} {}-{}".format, NAMES, NAMES, _clocks(), _clocks())
DATES = st.dates(date(2026, 1, 1), date(2026, 12, 31))
SINGLE = st.builds(
    lambda day, days, first, last: f"{day} {first} - {day + timedelta(days=days)} {last}",
    DATES, st.integers(2, 80), _clocks(), _clocks(),
)  # fmt: skip
WINDOWS = st.lists(WEEKLY | SINGLE, max_size=3).map("; ".join)
ZONES = st.sampled_from(
    ["UTC", "America/New_York", "Australia/Lord_Howe", "Pacific/Auckland", "Asia/Kathmandu"]
)
MOMENTS = st.datetimes(datetime(2026, 1, 1), datetime(2026, 12, 31), timezones=st.just(UTC)) | st.builds(  # noqa: DTZ001 - the zone is given
    datetime.combine,
    st.sampled_from([date(2026, 3, 8), date(2026, 11, 1), date(2026, 4, 4), date(2026, 10, 3)]),
    st.times(),
    st.just(UTC),
)
PARTS = st.lists(st.floats(0, 1, exclude_max=True), min_size=5, max_size=5)


def _between(first: datetime, last: datetime, parts: list[float]) -> list[datetime]:
    """Some moments from `first` on and before `last`, the latest one with them."""
    some = [first + (last - first) * part for part in parts]
    return [one for one in [first, *some, last - TICK] if first <= one < last]


@settings(deadline=None)
@given(opened=WINDOWS, closed=WINDOWS, zone=ZONES, now=MOMENTS, parts=PARTS)
@example("Sun 02:15-02:45", "", "America/New_York", _utc("2026-03-08 06:00"), [0.5])
@example("Sun 01:15-01:45", "", "America/New_York", _utc("2026-11-01 05:50"), [0.5])
@example("", "Mon-Sun 00:00-24:00", "UTC", _utc("2026-07-15 12:00"), [0.5])
def test_a_portal_opens_when_it_says_and_not_before(
    opened: str, closed: str, zone: str, now: datetime, parts: list[float]
) -> None:
    assume(opened or closed)
    hours = _hours(opened, closed, zone)
    opens = hours.next_open(now)
    assert opens is None or (now <= opens <= now + AHEAD and hours.is_open(opens))
    assert not any(hours.is_open(one) for one in _between(now, opens or now + AHEAD, parts))


@settings(deadline=None)
@given(opened=WINDOWS, closed=WINDOWS, zone=ZONES, now=MOMENTS, parts=PARTS)
@example("Sun 00:00-01:30", "", "America/New_York", _utc("2026-11-01 05:00"), [0.5])
@example("", "Sun 02:30-04:00", "America/New_York", _utc("2026-03-08 06:00"), [0.5])
@example("Mon-Sun 00:00-24:00", "", "America/New_York", _utc("2026-03-08 06:00"), [0.5])
def test_a_portal_closes_when_it_says_and_not_before(
    opened: str, closed: str, zone: str, now: datetime, parts: list[float]
) -> None:
    assume(opened or closed)
    hours = _hours(opened, closed, zone)
    closes = hours.closes(now)
    assert closes is None or (now < closes <= now + AHEAD and not hours.is_open(closes))
    assert closes is None or hours.is_open(closes - TICK)
    opens = hours.next_open(now)
    if opens is not None:
        assert all(hours.is_open(one) for one in _between(opens, closes or now + AHEAD, parts))
