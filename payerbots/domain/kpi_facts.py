"""What figures are made of: counts of outcomes, what waits, what was promised, money and claims. Pure."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal


@dataclass(frozen=True, kw_only=True)
class Counted:
    """Outcomes of one day, bot, portal, payer and kind: `done`, `exception`, `retry`; `reason` of exceptions."""

    day: date
    bot: str
    portal: str
    payer: str
    outcome: str
    reason: str = ""
    count: int = 1


DONE, EXCEPTION, RETRY = "done", "exception", "retry"


@dataclass(frozen=True, kw_only=True)
class Waiting:
    """The backlog of a bot now: items that are open, or wait for a person, and the day of the oldest."""

    bot: str
    for_a_person: bool
    count: int
    oldest: date


@dataclass(frozen=True, kw_only=True)
class Due:
    """A slot that was due by a time: whether its run was done by then."""

    day: date
    bot: str
    kept: bool


@dataclass(frozen=True, kw_only=True)
class Posted:
    """A payment that was posted: the day, and the business days it took."""

    day: date
    portal: str
    payer: str
    days: int
    amount: Decimal


@dataclass(frozen=True, kw_only=True)
class Unapplied:
    """What of a deposit has not been posted, and how many days old it is."""

    portal: str
    payer: str
    age: int
    amount: Decimal


@dataclass(frozen=True, kw_only=True)
class Sent:
    """Claims that were sent first on a day, and how many of them came through clean or were rejected."""

    day: date
    portal: str
    payer: str
    sent: int
    clean: int
    rejected: int


@dataclass(frozen=True, kw_only=True)
class Worked:
    """A rejection that was sent again, and the business days from found to sent."""

    portal: str
    payer: str
    days: int


@dataclass(frozen=True, kw_only=True)
class Denied:
    """Lines that a payer decided on, and how many of them it denied."""

    portal: str
    payer: str
    lines: int
    denied: int


@dataclass(frozen=True, kw_only=True)
class Facts:
    """All that figures are made of. None: the site has given nothing of the kind."""

    first: date
    last: date
    counted: Sequence[Counted] = ()
    waiting: Sequence[Waiting] = ()
    due: Sequence[Due] = ()
    posted: Sequence[Posted] = ()
    unapplied: Sequence[Unapplied] = ()
    deposits: Decimal = Decimal(0)
    sent: Sequence[Sent] = ()
    worked: Sequence[Worked] = ()
    denied: Sequence[Denied] = ()
    minutes: Mapping[str, Decimal] = field(default_factory=dict)
    """Minutes per item by hand, by bot."""
    payers: Mapping[str, str] = field(default_factory=dict)
    """Names of payers by their ids."""
    today: date
    business_days: Callable[[date, date], int]
