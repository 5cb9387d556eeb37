"""Bringing everything that is sealed in the ledger under the first key, while workers go on."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.db import transaction
from django.db.models import Model

from payerbots.errors import KeyUnknown
from payerbots.keys import Keys
from payerbots.ledger.columns import SEALED

_BATCH = 200


@dataclass(frozen=True, kw_only=True)
class Resealed:
    """What a pass came to: values brought under the first key, those that were, and those that no key opens."""

    changed: int = 0
    already: int = 0
    unknown: int = 0

    def __add__(self, other: "Resealed") -> "Resealed":
        return Resealed(
            changed=self.changed + other.changed,
            already=self.already + other.already,
            unknown=self.unknown + other.unknown,
        )


def columns() -> list[tuple[type[Model], str]]:
    """Every sealed column: its table and name."""
    split = (name.split(".") for name in sorted(SEALED))
    return [(apps.get_model("ledger", table), column) for table, column in split]


def reseal(keys: Keys) -> Resealed:
    """One pass over all sealed columns. A value that a worker writes meanwhile is left as it writes it.

    What no key opens stays as it is and is counted: put the former key back and run it again.
    """
    return sum((_column(keys, model, name) for model, name in columns()), Resealed())


def sealed_with(keys: Keys) -> Counter[str]:
    """How many values each key seals, by its fingerprint; `unknown` for those that none opens."""
    found: Counter[str] = Counter()
    for model, column in columns():
        for _, token in _values(model, column):
            found[keys.whose(token)] += 1
    return found


def _column(keys: Keys, model: type[Model], column: str) -> Resealed:
    total = Resealed()
    for number, token in _values(model, column):
        total += _value(keys, model, column, (number, token))
    return total


def _value(keys: Keys, model: type[Model], column: str, held: tuple[int, bytes]) -> Resealed:
    number, token = held
    try:
        fresh = keys.resealed(token)
    except KeyUnknown:
        return Resealed(unknown=1)
    if fresh is None:
        return Resealed(already=1)
    with transaction.atomic():
        rows: Any = model._default_manager  # noqa: SLF001 - Django's public name for a model's manager
        same = rows.filter(**{"pk": number, column: token})
        return Resealed(changed=same.update(**{column: fresh}))


def _values(model: type[Model], column: str) -> Iterator[tuple[int, bytes]]:
    """Numbers and values of a column, batch by batch, so that no statement stays open."""
    rows: Any = model._default_manager  # noqa: SLF001 - as above
    last = 0
    while True:
        found = rows.filter(pk__gt=last).exclude(**{column: None}).order_by("pk")
        batch = list(found.values_list("pk", column)[:_BATCH])
        if not batch:
            return
        for number, token in batch:
            yield number, bytes(token)
        last = batch[-1][0]
