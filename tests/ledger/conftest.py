"""A fresh ledger for each test, on SQLite and on PostgreSQL."""

import shutil
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest
from django.db import connections

from payerbots.ledger.records import Ledger
from payerbots.ledger.setup import connect
from tests.databases import POSTGRES, SQLITE, empty, set_clock
from tests.ledger.desk import KEYS, Clock, Desk


@pytest.fixture(scope="session")
def empty_ledger(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated database without rows, to copy: migrating takes longer than most tests."""
    folder = tmp_path_factory.mktemp("ledger")
    connect(folder)
    connections.close_all()
    return folder / "ledger.db"


@pytest.fixture(params=[SQLITE, POSTGRES])
def desk(request: pytest.FixtureRequest) -> Iterator[Desk]:
    """A ledger whose clock stands still, on each of the two databases."""
    yield request.getfixturevalue(f"{request.param}_desk")
    connections.close_all()


@pytest.fixture
def sqlite_desk(empty_ledger: Path, tmp_path: Path) -> Iterator[Desk]:
    shutil.copy(empty_ledger, tmp_path / "ledger.db")
    connect(tmp_path)
    clock = Clock()
    yield Desk(Ledger(KEYS, clock), clock, tmp_path)
    connections.close_all()


@pytest.fixture
def postgres_desk(postgres_url: str, tmp_path: Path) -> Iterator[Desk]:
    connect(tmp_path, postgres_url)
    empty(postgres_url)

    def moved(now: datetime) -> None:
        set_clock(postgres_url, now)

    clock = Clock(moved=moved)
    yield Desk(Ledger(KEYS), clock, tmp_path, url=postgres_url)
    set_clock(postgres_url, None)
    connections.close_all()
