"""What matching says of a payment or deposit, in plain words. Companies, numbers, dates and amounts; never a person."""

from collections.abc import Iterable, Sequence
from decimal import Decimal
from itertools import islice

from payerbots.domain.facts import DepositFact, DepositKind, PaymentFact
from payerbots.domain.matching.sides import Credit, Paying
from payerbots.domain.payer_names import Relation
from payerbots.domain.remittance import Difference

SAME_NUMBER = "with the same number"
NO_NUMBER = "of this payer within the window"
ANCHORED = "of which one gives the number"
SHOWN = 5
"""So many candidates are named; of the others only that there are more."""


def money(amount: Decimal) -> str:
    """`$1,234.50`."""
    return f"-${-amount:,.2f}" if amount < 0 else f"${amount:,.2f}"


def same_number(paying: Paying, credit: Credit, relation: Relation) -> str:
    """Why two with one number are one."""
    days = _days(paying, credit)
    if credit.fact.kind is DepositKind.CHECK:
        said = f"Check number {credit.number}"
    elif credit.payer.by_id:
        said = "Trace and payer id in the bank's addenda"
    else:
        said = "The trace that the bank gives"
    if relation is Relation.SAME:
        payer = "" if credit.payer.by_id else ", payer"
        return f"{said}{payer} and amount agree ({days})."
    return f"{said} and amount agree; the bank names no payer ({days})."


def alone(paying: Paying, credit: Credit) -> str:
    """Why two without a number are one."""
    return f"Amount, payer and date agree ({_days(paying, credit)}), and nothing else fits; the bank gave no number."


def several_payments(payings: Sequence[Paying], credit: Credit, rule: str) -> str:
    """Why a deposit covers several payments."""
    return (
        f"{len(payings)} payments {rule} add up to the deposit of {money(credit.left)} exactly,"
        " and no others do."
    )


def several_deposits(paying: Paying, credits_: Sequence[Credit], rule: str) -> str:
    """Why a payment is split."""
    return (
        f"{len(credits_)} deposits {rule} add up to the payment of {money(paying.left)} exactly,"
        " and no others do."
    )


def payment(fact: PaymentFact) -> str:
    """`payment 12 (835, trace 0042, 2026-11-20, $120.00)`."""
    number = f"trace {fact.trace}" if fact.trace else "no trace"
    day = fact.date.isoformat() if fact.date else "no date"
    return f"payment {fact.number} ({fact.form.value}, {number}, {day}, {money(fact.amount)})"


def deposit(fact: DepositFact) -> str:
    """`deposit 7 (check 4711, 2026-11-20, $120.00)`."""
    number = (
        f"check {fact.check_number}" if fact.check_number else f"trace {fact.trace}" if fact.trace else ""
    )
    said = number or f"{fact.kind.value} {fact.reference}".strip()
    return f"deposit {fact.number} ({said}, {fact.day.isoformat()}, {money(fact.amount)})"


def candidates(named: Iterable[str]) -> str:
    """Those that could be meant, the first five by name."""
    found = list(islice(named, SHOWN + 1))
    return "; ".join(found[:SHOWN]) + ("; and more" if len(found) > SHOWN else "")


def unbalanced(difference: Difference | None) -> str:
    """Which sum does not hold, with both figures."""
    if difference is None:
        return "Its figures do not add up."
    return (
        f"Its {difference.level} figures do not add up at {difference.where}: {money(difference.expected)} expected,"
        f" {money(difference.found)} found, {money(difference.difference)} apart."
    )


def _days(paying: Paying, credit: Credit) -> str:
    return f"paid {paying.on.isoformat()}, at the bank {credit.fact.day.isoformat()}"
