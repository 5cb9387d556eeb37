"""A fresh ledger for each test of the schedule, on SQLite and on PostgreSQL, as the ledger's own tests have it."""

from tests.ledger.conftest import (  # noqa: F401 - fixtures are found by their names
    desk,
    empty_ledger,
    postgres_desk,
    sqlite_desk,
)
