"""Until when a denial can be worked, and why until then."""

import calendar
import datetime as dt
from collections.abc import Iterable

from payerbots.domain.denial_rules import PayerLimits, TimelyFiling
from payerbots.domain.record import Record
from payerbots.reasons import Reason

NEW_CLAIM, REOPENING, NONE_LEFT = "new claim", "reopening", "none"
SENT_ANEW = frozenset({Reason.DENIED_CODING, Reason.DENIED_COVERAGE})
"""What is mended by a claim, of this payer or another, so that the filing limit counts too."""
_MONTHS = 12


class Deadline(Record, frozen=True, kw_only=True):
    """The last day; None where nothing tells it."""

    day: dt.date | None
    why: str
    next_level: str


class Decided(Record, frozen=True, kw_only=True):
    """What the deadline of a denied line depends on."""

    limits: PayerLimits
    own: bool
    """Whether the limits are this payer's, not those assumed for all others."""
    received: dt.date
    """The office's day on which it came."""
    dated: dt.date | None
    """The payment's date, taken for that of the notice."""
    service_date: dt.date | None
    level: int = 0
    """Appeals of it that were decided already."""


def deadline(decided: Decided, reason: Reason | None, today: dt.date, *, appeal: bool) -> Deadline:
    """The earlier of the limits that still count; without an appeal that of filing a new claim.

    A filing limit that has passed does not count while there is an appeal.
    """
    filing = _filing(decided)
    if not appeal:
        after = REOPENING if reason is Reason.DENIED_LATE else NEW_CLAIM
        return Deadline(day=filing.day, why=f"No appeal. {filing.why}", next_level=after)
    appealed = _appeal(decided)
    if (
        reason in SENT_ANEW
        and filing.day
        and today <= filing.day
        and filing.day < (appealed.day or dt.date.max)
    ):
        return filing
    return appealed


def _appeal(decided: Decided) -> Deadline:
    limits = decided.limits
    if decided.level >= len(limits.levels):
        return Deadline(day=None, why=f"{limits.name}: no further level of appeal.", next_level=NONE_LEFT)
    level = limits.levels[decided.level]
    received = _received(decided)
    why = f"{limits.name}: {level.name} within {level.days} days of receipt ({received.isoformat()}){_assumed(decided)}."
    return Deadline(day=received + dt.timedelta(days=level.days), why=why, next_level=level.name)


def _received(decided: Decided) -> dt.date:
    """The day that counts as receipt: when it came, or when it is presumed to have come, whichever is first."""
    presumed = decided.limits.receipt_presumed
    if decided.dated is None or presumed is None:
        return decided.received
    return min(decided.received, decided.dated + dt.timedelta(days=presumed))


def _filing(decided: Decided) -> Deadline:
    limits, limit = decided.limits, decided.limits.timely_filing
    span = f"{limit.months} months" if limit.months else f"{limit.days} days"
    if decided.service_date is None:
        return Deadline(
            day=None,
            why=f"{limits.name}: {span} from a service date that is not given.",
            next_level=NEW_CLAIM,
        )
    why = (
        f"{limits.name}: claims within {span} of the service date ({decided.service_date.isoformat()})"
        f"{_assumed(decided)}."
    )
    return Deadline(day=filing_limit(decided.service_date, limit), why=why, next_level=NEW_CLAIM)


def _assumed(decided: Decided) -> str:
    return "" if decided.own else ", assumed: this payer's limits are not set"


def filing_limit(service_date: dt.date, limit: TimelyFiling) -> dt.date:
    """The last day for a claim; a service on February 29 ends on the 28th (CMS, MLN Matters MM6960)."""
    if limit.days is not None:
        return service_date + dt.timedelta(days=limit.days)
    months = service_date.year * _MONTHS + service_date.month - 1 + (limit.months or 0)
    year, month = divmod(months, _MONTHS)
    last = calendar.monthrange(year, month + 1)[1]
    return dt.date(year, month + 1, min(service_date.day, last))


def earliest(deadlines: Iterable[Deadline]) -> Deadline:
    """The first to end; one without a day only where none has one."""
    return min(deadlines, key=lambda each: each.day or dt.date.max)
