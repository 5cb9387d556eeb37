"""A day's work with canaries: every fault, every kind of code, and commands in this process and in their own."""

import io
import json
import os
import sys
from collections.abc import Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pyotp
import pytest
from loguru import logger

from payerbots import log
from payerbots.browser.chromium import Chromium
from payerbots.cli import main
from payerbots.documents.errors import WorkbookUnusable
from payerbots.engine.delivering import RunReport
from payerbots.engine.runner import Order, Runner
from payerbots.errors import PayerbotsError
from payerbots.ledger import codes
from payerbots.ledger import portals as standings
from payerbots.ledger.models import Attempt, SavedSession
from payerbots.ledger.records import Ledger
from payerbots.portals.config import CodeFrom, Login, MailboxEntry
from payerbots.sandbox import faults, money
from payerbots.sandbox.cascade import book as cascade_book
from payerbots.sandbox.clearpoint import files as front_end
from payerbots.sandbox.mailbox import PracticeMailbox
from payerbots.sandbox.money import clearinghouse
from payerbots.sandbox.server import PracticePortal
from payerbots.sandbox.sites import CASCADE, CLEARPOINT, HARBOR, SUMMIT
from payerbots.settings import Settings
from payerbots.workspace import Workspace
from tests import canaries, canary_sites
from tests.canaries import Needles, Seen
from tests.canary_office import office_folder, once_only
from tests.canary_process import Process, Said, Started
from tests.canary_sites import Extent, Sites
from tests.engine.acting import until
from tests.portals.test_mailed_codes import mail
from tests.support import ROOT, SEED, LoopThread, Office, one_login, today

PORTAL = "summit_health"
CALM = frozenset({"slow", "popup", "layout"})
"""Faults under which every question is answered all the same; together in one run."""

OF_FILES = frozenset({"file_sign_in", "file_truncated", "slow_file", "list_shift", "duplicate_click"})
"""Faults that only remittances meet: `tests/canary_faults.py`."""

VALUES: Mapping[str, float] = {
    "slow": 0.02,
    "layout": 2,
    "stale_answer": 9,
    "wrong_org": 9,
    "logout_after": 3,
}
"""How much of a fault it takes; a fault that is not here is set to 1."""

WHILE_SIGNED_IN = frozenset(
    {"error_rate", "maintenance", "logout_after", "partial_answer", "wrong_org", "throttle"}
)
"""Faults that are met with a session from before; all others begin with a sign-in."""

ANSWERED = ("AUTH_NEEDED", "SAME_SIMILAR", "OTHER_PRIMARY", "COVERAGE_ENDED", "NOT_ENROLLED")
"""Cases in which Cascade answers about one member, besides those in which nothing is wrong."""
EXCEPTIONS = ("MEMBER_NOT_FOUND", "NAME_DOB_MISMATCH", "SEVERAL_MEMBERS", "REQUEST_INCOMPLETE")


@dataclass
class Day:
    """Where the work is done, what came of it, and what is looked for in it."""

    folder: Path
    office: Office
    sites: Sites
    seen: Seen
    needles: Needles
    raised: list[str]
    """The texts of all errors that were made in this process."""
    errors: dict[str, list[str]] = field(default_factory=dict)
    """The errors of attempts, by the fault under which they came."""
    reports: dict[str, RunReport] = field(default_factory=dict)
    said: list[Said] = field(default_factory=list)
    processes: list[Process] = field(default_factory=list)
    passing: dict[str, list[str]] = field(default_factory=dict)
    """Temporary files that were there while processes ran, and what was found in them."""
    console_pages: list[str] = field(default_factory=list)
    """What somebody saw in the console."""

    def __post_init__(self) -> None:
        world = self.portal.portal.world
        self._clean = iter(canaries.rows_of(world, "clean"))
        self.at_cascade = canaries.rows_of(cascade_book.build(SEED, today()), "clean", *ANSWERED)
        self.answered = self.clean()
        self.exceptions = [row for reason in EXCEPTIONS for row in canaries.rows_of(world, reason)]
        self.root = office_folder(self.folder / "office")
        vars(self.office.workspace)["queues"] = Workspace(self.root, self.office.workspace.settings).queues

    @property
    def portal(self) -> PracticePortal:
        """Summit's."""
        return self.sites.summit

    @property
    def claims_sent(self) -> Path:
        """The claim files that the office has sent, as far as the clearinghouse knows them."""
        folder = self.folder / "sent"
        if not folder.exists():
            for file in front_end.write_claims(folder, SEED, today())[: -self.sites.extent.claim_files]:
                file.unlink()
        return folder

    @property
    def came_in(self) -> Path:
        """Remittances that the clearinghouse has dropped: some of them, first those in which a claim needs a person."""
        folder = self.folder / "dropped"
        if not folder.exists():
            made = money.build(SEED, today())
            held = {one.payment for one in made.holds}
            first = {one.name for one in made.papers if any(each.key in held for each in one.payments)}
            files = clearinghouse.write(folder, SEED, today())
            for file in sorted(files, key=lambda one: one.name not in first)[self.sites.extent.remittances :]:
                file.unlink()
        return folder

    @property
    def data(self) -> Path:
        """The data folder of all that runs."""
        return self.office.workspace.data

    @property
    def out(self) -> Path:
        """Where workbooks go."""
        return self.folder / "out"

    @property
    def temporary(self) -> Path:
        """The temporary folder of the processes."""
        return self.folder / "tmp"

    def clean(self) -> list[int]:
        """A row that is answered and that no run has asked."""
        return [next(self._clean)]

    def list_of(self, name: str, rows: Iterable[int]) -> Path:
        """A list with some rows."""
        return canaries.write_list(self.folder / f"{name}.xlsx", rows)

    def run(self, name: str, rows: Iterable[int], office: Office | None = None) -> RunReport:
        """A run in this process; its name is the list's."""
        report = (office or self.office).run(self.list_of(name, rows), patience=timedelta(0))
        self.reports[name] = report
        return report

    def send(self, bot: str, name: str, *portals: str, **order: Any) -> RunReport:
        """A run of any bot in this process, at some portals."""
        wanted = Order(bot=bot, portals=portals, out=self.out, patience=timedelta(0), **order)
        runner = Runner(self.office.workspace, chromium=self.office.chromium)
        self.reports[name] = self.office.loop.run(runner.run(wanted))
        return self.reports[name]

    def sign_out(self) -> None:
        """No session of before is kept."""
        SavedSession.objects.all().delete()

    def behave(self, portal: str) -> None:
        """A site behaves again, and a person has opened it."""
        self.sites[portal].clear_faults()
        standings.resume(Ledger(self.office.workspace.keys), portal, "person:ana")

    def every_bot(self) -> None:
        """The bots besides eligibility, where nothing is wrong: the folder and the payers, the bank, the clearinghouse."""
        self.send("remittance", "remittance", SUMMIT, CASCADE, input=self.came_in)
        self.send("lockbox", "lockbox", HARBOR)
        self.send("rejections", "rejections", CLEARPOINT, input=self.claims_sent)

    def find_out(self) -> None:
        """What was found out on the way is looked for too: codes, references of inquiries, keys."""
        needles = self.needles
        needles.codes |= self.seen.codes()
        needles.people |= {one.reference.lower() for one in self.portal.portal.inquiries.values()}
        for _, data in canaries.contents(self.folder / "config"):
            held = json.loads(data)
            needles.secrets |= {*held["sealing"], held["index"]}

    def under(self, name: str, chosen: Mapping[str, float], rows: Iterable[int]) -> RunReport:
        """A run while the portal misbehaves; then it behaves again, and a person has opened it."""
        before = Attempt.objects.count()
        if name not in WHILE_SIGNED_IN:
            self.sign_out()
        self.portal.set_faults(**chosen)
        report = self.run(name, rows)
        failed = Attempt.objects.order_by("pk")[before:]
        self.errors[name] = [one.error for one in failed if one.error]
        self.behave(PORTAL)
        return report

    def every_fault(self) -> None:
        """The calm faults at once, with exceptions of all kinds; then each of the others in a run of its own."""
        calm = {name: VALUES.get(name, 1) for name in CALM}
        self.under("calm", calm, [*self.answered, *self.exceptions[1:]])
        rows = self.clean()
        for name in sorted(set(faults.NAMES) - CALM - OF_FILES, key=lambda one: one not in WHILE_SIGNED_IN):
            report = self.under(name, {name: VALUES.get(name, 1)}, rows)
            if "new" not in report.by_state:
                rows = self.clean()

    def unforeseen(self) -> None:
        """A flow that fails with a text about the person at hand."""

        async def failing(_screen: object, request: Any, _organisation: str) -> None:
            raise ValueError(f"cannot ask for {request.last_name}, {request.member_id}")

        with pytest.MonkeyPatch.context() as patch:
            patch.setattr("flows.summit_health.check_eligibility._ask_until_believed", failing)
            self.under("unforeseen", {}, self.clean())

    def unusable_list(self) -> None:
        """A list whose cells are people, and no header over them."""
        file = self.folder / "unusable.csv"
        file.write_text(f"{canaries.MARK}-Reyes,Ana,01/02/1950,1EG4TE5MK73\n" * 3)
        with pytest.raises(WorkbookUnusable):
            self.office.run(file)

    def typed_code(self) -> None:
        """A person types the code for which a bot waits, with the command."""
        office = self._with_login(code=CodeFrom.PERSON, code_minutes=1)
        SavedSession.objects.all().delete()
        ledger = Ledger(self.office.workspace.keys)
        with ThreadPoolExecutor(1) as pool:
            running = pool.submit(self.run, "typed", self.clean(), office)
            until(lambda: bool(codes.waiting(ledger)), 30, "a code asked for")
            self.give("portals code", PORTAL, typed=_code())
            running.result()

    def mailed_code(self) -> None:
        """The portal mails the code."""
        with PracticeMailbox(password=canaries.MAIL_PASSWORD) as box, pytest.MonkeyPatch.context() as patch:
            entry = MailboxEntry(host="127.0.0.1", port=box.imap_port, user=box.user, tls=False)
            office = self._with_login(code=CodeFrom.EMAIL, mailbox=entry)
            patch.setenv("PAYERBOTS_SUMMIT_HEALTH_BOT1_MAIL_PASSWORD", canaries.MAIL_PASSWORD)
            SavedSession.objects.all().delete()
            patch.setattr(self.seen, "on_password", lambda: box.send(mail(_code())))
            self.run("mailed", self.clean(), office)

    def _with_login(self, **changes: Any) -> Office:
        space = Workspace(ROOT, self.office.workspace.settings)
        portal = self.office.workspace.portals[PORTAL]
        login = Login.model_validate({**portal.credentials[0].model_dump(by_alias=True), **changes})
        vars(space)["portals"] = {PORTAL: portal.model_copy(update={"credentials": (login,)})}
        return replace(self.office, workspace=space)

    def give(self, command: str, *arguments: str, typed: str = "", root: Path | None = None) -> Said:
        """A command, given in this process as its console script is."""
        words = ("--workspace", str(root or self.root), *command.split(), *arguments)
        out, err = io.StringIO(), io.StringIO()
        mask, terminal = os.umask(0o077), sys.stdin
        sys.stdin = io.StringIO(typed)
        code = 0
        try:
            with redirect_stdout(out), redirect_stderr(err):
                main.run(words)
        except SystemExit as end:
            code = int(end.code or 0)
        finally:
            sys.stdin = terminal
            os.umask(mask)
        self.said.append(Said(command, arguments, code, out.getvalue(), err.getvalue()))
        return self.said[-1]

    def start(
        self,
        command: str,
        *arguments: str,
        changes: Mapping[str, str | None],
        root: Path | None = None,
        typed: str = "",
    ) -> Started:
        """A command in a process of its own. A variable of the environment that is None is not there."""
        self.temporary.mkdir(exist_ok=True)
        given = {**os.environ, "TMPDIR": str(self.temporary), **changes}
        there = {name: value for name, value in given.items() if value is not None}
        return Started(self, command, arguments, root or self.root, there, typed)


def _code() -> str:
    return pyotp.TOTP(canaries.LOGIN.totp_secret).now()


@contextmanager
def opened(folder: Path, loop: LoopThread, chromium: Chromium, extent: Extent) -> Iterator[Day]:
    """A day at all practice sites, on which nothing has been done yet. `extent`: how much there is to do."""
    seen, raised = Seen(), list[str]()

    def noting(self: PayerbotsError, *texts: object) -> None:
        Exception.__init__(self, *texts)
        raised.append(f"{type(self).__name__}: {texts}")

    with canary_sites.opened(seen, extent) as sites, pytest.MonkeyPatch.context() as patch:
        patch.setattr(PayerbotsError, "__init__", noting)
        patch.delenv("PAYERBOTS_DEBUG", raising=False)
        patch.setenv("XDG_CONFIG_HOME", str(folder / "config"))
        patch.setenv("PAYERBOTS_DATA", str(folder / "data"))
        patch.setenv("PAYERBOTS_ZONE", "UTC")
        settings = Settings(data=folder / "data", retry_pace=0.001, element_seconds=4, zone="UTC")
        space = one_login(Workspace(ROOT, settings))
        office = once_only(Office(folder=folder, workspace=space, loop=loop, chromium=chromium))
        office.workspace.connect()
        log.start(office.workspace.data / "logs", terminal_level="CRITICAL")
        yield Day(folder, office, sites, seen, _needles(sites), raised)
        logger.remove()


def _needles(sites: Sites) -> Needles:
    needles, login = Needles(), canaries.LOGIN
    needles.know(sites.summit.portal.world)
    needles.know_others(SEED, today())
    needles.secrets |= {login.password, login.totp_secret, *canaries.TYPED, *canaries.PRACTICE}
    needles.secrets |= {canaries.MAIL_PASSWORD, canaries.DATABASE_PASSWORD, canaries.BROKER_PASSWORD}
    needles.secrets |= {canaries.CHANNEL_PASSWORD, canaries.ACCOUNT_PASSWORD}
    return needles
