"""What was read from a workbook of requests, row by row."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from payerbots.domain.coverage import CoverageRequest
from payerbots.reasons import Reason


@dataclass(frozen=True, kw_only=True)
class Fault:
    """One cell that cannot be used. `column` is the letter, `found` the cell's text as a person sees it."""

    reason: Reason
    column: str
    header: str
    expected: str
    found: str = field(repr=False)

    def __str__(self) -> str:
        found = f"'{self.found}'" if self.found else "nothing"
        return f"column {self.column} ({self.header}): found {found}, expected {self.expected}"


@dataclass(frozen=True, kw_only=True)
class RequestRow:
    """A row that asks a question; `row` is its number in the sheet, from 1."""

    sheet: str
    row: int
    request: CoverageRequest = field(repr=False)


@dataclass(frozen=True, kw_only=True)
class BadRow:
    """A row that cannot be asked, with its faults (at least one) in the order of the request's fields.

    `known` is whatever could be read, for display: `order`, `account`, `branch`, `payer`, `patient`,
    `member_id`, `hcpcs`, `npi` as text, `birth_date` and `service_date` in ISO form. A field that
    could not be read is missing.
    """

    sheet: str
    row: int
    faults: tuple[Fault, ...]
    known: Mapping[str, str] = field(repr=False)

    @property
    def reason(self) -> Reason:
        """The reason of the first fault, which decides."""
        return self.faults[0].reason

    @property
    def column(self) -> str:
        """The letter of the first faulty column."""
        return self.faults[0].column

    @property
    def header(self) -> str:
        """The header of the first faulty column, as the person wrote it."""
        return self.faults[0].header

    @property
    def found(self) -> str:
        """The text of the first faulty cell. It may name a person."""
        return self.faults[0].found

    @property
    def expected(self) -> str:
        """What the first faulty cell should have held."""
        return self.faults[0].expected

    def sentence(self) -> str:
        """Where it is, what stands there and what should: for the biller's eyes, never for a log."""
        return f"sheet {self.sheet}, row {self.row}, " + "; ".join(str(fault) for fault in self.faults)


@dataclass(frozen=True, kw_only=True)
class RequestSheet:
    """The sheet that holds the requests; blank rows are left out, repeated ones are not."""

    path: Path
    sheet: str
    header_row: int
    rows: tuple[RequestRow | BadRow, ...]
