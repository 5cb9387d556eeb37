"""The day's exceptions of money: payments, deposits, claims, adjustments and files that a person decides on."""

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from payerbots.delivery.posting.day import Hold, PostingDay
from payerbots.delivery.posting.troubles import Trouble, Troubles
from payerbots.delivery.posting.view import MoneyView
from payerbots.documents.workbook.rows import ExceptionRow
from payerbots.domain.business_days import business_days
from payerbots.domain.facts import DepositFact, DepositKind, Of, PaymentFact, Standing, StandingState
from payerbots.engine.contract import PortalHeld
from payerbots.reasons import Reason
from payerbots.review.held import held_row

_KINDS = {
    DepositKind.ACH: "ACH credit",
    DepositKind.WIRE: "Wire",
    DepositKind.CHECK: "Lockbox item",
    DepositKind.BATCH: "Lockbox deposit",
    DepositKind.RETURNED: "Returned item",
    DepositKind.OTHER: "Credit",
}


def exception_rows(day: PostingDay, held: Iterable[PortalHeld]) -> list[ExceptionRow]:
    """One row for each thing that needs a person."""
    view = day.view
    rows = [
        *_payments(view),
        *_deposits(view),
        *(_hold(view, each) for each in day.gathered.holds),
        *(_trouble(view, each) for each in Troubles(view).all()),
    ]
    alike = Counter((row.reason, row.payer) for row in rows)
    told = [replace(row, similar=alike[row.reason, row.payer] - 1) for row in rows]
    return [*map(held_row, held), *_numbered(told)]


def _numbered(rows: Sequence[ExceptionRow]) -> Iterator[ExceptionRow]:
    """Each with a name of its own: of one item several parts may need a person."""
    count = Counter[str]()
    for row in rows:
        count[row.item] += 1
        again = count[row.item]
        yield row if again == 1 else replace(row, item=f"{row.item}.{again}")


def _payments(view: MoneyView) -> Iterator[ExceptionRow]:
    for payment in view.own:
        standing = view.of_payment(payment.number)
        if standing.state is StandingState.EXCEPTION:
            yield _standing(view, standing, payment, f"payment {payment.number}")


def _deposits(view: MoneyView) -> Iterator[ExceptionRow]:
    for deposit in view.deposits.values():
        standing = view.standings[Of.DEPOSIT, deposit.number]
        if standing.state is StandingState.EXCEPTION:
            yield _standing(view, standing, deposit, f"deposit {deposit.number}")


def _standing(
    view: MoneyView, standing: Standing, fact: PaymentFact | DepositFact, name: str
) -> ExceptionRow:
    return ExceptionRow(
        item=name,
        reason=Reason(standing.reason),
        first_seen=_morning(view, fact.received),
        detail=f"{_told(fact)} {standing.detail}".strip(),
        payer=(view.payer_of(fact) if isinstance(fact, DepositFact) else fact.payer) or None,
        dollars=standing.dollars,
        age=business_days(fact.received, view.context.day),
    )


def _told(fact: PaymentFact | DepositFact) -> str:
    """What it is called elsewhere."""
    if isinstance(fact, DepositFact):
        number = f", check {fact.check_number}" if fact.check_number else ""
        return f"{_KINDS[fact.kind]} {fact.reference} of {fact.day:%m/%d/%Y}{number}."
    dated = f" of {fact.date:%m/%d/%Y}" if fact.date else ""
    return f"{fact.method} {fact.trace}{dated}, ${fact.amount:,.2f}."


def _hold(view: MoneyView, hold: Hold) -> ExceptionRow:
    return ExceptionRow(
        item=f"payment {hold.payment.number}",
        reason=hold.reason,
        first_seen=_morning(view, hold.payment.received),
        detail=f"{_told(hold.payment)} {hold.detail}".strip(),
        patient=hold.patient or None,
        payer=hold.payment.payer or None,
        claim=hold.claim or None,
        payer_claim=hold.payer_claim or None,
        dollars=hold.dollars,
        age=business_days(hold.payment.received, view.context.day),
    )


def _trouble(view: MoneyView, trouble: Trouble) -> ExceptionRow:
    seen = trouble.first_seen.astimezone(view.context.zone).date()
    return ExceptionRow(
        item=str(trouble.item),
        reason=trouble.reason,
        first_seen=trouble.first_seen,
        detail=": ".join(part for part in (trouble.file, trouble.detail) if part),
        payer=trouble.portal or None,
        dollars=trouble.dollars,
        age=business_days(seen, view.context.day),
        attempts=trouble.attempts,
    )


def _morning(view: MoneyView, day: dt.date) -> dt.datetime:
    return dt.datetime.combine(day, dt.time(), tzinfo=view.context.zone)
