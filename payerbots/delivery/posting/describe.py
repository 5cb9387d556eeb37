"""Files of money that need a person, as those who decide on them know them."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from payerbots.delivery.posting.asks import MoneyAnswer, RemittanceAsk, Unusable
from payerbots.delivery.posting.troubles import OPEN, Troubles
from payerbots.delivery.posting.view import MoneyView
from payerbots.engine.contract import Answered, Concluding, Described
from payerbots.portals.capabilities import BankFile


def describe(row: Answered[Any, MoneyAnswer, Any]) -> Described:
    """Which file it is, and what in it cannot be used."""
    file, dollars = _file(row.request)
    unusable: Sequence[Unusable] = row.answer.unusable if row.answer else ()
    parts = [f"{one.where}: {one.what}" for one in unusable] or [row.note]
    lost = sum((one.dollars for one in unusable if one.dollars), Decimal(0))
    return Described(
        detail=": ".join(part for part in (file, "; ".join(parts)) if part),
        dollars=lost or dollars,
    )


def over(waiting: Sequence[Answered[Any, MoneyAnswer, Any]], known: Concluding) -> set[int]:
    """Files whose payments have all come by another one, or that the bank has replaced since."""
    troubled = {one.item for one in Troubles(MoneyView(known.context, known.facts)).all()}
    looked_at = {row.item for row in waiting if row.state in OPEN and row.unreadable is None}
    return looked_at - troubled


def _file(request: object) -> tuple[str, Decimal | None]:
    """Its name, and the money that it was listed with."""
    if isinstance(request, BankFile):
        return request.name, None
    if isinstance(request, RemittanceAsk):
        listed = request.listed
        name = request.path.replace("\\", "/").rpartition("/")[2]
        return (listed.number, listed.amount) if listed else (name, None)
    return "", None
