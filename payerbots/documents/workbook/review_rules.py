"""Drop-downs, prompts and colours of a team's sheet: what guides a person who fills it in."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from openpyxl.formatting.rule import Rule
from openpyxl.styles import Border, Font, PatternFill, Side
from openpyxl.styles.differential import DifferentialStyle
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from payerbots.documents.workbook.look import LINE
from payerbots.documents.workbook.review_columns import FILL_IN, ReviewColumn
from payerbots.domain.decisions import Decision
from payerbots.domain.review import takes

OLD, VERY_OLD = 3, 8
"""Ages in business days from which they are coloured."""
AT_RISK = timedelta(days=15)
"""Before a due date: FILING_AT_RISK of REASONS."""
_ROOM, _MISSING, _NO_ROOM = "FFFBEA", "F7C5BE", "E6EAED"
_AMBER, _RED = ("7A4B00", "FCEBCB"), ("8A2A20", "F7DDD9")
_LINE = Side(style="thin", color=LINE)
_UNDER = Border(bottom=_LINE)
_AROUND = Border(left=_LINE, right=_LINE, bottom=_LINE)
"""On paper a decision is written into a box."""
_ARGUMENT = {"amount": "amount", "code": "code", "until": "until", "to": ("other", "assignee", "team")}


@dataclass(frozen=True, kw_only=True)
class Places:
    """A sheet, its columns, its last row, and the rows on which nothing can be decided."""

    sheet: Worksheet
    columns: Sequence[ReviewColumn]
    last: int
    locked: Sequence[int] = ()

    def letter(self, header: str) -> str:
        """The letter of a column."""
        return get_column_letter([column.header for column in self.columns].index(header) + 1)

    def span(self, header: str) -> str:
        """A column's cells below its header."""
        letter = self.letter(header)
        return f"{letter}2:{letter}{max(self.last, 2)}"


def colour(places: Places, day: date) -> None:
    """Ages, due dates, what a decision lacks, room to fill in, and lines between rows."""
    _colour_age(places, day)
    filled = [
        get_column_letter(index) for index, column in enumerate(places.columns, start=1) if not column.value
    ]
    first, last = filled[0], filled[-1]
    for number in places.locked:
        _add(places, f"{first}{number}:{last}{number}", "TRUE", _fill(_NO_ROOM))
    _colour_missing(places)
    _add(places, f"{first}2:{last}{places.last}", "TRUE", _fill(_ROOM))
    end = get_column_letter(len(places.columns))
    _add(places, f"A2:{end}{places.last}", "TRUE", DifferentialStyle(border=_UNDER))


def _colour_age(places: Places, day: date) -> None:
    age, due = places.span("Age (business days)"), places.span("Due")
    at, soon = age.split(":")[0], due.split(":")[0]
    risky = day + AT_RISK
    _add(places, age, f"{at}>={VERY_OLD}", _ink(_RED))
    _add(places, age, f"{at}>={OLD}", _ink(_AMBER))
    limit = f"DATE({risky.year},{risky.month},{risky.day})"
    _add(places, due, f"AND(ISNUMBER({soon}),{soon}<={limit})", _ink(_RED))


def _colour_missing(places: Places) -> None:
    """A cell that the decision needs and that is empty stands out."""
    decision = f"${places.letter(FILL_IN['decision'])}2"
    for name, terms in _ARGUMENT.items():
        wanted = {terms} if isinstance(terms, str) else {*terms}
        asking = [one for one in Decision if takes(one) & wanted]
        cell = f"{places.letter(FILL_IN[name])}2"
        either = ",".join(f'{decision}="{one.value}"' for one in asking)
        _add(places, places.span(FILL_IN[name]), f'AND(OR({either}),{cell}="")', _fill(_MISSING))
    cell = f"{places.letter(FILL_IN['by'])}2"
    _add(places, places.span(FILL_IN["by"]), f'AND({decision}<>"",{cell}="")', _fill(_MISSING))


def _add(places: Places, reference: str, formula: str, look: DifferentialStyle) -> None:
    rule = Rule(type="expression", formula=[formula], dxf=look)
    places.sheet.conditional_formatting.add(reference, rule)


def _fill(ground: str) -> DifferentialStyle:
    return DifferentialStyle(fill=PatternFill("solid", bgColor=ground), border=_AROUND)


def _ink(colours: tuple[str, str]) -> DifferentialStyle:
    ink, ground = colours
    return DifferentialStyle(
        font=Font(bold=True, color=ink), fill=PatternFill("solid", bgColor=ground), border=_UNDER
    )


def ask_for_decisions(places: Places) -> None:
    """Offer the list of decisions, and say what goes where."""
    words = ",".join(decision.value for decision in Decision)
    _validate(places, "decision", type="list", formula1=f'"{words}"', error="Choose one of the list.")
    _validate(
        places,
        "amount",
        type="decimal",
        operator="greaterThan",
        formula1="0",
        error="An amount in dollars, for a write-off.",
    )
    _validate(
        places,
        "until",
        type="date",
        operator="greaterThan",
        formula1="36526",
        error="A date after today, for `pend until`.",
    )
    _prompt(places, "code", "write off: the adjustment code of your billing system")
    _prompt(places, "to", "duplicate of: the other item · assign to: a person · not mine: the team")
    _prompt(places, "by", "Your name or initials. A decision without them is not taken.")


def _validate(places: Places, name: str, *, error: str, **rule: Any) -> None:  # noqa: ANN401 - as openpyxl takes them
    asked = DataValidation(
        allow_blank=True, showErrorMessage=True, errorTitle=FILL_IN[name], error=error, **rule
    )
    _put(places, name, asked)


def _prompt(places: Places, name: str, text: str) -> None:
    asked = DataValidation(
        allow_blank=True, showInputMessage=True, promptTitle=FILL_IN[name], prompt=text, type=None
    )
    _put(places, name, asked)


def _put(places: Places, name: str, asked: DataValidation) -> None:
    asked.add(places.span(FILL_IN[name]))
    places.sheet.add_data_validation(asked)
