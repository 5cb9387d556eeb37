"""The made-up money: `build` makes the same payments, papers and deposits again from the same seed and day."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from random import Random
from typing import TYPE_CHECKING

from payerbots.sandbox import world
from payerbots.sandbox.money import at_medicare, at_others, at_summit
from payerbots.sandbox.money.calendar import bank_day
from payerbots.sandbox.money.desk import Desk
from payerbots.sandbox.money.records import Batch, Deposit, Kind, Money, Paper, Road
from payerbots.sandbox.money.stage import Stage
from payerbots.sandbox.people import People

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from decimal import Decimal

SPAN = timedelta(days=21)
HISTORY = 110
UNANSWERED = 30
LOCKBOX = "0004417"
MOST_CHECKS = 4
POSTED = time(20, 45)
"""When the bank posts what the lockbox had, in UTC."""
LATE_BATCH, WRONG_BATCH = 1, 2
"""How many bank days ago the batches were opened whose images are late, and whose first file is wrong."""


@lru_cache(maxsize=8)
def build(seed: int, today: date) -> Money:
    """Return the money of this seed, as it stands on the morning of `today`."""
    rng = Random(f"money {seed}")
    organisations = world.build(seed, today).organisations
    desk = Desk(rng, People(rng, today), organisations)
    stage = Stage(rng, today, desk)
    for perform in (at_summit.perform, at_medicare.perform, at_others.perform):
        perform(stage)
    papers = tuple(stage.papers)
    at_summit.history(stage, HISTORY)
    _unanswered(stage)
    batches = _batches(stage)
    numbered = {one.key: one for batch in batches for one in batch.checks}
    return Money(
        seed=seed,
        today=today,
        since=today - SPAN,
        payments=tuple(payment for payment in desk.payments if payment.case != "history"),
        papers=papers,
        deposits=tuple(_placed(one, numbered) for one in stage.deposits),
        batches=batches,
        holds=tuple(stage.holds),
        billed=tuple(sorted(desk.billed, key=lambda one: (one.billed_on, one.control))),
        history=tuple(stage.papers[len(papers) :]),
    )


def _unanswered(stage: Stage) -> None:
    """Claims that were sent and not answered yet."""
    for _ in range(UNANSWERED):
        back = stage.rng.randint(1, 9)
        at_summit.claims(stage, back, 1)


def _batches(stage: Stage) -> tuple[Batch, ...]:
    """The lockbox's checks in the batches of their days, each with its place as reference."""
    days: defaultdict[date, list[Deposit]] = defaultdict(list)
    for one in stage.deposits:
        if one.kind is Kind.CHECK:
            days[one.day].append(one)
    made = []
    for day in sorted(days):
        some = days[day]
        for number, start in enumerate(range(0, len(some), MOST_CHECKS), 1):
            made.append(_batch(stage, day, f"{number:03d}", some[start : start + MOST_CHECKS]))
    return tuple(made)


def _batch(stage: Stage, day: date, number: str, some: Sequence[Deposit]) -> Batch:
    checks = tuple(
        replace(one, batch=number, item=item, reference=f"{LOCKBOX}/{number}/{item:03d}")
        for item, one in enumerate(some, 1)
    )
    posted = datetime.combine(day, POSTED, tzinfo=UTC)
    late, wrong = day == stage.on(LATE_BATCH), day == stage.on(WRONG_BATCH)
    return Batch(
        day=day,
        number=number,
        checks=checks,
        posted_at=posted,
        images_from=stage.tomorrow if late else posted + timedelta(minutes=25),
        misread=_misread(checks[0]) if wrong else {},
        corrected_at=stage.tomorrow if wrong else None,
    )


def _placed(deposit: Deposit, checks: Mapping[str, Deposit]) -> Deposit:
    """The deposit with its place in the lockbox; a returned item has that of its check."""
    bounced = checks.get(deposit.returns)
    if bounced:
        return replace(deposit, batch=bounced.batch, item=bounced.item)
    return checks.get(deposit.key, deposit)


def _misread(check: Deposit) -> dict[str, Decimal]:
    """The bank keyed a nine too much: the batch's total, made elsewhere, is right."""
    return {check.key: check.amount + 9}


def in_lockbox(money: Money, batch: Batch) -> tuple[Paper, ...]:
    """The EOBs that were in the batch's envelopes."""
    keys = {part.payment for check in batch.checks for part in check.parts}
    return tuple(
        paper for paper in money.papers if paper.road is Road.LOCKBOX and paper.payments[0].key in keys
    )


def lockbox_name(day: date) -> str:
    """What the bank calls the lockbox file of a day."""
    return f"LBX{LOCKBOX}_{day:%Y%m%d}.txt"


def images_name(batch: Batch) -> str:
    """What the bank calls the images of a batch."""
    return f"LBX{LOCKBOX}_{batch.day:%Y%m%d}_B{batch.number}.pdf"


def bank_days(money: Money) -> list[date]:
    """The bank days of the span that are over, the first one first."""
    days, day = [], money.today
    while (day := bank_day(day, -1)) >= money.since:
        days.append(day)
    return days[::-1]
