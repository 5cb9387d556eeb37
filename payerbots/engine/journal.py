"""What irreversible acts of one attempt are written in before and after them."""

from dataclasses import dataclass
from datetime import timedelta

from payerbots.engine.database import Database
from payerbots.ledger import intents
from payerbots.ledger.intents import Act, Former
from payerbots.ledger.records import Claim, Ledger


@dataclass(frozen=True)
class Journal:
    """The ledger's journal for the acts of one attempt. `settle` is the portal's settle time."""

    database: Database
    ledger: Ledger
    claim: Claim
    settle: timedelta
    lease: timedelta

    def act(self, action: str, key: str) -> Act:
        """The name of an act: the key is kept as a keyed hash."""
        portal = self.claim.portal
        return Act(portal, action, self.ledger.keys.hashed("act", portal, action, key))

    async def former(self, act: Act) -> Former | None:
        """What an earlier try left behind."""
        return await self.database(intents.former, self.ledger, act, self.settle)

    async def begin(self, act: Act, token: str) -> float:
        """Commits the intent while the lease is ours; for how many seconds from now we may act."""
        left = await self.database(intents.begin, self.ledger, self.claim, act, token, self.lease)
        return left.total_seconds()

    async def confirm(self, act: Act, token: str, confirmation: str) -> bool:
        """Commits that it was done."""
        return await self.database(intents.confirm, self.ledger, self.claim, act, token, confirmation)

    async def absent(self, act: Act, token: str) -> bool:
        """Commits that it was not done."""
        return await self.database(intents.found_absent, self.ledger, self.claim, act, token)
