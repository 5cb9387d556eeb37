"""A workspace with a bot that finds payments: in files of an input folder, and at portals that need no browser."""

import importlib
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from django.db import connections

from payerbots.browser.chromium import Chromium
from payerbots.engine.delivering import RunReport
from payerbots.engine.pool import Pool
from payerbots.engine.runner import Order, Runner
from payerbots.engine.seat import NoSession
from payerbots.engine.service import Service, Terms
from payerbots.ledger.models import Run
from payerbots.settings import Settings
from payerbots.workspace import Workspace
from tests.engine.acting import until
from tests.support import LoopThread

_BOT = '''
import hashlib
from decimal import Decimal
from pathlib import Path

from payerbots.api import (
    Again, Ask, Bot, Conclusion, Delivered, Event, EventName, FileFact, Of, Outcome, PaymentFact,
    PaymentForm, Standing, StandingState, Watermark,
)

class Cash(Bot):
    """A payment a file: its trace is the file's content, its amount the content's length."""
    name, capability, again = "cash", "check_eligibility", Again.NEVER
    each_portal = reads_input = True
    request, answer, unreadable = str, str, str

    async def collect(self, run, portal):
        if portal is None:
            files = sorted(run.input.iterdir())
            return [Ask(place=n, portal="", request=file.read_text()) for n, file in enumerate(files, 1)]
        last = int(run.watermark or 0) + 1
        return [Ask(place=100 + last, portal=portal, request=f"{portal}-{last}"), Watermark(str(last))]

    def reference(self, request):
        return (request,)

    async def work(self, item, portal):
        content = item.request.encode()
        sha256 = hashlib.sha256(content).hexdigest()
        trace = item.request * 100 if "long" in item.request else item.request
        payment = PaymentFact(
            payer_id="1", payer="Payer", trace=trace, method="ACH", date=None, amount=Decimal(len(content)),
            form=PaymentForm.X12, file=sha256, place=1, contents=sha256, claims=1, balanced=True,
            portal=portal or "", received=self.day,
        )
        kept = FileFact(sha256=sha256, kind="835", size=len(content), portal=portal or "")
        return Outcome(answer="read", facts=[kept, payment], files=[content])

    def conclude(self, run):
        found = run.facts.unsettled()
        return Conclusion(
            standings=[
                Standing(of=Of.PAYMENT, number=one.number, state=StandingState.WAITING, dollars=one.amount)
                for one in found.payments
            ],
            events=[
                Event(
                    name=EventName.PAYMENT_UNMATCHED, item=one.item, key=str(one.number),
                    body={"payment": one.number, "amount": one.amount}, answer={"trace": one.trace},
                )
                for one in found.payments
            ],
        )

    def deliver(self, run):
        target = run.context.out / "payments.txt"
        target.parent.mkdir(parents=True, exist_ok=True)
        standing = {one.number: one.state for one in run.facts.standings(Of.PAYMENT)}
        with target.open("w") as out:
            for one in run.facts.payments():
                with run.facts.content(one.file) as content:
                    out.write(f"{one.amount} {standing[one.number]} {content.read().decode()}\\n")
        return [Delivered(what="payments", path=target)]

from datetime import date
Cash.day = date(2026, 11, 20)
'''
_SIGN_IN = "async def sign_in(screen, credential):\n    return None\n"
_CHECKS = "async def check_eligibility(screen, request):\n    return None\n"
PAYERS, BANK = ("payer1", "payer2"), "bank"


def make(folder: Path, names: Sequence[str], queues: str) -> Path:
    """The workspace: the payers' flow has a capability that the bank's has not."""
    for part in ("bots", "flows/paying", "flows/banking", "selectors", "in"):
        (folder / part).mkdir(parents=True, exist_ok=True)
    for package in ("bots", "flows", "flows/paying", "flows/banking"):
        (folder / package / "__init__.py").touch()
    (folder / "bots/cash.py").write_text(_BOT)
    (folder / "flows/paying/sign_in.py").write_text(_SIGN_IN)
    (folder / "flows/paying/check_eligibility.py").write_text(_CHECKS)
    (folder / "flows/banking/sign_in.py").write_text(_SIGN_IN)
    for name in ("paying", "banking"):
        (folder / f"selectors/{name}.yaml").write_text("pages:\n  home: {url: /, proof: {css: body}}\n")
    (folder / "schedules.yaml").touch()
    rows = [
        f"{name}:\n  flow: {'banking' if name == BANK else 'paying'}\n  url: http://127.0.0.1:9\n"
        "  automation: permitted\n  credentials: [{name: bot1, from: env}]\n"
        for name in names
    ]
    (folder / "portals.yaml").write_text("".join(rows))
    (folder / "queues.yaml").write_text(queues)
    return folder


class Here(NoSession):
    """A session at a portal that needs no browser; the bot sees the portal's name."""

    def __init__(self, name: str) -> None:
        self.name = name

    async def visit(self) -> Any:
        return self.name


def _session(pool: Pool, flow: Any, login: Any, slot: Any) -> Here:  # noqa: ARG001 - the contract's
    return Here(flow.portal.name)


@dataclass(frozen=True)
class Cashroom:
    """The workspace with a data folder of its own, and ways to run its bot."""

    folder: Path
    loop: LoopThread
    workspace: Workspace = field(init=False)

    def __post_init__(self) -> None:
        settings = Settings(data=self.folder / "data", retry_pace=0.001, zone="UTC")
        object.__setattr__(self, "workspace", Workspace(self.folder, settings))
        self.workspace.connect()

    def put(self, *texts: str) -> Path:
        """Files in the input folder, each with a text."""
        for text in texts:
            (self.folder / "in" / f"{text}.835").write_text(text)
        return self.folder / "in"

    def order(self, **values: Any) -> Order:
        return Order(**{"bot": "cash", "out": self.folder / "out", **values})

    def run(self, **values: Any) -> RunReport:
        """A run at no portal, over the input folder."""
        return self.loop.run(self.runner().run(self.order(input=self.folder / "in", **values)))

    def runner(self, **values: Any) -> Runner:
        return Runner(self.workspace, chromium=Chromium(), **values)

    def run_at_portals(self, **values: Any) -> int:
        """A run that is left to a worker, which works until it has ended; its number."""
        number = self.loop.run(self.runner().leave(self.order(**values)))
        service = Service(self.workspace, Terms(sweep_seconds=0.05), Chromium(), make=_session)

        working = self.loop.start(service.work())
        until(lambda: Run.objects.get(pk=number).state != "running", 30, "the end of the run")
        service.drain()
        working.result(30)
        return number

    @property
    def delivered(self) -> list[str]:
        return (self.folder / "out/payments.txt").read_text().splitlines()


@contextmanager
def only_its_modules() -> Iterator[None]:
    """Another workspace's bots and flows are out of the way meanwhile: a process serves one."""

    def ours(name: str) -> bool:
        return name.partition(".")[0] in {"bots", "flows"}

    held, path = {name: sys.modules.pop(name) for name in list(filter(ours, sys.modules))}, list(sys.path)
    importlib.invalidate_caches()
    try:
        yield
    finally:
        for name in list(filter(ours, sys.modules)):
            del sys.modules[name]
        sys.modules.update(held)
        sys.path[:] = path


@contextmanager
def opened(folder: Path, loop: LoopThread, names: Sequence[str], queues: str) -> Iterator[Cashroom]:
    """The workspace, with the logins of its portals."""
    with only_its_modules(), pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_CONFIG_HOME", str(folder.parent / "config"))
        for name in names:
            for part in ("USER", "PASSWORD"):
                patch.setenv(f"PAYERBOTS_{name.upper()}_BOT1_{part}", "practice")
        yield Cashroom(make(folder, names, queues), loop)
        connections.close_all()
