"""Whether a remittance adds up, on each level, exactly (005010X221A1, section 1.10.2).

    line         charge - adjustments of the line = paid
    claim        charge - adjustments of the claim and its lines = paid
    transaction  what the claims were paid - provider adjustments = the payment

A positive adjustment lowers the payment. Amounts for information (AMT) never take part.
"""

from collections.abc import Iterable
from decimal import Decimal

from payerbots.domain.remittance import Balance, Claim, Difference, ProviderAdjustment

ZERO = Decimal(0)
KEPT = 1000
"""A file wrong throughout shows this many differences; the others are only counted as wrong."""


class Sums:
    """Adds claims as they come and notes what does not hold; `balance` closes the account."""

    def __init__(self) -> None:
        self.claims = 0
        self.charge = ZERO
        self.paid = ZERO
        self.differences: list[Difference] = []
        self.wrong = False

    def add(self, claim: Claim) -> None:
        """Counts a claim and checks it and its lines."""
        self.claims += 1
        self.charge += claim.charge
        self.paid += claim.paid
        rest = claim.charge
        for adjustment in claim.adjustments:
            rest -= adjustment.amount
        for number, line in enumerate(claim.lines, 1):
            adjusted = ZERO
            for adjustment in line.adjustments:
                adjusted += adjustment.amount
            rest -= adjusted
            if line.charge - adjusted != line.paid:
                where = f"claim {claim.number} line {number}"
                self.differ("line", where, line.charge - adjusted, line.paid)
        if rest != claim.paid:
            self.differ("claim", f"claim {claim.number}", rest, claim.paid)

    def differ(self, level: str, where: str, expected: Decimal, found: Decimal) -> None:
        """Notes a sum that does not hold."""
        self.wrong = True
        if len(self.differences) < KEPT:
            self.differences.append(
                Difference(
                    level=level, where=where, expected=expected, found=found, difference=found - expected
                )
            )

    def balance(self, amount: Decimal, adjustments: Iterable[ProviderAdjustment]) -> Balance:
        """The account closed against the payment: all differences, in the order of the file."""
        expected = self.paid - sum((each.amount for each in adjustments), ZERO)
        if expected != amount:
            self.differ("transaction", "payment", expected, amount)
        return Balance(ok=not self.wrong, differences=tuple(self.differences))
