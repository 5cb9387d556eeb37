"""A tab of a portal as the page book describes it: elements found by name, in their frames, with drift noted.

A Playwright error never leaves here as it is: its text may hold what was typed.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import cache, reduce
from importlib import resources
from typing import Any

from playwright.async_api import Error as PlaywrightError
from playwright.async_api import Frame, FrameLocator, Locator, Page
from playwright.async_api import TimeoutError as PlaywrightTimeout

from payerbots.browser import pagebook
from payerbots.browser.pagebook import Candidate, PageBook, Placed
from payerbots.errors import BrowserGone, PageFailed, PortalChanged, TookTooLong


class Tab:
    """A page, the book that says where things are on it, and which page of the book it shows.

    `seconds` is the deadline of one wait; `drift` what fallbacks were needed.
    """

    def __init__(self, page: Page, book: PageBook, seconds: float) -> None:
        self.drift: set[str] = set()
        self._page, self._book, self._seconds = page, book, seconds
        self._at = ""

    async def _find(self, element: str, text: str = "") -> Locator:
        frame, found_by = self._book.element(self._at, element)
        wanted = Placed(frame, tuple(pagebook.with_text(one, text) for one in found_by) if text else found_by)
        with translated():
            found = await self._only_match(element, wanted)
            if found is None:
                await self._settle(element, wanted)
                found = await self._only_match(element, wanted)
        if found is None:
            raise PortalChanged(self._at, element)
        return found

    async def _only_match(self, element: str, wanted: Placed) -> Locator | None:
        for place, candidate in enumerate(wanted.candidates):
            locator = self._locate(wanted.frame, candidate)
            if await locator.count() == 1:
                if place:
                    self._drifted(element, place)
                return locator
        return None

    async def _settle(self, element: str, wanted: Placed) -> None:
        try:
            await self._any(wanted).wait_for(timeout=self._seconds * 1000)
        except PlaywrightTimeout:
            raise PortalChanged(self._at, element) from None

    def _drifted(self, what: str, place: int) -> None:
        self.drift.add(f"{self._at}: {what} (fallback {place})")

    def _any(self, wanted: Placed) -> Locator:
        return reduce(Locator.or_, [self._locate(wanted.frame, one) for one in wanted.candidates]).first

    def _locate(self, frame: Sequence[str], candidate: Candidate) -> Locator:
        inner: Page | FrameLocator = self._page
        for name in frame:
            inner = inner.frame_locator(f'iframe[name="{name}"], frame[name="{name}"]')
        return _locator(inner, candidate).filter(visible=True)

    def _frame(self, path: Sequence[str]) -> Frame:
        """The frame of this path of names. `PortalChanged` when it is not there."""
        inner = self._page.main_frame
        for name in path:
            found = next((one for one in inner.child_frames if one.name == name), None)
            if found is None:
                raise PortalChanged(self._at, f"frame {name}")
            inner = found
        return inner


def _locator(page: Page | FrameLocator, candidate: Candidate) -> Locator:
    if candidate.role:
        role: Any = candidate.role
        return page.get_by_role(role, name=candidate.name, exact=True)
    if candidate.label:
        return page.get_by_label(candidate.label, exact=True)
    if candidate.text:
        return page.get_by_text(candidate.text)
    if candidate.test_id:
        return page.get_by_test_id(candidate.test_id)
    return page.locator(candidate.css or "")


@contextmanager
def translated() -> Iterator[None]:
    """Playwright's errors as ours, without their text."""
    try:
        yield
    except PlaywrightTimeout:
        raise TookTooLong("the page did not answer in time") from None
    except PlaywrightError as error:
        if "closed" in error.message or "crashed" in error.message:
            raise BrowserGone("the browser or its tab is gone") from None
        raise PageFailed("the page failed while it was used") from None


@cache
def script(name: str) -> str:
    """The text of one of our scripts that run in pages."""
    return resources.files("payerbots.browser").joinpath(f"{name}.js").read_text(encoding="utf-8")
