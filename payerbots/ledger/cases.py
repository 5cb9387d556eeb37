"""Cases: what people have decided so far on an exception, each decision once and in its order."""

import json
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import transaction

from payerbots.domain.decisions import Decision
from payerbots.domain.review import About, Terms
from payerbots.errors import DecisionRefused
from payerbots.ledger import subjects
from payerbots.ledger.models import Case, Decided, DecidedState
from payerbots.ledger.records import Ledger
from payerbots.ledger.subjects import Subject


@dataclass(frozen=True, kw_only=True)
class Ruled:
    """A decision as a case keeps it. `by` is a person, with or without `person:` before the name."""

    decision: Decision
    terms: Terms
    by: str
    source: str

    @property
    def who(self) -> str:
        """The person, without regard to case and blanks."""
        return " ".join(self.by.removeprefix("person:").casefold().split())


@dataclass(frozen=True, kw_only=True)
class Past:
    """A decision that was made."""

    number: int
    decision: str
    state: str
    by: str
    at: datetime
    reason: str
    terms: dict[str, str]
    note: str = field(default="", repr=False)


class AlreadyDecided(DecisionRefused):
    """Somebody decided on it before, on what this person saw. `same`: the very same; then nothing has to be done."""

    def __init__(self, about: About, earlier: Decided, *, same: bool) -> None:
        self.by, self.at, self.decision, self.same = earlier.by, earlier.at, earlier.decision, same
        super().__init__(f"{about} was decided before: `{earlier.decision}` by {earlier.by}")


def held(ledger: Ledger, about: About) -> Case:
    """The case of this, made where there is none, and locked until the transaction ends."""
    subjects.look(about)
    made = {"changed_at": ledger.now()}
    which: Any = {f"{about.kind}_id": about.number}
    Case.objects.get_or_create(**which, defaults=made)
    return Case.objects.select_for_update().get(**which)


def check_seen(ledger: Ledger, case: Case, seen: int | None, ruled: Ruled) -> None:
    """`AlreadyDecided` when there are more decisions than the person saw."""
    if seen is None or seen == case.decisions:
        return
    earlier = Decided.objects.filter(case=case, number=seen + 1).first()
    if earlier is None:
        raise DecisionRefused("it was decided on a workbook that this ledger has not written")
    raise AlreadyDecided(about_of(case), earlier, same=_is_same(ledger, earlier, ruled))


def _is_same(ledger: Ledger, earlier: Decided, ruled: Ruled) -> bool:
    """Whether these are one decision; who made it does not matter, unless it waits for a second person."""
    terms = ruled.terms
    told = (str(ruled.decision), terms.amount, terms.code, terms.until, terms.team, terms.assignee)
    kept = (earlier.decision, earlier.amount, earlier.code, earlier.until, earlier.team, earlier.assignee)
    if told != kept or str(terms.other or "") != earlier.other:
        return False
    values = {name: after for name, (_, after) in terms.values.items()}
    return {name: after for name, (_, after) in _values(ledger, earlier).items()} == values


def confirms(case: Case, ruled: Ruled) -> bool:
    """Whether this is the second person's word on a write-off that was proposed last."""
    last = _last(case)
    return last is not None and _same_write_off(last, ruled) and _who(last) != ruled.who


def proposed_by(case: Case, ruled: Ruled) -> bool:
    """Whether this very write-off was proposed last by this very person."""
    last = _last(case)
    return last is not None and _same_write_off(last, ruled) and _who(last) == ruled.who


def _last(case: Case) -> Decided | None:
    return Decided.objects.filter(case=case, number=case.decisions, state=DecidedState.PROPOSED).first()


def _same_write_off(last: Decided, ruled: Ruled) -> bool:
    proposed = (last.decision, last.amount, last.code)
    return proposed == (str(ruled.decision), ruled.terms.amount, ruled.terms.code)


def _who(row: Decided) -> str:
    return " ".join(row.by.removeprefix("person:").casefold().split())


def keep(ledger: Ledger, case: Case, subject: Subject, ruled: Ruled, state: DecidedState) -> None:
    """Writes a decision into its case."""
    terms, now = ruled.terms, ledger.now()
    case.decisions += 1
    case.changed_at = now
    case.save()
    Decided.objects.create(
        case=case,
        number=case.decisions,
        decision=ruled.decision,
        state=state,
        by=ruled.by,
        at=now,
        source=ruled.source,
        reason=subject.reason,
        amount=terms.amount,
        code=terms.code,
        until=terms.until,
        team=terms.team,
        assignee=terms.assignee,
        other=str(terms.other or ""),
        note_sealed=ledger.keys.seal(terms.note.encode()) if terms.note else None,
        values_sealed=ledger.keys.seal(json.dumps(dict(terms.values)).encode()) if terms.values else None,
    )


def history(ledger: Ledger, case: Case) -> list[Past]:
    """All decisions of a case, the first one first."""
    rows = sorted(case.history.all(), key=lambda one: one.number)
    return [past_of(ledger, row) for row in rows]


def past_of(ledger: Ledger, row: Decided) -> Past:
    """A decision as a record."""
    terms = {
        "amount": "" if row.amount is None else f"{row.amount:.2f}",
        "code": row.code,
        "until": row.until.isoformat() if row.until else "",
        "team": row.team,
        "assignee": row.assignee,
        "other": row.other,
    }
    note = ledger.keys.unseal(row.note_sealed).decode() if row.note_sealed else ""
    return Past(
        number=row.number,
        decision=row.decision,
        state=row.state,
        by=row.by,
        at=row.at,
        reason=row.reason,
        terms={name: value for name, value in terms.items() if value},
        note=note,
    )


def about_of(case: Case) -> About:
    """What a case is about."""
    return next(
        About(kind, number) for kind in subjects.KINDS if (number := getattr(case, f"{kind}_id")) is not None
    )


def _values(ledger: Ledger, row: Decided) -> dict[str, list[str]]:
    if not row.values_sealed:
        return {}
    found: dict[str, list[str]] = json.loads(ledger.keys.unseal(row.values_sealed))
    return found


def check_before(ledger: Ledger, about: About, seen: int, ruled: Ruled) -> None:
    """`AlreadyDecided` when somebody decided on what this person saw, unless this is a second person's word."""
    which: Any = {f"{about.kind}_id": about.number}
    case = Case.objects.filter(**which).first()
    if case is not None and not confirms(case, ruled):
        check_seen(ledger, case, seen, ruled)


def decisions_on(ledger: Ledger, about: About) -> list[Past]:
    """All decisions on this, whether it still needs a person or not."""
    which: Any = {f"{about.kind}_id": about.number}
    case = Case.objects.filter(**which).prefetch_related("history").first()
    return [] if case is None else history(ledger, case)


def together() -> AbstractContextManager[None]:
    """One transaction around several decisions, each of which still stands or falls by itself."""
    return transaction.atomic()
