"""Rejections that need a person, as those who decide on them know them; and those that need none any more."""

from collections.abc import Iterable, Sequence

from payerbots.delivery.rejections.gather import BadReport, Told
from payerbots.documents.workbook.rejections import changes_of
from payerbots.domain.rejection import ListedRejection, Rejected, Worked, shown
from payerbots.domain.rejection_states import stories
from payerbots.engine.contract import Answered, Concluding, Described

Waiting = Answered[Rejected, Worked, BadReport]


def describe(row: Waiting) -> Described:
    """Whose claim it is, what was said of it, what the bot would change and why it did not."""
    if row.unreadable is not None:
        bad = row.unreadable
        return Described(detail=f"{bad.kind} {bad.number}: {bad.why}")
    request = row.request
    if request is None:
        return Described(detail=row.note)
    return Described(
        patient=request.claim.patient if request.claim else "",
        payer=request.payer,
        claim=request.control,
        detail="\n".join(part for part in _details(request, row) if part),
        dollars=request.charge,
        due_why="timely filing",
    )


def _details(request: Rejected, row: Waiting) -> Iterable[str]:
    worked = row.answer
    yield shown(request.codes) or "no answer"
    if worked is None:
        yield row.note
        return
    yield worked.advice
    if worked.changes:
        yield f"The bot would change {changes_of(worked.changes, '; ')}"
    yield worked.why_not


def over(waiting: Sequence[Waiting], known: Concluding) -> set[int]:
    """Items whose claim stands elsewhere by now: accepted, sent again, or rejected anew."""
    found: set[int] = set()
    portals = {row.portal for row in waiting if row.request is not None}
    for portal in portals:
        rows = [
            (row.item, row.request) for row in waiting if row.portal == portal and row.request is not None
        ]
        told = Told.read(known.facts, portal, known.context.day)
        listed = [one for _, request in rows if (one := listed_in(request)) is not None]
        stand = {story.control: story.work() for story in stories(told.heard(listed), known.context.day)}
        found |= {item for item, request in rows if _is_over(request, stand)}
    return found


def _is_over(request: Rejected, stand: dict[str, Rejected | None]) -> bool:
    """A claim of which nothing is known any more stays with its person."""
    if request.control not in stand:
        return False
    now = stand[request.control]
    return now is None or now.key != request.key


def listed_in(request: Rejected | None) -> ListedRejection | None:
    """The worklist's entry, as it was when the item was made."""
    if request is None or not request.listed or request.rejected_at is None:
        return None
    return ListedRejection(
        control=request.control,
        payer=request.payer,
        payer_id=request.payer_id,
        charge=request.charge,
        rejected_at=request.rejected_at,
        codes=request.codes,
        message=request.message,
        version=request.version,
    )
