"""Events of rejections: told once, whoever asks for them."""

import datetime as dt

from payerbots.delivery.rejections.gather import BOT
from payerbots.domain.conclusions import Conclusion, Event, EventName
from payerbots.domain.rejection import Did, Rejected, Worked, shown
from payerbots.engine import codec
from payerbots.engine.contract import Concluding
from payerbots.ledger.models import ItemState
from payerbots.ledger.records import Row

_ENDED = (ItemState.DONE, ItemState.EXCEPTION, ItemState.PARKED)
_RECENT = dt.timedelta(days=7)


def conclude(run: Concluding) -> Conclusion:
    """`rejection.corrected` and `rejection.needs_person` of the last days' items."""
    first = dt.datetime.combine(run.context.day, dt.time(), run.context.zone) - _RECENT
    rows = [row for row in run.facts.items(BOT, _ENDED) if row.finished_at and row.finished_at >= first]
    return Conclusion(events=[event for row in rows if (event := _event(row)) is not None])


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
