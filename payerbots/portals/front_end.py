"""What a clearinghouse can be asked: its reports, its worklist of rejections, and the claims themselves."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Protocol

from payerbots.domain.rejection import Change, ListedRejection
from payerbots.portals.capabilities import ActsOnce, Downloaded


@dataclass(frozen=True, kw_only=True)
class ListedReport:
    """A report as the mailbox lists it; `taken`: the billing software has fetched it before."""

    number: str
    kind: str
    """TA1, 999, 277CA, or what the clearinghouse calls its other reports."""
    name: str = field(repr=False)
    received: dt.datetime
    taken: bool = False


class ClearsRejections(ActsOnce, Protocol):
    """A clearinghouse at which rejected claims are corrected and sent again."""

    async def list_reports(self, since: dt.date) -> Sequence[ListedReport]:
        """Every report that came on that day or later, taken or not."""
        ...

    async def fetch_report(self, listed: ListedReport) -> Downloaded:
        """A report's file."""
        ...

    async def list_rejections(self, since: dt.date) -> Sequence[ListedRejection]:
        """Every claim of the worklist that was rejected on that day or later; proven to be all."""
        ...

    async def open_claim(self, control: str) -> None:
        """Opens a claim in the editor."""
        ...

    async def fill_correction(self, changes: Sequence[Change]) -> Sequence[str]:
        """Fills in and saves changes of the claim that is open; sends nothing.

        Gives the fields that are neither as they were sent nor as they must be: then nothing was saved.
        """
        ...

    async def send_correction(self) -> str:
        """Sends the claim that is open; the clearinghouse's confirmation number.

        `was_done("resubmit", key)` answers by the claim's history; `resend_of(key)` names claim and moment.
        """
        ...
