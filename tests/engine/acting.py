"""Workers in processes of their own that do something irreversible at portals that count.

The portals are a server in the test's process. It knows nothing of leases: it counts what is done under which
key, and how many are at one portal at once.
"""

import asyncio
import json
import multiprocessing
import os
import random
import signal
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from http.client import HTTPConnection
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import psutil
from cryptography.fernet import Fernet

from payerbots.browser.chromium import Chromium
from payerbots.browser.flow import Visit
from payerbots.engine.database import Database
from payerbots.engine.pool import Pool, browser_session
from payerbots.engine.seat import NoSession, Session
from payerbots.engine.service import Ended, Service, Terms
from payerbots.keys import Keys
from payerbots.ledger import runs
from payerbots.ledger.claims import Search, claim
from payerbots.ledger.models import ItemKind
from payerbots.ledger.records import Ledger, NewItem
from payerbots.portals.capabilities import Answer, WasDone
from payerbots.settings import Settings
from payerbots.workspace import Workspace

LEASE = 1.0
SESSIONS = 2
PORTALS = [f"p{number}" for number in range(5)]
RECYCLED = 75
SILENT = "p4"
"""This portal cannot tell whether something was done."""

_CONTEXT = multiprocessing.get_context("forkserver")
_CONTEXT.set_forkserver_preload(["tests.engine.acting"])

_BOT = '''
from payerbots.api import Again, Bot, Outcome, intent

class Act(Bot):
    """Does one irreversible thing for each number."""
    name, capability, again = "act", "act", Again.NEVER
    request, answer, unreadable = int, str, int

    async def collect(self, run, portal):
        return []

    def reference(self, request):
        return (str(request),)

    async def work(self, item, portal):
        async with intent(item, "act", key=str(item.request), portal=portal, prepare=portal.prepare) as step:
            if step.needed:
                step.confirm(await portal.act(str(item.request)))
        return Outcome(answer=step.confirmation)

    def deliver(self, run):
        return []
'''
_SIGN_IN = "async def sign_in(screen, credential):\n    return None\n"
_BOOK = """
pages:
  home: {url: /, proof: {css: body}}
  form: {url: /form, proof: {css: form}, elements: {send: {css: button}}}
"""
_PAGES = {"form": "<form method=post action='/p0?key=0&until=inf'><button>Send</button></form>"}


def make_office(
    folder: Path, portals: Sequence[str] = PORTALS, settle: str = "200ms", more: str = ""
) -> Path:
    """A workspace with the bot `act` and portals that share one flow."""
    for part in ("bots", "flows/counting", "selectors"):
        (folder / part).mkdir(parents=True, exist_ok=True)
    for package in ("bots", "flows", "flows/counting"):
        (folder / package / "__init__.py").touch()
    (folder / "bots/act.py").write_text(_BOT)
    (folder / "flows/counting/sign_in.py").write_text(_SIGN_IN)
    (folder / "selectors/counting.yaml").write_text(_BOOK)
    (folder / "schedules.yaml").touch()
    rows = [
        f"{name}:\n  flow: counting\n  url: http://127.0.0.1:9\n  automation: permitted\n  settle: {settle}\n"
        f"  credentials: [{{name: bot1, from: env, sessions: {SESSIONS}}}]\n{more}"
        for name in portals
    ]
    (folder / "portals.yaml").write_text("".join(rows))
    return folder


@dataclass
class Portals:
    """What happened at the portals: acts by (portal, key), and how many visitors there were at once at most."""

    url: str = ""
    acts: Counter[tuple[str, str]] = field(default_factory=Counter)
    late: int = 0
    """Acts that came after the time for which the page was armed."""
    here: Counter[str] = field(default_factory=Counter)
    most: Counter[str] = field(default_factory=Counter)
    times: list[tuple[str, float]] = field(default_factory=list)
    """When each visit began."""
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _pause: threading.Event = field(default_factory=threading.Event)

    def act(self, portal: str, key: str, until: float) -> str:
        """Does it, and takes a moment before or after."""
        with self._visit(portal):
            self._pause.wait(random.uniform(0, 0.04))
            with self._lock:
                if time.monotonic() >= until:
                    self.late += 1
                    return ""
                self.acts[portal, key] += 1
            self._pause.wait(random.uniform(0, 0.04))
        return f"C-{portal}-{key}"

    @contextmanager
    def _visit(self, portal: str) -> Iterator[None]:
        with self._lock:
            self.here[portal] += 1
            self.times.append((portal, time.monotonic()))
            self.most[portal] = max(self.most[portal], self.here[portal])
        try:
            yield
        finally:
            with self._lock:
                self.here[portal] -= 1


@contextmanager
def served() -> Iterator[Portals]:
    """The portals on a loopback port."""
    portals = Portals()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            path, asked = urlsplit(self.path).path.strip("/"), parse_qs(urlsplit(self.path).query)
            self._say(portals.act(path, asked["key"][0], float(asked["until"][0])))

        def do_GET(self) -> None:
            path, asked = urlsplit(self.path).path.strip("/"), parse_qs(urlsplit(self.path).query)
            if path not in PORTALS:
                self._say(_PAGES.get(path, ""), "text/html")
                return
            done = portals.acts[path, asked["key"][0]]
            answer = "unknown" if path == SILENT else "yes" if done else "no"
            self._say(answer)

        def _say(self, text: str, kind: str = "text/plain") -> None:
            try:
                self.send_response(200)
                self.send_header("Content-Type", kind)
                self.send_header("Content-Length", str(len(text)))
                self.end_headers()
                self.wfile.write(text.encode())
            except OSError:
                self.close_connection = True  # the worker was killed meanwhile

        def log_message(self, *_: object) -> None:
            return

    class Server(ThreadingHTTPServer):
        daemon_threads = True

        def handle_error(self, *_: object) -> None:
            """A visitor that was killed is gone; that is what is tested."""

    server = Server(("127.0.0.1", 0), Handler)
    portals.url = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    try:
        yield portals
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@dataclass
class HttpVisit:
    """A portal without a browser: what the page would swallow, the server does not count."""

    name: str
    url: str
    freeze: str = ""
    database: Database | None = None
    until: float = float("inf")

    async def prepare(self) -> None:
        """Fills in, and sends nothing."""
        await self._freeze_at("prepare")

    async def act(self, key: str) -> str:
        """The irreversible act; the portal's number."""
        await self._freeze_at("act")
        number = await self._ask("POST", f"/{self.name}?key={key}&until={self.until}")
        await self._freeze_at("confirm")
        if not number:
            raise TimeoutError
        return number

    async def was_done(self, action: str, key: str) -> WasDone:  # noqa: ARG002 - the contract's
        """What the portal shows."""
        return WasDone(Answer(await self._ask("GET", f"/{self.name}?key={key}")), f"C-{self.name}-{key}")

    async def ticks(self) -> float:
        """The page's clock."""
        return time.monotonic()

    async def arm(self, ticks: float, seconds: float) -> None:
        """As the page does."""
        self.until = ticks + seconds

    async def disarm(self) -> None:
        """As the page does."""
        self.until = float("inf")

    async def _ask(self, method: str, path: str) -> str:
        def ask() -> str:
            connection = HTTPConnection(self.url.removeprefix("http://"), timeout=20)
            try:
                connection.request(method, path)
                return connection.getresponse().read().decode()
            finally:
                connection.close()

        return await asyncio.to_thread(ask)

    async def _freeze_at(self, moment: str) -> None:
        """Stands still like a frozen machine, once, until somebody wakes this process.

        It does so on the ledger's thread: no transaction is open then.
        """
        if self.freeze == moment and self.database is not None:
            await self.database(freeze_once)


_frozen = False


def freeze_once() -> None:
    """Stops this process until it gets SIGCONT; only the first time."""
    global _frozen  # noqa: PLW0603 - a process freezes once
    if not _frozen:
        _frozen = True
        os.kill(os.getpid(), signal.SIGSTOP)
        threading.Event().wait(0.3)  # the signal may reach another thread first, and this one a moment later


class HttpSession(NoSession):
    """A session without a browser."""

    def __init__(self, visit: HttpVisit) -> None:
        self._visit = visit

    async def visit(self) -> Any:
        """The portal."""
        return replace(self._visit)


@dataclass(frozen=True, kw_only=True)
class Office:
    """What a worker process needs to know."""

    folder: Path
    portals_url: str
    database_url: str | None
    sealing: str
    places: int = 3
    freeze: str = ""
    clock_off: float = 0.0
    lease: float = LEASE
    most_items: int = 100_000

    @property
    def workspace(self) -> Workspace:
        """The workspace as a worker sees it."""
        settings = Settings(
            data=self.folder / "data",
            database_url=self.database_url,
            lease_seconds=self.lease,
            heartbeat_seconds=self.lease / 4,
            retry_pace=0.01,
            zone="UTC",
            element_seconds=3,
        )
        workspace = Workspace(self.folder, settings)
        vars(workspace)["keys"] = self.keys
        return workspace

    @property
    def keys(self) -> Keys:
        """The keys that all workers share."""
        return Keys((self.sealing,), "index", "a test")

    def fill(self, count: int, portals: Sequence[str] = PORTALS) -> int:
        """A run with items spread over the portals; its number."""
        ledger = Ledger(self.keys)
        options = json.dumps({"input": None, "out": str(self.folder / "out")}).encode()
        day = ledger.now().date()
        run = runs.start(ledger, runs.Start(bot="act", day=day, options=options, portals=[""], actor="test"))
        found = claim(
            ledger,
            Search(owner="test", bots=["act"], portal="", lease=timedelta(seconds=60)),
        )
        assert found is not None
        wanted = [
            NewItem(
                place=number,
                kind=ItemKind.WORK,
                reference=f"act-{number}",
                portal=portals[number % len(portals)],
                request=str(number).encode(),
            )
            for number in range(count)
        ]
        assert runs.add_items(ledger, found, run, wanted) == count
        return run


def new_key() -> str:
    """A sealing key."""
    return Fernet.generate_key().decode()


def work(office: Office, prepared: "Callable[[], None] | None" = None) -> None:
    """The life of a worker process."""
    _set_credentials()
    if prepared is not None:
        prepared()
    workspace = office.workspace
    ledger = Ledger(office.keys, clock=_clock(office.clock_off), enough_losses=1000)
    asyncio.run(_work(office, workspace, ledger))


@dataclass
class PageVisit:
    """A portal in the browser: `prepare` opens the form, `act` presses its button."""

    real: Visit
    freeze: str
    database: Database

    def __getattr__(self, name: str) -> Any:
        """Everything else is the real portal's."""
        return getattr(self.real, name)

    async def prepare(self) -> None:
        """Opens the form."""
        await self.real.screen.open("form")

    async def act(self, key: str) -> str:  # noqa: ARG002 - the form knows it
        """The click."""
        if self.freeze == "act":
            await self.database(freeze_once)
        await self.real.screen.press("send", leaves=True)
        return await self.real.screen.raw.inner_text("body", timeout=5000)


class PageSession:
    """A session in the worker's browser."""

    def __init__(self, real: Session, freeze: str, database: Database) -> None:
        self._real, self._freeze, self._database = real, freeze, database

    def __getattr__(self, name: str) -> Any:
        """Everything else is the real session's."""
        return getattr(self._real, name)

    async def visit(self) -> Any:
        """The portal."""
        return PageVisit(await self._real.visit(), self._freeze, self._database)


def work_on_pages(office: Office) -> None:
    """The life of a worker process with a browser."""
    _set_credentials()
    for portal in PORTALS:
        os.environ[f"PAYERBOTS_URL_{portal.upper()}"] = office.portals_url
    asyncio.run(_work_on_pages(office))


async def _work_on_pages(office: Office) -> None:
    def make(pool: Pool, flow: Any, login: Any, slot: Any) -> Any:
        return PageSession(browser_session(pool, flow, login, slot), office.freeze, pool.tools.database)

    async with Chromium() as chromium:
        ledger = Ledger(office.keys)
        service = Service(office.workspace, Terms(places=1, sweep_seconds=0.2), chromium, ledger, make)
        asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, service.drain)
        await service.work()


def _clock(off: float) -> Callable[[], Any]:
    return lambda: datetime.now(UTC) + timedelta(seconds=off)


async def _work(office: Office, workspace: Workspace, ledger: Ledger) -> None:
    def make(pool: Pool, flow: Any, login: Any, slot: Any) -> HttpSession:  # noqa: ARG001 - the contract's
        return HttpSession(
            HttpVisit(flow.portal.name, office.portals_url, office.freeze, pool.tools.database)
        )

    terms = Terms(places=office.places, sweep_seconds=0.2, most_items=office.most_items)
    service = Service(workspace, terms, Chromium(), ledger=ledger, make=make)
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, service.drain)
    if await service.work() is Ended.RECYCLE:
        raise SystemExit(RECYCLED)


def _set_credentials() -> None:
    for portal in PORTALS:
        os.environ[f"PAYERBOTS_{portal.upper()}_BOT1_USER"] = "bot"
        os.environ[f"PAYERBOTS_{portal.upper()}_BOT1_PASSWORD"] = "practice"


def start(office: Office, prepared: "Callable[[], None] | None" = None) -> Any:
    """A worker in a process of its own."""
    process = _CONTEXT.Process(target=work, args=(office, prepared), daemon=True)
    process.start()
    return process


def start_with_browser(office: Office) -> Any:
    """A worker with a browser, in a process of its own."""
    process = _CONTEXT.Process(target=work_on_pages, args=(office,))
    process.start()
    return process


def kill(process: Any) -> None:
    """As the power going off."""
    os.kill(process.pid, signal.SIGKILL)
    process.join()


def is_frozen(process: Any) -> bool:
    """Whether a process stands still."""
    return bool(psutil.Process(process.pid).status() == psutil.STATUS_STOPPED)


BUSY = 4
"""How much longer than an idle machine one may take on which others work too."""


def until(happened: Callable[[], bool], seconds: float, what: str = "what was waited for") -> None:
    """Waits until something has happened, with a deadline: `seconds` on an idle machine, more on a busy one."""
    pause, end = threading.Event(), time.monotonic() + BUSY * seconds
    while not happened():
        assert time.monotonic() < end, f"{what} did not happen within {BUSY * seconds} s"
        pause.wait(0.02)
