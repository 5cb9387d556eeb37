"""Files that come down: by a click that sends one, or from the address behind a link."""

import asyncio
import re
import time
from collections.abc import Awaitable, Callable
from contextlib import suppress
from pathlib import Path
from urllib.parse import unquote, urlsplit
from weakref import WeakKeyDictionary

from playwright.async_api import APIResponse, Download, Locator, Page
from playwright.async_api import Error as PlaywrightError

from payerbots.errors import TookTooLong
from payerbots.portals.capabilities import Downloaded

WAITS = 4
"""A file may take as long as so many waits for an element."""

_GLANCE = 0.5
_APART = 0.15
"""Seconds between two clicks for files on one page: Chromium drops an eleventh within a second without a word."""
_CLICKS = 4
_LISTEN = """e => {
    const heard = {click: false};
    const listen = one => {
        if (one.composedPath().some(each => each.tagName === e.tagName)) heard.click = true;
    };
    window.addEventListener('click', listen, true);
    heard.over = () => window.removeEventListener('click', listen, true);
    return heard;
}"""
"""Something of the element's kind was clicked: the element itself may be drawn anew meanwhile."""
_HEARD = "heard => { heard.over(); return heard.click; }"
_last: "WeakKeyDictionary[Page, float]" = WeakKeyDictionary()


async def downloaded(
    page: Page, click: Callable[[], Awaitable[None]], seconds: float, meanwhile: Callable[[], Awaitable[None]]
) -> Downloaded:
    """The file that a click sends, whole. `meanwhile` looks at the page while none has come, and may raise."""
    coming: asyncio.Future[Download] = asyncio.get_running_loop().create_future()

    def came(one: Download) -> None:
        if not coming.done():
            coming.set_result(one)

    page.on("download", came)
    try:
        async with asyncio.timeout(seconds):
            await _paced(page)
            await click()
            while not coming.done():
                await asyncio.wait({coming}, timeout=_GLANCE)
                if not coming.done():
                    await meanwhile()
            return await _whole(coming.result())
    except TimeoutError:
        began = "the file did not come whole in time" if coming.done() else "no file was sent in time"
        raise TookTooLong(began) from None
    finally:
        page.remove_listener("download", came)


async def surely(locator: Locator, click: Callable[[], Awaitable[None]]) -> None:
    """Clicks until the page has heard it.

    On a page that moves just then, the button of the mouse goes down on a link and up beside it: that is no click.
    """
    for _ in range(_CLICKS):
        listening = await locator.evaluate_handle(_LISTEN)
        await click()
        try:
            if await listening.evaluate(_HEARD):
                return
        except PlaywrightError:
            return  # the page has gone on


async def _paced(page: Page) -> None:
    now = time.monotonic()
    wait = _last.get(page, 0.0) + _APART - now
    _last[page] = now + max(wait, 0)
    if wait > 0:
        await asyncio.sleep(wait)


async def _whole(download: Download) -> Downloaded:
    """Read at once: the browser's copy is gone when its context closes."""
    content = await asyncio.to_thread(Path(await download.path()).read_bytes)
    with suppress(PlaywrightError):
        await download.delete()
    return Downloaded(name=download.suggested_filename, content=content)


async def fetched(page: Page, url: str, seconds: float) -> tuple[int, Downloaded]:
    """The HTTP status of an address, asked with the session's cookies, and what it sends."""
    response = await page.context.request.get(url, timeout=seconds * 1000)
    try:
        return response.status, Downloaded(name=_name(response), content=await response.body())
    finally:
        await response.dispose()


def _name(response: APIResponse) -> str:
    said = re.search(r"filename\*?=(?:UTF-8'')?\"?([^\";]+)", response.headers.get("content-disposition", ""))
    return unquote(said[1] if said else urlsplit(response.url).path.rpartition("/")[2])
