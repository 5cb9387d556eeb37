"""Sums over service lines, and what was denied, from the book."""

from __future__ import annotations

from collections import Counter
from decimal import Decimal
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable

    from payerbots.sandbox.eob import Claim, Line
    from payerbots.sandbox.money.records import Payment

Row = dict[str, Any]
MANY = 10
ZERO = Decimal("0.00")


def lines(payments: Iterable[Payment], said: Iterable[Payment]) -> Row:
    """Service lines and their amounts; `said` are the payments whose remittance says what was allowed."""
    found = [line for _, _, line in _lines(payments)]
    return {
        "lines": len(found),
        "charge": dollars(sum((line.charge for line in found), ZERO)),
        "allowed": dollars(sum((line.allowed for _, _, line in _lines(said)), ZERO)),
        "paid": dollars(sum((line.paid for line in found), ZERO)),
    }


def _lines(payments: Iterable[Payment]) -> Iterable[tuple[Payment, Claim, Line]]:
    return ((one, claim, line) for one in payments for claim in one.check.claims for line in claim.lines)


def denials(payments: Iterable[Payment]) -> Row:
    """Denied lines by reason; those of ten or more alike; claims whose insurance has to be found anew."""
    denied = [(one, claim, line) for one, claim, line in _lines(payments) if line.denied]
    alike = Counter((one.payer.name, _code(line), line.procedure) for one, _, line in denied)
    return {
        "lines": len(denied),
        "dollars": dollars(sum((_refused(line) for _, _, line in denied), ZERO)),
        "reasons": dict(sorted(Counter(line.denied for _, _, line in denied).items())),
        "coverage_claims": len(
            {claim.control for _, claim, line in denied if line.denied == "DENIED_COVERAGE"}
        ),
        "projects": [
            {"payer": payer, "code": code, "procedure": procedure, "lines": count}
            for (payer, code, procedure), count in sorted(alike.items())
            if count >= MANY
        ],
        "rentals": _rentals(denied),
    }


def _rentals(denied: Iterable[tuple[Payment, Claim, Line]]) -> list[Row]:
    """Months of one patient's rental that were denied alike."""
    months = Counter(
        (claim.member, line.procedure, _code(line)) for _, claim, line in denied if "RR" in line.modifiers
    )
    return [
        {"procedure": procedure, "code": code, "lines": count}
        for (_, procedure, code), count in sorted(months.items())
        if count > 1
    ]


def _code(line: Line) -> str:
    return line.adjustments[-1].code


def _refused(line: Line) -> Decimal:
    return line.adjustments[-1].amount


def patients_share(claims: Iterable[Claim]) -> Decimal:
    """What the claims leave to the patients (group PR)."""
    cuts = (cut for claim in claims for line in claim.lines for cut in line.adjustments)
    return sum((cut.amount for cut in cuts if cut.group == "PR"), ZERO)


def dollars(amount: Decimal) -> str:
    """`1234.50`, as answers have it."""
    return f"{amount:.2f}"
