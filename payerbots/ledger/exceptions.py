"""Exceptions as people look through them: a page at a time, however many there are."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from decimal import Decimal

from django.db.models import Count, F, OrderBy, Q, QuerySet, Sum

from payerbots.ledger import audit
from payerbots.ledger.models import NEVER, Case, Item, ItemKind, ItemState
from payerbots.ledger.records import Ledger
from payerbots.reasons import Reason, catalogue

NEEDS_A_PERSON = (ItemState.EXCEPTION, ItemState.PARKED, ItemState.ABANDONED)
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
    """A row: numbers and states, and what was asked, opened."""

    item: int
    revision: int
    kind: str
    bot: str
    portal: str
    state: str
    reason: str
    amount: Decimal | None
    due_at: datetime | None
    attempts: int
    created_at: datetime
    request: bytes = field(repr=False)
    assignee: str = ""
    team: str = ""
    """Whose work it is: as somebody decided, else as the reason says."""
    pended_until: date | None = None
    decisions: int = 0


@dataclass(frozen=True, kw_only=True)
class Page:
    """A page of exceptions, and how many there are of these."""

    rows: Sequence[Listed]
    count: int
    dollars: Decimal
    number: int
    last: int


def listed(ledger: Ledger, choice: Choice, actor: str) -> Page:
    """A page; whose requests were looked at is audited."""
    found = _chosen(ledger, choice)
    told = found.aggregate(count=Count("pk"), dollars=Sum("amount"))
    last = max(1, -(-told["count"] // PAGE))
    number = min(max(choice.page, 1), last)
    start = (number - 1) * PAGE
    ordered = found.select_related("case").order_by(*ORDERS[choice.order])
    rows = [_listed(ledger, row) for row in ordered[start : start + PAGE]]
    if rows:
        audit.note(ledger, actor, "exceptions seen", {}, after={"items": [row.item for row in rows]})
    return Page(
        rows=rows, count=told["count"], dollars=told["dollars"] or Decimal(0), number=number, last=last
    )


def how_many(ledger: Ledger) -> int:
    """All that need a person now."""
    return _chosen(ledger, Choice()).count()


def by_reason(ledger: Ledger, choice: Choice) -> list[tuple[str, int, Decimal]]:
    """Reasons of what is chosen otherwise, with counts and dollars, the most frequent first."""
    found = _chosen(ledger, replace(choice, reason="")).values("reason")
    counted = found.annotate(count=Count("pk"), dollars=Sum("amount")).order_by("-count", "reason")
    return [(row["reason"], row["count"], row["dollars"] or Decimal(0)) for row in counted]


def places() -> list[tuple[str, str]]:
    """The bots and portals that have exceptions."""
    return list(_open().order_by("bot", "portal").values_list("bot", "portal").distinct())


def beside(ledger: Ledger, choice: Choice, item: int) -> tuple[int | None, int | None]:
    """The exceptions before and after this one, in the order of what is chosen."""
    orders = ORDERS[choice.order]
    numbers = list(_chosen(ledger, choice).order_by(*orders).values_list("pk", flat=True)[: 20 * PAGE])
    if item not in numbers:
        return None, numbers[0] if numbers else None
    at = numbers.index(item)
    return (numbers[at - 1] if at else None), (numbers[at + 1] if at + 1 < len(numbers) else None)


def _open() -> ItemRows:
    return Item.objects.filter(state__in=NEEDS_A_PERSON).exclude(kind=ItemKind.COLLECT)


def _chosen(ledger: Ledger, choice: Choice) -> ItemRows:
    waits = Q(case__pended_until__gt=ledger.now().date())
    found = _open().filter(waits if choice.pended else Q(case=None) | ~waits | Q(case__pended_until=None))
    for name in ("reason", "portal", "bot", "state"):
        if value := getattr(choice, name):
            found = found.filter(**{name: value})
    if choice.item is not None:
        found = found.filter(pk=choice.item)
    if choice.team:
        found = found.filter(_of_team(choice.team))
    if choice.person:
        found = found.filter(_of_person(choice.person))
    return found


def _of_team(team: str) -> Q:
    own = [str(text.code) for text in catalogue().values() if text.team == team]
    return Q(case__team=team) | Q(Q(case=None) | Q(case__team=""), reason__in=own)


def _of_person(person: str) -> Q:
    return Q(case=None) | Q(case__assignee="") if person == "-" else Q(case__assignee__iexact=person)


def _listed(ledger: Ledger, row: Item) -> Listed:
    case: Case | None = getattr(row, "case", None)
    return Listed(
        assignee=case.assignee if case else "",
        team=(case.team if case else "") or _team(row.reason),
        pended_until=case.pended_until if case else None,
        decisions=case.decisions if case else 0,
        item=row.pk,
        revision=row.revision,
        kind=row.kind,
        bot=row.bot,
        portal=row.portal,
        state=row.state,
        reason=row.reason,
        amount=row.amount,
        due_at=None if row.due_at == NEVER else row.due_at,
        attempts=row.attempts,
        created_at=row.created_at,
        request=b"" if row.purged_at else ledger.keys.unseal(row.request_sealed),
    )


def _team(reason: str) -> str:
    return catalogue()[Reason(reason)].team if reason in set(Reason) else ""
