"""Short ways to leave notices and to see who was told of them."""

from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from payerbots.ledger import notices
from payerbots.ledger.notice_deliveries import Told
from payerbots.ledger.notices import News
from payerbots.ledger.records import Ledger
from payerbots.operation.kinds import Severity
from payerbots.operation.letters import Letter, Writer
from payerbots.operation.people import Notices, Person
from payerbots.operation.routing import Routing
from payerbots.operation.sender import Sender

NEW_YORK = ZoneInfo("America/New_York")
NOON = datetime(2026, 11, 23, 17, 0, tzinfo=UTC)
"""A Monday, noon in New York."""
SERVER = {"host": "127.0.0.1", "security": "none", "sender": "payerbots@office.example"}


def said(people: dict[str, dict[str, Any]], **more: Any) -> Notices:
    """What a `notices.yaml` with these people says; each has a mailbox unless told."""
    known = {
        name: {**({} if "channel" in one else {"mail": f"{name}@office.example"}), **one}
        for name, one in people.items()
    }
    return Notices.model_validate({"mail": SERVER, "people": known, **more})


def told(kind: str = "stopped", at: datetime = NOON, **values: Any) -> Told:
    return Told(**{"notice": 1, "at": at, "kind": kind, "message": "something happened", **values})


def leave(ledger: Ledger, key: str, kind: str = "paused", **values: Any) -> None:
    notices.tell(ledger, News(**{"key": key, "kind": kind, "message": f"{key} happened", **values}))


@dataclass
class Recorded:
    """A post that keeps what it was given; it fails as often as it is told to."""

    letters: list[tuple[str, Letter]] = field(default_factory=list)
    failures: int = 0

    def send(self, person: Person, letter: Letter) -> str:
        if self.failures:
            self.failures -= 1
            return "refused, or not reached"
        self.letters.append((person.name, letter))
        return ""

    @property
    def titles(self) -> list[str]:
        return [letter.title for _, letter in self.letters]

    @property
    def last(self) -> str:
        return self.letters[-1][1].body


def writer(presses: Any = None) -> Writer:
    def summary(notice: Told) -> Letter:
        return Letter(f"summary of notice {notice.notice}", "the day\n")

    return Writer(NEW_YORK, presses or (lambda _kind: Severity.WARNING), summary)


def sender(ledger: Ledger, notices: Notices, post: Recorded, owner: str = "s1") -> Sender:
    routing = Routing(notices, NEW_YORK)
    return Sender(ledger, routing, writer(notices.presses), post, owner)
