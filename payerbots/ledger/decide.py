"""What a person's decision does to an exception. The CLI, workbooks and the console all come through here.

Everything happens in one transaction: the item, the case with its decision, and the audit.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db import transaction
from django.db.models import F

from payerbots.domain.decisions import Decision
from payerbots.domain.review import About, Kind, Rules, Terms
from payerbots.errors import DecisionRefused
from payerbots.ledger import audit, cases, intents, subjects
from payerbots.ledger.cases import Ruled
from payerbots.ledger.models import Case, DecidedState, Item, ItemKind, ItemState
from payerbots.ledger.records import Ledger
from payerbots.ledger.subjects import ENDED_BADLY, Subject

_AGAIN = (Decision.SEND_BACK, Decision.CORRECTED)
_ENDS = (Decision.RESOLVED, Decision.WRITE_OFF, Decision.DUPLICATE)
PROPOSED = "proposed"
"""What a decision came to that waits for a second person."""


@dataclass(frozen=True, kw_only=True)
class Placed:
    """Where a corrected request belongs, when that changed, or the row could not be read before."""

    portal: str
    payer_id: str = ""
    subject: str = ""


@dataclass(frozen=True, kw_only=True)
class Ruling:
    """A decision as somebody made it, on an `item`, or on what else it is `about`; `terms` go with it.

    `seen` is how many decisions they saw on it, `mark` how it stood, `revision` an item's. None: they did not look.
    `request` is a corrected one, and `placed` where it belongs. `not_sent` says that they looked on the portal: an
    act that may have been done was not. Without it, an item that is sent back asks the portal first, and one that
    ends counts its act as done. `today` is the office's day.
    """

    item: int = 0
    about: About | None = None
    decision: Decision
    by: str
    terms: Terms = field(default_factory=Terms)
    revision: int | None = None
    mark: str | None = None
    seen: int | None = None
    not_sent: bool = False
    request: bytes | None = field(default=None, repr=False)
    placed: Placed | None = None
    source: str = "terminal"
    today: date | None = None

    @property
    def on(self) -> About:
        """What it is about."""
        return self.about or About(Kind.ITEM, self.item)

    @property
    def ruled(self) -> Ruled:
        """As the case keeps it."""
        return Ruled(decision=self.decision, terms=self.terms, by=self.by, source=self.source)


@transaction.atomic
def decide(ledger: Ledger, ruling: Ruling, rules: Rules | None = None) -> str:
    """Applies a decision once; the item's state after it, `settled` or `open` for others, or `PROPOSED`.

    Sent back, an item begins a new revision, for which its former failures do not count. `AlreadyDecided` when
    another decision came before on what they saw; `DecisionRefused` when it has moved on, or does not fit.
    """
    rules = rules or Rules()
    case = cases.held(ledger, ruling.on)
    subject = subjects.look(ruling.on)
    # As soon as the case is held, nobody else decides: what is checked now still holds when it is written.
    confirms = cases.confirms(case, ruling.ruled) and rules.needs_second(ruling.decision, ruling.terms)
    if not confirms:
        cases.check_seen(ledger, case, ruling.seen, ruling.ruled)
    _check(subject, ruling, rules, ruling.today or ledger.now().date())
    waits = rules.needs_second(ruling.decision, ruling.terms) and not confirms
    if waits and cases.proposed_by(case, ruling.ruled):
        raise DecisionRefused(
            f"{ruling.on}: this write-off needs a second person, other than who proposed it"
        )
    after = PROPOSED if waits else _apply(ledger, case, subject, ruling)
    state = DecidedState.PROPOSED if waits else DecidedState.APPLIED
    cases.keep(ledger, case, subject, ruling.ruled, state)
    _tell(ledger, subject, ruling, after)
    return after


def _check(subject: Subject, ruling: Ruling, rules: Rules, today: date) -> None:
    _check_moved(subject, ruling)
    _check_state(subject, ruling)
    if isinstance(subject.row, Item):
        _check_item(subject.row, ruling)
    elif ruling.decision in _AGAIN or ruling.request is not None or ruling.not_sent:
        raise DecisionRefused(f"{subject.about} does not run by itself: it cannot be sent back")
    if ruling.decision is not Decision.CORRECTED or ruling.terms.values:
        rules.check(ruling.decision, ruling.terms, ruling.by, today)
    if ruling.terms.amount and subject.dollars and ruling.terms.amount > abs(subject.dollars):
        raise DecisionRefused(
            f"{subject.about}: the amount is more than the {abs(subject.dollars):.2f} in question"
        )
    if ruling.terms.other:
        _check_other(subject.about, ruling.terms.other)


def _check_moved(subject: Subject, ruling: Ruling) -> None:
    row = subject.row
    if ruling.revision is not None and ruling.revision != row.revision:
        raise DecisionRefused(f"item {row.pk} has moved on: revision {row.revision}, not {ruling.revision}")
    if ruling.mark is not None and ruling.mark != subject.mark:
        raise DecisionRefused(f"{subject.about.kind} {subject.about.number} has moved on")


def _check_state(subject: Subject, ruling: Ruling) -> None:
    if isinstance(subject.row, Item):
        allowed = (*ENDED_BADLY, ItemState.CANCELLED) if ruling.decision in _AGAIN else ENDED_BADLY
        if subject.row.state not in allowed:
            wanted = ", ".join(allowed)
            raise DecisionRefused(
                f"item {subject.row.pk} is {subject.row.state}; `{ruling.decision}` fits {wanted}"
            )
    elif not subject.is_open:
        raise DecisionRefused(f"{subject.about} no longer needs a person")


def _check_item(item: Item, ruling: Ruling) -> None:
    if ruling.not_sent and not intents.open_ones(item.pk):
        raise DecisionRefused(f"item {item.pk} has no act that may have been done")
    if (ruling.decision is Decision.CORRECTED) != (ruling.request is not None):
        raise DecisionRefused("corrected values go with `corrected - send back`, and only with it")
    if item.kind == ItemKind.UNREADABLE and ruling.decision is Decision.SEND_BACK:
        raise DecisionRefused(
            f"item {item.pk} is a row that cannot be read: correct the list and run it again"
        )
    if item.kind == ItemKind.UNREADABLE and ruling.decision is Decision.CORRECTED and ruling.placed is None:
        raise DecisionRefused(f"item {item.pk} is a row that cannot be read: it needs a portal to be asked")


def _check_other(about: About, other: About) -> None:
    if other == about or other.kind != about.kind:
        raise DecisionRefused(f"{about} cannot be a duplicate of {other}")
    subjects.look(other)


def _apply(ledger: Ledger, case: Case, subject: Subject, ruling: Ruling) -> str:
    """Does what the decision says; how it stands now."""
    terms = ruling.terms
    case.pended_until = terms.until
    case.team = terms.team or case.team
    case.assignee = terms.assignee or ("" if terms.team else case.assignee)
    if isinstance(subject.row, Item):
        return _on_item(ledger, subject.row, ruling)
    if ruling.decision in _ENDS:
        case.settled = subject.mark
        return "settled"
    case.settled = ""
    return "open"


def _on_item(ledger: Ledger, item: Item, ruling: Ruling) -> str:
    if ruling.decision not in (*_AGAIN, *_ENDS):
        return item.state
    again = ruling.decision in _AGAIN
    after = ItemState.NEW if again else ItemState.DONE
    changes: dict[str, object] = {"state": after, "updated_at": ledger.now(), "not_before": None}
    if again:
        changes |= {"revision": F("revision") + 1, "reason": "", "also": [], "finished_at": None}
    if ruling.request is not None:
        changes |= {"request_sealed": ledger.keys.seal(ruling.request), **_place(ruling.placed)}
    held = Item.objects.filter(pk=item.pk, state=item.state, revision=item.revision)
    if not held.update(**changes):
        raise DecisionRefused(f"item {item.pk} has moved on")
    if ruling.not_sent or not again:
        intents.rule(ledger, item.pk, done=not ruling.not_sent)
    return str(after)


def _place(placed: Placed | None) -> dict[str, object]:
    return {"kind": ItemKind.WORK, **vars(placed)} if placed else {}


def _tell(ledger: Ledger, subject: Subject, ruling: Ruling, after: str) -> None:
    row = subject.row
    before: dict[str, Any] = {"reason": row.reason}
    if isinstance(row, Item):
        before = {"state": row.state, "reason": row.reason, "revision": row.revision}
    else:
        before[str(subject.about.kind)] = subject.about.number
    told = {"state": after, "corrected": ruling.request is not None, "not_sent": ruling.not_sent}
    about: Mapping[str, int | str] = {"item": subject.item}
    audit.note(
        ledger, ruling.by, str(ruling.decision), about, before=before, after=told | _shown(ruling.terms)
    )


def _shown(terms: Terms) -> dict[str, Any]:
    """What goes with a decision, without notes and values: these may name a patient."""
    shown = {
        "amount": None if terms.amount is None else f"{terms.amount:.2f}",
        "code": terms.code,
        "until": terms.until.isoformat() if terms.until else "",
        "team": terms.team,
        "assignee": terms.assignee,
        "other": str(terms.other or ""),
        "fields": sorted(terms.values),
    }
    return {name: value for name, value in shown.items() if value}


@transaction.atomic
def cancel(ledger: Ledger, number: int, by: str) -> None:
    """Takes an item that has not run yet out of the work. `DecisionRefused` when it runs or has ended."""
    open_states = [ItemState.NEW, ItemState.WAITING, ItemState.PARKED]
    held = Item.objects.filter(pk=number, state__in=open_states).exclude(kind=ItemKind.COLLECT)
    if not held.update(state=ItemState.CANCELLED, updated_at=ledger.now(), finished_at=ledger.now()):
        raise DecisionRefused(f"item {number} is not waiting: it runs, has ended, or is none")
    audit.note(ledger, by, "cancelled", {"item": number}, after={"state": ItemState.CANCELLED})
