"""A portal that was not used to the end, as a row of the exceptions."""

from payerbots.documents.workbook.rows import ExceptionRow
from payerbots.engine.contract import PortalHeld


def held_row(held: PortalHeld) -> ExceptionRow:
    """The row of one portal."""
    return ExceptionRow(
        item=f"portal {held.portal}",
        reason=held.reason,
        first_seen=held.since,
        portal=held.portal,
        detail=f"{_what_to_do(held)}; {held.waiting} items wait for it.",
        payer=held.title,
        similar=held.waiting,
    )


def _what_to_do(held: PortalHeld) -> str:
    if held.stopped:
        return until_resumed(held.title, held.portal)
    return f"{held.title} was not asked to the end in this run: run it again"


def until_resumed(title: str, name: str) -> str:
    """What a stopped portal waits for."""
    return f"{title} is not used until `payerbots portals resume {name}`"
