"""Exceptions as rows of other workbooks: what needs a person, why, and what to do. Decisions go into the review's."""

from zoneinfo import ZoneInfo

from payerbots.documents.workbook.columns import local_time
from payerbots.documents.workbook.look import TEAL, Heading, Kind, Value
from payerbots.documents.workbook.rows import ExceptionRow

HEADINGS = (
    Heading(header="Item", width=13, colour=TEAL),
    Heading(header="Team", width=14, colour=TEAL),
    Heading(header="Reason", width=25, colour=TEAL),
    Heading(header="What to do", width=44, kind=Kind.WRAPPED, colour=TEAL),
    Heading(header="Detail", width=36, kind=Kind.WRAPPED, colour=TEAL),
    Heading(header="Patient", width=22),
    Heading(header="Payer", width=20, kind=Kind.WRAPPED),
    Heading(header="Account no.", width=12),
    Heading(header="Order no.", width=12),
    Heading(header="Claim no.", width=13),
    Heading(header="Payer claim no.", width=15),
    Heading(header="Dollars", width=11, kind=Kind.MONEY),
    Heading(header="First seen", width=16, kind=Kind.STAMP),
    Heading(header="Age (business days)", width=13, kind=Kind.NUMBER),
    Heading(header="Due", width=11, kind=Kind.DATE),
    Heading(header="Why due", width=24, kind=Kind.WRAPPED),
    Heading(header="Attempts", width=9, kind=Kind.NUMBER),
    Heading(header="Previous decision", width=20, kind=Kind.WRAPPED),
    Heading(header="Similar items", width=9, kind=Kind.NUMBER),
)


def values_of(row: ExceptionRow, zone: ZoneInfo) -> list[Value]:
    """A row's cells under `HEADINGS`."""
    return [
        row.item,
        row.team_name,
        row.reason.value,
        row.advice,
        row.detail,
        row.patient,
        row.payer,
        row.account,
        row.order,
        row.claim,
        row.payer_claim,
        row.dollars,
        local_time(row.first_seen, zone),
        row.age,
        row.due,
        row.due_why,
        row.attempts,
        row.previous_decision,
        row.similar,
    ]
