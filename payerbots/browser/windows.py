"""Windows that a portal opens: those that a flow expects stay, all others are closed."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager

from playwright.async_api import Error as PlaywrightError
from playwright.async_api import Page

_CLOSING_SECONDS = 1.5


class Windows:
    """The windows that come beside one tab."""

    def __init__(self, page: Page) -> None:
        self._context = page.context
        self._expected = 0
        self._closing: set[asyncio.Task[None]] = set()
        self._context.on("page", self._came)

    @contextmanager
    def expected(self) -> Iterator[None]:
        """Meanwhile a window that comes is left open."""
        self._expected += 1
        try:
            yield
        finally:
            self._expected -= 1

    def leave(self) -> None:
        """No longer closes windows of this context."""
        self._context.remove_listener("page", self._came)

    def _came(self, page: Page) -> None:
        if self._expected:
            return
        task = asyncio.ensure_future(_close(page))
        self._closing.add(task)
        task.add_done_callback(self._closing.discard)


async def _close(page: Page) -> None:
    try:
        async with asyncio.timeout(_CLOSING_SECONDS):
            await page.close()
    except (PlaywrightError, TimeoutError):
        return
