"""What the ledger hands out: frozen records, with requests and results as opened JSON bytes."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal

from payerbots.clock import Clock, utc_now
from payerbots.domain.evidence import Kept
from payerbots.domain.facts import DepositFact, FileFact, PaymentFact
from payerbots.keys import Keys
from payerbots.ledger import dialect

LONGEST_LEASE = timedelta(minutes=20)
"""No lease is longer. One that seems to be was written by a clock that is wrong, and counts as expired."""

ENOUGH_LOSSES = 5
"""Attempts of one revision that were lost with their workers, after which the item is abandoned."""


Fact = FileFact | PaymentFact | DepositFact
"""What outlives the item that found it."""


@dataclass(frozen=True)
class Ledger:
    """What every ledger function needs: the keys that seal, and this machine's clock.

    `now` asks the database where it has a clock of its own (PostgreSQL), so that all machines agree.
    """

    keys: Keys
    clock: Clock = utc_now
    enough_losses: int = ENOUGH_LOSSES

    def now(self) -> datetime:
        """The time that leases, waits and rates go by."""
        return dialect.now() or self.clock()


@dataclass(frozen=True, kw_only=True)
class NewItem:
    """An item to be: `place` is its row in the run's input, `reference` an opaque keyed hash."""

    place: int
    reference: str
    kind: str
    portal: str = ""
    payer_id: str = ""
    subject: str = ""
    person: str = ""
    reason: str = ""
    priority: int = 0
    due_at: datetime | None = None
    not_before: datetime | None = None
    amount: Decimal | None = None
    request: bytes = field(repr=False)


@dataclass(frozen=True, kw_only=True)
class Claim:
    """An item that is this worker's until the lease ends; `attempt` and `owner` fence every write."""

    item: int
    kind: str
    bot: str
    portal: str
    attempt: int
    owner: str
    revision: int = 1
    failures: Sequence[str] = ()
    """Names of the errors that ended earlier attempts of this revision."""
    request: bytes = field(repr=False)

    @property
    def message_id(self) -> str:
        """The id of what is sent of this attempt: item and attempt."""
        return f"{self.item}-{self.attempt}"


@dataclass(frozen=True)
class Outgoing:
    """A message of an outcome: to a queue, under a routing key."""

    queue: str
    key: str
    body: bytes = field(repr=False)


@dataclass(frozen=True, kw_only=True)
class Telling:
    """An event as its messages: told once by `name` and `key` (a keyed hash), of an item."""

    name: str
    key: str
    item: int
    messages: Sequence[Outgoing] = ()

    @property
    def message_id(self) -> str:
        """The id of its messages, however often it is concluded: the event's name and key."""
        return event_id(self.name, self.key)


def event_id(name: str, key: str) -> str:
    """The id of an event's messages."""
    return f"{name}-{key[:32]}"


@dataclass(frozen=True, kw_only=True)
class Ending:
    """How an attempt ended: the item's new state, and what is kept with it."""

    state: str
    outcome: str
    reason: str = ""
    also: Sequence[str] = ()
    error: str = ""
    note: str = ""
    wait: timedelta | None = None
    drift: Sequence[str] = ()
    result: bytes | None = field(default=None, repr=False)
    evidence: Sequence[Kept] = ()
    collected: Sequence[NewItem] | None = None
    """What a collect item found; written with its end, and so is the watermark."""
    watermark: str | None = None
    messages: Sequence[Outgoing] = ()
    facts: Sequence[Fact] = ()
    """Checked, and the files among them on disk."""


@dataclass(frozen=True, kw_only=True)
class Row:
    """One row of a run's input with the item that answers it.

    `note` says what went wrong in the last attempt, `previous` is the last answer before this one.
    """

    place: int
    item: int
    kind: str
    portal: str
    state: str
    reason: str
    also: tuple[str, ...]
    attempts: int
    note: str
    drift: tuple[str, ...]
    created_at: datetime
    finished_at: datetime | None
    not_before: datetime | None = None
    request: bytes = field(repr=False)
    result: bytes | None = field(default=None, repr=False)
    previous: bytes | None = field(default=None, repr=False)
    pictures: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class RunView:
    """A run and the counts of its items by state."""

    id: int
    bot: str
    state: str
    day: date
    created_at: datetime
    counts: dict[str, int]
    options: bytes = field(repr=False)
    collecting: tuple[str, ...] = ()
    """The states of its collect items that have not found what they look for."""
    deadline: datetime | None = None
