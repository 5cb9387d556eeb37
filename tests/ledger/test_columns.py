"""Every column is known to be clear or sealed: a new one makes these tests fail until somebody has thought."""

from django.apps import apps
from django.db import models

from payerbots.ledger.columns import CLEAR, SEALED


def _columns() -> dict[str, "models.Field[object, object]"]:
    return {
        f"{model.__name__}.{column.name}": column
        for model in apps.get_app_config("ledger").get_models()
        for column in model._meta.concrete_fields
    }


def test_every_column_is_classified() -> None:
    assert set(_columns()) == CLEAR | SEALED


def test_no_column_is_both() -> None:
    assert frozenset() == CLEAR & SEALED


def test_sealed_columns_hold_bytes_and_say_so() -> None:
    columns = _columns()
    assert all(isinstance(columns[name], models.BinaryField) for name in SEALED)
    assert all(name.endswith("_sealed") for name in SEALED)


def test_no_clear_column_holds_bytes_or_is_named_like_a_sealed_one() -> None:
    columns = _columns()
    assert not any(isinstance(columns[name], models.BinaryField) for name in CLEAR)
    assert not any(name.endswith("_sealed") for name in CLEAR)
