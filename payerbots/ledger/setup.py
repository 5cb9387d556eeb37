"""Makes Django ready, and connects it to a workspace's database. One process serves one workspace at a time."""

import os
from pathlib import Path
from typing import Any

import django
from django.conf import settings
from django.core.management import call_command
from django.db import connections

BUSY_SECONDS = 5.0


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


def connect(data: Path) -> None:
    """Uses `<data>/ledger.db` from now on, in every thread that has no connection yet; made and migrated."""
    connections["default"].close()
    del connections["default"]
    connections.settings["default"].update(_sqlite(str(data / "ledger.db")))
    call_command("migrate", verbosity=0, interactive=False)
    (data / "ledger.db").chmod(0o600)


def _sqlite(name: str) -> dict[str, Any]:
    return {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": name,
        "OPTIONS": {
            "timeout": BUSY_SECONDS,
            "transaction_mode": "IMMEDIATE",
            "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON;",
        },
    }
