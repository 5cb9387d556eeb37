"""What a bot concludes from the facts of money: matches, where everything stands, and events that others hear of."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
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
class Concern:
    """Something within a payment that needs a person: a claim, a reversal, a provider adjustment.

    `key` names it within its payment, the same each time that it is concluded: a control number, a row ID. It is
    kept as a keyed hash; `patient`, numbers and `detail` are kept sealed. `reason` is a code of REASONS.
    """

    payment: int
    key: str = field(repr=False)
    reason: str
    dollars: Decimal = Decimal(0)
    due: dt.date | None = None
    due_why: str = ""
    patient: str = field(default="", repr=False)
    account: str = field(default="", repr=False)
    claim: str = field(default="", repr=False)
    payer_claim: str = field(default="", repr=False)
    detail: str = field(default="", repr=False)


@dataclass(frozen=True, kw_only=True)
class FirstSends:
    """How many claims were sent first on a day to a payer, and what is known of these sendings by now.

    `accepted` ones reached the payer's acceptance without a rejection; of those that are neither nobody can say yet.
    """

    portal: str
    day: dt.date
    payer_id: str
    sent: int
    accepted: int
    rejected: int


@dataclass(frozen=True, kw_only=True)
class Conclusion:
    """What follows from the facts.

    It speaks of the payments and deposits that `standings` name, and of no others: their matches are those given
    here, and whatever else they were matched to is undone; their concerns are those given here, and others are over.
    """

    matches: Sequence[Match] = ()
    standings: Sequence[Standing] = ()
    events: Sequence[Event] = ()
    concerns: Sequence[Concern] = ()
    first_sends: Sequence[FirstSends] = ()
    """At each portal that they name they are all since the first of their days: other counts of that time are over."""


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
