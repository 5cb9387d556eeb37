"""What needs a person today, as rows of the exceptions workbook: items, money, concerns, portals."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime

from payerbots.documents.workbook.rows import ExceptionRow, urgency
from payerbots.domain.business_days import business_days
from payerbots.engine import guard
from payerbots.engine.contract import Described, PortalHeld
from payerbots.engine.desk import Desk
from payerbots.ledger import case_views
from payerbots.ledger import portals as standings
from payerbots.ledger.case_views import OpenCase
from payerbots.ledger.cases import Past
from payerbots.ledger.models import DecidedState
from payerbots.portals.config import Portal
from payerbots.reasons import Reason, Retry, text_of
from payerbots.review.described import Bots, current
from payerbots.review.held import held_row, until_resumed
from payerbots.review.marks import Mark

_PAST_SHOWN = 3


@dataclass(frozen=True, kw_only=True)
class Open:
    """What needs a person: rows, the most urgent first; how many are pended, and wait for a second person.

    `pictures` names the newest picture of an item by the row's `item`.
    """

    rows: list[ExceptionRow]
    pended: list[ExceptionRow]
    proposed: int
    pictures: dict[str, str] = field(repr=False)


def today(desk: Desk) -> date:
    """The office's day."""
    now: datetime = desk.ask(desk.ledger.now)
    return now.astimezone(desk.workspace.zone).date()


def collect(desk: Desk, day: date, held: Sequence[PortalHeld] = ()) -> Open:
    """What needs a person on that day; with the portals that a run could not use, beside those that stand still."""
    loaded = Bots(desk)
    cases = current(desk, desk.ask(lambda: list(case_views.open_cases(desk.ledger))), loaded, day)
    rows = [_row(desk, day, case, loaded.describe(case)) for case in cases]
    later = {row.item for row, case in zip(rows, cases, strict=True) if _waits(case, day)}
    rows = sorted([*_with_similar(rows), *_portals(desk, held)], key=urgency)
    return Open(
        rows=[row for row in rows if row.item not in later],
        pended=[row for row in rows if row.item in later],
        proposed=sum(case.proposed for case in cases),
        pictures={str(case.about): case.row.pictures[-1] for case in cases if case.row and case.row.pictures},
    )


def _waits(case: OpenCase, day: date) -> bool:
    return case.pended_until is not None and case.pended_until > day


def _row(desk: Desk, day: date, case: OpenCase, told: Described) -> ExceptionRow:
    reason = Reason(case.reason)
    zone = desk.workspace.zone
    fixable = text_of(reason).retry is Retry.PERSON
    bare = ExceptionRow(
        item=str(case.about),
        reason=reason,
        first_seen=case.first_seen,
        bot=case.bot,
        portal=case.portal,
        team=case.team or None,
        detail=told.detail or None,
        patient=told.patient or None,
        payer=told.payer or case.payer or (_title(desk, case.portal) if case.row else None),
        account=told.account or None,
        order=told.order or None,
        claim=told.claim or None,
        payer_claim=told.payer_claim or None,
        dollars=told.dollars if told.dollars is not None else case.dollars,
        age=business_days(case.first_seen.astimezone(zone).date(), day),
        due=told.due or case.due,
        due_why=told.due_why or case.due_why or None,
        attempts=case.attempts,
        failures=case.failures,
        previous_decision=_told(case.history, desk) or None,
        assignee=case.assignee,
        asked=told.asked if fixable else {},
    )
    mark = Mark(case.about, case.mark, case.seen).signed(desk.ledger.keys, bare.shown_as)
    return replace(bare, mark=mark)


def _title(desk: Desk, name: str) -> str | None:
    portal: Portal | None = desk.workspace.portals.get(name)
    return portal.title if portal else None


def _told(history: Sequence[Past], desk: Desk) -> str:
    """The last decisions, the newest first, one a line."""
    lines = [_past(one, desk) for one in reversed(history[-_PAST_SHOWN:])]
    if len(history) > _PAST_SHOWN:
        lines.append(f"and {len(history) - _PAST_SHOWN} before")
    return "\n".join(lines)


def _past(one: Past, desk: Desk) -> str:
    day = one.at.astimezone(desk.workspace.zone)
    terms = "".join(f" {value}" for value in one.terms.values())
    waits = ", waits for a second person" if one.state == DecidedState.PROPOSED else ""
    note = f": {one.note}" if one.note else ""
    return f"{day:%m/%d} {one.by.removeprefix('person:')}, {one.decision}{terms}{waits}{note}"


def _with_similar(rows: Iterable[ExceptionRow]) -> list[ExceptionRow]:
    """Each with how many others have its reason and payer."""
    found = list(rows)
    alike = Counter((row.reason, row.payer) for row in found)
    return [replace(row, similar=alike[row.reason, row.payer] - 1) for row in found]


def _portals(desk: Desk, held: Sequence[PortalHeld]) -> list[ExceptionRow]:
    """A row for each portal that stands still, or that a run could not use to its end."""
    known = desk.workspace.portals
    stand = desk.ask(lambda: guard.seen(desk.ledger, known, list(known)))
    rows = {one.portal: held_row(one) for one in held}
    for name, one in stand.items():
        if one.state == standings.STOPPED and name not in rows:
            rows[name] = ExceptionRow(
                item=f"portal {name}",
                reason=Reason(one.reason) if one.reason else Reason.PAYER_TRY_LATER,
                first_seen=one.since or desk.ask(desk.ledger.now),
                portal=name,
                payer=known[name].title,
                detail=until_resumed(known[name].title, name),
            )
    return list(rows.values())
