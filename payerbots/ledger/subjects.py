"""What a decision is about, as it stands now: an item, a payment, a deposit, a concern."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import Model

from payerbots.domain.review import About, Kind
from payerbots.errors import DecisionRefused
from payerbots.ledger.models import Concern, Deposit, Item, ItemKind, ItemState, MoneyState, Payment

Row = Item | Payment | Deposit | Concern
ENDED_BADLY = (ItemState.EXCEPTION, ItemState.PARKED, ItemState.ABANDONED)
"""States of an item that needs a person."""

KINDS = tuple(Kind)
_MODELS: Mapping[Kind, type[Model]] = {
    Kind.ITEM: Item,
    Kind.PAYMENT: Payment,
    Kind.DEPOSIT: Deposit,
    Kind.CONCERN: Concern,
}


@dataclass(frozen=True)
class Subject:
    """What a decision is about, and its row. `mark` says how it stands: it changes whenever that does."""

    about: About
    row: Any

    @property
    def mark(self) -> str:
        """How it stands; an item's is its revision."""
        return mark_of(self.row)

    @property
    def reason(self) -> str:
        """Why it needs a person."""
        return str(self.row.reason)

    @property
    def dollars(self) -> Decimal | None:
        """The money in question, where it is known."""
        found: Decimal | None = self.row.amount if isinstance(self.row, Item) else self.row.dollars
        return found

    @property
    def is_open(self) -> bool:
        """Whether it needs a person as it stands."""
        if isinstance(self.row, Item):
            return self.row.state in ENDED_BADLY
        if isinstance(self.row, Concern):
            return self.row.over_at is None
        return bool(self.row.state == MoneyState.EXCEPTION)

    @property
    def item(self) -> int:
        """The item that found it, or that it is."""
        if isinstance(self.row, Item):
            return self.row.pk
        return int(self.row.payment.item_id if isinstance(self.row, Concern) else self.row.item_id)


def mark_of(row: Row) -> str:
    """How something stands, in a few letters."""
    if isinstance(row, Item):
        return f"r{row.revision}"
    told = f"{row.reason}|{row.dollars:.2f}|{row.stood_at.isoformat() if row.stood_at else ''}"
    return hashlib.sha256(told.encode()).hexdigest()[:10]


def look(about: About) -> Subject:
    """What this is about now. `DecisionRefused` when there is no such thing."""
    manager: Any = _MODELS[about.kind]._default_manager  # noqa: SLF001 - Django's public name for a model's manager
    found = manager.filter(pk=about.number).first()
    if found is None or (isinstance(found, Item) and found.kind == ItemKind.COLLECT):
        raise DecisionRefused(f"there is no {about.kind} {about.number}")
    return Subject(about, found)
