"""Claims on their way to the payer: as they were sent, what came back, rejections, and what is changed in one."""

import dataclasses
import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from enum import StrEnum

from payerbots.domain.status import WRAPPERS

TA1, ACKNOWLEDGMENT = "TA1", "999"
"""Stand for the category where no claim but a file was rejected: `TA1:025`, `999:R`."""


RESUBMIT = "resubmit"
"""The act of sending a corrected claim as new."""


class Source(StrEnum):
    """Who speaks of a claim."""

    CLEARINGHOUSE = "clearinghouse"
    PAYER = "payer"


class ClaimState(StrEnum):
    """Where a claim stands. Only the payer's own acceptance closes the front end."""

    SENT = "sent"
    RECEIVED = "received"
    CLEARED = "accepted by the clearinghouse"
    CLOSED = "accepted by the payer"
    REJECTED = "rejected"
    OVERDUE = "overdue"


@dataclass(frozen=True, kw_only=True, order=True)
class Said:
    """One status of a rejection: category, code, entity; `line` is the line's number, 0 for the whole claim."""

    category: str
    code: str
    entity: str = ""
    line: int = 0

    def __str__(self) -> str:
        parts = (self.category, self.code, self.entity)
        return ":".join(part for part in parts if part)

    @property
    def plain(self) -> str:
        """With the line: `A7:453 (line 2)`."""
        return f"{self} (line {self.line})" if self.line else str(self)

    @property
    def wraps(self) -> bool:
        """Whether it only points to what is said of a line."""
        return self.code in WRAPPERS


@dataclass(frozen=True, kw_only=True)
class SentLine:
    """A service line as it was sent; `certificate` is the form of a certificate of medical necessity."""

    number: int
    hcpcs: str
    modifiers: tuple[str, ...] = ()
    first: dt.date | None = None
    last: dt.date | None = None
    charge: Decimal | None = None
    control: str = ""
    certificate: str = ""


@dataclass(frozen=True, kw_only=True)
class Envelope:
    """Where in what was sent a claim stands: ISA13, GS06, ST02, and the SHA-256 of the file."""

    interchange: str = ""
    group: str = ""
    transaction: str = ""
    file: str = ""


@dataclass(frozen=True, kw_only=True)
class SentClaim:
    """A claim as it was sent, or as a list names it: then it has no lines. Money in dollars."""

    control: str
    payer: str
    payer_id: str
    sent: dt.date
    made: dt.datetime | None = None
    """When the file was written, by the clock of who wrote it."""
    charge: Decimal | None = None
    service_date: dt.date | None = None
    filing_indicator: str = ""
    member_id: str = field(default="", repr=False)
    patient: str = field(default="", repr=False)
    """`LAST, FIRST M`."""
    birth_date: dt.date | None = field(default=None, repr=False)
    own_policy: bool = True
    """Whether the patient is the subscriber, whose member ID it carries."""
    npi: str = ""
    street: str = ""
    city: str = ""
    state: str = ""
    zip: str = ""
    """The billing provider's address, as NPI is the billing provider's."""
    referred_by: str = ""
    """Who referred the patient or ordered the equipment."""
    lines: tuple[SentLine, ...] = ()
    envelope: Envelope = Envelope()

    @property
    def dates(self) -> tuple[dt.date, ...]:
        """The first and last days of all its lines."""
        found = [day for line in self.lines for day in (line.first, line.last) if day is not None]
        return tuple(sorted({*found, *([self.service_date] if self.service_date else [])}))


@dataclass(frozen=True, kw_only=True)
class Change:
    """A field of a claim, its value as it was sent and as it must be.

    Fields: `subscriber.member_id`, `payer_id`, `billing.zip`, `line.N.modifiers` (separated by blanks),
    `line.N.certificate` (the form; empty: none).
    """

    field: str
    before: str = dataclasses.field(repr=False)
    after: str = dataclasses.field(repr=False)

    def __str__(self) -> str:
        return f"{self.field}: {self.before or 'none'} → {self.after or 'none'}"


@dataclass(frozen=True, kw_only=True)
class ListedRejection:
    """A claim as the worklist shows it: it waits to be corrected or given up."""

    control: str
    payer: str
    payer_id: str = ""
    patient: str = field(default="", repr=False)
    member_id: str = field(default="", repr=False)
    service_date: dt.date | None = None
    charge: Decimal | None = None
    rejected_at: dt.datetime
    """When it was rejected last, aware."""
    codes: tuple[Said, ...] = ()
    message: str = field(default="", repr=False)
    version: str = ""
    """What the editor counts up with every change."""


class Kind(StrEnum):
    """Why a claim needs work."""

    REJECTED = "rejected"
    OVERDUE = "overdue"


@dataclass(frozen=True, kw_only=True)
class Rejected:
    """A claim that needs work: rejected, or without an answer for too long. One item of the bot.

    `day` is the day of the rejection, or that on which it was sent. `rejected_at` and `version` are the
    clearinghouse's, and empty where its worklist does not show the claim.
    """

    kind: Kind
    control: str
    day: dt.date
    codes: tuple[Said, ...] = ()
    times: int = 1
    """How often the claim has been rejected, this time included."""
    source: str = ""
    message: str = field(default="", repr=False)
    claim: SentClaim | None = field(default=None, repr=False)
    """None: nothing that was sent has this number."""
    payer: str = ""
    payer_id: str = ""
    charge: Decimal | None = None
    listed: bool = False
    rejected_at: dt.datetime | None = None
    version: str = ""
    again: dt.datetime | None = None
    """When it was rejected once more on the very day on which it had been sent again."""
    dry_run: int = 0
    """The run that only says what it would do; 0: a run that does it."""

    @property
    def key(self) -> str:
        """What makes two rejections one: the claim, and when it was rejected. Reports may come again."""
        return rejection_key(self.kind, self.control, self.day, self.again)

    @property
    def resend(self) -> str:
        """Names the sending of a corrected claim: the claim, and after which moment it must have been sent.

        `was_done` splits it with `resend_of`.
        """
        moment = self.rejected_at or dt.datetime.combine(self.day, dt.time.max, dt.UTC)
        return f"{self.control}@{moment.isoformat()}"


def rejection_key(kind: Kind, control: str, day: dt.date, again: dt.datetime | None = None) -> str:
    """The key of a rejection, or of a silence."""
    parts = [kind.value, control, day.isoformat(), *([again.isoformat()] if again else [])]
    return "|".join(parts)


def resend_of(key: str) -> tuple[str, dt.datetime]:
    """The claim that a `Rejected.resend` names, and after which moment it must have been sent."""
    control, _, moment = key.rpartition("@")
    return control, dt.datetime.fromisoformat(moment)


class Did(StrEnum):
    """What became of a rejection."""

    CORRECTED = "corrected and sent"
    SENT_BEFORE = "sent before"
    """Its history shows that it was sent since, by whomever."""
    SUGGESTED = "suggested"
    """The bot could correct it; its rule says that a person does."""
    PERSON = "to a person"
    WOULD_CORRECT = "would be corrected"
    WOULD_NOT = "would go to a person"


@dataclass(frozen=True, kw_only=True)
class Worked:
    """What became of a rejection: the item's answer."""

    did: Did
    rule: str
    reason: str = ""
    team: str = ""
    means: str = ""
    advice: str = ""
    changes: tuple[Change, ...] = field(default=(), repr=False)
    proof: str = field(default="", repr=False)
    why_not: str = ""
    """Why the bot did not correct it."""
    confirmation: str = ""
    sent_at: dt.datetime | None = None


@dataclass(frozen=True, kw_only=True)
class SaidOfLine:
    """What is said of a service line, which reports name by its control number, or only by its procedure."""

    procedure: str
    control: str
    codes: tuple[Said, ...]


@dataclass(frozen=True, kw_only=True)
class Answer:
    """What clearinghouse or payer said of one claim, on a `day`; `made` is when the report was written."""

    control: str
    day: dt.date
    made: dt.datetime | None = None
    source: Source
    state: ClaimState
    codes: tuple[Said, ...] = ()
    lines: tuple[SaidOfLine, ...] = ()
    message: str = field(default="", repr=False)

    @property
    def content(self) -> tuple[object, ...]:
        """What it says: equal for a report that comes again, whatever its control numbers."""
        return (self.control, self.day, self.source, self.state, self.codes, self.lines)

    def said(self, claim: SentClaim | None) -> tuple[Said, ...]:
        """Its codes, those of lines with the line's number in the claim; wrappers only where there is nothing else."""
        of_lines = [replace(code, line=_number(line, claim)) for line in self.lines for code in line.codes]
        return told([*self.codes, *of_lines])


@dataclass(frozen=True, kw_only=True)
class FileAnswer:
    """A TA1 or 999 about one interchange, group or set. A part that it does not name is empty."""

    kind: str
    interchange: str = ""
    group: str = ""
    transaction: str = ""
    accepted: bool
    code: str
    day: dt.date | None = None

    def is_of(self, envelope: Envelope) -> bool:
        """Whether it answers for what stands in this envelope."""
        pairs = (
            (self.interchange, envelope.interchange),
            (self.group, envelope.group),
            (self.transaction, envelope.transaction),
        )
        return all(not told or _bare(told) == _bare(sent) for told, sent in pairs)


def _number(line: SaidOfLine, claim: SentClaim | None) -> int:
    """The number of the line that is meant; 0 where that is not clear."""
    sent = claim.lines if claim else ()
    by_control = [one.number for one in sent if line.control and one.control == line.control]
    found = by_control or [one.number for one in sent if one.hcpcs == line.procedure]
    return found[0] if len(found) == 1 else 0


def told(codes: Iterable[Said]) -> tuple[Said, ...]:
    """The codes without wrappers, each once; only wrappers stay as they are. What is said of a line too is said there."""
    unique = tuple(dict.fromkeys(codes))
    of_lines = {replace(code, line=0) for code in unique if code.line}
    counting = [code for code in unique if not code.wraps and code not in of_lines]
    return tuple(counting) or unique


def shown(codes: Sequence[Said]) -> str:
    """Codes as a person reads them."""
    return ", ".join(code.plain for code in codes)


def _bare(number: str) -> str:
    return number.strip().lstrip("0")
