"""Exceptions as people look through them: a page at a time, however many there are."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db.models import Count, F, OrderBy, Q, QuerySet, Sum

from payerbots.domain.review import About, Kind
from payerbots.ledger import audit, views
from payerbots.ledger.models import NEVER, Case, Item, ItemKind
from payerbots.ledger.partial import one_of
from payerbots.ledger.records import Ledger, Row
from payerbots.ledger.subjects import ENDED_BADLY, mark_of
from payerbots.reasons import Reason, catalogue

NEEDS_A_PERSON = ENDED_BADLY
PAGE = 50
"""Rows of a page."""

ItemRows = QuerySet[Item, Item]
ORDERS: Mapping[str, Sequence[OrderBy]] = {
    "due": (F("due_at").asc(), F("amount").desc(nulls_last=True), F("id").asc()),
    "dollars": (F("amount").desc(nulls_last=True), F("due_at").asc(), F("id").asc()),
    "oldest": (F("id").asc(),),
    "newest": (F("id").desc(),),
    "attempts": (F("attempts").desc(), F("id").asc()),
}
"""The ways to sort; what is due first, and then the most money, stands at the head unless told."""


@dataclass(frozen=True, kw_only=True)
class Choice:
    """Which exceptions; an empty field does not restrict. `person` is whose they are, "-" nobody's."""

    reason: str = ""
    team: str = ""
    portal: str = ""
    bot: str = ""
    state: str = ""
    person: str = ""
    pended: bool = False
    """Those that wait for a day, instead of the others."""
    item: int | None = None
    order: str = "due"
    page: int = 1


@dataclass(frozen=True, kw_only=True)
class Listed:
    """A row: what it is about and how it stands; `mark` and `seen` say what its reader has seen.

    `row` is an item's, with what was asked and answered; `facts` are those of others.
    """

    about: About
    mark: str
    seen: int = 0
    item: int
    bot: str
    portal: str
    state: str
    reason: str
    amount: Decimal | None
    due: date | None
    created_at: datetime
    attempts: int = 0
    assignee: str = ""
    team: str = ""
    """Whose work it is: as somebody decided, else as the reason says."""
    pended_until: date | None = None
    payer: str = ""
    row: Row | None = field(default=None, repr=False)
    facts: Mapping[str, str] = field(default_factory=dict, repr=False)


@dataclass(frozen=True, kw_only=True)
class Page:
    """A page of exceptions, and how many there are of these."""

    rows: Sequence[Listed]
    count: int
    dollars: Decimal
    number: int
    last: int


def listed(ledger: Ledger, choice: Choice, actor: str) -> Page:
    """A page of items; whose they are was looked at, which is audited."""
    found = _chosen(ledger, choice)
    told = found.aggregate(count=Count("pk"), dollars=Sum("amount"))
    number, last = page_of(told["count"], choice.page)
    ordered = found.select_related("case").prefetch_related("evidence", "tries")
    ordered = ordered.order_by(*ORDERS[choice.order])
    rows = [_listed(ledger, row) for row in ordered[(number - 1) * PAGE : number * PAGE]]
    note_seen(ledger, actor, rows)
    return Page(
        rows=rows, count=told["count"], dollars=told["dollars"] or Decimal(0), number=number, last=last
    )


def page_of(count: int, wanted: int) -> tuple[int, int]:
    """Which page is shown, and which is the last one."""
    last = max(1, -(-count // PAGE))
    return min(max(wanted, 1), last), last


def note_seen(ledger: Ledger, actor: str, rows: Sequence[Listed]) -> None:
    """Audits a look at a page."""
    if rows:
        kind = str(rows[0].about.kind)
        after = {f"{kind}s": [row.about.number for row in rows]}
        audit.note(ledger, actor, "exceptions seen", {}, after=after)


def how_many(ledger: Ledger) -> int:
    """All that need a person now."""
    return _chosen(ledger, Choice()).count()


def by_reason(ledger: Ledger, choice: Choice) -> list[tuple[str, int, Decimal]]:
    """Reasons of what is chosen otherwise, with counts and dollars, the most frequent first."""
    found = _chosen(ledger, replace(choice, reason="")).values("reason")
    counted = found.annotate(count=Count("pk"), dollars=Sum("amount")).order_by("-count", "reason")
    return [(row["reason"], row["count"], row["dollars"] or Decimal(0)) for row in counted]


@dataclass(frozen=True, kw_only=True)
class Heap:
    """How many need a person for one reason, of one bot."""

    reason: str
    bot: str
    count: int
    dollars: Decimal


def heaps(ledger: Ledger) -> list[Heap]:
    """All that need a person now, by reason and bot."""
    rows = (
        _chosen(ledger, Choice()).values("reason", "bot").annotate(count=Count("pk"), dollars=Sum("amount"))
    )
    return [Heap(**row | {"dollars": row["dollars"] or Decimal(0)}) for row in rows.order_by("reason", "bot")]


def beside(ledger: Ledger, choice: Choice, item: int) -> tuple[int | None, int | None]:
    """The exceptions before and after this one, in the order of what is chosen."""
    orders = ORDERS[choice.order]
    numbers = list(_chosen(ledger, choice).order_by(*orders).values_list("pk", flat=True)[: 20 * PAGE])
    if item not in numbers:
        return None, numbers[0] if numbers else None
    at = numbers.index(item)
    return (numbers[at - 1] if at else None), (numbers[at + 1] if at + 1 < len(numbers) else None)


def _open() -> ItemRows:
    return Item.objects.filter(one_of("state", NEEDS_A_PERSON)).exclude(kind=ItemKind.COLLECT)


def _chosen(ledger: Ledger, choice: Choice) -> ItemRows:
    """Cases are few beside items: they are looked up by themselves, not joined to each item."""
    waits = _cases(pended_until__gt=ledger.now().date())
    found = _open().filter(pk__in=waits) if choice.pended else _open().exclude(pk__in=waits)
    for name in ("reason", "portal", "bot", "state"):
        if value := getattr(choice, name):
            found = found.filter(**{name: value})
    if choice.item is not None:
        found = found.filter(pk=choice.item)
    if choice.team:
        found = found.filter(_of_team(choice.team))
    if choice.person == "-":
        return found.exclude(pk__in=_cases().exclude(assignee=""))
    return found.filter(pk__in=_cases(assignee__iexact=choice.person)) if choice.person else found


def _cases(**wanted: Any) -> QuerySet[Case, Any]:  # noqa: ANN401 - conditions on a case
    return Case.objects.filter(item__isnull=False, **wanted).values("item")


def _of_team(team: str) -> Q:
    own = [str(text.code) for text in catalogue().values() if text.team == team]
    given = Q(pk__in=_cases(team=team))
    return given | Q(~Q(pk__in=_cases().exclude(team="")), reason__in=own)


def _listed(ledger: Ledger, row: Item) -> Listed:
    return Listed(
        about=About(Kind.ITEM, row.pk),
        mark=mark_of(row),
        item=row.pk,
        bot=row.bot,
        portal=row.portal,
        state=row.state,
        reason=row.reason,
        amount=row.amount,
        due=None if row.due_at == NEVER else row.due_at.date(),
        created_at=row.created_at,
        attempts=row.attempts,
        row=None if row.purged_at else views.row_of(ledger, row, row.pk, compared=False),
        **decided(row, row.reason),
    )


def decided(row: Any, reason: str) -> dict[str, Any]:  # noqa: ANN401 - a row of any of four tables
    """What people have decided on it so far, and whose it is."""
    case: Case | None = getattr(row, "case", None)
    if case is None:
        return {"team": _team(reason)}
    return {
        "seen": case.decisions,
        "assignee": case.assignee,
        "team": case.team or _team(reason),
        "pended_until": case.pended_until,
    }


def _team(reason: str) -> str:
    return catalogue()[Reason(reason)].team if reason in set(Reason) else ""
