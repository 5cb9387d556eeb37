"""What the portal offers for download: remittances with their documents."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date, datetime
    from decimal import Decimal


@dataclass(frozen=True, kw_only=True)
class Remittance:
    """One payment's explanation. `content` is the PDF, or makes it when it is fetched.

    `method` is ACH, CHK or NON; `trace` is the check or trace number, empty for NON. Times are aware UTC:
    the row is listed from `posted_at` on, the document can be opened from `available_from` on (None: at once).
    """

    number: str
    trace: str
    method: str
    paid_on: date
    amount: Decimal
    claims: int
    posted_at: datetime
    available_from: datetime | None = None
    content: bytes | Callable[[], bytes] = field(repr=False)

    def pdf(self) -> bytes:
        """The document."""
        return self.content if isinstance(self.content, bytes) else self.content()

    def is_ready(self, now: datetime) -> bool:
        """Whether the document can be opened."""
        return self.available_from is None or self.available_from <= now


@dataclass(frozen=True, kw_only=True)
class Shelf:
    """All remittances; each number stands once."""

    remittances: tuple[Remittance, ...] = ()

    def posted(self, now: datetime) -> list[Remittance]:
        """Those that are listed, the latest first."""
        found = [item for item in self.remittances if item.posted_at <= now]
        return sorted(found, key=lambda item: (item.posted_at, item.number), reverse=True)

    def find(self, number: str) -> Remittance | None:
        """The remittance with this document number."""
        return next((item for item in self.remittances if item.number == number), None)
