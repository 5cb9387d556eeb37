"""A fresh ledger for each test of daily operation, as the ledger's own tests have it."""

from tests.ledger.conftest import (  # noqa: F401 - fixtures are found by their names
    desk,
    empty_ledger,
    postgres_desk,
    sqlite_desk,
)
