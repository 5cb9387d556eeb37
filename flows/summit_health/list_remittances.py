"""What was paid: everything that the portal has posted in a period."""

from collections.abc import Sequence
from datetime import date

from flows.summit_health.remittances import listed
from payerbots.api import ListedRemittance, Screen


async def list_remittances(screen: Screen, since: date, until: date) -> Sequence[ListedRemittance]:
    """Everything posted from `since` to `until`; none only where the portal says so."""
    return await listed(screen, since, until)
