"""This repository's workspace at the practice clearinghouse, with a data folder of its own and the day's claim files."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from payerbots.browser.chromium import Chromium
from payerbots.engine.delivering import RunReport
from payerbots.engine.runner import Order, Runner
from payerbots.sandbox.clearpoint.app import create
from payerbots.sandbox.clearpoint.book import as_json
from payerbots.sandbox.clearpoint.logins import LOGINS
from payerbots.sandbox.clearpoint.mailing import over_smtp
from payerbots.sandbox.clearpoint.state import ClearpointState
from payerbots.sandbox.mailbox import PASSWORD, PracticeMailbox
from payerbots.sandbox.server import PracticeSite
from payerbots.settings import Settings
from payerbots.workspace import Workspace
from tests.support import ROOT, SEED, LoopThread, today

PORTAL = "clearpoint"
LOGIN = LOGINS["bot1"]


@dataclass
class Clearing:
    """An office and its clearinghouse."""

    folder: Path
    state: ClearpointState
    site: PracticeSite
    mailbox: PracticeMailbox
    loop: LoopThread
    chromium: Chromium
    workspace: Workspace = field(init=False)

    def __post_init__(self) -> None:
        self.workspace = self.opened()
        self.workspace.connect()

    def opened(self, root: Path = ROOT, **settings: Any) -> Workspace:
        """The workspace with one login, whose mailbox is the practice one."""
        given = {"data": self.folder / "data", "retry_pace": 0.001, "element_seconds": 15, "zone": "UTC"}
        workspace = Workspace(root, Settings(**{**given, **settings}))
        portal = workspace.portals[PORTAL]
        (login,) = portal.credentials
        assert login.mailbox is not None
        box = login.mailbox.model_copy(update={"port": self.mailbox.imap_port})
        at_house = portal.model_copy(
            update={
                "credentials": (login.model_copy(update={"mailbox": box}),),
                "url": self.site.url,
                "rate": None,
            }
        )
        vars(workspace)["portals"] = {PORTAL: at_house}
        return workspace

    @property
    def files(self) -> Path:
        """The claim files that the office sent."""
        folder = self.folder / "sent"
        folder.mkdir(exist_ok=True)
        for file in self.state.book.files:
            (folder / file.name).write_bytes(file.content)
        return folder

    @property
    def right(self) -> dict[str, dict[str, Any]]:
        """What is right, by claim."""
        return {one.control: as_json(one) for one in self.state.book.answers}

    @property
    def sent(self) -> dict[str, int]:
        """How often each claim was sent in the editor."""
        return {control: count for control, count in self.state.files.sent.items() if count}

    def run(self, workspace: Workspace | None = None, **order: Any) -> RunReport:
        """Runs the bot to its end."""
        wanted = Order(**{"bot": "rejections", "input": self.files, "out": self.folder / "out", **order})
        return self.loop.run(Runner(workspace or self.workspace, chromium=self.chromium).run(wanted))


@contextmanager
def opened(
    folder: Path, loop: LoopThread, chromium: Chromium, mailbox: PracticeMailbox, patch: pytest.MonkeyPatch
) -> Iterator[Clearing]:
    """A clearinghouse as it stands this morning, and an office that has never been there."""
    patch.setenv("XDG_CONFIG_HOME", str(folder / "config"))
    prefix = f"PAYERBOTS_{PORTAL.upper()}_BOT1"
    patch.setenv(f"{prefix}_USER", LOGIN.user)
    patch.setenv(f"{prefix}_PASSWORD", LOGIN.password)
    patch.setenv(f"{prefix}_MAIL_PASSWORD", PASSWORD)
    state = ClearpointState(SEED, today(), post=over_smtp(mailbox.smtp_port))
    state.timeout = 0.3
    with PracticeSite(state, create(state)) as site:
        yield Clearing(folder, state, site, mailbox, loop, chromium)
