"""Arming a page before an irreversible click: once the time is over, the page itself swallows it.

A worker that froze between the check of its lease and its click would click when it wakes up, while another
worker has taken over. The page's own clock (`performance.now()`) goes on meanwhile, so the page decides. The
clocks are read before the lease is checked: whatever freezes after that only uses up the time.

What is swallowed never reaches the page's handlers, and what the browser would do by itself (submit a form,
follow a link) is not done. Not covered:

- What follows a click that came in time: a request on its way, `form.submit()` from a timer, a dialog that
  is answered late.
- What is no event: `form.submit()` or `fetch()` that a script calls, going to an address.
- Handlers for the capture phase on `window` that the page had before it was armed: they run first. In documents
  that load while armed, ours run first.
- Events that never leave a shadow tree: its `submit` and `change`. Clicks and keys do leave it.
- Frames in which the page forbids scripts (`sandbox` without `allow-scripts`), windows that the page opens, and
  a frame that gets a process of its own after arming.
- A page that replaces `performance.now` or `addEventListener`.
- A machine that sleeps as a whole: on Linux and macOS its monotonic clock stands still too.
"""

import asyncio
import json
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from functools import cache
from importlib import resources
from itertools import count
from typing import Any

from playwright.async_api import CDPSession, Frame, Page
from playwright.async_api import Error as PlaywrightError

_CLOCK = "[performance.now(), performance.timeOrigin]"
_OURS = "const armed = window[Symbol.for('armed')]; const ours = armed && armed.serial === serial;"
_DISARM = f"serial => {{ {_OURS} if (ours) armed.disarm(); }}"
_SWALLOWED = f"serial => {{ {_OURS} return ours ? armed.swallowed : 0; }}"
_DISARM_SECONDS = 2.0
_SERIALS = count(1)


@dataclass(frozen=True)
class Ticks:
    """The clocks of a page's frames at one moment: milliseconds since each document began, and when that was."""

    frames: Mapping[Frame, tuple[float, float]] = field(repr=False)

    def end(self, seconds: float) -> float:
        """When that time is over, in milliseconds since 1970 as the frame says whose clock was read first."""
        return min((now + origin for now, origin in self.frames.values()), default=0.0) + seconds * 1000


@dataclass
class Armed:
    """A page that is armed."""

    page: Page = field(repr=False)
    serial: int
    _scripts: list[tuple[CDPSession, str]] = field(default_factory=list, repr=False)

    async def disarm(self) -> None:
        """The page takes clicks and keys again. Harmless when it is gone, or was armed anew meanwhile."""
        with suppress(TimeoutError):
            async with asyncio.timeout(_DISARM_SECONDS):
                await self._forget_documents_to_come()
                for frame in self.page.frames:
                    with suppress(PlaywrightError):
                        await frame.evaluate(_DISARM, self.serial)

    async def swallowed(self) -> int:
        """How many events the documents swallowed that are there now. One click is several."""
        counts = [await _in_frame(frame, _SWALLOWED, self.serial) for frame in self.page.frames]
        return sum(found or 0 for found in counts)

    async def _arm(self, ticks: Ticks, seconds: float) -> None:
        order = {"serial": self.serial, "end": ticks.end(seconds), "left": seconds * 1000}
        await self._arm_documents_to_come(order)
        for frame in self.page.frames:
            now, origin = ticks.frames.get(frame, (0.0, None))
            own = {"origin": origin, "deadline": now + seconds * 1000}
            await _in_frame(frame, _script(), order | own)

    async def _arm_documents_to_come(self, order: Mapping[str, object]) -> None:
        """The browser arms them without us, in each process that shows a part of the page."""
        await self._add_script(await self.page.context.new_cdp_session(self.page), order)
        for frame in self.page.frames:
            if frame.parent_frame is not None:
                with suppress(
                    PlaywrightError
                ):  # most frames have no process, and so no session, of their own
                    await self._add_script(await self.page.context.new_cdp_session(frame), order)

    async def _add_script(self, session: CDPSession, order: Mapping[str, object]) -> None:
        source = f"({_script()})({json.dumps(order)})"
        await session.send("Page.enable")
        added = await session.send("Page.addScriptToEvaluateOnNewDocument", {"source": source})
        self._scripts.append((session, added["identifier"]))

    async def _forget_documents_to_come(self) -> None:
        while self._scripts:
            session, script = self._scripts.pop()
            with suppress(PlaywrightError):
                await session.send("Page.removeScriptToEvaluateOnNewDocument", {"identifier": script})
                await session.detach()


async def ticks(page: Page) -> Ticks:
    """The clocks of all frames, now. A frame that goes meanwhile is left out."""
    clocks = {frame: await _in_frame(frame, _CLOCK) for frame in page.frames}
    return Ticks({frame: (clock[0], clock[1]) for frame, clock in clocks.items() if clock is not None})


async def arm(page: Page, ticks: Ticks, seconds: float) -> Armed:
    """From `seconds` after `ticks` on, the page and all its frames take no click, submit or key.

    So do documents that load meanwhile. When the page was armed before, the later arming counts; each is to be
    disarmed by itself. Nothing is armed when this raises.
    """
    armed = Armed(page, next(_SERIALS))
    try:
        await armed._arm(ticks, seconds)  # noqa: SLF001 - this function is its constructor
    except BaseException:
        await armed.disarm()
        raise
    return armed


async def _in_frame(frame: Frame, script: str, argument: object = None) -> Any:  # noqa: ANN401 - what the script gives
    """What a script gives; None in a frame that is gone. Asks twice: the document may just have been replaced."""
    for last in (False, True):
        try:
            return await frame.evaluate(script, argument)
        except PlaywrightError:
            if frame.is_detached():
                return None
            if last:
                raise
    return None


@cache
def _script() -> str:
    return resources.files("payerbots.browser").joinpath("arm.js").read_text(encoding="utf-8")
