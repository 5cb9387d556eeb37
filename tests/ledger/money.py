"""Made-up facts of money for tests of the ledger, and short ways to put them in."""

import hashlib
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

from payerbots.domain.conclusions import Conclusion
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
from payerbots.ledger import concluding
from payerbots.ledger.concluding import Draft, Written
from payerbots.ledger.models import Deposit, Payment
from payerbots.ledger.records import Claim, Ending, Fact, Telling
from tests.ledger.desk import DONE, Desk, new_item

DAY = date(2026, 11, 20)
CONTENT, OTHER = b"ISA*00*Canary-Reyes~", b"ISA*00*Canary-Park~"
MATCHED, WAITING = StandingState.MATCHED, StandingState.WAITING


def sha(content: bytes = CONTENT) -> str:
    return hashlib.sha256(content).hexdigest()


def a_file(content: bytes = CONTENT, **values: Any) -> FileFact:
    return FileFact(
        **{"sha256": sha(content), "kind": "835", "size": len(content), "portal": "summit", **values}
    )


def a_payment(trace: str = "T1", amount: str = "100.00", **values: Any) -> PaymentFact:
    given = {
        "payer_id": "1234567890",
        "payer": "Summit Health Plan",
        "trace": trace,
        "method": "ACH",
        "date": DAY,
        "amount": Decimal(amount),
        "form": PaymentForm.X12,
        "file": sha(),
        "place": 1,
        "contents": "c" * 64,
        "claims": 3,
        "balanced": True,
        "portal": "summit",
        "received": DAY,
    }
    return PaymentFact(**{**given, **values})


def a_deposit(reference: str = "R1", amount: str = "100.00", **values: Any) -> DepositFact:
    given = {
        "portal": "harbor",
        "account": "4471",
        "day": DAY,
        "kind": DepositKind.ACH,
        "amount": Decimal(amount),
        "reference": reference,
        "file": sha(),
        "received": DAY,
    }
    return DepositFact(**{**given, **values})


def ending(*facts: Fact, state: Ending = DONE) -> Ending:
    """An ending with these facts, and the file they name unless it is among them."""
    files = () if any(isinstance(one, FileFact) for one in facts) else (a_file(),)
    return replace(state, facts=(*files, *facts))


_places = iter(range(1, 10**9))


def claimed(desk: Desk) -> Claim:
    """A fresh item, claimed."""
    place = next(_places)
    desk.fill(new_item(place, f"money-{place}", priority=place))
    return desk.claimed()


def found(desk: Desk, *facts: Fact) -> Claim:
    """An item that found these facts."""
    claim = claimed(desk)
    desk.finish(claim, ending(*facts))
    return claim


def payment_number(trace: str = "T1") -> int:
    return Payment.objects.get(trace=trace).pk


def deposit_number(reference: str = "R1") -> int:
    return Deposit.objects.get(reference=reference).pk


def paid(trace: str = "T1", state: StandingState = MATCHED, **values: Any) -> Standing:
    return Standing(**{"of": Of.PAYMENT, "number": payment_number(trace), "state": state, **values})


def banked(reference: str = "R1", state: StandingState = MATCHED, **values: Any) -> Standing:
    return Standing(**{"of": Of.DEPOSIT, "number": deposit_number(reference), "state": state, **values})


def match(
    trace: str = "T1", reference: str = "R1", amount: str = "100.00", why: str = "trace and amount"
) -> Match:
    return Match(
        payment=payment_number(trace), deposit=deposit_number(reference), amount=Decimal(amount), why=why
    )


def conclude(
    desk: Desk, conclusion: Conclusion, events: Sequence[Telling] = (), epoch: int | None = None
) -> Written | None:
    """Writes a conclusion, drawn now unless from an epoch before."""
    drawn = concluding.epoch() if epoch is None else epoch
    draft = Draft(run=1, actor="w1", epoch=drawn, conclusion=conclusion, events=events)
    return concluding.write(desk.ledger, draft)
