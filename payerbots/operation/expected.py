"""What normally arrives from each portal and bank, and when: stated in `expected.yaml`, else learned from what came.

files:
  summit-835:
    portal: summit_health
    kind: "835"                # as `payerbots documents read` names it: 835, bai2, lockbox ...
    days: Mon-Fri              # without the days on which banks are closed
    by: "10:00"                # on the office's wall clock
ignore: [harbor_bank/lockbox]  # what is not to be learned
learn: {weeks: 8, share: 0.85, least: 4}    # or learn: false

Learned is a weekday on which a file came nearly always; else how long the longest silence was. Days on which the
Federal Reserve Banks are closed do not count.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Annotated, Literal
from zoneinfo import ZoneInfo

from pydantic import BeforeValidator, Field

from payerbots import yamlfile
from payerbots.domain.bank_days import BankDays
from payerbots.operation.people import ClockTime
from payerbots.portals.hours import day_names, instant
from payerbots.yamlfile import Strict

FILE = "expected.yaml"
_SLACK = timedelta(hours=1)
_END_OF_DAY = time(20, 0)
_ONE_DAY = timedelta(days=1)
_BACK = 7
_DAYS = BankDays()


class Stated(Strict):
    """A file that somebody says arrives on certain days by a certain time."""

    portal: str
    kind: str
    days: Annotated[frozenset[int], BeforeValidator(day_names)] = frozenset(range(5))
    by: ClockTime


class Learn(Strict):
    """How what normally arrives is learned: of how many weeks, how surely, and from how many times on."""

    weeks: int = Field(8, ge=2, le=52)
    share: float = Field(0.85, gt=0.5, le=1)
    least: int = Field(4, ge=3)


class Expectations(Strict):
    """All that `expected.yaml` says."""

    files: dict[str, Stated] = Field(default_factory=dict)
    ignore: tuple[str, ...] = ()
    learn: Learn | Literal[False] = Learn()


@dataclass(frozen=True)
class Arrival:
    """That a file of a kind came from a portal."""

    portal: str
    kind: str
    at: datetime


@dataclass(frozen=True)
class Missing:
    """What should have come by `due` and did not; `key` is the same for the same silence."""

    name: str
    portal: str
    kind: str
    due: datetime
    last: datetime | None
    usual: str
    """When it comes, in words."""

    @property
    def key(self) -> str:
        """What the notice of it is known by."""
        return f"expected:{self.name}:{self.due:%Y-%m-%d}"


def load(root: Path) -> Expectations:
    """What a workspace says of expected files. `ConfigError` names what is wrong, and where."""
    file = root / FILE
    return yamlfile.parse(Expectations, yamlfile.read(file), file) if file.exists() else Expectations()


def missing(told: Expectations, arrivals: Iterable[Arrival], zone: ZoneInfo, now: datetime) -> list[Missing]:
    """Everything that should have come by now and did not."""
    came: dict[tuple[str, str], list[datetime]] = defaultdict(list)
    for one in arrivals:
        came[one.portal, one.kind].append(one.at)
    stated = {(one.portal, one.kind) for one in told.files.values()}
    found = [
        _stated(name, one, came.get((one.portal, one.kind), []), zone, now)
        for name, one in told.files.items()
    ]
    if told.learn:
        for (portal, kind), times in sorted(came.items()):
            name = f"{portal}/{kind}"
            if (portal, kind) not in stated and name not in told.ignore:
                found.append(_learned(portal, kind, sorted(times), told.learn, zone, now))
    return [one for one in found if one is not None]


def _stated(
    name: str, one: Stated, times: Sequence[datetime], zone: ZoneInfo, now: datetime
) -> Missing | None:
    """The last time by which it should have come, when nothing came since the time before."""
    dues = _dues(one.days, one.by, zone, now)
    before, due = next(dues, None), None
    for earlier in dues:
        due, before = before, earlier
        break
    if due is None or before is None or any(before < at <= now for at in times):
        return None
    usual = f"stated: by {one.by:%H:%M}"
    return Missing(name, one.portal, one.kind, due, max(times, default=None), usual)


def _dues(days: frozenset[int], by: time, zone: ZoneInfo, now: datetime) -> Iterator[datetime]:
    """The times by which something should have come, the last one first."""
    day = now.astimezone(zone).date()
    for offset in range(5 * _BACK):
        one = day - offset * _ONE_DAY
        if one.weekday() in days and _DAYS.is_open(one):
            due = instant(datetime.combine(one, by), zone)
            if due <= now:
                yield due


def _learned(
    portal: str, kind: str, times: Sequence[datetime], learn: Learn, zone: ZoneInfo, now: datetime
) -> Missing | None:
    today = now.astimezone(zone).date()
    known = [at for at in times if at.astimezone(zone).date() >= today - timedelta(weeks=learn.weeks)]
    first_times = _first_times(known, zone)
    history = {day: at for day, at in first_times.items() if day < today}
    weekdays = _regular(history, learn, today)
    last, name = max(times), f"{portal}/{kind}"
    if weekdays:
        return _by_weekday(name, portal, kind, weekdays, first_times, zone, now)
    silence = _longest_silence(sorted(history), learn)
    if silence is None:
        return None
    due_day = _DAYS.after(last.astimezone(zone).date(), silence + 1)
    due = instant(datetime.combine(due_day, _END_OF_DAY), zone)
    if now < due:
        return None
    return Missing(name, portal, kind, due, last, f"learned: every {silence} bank days at the latest")


def _first_times(times: Iterable[datetime], zone: ZoneInfo) -> dict[date, time]:
    """The days on which it came, with when it came first."""
    found: dict[date, time] = {}
    for at in times:
        here = at.astimezone(zone)
        day = here.date()
        found[day] = min(found.get(day, time.max), here.time().replace(microsecond=0))
    return found


def _regular(history: Mapping[date, time], learn: Learn, today: date) -> dict[int, time]:
    """Weekdays on which it comes nearly always, with the latest time at which it did."""
    if not history:
        return {}
    found: dict[int, time] = {}
    for weekday in range(7):
        days = [
            day
            for day in _days_between(min(history), today)
            if day.weekday() == weekday and _DAYS.is_open(day)
        ]
        came = [history[day] for day in days if day in history]
        if len(days) >= learn.least and len(came) >= learn.share * len(days):
            found[weekday] = max(came)
    return found


def _days_between(first: date, last: date) -> Iterator[date]:
    for offset in range((last - first).days):
        yield first + offset * _ONE_DAY


def _by_weekday(  # noqa: PLR0913, PLR0917 - what a silence is judged by
    name: str,
    portal: str,
    kind: str,
    weekdays: Mapping[int, time],
    came: Mapping[date, time],
    zone: ZoneInfo,
    now: datetime,
) -> Missing | None:
    day = now.astimezone(zone).date()
    for offset in range(_BACK):
        one = day - offset * _ONE_DAY
        latest = weekdays.get(one.weekday())
        if latest is None or not _DAYS.is_open(one):
            continue
        due = min(instant(datetime.combine(one, latest), zone) + _SLACK, _last_moment(one, zone))
        if due > now:
            continue
        if any(later >= one for later in came):
            return None
        last = max(came, default=None)
        at = instant(datetime.combine(last, came[last]), zone) if last else None
        return Missing(name, portal, kind, due, at, f"learned: on {one:%A}s by {latest:%H:%M}")
    return None


def _last_moment(day: date, zone: ZoneInfo) -> datetime:
    return instant(datetime.combine(day + _ONE_DAY, time()), zone).astimezone(UTC) - timedelta(minutes=1)


def _longest_silence(days: Sequence[date], learn: Learn) -> int | None:
    """The longest silence between two days on which it came, in bank days; None: it came too seldom to say."""
    if len(days) <= learn.least:
        return None
    return max(_DAYS.between(one, other) for one, other in pairwise(days))
