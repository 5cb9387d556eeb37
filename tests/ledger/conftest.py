"""A fresh ledger for each test."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.db import connections

from payerbots.ledger.records import Ledger
from payerbots.ledger.setup import connect
from tests.ledger.desk import KEYS, Clock, Desk


@pytest.fixture(scope="session")
def empty_ledger(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated database without rows, to copy: migrating takes longer than most tests."""
    folder = tmp_path_factory.mktemp("ledger")
    connect(folder)
    connections.close_all()
    return folder / "ledger.db"


@pytest.fixture
def desk(empty_ledger: Path, tmp_path: Path) -> Iterator[Desk]:
    shutil.copy(empty_ledger, tmp_path / "ledger.db")
    connect(tmp_path)
    clock = Clock()
    yield Desk(Ledger(KEYS, clock), clock, tmp_path)
    connections.close_all()
