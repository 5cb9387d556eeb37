"""Arming a page before an irreversible click: once the time is over, the page itself swallows it.

A worker that froze between the check of its lease and its click would click when it wakes up, while another
worker has taken over. The page's own clock (`performance.now()`) goes on meanwhile, so the page decides. The
clocks are read before the lease is checked: whatever freezes after that only uses up the time.

What is not covered: handlers that a page put on `window` itself before it was armed run first; a frame of
another site that loads in a process of its own after arming; and what the page's scripts send by themselves
after a click that came in time.
"""

import json
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from functools import cache
from importlib import resources

from playwright.async_api import CDPSession, Frame, Page
from playwright.async_api import Error as PlaywrightError

_CLOCK = "() => [performance.now(), performance.timeOrigin]"
_LATER_DOCUMENT = "(({arm})(Math.max(0, {end} - performance.timeOrigin)))"


@dataclass(frozen=True)
class Ticks:
    """The clocks of a page's frames at one moment: milliseconds since each document began, and when that was."""

    frames: Mapping[Frame, tuple[float, float]]

    def deadlines(self, seconds: float) -> dict[Frame, float]:
        """By each frame's own clock, when that time is over."""
        return {frame: now + seconds * 1000 for frame, (now, _) in self.frames.items()}

    def end(self, seconds: float) -> float:
        """When that time is over, in milliseconds since 1970 by the browser's clock: the earliest of all frames."""
        return min((now + origin for now, origin in self.frames.values()), default=0.0) + seconds * 1000


@dataclass
class Armed:
    """A page that is armed."""

    page: Page
    _session: CDPSession = field(repr=False)
    _script: str = field(repr=False)

    async def disarm(self) -> int:
        """The page takes clicks and keys again; how many it swallowed. Harmless when the page is gone."""
        with suppress(PlaywrightError):
            await self._session.send("Page.removeScriptToEvaluateOnNewDocument", {"identifier": self._script})
            await self._session.detach()
        swallowed = 0
        for frame in self.page.frames:
            with suppress(PlaywrightError):
                swallowed += await frame.evaluate(_arm(), None)
        return swallowed


async def ticks(page: Page) -> Ticks:
    """The clocks of all frames, now. A frame that goes meanwhile is left out."""
    found = {}
    for frame in page.frames:
        with suppress(PlaywrightError):
            now, origin = await frame.evaluate(_CLOCK)
            found[frame] = (now, origin)
    return Ticks(found)


async def arm(page: Page, ticks: Ticks, seconds: float) -> Armed:
    """From `seconds` after `ticks` on, the page and all its frames take no click, submit or key.

    So do documents that load meanwhile: the browser arms them without us.
    """
    session = await page.context.new_cdp_session(page)
    await session.send("Page.enable")
    later = _LATER_DOCUMENT.format(arm=_arm(), end=json.dumps(ticks.end(seconds)))
    told = await session.send("Page.addScriptToEvaluateOnNewDocument", {"source": later})
    deadlines = ticks.deadlines(seconds)
    for frame in page.frames:
        with suppress(PlaywrightError):
            if frame in deadlines:
                await frame.evaluate(_arm(), deadlines[frame])
            else:
                await frame.evaluate(f"() => {later}")
    return Armed(page, session, told["identifier"])


@cache
def _arm() -> str:
    return resources.files("payerbots.browser").joinpath("arm.js").read_text(encoding="utf-8")
