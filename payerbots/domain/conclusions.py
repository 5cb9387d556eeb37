"""What a bot concludes from the facts of money: matches, where everything stands, and events that others hear of."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from payerbots.domain.facts import DepositFact, Match, Of, PaymentFact, Standing


class EventName(StrEnum):
    """The events that queues can ask for."""

    PAYMENT_READY = "payment.ready"
    PAYMENT_UNMATCHED = "payment.unmatched"
    DENIAL_FOUND = "denial.found"
    COVERAGE_CHANGED = "coverage.changed"
    REJECTION_CORRECTED = "rejection.corrected"
    REJECTION_NEEDS_PERSON = "rejection.needs_person"


@dataclass(frozen=True, kw_only=True)
class Event:
    """Something that is told once: by `name` and `key`, however often it is concluded.

    `item` is the item that it came of; its messages keep their order. `body` names nobody: numbers, money,
    states. What does stands in `answer`, for queues that carry answers.
    """

    name: EventName
    item: int
    key: str
    body: Mapping[str, object]
    answer: Mapping[str, object] | None = field(default=None, repr=False)
    portal: str = ""


@dataclass(frozen=True, kw_only=True)
class Conclusion:
    """What follows from the facts.

    It speaks of the payments and deposits that `standings` name, and of no others: their matches are those given
    here, and whatever else they were matched to is undone.
    """

    matches: Sequence[Match] = ()
    standings: Sequence[Standing] = ()
    events: Sequence[Event] = ()


@dataclass(frozen=True, kw_only=True)
class Sighting:
    """That a payment or deposit was seen in a file (by its SHA-256), at a portal or in a folder, by an item."""

    of: Of
    number: int
    file: str
    portal: str
    item: int
    at: dt.datetime


@dataclass(frozen=True, kw_only=True)
class OpenFacts:
    """What is not settled, with whatever is matched to it; numbers are the ledger's."""

    payments: Sequence[PaymentFact]
    deposits: Sequence[DepositFact]
    matches: Sequence[Match]
    standings: Sequence[Standing]
