"""The database thread: what happens while the database is locked or gone."""

import sqlite3
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.db import OperationalError

from payerbots.engine.database import Database
from payerbots.ledger.models import Run
from payerbots.ledger.setup import connect
from tests.support import LoopThread


@pytest.fixture
def database() -> Iterator[Database]:
    database = Database(patience=5)
    yield database
    database.close()


class Flaky:
    """A ledger function that fails some times before it works."""

    def __init__(self, failures: int, error: type[Exception]) -> None:
        self.left, self.error = failures, error

    def __call__(self) -> str:
        if self.left:
            self.left -= 1
            raise self.error("gone")
        return "written"


def test_a_database_that_was_gone_is_asked_again(database: Database, loop_thread: LoopThread) -> None:
    assert loop_thread.run(database(Flaky(3, OperationalError))) == "written"


def test_another_error_is_not_tried_again(database: Database, loop_thread: LoopThread) -> None:
    flaky = Flaky(1, ValueError)
    with pytest.raises(ValueError, match="gone"):
        loop_thread.run(database(flaky))
    assert flaky.left == 0


def test_a_database_that_stays_away_is_told_in_the_end(loop_thread: LoopThread) -> None:
    impatient = Database(patience=0.3)
    with pytest.raises(OperationalError):
        loop_thread.run(impatient(Flaky(99, OperationalError)))
    impatient.close()


def test_a_lock_held_by_another_program_is_waited_for(
    database: Database, loop_thread: LoopThread, tmp_path: Path
) -> None:
    connect(tmp_path)
    other = sqlite3.connect(tmp_path / "ledger.db", check_same_thread=False, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    release = threading.Timer(0.5, lambda: other.execute("COMMIT"))
    release.start()
    assert loop_thread.run(database(Run.objects.filter(pk=1).update, state="done")) == 0
    release.join()
    other.close()
