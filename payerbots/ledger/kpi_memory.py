"""Counts of days that are over, for a process that is asked for figures again and again.

How an attempt ended changes no more. What ended before yesterday is counted once, a year of it, for each day that
a process lives.
"""

from collections.abc import Sequence
from datetime import date, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from django.db import connection

from payerbots.domain.kpi_facts import Counted
from payerbots.ledger import kpi_views
from payerbots.ledger.kpi_views import Span
from payerbots.ledger.models import Attempt

_KEPT = timedelta(days=366)
_DAY = _OPEN_DAYS = timedelta(days=1)


def counted(span: Span, today: date) -> list[Counted]:
    """As `kpi_views.counted`, by week: each count stands on the first day of its week that is in the span."""
    edge = today - _OPEN_DAYS
    if not edge - _KEPT <= span.first < edge:
        return kpi_views.by_week(kpi_views.counted(span), span)
    over = Span(span.first, min(span.last, edge - _DAY), span.zone)
    rows = [*_by_week(*_now(), edge, over)]
    if span.last >= edge:
        rows += kpi_views.attempted(Span(edge, span.last, span.zone))
    return kpi_views.by_week([*rows, *kpi_views.never_tried(span)], span)


def settle(today: date, zone: ZoneInfo) -> Sequence[Counted]:
    """What ended in the year before yesterday."""
    return _counted(*_now(), today - _OPEN_DAYS, zone)


def _now() -> tuple[str, int | None]:
    """Which ledger this is, as it stands: a purge leaves another oldest attempt."""
    oldest = Attempt.objects.order_by("pk").values_list("pk", flat=True).first()
    return str(connection.settings_dict["NAME"]), oldest


@lru_cache(maxsize=16)
def _by_week(ledger: str, oldest: int | None, edge: date, over: Span) -> Sequence[Counted]:
    """What ended within days that are over, by week."""
    rows = _counted(ledger, oldest, edge, over.zone)
    return kpi_views.by_week([one for one in rows if over.first <= one.day <= over.last], over)


@lru_cache(maxsize=2)
def _counted(_ledger: str, _oldest: int | None, edge: date, zone: ZoneInfo) -> Sequence[Counted]:
    return kpi_views.attempted(Span(edge - _KEPT, edge - _DAY, zone))
