"""Workers of the rejections bot are killed at random moments, and the clearinghouse misbehaves: no claim is sent twice.

The clearinghouse is the practice one, in real browsers. It counts every submission. `make soak` has 100 corrections.
"""

import asyncio
import multiprocessing
import os
import random
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psutil
import pytest
from cryptography.fernet import Fernet
from django.db import connections

from payerbots.browser.chromium import Chromium
from payerbots.domain.rejection import Did, Rejected, Worked
from payerbots.engine import codec
from payerbots.engine.runner import Order, Runner
from payerbots.engine.service import Service, Terms
from payerbots.keys import Keys
from payerbots.ledger import portals as standings
from payerbots.ledger.models import Attempt, Item
from payerbots.ledger.records import Ledger
from payerbots.sandbox.clearpoint.app import create
from payerbots.sandbox.clearpoint.files import write_claims
from payerbots.sandbox.clearpoint.mailing import over_smtp
from payerbots.sandbox.clearpoint.state import ClearpointState
from payerbots.sandbox.mailbox import PASSWORD, PracticeMailbox
from payerbots.sandbox.server import PracticeSite
from payerbots.settings import Settings
from payerbots.workspace import Workspace
from tests.engine.acting import until
from tests.engine.clearing import LOGIN, PORTAL
from tests.support import ROOT, LoopThread, today

HOUSES = int(os.environ.get("PAYERBOTS_SOAK_HOUSES", "1"))
"""How many clearinghouses are worked through, each with a dozen corrections."""
KILLS = 3 if HOUSES == 1 else 12
"""How many workers are killed at each of them."""
LEASE = 2.0
OPEN = ("new", "running", "waiting")
_CONTEXT = multiprocessing.get_context("forkserver")


@dataclass(frozen=True, kw_only=True)
class Desk:
    """What a worker process needs to know."""

    folder: Path
    environment: dict[str, str]
    sealing: str

    @property
    def keys(self) -> Keys:
        """The keys that all workers share."""
        return Keys((self.sealing,), "index", "a test")

    @property
    def workspace(self) -> Workspace:
        """This repository's workspace with short leases and waits."""
        settings = Settings(
            data=self.folder / "data",
            lease_seconds=LEASE,
            heartbeat_seconds=LEASE / 4,
            retry_pace=0.001,
            element_seconds=6,
            zone="UTC",
        )
        workspace = Workspace(ROOT, settings)
        vars(workspace)["keys"] = self.keys
        portal = workspace.portals[PORTAL]
        vars(workspace)["portals"] = {PORTAL: portal.model_copy(update={"rate": None})}
        return workspace


def work(desk: Desk) -> None:
    """The life of a worker process, with a browser of its own."""
    os.environ.update(desk.environment)
    asyncio.run(_work(desk))


async def _work(desk: Desk) -> None:
    async with Chromium() as chromium:
        ledger = Ledger(desk.keys, enough_losses=1000)
        terms = Terms(bots=["rejections"], places=1, sweep_seconds=0.2)
        await Service(desk.workspace, terms, chromium, ledger).work()


def start(desk: Desk) -> Any:
    """A worker in a process of its own; it may have children: the browser."""
    process = _CONTEXT.Process(target=work, args=(desk,))
    process.start()
    return process


def kill(process: Any) -> None:
    """As the power going off, for the worker and its browser."""
    try:
        whole = [psutil.Process(process.pid), *psutil.Process(process.pid).children(recursive=True)]
    except psutil.NoSuchProcess:
        whole = []
    for one in whole:
        try:
            one.kill()
        except psutil.NoSuchProcess:
            continue
    process.join()


@pytest.fixture(scope="module")
def mailbox() -> Iterator[PracticeMailbox]:
    with PracticeMailbox() as mailbox:
        yield mailbox


@pytest.fixture
def desk(tmp_path: Path, mailbox: PracticeMailbox, monkeypatch: pytest.MonkeyPatch) -> Desk:
    prefix = f"PAYERBOTS_{PORTAL}_BOT1".upper()
    environment = {
        f"{prefix}_USER": LOGIN.user,
        f"{prefix}_PASSWORD": LOGIN.password,
        f"{prefix}_MAIL_PASSWORD": PASSWORD,
        f"PAYERBOTS_MAILBOX_{PORTAL}".upper(): f"127.0.0.1:{mailbox.imap_port}",
    }
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    return Desk(folder=tmp_path, environment=environment, sealing=Fernet.generate_key().decode())


def left() -> int:
    return Item.objects.filter(kind="work", state__in=OPEN).count()


def at_hand() -> bool:
    return Item.objects.filter(kind="work", state="running").exists()


def resume(ledger: Ledger) -> None:
    """What a person does about a portal that rests or is stopped."""
    if standings.standing(ledger, PORTAL).state != standings.OPEN:
        standings.resume(ledger, PORTAL, "test")


@pytest.mark.timeout(3600 if HOUSES > 1 else 400)
@pytest.mark.parametrize("seed", range(1, HOUSES + 1))
def test_no_claim_is_sent_twice_and_none_is_lost(
    desk: Desk,
    seed: int,
    mailbox: PracticeMailbox,
    loop_thread: LoopThread,
    chromium: Chromium,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    state = ClearpointState(seed, today(), post=over_smtp(mailbox.smtp_port))
    state.timeout = 0.3
    with PracticeSite(state, create(state)) as site:
        monkeypatch.setenv(f"PAYERBOTS_URL_{PORTAL}".upper(), site.url)
        here = Desk(
            folder=desk.folder,
            environment={**desk.environment, f"PAYERBOTS_URL_{PORTAL}".upper(): site.url},
            sealing=desk.sealing,
        )
        claims = desk.folder / "sent"
        write_claims(claims, seed, today())
        _collected(here, claims, loop_thread, chromium)
        site.set_faults(accept_then_timeout=6, error_rate=0.02, logout_after=60)
        _worked(here, random.Random(seed))
    right = {one.control for one in state.book.answers if one.submissions}
    sent = {control: count for control, count in state.files.sent.items() if count}
    assert set(sent.values()) == {1}
    assert sent.keys() <= right
    assert _done(here) == sent.keys()
    assert Attempt.objects.filter(outcome="lost").exists()
    connections.close_all()


def _collected(desk: Desk, claims: Path, loop: LoopThread, chromium: Chromium) -> None:
    """The day's items, collected in peace and not worked yet: the run ends with what it found."""
    workspace = desk.workspace
    workspace.connect()
    order = Order(bot="rejections", input=claims, out=desk.folder / "out")
    loop.run(_collect(Runner(workspace, chromium=chromium), order))


async def _collect(runner: Runner, order: Order) -> None:
    """Cancels the run as soon as its items are there: what was at hand goes back."""
    there = asyncio.Event()
    runner.collected = lambda _added, _view: there.set()
    running = asyncio.create_task(runner.run(order))
    waiting = asyncio.create_task(there.wait())
    await asyncio.wait({running, waiting}, return_when=asyncio.FIRST_COMPLETED)
    running.cancel()
    await asyncio.gather(running, waiting, return_exceptions=True)


def _worked(desk: Desk, chance: random.Random) -> None:
    """All items worked, by workers that are killed again and again."""
    ledger, pause, killed = Ledger(desk.keys), threading.Event(), 0
    crew = [start(desk)]
    try:
        while killed < KILLS and left():
            until(lambda: at_hand() or not left(), 60, "a worker at work")
            pause.wait(chance.uniform(0, 3))
            kill(crew.pop())
            crew.append(start(desk))
            killed += 1
            resume(ledger)

        def over() -> bool:
            resume(ledger)
            return not left()

        until(over, 150, "the end of the work")
    finally:
        for process in crew:
            kill(process)


def _done(desk: Desk) -> set[str]:
    """The claims whose items say that they were sent; whatever else ended has a person's reason."""
    found: set[str] = set()
    for item in Item.objects.filter(kind="work").order_by("pk"):
        answer = desk.keys.unseal(item.result_sealed) if item.result_sealed else None
        worked = codec.unpack(Worked, answer) if answer else None
        if item.state == "done" and worked and worked.did is Did.CORRECTED:
            found.add(_claim(desk, item))
        else:
            assert item.state == "done" or item.reason
    return found


def _claim(desk: Desk, item: Item) -> str:
    return codec.unpack(Rejected, desk.keys.unseal(item.request_sealed)).control
