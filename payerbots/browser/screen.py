"""What a flow works with: one signed-in tab, with pages and elements by their names in the page book.

Every wait has a deadline. A Playwright error never leaves here as it is: its text may hold what was typed.
"""

import time
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote

from playwright.async_api import Dialog, Locator, Page
from playwright.async_api import Error as PlaywrightError

from payerbots.browser import arming, fetching, pagebook
from payerbots.browser.arming import Armed, Ticks
from payerbots.browser.forms import Forms
from payerbots.browser.pagebook import Interruption, PageBook
from payerbots.browser.patience import patiently
from payerbots.browser.tab import script, translated
from payerbots.browser.windows import Windows
from payerbots.errors import PORTAL_ERRORS, PageFailed, PortalChanged, Throttled, TookTooLong
from payerbots.portals.capabilities import Downloaded
from payerbots.portals.config import Portal

Proof = tuple[str, list[str], list[dict[str, str]]]
"""A name, its frame, and the candidates that prove it there, as the recognising script takes them."""

_GLANCE = 1.0
_POLL = 25
_DISMISSALS = 5
_SERVER_ERROR = 500
_TOO_MANY_REQUESTS = 429
_SCROLL = """e => {
    const before = e.scrollTop;
    e.scrollTop = before + Math.max(40, e.clientHeight * 0.8);
    return e.scrollTop > before;
}"""
_STATUS = """() => {
    const statusOf = (inner) => {
        try {
            const own = (inner.performance.getEntriesByType('navigation')[0] || {}).responseStatus || 0;
            return Math.max(own, ...Array.from(inner.frames, statusOf));
        } catch { return 0; }
    };
    return statusOf(window);
}"""
"""The worst HTTP status of the page and the frames of its own origin."""


Cells = Mapping[str, str | None]


@dataclass(frozen=True)
class Reading:
    """A record as read: `fields` by name (None: the page leaves it empty), tables as rows of cells."""

    fields: Mapping[str, str | None] = field(repr=False)
    tables: Mapping[str, Sequence[tuple[str | None, Cells]]] = field(repr=False)

    def __getitem__(self, name: str) -> str | None:
        return self.fields[name]

    def rows(self, table: str) -> list[Cells]:
        """The rows of a table, from top to bottom."""
        return [cells for _, cells in self.tables[table]]

    def named(self, table: str) -> dict[str, Cells]:
        """The rows of a table by the names that the page book gives them."""
        return {name: cells for name, cells in self.tables[table] if name}


class Screen(Forms):
    """One tab of a portal. `portal` holds the portal's settings; `drift` what fallbacks were needed."""

    def __init__(
        self, page: Page, book: PageBook, portal: Portal, seconds: float, *, windows: Windows | None = None
    ) -> None:
        super().__init__(page, book, seconds)
        self.portal = portal
        self._armed: Armed | None = None
        self._windows = windows or Windows(page)
        page.on("dialog", self._answer_dialog)

    @property
    def raw(self) -> Page:
        """The Playwright page, for evidence and for what the page book cannot say."""
        return self._page

    @property
    def at(self) -> str:
        """The name of the page that was last recognised."""
        return self._at

    async def ticks(self) -> Ticks:
        """The clocks of the page's frames, now; read before a lease is checked."""
        with translated():
            return await arming.ticks(self._page)

    async def arm(self, ticks: Ticks, seconds: float) -> None:
        """From `seconds` after `ticks` on, the page takes no click, submit or key."""
        await self.disarm()
        with translated():
            self._armed = await arming.arm(self._page, ticks, seconds)

    async def disarm(self) -> None:
        """The page takes them again; nothing when it was not armed or is gone."""
        armed, self._armed = self._armed, None
        if armed is not None:
            await armed.disarm()

    async def open(self, page: str, *, text: str = "", or_else: Sequence[str] = ()) -> str:
        """Goes to a page of the book and waits until it, or one of `or_else`, is proven; which it is.

        `text` stands for `{text}` in its address.
        """
        url = self._book.pages[page].url
        if url is None:
            raise PortalChanged(page, "url")
        url = url.replace("{text}", quote(text, safe=""))
        with translated():
            response = await self._page.goto(
                self.portal.url + url, wait_until="commit", timeout=self._seconds * 1000
            )
        self._judge_status(response.status if response else 0)
        return await self.arrive(page, *or_else)

    async def arrive(self, *pages: str) -> str:
        """Waits until one of `pages` is proven, in order of preference, and says which.

        Interruptions of the page book are dismissed or raised. `PortalChanged` when the portal shows
        something else, `TookTooLong` when it still shows the page before.
        """
        until = time.monotonic() + self._seconds
        for _ in range(_DISMISSALS):
            found = await self._wait_for_any(pages, until)
            if found in pages:
                self._at = found
                return found
            await self._handle(self._book.interruptions[found])
        raise PortalChanged(pages[0], "an interruption that cannot be dismissed")

    async def shows(self, page: str) -> bool:
        """Whether the proof of a page is visible now, without waiting."""
        with translated():
            found = await self._page.evaluate(script("recognise"), self._proofs([page])[-1:])
        return found is not None

    async def popup(self, element: str, *, text: str = "") -> "Screen":
        """Clicks what opens a window; the window, which the flow closes with `close`."""
        locator = await self._find(element, text)
        with translated(), self._windows.expected():
            async with self._page.expect_popup(timeout=self._seconds * 1000) as coming:
                await self._click(locator)
            page = await coming.value
        return Screen(page, self._book, self.portal, self._seconds, windows=self._windows)

    async def close(self) -> None:
        """Closes a window that `popup` opened."""
        with translated():
            await self._page.close()

    async def download(self, element: str, *, text: str = "") -> Downloaded:
        """Clicks what sends a file, and waits until it is whole. `TookTooLong` when none comes.

        What the portal shows instead is raised as the page book says; the deadline is four times a wait's.
        """
        locator = await self._find(element, text)
        with translated():
            return await fetching.downloaded(
                self._page,
                lambda: fetching.surely(locator, lambda: self._click(locator)),
                self._seconds * fetching.WAITS,
                self._interrupted,
            )

    async def fetch(self, element: str, *, text: str = "") -> Downloaded:
        """The file behind a link, or in a frame, with this session's cookies: for files that open in a tab."""
        locator = await self._find(element, text)
        with translated():
            url = await locator.evaluate("e => e.href || e.src || e.data || ''")
            if not url.startswith(("http://", "https://")):
                raise PortalChanged(self._at, element)
            status, found = await fetching.fetched(self._page, url, self._seconds * fetching.WAITS)
        self._judge_status(status)
        return found

    async def scroll(self, element: str) -> bool:
        """Scrolls an element on by most of what it shows; False when it was at its end."""
        locator = await self._find(element)
        with translated():
            moved: bool = await locator.evaluate(_SCROLL)
        return moved

    async def _find(self, element: str, text: str = "") -> Locator:
        async with self._explained():
            return await super()._find(element, text)

    async def _click(self, locator: Locator) -> None:
        """A click that waits until nothing is in its way; what can be dismissed meanwhile is dismissed."""
        click = locator.click(timeout=self._seconds * 1000, no_wait_after=True)
        await patiently(click, self._clear_the_way)

    async def _act(self, action: Callable[[], Awaitable[object]], *, leaves: bool | str) -> None:
        async with self._explained():
            await super()._act(action, leaves=leaves)

    @asynccontextmanager
    async def _explained(self) -> AsyncIterator[None]:
        """What failed because the portal shows something else is raised as the page book says."""
        try:
            yield
        except (PortalChanged, TookTooLong):
            with translated():
                await self._interrupted()
            raise

    async def _interrupted(self) -> None:
        """Raises what stands in the way now, if it means an error."""
        found = await self._in_the_way()
        if found is not None and found.means is not None:
            await self._handle(found)
        await self._look_at_status()

    async def _in_the_way(self) -> Interruption | None:
        """What interrupts the page that was last recognised."""
        expected = [self._at] if self._at else []
        found = await self._page.evaluate(script("recognise"), self._proofs(expected))
        return self._book.interruptions.get(found["name"]) if found else None

    def word(self, kind: str, text: str | None) -> str | None:
        """What a text of the portal means, from the page book's `words`; None for nothing.

        `PortalChanged` for a text that the book does not know.
        """
        if text is None:
            return None
        meaning = self._book.word(kind, text)
        if meaning is None:
            raise PortalChanged(self._at, f"words.{kind}")
        return meaning or None

    async def read(self, record: str) -> Reading:
        """Reads a record of the current page in one evaluation. `PortalChanged` for a field that is gone."""
        page = self._book.pages[self._at]
        wanted = page.records[record]
        with translated():
            found = await self._page.evaluate(
                script("read_record"), pagebook.as_script_argument(wanted, page.frame)
            )
        async with self._explained():
            self._check(record, wanted, found)
        return Reading(
            {name: self._value(got["value"]) for name, got in found["fields"].items()},
            {name: [self._row(row) for row in got["rows"] or []] for name, got in found["tables"].items()},
        )

    def _value(self, text: str | None) -> str | None:
        return None if text in self._book.blank else text

    def _row(self, row: Mapping[str, Any]) -> tuple[str | None, Cells]:
        return row["name"], {name: self._value(text) for name, text in row["values"].items()}

    def _check(self, record: str, wanted: pagebook.Record, found: Mapping[str, Any]) -> None:
        places = {name: got["used"] for name, got in [*found["fields"].items(), *found["tables"].items()]}
        for name, got in found["tables"].items():
            if got["used"] < 0:
                continue
            places |= {f"{name}.{column}": used for column, used in got["columns"].items()}
            named = {row["name"]: row["used"] for row in got["rows"]}
            places |= {f"{name}.{row}": named.get(row, -1) for row in wanted.tables[name].rows}
        for name, used in places.items():
            if used < 0 and name not in wanted.optional:
                raise PortalChanged(self._at, f"{record}.{name}")
            if used > 0:
                self._drifted(f"{record}.{name}", used)

    async def _wait_for_any(self, pages: Sequence[str], until: float) -> str:
        """The page or interruption that is seen first; looks at the HTTP status while it waits."""
        wanted = self._proofs(pages)
        while True:
            left = until - time.monotonic()
            found = await self._recognise(wanted, max(0.001, min(_GLANCE, left)))
            if found is not None:
                return found
            await self._look_at_status()
            if left <= _GLANCE:
                await self._give_up(pages)

    async def _recognise(self, wanted: Sequence[Proof], seconds: float) -> str | None:
        try:
            with translated():
                handle = await self._page.wait_for_function(
                    script("recognise"), arg=wanted, timeout=seconds * 1000, polling=_POLL
                )
                found = await handle.json_value()
        except TookTooLong:
            return None
        name: str = found["name"]
        if found["used"]:
            self.drift.add(f"{name}: proof (fallback {found['used']})")
        return name

    def _proofs(self, pages: Sequence[str]) -> list[Proof]:
        """What would interrupt somebody who expects these pages, then the pages themselves."""
        proofs = {**self._book.in_the_way(pages), **{name: self._book.proof(name) for name in pages}}
        return [
            (name, list(frame), [one.model_dump(exclude_none=True) for one in proof])
            for name, (frame, proof) in proofs.items()
        ]

    async def _give_up(self, pages: Sequence[str]) -> None:
        if self._at and self._at not in pages and await self.shows(self._at):
            raise TookTooLong(f"{pages[0]}: {self._at} is still shown")
        raise PortalChanged(pages[0])

    async def _look_at_status(self) -> None:
        with translated():
            status = await self._page.evaluate(_STATUS)
        self._judge_status(status)

    def _judge_status(self, status: int) -> None:
        if status >= _SERVER_ERROR:
            raise PageFailed(f"HTTP {status}")
        if status == _TOO_MANY_REQUESTS:
            raise Throttled("HTTP 429")

    async def _handle(self, interruption: Interruption) -> None:
        if interruption.means is not None:
            error = PORTAL_ERRORS[interruption.means]
            raise error("asked by the portal") if error is not PortalChanged else PortalChanged(self._at)
        with translated():
            if not await self._dismiss(interruption):
                raise PortalChanged(self._at, "dismiss")

    async def _dismiss(self, interruption: Interruption) -> bool:
        """Whether there was something to dismiss it by. It is gone when this returns."""
        for candidate in interruption.dismiss or ():
            locator = self._locate(interruption.frame, candidate).first
            if await locator.is_visible():
                await locator.click(timeout=self._seconds * 1000, no_wait_after=True)
                await locator.wait_for(state="hidden", timeout=self._seconds * 1000)
                return True
        return False

    async def _clear_the_way(self) -> None:
        """Dismisses what is in the way now, if it can be dismissed; nothing is raised."""
        found = await self._in_the_way()
        if found is not None and found.means is None:
            await self._dismiss(found)

    async def _answer_dialog(self, dialog: Dialog) -> None:
        """An alert is acknowledged and leaving a page is allowed; any question is answered with no."""
        try:
            await (dialog.accept() if dialog.type in {"alert", "beforeunload"} else dialog.dismiss())
        except PlaywrightError:
            return
