"""A stranger's site on the loopback, whose pages a test writes, and a tab of the real browser on it."""

from collections.abc import Callable, Coroutine, Iterator, Mapping
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Event, Thread
from typing import Any, TypeVar

import pytest
from playwright.async_api import Page

from payerbots.browser.chromium import Chromium, open_tab
from payerbots.browser.pagebook import PageBook
from payerbots.browser.screen import Screen
from payerbots.portals.config import Portal
from tests.support import LoopThread

T = TypeVar("T")
Run = Callable[[Coroutine[Any, Any, T]], T]


@dataclass(frozen=True)
class Sent:
    """A file as the site sends it; `cut` sends less than it promises."""

    content: bytes
    kind: str = "application/octet-stream"
    attached: str = ""
    cut: bool = False


@dataclass
class Site:
    """Pages by path. `never` holds paths that are not answered before the site is closed."""

    url: str = ""
    pages: dict[str, str] = field(default_factory=dict)
    files: dict[str, Sent] = field(default_factory=dict)
    status: dict[str, int] = field(default_factory=dict)
    headers: dict[str, str] = field(default_factory=dict)
    never: set[str] = field(default_factory=set)
    asked: list[str] = field(default_factory=list)
    closing: Event = field(default_factory=Event)

    def clear(self) -> None:
        for part in (self.pages, self.files, self.status, self.headers, self.never, self.asked):
            part.clear()


def _handler(site: Site) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            path = self.path.partition("?")[0]
            site.asked.append(path)
            if path in site.never:
                site.closing.wait(20)
                self.close_connection = True
                return
            if path in site.files:
                self._send(site.files[path])
                return
            body = f"<!doctype html><title>Practice</title>{site.pages.get(path, '')}".encode()
            self.send_response(site.status.get(path, 200 if path in site.pages else 404))
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.send_header("Content-Length", str(len(body)))
            for name, value in site.headers.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)

        def _send(self, file: Sent) -> None:
            self.send_response(200)
            self.send_header("Content-Type", file.kind)
            self.send_header("Content-Length", str(len(file.content) + (1000 if file.cut else 0)))
            if file.attached:
                self.send_header("Content-Disposition", f'attachment; filename="{file.attached}"')
            self.end_headers()
            self.wfile.write(file.content)
            self.close_connection = file.cut

        def log_message(self, *_: object) -> None:
            return

    return Handler


@pytest.fixture(scope="session")
def serving() -> Iterator[Site]:
    site = Site()
    server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(site))
    server.daemon_threads = True
    site.url = f"http://127.0.0.1:{server.server_port}"
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    yield site
    site.closing.set()
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.fixture
def site(serving: Site) -> Site:
    """The site without a page."""
    serving.clear()
    return serving


@pytest.fixture
def run(loop_thread: LoopThread) -> Run[Any]:
    """Runs a coroutine where the browser lives: never on pytest's own thread."""
    return loop_thread.run


@dataclass
class Tabs:
    """One tab for all tests, opened anew when a test closed it. `book` is as its file would have it.

    A new context for each test would take longer than the tests.
    """

    run: Run[Any]
    chromium: Chromium
    site: Site
    page: Page | None = None
    screens: list[Screen] = field(default_factory=list)

    def open(self, book: Mapping[str, object], *, seconds: float = 5) -> Screen:
        settings = {
            "name": "practice",
            "flow": "practice",
            "title": "Practice",
            "url": self.site.url,
            "automation": "permitted",
            "credentials": [{"name": "bot1"}],
        }
        portal, pages = Portal.model_validate(settings), PageBook.model_validate(book)
        screen: Screen = self.run(self._screen(pages, portal, seconds))
        return screen

    async def _screen(self, book: PageBook, portal: Portal, seconds: float) -> Screen:
        if self.page is None or self.page.is_closed():
            self.page = await open_tab(await self.chromium.context())
        self.screens.append(Screen(self.page, book, portal, seconds))
        return self.screens[-1]

    async def let_go(self) -> None:
        """The tab without the screens of the test before."""
        while self.screens:
            screen = self.screens.pop()
            screen.raw.remove_listener("dialog", screen._answer_dialog)
            screen._windows.leave()

    async def close(self) -> None:
        """Closes the context: closing a page right after it was navigated can hang in Chromium."""
        if self.page is not None:
            await self.page.context.close()


@pytest.fixture(scope="session")
def one_tab(loop_thread: LoopThread, chromium: Chromium, serving: Site) -> Iterator[Tabs]:
    tabs = Tabs(loop_thread.run, chromium, serving)
    yield tabs
    loop_thread.run(tabs.close())


@pytest.fixture
def tabs(one_tab: Tabs, site: Site) -> Iterator[Tabs]:
    assert one_tab.site is site
    yield one_tab
    one_tab.run(one_tab.let_go())
