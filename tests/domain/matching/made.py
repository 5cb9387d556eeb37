"""Payments and deposits for tests of matching: a table row names only what matters to it."""

import datetime as dt
from decimal import Decimal

from payerbots.domain.facts import DepositFact, DepositKind, PaymentFact, PaymentForm, Standing
from payerbots.domain.matching import Matching, MatchSettings, MoneyBook, match_money
from payerbots.domain.payer_names import PayerAlias

MONDAY = dt.date(2026, 11, 16)
TODAY = MONDAY
TRN03 = "1512345678"
SETTINGS = MatchSettings(
    payers=(
        PayerAlias(names=("Cascade Mutual", "CMIC CLAIMS"), ids=("CASCD",)),
        PayerAlias(names=("Summit Health Plan",), ids=(TRN03, "SUMHP")),
    )
)


def on(days: int) -> dt.date:
    return MONDAY + dt.timedelta(days=days)


def payment(number: int, amount: str = "100", **facts: object) -> PaymentFact:
    given = {
        "payer_id": TRN03,
        "payer": "Summit Health Plan",
        "trace": f"T{number}",
        "method": "ACH",
        "date": MONDAY,
        "form": PaymentForm.X12,
        "file": "f" * 64,
        "place": 1,
        "contents": f"c{number}",
        "claims": 1,
        "balanced": True,
        "received": MONDAY,
        **facts,
    }
    return PaymentFact(number=number, amount=Decimal(amount), **given)  # type: ignore[arg-type]  # a table's values


def check_payment(number: int, amount: str = "100", trace: str = "4711", **facts: object) -> PaymentFact:
    return payment(number, amount, method="CHK", trace=trace, **facts)


def eob(number: int, amount: str = "100", trace: str = "4711", **facts: object) -> PaymentFact:
    given = {
        "form": PaymentForm.EOB,
        "payer_id": "CASCD",
        "payer": "Cascade Mutual",
        "method": "CHK",
        **facts,
    }
    return payment(number, amount, trace=trace, **given)


def deposit(number: int, amount: str = "100", **facts: object) -> DepositFact:
    given = {
        "kind": DepositKind.ACH,
        "portal": "harbor_bank",
        "account": "6789",
        "day": MONDAY,
        "reference": f"R{number}",
        "file": "d" * 64,
        "received": MONDAY,
        **facts,
    }
    return DepositFact(number=number, amount=Decimal(amount), **given)  # type: ignore[arg-type]  # as above


def named(number: int, amount: str = "100", trace: str = "T1", **facts: object) -> DepositFact:
    """An ACH credit with addenda."""
    return deposit(number, amount, trace=trace, **{"payer_id": TRN03, **facts})


def plain(number: int, amount: str = "100", **facts: object) -> DepositFact:
    """An ACH credit without addenda."""
    return deposit(number, amount, **{"payer": "SUMMIT HEALTH PL", **facts})


def check(number: int, amount: str = "100", check_number: str = "0004711", **facts: object) -> DepositFact:
    """A check of a lockbox batch."""
    given = {"reference": f"L1/B1/{number}", "batch": "B1", **facts}
    return deposit(number, amount, kind=DepositKind.CHECK, check_number=check_number, **given)


def batch(number: int, amount: str, **facts: object) -> DepositFact:
    """A lockbox deposit as the account report has it."""
    return deposit(number, amount, kind=DepositKind.BATCH, **facts)


def returned(number: int, amount: str, **facts: object) -> DepositFact:
    """An item that the bank took back."""
    return deposit(number, amount, kind=DepositKind.RETURNED, **facts)


def matched(
    payments: list[PaymentFact], deposits: list[DepositFact], today: dt.date = TODAY, **book: object
) -> Matching:
    made = MoneyBook(payments=tuple(payments), deposits=tuple(deposits), **book)  # type: ignore[arg-type]  # as above
    return match_money(made, today, SETTINGS)


def pairs(found: Matching) -> list[tuple[int, int, str]]:
    return [(each.payment, each.deposit, str(each.amount)) for each in found.matches]


def standing(found: Matching, of: str, number: int) -> Standing:
    (one,) = (each for each in found.standings if each.of == of and each.number == number)
    return one


def told(found: Matching) -> dict[str, str]:
    """`p1` or `d1` → its state, with the reason of an exception."""
    return {f"{each.of[0]}{each.number}": f"{each.state} {each.reason}".strip() for each in found.standings}
