"""A ledger that an earlier version made opens with this one; one that a later version made is refused."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection, connections
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.loader import MigrationLoader

from payerbots.errors import ConfigError
from payerbots.ledger import items, setup
from payerbots.ledger.models import NEVER, Item
from payerbots.ledger.records import Ledger
from tests.databases import POSTGRES, SQLITE, own_database
from tests.ledger.desk import KEYS, search

EARLIER = sorted(name for app, name in MigrationLoader(None).disk_migrations if app == "ledger")


@pytest.fixture(params=[SQLITE, POSTGRES])
def url(request: pytest.FixtureRequest) -> Iterator[str | None]:
    """Where an empty database is; None is a file in the data folder."""
    if request.param == SQLITE:
        yield None
    else:
        yield own_database(request.getfixturevalue("postgres_url"), "payerbots_earlier")
    connections.close_all()


@pytest.mark.parametrize("migration", EARLIER)
def test_an_earlier_ledger_opens_and_goes_on(tmp_path: Path, url: str | None, migration: str) -> None:
    setup.use(tmp_path, url)
    call_command("migrate", "ledger", migration, verbosity=0)
    _insert_item(migration)
    connections.close_all()
    setup.connect(tmp_path, url)
    item = Item.objects.get(reference="old")
    assert item.due_at == NEVER
    claim = items.claim(Ledger(KEYS), search(bots=["old"]))
    assert claim is not None
    assert (claim.item, claim.request) == (item.pk, b"asked")


def _insert_item(migration: str) -> None:
    """An item as that version's code wrote it."""
    state = MigrationExecutor(connection).loader.project_state(("ledger", migration))
    old: Any = state.apps.get_model("ledger", "Item")
    now = Ledger(KEYS).clock()
    values = {"bot": "old", "reference": "old", "portal": "summit", "request_sealed": KEYS.seal(b"asked")}
    old.objects.create(**values, created_at=now, updated_at=now)


def test_a_later_ledger_is_refused(tmp_path: Path, url: str | None) -> None:
    setup.connect(tmp_path, url)
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO django_migrations (app, name, applied) VALUES ('ledger', '0999_later', '2030-01-01')"
        )
    with pytest.raises(ConfigError, match="made by a newer payerbots"):
        setup.connect(tmp_path, url)


def test_an_address_of_another_kind_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="found mysql://…, allowed: postgresql://"):
        setup.connect(tmp_path, "mysql://user:canary@host/name")
