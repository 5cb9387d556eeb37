"""The exceptions workbook as part of a bot's delivery."""

from typing import Any

from payerbots.engine.contract import Delivered, FinishedRun
from payerbots.review.exporting import export


def review_delivery(run: FinishedRun[Any, Any, Any]) -> Delivered:
    """Brings `exceptions-DATE.xlsx` up to date: all that needs a person, of this bot and the others."""
    made = export(run.desk, run.context.out, run.context.day, held=run.held)
    return Delivered(what="exceptions", path=made.path, note=made.note)
