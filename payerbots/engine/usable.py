"""Which portals `portals.yaml` lets a robot use, and which of them a bot has something to do at."""

from collections.abc import Sequence
from datetime import date

from loguru import logger

from payerbots.browser import flow
from payerbots.engine.bots import AnyBot
from payerbots.errors import ConfigError
from payerbots.portals.config import Automation, Portal
from payerbots.workspace import Workspace


def usable(workspace: Workspace, names: Sequence[str], day: date) -> list[Portal]:
    """The portals of these names; of all, when none are named, those that do not forbid robots.

    `ConfigError` when a named one forbids them. Where it is not known, the log is warned.
    """
    found = [workspace.portal(name) for name in names or workspace.portals]
    return [portal for portal in found if _may_use(portal, day, named=bool(names))]


def able(workspace: Workspace, portals: Sequence[Portal], bot: AnyBot, *, named: bool) -> list[Portal]:
    """Those whose flow offers all that the bot needs. `ConfigError` when one that was named does not."""
    needed = capabilities(bot)
    lacking = {portal.name: needed - set(flow.offered(workspace, portal)) for portal in portals}
    for name, missing in lacking.items():
        if named and missing:
            raise ConfigError(f"{bot.name} has nothing to do at {name}: its flow has no {min(missing)}")
    return [portal for portal in portals if not lacking[portal.name]]


def capabilities(bot: AnyBot) -> set[str]:
    """What a portal must offer so that the bot can use it."""
    told = bot.capability
    return {name for name in ([told] if isinstance(told, str) else told) if name}


def _may_use(portal: Portal, day: date, *, named: bool) -> bool:
    says = portal.automation_on(day)
    if says is Automation.FORBIDDEN:
        if named:
            raise ConfigError(f"portals.yaml says that {portal.name} forbids robots; it is not used")
        logger.warning("portal {} forbids robots: it is not used", portal.name)
        return False
    if says is Automation.UNKNOWN:
        logger.warning("portal {}: it is not known, or no longer, whether robots are permitted", portal.name)
    return True
