"""A seat: one session of one login at a portal, and the worker's task that sits in it."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path
from typing import Any, Protocol

from loguru import logger
from playwright.async_api import Error as PlaywrightError

from payerbots.browser import evidence
from payerbots.browser.chromium import Chromium
from payerbots.browser.screen import Screen
from payerbots.documents.errors import DocumentError
from payerbots.engine import policy
from payerbots.engine.database import Database
from payerbots.engine.guard import Guard
from payerbots.errors import (
    BrowserGone,
    BusinessException,
    ConfigError,
    LeaseLost,
    LoginInUse,
    PayerbotsError,
    PortalError,
    Reaction,
    SessionLost,
    TookTooLong,
)
from payerbots.ledger import portals as standings
from payerbots.ledger import slots
from payerbots.ledger.filestore import FileStore
from payerbots.ledger.models import ItemKind, ItemState
from payerbots.ledger.portals import SessionPlace
from payerbots.ledger.records import Claim, Ending, Ledger
from payerbots.ledger.slots import Slot
from payerbots.log import hiding, place_of
from payerbots.portals.config import Retry
from payerbots.portals.credentials import Credential
from payerbots.settings import Settings
from payerbots.workspace import Workspace


class PortalClosed(PayerbotsError):
    """The portal was stopped or paused by another task before this one signed in."""


@dataclass(frozen=True)
class Tools:
    """What every seat of a worker shares."""

    workspace: Workspace
    ledger: Ledger
    database: Database
    chromium: Chromium
    keep_all: bool = False

    @property
    def settings(self) -> Settings:
        """Deadlines and leases."""
        return self.workspace.settings

    @property
    def evidence(self) -> Path:
        """The folder of pictures and pages."""
        return self.workspace.data / "evidence"

    @property
    def files(self) -> FileStore:
        """The files as they came."""
        return FileStore(self.ledger.keys, self.workspace.data / "files")

    @property
    def lease(self) -> timedelta:
        """How long what is claimed stays a worker's."""
        return timedelta(seconds=self.settings.lease_seconds)

    @property
    def guard(self) -> Guard:
        """Who may use which portal."""
        pace = self.settings.retry_pace
        return Guard(self.ledger, self.database, self.workspace.portals, pace)


class Session(Protocol):
    """One session of one login: what a seat works with."""

    @property
    def screen(self) -> Screen | None:
        """The tab as it is now, for evidence; None without one."""
        ...

    async def visit(self) -> Any:  # noqa: ANN401 - what a bot calls its portal
        """The portal, signed in."""
        ...

    async def drop(self, *, forget: bool) -> None:
        """Closes the tab; with `forget` the next one signs in anew."""
        ...

    async def close(self) -> None:
        """Keeps the session for later and closes the tab."""
        ...


class NoSession:
    """For what needs no portal."""

    screen: Screen | None = None

    async def visit(self) -> None:
        """No portal."""

    async def drop(self, *, forget: bool) -> None:
        """Nothing to close."""

    async def close(self) -> None:
        """Nothing to close."""


class Job(Protocol):
    """What is done with an item that was claimed: it gives the ending, or raises what the policy judges."""

    @property
    def seconds(self) -> float:
        """Its deadline."""
        ...

    async def __call__(self, claim: Claim, visit: Any) -> Ending:  # noqa: ANN401 - what a bot calls its portal
        """Does it, on a signed-in portal or none."""
        ...


@dataclass
class SeatStore:
    """Keeps a seat's session in the ledger between runs."""

    tools: Tools
    place: SessionPlace
    slot: Slot

    async def load(self) -> bytes | None:
        """The session kept at this address, or None."""
        return await self.tools.database(standings.saved_session, self.tools.ledger, self.place)

    async def save(self, state: bytes) -> None:
        """Keeps the session, encrypted."""
        await self.tools.database(standings.save_session, self.tools.ledger, self.place, state)

    async def forget(self) -> None:
        """Drops it."""
        await self.tools.database(standings.forget_session, self.place)

    async def is_proven(self, credential: Credential) -> bool:
        """Whether this very user and password were let in the last time."""
        return await self.tools.database(slots.is_proven, self.slot.turn, self._fingerprint(credential))

    async def prove(self, credential: Credential) -> None:
        """Notes that they were let in."""
        await self.tools.database(
            slots.prove, self.tools.ledger, self.slot.turn, self._fingerprint(credential)
        )

    def _fingerprint(self, credential: Credential) -> str:
        place = (self.place.portal, self.place.url)
        return self.tools.ledger.keys.hashed("let in", *place, credential.user, credential.password)


@dataclass
class Seat:
    """One session slot, or what needs none: makes attempts at claimed items, one after the other."""

    tools: Tools
    portal: str
    session: Session
    slot: Slot | None = None
    rules: Mapping[str, Retry] = field(default_factory=dict)

    async def attempt(self, job: Job, claim: Claim) -> Ending:
        """One attempt at an item, whatever happens; how it ended. Only cancelling goes through."""
        with hiding(claim.request):
            return await self._attempt(job, claim)

    async def _attempt(self, job: Job, claim: Claim) -> Ending:
        try:
            visit = await self.session.visit()
            async with asyncio.timeout(job.seconds):
                ending = await job(claim, visit)
        except Exception as error:  # noqa: BLE001 - whatever a flow or bot raises must cost this item only
            return await self._after(error, claim)
        return await self._answered(ending)

    async def _after(self, error: Exception, claim: Claim) -> Ending:
        match error:
            case BusinessException():
                return await self._with_evidence(policy.after_business(error))
            case PortalError():
                return await self._failed(error, claim)
            case TimeoutError():
                return await self._failed(TookTooLong("the deadline of the attempt is over"), claim)
            case PortalClosed() | LeaseLost():
                await self.session.drop(forget=False)
                return Ending(state=ItemState.NEW, outcome="given back")
            case ConfigError() | DocumentError() if claim.kind == ItemKind.COLLECT:
                raise error
            case PlaywrightError():
                logger.warning("item {} browser failed: {}", claim.item, place_of(error))
                return await self._failed(BrowserGone("the browser failed"), claim)
            case _:
                return await self._unforeseen(error, claim)

    async def _answered(self, ending: Ending) -> Ending:
        ending = replace(ending, drift=sorted(self._drift()))
        wanted = ending.state == ItemState.EXCEPTION or self.tools.keep_all
        return await self._with_evidence(ending) if wanted else ending

    def _drift(self) -> set[str]:
        screen = self.session.screen
        return set(screen.drift) if screen else set()

    async def _failed(self, error: PortalError, claim: Claim) -> Ending:
        ending = policy.after_portal(error, self._history(claim))
        if ending.state in {ItemState.EXCEPTION, ItemState.PARKED} or error.reaction is Reaction.STOP:
            ending = await self._with_evidence(ending)
        logger.info("item {} attempt {}: {}: {}", claim.item, claim.attempt, type(error).__name__, error)
        over = isinstance(error, SessionLost | LoginInUse) or error.reaction is Reaction.STOP
        await self.session.drop(forget=over)
        if self.portal:
            await self.tools.guard.tell(self.portal, error, self.slot.login if self.slot else "")
        return ending

    async def _unforeseen(self, error: Exception, claim: Claim) -> Ending:
        place = place_of(error)
        logger.error("item {} attempt {}: unforeseen {}", claim.item, claim.attempt, place)
        ending = policy.after_unforeseen(error, place, self._history(claim))
        if ending.state == ItemState.EXCEPTION:
            ending = await self._with_evidence(ending)
        await self.session.drop(forget=False)
        return ending

    def _history(self, claim: Claim) -> policy.History:
        return policy.History(claim.failures, self.rules, self.tools.settings.retry_pace)

    async def _with_evidence(self, ending: Ending) -> Ending:
        screen = self.session.screen
        if screen is None:
            return ending
        shot = await evidence.take(screen.raw, screen.hidden)
        kept = await asyncio.to_thread(evidence.keep, self.tools.ledger.keys, self.tools.evidence, shot)
        drift = sorted(self._drift())
        return replace(ending, evidence=kept, drift=drift)
