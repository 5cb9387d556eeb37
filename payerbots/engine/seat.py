"""A seat: one session of one login at a portal, and the worker's task that sits in it."""

import asyncio
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from loguru import logger
from playwright.async_api import Error as PlaywrightError

from payerbots.browser import evidence
from payerbots.browser.chromium import Chromium
from payerbots.browser.evidence import Shot
from payerbots.browser.flow import Flow
from payerbots.browser.screen import Screen
from payerbots.browser.session import PortalSession
from payerbots.domain.evidence import Kept
from payerbots.engine import codec, policy
from payerbots.engine.bots import AnyBot
from payerbots.engine.contract import Outcome, WorkItem
from payerbots.engine.database import Database
from payerbots.errors import (
    BrowserGone,
    BusinessException,
    LoginInUse,
    PayerbotsError,
    PortalError,
    Reaction,
    SessionLost,
    TookTooLong,
)
from payerbots.ledger import portals as standings
from payerbots.ledger import slots
from payerbots.ledger.models import ItemState
from payerbots.ledger.portals import SessionPlace
from payerbots.ledger.records import Claim, Ending, Ledger
from payerbots.ledger.slots import Slot
from payerbots.log import place_of
from payerbots.portals.credentials import Credential
from payerbots.settings import Settings

FIRST_PAUSE = timedelta(minutes=5)
LONGEST_PAUSE = timedelta(hours=1)


class PortalClosed(PayerbotsError):
    """The portal was stopped or paused by another task before this one signed in."""


@dataclass(frozen=True)
class Tools:
    """What every seat of a worker shares."""

    ledger: Ledger
    database: Database
    chromium: Chromium
    settings: Settings
    evidence: Path
    keep_all: bool = False


async def tell_guard(tools: Tools, portal: str, error: PortalError) -> None:
    """Stops or pauses the portal when the error asks for it."""
    name, message = type(error).__name__, str(error)
    if error.reaction is Reaction.STOP:
        logger.warning("portal {} stopped: {}", portal, name)
        await tools.database(standings.stop, tools.ledger, portal, error.reason, message)
    elif error.reaction is Reaction.PAUSE:
        pace = tools.settings.retry_pace
        rest = (FIRST_PAUSE * pace, LONGEST_PAUSE * pace)
        await tools.database(standings.pause, tools.ledger, portal, error.reason, name, rest)


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
        await self.tools.database(slots.prove, self.slot.turn, self._fingerprint(credential))

    def _fingerprint(self, credential: Credential) -> str:
        place = (self.place.portal, self.place.url)
        return self.tools.ledger.keys.hashed("let in", *place, credential.user, credential.password)


@dataclass
class Seat:
    """One session slot: makes attempts at claimed items, one after the other."""

    tools: Tools
    flow: Flow
    slot: Slot
    session: PortalSession

    @property
    def portal(self) -> str:
        """The portal's name."""
        return self.flow.portal.name

    async def attempt(self, bot: AnyBot, claim: Claim) -> Ending:
        """One attempt at an item, whatever happens; how it ended. Only cancelling goes through."""
        try:
            outcome = await self._work(bot, claim, await self.session.ready())
        except Exception as error:  # noqa: BLE001 - whatever a flow or bot raises must cost this item only
            return await self._after(error, claim)
        return await self._answered(bot, outcome)

    async def _after(self, error: Exception, claim: Claim) -> Ending:
        match error:
            case BusinessException():
                return await self._with_evidence(policy.after_business(error))
            case PortalError():
                return await self._failed(error, claim)
            case TimeoutError():
                return await self._failed(TookTooLong("the item's deadline is over"), claim)
            case PortalClosed():
                return Ending(state=ItemState.NEW, outcome="given back")
            case PlaywrightError():
                logger.warning("item {} browser failed: {}", claim.item, place_of(error))
                return await self._failed(BrowserGone("the browser failed"), claim)
            case _:
                return await self._unforeseen(error, claim)

    async def _work(self, bot: AnyBot, claim: Claim, screen: Screen) -> Outcome[object]:
        """The bot's work, within the item's deadline; signing in has its own."""
        request = codec.unpack(bot.request, claim.request)
        item = WorkItem(number=claim.item, attempt=claim.attempt, request=request)
        async with asyncio.timeout(self.tools.settings.item_seconds):
            return await bot.work(item, self.flow.on(screen))

    async def _answered(self, bot: AnyBot, outcome: Outcome[object]) -> Ending:
        first = outcome.reasons[0] if outcome.reasons else None
        ending = Ending(
            state=ItemState.EXCEPTION if first else ItemState.DONE,
            outcome="exception" if first else "done",
            reason=first or "",
            also=[reason.value for reason in outcome.reasons[1:]],
            drift=sorted(self._drift()),
            result=codec.pack(bot.answer, outcome.answer),
        )
        return await self._with_evidence(ending) if first or self.tools.keep_all else ending

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
        await tell_guard(self.tools, self.portal, error)
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
        return policy.History(claim.failures, self.flow.portal.retry, self.tools.settings.retry_pace)

    async def _with_evidence(self, ending: Ending) -> Ending:
        screen = self.session.screen
        if screen is None:
            return ending
        shot = await evidence.take(screen.raw)
        kept = await asyncio.to_thread(self._keep, shot)
        drift = sorted(self._drift())
        return Ending(**{**vars(ending), "evidence": kept, "drift": drift})

    def _keep(self, shot: Shot) -> list[Kept]:
        try:
            return evidence.keep(self.tools.ledger.keys, self.tools.evidence, shot)
        except OSError as error:
            logger.error("evidence could not be kept: {}", place_of(error))
            return []
