"""Counts of claims by the day on which they were sent first: what the clean-claim rate is made of."""

from collections.abc import Iterable, Sequence
from itertools import groupby
from operator import attrgetter

from payerbots.domain.conclusions import FirstSends
from payerbots.errors import ConclusionRefused
from payerbots.ledger import dialect, models

_COUNTS = ("sent", "accepted", "rejected")


def check(told: Sequence[FirstSends]) -> None:
    """`ConclusionRefused` for counts that cannot be, and for a day and payer that come twice."""
    keys = [(one.portal, one.day, one.payer_id) for one in told]
    if len(keys) != len(set(keys)):
        raise ConclusionRefused("the claims of one portal, day and payer are counted twice")
    for one in told:
        if min(one.sent, one.accepted, one.rejected) < 0 or one.accepted + one.rejected > one.sent:
            raise ConclusionRefused(
                f"{one.portal} {one.day}: more claims came through or back than were sent"
            )


def write(told: Iterable[FirstSends]) -> int:
    """Replaces what was counted at each portal since the first of the days; how many counts are others now."""
    ordered = sorted(told, key=attrgetter("portal", "day"))
    return sum(_write(portal, list(counts)) for portal, counts in groupby(ordered, key=attrgetter("portal")))


def _write(portal: str, told: Sequence[FirstSends]) -> int:
    held = models.FirstSends.objects.filter(portal=portal, day__gte=told[0].day)
    known = {(row.day, row.payer_id): row for row in held}
    wanted = {(one.day, one.payer_id): one for one in told}
    gone = [row.pk for key, row in known.items() if key not in wanted]
    moved = [row for key, row in known.items() if key in wanted and _moved(row, wanted[key])]
    fresh = [models.FirstSends(**vars(one)) for key, one in wanted.items() if key not in known]
    models.FirstSends.objects.filter(pk__in=gone).delete()
    dialect.update(moved, list(_COUNTS))
    models.FirstSends.objects.bulk_create(fresh)
    return len(gone) + len(moved) + len(fresh)


def _moved(row: models.FirstSends, told: FirstSends) -> bool:
    """Whether a row's counts are others; then it has the new ones."""
    before = [getattr(row, name) for name in _COUNTS]
    for name in _COUNTS:
        setattr(row, name, getattr(told, name))
    return before != [getattr(row, name) for name in _COUNTS]
