"""Open exceptions for a terminal and for programs: numbers, reasons and money; nobody is named."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from payerbots.documents.workbook.rows import ExceptionRow
from payerbots.domain.review import About
from payerbots.engine.desk import Desk
from payerbots.errors import ConfigError, DecisionRefused
from payerbots.ledger import cases, subjects
from payerbots.reasons import text_of
from payerbots.review.collecting import collect


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """Which exceptions; an empty field does not restrict. `due_within` counts days, `older_than` business days."""

    team: str = ""
    bot: str = ""
    portal: str = ""
    reason: str = ""
    older_than: int | None = None
    dollars_from: Decimal | None = None
    due_within: int | None = None
    assigned_to: str = ""
    pended: bool = False

    def fits(self, row: ExceptionRow, day: date) -> bool:
        """Whether it is one of them."""
        same = (
            (self.team, row.team_name),
            (self.bot, row.bot),
            (self.portal, row.portal),
            (self.reason, row.reason.value),
            (self.assigned_to.casefold(), row.assignee.casefold()),
        )
        if any(wanted and wanted != found for wanted, found in same):
            return False
        if self.older_than is not None and row.age <= self.older_than:
            return False
        if self.dollars_from is not None and (row.dollars or Decimal(0)) < self.dollars_from:
            return False
        soon = day + timedelta(days=self.due_within) if self.due_within is not None else None
        return soon is None or (row.due is not None and row.due <= soon)


def listed(desk: Desk, day: date, wanted: Wanted) -> list[dict[str, Any]]:
    """The exceptions that fit, the most urgent first."""
    found = collect(desk, day)
    rows: Sequence[ExceptionRow] = found.pended if wanted.pended else found.rows
    return [_plain(row) for row in rows if wanted.fits(row, day)]


def _plain(row: ExceptionRow) -> dict[str, Any]:
    return {
        "item": row.item,
        "team": row.team_name,
        "bot": row.bot,
        "portal": row.portal,
        "payer": row.payer,
        "reason": row.reason.value,
        "dollars": None if row.dollars is None else f"{row.dollars:.2f}",
        "age": row.age,
        "due": row.due.isoformat() if row.due else None,
        "attempts": row.attempts,
        "failures": row.failures,
        "assigned_to": row.assignee or None,
        "similar": row.similar,
    }


def shown(desk: Desk, day: date, label: str) -> dict[str, Any]:
    """One exception with what it means and what has been decided on it, open or not. `ConfigError` for none."""
    about = about_of(label)
    try:
        subject = desk.ask(lambda: subjects.look(about))
    except DecisionRefused as error:
        raise ConfigError(str(error)) from None
    found = collect(desk, day)
    row = next((one for one in [*found.rows, *found.pended] if one.item == str(about)), None)
    past = desk.ask(lambda: cases.decisions_on(desk.ledger, about))
    told = _plain(row) if row else {"item": str(about), "reason": subject.reason or None}
    words = {"means": text_of(row.reason).means, "advice": row.advice} if row else {}
    return {
        **told,
        **words,
        "open": row is not None,
        "can_be_corrected": list(row.asked) if row else [],
        "decisions": [
            {
                "number": one.number,
                "decision": one.decision,
                "state": one.state,
                "by": one.by,
                "at": one.at.isoformat(timespec="seconds"),
                "reason": one.reason,
                **one.terms,
            }
            for one in past
        ],
    }


def about_of(label: str) -> About:
    """What a label names. `ConfigError` for one that names nothing."""
    try:
        return About.read(label)
    except ValueError as error:
        raise ConfigError(f"found {label!r}, expected {error}") from None
