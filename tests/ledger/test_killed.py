"""A worker is killed between keeping a file and committing its outcome: nothing is lost, nothing comes twice."""

import multiprocessing
import os
import signal
from datetime import datetime
from pathlib import Path
from typing import Any
from unittest import mock

from payerbots.keys import Keys
from payerbots.ledger import items, money_views, outbox
from payerbots.ledger.filestore import FileStore
from payerbots.ledger.models import File, Payment
from payerbots.ledger.money_views import Which
from payerbots.ledger.records import Claim, Ledger
from payerbots.ledger.setup import connect
from tests.ledger.desk import KEYS, LEASE, SECOND, Desk, new_item
from tests.ledger.money import CONTENT, a_deposit, a_payment, ending, sha

_CONTEXT = multiprocessing.get_context("forkserver")
_CONTEXT.set_forkserver_preload(["tests.ledger.money"])


def finish_and_die(folder: Path, url: str | None, sealing: str, now: datetime, claim: Claim) -> None:
    """The life of a worker that is killed when its outcome is written and not committed."""
    connect(folder, url)
    keys = Keys((sealing,), KEYS.index, "a test")
    FileStore(keys, folder / "files").keep(CONTENT)

    def dies(*_: Any) -> None:
        assert Payment.objects.exists()
        os.kill(os.getpid(), signal.SIGKILL)

    with mock.patch.object(outbox, "write", dies):
        items.finish(Ledger(keys, lambda: now), claim, ending(a_payment(), a_deposit()))


def test_what_a_killed_worker_found_is_found_once_by_the_next(desk: Desk) -> None:
    (desk.folder / "files").mkdir()
    desk.fill(new_item(1))
    lost = desk.claimed("lost")
    life = (desk.folder, desk.url, KEYS.sealing[0], desk.clock.now, lost)
    process = _CONTEXT.Process(target=finish_and_die, args=life)
    process.start()
    process.join(60)
    assert process.exitcode == -signal.SIGKILL
    assert (desk.item(lost).state, File.objects.count(), Payment.objects.count()) == ("running", 0, 0)
    desk.clock.forward(LEASE + SECOND)
    items.take_back_expired(desk.ledger)
    store = FileStore(KEYS, desk.folder / "files")
    assert store.keep(CONTENT) == sha()
    desk.finish(desk.claimed("next"), ending(a_payment(), a_deposit()))
    assert [one.trace for one in money_views.payments(Which())] == ["T1"]
    assert len(list(store.files())) == File.objects.count() == 1
    with store.open(sha()) as stream:
        assert stream.read() == CONTENT
