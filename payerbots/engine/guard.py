"""The portal guard: who may use which portal now, and what an error does to it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta

from loguru import logger

from payerbots.engine.database import Database
from payerbots.errors import BusinessException, PageFailed, PortalDown, PortalError, Reaction
from payerbots.ledger import notices, slots
from payerbots.ledger import portals as standings
from payerbots.ledger.portals import OPEN, PAUSED, Standing
from payerbots.ledger.records import Ledger
from payerbots.portals import upkeep
from payerbots.portals.config import Portal
from payerbots.portals.upkeep import Upkeep

FIRST_PAUSE = timedelta(minutes=5)
LONGEST_PAUSE = timedelta(hours=1)
_SEVERAL = 3
"""Items that met an error page, without an answer between, after which the portal rests."""


@dataclass(frozen=True)
class Guard:
    """How the portals of `portals.yaml` stand: by what happened there, and by their hours."""

    ledger: Ledger
    database: Database
    portals: Mapping[str, Portal]
    pace: float = 1.0

    async def look(self, names: Sequence[str]) -> dict[str, Standing]:
        """How each portal stands now; outside its hours it is paused until it opens."""
        return await self.database(seen, self.ledger, self.portals, names)

    async def rest(self, portal: str) -> None:
        """Pauses a portal that shows error pages to everybody."""
        logger.warning("portal {} paused: error pages for several items in a row", portal)
        await self.tell(portal, PortalDown("error pages for several items in a row"))

    async def tell(self, portal: str, error: PortalError, login: str = "") -> None:
        """Stops or pauses the portal when the error asks for it."""
        name, message = type(error).__name__, str(error)
        if error.reaction is Reaction.STOP:
            logger.warning("portal {} stopped: {}", portal, name)
            await self.database(standings.stop, self.ledger, portal, error.reason, message, login)
        elif error.reaction is Reaction.PAUSE:
            rest = (FIRST_PAUSE * self.pace, LONGEST_PAUSE * self.pace)
            await self.database(standings.pause, self.ledger, portal, error.reason, name, rest)


@dataclass
class FailingPages:
    """Error pages in a row at each portal: when several items meet them, it is the portal and no item."""

    _items: dict[str, set[int]] = field(default_factory=dict)

    def show_an_outage(self, portal: str, item: int, error: str, *, probing: bool) -> bool:
        """Notes how an attempt ended; whether the portal should rest."""
        if error != PageFailed.__name__:
            if error in {"", BusinessException.__name__}:
                self._items.pop(portal, None)
            return False
        met = self._items.setdefault(portal, set())
        met.add(item)
        return probing or len(met) >= _SEVERAL


def seen(ledger: Ledger, portals: Mapping[str, Portal], names: Sequence[str]) -> dict[str, Standing]:
    """How portals stand now. One that is not in `portals` stands as it was last seen."""
    now = ledger.now()
    found = standings.standings(ledger, names)
    return {name: _in_hours(found[name], portals.get(name), now) for name in names}


def _in_hours(standing: Standing, portal: Portal | None, now: datetime) -> Standing:
    if standing.state != OPEN or portal is None or portal.hours is None or portal.hours.is_open(now):
        return standing
    opens = portal.hours.next_open(now)
    told = f"closed until {opens.isoformat(timespec='minutes')}" if opens else "closed for the next 60 days"
    return replace(standing, state=PAUSED, message=told, until=opens, since=now)


def warn(ledger: Ledger, portals: Mapping[str, Portal], today: date) -> list[Upkeep]:
    """What runs out soon at the portals; a notice is left of each step (14, 7, 1 days), once."""
    found = [one for portal in portals.values() for one in upkeep_of(portal, today)]
    for one in found:
        news = notices.News(
            key=f"{one.kind}:{one.portal}:{one.login}:{one.on}:{one.mark}",
            kind="upkeep",
            portal=one.portal,
            login=one.login,
            message=one.text,
        )
        notices.tell(ledger, news)
    return found


def upkeep_of(portal: Portal, today: date) -> list[Upkeep]:
    """What runs out soon at one portal."""
    used = {login: at.astimezone(UTC).date() for login, at in slots.last_sign_ins(portal.name).items()}
    return upkeep.due(portal, today, used)
