"""What the ledger hands out: frozen records, with requests and results as opened JSON bytes."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from payerbots.clock import Clock, utc_now
from payerbots.domain.evidence import Kept
from payerbots.keys import Keys


@dataclass(frozen=True)
class Ledger:
    """What every ledger function needs: the keys that seal, and the time."""

    keys: Keys
    now: Clock = utc_now


@dataclass(frozen=True, kw_only=True)
class NewItem:
    """An item to be: `place` is its row in the run's input, `reference` an opaque keyed hash."""

    place: int
    reference: str
    kind: str
    portal: str = ""
    payer_id: str = ""
    subject: str = ""
    reason: str = ""
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
    failures: Sequence[str] = ()
    """Names of the errors that ended earlier attempts of this revision."""
    request: bytes = field(repr=False)


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
