"""The columns of the exceptions workbook: what is known, what a person fills in, and what stands behind."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from zoneinfo import ZoneInfo

from payerbots.documents.workbook.look import GRAPHITE, SLATE, TEAL, Heading, Kind, Value
from payerbots.documents.workbook.rows import ExceptionRow
from payerbots.reasons import text_of

MARK = "Row mark"
"""The hidden column by which a row is found again."""
SHOWN = ("Item", "Patient", "Account no.", "Order no.", "Claim no.", "Payer claim no.")
"""The columns that `ExceptionRow.shown_as` speaks of, in its order."""
PICTURE = "Picture"
CORRECT = "Correct: "
"""How the headers of corrected values begin."""
FILL_IN = {
    "decision": "Decision",
    "amount": "Amount",
    "code": "Adj. code",
    "until": "Until",
    "to": "To / of",
    "note": "Note",
    "by": "By",
}
"""What a person fills in besides corrected values, and its header."""


@dataclass(frozen=True, kw_only=True)
class ReviewColumn:
    """A column. One without `value` is for a person to fill in; an empty one is hidden, unless `always` there."""

    heading: Heading
    value: Callable[[ExceptionRow], Value] | None = None
    printed: bool = True
    always: bool = False
    hidden: bool = False

    @property
    def header(self) -> str:
        """Its header."""
        return self.heading.header


def _known(
    header: str, width: float, value: Callable[[ExceptionRow], Value], kind: Kind = Kind.TEXT
) -> ReviewColumn:
    return ReviewColumn(heading=Heading(header=header, width=width, kind=kind), value=value)


def _behind(
    header: str, width: float, value: Callable[[ExceptionRow], Value], kind: Kind = Kind.TEXT
) -> ReviewColumn:
    heading = Heading(header=header, width=width, kind=kind, colour=GRAPHITE)
    return ReviewColumn(heading=heading, value=value, printed=False)


def _fill(name: str, width: float, kind: Kind = Kind.TEXT) -> ReviewColumn:
    heading = Heading(header=FILL_IN[name], width=width, kind=kind, colour=TEAL)
    return ReviewColumn(heading=heading, always=True)


def _reason(row: ExceptionRow) -> str:
    again = f" Failed {row.failures} times for this reason." if row.failures > 1 else ""
    return f"{text_of(row.reason).means}{again}"


def _asked(row: ExceptionRow) -> str:
    return "; ".join(f"{title} {value or '(none)'}" for title, value in row.asked.items())


def columns(rows: Sequence[ExceptionRow], zone: ZoneInfo) -> list[ReviewColumn]:
    """The columns of a sheet with these rows, in order: printed ones first."""
    return [*_KNOWN, *_FILLED, *_corrections(rows), *_the_rest(zone)]


_KNOWN = (
    ReviewColumn(
        heading=Heading(header="Item", width=9, kind=Kind.WRAPPED), value=lambda row: row.item, always=True
    ),
    _known("Reason", 22, _reason, Kind.WRAPPED),
    _known("What to do", 24, lambda row: row.advice, Kind.WRAPPED),
    _known("Detail", 24, lambda row: row.detail, Kind.WRAPPED),
    _known("Patient", 16, lambda row: row.patient, Kind.WRAPPED),
    _known("Payer", 14, lambda row: row.payer, Kind.WRAPPED),
    _known("Account no.", 10, lambda row: row.account),
    _known("Order no.", 11, lambda row: row.order),
    _known("Claim no.", 14, lambda row: row.claim),
    _known("Payer claim no.", 15, lambda row: row.payer_claim),
    _known("Dollars", 10, lambda row: row.dollars, Kind.MONEY),
    _known("Age (business days)", 10, lambda row: row.age, Kind.NUMBER),
    _known("Due", 11, lambda row: row.due, Kind.DATE),
    _known("Why due", 14, lambda row: row.due_why, Kind.WRAPPED),
    _known("Previous decision", 20, lambda row: row.previous_decision, Kind.WRAPPED),
    _known("Assigned to", 10, lambda row: row.assignee or None),
    ReviewColumn(heading=Heading(header=PICTURE, width=9), value=lambda _row: None),
)
_FILLED = (
    _fill("decision", 17, Kind.WRAPPED),
    _fill("amount", 9, Kind.MONEY),
    _fill("code", 8),
    _fill("until", 11, Kind.DATE),
    _fill("to", 12),
    _fill("note", 20, Kind.WRAPPED),
    _fill("by", 8),
)


def _corrections(rows: Iterable[ExceptionRow]) -> list[ReviewColumn]:
    titles = dict.fromkeys(title for row in rows for title in row.asked)
    return [
        ReviewColumn(
            heading=Heading(header=f"{CORRECT}{title}", width=15, colour=TEAL), printed=False, always=True
        )
        for title in titles
    ]


def _the_rest(zone: ZoneInfo) -> tuple[ReviewColumn, ...]:
    def first_seen(row: ExceptionRow) -> date:
        return row.first_seen.astimezone(zone).date()

    return (
        _behind("What was asked", 46, _asked, Kind.WRAPPED),
        _behind("Attempts", 11, lambda row: row.attempts or None, Kind.NUMBER),
        _behind("First seen", 12, first_seen, Kind.DATE),
        _behind("Similar items", 9, lambda row: row.similar or None, Kind.NUMBER),
        _behind("Bot", 13, lambda row: row.bot),
        _behind("Portal", 16, lambda row: row.portal),
        _behind("Team", 14, lambda row: row.team_name),
        _behind("Reason code", 24, lambda row: row.reason.value),
        ReviewColumn(
            heading=Heading(header=MARK, width=44, colour=SLATE),
            value=lambda row: row.mark,
            printed=False,
            hidden=True,
        ),
    )
