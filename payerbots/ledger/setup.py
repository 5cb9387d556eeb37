"""Makes Django ready, and connects it to a workspace's database. One process serves one workspace at a time."""

import os
import time
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

import django
from django.conf import settings
from django.core.management import call_command
from django.db import DatabaseError, connection, connections
from django.db.migrations.executor import MigrationExecutor

from payerbots.errors import ConfigError

BUSY_SECONDS = 5.0
_MIGRATING_SECONDS = 60.0


def configure() -> None:
    """Django with the ledger's tables and no database yet; left alone where a tool brings its own settings."""
    if settings.configured or "DJANGO_SETTINGS_MODULE" in os.environ:
        return
    settings.configure(
        INSTALLED_APPS=["payerbots.ledger.apps.LedgerConfig"],
        DATABASES={"default": _sqlite(":memory:")},
        USE_TZ=True,
        TIME_ZONE="UTC",
    )
    django.setup()


def connect(data: Path, url: str | None = None, lease: float = 60.0) -> None:
    """Uses a database from now on, in every thread that has no connection yet; made ready and migrated.

    `url` (`postgresql://user:password@host/name`) names a PostgreSQL; without it the database is the file
    `<data>/ledger.db`. `lease` is the length of the leases in seconds: no transaction may sit still for
    longer than half of it. `ConfigError` for another kind of address, or for a database that is newer than
    this code.
    """
    use(data, url, lease)
    _migrate()
    if not url:
        (data / "ledger.db").chmod(0o600)


def use(data: Path, url: str | None = None, lease: float = 60.0) -> None:
    """As `connect`, but leaves the tables as they are."""
    connections["default"].close()
    del connections["default"]
    chosen = _postgres(url, lease) if url else _sqlite(str(data / "ledger.db"))
    connections.settings["default"].update({**_NOTHING, **chosen})


def _migrate() -> None:
    """Brings the tables up to date. Several processes may start at once: the others wait for the first."""
    until = time.monotonic() + _MIGRATING_SECONDS
    while _is_behind():
        try:
            call_command("migrate", verbosity=0, interactive=False)
        except DatabaseError:
            connections.close_all()
            if time.monotonic() > until or not _is_behind():
                if _is_behind():
                    raise
                return
            time.sleep(0.2)


def _is_behind() -> bool:
    executor = MigrationExecutor(connection)
    known = set(executor.loader.disk_migrations)
    newer = {name for app, name in executor.loader.applied_migrations if app == "ledger"}
    newer -= {name for app, name in known if app == "ledger"}
    if newer:
        raise ConfigError(f"the ledger was made by a newer payerbots ({min(newer)}): install that one here")
    return bool(executor.migration_plan(executor.loader.graph.leaf_nodes()))


_NOTHING = {"USER": "", "PASSWORD": "", "HOST": "", "PORT": "", "OPTIONS": {}}


def _sqlite(name: str) -> dict[str, Any]:
    return {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": name,
        "CONN_MAX_AGE": None,  # the last one that closes a file in WAL mode locks it meanwhile
        "OPTIONS": {
            "timeout": BUSY_SECONDS,
            "transaction_mode": "IMMEDIATE",
            "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON;",
        },
    }


def _postgres(url: str, lease: float) -> dict[str, Any]:
    parts = urlsplit(url)
    if parts.scheme not in {"postgresql", "postgres"} or not parts.path.strip("/"):
        raise ConfigError(
            f"PAYERBOTS_DATABASE_URL: found {parts.scheme or 'no'}://…, allowed: postgresql://user:password@host/name"
        )
    asked = dict(parse_qsl(parts.query))
    half = int(min(20.0, lease / 2) * 1000)
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.strip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": asked.pop("host", None) or parts.hostname or "",
        "PORT": str(parts.port or ""),
        "CONN_MAX_AGE": None,
        "OPTIONS": {
            "connect_timeout": 5,
            "keepalives_idle": 5,
            "keepalives_interval": 3,
            "keepalives_count": 3,
            "tcp_user_timeout": 15_000,
            "options": f"-c idle_in_transaction_session_timeout={half} -c lock_timeout={half}"
            f" -c statement_timeout=30000",
            **asked,
        },
    }
