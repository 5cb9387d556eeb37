"""What SQLite and PostgreSQL do differently: the clock, and the two statements that every item goes through.

On PostgreSQL a claim and a finish are one statement each, because a round trip and the ORM's own work cost
more than the database's; and the time is the database's, `payerbots_now()`, made by a migration.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, cast

from django.db import connection
from django.db.models import Field, Model

Rows = list[tuple[Any, ...]]


def is_postgres() -> bool:
    """Whether the ledger is on PostgreSQL."""
    return connection.vendor == "postgresql"


def now() -> datetime | None:
    """The database's time; None where this machine's clock is the one that counts."""
    if not is_postgres():
        return None
    found: datetime = run("SELECT payerbots_now()", {})[0][0]
    return found


def run(sql: str, values: Mapping[str, Any]) -> Rows:
    """The rows that a statement gives. Parameters are named: `%(name)s`."""
    with connection.cursor() as cursor:
        cursor.execute(sql, dict(values))
        return cursor.fetchall() if cursor.description else []


def update(rows: Sequence[Model], names: Sequence[str]) -> None:
    """Writes these columns of many rows of one table: ten times as fast as Django's own way."""
    if not rows:
        return
    table = rows[0]._meta  # noqa: SLF001 - Django's public name for what a model is
    columns = [cast("Field[Any, Any]", table.get_field(name)) for name in names]
    sets = ", ".join(f"{column.column} = %s" for column in columns)
    values = [
        [*(column.get_db_prep_save(getattr(row, column.attname), connection) for column in columns), row.pk]
        for row in rows
    ]
    with connection.cursor() as cursor:
        cursor.executemany(f"UPDATE {table.db_table} SET {sets} WHERE id = %s", values)  # noqa: S608 - our own names, values are parameters


def moment(at: datetime | None) -> Any:  # noqa: ANN401 - each database has its own form of a time
    """A time as the database keeps it."""
    return None if at is None else connection.ops.adapt_datetimefield_value(at)


def among(name: str, values: Sequence[str]) -> tuple[str, dict[str, str]]:
    """`IN (…)` for a list of any length, with its parameters."""
    named = {f"{name}_{number}": value for number, value in enumerate(values)}
    marks = ", ".join(f"%({key})s" for key in named) or "NULL"
    return f"IN ({marks})", named
