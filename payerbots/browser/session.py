"""A login's browser session at a portal: signed in once, used for many items, kept for the next run."""

import asyncio
import json
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, field
from typing import Protocol

from playwright.async_api import BrowserContext
from playwright.async_api import Error as PlaywrightError

from payerbots.browser.chromium import Chromium, open_tab
from payerbots.browser.flow import Flow, Visit
from payerbots.browser.screen import Screen
from payerbots.errors import (
    BrowserGone,
    PageFailed,
    PortalChanged,
    PortalDown,
    PortalError,
    SessionLost,
    SignInUnclear,
    TookTooLong,
)
from payerbots.log import place_of
from payerbots.portals.credentials import Credential

HOME = "home"
"""The page that every page book has, and that only a signed-in user sees."""

RECYCLE_AFTER = 50
"""Items after which the tab and its context are replaced: a page that is kept for ever grows and slows."""


CLOSING_SECONDS = 1.0
"""How long a browser that no longer answers is waited for when its tab is closed."""


class SessionStore(Protocol):
    """Where sessions are kept between runs, encrypted."""

    async def load(self) -> bytes | None:
        """The session that was kept, or None."""
        ...

    async def save(self, state: bytes) -> None:
        """Keeps a session."""
        ...

    async def forget(self) -> None:
        """Drops a session that the portal no longer honours."""
        ...

    async def is_proven(self, credential: Credential) -> bool:
        """Whether this very user and password were let in the last time."""
        ...

    async def prove(self, credential: Credential) -> None:
        """Notes that they were let in."""
        ...


class Gate(Protocol):
    """Held while a login signs in: one at a time over all processes, and nobody at a portal that is stopped.

    What goes wrong inside has stopped or paused the portal before the next one is let in.
    """

    def __call__(self) -> AbstractAsyncContextManager[None]:
        """Waits for the turn; raises when signing in is not allowed."""
        ...


@dataclass
class PortalSession:
    """One session of one login."""

    flow: Flow
    credential: Credential
    chromium: Chromium
    store: SessionStore
    gate: Gate
    seconds: float
    deadline: float
    """Seconds that a sign-in may take. It ends inside the turn, so that what follows is written in time."""
    _context: BrowserContext | None = field(default=None, init=False)
    _screen: Screen | None = field(default=None, init=False)
    _used: int = field(default=0, init=False)

    @property
    def screen(self) -> Screen | None:
        """The tab as it is now, for evidence."""
        return self._screen

    async def ready(self) -> Screen:
        """A signed-in screen: the one at hand, the session kept from before, or a new sign-in."""
        if self._screen is not None and self._used >= RECYCLE_AFTER:
            await self._recycle()
        if self._screen is None:
            await self._begin()
        self._used += 1
        if self._screen is None:
            raise SessionLost("the session ended while it began")
        self._screen.drift.clear()
        return self._screen

    async def visit(self) -> Visit:
        """The portal, signed in."""
        return self.flow.on(await self.ready())

    async def drop(self, *, forget: bool) -> None:
        """Closes the tab; with `forget` the next one signs in anew."""
        context, self._context, self._screen, self._used = self._context, None, None, 0
        if forget:
            await self.store.forget()
        if context is not None:
            try:
                async with asyncio.timeout(CLOSING_SECONDS):
                    await context.close()
            except (PlaywrightError, TimeoutError):
                return

    async def close(self) -> None:
        """Keeps the session for the next run and closes the tab."""
        if self._screen is not None:
            await self._save()
        await self.drop(forget=False)

    async def _recycle(self) -> None:
        await self._save()
        await self.drop(forget=False)

    async def _begin(self) -> None:
        if await self._restored():
            return
        async with self.gate():
            await self._sign_in()
        await self._save()

    async def _restored(self) -> bool:
        """Whether the session kept from before still holds; else a fresh tab is open."""
        kept = await self.store.load()
        async with asyncio.timeout(self.deadline):
            await self._new_screen(kept)
            return kept is not None and await self._still_signed_in()

    async def _sign_in(self) -> None:
        """Signs in, once. What is no clear refusal is never taken for leave to send the password again.

        A page that nobody knows, or the sign-in page again, stops the portal. One that fails or does not
        answer pauses it, but only where the password was not sent yet or is known to be right.
        """
        screen, proven = self._here(), await self.store.is_proven(self.credential)
        try:
            async with asyncio.timeout(self.deadline + self.credential.codes.seconds):
                await self.credential.codes.mark()
                await self.flow.sign_in(screen, self.credential)
        except (SessionLost, PortalChanged) as error:
            raise SignInUnclear(f"while signing in: {error}") from None
        except (TookTooLong, PageFailed, BrowserGone, TimeoutError) as error:
            kind = SignInUnclear if screen.sent and not proven else PortalDown
            raise kind(f"while signing in: {error or 'it did not end in time'}") from None
        except PortalError:
            raise
        except Exception as error:
            raise SignInUnclear(f"while signing in: {place_of(error)}") from error
        await self.store.prove(self.credential)

    async def _still_signed_in(self) -> bool:
        try:
            await self._here().open(HOME)
        except (SessionLost, PortalChanged):
            await self.drop(forget=True)
            await self._new_screen(None)
            return False
        return True

    async def _new_screen(self, kept: bytes | None) -> None:
        self._context = await self.chromium.context(json.loads(kept) if kept else None)
        page = await open_tab(self._context)
        self._screen = Screen(page, self.flow.book, self.flow.portal, self.seconds)

    async def _save(self) -> None:
        if self._context is None:
            return
        try:
            async with asyncio.timeout(CLOSING_SECONDS):
                state = await self._context.storage_state()
        except (PlaywrightError, TimeoutError):
            return
        await self.store.save(json.dumps(state).encode())

    def _here(self) -> Screen:
        if self._screen is None:
            raise SessionLost("no tab is open")
        return self._screen
