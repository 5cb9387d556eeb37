"""What is matched, and what comes of it."""

from collections.abc import Mapping
from decimal import Decimal

from payerbots.domain.facts import DepositFact, Match, PaymentFact, Standing
from payerbots.domain.record import Record
from payerbots.domain.remittance import Difference


class MoneyBook(Record, frozen=True, kw_only=True):
    """The open payments and deposits, with those that earlier matches name; numbers are unique on each side."""

    payments: tuple[PaymentFact, ...]
    deposits: tuple[DepositFact, ...]
    matches: tuple[Match, ...] = ()
    """Earlier ones that still hold: they stay, and what is left of both sides is matched."""
    undone: tuple[Match, ...] = ()
    """Earlier ones that a returned item has undone."""
    unbalanced: Mapping[int, Difference] = {}
    """By payment number: the sum that does not hold, for the figures in the standing's words."""


class SamePayment(Record, frozen=True, kw_only=True):
    """A second document of a payment: its money, and its claims, count once, with the payment `counts_as`."""

    payment: int
    counts_as: int
    why: str


class Matching(Record, frozen=True, kw_only=True):
    """What one pass of matching found. The order of all is by number."""

    matches: tuple[Match, ...]
    """New ones."""
    undone: tuple[Match, ...]
    """Of the earlier ones, those that a returned item takes back."""
    standings: tuple[Standing, ...]
    """One for every payment and every deposit given."""
    same: tuple[SamePayment, ...]
    ready: frozenset[int]
    """Payments that may be posted: balanced, and all their money found; or balanced and without money (NON)."""


class Placement(Record, frozen=True, kw_only=True):
    """That money of a deposit belongs to a payment, by a rule."""

    payment: int
    deposit: int
    amount: Decimal
    why: str
