"""What figures are made of, counted in the ledger. Days are those of the office's zone."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from itertools import groupby
from operator import itemgetter
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import (
    Case,
    Count,
    DateField,
    Exists,
    Expression,
    Max,
    Min,
    OuterRef,
    Q,
    QuerySet,
    Sum,
    Value,
    When,
)
from django.db.models.functions import TruncDate

from payerbots.domain.business_days import business_days
from payerbots.domain.facts import DepositKind
from payerbots.domain.kpi_facts import (
    DONE,
    EXCEPTION,
    RETRY,
    Counted,
    Denied,
    Posted,
    Sent,
    Unapplied,
    Waiting,
    Worked,
)
from payerbots.ledger.models import (
    Attempt,
    Deposit,
    FirstSends,
    Intent,
    IntentState,
    Item,
    ItemKind,
    ItemState,
    Match,
    MoneyState,
    Payment,
    PostedRow,
    PostedState,
)
from payerbots.ledger.partial import one_of
from payerbots.ledger.runs import OPEN

_FEW_DAYS = 7
_FINAL = ("done", "exception", "parked")
_FOR_A_PERSON = (ItemState.EXCEPTION, ItemState.PARKED, ItemState.ABANDONED)
_ITEM = ("item__bot", "item__portal", "item__payer_id")


@dataclass(frozen=True)
class Span:
    """From a day to a day, both among it, in a zone."""

    first: date
    last: date
    zone: ZoneInfo

    @property
    def start(self) -> datetime:
        """Its first moment."""
        return datetime.combine(self.first, time(), self.zone)

    @property
    def end(self) -> datetime:
        """The first moment after it."""
        return datetime.combine(self.last + timedelta(days=1), time(), self.zone)

    def within(self, column: str) -> Q:
        """That a time lies within it."""
        return Q(**{f"{column}__gte": self.start, f"{column}__lt": self.end})


def counted(span: Span) -> list[Counted]:
    """First outcomes and retries, by day, bot, portal, payer and reason."""
    return [*attempted(span), *never_tried(span)]


def attempted(span: Span) -> list[Counted]:
    """Those that attempts have brought: they change no more."""
    return [*_first_outcomes(span), *_retried(span)]


def by_week(rows: Iterable[Counted], span: Span) -> list[Counted]:
    """The same counts on the first day of each week of the span."""
    found = Counter[tuple[str, ...]]()
    for one in rows:
        monday = max(one.day - timedelta(days=one.day.weekday()), span.first)
        found[monday.isoformat(), one.bot, one.portal, one.payer, one.outcome, one.reason] += one.count
    names = ("bot", "portal", "payer", "outcome", "reason")
    return [
        Counted(day=date.fromisoformat(day), count=count, **dict(zip(names, rest, strict=True)))
        for (day, *rest), count in found.items()
    ]


def _first_outcomes(span: Span) -> Iterator[Counted]:
    earlier = Attempt.objects.filter(item=OuterRef("item"), number__lt=OuterRef("number"), outcome__in=_FINAL)
    ended = _ended(span).filter(outcome__in=_FINAL)
    rows = _by_day(
        ended.filter(Q(number=1) | ~Exists(earlier)), "ended_at", span, *_ITEM, "outcome", "reason"
    )
    for day, bot, portal, payer, outcome, reason, count in rows:
        is_done = outcome == "done"
        yield Counted(
            day=day,
            bot=bot,
            portal=portal,
            payer=payer,
            outcome=DONE if is_done else EXCEPTION,
            reason="" if is_done else reason,
            count=count,
        )


def never_tried(span: Span) -> Iterator[Counted]:
    """Rows that could not be read, and items whose workers were lost again and again."""
    tried = Attempt.objects.filter(item=OuterRef("pk"), outcome__in=_FINAL)
    lost = Item.objects.filter(span.within("finished_at"), ~Exists(tried), state=ItemState.ABANDONED)
    lost = lost.filter(one_of("state", _FOR_A_PERSON))
    unreadable = Item.objects.filter(span.within("created_at"), kind=ItemKind.UNREADABLE)
    names = ("bot", "portal", "payer_id", "reason")
    for rows in (_by_day(lost, "finished_at", span, *names), _by_day(unreadable, "created_at", span, *names)):
        for day, bot, portal, payer, reason, count in rows:
            yield Counted(
                day=day, bot=bot, portal=portal, payer=payer, outcome=EXCEPTION, reason=reason, count=count
            )


def _retried(span: Span) -> Iterator[Counted]:
    again = _ended(span).filter(outcome="retry")
    for day, bot, portal, payer, count in _by_day(again, "ended_at", span, *_ITEM):
        yield Counted(day=day, bot=bot, portal=portal, payer=payer, outcome=RETRY, count=count)


def _ended(span: Span) -> QuerySet[Attempt, Attempt]:
    """Attempts at work; `exclude` so that SQLite goes by when they ended, and not through all items."""
    return Attempt.objects.filter(span.within("ended_at")).exclude(item__kind=ItemKind.COLLECT)


def _by_day(rows: QuerySet[Any, Any], column: str, span: Span, *names: str) -> list[tuple[Any, ...]]:
    """Counts by day and columns."""
    dated = rows.annotate(day=_day_of(column, span)).values_list("day", *names)
    return list(dated.annotate(count=Count("pk")).order_by("day", *names))


def _day_of(column: str, span: Span) -> Expression:
    """The office's day of a time in the span. A few days are told by their ends: SQLite asks Python for each date."""
    days = [span.first + timedelta(days=number) for number in range((span.last - span.first).days + 1)]
    if not 0 < len(days) <= _FEW_DAYS:
        return TruncDate(column, tzinfo=span.zone)
    ends = [When(**{f"{column}__lt": Span(day, day, span.zone).end}, then=Value(day)) for day in days[:-1]]
    return Case(*ends, default=Value(days[-1]), output_field=DateField())


def waiting(zone: ZoneInfo) -> list[Waiting]:
    """What is open now and what waits for a person, by bot."""
    found: list[Waiting] = []
    for states, column, for_a_person in ((OPEN, "created_at", False), (_FOR_A_PERSON, "finished_at", True)):
        for bot, parts in groupby(_standing(states, column), key=itemgetter(0)):
            counts, since = zip(
                *((count, oldest or made) for _, _, count, oldest, made in parts), strict=True
            )
            day = min(since).astimezone(zone).date()
            found.append(Waiting(bot=bot, for_a_person=for_a_person, count=sum(counts), oldest=day))
    return found


def _standing(states: Sequence[str], column: str) -> list[tuple[Any, ...]]:
    """Counts by bot and state; by the bot alone SQLite would go through all items in the order of some index."""
    rows = Item.objects.filter(one_of("state", states)).exclude(kind=ItemKind.COLLECT)
    counted = rows.values_list("bot", "state").annotate(
        count=Count("pk"), oldest=Min(column), made=Min("created_at")
    )
    return sorted(counted.order_by("state", "bot"), key=itemgetter(0))


def posted(start: datetime, end: datetime, zone: ZoneInfo) -> list[Posted]:
    """Payments of which the billing system has confirmed rows and refused none, by when it confirmed the last."""
    refused = PostedRow.objects.filter(payment=OuterRef("payment"), state=PostedState.REFUSED)
    rows = PostedRow.objects.filter(state=PostedState.CONFIRMED, payment__isnull=False).filter(
        ~Exists(refused)
    )
    last = dict(rows.values_list("payment").annotate(Max("confirmed_at")).order_by())
    inside = {pk: at for pk, at in last.items() if at and start <= at < end}
    banked = dict(
        Match.objects.filter(undone_at=None, payment__in=list(inside))
        .values_list("payment")
        .annotate(Max("deposit__day"))
        .order_by()
    )
    return [
        _posted(payment, inside[payment.pk].astimezone(zone).date(), banked.get(payment.pk))
        for payment in Payment.objects.filter(pk__in=list(inside)).order_by("pk")
    ]


def _posted(payment: Payment, day: date, banked: date | None) -> Posted:
    began = max(payment.received, banked or payment.received)
    return Posted(
        day=day,
        portal=payment.portal,
        payer=payment.payer_id,
        days=business_days(began, day),
        amount=payment.amount,
    )


def deposited(span: Span) -> Decimal:
    """What was deposited in the time, without what was returned."""
    return _deposits(span).aggregate(total=Sum("amount"))["total"] or Decimal(0)


def _deposits(span: Span) -> QuerySet[Deposit, Deposit]:
    """Credits: of a lockbox its checks, not their sum beside them."""
    found = Deposit.objects.filter(day__gte=span.first, day__lte=span.last, amount__gt=0)
    return found.exclude(kind=DepositKind.BATCH).exclude(state=MoneyState.UNCONCERNED)


def unapplied(span: Span, today: date) -> list[Unapplied]:
    """What of the time's deposits has not been posted."""
    refused = PostedRow.objects.filter(payment=OuterRef("payment"), state=PostedState.REFUSED)
    done = PostedRow.objects.filter(payment=OuterRef("payment"), state=PostedState.CONFIRMED)
    applied = dict(
        Match.objects.filter(undone_at=None, deposit__day__gte=span.first, deposit__day__lte=span.last)
        .filter(Exists(done), ~Exists(refused))
        .values_list("deposit")
        .annotate(Sum("amount"))
        .order_by()
    )
    return [
        Unapplied(portal=row.portal, payer=row.payer_id, age=(today - row.day).days, amount=left)
        for row in _deposits(span).order_by("pk")
        if (left := row.amount - applied.get(row.pk, Decimal(0))) > 0
    ]


def sent(span: Span) -> list[Sent]:
    """Claims by the day on which they were sent first, and how that went."""
    rows = FirstSends.objects.filter(day__gte=span.first, day__lte=span.last).order_by("day", "pk")
    return [
        Sent(
            day=row.day,
            portal=row.portal,
            payer=row.payer_id,
            sent=row.sent,
            clean=row.accepted,
            rejected=row.rejected,
        )
        for row in rows
    ]


def worked(span: Span, bot: str = "rejections") -> list[Worked]:
    """Rejections that were found and sent again in the time; what was not sent has not been worked by the bot."""
    acts = Intent.objects.filter(span.within("ended_at"), state=IntentState.DONE, item__bot=bot)
    rows = acts.values_list("portal", "item__payer_id", "item__created_at", "ended_at").order_by("pk")
    return [
        Worked(portal=portal, payer=payer, days=business_days(_day(made, span), _day(ended, span)))
        for portal, payer, made, ended in rows
        if ended
    ]


def _day(at: datetime, span: Span) -> date:
    return at.astimezone(span.zone).date()


def denied(span: Span) -> list[Denied]:
    """Lines of the payments that came in the time and stand. Money that concerns nobody is that of a copy."""
    stands = Q(state__in=[MoneyState.MATCHED, MoneyState.WAITING]) | Q(state=MoneyState.UNCONCERNED, amount=0)
    rows = Payment.objects.filter(stands, received__gte=span.first, received__lte=span.last, lines__gt=0)
    told = rows.values_list("portal", "payer_id")
    sums = told.annotate(Sum("lines"), Sum("denied")).order_by("portal", "payer_id")
    return [Denied(portal=one[0], payer=one[1], lines=one[2], denied=one[3]) for one in sums]
