"""How a schedule is told in words."""

from datetime import timedelta

from payerbots.schedule.config import Schedule
from payerbots.schedule.cron import DAYS

_MINUTES, _DAY = 60, 1440
_MONTHS, _FEW = 12, 4


def when(one: Schedule) -> str:
    """When a schedule runs, as a phrase."""
    if one.cron is not None:
        return one.cron.text
    if one.every is not None:
        return f"every {length(one.every)}{between(one)}"
    if one.after is not None:
        return f"after {one.after.schedule}"
    return f"watches {what(one)}"


def spoken(one: Schedule) -> str:
    """When it runs, for people who read no cron: `05:30 mon-fri` where it can be said so."""
    cron = one.cron
    if cron is None or cron.names_days_of_the_month or len(cron.months) < _MONTHS or len(cron.times) > _FEW:
        return when(one)
    times = ", ".join(f"{at:%H:%M}" for at in cron.times)
    return f"{times} {days(cron.weekdays) or 'every day'}".strip()


def between(one: Schedule) -> str:
    """The window of an `every`, where it is not the whole day."""
    if "between" not in one.model_fields_set:
        return ""
    start, end = one.between.start, one.between.end % _DAY or _DAY
    return f", {days(one.between.days)}{clock(start)}-{clock(end)}"


def days(weekdays: frozenset[int]) -> str:
    """Days of the week as `between` has them; empty for all."""
    told = sorted(weekdays)
    if len(told) == len(DAYS):
        return ""
    if told == list(range(told[0], told[-1] + 1)) and len(told) > 1:
        return f"{DAYS[told[0]]}-{DAYS[told[-1]]} "
    return f"{','.join(DAYS[day] for day in told)} "


def what(one: Schedule) -> str:
    """What it works on; empty where a bot needs nothing."""
    given = one.input
    if given is None:
        return ""
    if given.folder:
        return given.folder if given.pattern == "*" else f"{given.folder}/{given.pattern}"
    if given.queue:
        return f"queue {given.queue}"
    return given.file or f"{given.result} of {one.after.schedule if one.after else ''}"


def promised(one: Schedule) -> str:
    """Its SLA as a phrase; empty where there is none."""
    if one.sla is None:
        return ""
    parts = []
    if one.sla.done_by is not None:
        parts.append(f"done by {one.sla.done_by:%H:%M}")
    if (age := one.sla.not_older_than) is not None:
        told = f"{age.business_days} business days" if age.business_days is not None else length(age.length)
        parts.append(f"not older than {told}")
    return ", ".join(parts)


def clock(minutes: int) -> str:
    """Minutes of the day as a time."""
    return f"{minutes // _MINUTES:02}:{minutes % _MINUTES:02}"


def length(gap: timedelta) -> str:
    """A duration as `schedules.yaml` has it."""
    seconds = int(gap.total_seconds())
    for unit, size in (("d", 86400), ("h", 3600), ("m", 60)):
        if seconds and seconds % size == 0:
            return f"{seconds // size}{unit}"
    return f"{seconds}s"
