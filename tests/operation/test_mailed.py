"""Notices go out as mail through a real server, also after the attendant was killed in the midst of it."""

import mailbox
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from datetime import timedelta
from email.header import decode_header, make_header
from email.message import Message
from pathlib import Path

import pytest
from django.db import connections

from payerbots.ledger import notices, services
from payerbots.ledger.models import Notice, NoticeDelivery
from payerbots.ledger.notices import News
from payerbots.ledger.records import Ledger
from payerbots.operation.attendant import Attendant
from payerbots.sandbox.mailbox import PracticeMailbox
from payerbots.settings import Settings
from payerbots.workspace import Workspace
from tests.cli.saying import say
from tests.engine.acting import until
from tests.support import ROOT

PEOPLE = """
mail: {{host: 127.0.0.1, port: {port}, security: none, sender: payerbots@office.example}}
people:
  maria: {{mail: maria@office.example, summary: true}}
  operations: {{channel: env, kinds: [stopped]}}
summary: {{at: "00:00"}}
gather: 1s
"""
CHANNEL = "PAYERBOTS_NOTICES_OPERATIONS_CHANNEL"


class Box:
    """What came to a practice mailbox."""

    def __init__(self, box: PracticeMailbox) -> None:
        self.port = box.smtp_port
        (self.folder,) = (base / "mail" for base in Path(tempfile.gettempdir()).glob("practice-mail-*"))

    def mails(self) -> list[Message]:
        """All mails, in the order in which they came."""
        found = mailbox.Maildir(self.folder)
        return [found[key] for key in sorted(found.keys(), key=lambda key: found.get_message(key).get_date())]

    def of(self, address: str) -> list[tuple[str, str]]:
        """Subjects and texts of the mails to an address."""
        mine = [mail for mail in self.mails() if mail["To"] == address]
        return [(str(make_header(decode_header(mail["Subject"]))), text_of(mail)) for mail in mine]


def text_of(mail: Message) -> str:
    body = mail.get_payload(decode=True)
    assert isinstance(body, bytes)
    return body.decode()


@pytest.fixture
def box(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Box]:
    own = tmp_path / "tmp"
    own.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(own))
    with PracticeMailbox() as found:
        yield Box(found)


@pytest.fixture
def space(tmp_path: Path, box: Box, monkeypatch: pytest.MonkeyPatch) -> Iterator[Workspace]:
    """A workspace whose notices go to the practice mailbox, also in processes of their own."""
    root = tmp_path / "office"
    root.mkdir()
    for name in ("bots", "flows", "selectors", "portals.yaml"):
        (root / name).symlink_to(ROOT / name)
    (root / "schedules.yaml").write_text("")
    (root / "notices.yaml").write_text(PEOPLE.format(port=box.port))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    monkeypatch.setenv("PAYERBOTS_DATA", str(tmp_path / "data"))
    monkeypatch.setenv("PAYERBOTS_ZONE", "UTC")
    monkeypatch.setenv(
        CHANNEL,
        f"mailto://127.0.0.1:{box.port}/?from=bots@office.example&to=room@office.example&mode=insecure",
    )
    made = Workspace(root, Settings(data=tmp_path / "data", zone="UTC"))
    made.connect()
    yield made
    connections.close_all()


def leave(space: Workspace, key: str, kind: str = "stopped") -> None:
    ledger = Ledger(space.keys)
    notices.tell(ledger, News(key=key, kind=kind, portal="summit_health", message=f"{key}: résumé it"))


def test_people_and_channels_are_told_and_the_summary_comes_once(space: Workspace, box: Box) -> None:
    leave(space, "a")
    attendant = Attendant(space, Ledger(space.keys))
    assert attendant.turn() == 3
    assert attendant.turn() == 0
    subjects = [subject for subject, _ in box.of("maria@office.example")]
    assert sum(one.startswith("Urgent: Portals stopped") for one in subjects) == 1
    assert sum("0 runs" in one for one in subjects) == 1
    ((subject, text),) = box.of("room@office.example")
    assert subject == "Urgent: Portals stopped (summit_health)"
    assert "a: résumé it" in text
    assert not Notice.objects.filter(sent_at=None).exists()
    attendant.close()
    assert services.alive(attendant.ledger, timedelta(minutes=1)) == []


def test_a_killed_attendant_loses_no_notice(space: Workspace, box: Box) -> None:
    """It is killed while it holds a notice: what it held is told when the lease is over, by the next."""
    leave(space, "a")
    dead = Attendant(space, Ledger(space.keys))
    (notice,) = Notice.objects.all()
    NoticeDelivery.objects.create(
        notice=notice,
        person="maria",
        urgent=True,
        state="taken",
        lease_owner=dead.service.owner,
        lease_until=notice.at + timedelta(seconds=1),
        due_at=notice.at,
        created_at=notice.at,
    )
    Notice.objects.update(planned_at=notice.at)
    with watching(space) as process:
        until(lambda: len(box.of("maria@office.example")) >= 2, 60, "the notice and the summary")
        process.send_signal(signal.SIGTERM)
        assert process.wait(30) == 0
    told = [subject for subject, _ in box.of("maria@office.example") if "Portals stopped" in subject]
    assert len(told) == 1


def watching(space: Workspace) -> "subprocess.Popen[bytes]":
    command = [sys.executable, "-m", "payerbots", "--workspace", str(space.root), "notify", "watch"]
    return subprocess.Popen(command, stderr=subprocess.DEVNULL)


def test_notify_test_reaches_everybody_or_says_who_is_not_reached(
    space: Workspace, box: Box, monkeypatch: pytest.MonkeyPatch
) -> None:
    shown = say("notify", "test", workspace=space.root)
    assert "maria       mail     sent" in shown
    assert "operations  channel  sent" in shown
    assert [subject for subject, _ in box.of("room@office.example")] == ["A test"]
    monkeypatch.delenv(CHANNEL)
    shown = say("notify", "test", "operations", workspace=space.root, code=1)
    assert f"operations  channel  {CHANNEL} is not set" in shown


def test_a_server_that_is_not_there_is_no_end_of_it(space: Workspace, box: Box) -> None:
    leave(space, "a", "paused")
    text = (space.root / "notices.yaml").read_text()
    (space.root / "notices.yaml").write_text(
        text.replace(f"port: {box.port}", "port: 9").replace("summary: true", "summary: false")
    )
    attendant = Attendant(space, Ledger(space.keys))
    attendant.turn()
    NoticeDelivery.objects.update(due_at=Ledger(space.keys).now())
    assert attendant.turn() == 0
    row = NoticeDelivery.objects.get()
    assert (row.state, row.error, row.tries) == ("waiting", "refused, or not reached", 1)
    (space.root / "notices.yaml").write_text("people: nonsense\n")
    assert attendant.turn() == 0
    assert "maria: 1 not told, refused, or not reached" in say("notify", "list", workspace=space.root)
