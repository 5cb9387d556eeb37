"""Which portals `portals.yaml` lets a robot use."""

from collections.abc import Sequence
from datetime import date

from loguru import logger

from payerbots.errors import ConfigError
from payerbots.portals.config import Automation, Portal
from payerbots.workspace import Workspace


def usable(workspace: Workspace, names: Sequence[str], day: date) -> list[Portal]:
    """The portals of these names; of all, when none are named, those that do not forbid robots.

    `ConfigError` when a named one forbids them. Where it is not known, the log is warned.
    """
    found = [workspace.portal(name) for name in names or workspace.portals]
    return [portal for portal in found if _may_use(portal, day, named=bool(names))]


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
