"""Which browser is used, and one running Chromium with its contexts."""

import asyncio
import os
import shutil
import sys
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Self

import psutil
from loguru import logger
from playwright.async_api import Browser, BrowserContext, Page, Playwright, StorageState, async_playwright
from playwright.async_api import Error as PlaywrightError
from tenacity import AsyncRetrying, retry_if_exception_type, stop_after_attempt, wait_exponential_jitter

from payerbots.errors import BrowserGone, ConfigError
from payerbots.settings import for_others

_CHANNELS = (
    "google-chrome",
    "google-chrome-stable",
    "microsoft-edge",
    "microsoft-edge-stable",
    "chrome",
    "msedge",
)
_PLACES = (
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Microsoft Edge.app/Contents/MacOS/Microsoft Edge",
    "C:/Program Files/Google/Chrome/Application/chrome.exe",
    "C:/Program Files (x86)/Microsoft/Edge/Application/msedge.exe",
)
_SHELL = "chromium-headless-shell"
_SYSTEM = (_SHELL, "chromium", "chromium-browser")
_OWN = "Playwright's own build"
_QUIET = (
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
_CLOSING_SECONDS = 1.5
_BLOCKED = [
    f"*.{kind}*"
    for kind in ("png", "jpg", "jpeg", "gif", "webp", "svg", "woff", "woff2", "ttf", "mp4", "webm")
]


@dataclass(frozen=True)
class Executable:
    """A browser on this machine and how it was found."""

    path: Path
    source: str


def find(
    configured: Path | None,
    own: Path | None,
    environ: Mapping[str, str] = os.environ,
    which: Callable[[str], str | None] = shutil.which,
) -> Executable | None:
    """The browser to use: configured path → `PAYERBOTS_BROWSER` → Playwright's own → Chrome or Edge → chromium.

    `own` is where Playwright keeps its build. Of the system's, the headless shell goes first: the demo
    takes half the time in it. A configured path that is not there is a `ConfigError`,
    never passed over in silence.
    """
    for wanted, source in (
        (configured, "--browser"),
        (_path(environ.get("PAYERBOTS_BROWSER")), "PAYERBOTS_BROWSER"),
    ):
        if wanted is not None:
            return _named(wanted, source)
    if own is not None and own.is_file():
        return Executable(own, _OWN)
    channels = [*map(which, _CHANNELS), *(place for place in _PLACES if Path(place).is_file())]
    for paths, source in ((channels, "installed Chrome or Edge"), (map(which, _SYSTEM), "system chromium")):
        if found := next(filter(None, paths), None):
            return Executable(Path(found), source)
    return None


def _named(path: Path, source: str) -> Executable:
    if not path.is_file():
        raise ConfigError(f"{source}: no browser at {path}")
    return Executable(path, source)


def _path(text: str | None) -> Path | None:
    return Path(text) if text else None


def is_root() -> bool:
    """Whether this process is root, for whom Chromium's sandbox cannot be used."""
    return sys.platform != "win32" and os.geteuid() == 0


class Chromium:
    """One running browser. Started at the first context, and again when it has died."""

    def __init__(self, configured: Path | None = None, *, headed: bool = False) -> None:
        self._configured, self._headed = configured, headed
        self._playwright: Playwright | None = None
        self._browser: Browser | None = None
        self._processes: list[psutil.Process] = []
        self._starting = asyncio.Lock()

    async def __aenter__(self) -> Self:
        self._playwright = await async_playwright().start()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        try:
            async with asyncio.timeout(_CLOSING_SECONDS):
                if self._browser is not None:
                    await self._browser.close()
        except (PlaywrightError, TimeoutError):
            self._kill()
        if self._playwright is not None:
            await self._playwright.stop()

    async def context(self, state: StorageState | None = None) -> BrowserContext:
        """A new context, with a saved session where there is one."""
        try:
            browser = await self._running()
            return await browser.new_context(
                storage_state=state, locale="en-US", viewport={"width": 1280, "height": 900}
            )
        except PlaywrightError:
            raise BrowserGone("the browser could not open a context") from None

    @asynccontextmanager
    async def watched(self, every: float = 15.0, patience: float = 10.0) -> AsyncIterator[None]:
        """Meanwhile a browser that does not answer for `patience` seconds is killed; the next item gets a new one."""
        watching = asyncio.create_task(self._watch(every, patience))
        try:
            yield
        finally:
            watching.cancel()

    async def _watch(self, every: float, patience: float) -> None:
        while True:
            await asyncio.sleep(every)
            browser = self._browser
            if browser is not None and not await _answers(browser, patience):
                logger.error("the browser does not answer: it is killed and replaced")
                self._kill()

    async def _running(self) -> Browser:
        async with self._starting:
            if self._browser is None or not self._browser.is_connected():
                before = _descendants()
                self._browser = await self._launch()
                self._processes = [one for one in _descendants() if one not in before]
            return self._browser

    def _kill(self) -> None:
        """Ends a browser that does not close: every process that came with it."""
        for process in self._processes:
            with suppress(psutil.Error):
                process.kill()
        self._browser, self._processes = None, []

    def _which(self, name: str) -> str | None:
        """Where a command is; the headless shell has no window to show."""
        return None if self._headed and name == _SHELL else shutil.which(name)

    async def _launch(self) -> Browser:
        if self._playwright is None:
            raise BrowserGone("the browser has been closed")
        kind = self._playwright.chromium
        found = find(self._configured, Path(kind.executable_path), which=self._which)
        if found is None:
            raise ConfigError("no browser found: run `payerbots setup`")
        async for attempt in AsyncRetrying(
            retry=retry_if_exception_type(PlaywrightError),
            stop=stop_after_attempt(3),
            wait=wait_exponential_jitter(multiplier=0.5, max=5),
            reraise=True,
        ):
            with attempt:
                return await kind.launch(
                    executable_path=None if found.source == _OWN else found.path,
                    headless=not self._headed,
                    chromium_sandbox=not is_root(),
                    args=[*_QUIET],
                    env={**for_others(os.environ)},
                )
        raise BrowserGone("the browser did not start")


async def _answers(browser: Browser, seconds: float) -> bool:
    try:
        async with asyncio.timeout(seconds):
            session = await browser.new_browser_cdp_session()
            await session.send("Browser.getVersion")
            await session.detach()
    except (PlaywrightError, TimeoutError):
        return False
    return True


def _descendants() -> list[psutil.Process]:
    return psutil.Process().children(recursive=True)


async def own_build() -> Path:
    """Where Playwright keeps, or would keep, its own Chromium."""
    async with async_playwright() as playwright:
        return Path(playwright.chromium.executable_path)


async def open_tab(context: BrowserContext) -> Page:
    """A tab in which the browser itself does not load images, fonts and media.

    The browser's own list costs nothing per request; routing each request through here costs more
    than it saves.
    """
    page = await context.new_page()
    session = await context.new_cdp_session(page)
    await session.send("Network.enable")
    await session.send("Network.setBlockedURLs", {"urls": _BLOCKED})
    return page
