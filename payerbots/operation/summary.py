"""The summary of the day: what ran, what did not and why, dollars, what is overdue. Numbers and companies only."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

from payerbots.ledger import notice_deliveries, outcomes
from payerbots.ledger import promises as slots
from payerbots.ledger.models import RunState
from payerbots.ledger.outcomes import EndedRun, Money, NotRun, StandingStill
from payerbots.ledger.promises import Promise
from payerbots.ledger.records import Ledger
from payerbots.operation.expected import Missing
from payerbots.operation.letters import Letter
from payerbots.operation.lookout import by_team, missing_files
from payerbots.workspace import Workspace

_LONGEST = timedelta(days=7)


@dataclass(frozen=True, kw_only=True)
class Day:
    """All that is told of a time: up to `until`, from the summary before."""

    since: datetime
    until: datetime
    runs: Sequence[EndedRun]
    not_run: Sequence[NotRun]
    still: Sequence[StandingStill]
    money: Money
    missed: Sequence[Promise]
    waiting: dict[str, int]
    """Items that wait for a person, by team."""
    oldest: dict[str, datetime]
    missing: Sequence[Missing]
    unreached: int
    """Notices that could not be told."""


def day_of(workspace: Workspace, ledger: Ledger, since: datetime, until: datetime) -> Day:
    """What happened in a time; what waits is as it stands now."""
    since = max(since, until - _LONGEST)
    zone = workspace.zone
    return Day(
        since=since,
        until=until,
        runs=outcomes.ended_runs(since, until),
        not_run=outcomes.not_run(since, until),
        still=outcomes.standing_still(),
        money=outcomes.money(since, until, zone),
        missed=[one for one in slots.promises(since, until) if not one.kept],
        waiting=by_team(outcomes.waiting_by_reason()),
        oldest=slots.oldest_for_a_person(),
        missing=missing_files(workspace, until),
        unreached=sum(row["count"] for row in notice_deliveries.failing(ledger, until - since)),
    )


def letter(day: Day, zone: ZoneInfo) -> Letter:
    """The summary as it is sent."""
    here = day.until.astimezone(zone)
    failed = sum(run.state == RunState.FAILED for run in day.runs)
    waiting = sum(day.waiting.values())
    wrong = failed + len(day.not_run) + len(day.missed) + len(day.missing) + len(day.still)
    title = f"{here:%a %m/%d}: {len(day.runs)} runs, {_count(wrong, 'thing')} to look at, {waiting} waiting"
    parts = [_ran(day), _did_not(day, zone), _money(day.money), _overdue(day, zone)]
    since = f"Since {day.since.astimezone(zone):%a %m/%d %H:%M}."
    return Letter(title, "\n\n".join([since, *(part for part in parts if part)]) + "\n")


def _count(number: int, word: str) -> str:
    return f"{number} {word}{'' if number == 1 else 's'}"


def _section(title: str, lines: Iterator[str]) -> str:
    found = list(lines)
    return "\n".join([title, *(f"- {line}" for line in found)]) if found else ""


def _ran(day: Day) -> str:
    return _section("Ran", _bots(day.runs)) or "Ran\n- nothing"


def _bots(runs: Sequence[EndedRun]) -> Iterator[str]:
    for bot in sorted({run.bot for run in runs}):
        mine = [run for run in runs if run.bot == bot]
        ends = [
            f"{sum(run.state == state for run in mine)} {state}"
            for state in RunState.values
            if any(run.state == state for run in mine) and state != RunState.DONE
        ]
        aside = f" ({', '.join(ends)})" if ends else ""
        yield (
            f"{bot}: {_count(len(mine), 'run')}{aside}, {sum(run.items for run in mine):,} items, "
            f"{sum(run.done for run in mine):,} done, {sum(run.for_a_person for run in mine):,} for a person"
        )


def _did_not(day: Day, zone: ZoneInfo) -> str:
    return _section("Did not run, or not to its end", _failures(day, zone))


def _failures(day: Day, zone: ZoneInfo) -> Iterator[str]:
    for one in day.not_run:
        yield f"{one.schedule} of {one.at.astimezone(zone):%a %H:%M}: {one.state}, {one.reason or 'not started yet'}"
    for run in day.runs:
        if run.state in {RunState.FAILED, RunState.INTERRUPTED}:
            yield f"run {run.number} of {run.bot}: {run.state}"
    for still in day.still:
        since = f"{still.since.astimezone(zone):%a %m/%d %H:%M}"
        yield f"{still.portal}: {still.state} since {since}{f', {still.reason}' if still.reason else ''}"


def _money(money: Money) -> str:
    if not money.is_there:
        return ""
    return _section("Dollars", _dollars(money))


def _dollars(money: Money) -> Iterator[str]:
    yield f"pulled from payers: {_usd(money.pulled)} in {_count(money.payments, 'payment')}"
    yield f"deposited: {_usd(money.deposited)} in {_count(money.deposits, 'deposit')}"
    yield f"posted: {_usd(money.posted)} in {_count(money.postings, 'payment')}"
    for reason, (count, dollars) in money.open_now.items():
        yield f"open, {reason}: {count}, {_usd(dollars)}"


def _usd(amount: Decimal) -> str:
    return f"${amount:,.2f}"


def _overdue(day: Day, zone: ZoneInfo) -> str:
    return _section("Overdue and waiting", _late(day, zone))


def _late(day: Day, zone: ZoneInfo) -> Iterator[str]:
    for one in day.missed:
        ended = f"done {one.ended.astimezone(zone):%H:%M}" if one.ended and not one.is_open else "not done"
        yield f"{one.schedule}: promised by {one.due_by.astimezone(zone):%a %H:%M}, {ended}"
    for missing in day.missing:
        yield f"{missing.portal}: no {missing.kind} file by {missing.due.astimezone(zone):%a %H:%M} ({missing.usual})"
    if day.waiting:
        teams = ", ".join(f"{team} {count}" for team, count in day.waiting.items())
        yield f"{_count(sum(day.waiting.values()), 'item')} for a person: {teams}"
    for bot, since in day.oldest.items():
        yield f"{bot}: the oldest waits since {since.astimezone(zone):%a %m/%d}"
    if day.unreached:
        yield f"{_count(day.unreached, 'notice')} could not be told: payerbots notify list"
