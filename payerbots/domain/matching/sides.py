"""The two sides as the rules see them: what is left of each payment and deposit, by number, payer and bank day."""

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal

from payerbots.domain.bank_days import BankDays
from payerbots.domain.facts import DepositFact, DepositKind, PaymentFact, PaymentForm
from payerbots.domain.matching.settings import MatchSettings
from payerbots.domain.payer_names import PayerIdentity, Payers, Relation, paid_by, tidy_number

ZERO = Decimal(0)
NO_MONEY = "NON"
CARD = "CARD"
"""A virtual card: the money comes when somebody runs it, as the card company pays it out."""
ROADS = {
    "ACH": frozenset({DepositKind.ACH, DepositKind.OTHER}),
    "FWT": frozenset({DepositKind.WIRE, DepositKind.OTHER}),
    "CHK": frozenset({DepositKind.CHECK, DepositKind.OTHER}),
}
"""How the money of a method may reach the bank; of any other method (BOP) in every way."""
EVERY_ROAD = frozenset({DepositKind.ACH, DepositKind.WIRE, DepositKind.CHECK, DepositKind.OTHER})
LONG = frozenset({DepositKind.CHECK, DepositKind.OTHER})
"""What may take as long as a check."""


@dataclass(slots=True, eq=False)
class Paying:
    """A payment and what is left of it; `place` counts bank days."""

    fact: PaymentFact
    left: Decimal
    on: dt.date
    place: int
    number: str
    payer: PayerIdentity
    roads: frozenset[DepositKind]

    @property
    def strict(self) -> bool:
        """Whether its payer id is a TRN03; that of an EOB is the office's own."""
        return self.fact.form is PaymentForm.X12


@dataclass(slots=True, eq=False)
class Credit:
    """A deposit and what is left of it. Without `number` the bank did not say what it is for."""

    fact: DepositFact
    left: Decimal
    place: int
    number: str
    payer: PayerIdentity


class Sides:
    """Makes both sides, and says whether a payment and a deposit go together."""

    def __init__(self, settings: MatchSettings) -> None:
        self.settings = settings
        self.payers = Payers(settings.payers)
        self.days = BankDays(settings.closed)

    def paying(self, fact: PaymentFact, left: Decimal) -> Paying:
        """A payment of which `left` is not matched yet."""
        on = fact.date or fact.received
        return Paying(
            fact=fact,
            left=left,
            on=on,
            place=self.days.place(on),
            number=tidy_number(fact.trace),
            payer=self.payers.of(fact.payer_id, fact.payer),
            roads=ROADS.get(fact.method, EVERY_ROAD),
        )

    def credit(self, fact: DepositFact, left: Decimal) -> Credit:
        """A deposit of which `left` is not matched yet."""
        said = fact.check_number or fact.trace if fact.kind is DepositKind.CHECK else fact.trace
        return Credit(
            fact=fact,
            left=left,
            place=self.days.place(fact.day),
            number=tidy_number(said or fact.check_number),
            payer=self.payers.of(fact.payer_id, fact.payer),
        )

    def window(self, kind: DepositKind) -> int:
        """The bank days by which money of that kind may lie before or after its payment's date."""
        return self.settings.check_days if kind in LONG else self.settings.ach_days

    def near(self, paying: Paying, credit: Credit) -> bool:
        """Whether their days lie within the window."""
        return abs(credit.place - paying.place) <= self.window(credit.fact.kind)

    def in_time(self, paying: Paying, credit: Credit) -> bool:
        """As `near`, for two with the same number: a check is good until it is stale."""
        if self.near(paying, credit):
            return True
        late = (credit.fact.day - paying.on).days
        return credit.fact.kind is DepositKind.CHECK and 0 <= late <= self.settings.stale_days

    def payer(self, paying: Paying, credit: Credit) -> Relation:
        """Whether the bank names the payment's payer."""
        return paid_by(paying.payer, credit.payer, strict=paying.strict)

    def payment_window_ends(self, paying: Paying) -> dt.date:
        """The last day on which a payment's money may come."""
        long = paying.roads & LONG and paying.fact.method not in {"ACH", "FWT"}
        count = self.settings.check_days if long else self.settings.ach_days
        return self.days.after(paying.on, count)

    def credit_window_ends(self, credit: Credit) -> dt.date:
        """The last day on which a deposit's remittance may come."""
        return self.days.after(credit.fact.day, self.window(credit.fact.kind))
