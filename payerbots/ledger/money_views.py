"""What bots read of the facts of money, as records."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any, TypeVar

from django.db.models import Model, Q, QuerySet

from payerbots.domain.conclusions import OpenFacts, Sighting
from payerbots.domain.facts import (
    DepositFact,
    DepositKind,
    FileFact,
    Match,
    Of,
    PaymentFact,
    PaymentForm,
    Standing,
    StandingState,
)
from payerbots.domain.payer_names import tidy_number
from payerbots.ledger import models
from payerbots.ledger.models import Deposit, File, MoneyState, Payment

M = TypeVar("M", bound=Model)

SETTLED = (MoneyState.MATCHED, MoneyState.UNCONCERNED)
_CHUNK = 500


@dataclass(frozen=True, kw_only=True)
class Which:
    """Which payments or deposits; an empty field does not restrict. `since` is the office's day of the first sight."""

    numbers: Sequence[int] | None = None
    since: date | None = None
    states: Sequence[StandingState] = ()


def payments(which: Which) -> list[PaymentFact]:
    """The payments that fit, the first seen first, as they stand in their files."""
    found = [_payment(row) for row in _found(Payment.objects.select_related("file"), which)]
    return sorted(found, key=lambda one: (one.received, one.item, one.file, one.place, one.number))


def deposits(which: Which) -> list[DepositFact]:
    """The deposits that fit, the first seen first."""
    found = [_deposit(row) for row in _found(Deposit.objects.select_related("file"), which)]
    return sorted(found, key=lambda one: (one.received, one.item, one.number))


def standings(of: Of, which: Which) -> list[Standing]:
    """Where the payments or deposits that fit stand; one on which nobody has concluded stands nowhere."""
    return [standing_of(of, row) for row in _found(rows_of(of).exclude(state=MoneyState.NEW), which)]


def stood(of: Of, since: datetime) -> dict[int, datetime]:
    """What came to stand where it does at `since` or later, and when."""
    found = rows_of(of).exclude(state=MoneyState.NEW).filter(stood_at__gte=since)
    return dict(found.values_list("pk", "stood_at"))


def rows_of(of: Of) -> QuerySet[Any, Any]:
    """All payments or all deposits."""
    return Payment.objects.all() if of is Of.PAYMENT else Deposit.objects.all()


def matches(payments: Sequence[int] | None = None) -> list[Match]:
    """The matches that hold, of some payments or all."""
    found = models.Match.objects.filter(undone_at=None).order_by("pk")
    rows = found if payments is None else in_chunks(found, "payment", payments)
    return [match_of(row) for row in rows]


def sightings(of: Of, numbers: Sequence[int] | None = None) -> list[Sighting]:
    """Every time that payments or deposits were seen, the first time first."""
    found = models.Sighting.objects.filter(**{f"{of}__isnull": False}).select_related("file").order_by("pk")
    rows = found if numbers is None else in_chunks(found, str(of), numbers)
    return [
        Sighting(
            of=of,
            number=(row.payment_id if of is Of.PAYMENT else row.deposit_id) or 0,
            file=row.file.sha256,
            portal=row.portal,
            item=row.item_id,
            at=row.seen_at,
        )
        for row in rows
    ]


def files(hashes: Sequence[str]) -> list[FileFact]:
    """What is known of files whose content is still here."""
    return [
        FileFact(sha256=row.sha256, kind=row.kind, size=row.size, portal=row.portal)
        for row in in_chunks(File.objects.filter(purged_at=None).order_by("pk"), "sha256", hashes)
    ]


def kept(kinds: Sequence[str], portal: str, since: date) -> list[FileFact]:
    """The files of some kinds from a portal that came on a day (UTC) or later and are still here, the first first."""
    found = File.objects.filter(kind__in=kinds, portal=portal, received_at__date__gte=since, purged_at=None)
    return [
        FileFact(sha256=row.sha256, kind=row.kind, size=row.size, portal=row.portal)
        for row in found.order_by("pk")
    ]


def unsettled(since: date | None = None, stood: datetime | None = None) -> OpenFacts:
    """All that is not settled, or was first seen since a day, what could be the same, and whatever is matched to it.

    No match that holds leads out of it: what is concluded on it can be written. Of settled payments those of an
    amount and number at hand are in it, for a second document of one may come late, and deposits that a returned item
    may take back. `stood` adds what came to stand where it does at that time or later.
    """
    paid, banked = _open(Payment, since, stood), _open(Deposit, since, stood)
    paid, banked = _spread(paid | _twins(paid), banked | _taken_back(banked))
    of_payments, of_deposits = Which(numbers=sorted(paid)), Which(numbers=sorted(banked))
    return OpenFacts(
        payments=payments(of_payments),
        deposits=deposits(of_deposits),
        matches=matches(sorted(paid)),
        standings=[*standings(Of.PAYMENT, of_payments), *standings(Of.DEPOSIT, of_deposits)],
    )


def _open(model: type[Payment | Deposit], since: date | None, stood_since: datetime | None) -> set[int]:
    wanted = ~Q(state__in=SETTLED)
    if stood_since is not None:
        wanted |= Q(stood_at__gte=stood_since)
    if since is not None:
        wanted |= Q(received__gte=since)
    return set(model.objects.filter(wanted).values_list("pk", flat=True))


def _twins(paid: set[int]) -> set[int]:
    """Payments of the amounts and numbers of some."""
    known = {_amount_and_number(row) for row in in_chunks(Payment.objects.all(), "pk", sorted(paid))}
    amounts = sorted({amount for amount, _ in known})
    alike = in_chunks(Payment.objects.all(), "amount", amounts)
    return {row.pk for row in alike if _amount_and_number(row) in known}


def _amount_and_number(row: Payment) -> tuple[Decimal, str]:
    return row.amount, tidy_number(row.trace)


def _taken_back(banked: set[int]) -> set[int]:
    """Deposits of the amounts of the returned items among some."""
    returned = [
        row
        for row in in_chunks(Deposit.objects.all(), "pk", sorted(banked))
        if row.kind == DepositKind.RETURNED
    ]
    amounts = sorted({-row.amount for row in returned})
    return {row.pk for row in in_chunks(Deposit.objects.all(), "amount", amounts)}


def _spread(paid: set[int], banked: set[int]) -> tuple[set[int], set[int]]:
    """With all that a match leads to, from there on too."""
    fresh_paid, fresh_banked = paid, banked
    while fresh_paid or fresh_banked:
        fresh_banked, fresh_paid = (
            _partners("payment", "deposit", fresh_paid) - banked,
            _partners("deposit", "payment", fresh_banked) - paid,
        )
        paid, banked = paid | fresh_paid, banked | fresh_banked
    return paid, banked


def _partners(column: str, other: str, numbers: set[int]) -> set[int]:
    holding = models.Match.objects.filter(undone_at=None)
    return {getattr(row, f"{other}_id") for row in in_chunks(holding, column, sorted(numbers))}


def _found(rows: QuerySet[M, M], which: Which) -> Iterable[M]:
    if which.since is not None:
        rows = rows.filter(received__gte=which.since)
    if which.states:
        rows = rows.filter(state__in=which.states)
    rows = rows.order_by("pk")
    return rows.iterator(chunk_size=_CHUNK) if which.numbers is None else in_chunks(rows, "pk", which.numbers)


def in_chunks(rows: QuerySet[M, M], column: str, values: Sequence[Any]) -> Iterator[M]:
    """The rows whose column is one of any number of values; in the rows' order within each part of them."""
    for start in range(0, len(values), _CHUNK):
        yield from rows.filter(**{f"{column}__in": values[start : start + _CHUNK]})


def standing_of(of: Of, row: Payment | Deposit) -> Standing:
    """Where a row stands."""
    return Standing(
        of=of,
        number=row.pk,
        state=StandingState(row.state),
        reason=row.reason,
        until=row.until,
        dollars=row.dollars,
        detail=row.detail,
    )


def match_of(row: models.Match) -> Match:
    """A match as a record."""
    return Match(payment=row.payment_id, deposit=row.deposit_id, amount=row.amount, why=row.why)


def _payment(row: Payment) -> PaymentFact:
    return PaymentFact(
        number=row.pk,
        item=row.item_id,
        payer_id=row.payer_id,
        payer=row.payer,
        trace=row.trace,
        method=row.method,
        date=row.date,
        amount=row.amount,
        form=PaymentForm(row.form),
        file=row.file.sha256,
        place=row.place,
        contents=row.contents,
        claims=row.claims,
        lines=row.lines,
        denied=row.denied,
        balanced=row.balanced,
        portal=row.portal,
        received=row.received,
    )


def _deposit(row: Deposit) -> DepositFact:
    return DepositFact(
        number=row.pk,
        item=row.item_id,
        portal=row.portal,
        account=row.account,
        day=row.day,
        kind=DepositKind(row.kind),
        amount=row.amount,
        reference=row.reference,
        payer=row.payer,
        payer_id=row.payer_id,
        trace=row.trace,
        check_number=row.check_number,
        batch=row.batch,
        file=row.file.sha256,
        received=row.received,
    )
