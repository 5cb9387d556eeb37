"""What a row of an eligibility run says of whom and what was asked."""

from payerbots.documents.workbook.records import BadRow
from payerbots.domain.coverage import Coverage, CoverageRequest
from payerbots.engine.contract import Answered

Row = Answered[CoverageRequest, Coverage, BadRow]


def asked_payer(row: Row) -> str | None:
    """The payer that was asked, or that stands in a row that cannot be read."""
    if row.request is not None:
        return row.request.payer
    return row.unreadable.known.get("payer") if row.unreadable else None


def patient_of(request: CoverageRequest) -> str:
    """`LAST, FIRST`."""
    return f"{request.last_name}, {request.first_name}"
