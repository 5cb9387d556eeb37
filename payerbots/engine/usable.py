"""Whether `portals.yaml` lets a portal be used by a robot at all."""

from datetime import date

from loguru import logger

from payerbots.errors import ConfigError
from payerbots.portals.config import Automation, Portal
from payerbots.workspace import Workspace


def usable(workspace: Workspace, name: str, day: date) -> Portal:
    """The portal. `ConfigError` when it forbids robots; where nobody has asked, the log is warned."""
    portal = workspace.portal(name)
    found = portal.automation_on(day)
    if found is Automation.FORBIDDEN:
        raise ConfigError(f"portals.yaml says that {name} forbids robots; it is not used")
    if found is Automation.UNKNOWN:
        logger.warning("portal {}: it is not known, or no longer, whether robots are permitted", name)
    return portal
