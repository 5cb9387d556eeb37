"""A real mailbox on loopback: mail comes in over SMTP (aiosmtpd) and is read over IMAP (pymap), through a Maildir.

Made for practice: one user, no TLS, gone with its folder.
"""

from __future__ import annotations

import contextlib
import mailbox
import socket
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path
from smtplib import SMTP
from typing import TYPE_CHECKING, Self

from aiosmtpd.controller import Controller
from pysasl.hashing import BuiltinHash

if TYPE_CHECKING:
    from email.message import EmailMessage
    from types import TracebackType

    from aiosmtpd.smtp import SMTP as Server  # noqa: N811 - told apart from smtplib's
    from aiosmtpd.smtp import Envelope, Session

USER = "bots@lakeside.example"
PASSWORD = "Quarry-Lantern-22"  # noqa: S105 - a practice mailbox's; it opens nothing else
STARTING_SECONDS = 20.0
_LINE = "{name}:{password}:1000:1000::{home}:\n"
_SHADOW = "{name}:{password}:::::::\n"
_IMAP = "import sys; from pymap.main import main; sys.exit(main())"


@dataclass
class _Postman:
    """Puts what comes over SMTP into the Maildir."""

    folder: Path

    async def handle_DATA(self, _server: Server, _session: Session, envelope: Envelope) -> str:  # noqa: N802 - aiosmtpd's name
        """Takes one mail."""
        mailbox.Maildir(self.folder).add(envelope.original_content or b"")
        return "250 Message accepted for delivery"


@dataclass
class PracticeMailbox:
    """The two servers, for the time of a `with`; ports are free ones unless told."""

    smtp_port: int = 0
    imap_port: int = 0
    user: str = USER
    password: str = field(default=PASSWORD, repr=False)
    _stack: contextlib.ExitStack = field(default_factory=contextlib.ExitStack, init=False, repr=False)

    def __enter__(self) -> Self:
        """Starts both, and waits until they answer."""
        base = Path(self._stack.enter_context(tempfile.TemporaryDirectory(prefix="practice-mail-")))
        (base / "pymap-etc-passwd").write_text(_LINE.format(name=self.user, password="", home="mail"))
        (base / "pymap-etc-shadow").write_text(
            _SHADOW.format(name=self.user, password=BuiltinHash(rounds=1000).hash(self.password))
        )
        mailbox.Maildir(base / "mail")
        self.smtp_port = self.smtp_port or _free_port()
        self.imap_port = self.imap_port or _free_port()
        smtp = Controller(_Postman(base / "mail"), hostname="127.0.0.1", port=self.smtp_port)
        smtp.start()
        self._stack.callback(smtp.stop)
        self._serve_imap(base)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Stops both; the mails are gone."""
        self._stack.close()

    def _serve_imap(self, base: Path) -> None:
        where = ["--host", "127.0.0.1", "--port", str(self.imap_port), "--no-tls"]
        command = [sys.executable, "-W", "ignore", "-c", _IMAP, *where]
        command += ["--no-service", "managesieve", "maildir", str(base)]
        process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)  # noqa: S603 - our own command
        self._stack.callback(_end, process)
        until = time.monotonic() + STARTING_SECONDS
        while not _answers(self.imap_port):
            if time.monotonic() > until or process.poll() is not None:
                self._stack.close()
                raise RuntimeError("the practice mailbox's IMAP server did not start")
            time.sleep(0.05)

    def send(self, mail: EmailMessage) -> None:
        """Mails it as a payer's server would: over SMTP."""
        with SMTP("127.0.0.1", self.smtp_port, timeout=10) as smtp:
            smtp.send_message(mail)


def _end(process: subprocess.Popen[bytes]) -> None:
    process.terminate()
    try:
        process.wait(5)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def _answers(port: int) -> bool:
    try:
        with socket.create_connection(("127.0.0.1", port), 1) as line:
            line.settimeout(1)
            return line.recv(4) == b"* OK"
    except OSError:
        return False


def _free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        port: int = one.getsockname()[1]
        return port
