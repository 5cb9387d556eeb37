"""Canaries: made-up people and secrets that must not show up, and how they are looked for.

The books of all practice sites are marked: each name begins with `Canarywing-`, orders and notes hold the mark,
accounts are long numbers that nothing else looks like. Member numbers and birth dates are the books' own.
"""

import json
import os
import re
import sqlite3
import stat
import zipfile
from collections.abc import Callable, Iterable, Iterator, MutableMapping
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, unquote_plus

import openpyxl
import pytest

from payerbots.sandbox import mailbox, requests
from payerbots.sandbox.cascade import book as cascade_book
from payerbots.sandbox.cascade.logins import LOGINS as CASCADE_LOGINS
from payerbots.sandbox.clearpoint import book as front_end
from payerbots.sandbox.clearpoint.logins import LOGINS as CLEARPOINT_LOGINS
from payerbots.sandbox.harbor.logins import LOGINS as HARBOR_LOGINS
from payerbots.sandbox.logins import LOGINS, Login
from payerbots.sandbox.money import world as money_world
from payerbots.sandbox.people import People
from payerbots.sandbox.records import Member, Request, World
from payerbots.sandbox.world import build
from tests.support import FIRST_ROW, SEED, keep_rows, today

MARK = "Canarywing"
LOGIN = Login(
    user="canaryuser7731",
    password="Canary-Word-4471",
    totp_secret="MNQW4YLSPE3DGMJXGQ2TMNZY",
    name="Robot One",
)
MAIL_PASSWORD = "Canary-Mail-9023"
DATABASE_PASSWORD = "Canary-Base-3310"
BROKER_PASSWORD = "Canary-Broker-6218"
CHANNEL_PASSWORD = "Canary-Channel-7741"
ACCOUNT_PASSWORD = "Canary Account 8842 long"
PRACTICE = frozenset(
    {
        *(one.password for one in (LOGINS["bot1"], CASCADE_LOGINS["bot1"], HARBOR_LOGINS["bot1"])),
        *(one.totp_secret for one in (LOGINS["bot1"], CASCADE_LOGINS["bot1"], HARBOR_LOGINS["bot1"])),
        CLEARPOINT_LOGINS["bot1"].password,
        mailbox.PASSWORD,
    }
)
"""What bots sign in with at the other sites, and the demo at all of them."""

TYPED = ("Canary-Typed-5540", "KBQXGU3XMFXGO2LOM4ZTEMJQ")
"""What a person types as password and code secret of a login whose secrets are kept in the sealed file."""

SEALED = re.compile(rb"gAAAAA[\w=-]+")
"""What a sealed file is as a whole."""

_LONG = re.compile(rb"[\w=-]{40,}")
"""What of a sealed value stands on a page."""

_NO_DIGITS = re.compile(SEALED.pattern + rb"|(?=[0-9]*[a-f])[0-9a-f]{16,}")
"""Sealed values and hashes: any digits stand in them sooner or later."""

_FEW_DIGITS = 8
"""So many digits or fewer are looked for as a number of their own, and in text only: in the raw pages of a database,
where values stand without anything between them, some number holds them by chance. What is written there is looked
at column by column, and the same member's number with its leading zeros and the mark of the name are looked for
everywhere."""


def book(seed: int, day: date) -> World:
    """The practice portal's book with every person marked."""
    world = build(seed, day)
    marked = {member: _member(member) for member in world.members}
    return replace(
        world,
        members=tuple(marked.values()),
        requests=tuple(_request(request) for request in world.requests),
    )


@contextmanager
def marked_people() -> Iterator[None]:
    """Meanwhile everybody of whom money, claims and Cascade's book tell is marked: those are made anew."""

    def fresh_name(people: People) -> tuple[str, str]:
        first, last = plain(people)
        return first, last if type(people) is _SummitPeople else f"{MARK}-{last}"

    plain = People._fresh_name
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("payerbots.sandbox.world.People", _SummitPeople)
        patch.setattr(People, "_fresh_name", fresh_name)
        _forget_books()
        yield
    _forget_books()


class _SummitPeople(People):
    """Members of Summit's book, who are marked when it is made."""


def _forget_books() -> None:
    for one in (money_world, front_end):
        one.build.cache_clear()


def _member(member: Member) -> Member:
    return replace(member, last=f"{MARK}-{member.last}", first=f"{MARK}-{member.first}")


def _request(request: Request) -> Request:
    return replace(
        request,
        last=f"{MARK}-{request.last}" if request.last else "",
        first=f"{MARK}-{request.first}",
        order=f"SO-{MARK}-{request.row}",
        account=str(91_430_000_000 + request.row),
        note=f"{MARK}'s daughter answers",
    )


def write_list(file: Path, rows: Iterable[int]) -> Path:
    """The office's list with some of its rows; a birth date that cannot be read holds a name."""
    requests.write_workbook(file, SEED, today())
    keep_rows(file, set(rows))
    workbook = openpyxl.load_workbook(file)
    for row in workbook["Requests"].iter_rows():
        for cell in row:
            if cell.value == "see chart":
                cell.value = f"{MARK}'s chart"
    workbook.save(file)
    return file


def write_orders(file: Path, rows: Iterable[int]) -> Path:
    """A list of active orders: the office's list, with a refill due today for each of some rows."""
    write_list(file, rows)
    workbook = openpyxl.load_workbook(file)
    sheet = workbook["Requests"]
    column = sheet.max_column + 1
    sheet.cell(FIRST_ROW - 1, column).value = "Next refill"
    for row in rows:
        sheet.cell(row, column).value = today()
    workbook.save(file)
    return file


def write_plain_list(file: Path) -> set[str]:
    """A list with one person as the practice portal of another process knows them; what names that person."""
    clean = [request for request in build(SEED, today()).requests if request.scenario == "clean"]
    asked = max(clean, key=lambda request: len(request.last.split()[0]))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(requests, "build", build)
        requests.write_workbook(file, SEED, today())
    keep_rows(file, {asked.row})
    return {asked.last.split()[0].lower(), asked.order.lower(), asked.account}


def rows_of(world: World, *scenarios: str) -> list[int]:
    """The rows of the list that show a scenario, such as `clean` or a reason's code."""
    return [request.row for request in world.requests if request.scenario in scenarios]


@dataclass
class Needles:
    """What is looked for: texts about people (and the user ID, which a portal shows), secrets, one-time codes."""

    people: set[str] = field(default_factory=lambda: {MARK.lower(), LOGIN.user})
    secrets: set[str] = field(default_factory=set)
    codes: set[str] = field(default_factory=set)

    def know(self, world: World) -> None:
        """Everybody in the book and on the list."""
        for member in world.members:
            answered = [member.other.member_number] if member.other else []
            answered += [one.number for one in member.authorizations]
            self._add([*_number(member.member_id), *_dates(member.born), *answered])
        for request in world.requests:
            born = _dates(request.born) if request.born else []
            self._add([*_number(request.member_id), *born, request.account])

    def know_others(self, seed: int, day: date) -> None:
        """Everybody in the books of the other sites."""
        for member in cascade_book.build(seed, day).members:
            self._add([member.member_id, *_dates(member.born)])
        for billed in money_world.build(seed, day).billed:
            self._add([*_number(billed.member), *_dates(billed.born)])
        for sending in front_end.build(seed, day).sendings:
            claim = sending.claim
            self._add([*_number(claim.member_id), *_dates(claim.patient.born), claim.patient.street])

    def _add(self, texts: Iterable[str]) -> None:
        self.people.update(text.lower() for text in texts if text)

    def people_in(self, data: bytes | str) -> list[str]:
        """What names a person."""
        lowered = _bytes(data).lower()
        few = {one for one in self.people if one.isdigit() and len(one) <= _FEW_DIGITS}
        found = [one for one in self.people - few if one.encode() in lowered]
        return sorted([*found, *(few & _numbers_in(lowered))])

    def secrets_in(self, data: bytes | str) -> list[str]:
        """Secrets, and one-time codes that stand there as such."""
        found = _bytes(data)
        held = [one for one in self.secrets if one.encode() in found]
        return sorted([*held, *self._codes_in(found)])

    def in_(self, data: bytes | str) -> list[str]:
        """Either."""
        return self.people_in(data) + self.secrets_in(data)

    def _codes_in(self, data: bytes) -> Iterator[str]:
        rest = _NO_DIGITS.sub(b" ", data)
        for code in self.codes:
            if re.search(rb"(?<![\d.])%s(?!\d)" % code.encode(), rest):
                yield code


def _bytes(data: bytes | str) -> bytes:
    return data.encode() if isinstance(data, str) else data


def _numbers_in(data: bytes) -> set[str]:
    """The numbers that stand in a text by themselves; in what is no text there are none."""
    if b"\0" in data:
        return set()
    return {one.decode() for one in re.findall(rb"(?<![\d.])\d+(?![\d])", _NO_DIGITS.sub(b" ", data))}


def _number(member_id: str) -> list[str]:
    """A member number as it is, without the zeros that a spreadsheet takes, and with hyphens."""
    bare = member_id.lstrip("0")
    hyphened = f"{member_id[:4]}-{member_id[4:7]}-{member_id[7:]}"
    return [member_id, bare, hyphened] if len(bare) > 6 else [member_id]


def _dates(day: date) -> list[str]:
    """A birth date as people and machines write it."""
    slashes = f"{day.month}/{day.day}/{day.year}"
    return [day.isoformat(), f"{day:%m/%d/%Y}", slashes, f"{day:%Y%m%d}", f"{day:%m%d%Y}"]


Receive = Callable[[], Any]
App = Callable[[MutableMapping[str, Any], Receive, Any], Any]


@dataclass
class Seen:
    """What the practice portal's web server has seen: addresses, where they came from, what was posted."""

    addresses: list[str] = field(default_factory=list)
    posted: dict[str, list[dict[str, list[str]]]] = field(default_factory=dict)
    on_password: Callable[[], None] = lambda: None

    def between(self, app: App) -> App:
        """The same app, with every request noted on its way in."""

        async def noting(scope: MutableMapping[str, Any], receive: Receive, send: Any) -> None:
            path = str(scope.get("path", ""))
            self.addresses.append(unquote_plus(f"{path}?{scope.get('query_string', b'').decode()}"))
            headers = dict(scope.get("headers", ()))
            self.addresses.append(unquote_plus(headers.get(b"referer", b"").decode()))
            body = b""

            async def heard() -> Any:
                nonlocal body
                message = await receive()
                body += message.get("body", b"")
                if body and not message.get("more_body"):
                    self._note(path, body)
                    body = b""
                return message

            await app(scope, heard, send)

        return noting

    def _note(self, path: str, body: bytes) -> None:
        form = _form(body)
        self.posted.setdefault(path, []).append(form)
        if "password" in form:
            self.on_password()

    def codes(self) -> set[str]:
        """The one-time codes that were typed anywhere."""
        forms = [form for some in self.posted.values() for form in some]
        typed = [value for form in forms for name in ("code", "passcode") for value in form.get(name, ())]
        return {one for one in typed if one.isdigit()}

    def values(self, path: str, name: str) -> list[str]:
        """What was posted to a page under one name."""
        return [value for form in self.posted.get(path, ()) for value in form.get(name, ())]


def _form(body: bytes) -> dict[str, list[str]]:
    """What was posted, as a form or as JSON."""
    if not body.startswith(b"{"):
        return parse_qs(body.decode())
    return {name: [value] for name, value in json.loads(body).items() if isinstance(value, str)}


def contents(folder: Path) -> Iterator[tuple[Path, bytes]]:
    """Every file below a folder, and what is in it; files that go meanwhile are passed over."""
    for where, _, names in os.walk(folder):
        for name in names:
            path = Path(where, name)
            with suppress(OSError):
                if stat.S_ISREG(path.lstat().st_mode):
                    yield path, path.read_bytes()


def unsealed(folder: Path) -> bytes:
    """All that can be read below a folder without a key; in what is sealed, any short name stands sooner or later."""
    return b"\n".join(one for path, data in contents(folder) for one in _pieces(path, data))


def _pieces(path: Path, data: bytes) -> Iterator[bytes]:
    """A file; of a database its pages, in which a sealed value is cut, and its values one by one."""
    database = data.startswith(b"SQLite format 3\0")
    if not database and not path.name.endswith("-wal"):
        yield SEALED.sub(b" ", data)
        return
    yield _LONG.sub(b" ", data)
    if database:
        yield from (SEALED.sub(b" ", value) for value in _values_in(path))


def _values_in(path: Path) -> Iterator[bytes]:
    """The texts and blobs of a database."""
    with closing(sqlite3.connect(path)) as database:
        database.text_factory = bytes
        tables = database.execute("SELECT name FROM sqlite_master WHERE type='table'").fetchall()
        for (table,) in tables:
            for row in database.execute(f'SELECT * FROM "{table.decode()}"'):  # noqa: S608 - its own table
                yield from (one for one in row if isinstance(one, bytes))


def in_workbook(book: Path) -> bytes:
    """All that a workbook holds besides pictures, unpacked."""
    with zipfile.ZipFile(book) as archive:
        names = [name for name in archive.namelist() if not name.startswith("xl/media/")]
        return b"\n".join(archive.read(name) for name in names)
