"""The audit: written in the transaction of the change that it tells of."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from payerbots.ledger.models import Audit
from payerbots.ledger.records import Ledger


@dataclass(frozen=True)
class Change:
    """What was changed, `about` which `run`, `item` or `portal`. Values are states and numbers only."""

    about: Mapping[str, int | str] = field(default_factory=dict)
    before: Mapping[str, Any] = field(default_factory=dict)
    after: Mapping[str, Any] = field(default_factory=dict)


def notes(ledger: Ledger, actor: str, action: str, changes: Iterable[Change]) -> None:
    """Writes many changes of one kind at once, a row for each."""
    now = ledger.now()
    Audit.objects.bulk_create(
        Audit(at=now, actor=actor, action=action, before=dict(one.before), after=dict(one.after), **one.about)
        for one in changes
    )


def note(
    ledger: Ledger,
    actor: str,
    action: str,
    about: Mapping[str, int | str],
    *,
    before: dict[str, Any] | None = None,
    after: dict[str, Any] | None = None,
) -> int:
    """Writes who did what `about` which `run`, `item` or `portal`; the row's number.

    Values are states and numbers only.
    """
    row = Audit.objects.create(
        at=ledger.now(), actor=actor, action=action, before=before or {}, after=after or {}, **about
    )
    return row.pk
