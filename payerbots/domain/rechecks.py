"""Which active orders need their coverage checked again: before a refill, before a rental month, and on 1 January.

Each only where the last answer is older than it is valid. Pure.
"""

import calendar
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import StrEnum

from payerbots.domain.coverage import CoverageRequest


class Why(StrEnum):
    """What an order is checked again for."""

    REFILL = "before the next refill"
    RENTAL = "before the next rental month is billed"
    JANUARY = "a new year: deductibles begin anew"


@dataclass(frozen=True, kw_only=True)
class ActiveOrder:
    """An order that goes on, with the dates that come next. `request` is what would be asked, whatever its date."""

    row: int
    request: CoverageRequest = field(repr=False)
    next_refill: date | None = None
    next_rental: date | None = None


@dataclass(frozen=True, kw_only=True)
class RecheckRules:
    """When a check is due. `valid_days` is how long an answer holds; None: to the end of its month.

    Whatever it is, an answer never holds beyond its year: deductibles begin anew.
    """

    valid_days: int | None = None
    refill_days: int = 10
    """Days before a refill from which on it is due."""
    rental_days: int = 5
    """The same before a rental month is billed."""
    january_days: int = 10
    """Days of January in which all active orders are due."""


@dataclass(frozen=True, kw_only=True)
class Recheck:
    """An order to be checked again, for the date that comes next."""

    order: ActiveOrder
    why: Why
    day: date


def valid_until(answered: date, rules: RecheckRules) -> date:
    """The last day on which an answer holds."""
    if rules.valid_days is None:
        return answered.replace(day=calendar.monthrange(answered.year, answered.month)[1])
    end_of_year = date(answered.year, 12, 31)
    return min(answered + timedelta(days=rules.valid_days), end_of_year)


def rechecks(
    orders: Sequence[ActiveOrder], answered: Sequence[date | None], rules: RecheckRules, today: date
) -> list[Recheck]:
    """The checks that are due today, in the order of their dates. `answered` is the last answer of each order."""
    found = [
        one
        for order, last in zip(orders, answered, strict=True)
        if last is None or valid_until(last, rules) < today
        if (one := _due(order, rules, today))
    ]
    return sorted(found, key=lambda one: (one.day, one.order.row))


def _due(order: ActiveOrder, rules: RecheckRules, today: date) -> Recheck | None:
    """The date that comes first decides."""
    dates = [
        (order.next_refill, rules.refill_days, Why.REFILL),
        (order.next_rental, rules.rental_days, Why.RENTAL),
    ]
    near = [(day, why) for day, days, why in dates if day and today >= day - timedelta(days=days)]
    if near:
        day, why = min(near)
        return Recheck(order=order, why=why, day=max(day, today))
    if today.month == 1 and today.day <= rules.january_days and (order.next_refill or order.next_rental):
        return Recheck(order=order, why=Why.JANUARY, day=today)
    return None
