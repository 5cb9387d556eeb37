"""Every column is known to be clear or sealed: a new one makes these tests fail until somebody has thought."""

from pathlib import Path

from django.apps import AppConfig, apps
from django.db import connection, models
from django.test.utils import isolate_apps

from payerbots.ledger.columns import CLEAR, SEALED
from payerbots.ledger.setup import connect

LEDGER = "ledger"


def _models(app: AppConfig) -> "list[type[models.Model]]":
    """The models of the ledger, and those that Django makes for fields between two of them."""
    return list(app.get_models(include_auto_created=True))


def _columns(app: AppConfig) -> dict[str, "models.Field[object, object]"]:
    return {
        f"{model.__name__}.{column.name}": column
        for model in _models(app)
        for column in model._meta.concrete_fields
    }


def _unclassified(app: AppConfig) -> set[str]:
    return set(_columns(app)) - CLEAR - SEALED


def test_every_column_is_classified() -> None:
    assert _unclassified(apps.get_app_config(LEDGER)) == set()


def test_no_column_is_classified_that_is_not_there() -> None:
    assert (CLEAR | SEALED) - set(_columns(apps.get_app_config(LEDGER))) == set()


def test_a_column_that_nobody_has_thought_of_is_found() -> None:
    with isolate_apps("payerbots.ledger") as made:

        class Patient(models.Model):
            name = models.TextField()

            class Meta:
                app_label = LEDGER

        class Run(models.Model):
            note = models.TextField()
            about = models.ManyToManyField(Patient)

            class Meta:
                app_label = LEDGER

        assert made is not None
        found = _unclassified(made.get_app_config(LEDGER))
    between = {"Run_about.id", "Run_about.run", "Run_about.patient"}
    assert found == {"Patient.id", "Patient.name", "Run.note", *between}


def test_the_database_has_no_table_or_column_that_no_model_has(tmp_path: Path) -> None:
    connect(tmp_path)
    known = {
        model._meta.db_table: {column.column for column in model._meta.concrete_fields}
        for model in _models(apps.get_app_config(LEDGER))
    }
    with connection.cursor() as cursor:
        tables = set(connection.introspection.table_names(cursor)) - {"django_migrations"}
        there = {
            name: {column.name for column in connection.introspection.get_table_description(cursor, name)}
            for name in tables
        }
    assert there == known


def test_no_column_is_both() -> None:
    assert frozenset() == CLEAR & SEALED


def test_sealed_columns_hold_bytes_and_say_so() -> None:
    columns = _columns(apps.get_app_config(LEDGER))
    assert all(isinstance(columns[name], models.BinaryField) for name in SEALED)
    assert all(name.endswith("_sealed") for name in SEALED)


def test_no_clear_column_holds_bytes_or_is_named_like_a_sealed_one() -> None:
    columns = _columns(apps.get_app_config(LEDGER))
    assert not any(isinstance(columns[name], models.BinaryField) for name in CLEAR)
    assert not any(name.endswith("_sealed") for name in CLEAR)
