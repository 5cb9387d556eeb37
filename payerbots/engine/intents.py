"""Doing something irreversible once: looked up, written down, armed, done, confirmed.

    async with intent(item, "resubmit", key=claim.number, portal=portal, prepare=fill) as step:
        if step.needed:
            step.confirm(await portal.submit(claim))

Before the body runs, an earlier try that nobody confirmed is looked up on the portal, `prepare` fills in what
is to be sent, the intent is committed with a fresh lease, and the page is armed with what remains of it: from
then on a worker that froze sends nothing, because the page swallows its late click.
"""

import secrets
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from loguru import logger

from payerbots.engine.contract import WorkItem
from payerbots.engine.journal import Journal
from payerbots.errors import BusinessException, NotSettled, SentUncertain, Unconfirmed
from payerbots.ledger.intents import Act, Former
from payerbots.ledger.models import IntentState
from payerbots.portals.capabilities import ActsOnce, Answer

_MARGIN = 0.05
"""The part of the lease that is left over, for what is on its way when the page closes."""


@dataclass
class Step:
    """An irreversible act. `needed` is False when it was done before; then `confirmation` is that of before."""

    journal: Journal
    act: Act
    portal: ActsOnce
    key: str = field(repr=False)
    needed: bool = True
    confirmation: str = ""
    token: str = field(default_factory=lambda: secrets.token_hex(8))
    _confirmed: bool = False
    _refused: bool = False

    def confirm(self, confirmation: str) -> None:
        """The portal has said that it is done, under this number (`""` where it gives none)."""
        self.confirmation, self._confirmed = confirmation, True

    def refused(self) -> None:
        """The portal has said clearly that it did not do it, such as by a message beside a field."""
        self._refused = True

    async def look_back(self) -> None:
        """Settles what an earlier try left: done, not done, or nobody can tell."""
        former = await self.journal.former(self.act)
        if former is None or former.state == IntentState.ABSENT:
            return
        if former.state == IntentState.DONE:
            self.needed, self.confirmation = False, former.confirmation
            return
        await self._ask_about(former)

    async def _ask_about(self, former: Former) -> None:
        found = await self.portal.was_done(self.act.action, self.key)
        if found.answer is Answer.YES:
            await self.journal.confirm(self.act, former.token, found.confirmation)
            self.needed, self.confirmation = False, found.confirmation
        elif found.answer is Answer.UNKNOWN:
            raise SentUncertain(
                f"{self.act.action} was begun and never confirmed: it may have been done or not, and "
                f"{self.portal.name} cannot tell. Look there: if it was done, resolve the item; if not, "
                "send it back with --not-sent"
            )
        elif not former.settled:
            raise NotSettled(former.wait)
        else:
            await self.journal.absent(self.act, former.token)

    async def begin(self) -> None:
        """Commits the intent and arms the page. The page's clocks are read first: whatever freezes, counts."""
        ticks = await self.portal.ticks()
        left = await self.journal.begin(self.act, self.token)
        await self.portal.arm(ticks, left * (1 - _MARGIN))

    async def end(self) -> None:
        """Commits what came of it. `Unconfirmed` when the body said nothing."""
        if self._refused:
            await self.journal.absent(self.act, self.token)
            await self.portal.disarm()
            return
        if not self._confirmed:
            raise Unconfirmed(f"{self.act.action} ended without the portal's word")
        if not await self.journal.confirm(self.act, self.token, self.confirmation):
            logger.error(
                "item {}: {} was done, but another took its place", self.journal.claim.item, self.act.action
            )
        await self.portal.disarm()


@asynccontextmanager
async def intent(
    item: WorkItem[Any],
    action: str,
    *,
    key: str,
    portal: ActsOnce,
    prepare: Callable[[], Awaitable[object]] | None = None,
) -> AsyncIterator[Step]:
    """Does `action` at most once for a `key`, whatever dies or freezes. `prepare` fills in and sends nothing.

    When the body raises, the page stays armed and the intent open: the next attempt looks it up. Raises
    `NotSettled` and `SentUncertain` before the body, `LeaseLost` when the item is another worker's.
    """
    step = Step(item.journal, item.journal.act(action, key), portal, key)
    await step.look_back()
    if not step.needed:
        yield step
        return
    if prepare is not None:
        await prepare()
    await step.begin()
    try:
        yield step
    except BusinessException:
        if step._refused or step._confirmed:  # noqa: SLF001 - this function is the step's other half
            await step.end()
        raise
    await step.end()
