"""Runs and items as people list them: numbers, states and reasons; nobody is named."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from payerbots.ledger.models import NEVER, Attempt, Audit, Evidence, Intent, Item, ItemKind, Run


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """Which items to list; an empty field does not restrict."""

    state: str = ""
    reason: str = ""
    portal: str = ""
    bot: str = ""
    run: int | None = None
    limit: int = 50


def items(wanted: Wanted) -> list[dict[str, Any]]:
    """The items that fit, the newest first."""
    found = Item.objects.exclude(kind=ItemKind.COLLECT)
    for name in ("state", "reason", "portal", "bot"):
        if value := getattr(wanted, name):
            found = found.filter(**{name: value})
    if wanted.run is not None:
        found = found.filter(asked_by__run=wanted.run).distinct()
    return [_item(one) for one in found.order_by("-pk")[: wanted.limit]]


def item(number: int) -> dict[str, Any] | None:
    """One item with its attempts, evidence and history; None where there is none."""
    found = Item.objects.filter(pk=number).exclude(kind=ItemKind.COLLECT).first()
    if found is None:
        return None
    tries = Attempt.objects.filter(item=found).order_by("number")
    kept = Evidence.objects.filter(item=found).order_by("pk")
    history = Audit.objects.filter(item=number).order_by("pk")
    acts = Intent.objects.filter(item=found).order_by("pk")
    return {
        **_item(found),
        "tries": [
            _columns(
                one, "number", "revision", "started_at", "ended_at", "outcome", "reason", "error", "note"
            )
            for one in tries
        ],
        "intents": [
            _columns(one, "action", "state", "confirmation", "intended_at", "act_before", "ended_at")
            for one in acts
        ],
        "evidence": [_columns(one, "attempt", "kind", "size", "created_at") for one in kept],
        "history": [_columns(one, "at", "actor", "action", "before", "after") for one in history],
    }


def runs(limit: int, bot: str = "", state: str = "") -> list[dict[str, Any]]:
    """The latest runs, of a bot or in a state."""
    found = Run.objects.filter(**{name: value for name, value in (("bot", bot), ("state", state)) if value})
    return [
        _columns(one, "id", "bot", "schedule", "state", "day", "created_at", "finished_at")
        for one in found.order_by("-pk")[:limit]
    ]


def _item(found: Item) -> dict[str, Any]:
    return _columns(
        found,
        "id",
        "bot",
        "portal",
        "state",
        "reason",
        "revision",
        "priority",
        "due_at",
        "not_before",
        "amount",
        "attempts",
        "created_at",
        "updated_at",
        "drift",
    )


def _columns(row: object, *names: str) -> dict[str, Any]:
    return {name: _shown(getattr(row, name)) for name in names}


def _shown(value: object) -> object:
    if value == NEVER:
        return None
    if isinstance(value, datetime):
        return value.isoformat(timespec="seconds")
    return dict(value) if isinstance(value, Mapping) else value
