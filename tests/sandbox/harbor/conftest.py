from __future__ import annotations

import html
import re
import ssl
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING

import httpx
import pyotp
import pytest

from payerbots.sandbox.harbor.app import create
from payerbots.sandbox.harbor.logins import COMPANY, LOGINS
from payerbots.sandbox.harbor.shelf import Batch, Day, File, Kind, Movement, Shelf, Version
from payerbots.sandbox.harbor.state import HarborState
from payerbots.sandbox.server import PracticeSite

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

# Loading the usual certificates would cost more than all requests of a test.
NO_TLS = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
NOW = datetime(2026, 11, 20, 15, 0, tzinfo=UTC)
FRIDAY, THURSDAY, WEDNESDAY, SUNDAY = (
    date(2026, 11, 20),
    date(2026, 11, 19),
    date(2026, 11, 18),
    date(2026, 11, 15),
)
FIRST = b"101HARBORBANK first\n9000001\n"
SECOND = b"101HARBORBANK corrected\n9000001\n"
REPORT = b"01,HARBOR,LAKESIDE,261120,0600,1,80,,2/\n99,0,1,2/\n"
IMAGES = b"%PDF-1.4\n" + b"% a picture of a check\n" * 40 + b"%%EOF\n"


def at(day: date, hour: int, minute: int = 0) -> datetime:
    """A time of a day, UTC."""
    return datetime(day.year, day.month, day.day, hour, minute, tzinfo=UTC)


def posted(name: str, kind: Kind, when: datetime, content: bytes, batch: str | None = None) -> File:
    return File(name=name, kind=kind, batch=batch, versions=(Version(posted_at=when, content=content),))


def shelf() -> Shelf:
    """Three days: one replaced file on Wednesday, images a day late on Thursday, a returned item."""
    replaced = File(
        name="LBX1118.BAI",
        kind=Kind.LOCKBOX,
        versions=(
            Version(posted_at=at(WEDNESDAY, 23), content=FIRST),
            Version(posted_at=at(THURSDAY, 14), content=SECOND),
        ),
    )
    wednesday = Day(
        date=WEDNESDAY,
        files=(
            replaced,
            posted("IMG0410.PDF", Kind.IMAGES, at(WEDNESDAY, 23, 30), IMAGES, "0410"),
            posted("PDR1118.BAI2", Kind.BAI2, at(THURSDAY, 11), REPORT),
        ),
        batches=(Batch(number="0410", items=3, amount=Decimal("1250.40")),),
        opening=Decimal("10000.00"),
        movements=(
            Movement(
                type="ACH CREDIT",
                description="SUMMIT HEALTH PLAN HCCLAIMPMT",
                reference="260322118000412",
                amount=Decimal("1820.55"),
                details=("TRN*1*SHP0004412*1411234567",),
            ),
            Movement(
                type="RETURNED ITEM",
                description="NSF",
                reference="RI88120",
                amount=Decimal("-75.00"),
            ),
        ),
    )
    thursday = Day(
        date=THURSDAY,
        files=(
            posted("LBX1119.BAI", Kind.LOCKBOX, at(THURSDAY, 23), FIRST),
            posted("IMG0411.PDF", Kind.IMAGES, at(THURSDAY, 23, 30), IMAGES, "0411"),
            posted("IMG0412.PDF", Kind.IMAGES, at(FRIDAY, 23, 30), IMAGES, "0412"),
            posted("PDR1119.BAI2", Kind.BAI2, at(FRIDAY, 11), REPORT),
        ),
        batches=(
            Batch(number="0411", items=2, amount=Decimal("310.00")),
            Batch(number="0412", items=1, amount=Decimal("99.95")),
        ),
        opening=wednesday.closing,
    )
    return Shelf(account="4410087726", lockbox="48213", days=(wednesday, thursday))


@dataclass
class Clock:
    """A clock that a test turns."""

    now: datetime = field(default=NOW)

    def __call__(self) -> datetime:
        return self.now

    def forward(self, **gap: float) -> None:
        self.now += timedelta(**gap)


class Visitor:
    """A browser without a screen and without frames; it finds its way by the addresses in the pages."""

    def __init__(self, url: str, clock: Clock) -> None:
        self.client = httpx.Client(base_url=url, follow_redirects=True, verify=NO_TLS)
        self.clock = clock
        self.page = httpx.Response(200)
        self.sid = ""

    @property
    def text(self) -> str:
        return html.unescape(self.page.text)

    @property
    def path(self) -> str:
        return self.page.url.path.partition(";")[0]

    def link(self, path: str, query: str = "") -> str:
        return f"{path};sid={self.sid}" + (f"?{query}" if query else "")

    def get(self, path: str, query: str = "") -> httpx.Response:
        self.page = self.client.get(self.link(path, query))
        return self.page

    def post(self, path: str, **values: str) -> httpx.Response:
        self.page = self.client.post(self.link(path), data=values)
        self._note_session()
        return self.page

    def _note_session(self) -> None:
        found = re.search(r"(?:;sid=|\?SID=)(\w+)", str(self.page.url))
        self.sid = found[1] if found else self.sid

    def password(self, user: str = "bot1", password: str | None = None, company: str = COMPANY) -> None:
        self.sid = ""
        given = password or LOGINS[user].password
        self.page = self.client.post(
            "/tx/sign-on", data={"company_id": company, "user_id": user, "password": given}
        )
        self._note_session()

    def passcode(self, user: str = "bot1") -> None:
        self.post("/tx/passcode", passcode=pyotp.TOTP(LOGINS[user].totp_secret).at(self.clock.now))

    def sign_on(self, user: str = "bot1") -> Visitor:
        """All the way to the desktop."""
        self.password(user)
        self.passcode(user)
        assert self.path == "/tx/desktop"
        return self

    def ask(self, service: str, day: date) -> httpx.Response:
        return self.post(f"/tx/{service}", month=str(day.month), day=str(day.day), year=str(day.year))

    def file(self, name: str, service: str, day: date) -> httpx.Response:
        """Asks for the file that a page lists, by its address there."""
        self.ask(service, day)
        found = re.search(rf'ref=([\d.]+)"[^>]*>{re.escape(name)}<', self.text) or re.search(
            rf'ref=([\d.]+)" title="{re.escape(name)}"', self.text
        )
        assert found, f"{name} is not listed"
        return self.get("/tx/file", f"ref={found[1]}")


@pytest.fixture(scope="session")
def clock() -> Clock:
    return Clock()


@pytest.fixture(scope="session")
def running(clock: Clock) -> Iterator[tuple[PracticeSite, HarborState]]:
    state = HarborState(shelf(), clock)
    with PracticeSite(state, create(state)) as site:
        yield site, state


@pytest.fixture
def bank(running: tuple[PracticeSite, HarborState], clock: Clock) -> PracticeSite:
    clock.now = NOW
    running[0].reset()
    return running[0]


@pytest.fixture
def state(running: tuple[PracticeSite, HarborState]) -> HarborState:
    return running[1]


@pytest.fixture
def new_visitor(bank: PracticeSite, clock: Clock) -> Iterator[Callable[[], Visitor]]:
    made: list[Visitor] = []

    def make() -> Visitor:
        made.append(Visitor(bank.url, clock))
        return made[-1]

    yield make
    for visitor in made:
        visitor.client.close()


@pytest.fixture
def visitor(new_visitor: Callable[[], Visitor]) -> Visitor:
    return new_visitor()


@pytest.fixture
def biller(visitor: Visitor) -> Visitor:
    """A visitor who is signed on as bot1."""
    return visitor.sign_on()
