"""Figures of the work: what is counted, by bot, portal, payer and week. Pure; a denominator always stands beside.

Everything is counted by the first outcome of an item: what a person did later changes no figure.
"""

import statistics
from collections import Counter
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum

from payerbots.domain.kpi_facts import DONE, EXCEPTION, RETRY, Counted, Facts, Sent, Unapplied, Waiting

_TENTH, _CENT = Decimal("0.1"), Decimal("0.01")
_PROMPT = 3
"""Business days within which a payment counts as posted in time."""
_NINE_OF_TEN = 0.9
AGES = ((3, "0-3 days"), (10, "4-10 days"), (30, "11-30 days"), (None, "over 30 days"))


class Unit(StrEnum):
    """What a figure is in."""

    COUNT = "count"
    PERCENT = "percent"
    DAYS = "days"
    HOURS = "hours"
    DOLLARS = "dollars"


@dataclass(frozen=True, kw_only=True)
class Definition:
    """What a figure is called, how it is reckoned, and which way is better (`more` or `less`)."""

    key: str
    title: str
    formula: str
    unit: Unit
    good: str


@dataclass(frozen=True, kw_only=True)
class Figure:
    """A figure with what it was divided from and by; without a value, `note` says what there is no data of."""

    definition: Definition
    value: Decimal | None
    of: str = ""
    """`318 of 402`: the numerator and the denominator."""
    note: str = ""


@dataclass(frozen=True, kw_only=True)
class Line:
    """A row of a table: what was counted of one bot, portal, payer or week."""

    name: str
    finished: int
    done: int
    exceptions: int
    retries: int
    minutes: Decimal | None

    @property
    def straight_through(self) -> Decimal | None:
        """In percent; None where nothing was finished."""
        return percent(self.done, self.finished)


@dataclass(frozen=True, kw_only=True)
class Report:
    """All figures of a time, `first` and `last` days among it."""

    first: date
    last: date
    figures: Sequence[Figure]
    by_bot: Sequence[Line]
    by_portal: Sequence[Line]
    by_payer: Sequence[Line]
    by_week: Sequence[Line]
    reasons: Mapping[str, int]
    """Exceptions by reason, the most frequent first."""
    backlog: Sequence[Waiting]
    unapplied: Mapping[str, Decimal]
    """By age."""
    minutes: Mapping[str, Decimal]


def report(facts: Facts, definitions: Mapping[str, Definition]) -> Report:
    """The report that follows from facts; a figure that cannot be reckoned says what is missing."""
    return Report(
        first=facts.first,
        last=facts.last,
        figures=[_figure(facts, one) for one in definitions.values()],
        by_bot=_lines(facts, lambda one: one.bot),
        by_portal=_lines(facts, lambda one: one.portal or "no portal"),
        by_payer=_lines(facts, lambda one: facts.payers.get(one.payer, one.payer) or "no payer"),
        by_week=_weeks(facts),
        reasons=_reasons(facts),
        backlog=facts.waiting,
        unapplied=_by_age(facts.unapplied),
        minutes=facts.minutes,
    )


def percent(part: int | Decimal, whole: int | Decimal) -> Decimal | None:
    """A share in percent, to a tenth; None of nothing."""
    return None if not whole else (Decimal(100) * part / whole).quantize(_TENTH, ROUND_HALF_UP)


def _total(facts: Facts, *outcomes: str) -> int:
    return sum(one.count for one in facts.counted if one.outcome in outcomes)


_Reckoned = tuple[Decimal | None, str, str]
"""A value, `part of whole`, and what there is no data of."""


def _figure(facts: Facts, definition: Definition) -> Figure:
    reckon = _RECKONED.get(definition.key)
    value, of, note = reckon(facts) if reckon else (None, "", _NEEDS[definition.key])
    return Figure(definition=definition, value=value, of=of, note=note)


def _ratio(part: int, whole: int, nothing: str) -> _Reckoned:
    value = percent(part, whole)
    return (None, "", nothing) if value is None else (value, f"{part:,} of {whole:,}", "")


_NO_ITEMS = "no item was finished in this time"


def _finished(facts: Facts) -> int:
    return _total(facts, DONE, EXCEPTION)


def _items(facts: Facts) -> _Reckoned:
    return Decimal(_finished(facts)), "", ""


def _straight(facts: Facts) -> _Reckoned:
    return _ratio(_total(facts, DONE), _finished(facts), _NO_ITEMS)


def _exceptions(facts: Facts) -> _Reckoned:
    return _ratio(_total(facts, EXCEPTION), _finished(facts), _NO_ITEMS)


def _retries(facts: Facts) -> _Reckoned:
    return _ratio(_total(facts, RETRY), _finished(facts), _NO_ITEMS)


def _hours_saved(facts: Facts) -> _Reckoned:
    done = Counter[str]()
    for one in facts.counted:
        if one.outcome == DONE:
            done[one.bot] += one.count
    known = {bot: count for bot, count in done.items() if bot in facts.minutes}
    if not known:
        return None, "", "kpi.yaml sets no minutes by hand for these bots" if done else _NO_ITEMS
    hours = sum(count * facts.minutes[bot] for bot, count in known.items()) / 60
    shown = ", ".join(
        f"{count:,} of {bot} at {facts.minutes[bot]} min" for bot, count in sorted(known.items())
    )
    left = sorted(set(done) - set(known))
    return Decimal(hours).quantize(_TENTH, ROUND_HALF_UP), shown, f"without {', '.join(left)}" if left else ""


def _sla(facts: Facts) -> _Reckoned:
    return _ratio(
        sum(one.kept for one in facts.due), len(facts.due), "no schedule promised a time in this time"
    )


def _age(facts: Facts, *, for_a_person: bool) -> _Reckoned:
    rows = [one for one in facts.waiting if one.for_a_person is for_a_person and one.count]
    if not rows:
        return Decimal(0), "nothing waits", ""
    oldest = min(rows, key=lambda one: one.oldest)
    days = facts.business_days(oldest.oldest, facts.today)
    return Decimal(days), f"{sum(one.count for one in rows):,} wait; the oldest: {oldest.bot}", ""


_NO_POSTED = "no posting was confirmed in this time: payerbots posting confirm"


def _median(facts: Facts) -> _Reckoned:
    days = [one.days for one in facts.posted]
    if not days:
        return None, "", _NO_POSTED
    return Decimal(str(statistics.median(days))), f"{len(days):,} payments", ""


def _ninety(facts: Facts) -> _Reckoned:
    days = sorted(one.days for one in facts.posted)
    if not days:
        return None, "", _NO_POSTED
    place = max(-(-len(days) * 9 // 10) - 1, 0)
    return Decimal(days[place]), f"{len(days):,} payments", ""


def _prompt(facts: Facts) -> _Reckoned:
    prompt = sum(one.days <= _PROMPT for one in facts.posted)
    return _ratio(prompt, len(facts.posted), _NO_POSTED)


def _unapplied(facts: Facts) -> _Reckoned:
    if not facts.deposits:
        return None, "", "no deposit was read in this time"
    left = sum((one.amount for one in facts.unapplied), Decimal(0))
    return left.quantize(_CENT), f"of ${facts.deposits:,.2f} deposited", ""


_NO_CLAIMS = "no claim was sent first in this time, as far as the rejections bot has read"


def _sends(facts: Facts, count: Callable[[Sent], int]) -> _Reckoned:
    return _ratio(sum(map(count, facts.sent)), sum(one.sent for one in facts.sent), _NO_CLAIMS)


def _days_to_work(facts: Facts) -> _Reckoned:
    days = [one.days for one in facts.worked]
    if not days:
        return None, "", "no rejected claim was sent again in this time"
    return Decimal(str(statistics.median(days))), f"{len(days):,} claims", ""


def _denial_rate(facts: Facts) -> _Reckoned:
    return _ratio(
        sum(one.denied for one in facts.denied),
        sum(one.lines for one in facts.denied),
        "no remittance came in this time",
    )


_RECKONED: Mapping[str, Callable[[Facts], _Reckoned]] = {
    "items": _items,
    "straight_through": _straight,
    "exceptions": _exceptions,
    "retries": _retries,
    "minutes_saved": _hours_saved,
    "sla_kept": _sla,
    "backlog_age": lambda facts: _age(facts, for_a_person=False),
    "waiting_age": lambda facts: _age(facts, for_a_person=True),
    "days_to_post": _median,
    "days_to_post_p90": _ninety,
    "posted_in_three": _prompt,
    "unapplied_cash": _unapplied,
    "clean_claim_rate": lambda facts: _sends(facts, lambda one: one.clean),
    "rejection_rate": lambda facts: _sends(facts, lambda one: one.rejected),
    "days_to_work": _days_to_work,
    "denial_rate": _denial_rate,
}
_AR = "needs the site's A/R file"
_NEEDS: Mapping[str, str] = {
    "first_pass_yield": "needs first adjudications of claims: none are kept as figures",
    "overturn_rate": "needs denials that were closed: none are kept as figures",
    "verified_rate": "needs the office's list of active orders",
    **dict.fromkeys(("dso", "ar_over_90", "hold_days", "payment_rate", "write_off_rate"), _AR),
}


def _lines(facts: Facts, name: Callable[[Counted], str]) -> list[Line]:
    """A line for each name, the one with most items first."""
    groups: dict[str, list[Counted]] = {}
    for one in facts.counted:
        groups.setdefault(name(one), []).append(one)
    lines = [_line(name, rows, facts.minutes) for name, rows in groups.items()]
    return sorted(lines, key=lambda line: (-line.finished, line.name))


def _line(name: str, rows: Iterable[Counted], minutes: Mapping[str, Decimal]) -> Line:
    counts, saved = Counter[str](), Decimal(0)
    known = False
    for one in rows:
        counts[one.outcome] += one.count
        if one.outcome == DONE and one.bot in minutes:
            saved, known = saved + one.count * minutes[one.bot], True
    return Line(
        name=name,
        finished=counts[DONE] + counts[EXCEPTION],
        done=counts[DONE],
        exceptions=counts[EXCEPTION],
        retries=counts[RETRY],
        minutes=saved if known else None,
    )


def _weeks(facts: Facts) -> list[Line]:
    """Every week of the time, by its Monday; one without items stands there too."""
    monday = facts.first - timedelta(days=facts.first.weekday())
    found: dict[date, list[Counted]] = {}
    while monday <= facts.last:
        found[monday] = []
        monday += timedelta(days=7)
    for one in facts.counted:
        found.setdefault(one.day - timedelta(days=one.day.weekday()), []).append(one)
    return [_line(day.isoformat(), rows, facts.minutes) for day, rows in sorted(found.items())]


def _reasons(facts: Facts) -> dict[str, int]:
    return _counted((one.reason or "none", one.count) for one in facts.counted if one.outcome == EXCEPTION)


def _counted(pairs: Iterable[tuple[Hashable, int]]) -> dict[str, int]:
    found = Counter[str]()
    for name, count in pairs:
        found[str(name)] += count
    return dict(sorted(found.items(), key=lambda pair: (-pair[1], pair[0])))


def _by_age(rows: Iterable[Unapplied]) -> dict[str, Decimal]:
    found = {name: Decimal(0) for _, name in AGES}
    for one in rows:
        name = next(name for most, name in AGES if most is None or one.age <= most)
        found[name] += one.amount
    return found
