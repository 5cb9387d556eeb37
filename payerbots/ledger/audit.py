"""The audit: written in the transaction of the change that it tells of."""

from collections.abc import Mapping
from typing import Any

from payerbots.ledger.models import Audit
from payerbots.ledger.records import Ledger


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
