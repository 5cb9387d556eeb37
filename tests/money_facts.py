"""Made-up facts of money with the ledger's numbers, for tests of what is drawn from them."""

from datetime import date
from typing import Any

from payerbots.domain.facts import (
    DepositFact,
    DepositKind,
    Match,
    Of,
    PaymentFact,
    PaymentForm,
    Standing,
    StandingState,
)
from tests.posting_samples import SHA, money

DAY = date(2026, 11, 20)


def payment(number: int, **more: Any) -> PaymentFact:
    values: dict[str, Any] = {
        "number": number,
        "payer_id": "1",
        "payer": "SUMMIT",
        "trace": f"T{number}",
        "method": "ACH",
        "date": DAY,
        "amount": money(10 * number),
        "form": PaymentForm.X12,
        "file": SHA,
        "place": 1,
        "contents": "c",
        "claims": 1,
        "balanced": True,
        "received": DAY,
    }
    return PaymentFact(**values | more)


def deposit(number: int, **more: Any) -> DepositFact:
    values: dict[str, Any] = {
        "number": number,
        "portal": "harbor",
        "account": "4411",
        "day": DAY,
        "kind": DepositKind.ACH,
        "amount": money(10),
        "reference": f"R{number}",
        "file": SHA,
        "received": DAY,
    }
    return DepositFact(**values | more)


def match(of_payment: int, of_deposit: int, amount: str = "10.00", why: str = "number and amount") -> Match:
    return Match(payment=of_payment, deposit=of_deposit, amount=money(amount), why=why)


def standing(of: Of, number: int, state: StandingState, **more: Any) -> Standing:
    return Standing(of=of, number=number, state=state, **more)
