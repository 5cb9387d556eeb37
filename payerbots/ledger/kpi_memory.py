"""Counts of days that are over, for a process that is asked for figures again and again.

How an attempt ended changes no more. What ended before yesterday is counted once, a year of it, for each day that
a process lives.
"""

from collections.abc import Sequence
from datetime import date, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from django.db import connection

from payerbots.domain.kpi import Counted
from payerbots.ledger import kpi_views
from payerbots.ledger.kpi_views import Span
from payerbots.ledger.models import Attempt

_KEPT = timedelta(days=366)
_OPEN_DAYS = timedelta(days=1)


def counted(span: Span, today: date) -> list[Counted]:
    """As `kpi_views.counted`, by week: each count stands on the first day of its week that is in the span."""
    edge = today - _OPEN_DAYS
    if not edge - _KEPT <= span.first < edge:
        return kpi_views.by_week(kpi_views.counted(span), span)
    rows = [one for one in settle(today, span.zone) if span.first <= one.day <= span.last]
    if span.last >= edge:
        rows += kpi_views.attempted(Span(edge, span.last, span.zone))
    return kpi_views.by_week([*rows, *kpi_views.never_tried(span)], span)


def settle(today: date, zone: ZoneInfo) -> Sequence[Counted]:
    """What ended in the year before yesterday."""
    oldest = Attempt.objects.order_by("pk").values_list("pk", flat=True).first()
    return _counted(str(connection.settings_dict["NAME"]), oldest, today - _OPEN_DAYS, zone)


@lru_cache(maxsize=2)
def _counted(_ledger: str, _oldest: int | None, edge: date, zone: ZoneInfo) -> Sequence[Counted]:
    return kpi_views.attempted(Span(edge - _KEPT, edge - timedelta(days=1), zone))
