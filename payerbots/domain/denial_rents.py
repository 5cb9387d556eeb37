"""The rent that a denied rental still puts at risk: months that would be paid after the denied ones."""

import datetime as dt
from collections.abc import Sequence
from decimal import Decimal

from payerbots.domain.denial_rules import DenialRules
from payerbots.domain.denied_lines import DeniedLine

RENTED = "RR"
_MONTHS = 12


def rent_at_risk(months: Sequence[DeniedLine], rules: DenialRules) -> Decimal | None:
    """Months left under the cap times the latest month's rent, for denied months of one rental in order of date.

    Months left are counted from what the office knows was paid, or from the modifiers; None where neither tells.
    """
    last = months[-1]
    cap = _cap(months, rules)
    if cap is None or RENTED not in last.modifiers:
        return None
    month = _month(months, rules)
    if month is None:
        return None
    return max(cap - month, 0) * (last.allowed if last.allowed is not None else last.denial.amount)


def _cap(months: Sequence[DeniedLine], rules: DenialRules) -> int | None:
    if months[-1].hcpcs in rules.oxygen.codes:
        return rules.oxygen.months
    rental = rules.capped_rental
    known = {rental.first, *rental.early, *rental.late}
    return rental.months if any(known.intersection(each.modifiers) for each in months) else None


def _month(months: Sequence[DeniedLine], rules: DenialRules) -> int | None:
    """The month of the rental that the last denied one is."""
    last, rental = months[-1], rules.capped_rental
    paid = [each.months_paid for each in months if each.months_paid is not None]
    if paid:
        return max(paid) + len(months)
    first = next((each for each in months if rental.first in each.modifiers), None)
    if first is not None and first.service_date and last.service_date:
        return 1 + _between(first.service_date, last.service_date)
    if rental.first in last.modifiers:
        return 1
    return next((month for modifier, month in rental.early.items() if modifier in last.modifiers), None)


def _between(first: dt.date, last: dt.date) -> int:
    return (last.year - first.year) * _MONTHS + last.month - first.month
