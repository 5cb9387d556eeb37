"""What a bot is: collect → work → conclude → deliver, and what passes between it and the engine."""

from abc import ABC, abstractmethod
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from pathlib import Path
from typing import ClassVar, Generic, TypeVar
from zoneinfo import ZoneInfo

from payerbots.domain.conclusions import Conclusion
from payerbots.domain.facts import FileFact
from payerbots.domain.payers import PayerBook
from payerbots.engine.desk import Desk
from payerbots.engine.facts import Facts
from payerbots.engine.journal import Journal
from payerbots.errors import DecisionRefused
from payerbots.ledger.records import Fact
from payerbots.reasons import Reason

R = TypeVar("R")
P_contra = TypeVar("P_contra", contravariant=True)
A = TypeVar("A")
U = TypeVar("U")


class Again(StrEnum):
    """When the same request is a new item: never, on another day, in another month."""

    NEVER = "never"
    DAILY = "daily"
    MONTHLY = "monthly"


@dataclass(frozen=True, kw_only=True)
class Ask(Generic[R]):
    """A request for a portal, found at `place` (row) of the input.

    `subject` names the person and things asked about; it is kept as a keyed hash only, to find the
    answer before this one.
    """

    place: int
    portal: str
    request: R
    payer_id: str = ""
    priority: int = 0
    """What goes first; the same number goes by due time, then by age."""
    due: datetime | None = None
    not_before: datetime | None = None
    amount: Decimal | None = None
    """The money at stake."""
    subject: tuple[str, ...] = field(default=(), repr=False)
    person: tuple[str, ...] = field(default=(), repr=False)
    """Whom it is about (`person_key`); kept as a keyed hash only, to find what is known of somebody."""


@dataclass(frozen=True, kw_only=True)
class Unreadable(Generic[U]):
    """A place of the input that cannot be asked; it becomes an exception at once."""

    place: int
    reason: Reason
    found: U = field(repr=False)


@dataclass(frozen=True)
class Watermark:
    """How far `collect` came at the portal at hand, in the bot's own terms; it names nobody.

    It is kept together with what was collected. The last one counts.
    """

    value: str


@dataclass(frozen=True)
class Keep:
    """A file that was found while collecting; it is kept, sealed, with what was collected."""

    fact: FileFact
    content: bytes = field(repr=False)


@dataclass(frozen=True, kw_only=True)
class Outcome(Generic[A]):
    """A portal's answer and what in it needs a person, the deciding reason first; none: done.

    `facts` of money are written with the outcome or not at all. Every file among them goes with its content in
    `files`; a payment or deposit names a file among them.
    """

    answer: A = field(repr=False)
    reasons: Sequence[Reason] = ()
    facts: Sequence[Fact] = field(default=(), repr=False)
    files: Sequence[bytes] = field(default=(), repr=False)


@dataclass(frozen=True, kw_only=True)
class WorkItem(Generic[R]):
    """The item at hand: its number, which attempt this is, and the request."""

    number: int
    attempt: int
    day: date
    """The office's day."""
    portal: str
    """Where the item belongs; empty for what needs no portal."""
    root: Path
    """The workspace's folder, in which a site's own files stand."""
    request: R = field(repr=False)
    journal: Journal = field(repr=False)
    """What irreversible acts are written in; `intent` uses it."""
    facts: Facts = field(repr=False)
    """What the ledger knows, for threads other than the event loop's."""
    payers: PayerBook = field(repr=False)


@dataclass(frozen=True, kw_only=True)
class RunContext:
    """A run as its bot sees it. `out` is where files go, `day` the office's date.

    `watermark` is how far this bot came at the portal at hand, for `collect`; empty when it never did.
    `priority` and `due` of the run hold for its items too.
    """

    number: int
    day: date
    zone: ZoneInfo
    payers: PayerBook
    input: Path | None
    out: Path
    root: Path = Path()
    """The workspace's folder, in which a site's own files stand."""
    claims: Path | None = None
    """The office's list of the claims that it sent."""
    code_lists: Path | None = None
    """The folder of licensed code lists."""
    dry_run: bool = False
    """Whether nothing is to be done that cannot be taken back."""
    watermark: str = ""
    priority: int = 0
    due: datetime | None = None
    messages: Sequence[bytes] = field(default=(), repr=False)
    """What the run took from an office queue, for `collect` of a bot that `reads_messages`: JSON each."""


@dataclass(frozen=True, kw_only=True)
class Collecting(RunContext):
    """What `collect` is given: the run, and what the ledger knows, for threads other than the event loop's."""

    facts: Facts = field(repr=False)


@dataclass(frozen=True, kw_only=True)
class Answered(Generic[R, A, U]):
    """One place of the run's input and what came of it.

    `reason` is also that of a stopped portal; `note` says what went wrong in the last attempt.
    """

    place: int
    item: int
    portal: str
    state: str
    reason: Reason | None
    also: Sequence[Reason]
    attempts: int
    note: str
    drift: Sequence[str]
    created_at: datetime
    finished_at: datetime | None
    not_before: datetime | None = None
    """Of one that waits: until when."""
    request: R | None = field(default=None, repr=False)
    answer: A | None = field(default=None, repr=False)
    previous: A | None = field(default=None, repr=False)
    unreadable: U | None = field(default=None, repr=False)
    pictures: Sequence[str] = ()


@dataclass(frozen=True, kw_only=True)
class PortalHeld:
    """A portal that was not used to the end of the run, and how many items wait for it.

    `stopped` until a person resumes it; else it was paused, or not in the run.
    """

    portal: str
    title: str
    reason: Reason
    message: str
    since: datetime
    waiting: int
    stopped: bool


@dataclass(frozen=True, kw_only=True)
class Concluding:
    """What a bot concludes from: the run, and all facts of money, whichever run found them."""

    context: RunContext
    facts: Facts


@dataclass(frozen=True, kw_only=True)
class FinishedRun(Generic[R, A, U]):
    """What a bot delivers from: rows in the order of the input, portals held, the pictures, and facts of money."""

    context: RunContext
    rows: Sequence[Answered[R, A, U]]
    held: Sequence[PortalHeld]
    picture: Callable[[str], bytes | None]
    facts: Facts
    desk: Desk


@dataclass(frozen=True, kw_only=True)
class Delivered:
    """A file that was written, what it is, and what its reader should know."""

    what: str
    path: Path
    note: str | None = None


@dataclass(frozen=True, kw_only=True)
class Described:
    """What a biller needs to know of an item that needs a person.

    `asked` are the fields of the request that a person may correct, by the title that they have in workbooks, in
    order, each with what was asked.
    """

    patient: str = field(default="", repr=False)
    payer: str = ""
    account: str = field(default="", repr=False)
    order: str = field(default="", repr=False)
    claim: str = field(default="", repr=False)
    payer_claim: str = field(default="", repr=False)
    detail: str = field(default="", repr=False)
    dollars: Decimal | None = None
    due: date | None = None
    due_why: str = ""
    asked: Mapping[str, str] = field(default_factory=dict, repr=False)


@dataclass(frozen=True, kw_only=True)
class Correcting:
    """What corrected values are read with: the payers, and the office's day."""

    payers: PayerBook
    day: date


class Bot(ABC, Generic[R, P_contra, A, U]):
    """A job that people schedule. `R` is what it asks, `P_contra` the portal it needs, `A` an answer, `U` a bad row."""

    name: ClassVar[str]
    capability: ClassVar[str | tuple[str, ...]]
    """What a portal must offer to be used; several: all of them."""
    again: ClassVar[Again]
    each_portal: ClassVar[bool] = False
    """Whether `collect` is called for each portal, signed in, instead of once with None."""
    reads_input: ClassVar[bool] = False
    """Whether with `each_portal` it is called once more, with None, when the run has an input."""
    reads_messages: ClassVar[bool] = False
    """Whether a schedule may feed it from an office queue."""
    request: type[R]
    answer: type[A]
    unreadable: type[U]

    @abstractmethod
    async def collect(
        self, run: Collecting, portal: P_contra | None
    ) -> Iterable[Ask[R] | Unreadable[U] | Watermark | Keep]:
        """What there is to do, how far that goes, and files that came with it."""

    @abstractmethod
    def reference(self, request: R) -> tuple[str, ...]:
        """What makes two requests one; kept as a keyed hash together with the period of `again`."""

    @abstractmethod
    async def work(self, item: WorkItem[R], portal: P_contra) -> Outcome[A]:
        """Asks the portal. Raises `BusinessException` or a `PortalError` when there is no answer."""

    def conclude(self, run: Concluding) -> Conclusion:  # noqa: ARG002 - most bots conclude nothing
        """What follows from the facts. Called before `deliver`; again with the same facts it changes nothing."""
        return Conclusion()

    @abstractmethod
    def deliver(self, run: FinishedRun[R, A, U]) -> Sequence[Delivered]:
        """Writes the results. Called when nothing is left to do, and again when a late item changes."""

    def describe(self, row: Answered[R, A, U]) -> Described:
        """Whose an item is and what of it can be corrected, for those who decide on it."""
        return Described(detail=row.note)

    def over(
        self,
        waiting: Sequence[Answered[R, A, U]],  # noqa: ARG002 - for bots whose answers can come another way
        known: Concluding,  # noqa: ARG002 - as above
    ) -> Collection[int]:
        """Which of its items that need a person need none any more, since something else has come in their place."""
        return ()

    def correct(
        self,
        row: Answered[R, A, U],
        values: Mapping[str, object],  # noqa: ARG002 - for bots whose requests can be corrected
        known: Correcting,  # noqa: ARG002 - as above
    ) -> Ask[R]:
        """The request of an item with corrected values, by title, as they stand in the cells of a workbook.

        `CorrectionRefused` names the value that cannot be used.
        """
        raise DecisionRefused(f"item {row.item}: its request cannot be corrected")

    def figures(self, run: FinishedRun[R, A, U]) -> Mapping[str, object]:
        """What the run found as plain values, for `--json` and the summary."""
        return {"rows": len(run.rows)}
