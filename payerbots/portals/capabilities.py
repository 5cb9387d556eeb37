"""What a portal can be asked. A flow implements a capability as a function of the same name."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from typing import Any, Protocol

from payerbots.domain.coverage import Coverage, CoverageRequest


class ChecksEligibility(Protocol):
    """A portal that says whether a person is covered."""

    async def check_eligibility(self, request: CoverageRequest) -> Coverage:
        """The payer's answer. `BusinessException` when it has none that a machine may use."""
        ...


@dataclass(frozen=True, kw_only=True)
class Downloaded:
    """A file as a portal sent it. Its name is the portal's and may name a person."""

    name: str = field(repr=False)
    content: bytes = field(repr=False)


@dataclass(frozen=True, kw_only=True)
class ListedRemittance:
    """A remittance as a portal's list shows it. `number` is the portal's own for this document."""

    number: str
    trace: str
    """The trace of the electronic payment, or the check number (TRN02)."""
    method: str
    """ACH, CHK, NON, ... as X12's BPR04 has it; CARD for a virtual card."""
    date: dt.date
    """When it was paid."""
    amount: Decimal
    claims: int | None = None
    posted: dt.date
    """Since when it stands in the list."""
    forms: tuple[str, ...]
    """What it can be had as: 835, eob."""
    ready: bool = True
    """Whether its file is there; else it is promised for later."""
    size: int | None = None
    """The file's bytes, where the list says so."""


class GivesRemittances(Protocol):
    """A portal that lists what was paid, and gives the files."""

    @property
    def name(self) -> str:
        """The portal's name."""
        ...

    async def list_remittances(self, since: dt.date, until: dt.date) -> Sequence[ListedRemittance]:
        """Everything posted from `since` to `until`, both included; proven to be all."""
        ...

    async def fetch_remittance(self, listed: ListedRemittance) -> Downloaded:
        """The file of one: its 835 where there is one, else its EOB."""
        ...


@dataclass(frozen=True, kw_only=True)
class BankFile:
    """A file as a bank lists it; replaced under the same name it is another, by `posted`."""

    day: dt.date
    """The bank day that it reports."""
    kind: str
    """lockbox, bai2 or images."""
    name: str
    batch: str = ""
    """The lockbox batch of images."""
    posted: dt.datetime
    size: int | None = None


class GivesBankFiles(Protocol):
    """A bank that lists what it reports, day by day, and gives the files."""

    @property
    def name(self) -> str:
        """The bank's name in portals.yaml."""
        ...

    async def list_bank_files(self, since: dt.date, until: dt.date) -> Sequence[BankFile]:
        """Every file of the bank days from `since` to `until`, both included."""
        ...

    async def fetch_bank_file(self, file: BankFile) -> Downloaded:
        """One of them."""
        ...


class Answer(StrEnum):
    """Whether a portal knows of something that may have been done."""

    YES = "yes"
    NO = "no"
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class WasDone:
    """A portal's answer to whether something was done, with its confirmation number when it was."""

    answer: Answer
    confirmation: str = ""


class ActsOnce(Protocol):
    """A portal at which something irreversible is done: it can be asked, and its page can be armed."""

    @property
    def name(self) -> str:
        """The portal's name."""
        ...

    async def was_done(self, action: str, key: str) -> WasDone:
        """Whether this was done before, as the portal itself shows it."""
        ...

    async def ticks(self) -> Any:  # noqa: ANN401 - whatever `arm` understands
        """The page's own clocks, now."""
        ...

    async def arm(self, ticks: Any, seconds: float) -> None:  # noqa: ANN401 - what `ticks` gave
        """From `seconds` after `ticks` on, the page itself takes no click, submit or key."""
        ...

    async def disarm(self) -> None:
        """The page takes them again."""
        ...


CAPABILITIES = (
    "check_eligibility",
    "fetch_bank_file",
    "fetch_remittance",
    "fetch_report",
    "fill_correction",
    "list_bank_files",
    "list_rejections",
    "list_remittances",
    "list_reports",
    "open_claim",
    "send_correction",
    "was_done",
)
"""The names of all capabilities; each is a module of a flow that offers it."""
