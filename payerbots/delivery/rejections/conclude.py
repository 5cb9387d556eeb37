"""Events of rejections, told once, whoever asks for them; and how the claims' first sendings fared."""

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Sequence

from payerbots.delivery.rejections.describe import listed_in
from payerbots.delivery.rejections.gather import BOT, Told
from payerbots.domain.conclusions import Conclusion, Event, EventName, FirstSends
from payerbots.domain.rejection import Did, Rejected, Worked, shown
from payerbots.domain.rejection_states import ClaimStory, stories
from payerbots.engine import codec
from payerbots.engine.contract import Concluding
from payerbots.ledger.models import ItemState
from payerbots.ledger.records import Row

_ENDED = (ItemState.DONE, ItemState.EXCEPTION, ItemState.PARKED)
_RECENT = dt.timedelta(days=7)


def conclude(run: Concluding) -> Conclusion:
    """`rejection.corrected` and `rejection.needs_person` of the last days' items, and counts of first sendings."""
    first = dt.datetime.combine(run.context.day, dt.time(), run.context.zone) - _RECENT
    rows = run.facts.items(BOT, _ENDED)
    recent = [row for row in rows if row.finished_at and row.finished_at >= first]
    return Conclusion(
        events=[event for row in recent if (event := _event(row)) is not None],
        first_sends=[] if run.context.dry_run else _first_sends(run, rows),
    )


def _first_sends(run: Concluding, rows: Sequence[Row]) -> list[FirstSends]:
    """Of every clearinghouse that was read, by day and payer."""
    found: list[FirstSends] = []
    for portal in sorted(run.facts.reached(BOT)):
        told = Told.read(run.facts, portal, run.context.day)
        here = (codec.unpack(Rejected, row.request) for row in rows if row.portal == portal)
        listed = [one for request in here if (one := listed_in(request)) is not None]
        found += count_first_sends(portal, stories(told.heard(listed), run.context.day))
    return found


def count_first_sends(portal: str, claims: Iterable[ClaimStory]) -> list[FirstSends]:
    """How the claims of one clearinghouse fared that were sent first on a day to a payer."""
    counts = Counter(
        (story.first_sent, story.claim.payer_id if story.claim else "", story.clean)
        for story in claims
        if story.first_sent
    )
    return [
        FirstSends(
            portal=portal,
            day=day,
            payer_id=payer,
            sent=sum(counts[day, payer, clean] for clean in (True, False, None)),
            accepted=counts[day, payer, True],
            rejected=counts[day, payer, False],
        )
        for day, payer in dict.fromkeys((day, payer) for day, payer, _ in counts)
        if day is not None
    ]


def _event(row: Row) -> Event | None:
    request = codec.unpack(Rejected, row.request)
    worked = codec.unpack(Worked, row.result) if row.result else None
    if request.dry_run:
        return None
    if worked and worked.did is Did.CORRECTED:
        return _told(EventName.REJECTION_CORRECTED, row, request, worked)
    if row.state in {ItemState.EXCEPTION, ItemState.PARKED}:
        return _told(EventName.REJECTION_NEEDS_PERSON, row, request, worked)
    return None


def _told(name: EventName, row: Row, request: Rejected, worked: Worked | None) -> Event:
    return Event(
        name=name,
        item=row.item,
        key=f"{request.key}|{row.attempts}",
        portal=row.portal,
        body={
            "kind": request.kind.value,
            "codes": [str(code) for code in request.codes],
            "payer_id": request.payer_id,
            "charge": request.charge,
            "times": request.times,
            "reason": row.reason or (worked.reason if worked else ""),
            "team": worked.team if worked else "",
            "rule": worked.rule if worked else "",
            "confirmation": worked.confirmation if worked else "",
        },
        answer={
            "claim": request.control,
            "said": shown(request.codes),
            "advice": worked.advice if worked else "",
            "why_not": worked.why_not if worked else "",
            "changes": [
                {"field": one.field, "before": one.before, "after": one.after} for one in worked.changes
            ]
            if worked
            else [],
        },
    )
