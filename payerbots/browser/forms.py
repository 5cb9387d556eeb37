"""What is typed, chosen and clicked on a page of a portal."""

from collections.abc import Awaitable, Callable, Mapping

from playwright.async_api import Locator, Page

from payerbots.browser.pagebook import PageBook
from payerbots.browser.tab import Tab, script, translated
from payerbots.errors import PortalChanged
from payerbots.log import is_secret


class Forms(Tab):
    """A tab whose forms can be filled in and sent."""

    def __init__(self, page: Page, book: PageBook, seconds: float) -> None:
        super().__init__(page, book, seconds)
        self.sent = False
        """Whether a form has been sent from this tab."""
        self.hidden: list[Locator] = []
        """Inputs into which a secret was typed."""

    async def fill(self, element: str, text: str, *, of: str = "") -> None:
        """Types `text` into an input of the current page. `PortalChanged` when the input stays empty.

        `of` stands for `{text}` in the element's candidates.
        """
        locator = await self._find(element, of)
        if is_secret(text):
            self.hidden.append(locator)
        with translated():
            await locator.fill(text, timeout=self._seconds * 1000)
            taken = await locator.input_value(timeout=self._seconds * 1000)
        if text and not taken:
            raise PortalChanged(self._at, element)

    async def enter(self, fields: Mapping[str, str]) -> set[str]:
        """Fills in inputs and selects (by value or label) of the current page, in order, in one evaluation.

        What cannot be had so (an input that comes late, or wants keys) is filled in one by one. Returns the
        selects that have no such option. Where a choice changes other fields, `choose` it before.
        """
        open_ones = {name: text for name, text in fields.items() if not is_secret(text)}
        placed = {name: self._book.element(self._at, name) for name in open_ones}
        wanted = [
            [name, list(frame), [one.model_dump(exclude_none=True) for one in candidates], open_ones[name]]
            for name, (frame, candidates) in placed.items()
        ]
        with translated():
            found = await self._page.evaluate(script("enter"), wanted)
        missing = {name for name, one in found.items() if one["state"] == "no option"}
        for name, text in fields.items():
            if name not in found or found[name]["state"] == "not here":
                missing |= set() if await self._enter_alone(name, text) else {name}
            elif found[name]["used"]:
                self._drifted(name, found[name]["used"])
        return missing

    async def _enter_alone(self, name: str, text: str) -> bool:
        """Waits for one field and fills it in as a person would; False for an option that is not there."""
        locator = await self._find(name)
        with translated():
            is_select = await locator.evaluate("e => e.tagName === 'SELECT'")
        if is_select:
            return await self.choose(name, value=text, label=text)
        await self.fill(name, text)
        return True

    async def choose(
        self, element: str, *, value: str | None = None, label: str | None = None, leaves: bool = False
    ) -> bool:
        """Chooses an option of a select by value or label; False when there is no such option.

        With `leaves` the choice sends the page's form, and the page before is gone when this returns.
        """
        locator = await self._find(element)
        with translated():
            options = await locator.evaluate("s => [...s.options].map(o => [o.value, o.text.trim()])")
        wanted = [found for found, text in options if found == value or (label and text == label)]
        if len(wanted) != 1:
            return False
        await self._act(
            lambda: locator.select_option(value=wanted[0], timeout=self._seconds * 1000), leaves=leaves
        )
        return True

    async def press(self, element: str, *, text: str = "", leaves: bool | str = False) -> None:
        """Clicks an element; `text` stands for `{text}` in its candidates.

        With `leaves` the page before is gone when this returns; where it is another page's frame that is left,
        `leaves` names a page in that frame.
        """
        locator = await self._find(element, text)
        await self._act(lambda: self._click(locator), leaves=leaves)

    def _click(self, locator: Locator) -> Awaitable[None]:
        return locator.click(timeout=self._seconds * 1000, no_wait_after=True)

    async def hover(self, element: str) -> None:
        """Moves the pointer over an element, for menus that open by that."""
        locator = await self._find(element)
        with translated():
            await locator.hover(timeout=self._seconds * 1000)

    async def _act(self, action: Callable[[], Awaitable[object]], *, leaves: bool | str) -> None:
        with translated():
            if not leaves:
                await action()
                return
            self.sent = True
            left = self._frame(self._book.pages[leaves if isinstance(leaves, str) else self._at].frame)
            async with left.expect_navigation(wait_until="commit", timeout=self._seconds * 1000):
                await action()
