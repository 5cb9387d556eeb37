"""What the money bots ask for, and what came of it; both are kept sealed."""

import datetime as dt
from dataclasses import dataclass, field
from decimal import Decimal

from payerbots.portals.capabilities import ListedRemittance
from payerbots.reasons import Reason


@dataclass(frozen=True, kw_only=True)
class RemittanceAsk:
    """A remittance that a portal lists, or a file of the input folder, known by its SHA-256."""

    listed: ListedRemittance | None = None
    path: str = field(default="", repr=False)
    sha256: str = ""

    @property
    def identity(self) -> tuple[str, ...]:
        """What makes two asks one: the portal's document with its trace, amount and date; or the file's content."""
        if self.listed is None:
            return (self.sha256,)
        one = self.listed
        return (one.number, one.trace, f"{one.amount:.2f}", one.date.isoformat())


@dataclass(frozen=True, kw_only=True)
class PaymentKey:
    """A payment of which only the header could be read."""

    payer_id: str
    trace: str
    date: dt.date | None
    amount: Decimal


@dataclass(frozen=True, kw_only=True)
class Unusable:
    """A part of a file that a person has to look at; `dollars` is the money in it, where it is known."""

    reason: Reason
    where: str
    what: str
    dollars: Decimal | None = None
    payments: tuple[PaymentKey, ...] = ()


@dataclass(frozen=True, kw_only=True)
class MoneyAnswer:
    """What a file came to: its kind, how many payments and deposits it holds, and what of it cannot be used."""

    kind: str
    payments: int = 0
    deposits: int = 0
    unusable: tuple[Unusable, ...] = ()
