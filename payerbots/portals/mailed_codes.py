"""One-time codes that a portal mails: read from the login's mailbox over IMAP, only mails since the sign-in began."""

import asyncio
import ipaddress
import re
import socket
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from html.parser import HTMLParser
from imaplib import IMAP4
from typing import TypeVar

from imap_tools import BaseMailBox, MailBox, MailBoxUnencrypted
from imap_tools.errors import ImapToolsError, MailboxLoginError
from imap_tools.message import MailMessage

from payerbots.errors import CodeNeeded, ConfigError

_SOCKET_SECONDS = 10.0
_QUICKLY, _QUICK_SECONDS = 0.3, 10.0

T = TypeVar("T")


@dataclass(frozen=True)
class Mailbox:
    """Where codes come to, and which mails are meant: From, To and Subject contain what is said here."""

    host: str
    port: int
    user: str
    password: str = field(repr=False)
    tls: bool = True
    folder: str = "INBOX"
    sender: str = ""
    recipient: str = ""
    subject: str = ""
    pattern: str = r"\b\d{6}\b"

    def __post_init__(self) -> None:
        if not self.tls and not _is_loopback(self.host):
            raise ConfigError(f"mailbox {self.host}: without TLS only on this machine; say `tls: true`")


@dataclass
class MailedCodes:
    """The codes of one login. `seconds` is how long a mail is waited for, `poll` the time between looks."""

    mailbox: Mailbox
    seconds: float = 120.0
    poll: float = 2.0
    _known: set[str] = field(default_factory=set, init=False, repr=False)
    """Mails that were there before, or whose code was used."""

    async def mark(self) -> None:
        """Only mails that come after this moment count. `CodeNeeded` when the mailbox cannot be read."""
        self._known |= await asyncio.to_thread(self._look, lambda box: set(_uids(box)))

    async def code(self) -> str:
        """The code of the newest mail since `mark`, each mail's once. `CodeNeeded` when none comes in time."""
        began = time.monotonic()
        while (waited := time.monotonic() - began) < self.seconds:
            found = await asyncio.to_thread(self._look, self._newest)
            if found is not None:
                return found
            await asyncio.sleep(min(_QUICKLY if waited < _QUICK_SECONDS else self.poll, self.poll))
        raise CodeNeeded(f"no mail with a code came to the mailbox at {self.mailbox.host} in time")

    def _newest(self, box: BaseMailBox) -> str | None:
        fresh = [uid for uid in _uids(box) if uid not in self._known]
        if not fresh:
            return None
        numbers = ",".join(uid.partition("/")[2] for uid in fresh)
        mails = sorted(box.fetch(f"UID {numbers}", mark_seen=False), key=_age)
        codes = [found for one in mails if (found := self._code_in(one))]
        if codes:
            self._known.update(fresh)
        return codes[-1] if codes else None

    def _code_in(self, mail: MailMessage) -> str | None:
        box = self.mailbox
        wanted = ((box.sender, mail.from_), (box.recipient, ", ".join(mail.to)), (box.subject, mail.subject))
        if any(part.casefold() not in text.casefold() for part, text in wanted):
            return None
        found = re.search(box.pattern, mail.text or _text_of(mail.html))
        return (found[1] if found.re.groups else found[0]) if found else None

    def _look(self, work: Callable[[BaseMailBox], T]) -> T:
        with _told(self.mailbox.host), self._opened() as box:
            return work(box)

    @contextmanager
    def _opened(self) -> Iterator[BaseMailBox]:
        said = self.mailbox
        kind = MailBox if said.tls else MailBoxUnencrypted
        box: BaseMailBox = kind(said.host, said.port, timeout=_SOCKET_SECONDS)
        try:
            yield box.login(said.user, said.password, initial_folder=said.folder)
        finally:
            with suppress(ImapToolsError, IMAP4.error, OSError):
                box.client.logout()
            with suppress(OSError):
                box.client.shutdown()


def _uids(box: BaseMailBox) -> list[str]:
    """The mails of the folder, named so that a folder that was made anew has none that is known."""
    validity = box.folder.status(box.folder.get() or "INBOX", ["UIDVALIDITY"])["UIDVALIDITY"]
    return [f"{validity}/{uid}" for uid in box.uids("ALL")]


def _age(mail: MailMessage) -> tuple[float, int]:
    """By which mails are the older ones: when they say they were sent, then their number in the mailbox."""
    try:
        sent = mail.date.timestamp()
    except (OverflowError, OSError, ValueError):
        sent = 0.0
    return sent, int(mail.uid or 0)


@contextmanager
def _told(host: str) -> Iterator[None]:
    """What goes wrong with a mailbox, without its words: they may hold an address or a mail."""
    try:
        yield
    except MailboxLoginError:
        raise CodeNeeded(f"the mailbox at {host} refuses its user or password") from None
    except (ImapToolsError, IMAP4.error, OSError, TimeoutError):
        raise CodeNeeded(f"the mailbox at {host} does not answer") from None


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(socket.gethostbyname(host) if host == "localhost" else host).is_loopback
    except ValueError:
        return False


class _Text(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.parts: list[str] = []
        self._skipped = 0

    def handle_starttag(self, tag: str, _attrs: object) -> None:
        self._skipped += tag in {"style", "script", "title"}

    def handle_endtag(self, tag: str) -> None:
        self._skipped -= tag in {"style", "script", "title"}

    def handle_data(self, data: str) -> None:
        if not self._skipped:
            self.parts.append(data)


def _text_of(html: str) -> str:
    reader = _Text()
    reader.feed(html)
    return " ".join(reader.parts)
