"""A year of slots in three zones, with downtimes of 3 hours and of 3 days, by each policy.

It is 2028: a leap year, in which New York's clocks go forward on 12 March and back on 5 November. What is
expected is reckoned from dates and offsets that are written here, not from a time zone database.
"""

from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime, time, timedelta

import pytest

from payerbots.ledger.models import ScheduleSlot, ScheduleStanding
from payerbots.ledger.schedules import SlotView, Standing
from payerbots.schedule.config import Book
from payerbots.schedule.deciding import decide
from payerbots.schedule.slots import slots
from tests.ledger.desk import Desk
from tests.schedule.plan import book, planned, utc

ZONES = {"ny": "America/New_York", "phx": "America/Phoenix", "utc": "UTC"}
POLICIES = ("skip", "once", "all")
FORWARD, BACK = date(2028, 3, 12), date(2028, 11, 5)
DOWN = (
    (utc("2028-02-29T01:00"), utc("2028-02-29T04:00")),
    (utc("2028-02-29T08:00"), utc("2028-02-29T11:00")),
    (utc("2028-03-12T06:00"), utc("2028-03-12T09:00")),
    (utc("2028-11-03T12:00"), utc("2028-11-06T12:00")),
)
"""Three hours over the slot of each zone, on the leap day and on the day when the clocks go forward; three days."""
CLOSED = {
    "2028-01-17": "Martin Luther King", "2028-02-21": "Washington", "2028-05-29": "Memorial Day",
    "2028-06-19": "Juneteenth", "2028-07-04": "Independence Day", "2028-09-04": "Labor Day",
    "2028-10-09": "Columbus", "2028-11-10": "Veterans Day, kept on the Friday", "2028-11-23": "Thanksgiving",
    "2028-12-25": "Christmas",
}  # fmt: skip
"""Federal holidays on weekdays. New Year's Day is a Saturday, kept in the year before."""
TEXT = "".join(
    f'{zone}-{policy}-{days}: {{bot: gather, cron: "30 2 * * *", calendar: {calendar}, catch_up: {policy}, zone: {name}}}\n'
    for zone, name in ZONES.items()
    for policy in POLICIES
    for days, calendar in (("daily", "every-day"), ("work", "us-business-days"))
)
Told = tuple[str, str]
"""A nominal day, and when it started (UTC) or why not."""


def instant(zone: str, day: date) -> datetime:
    """02:30 of a day, in UTC: New York is 5 hours behind, 4 in summer; on the day it skips 02:30, at 03:00."""
    if zone == "ny" and day == FORWARD:
        return utc("2028-03-12T07:00")
    behind = {"ny": 4 if FORWARD < day < BACK else 5, "phx": 7, "utc": 0}[zone]
    return datetime.combine(day, time(2, 30), tzinfo=UTC) + timedelta(hours=behind)


def days_of(name: str) -> Iterator[date]:
    for number in range(366):
        day = date(2028, 1, 1) + timedelta(days=number)
        if name.endswith("-daily") or (day.weekday() < 5 and str(day) not in CLOSED):
            yield day


def expected(name: str) -> list[Told]:
    zone, policy, _ = name.split("-")
    found: list[Told] = []
    for day in days_of(name):
        at = instant(zone, day)
        down = next((span for span in DOWN if span[0] <= at < span[1]), None)
        if down is None:
            found.append((str(day), f"{at:%m-%d %H:%M}"))
            continue
        later = [one for one in days_of(name) if one > day and instant(zone, one) < down[1]]
        started = policy == "all" or (policy == "once" and not later)
        why = f"{down[1]:%m-%d %H:%M}" if started else "DOWN" if policy == "skip" else "CAUGHT_UP"
        found.append((str(day), why))
    return found


def looks() -> list[datetime]:
    """The scheduler looks whenever a slot may be due, but while it is down, and when it is up again."""
    clocks = ("02:30", "06:30", "07:00", "07:30", "09:30")
    days = (date(2028, 1, 1) + timedelta(days=number) for number in range(366))
    moments = [utc(f"{day}T{clock}") for day in days for clock in clocks] + [end for _, end in DOWN]
    return sorted(one for one in moments if not any(start <= one < end for start, end in DOWN))


def on_paper(found: Book, moments: Iterable[datetime]) -> dict[str, list[Told]]:
    """What the rules say at each look, without a ledger."""
    told: dict[str, list[Told]] = {name: [] for name in found.schedules}
    seen = utc("2028-01-01")
    for now in moments:
        until = now + timedelta(microseconds=1)
        for name, rules in found.schedules.items():
            due = [_view(one.name, one.at) for one in slots(found.timing(name), seen, until)]
            for verdict in decide(due, rules, Standing(name, seen, seen), now):
                told[name].append((verdict.slot.slot[:10], verdict.reason or f"{now:%m-%d %H:%M}"))
        seen = until
    return told


def _view(name: str, at: datetime) -> SlotView:
    return SlotView(
        number=int(at.timestamp()), schedule="", slot=name, at=at, start_at=at, due_by=None, state="due", reason="",
        note="", run=None, run_state="", after=None, decided_at=None,
    )  # fmt: skip


@pytest.fixture(scope="module")
def year(tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[Told]]:
    text = TEXT.replace("bot: gather", "bot: eligibility")
    return on_paper(book(tmp_path_factory.mktemp("year"), text), looks())


NAMES = [line.partition(":")[0] for line in TEXT.splitlines()]


@pytest.mark.parametrize("name", NAMES)
def test_every_slot_of_the_year_becomes_what_it_should(year: dict[str, list[Told]], name: str) -> None:
    assert year[name] == expected(name)


@pytest.mark.parametrize(
    ("name", "day", "became"),
    [
        ("ny-once-daily", "2028-02-29", "02-29 07:30"),
        ("utc-once-daily", "2028-02-29", "02-29 04:00"),
        ("phx-all-work", "2028-02-29", "02-29 11:00"),
        ("phx-skip-work", "2028-02-29", "DOWN"),
        ("ny-once-daily", "2028-03-12", "03-12 09:00"),
        ("ny-skip-daily", "2028-03-12", "DOWN"),
        ("phx-skip-daily", "2028-03-12", "03-12 09:30"),
        ("ny-all-daily", "2028-11-05", "11-06 12:00"),
        ("ny-once-daily", "2028-11-05", "CAUGHT_UP"),
        ("ny-once-daily", "2028-11-06", "11-06 12:00"),
        ("ny-once-work", "2028-11-06", "11-06 12:00"),
        ("ny-once-daily", "2028-03-13", "03-13 06:30"),
        ("ny-once-daily", "2028-11-07", "11-07 07:30"),
        ("utc-once-work", "2028-12-25", "closed"),
        ("ny-once-work", "2028-11-10", "closed"),
    ],
)
def test_the_days_that_matter(year: dict[str, list[Told]], name: str, day: str, became: str) -> None:
    assert dict(year[name]).get(day, "closed") == became


def test_the_ledger_says_the_same_around_the_downtimes(sqlite_desk: Desk) -> None:
    """Only those weeks: a year of looks at a database takes a minute."""
    with planned(sqlite_desk, TEXT) as plan:
        for first, last in (
            ("2028-02-28", "2028-03-01"),
            ("2028-03-11", "2028-03-14"),
            ("2028-11-03", "2028-11-08"),
        ):
            _new_start(plan.desk, first)
            plan.at(f"{first}T00:00")
            for moment in looks():
                if utc(first) <= moment < utc(last):
                    plan.at(moment.isoformat()[:16])
                    plan.end()
            for name in NAMES:
                rows = ScheduleSlot.objects.filter(schedule=name, at__gte=utc(first)).order_by("at")
                got = [(one.slot[:10], one.reason or f"{one.decided_at:%m-%d %H:%M}") for one in rows]
                wanted = [pair for pair in expected(name) if first <= pair[0] < last]
                assert got == wanted, name


def _new_start(desk: Desk, day: str) -> None:
    """As if the scheduler had looked until that day."""
    desk.clock.now = utc(day)
    ScheduleStanding.objects.update(seen_until=utc(day))


def test_the_paper_knows_every_slot_once(year: dict[str, list[Told]]) -> None:
    assert all(len({day for day, _ in told}) == len(told) for told in year.values())
