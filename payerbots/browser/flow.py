"""A portal's flow: the functions in `flows/<name>/` that drive it, loaded from the workspace."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

from payerbots.browser import pagebook
from payerbots.browser.pagebook import PageBook
from payerbots.browser.screen import Screen
from payerbots.domain.coverage import Coverage, CoverageRequest
from payerbots.errors import ConfigError
from payerbots.portals.capabilities import CAPABILITIES
from payerbots.portals.config import Portal
from payerbots.portals.credentials import Credential
from payerbots.workspace import Workspace

SignIn = Callable[[Screen, Credential], Awaitable[None]]


@dataclass(frozen=True)
class Flow:
    """How one portal is driven. `abilities` holds its capabilities' functions by name."""

    portal: Portal
    book: PageBook
    sign_in: SignIn
    abilities: dict[str, Callable[..., Awaitable[Any]]]

    def on(self, screen: Screen) -> "Visit":
        """The portal as a bot sees it, on a signed-in screen."""
        return Visit(self, screen)


@dataclass(frozen=True)
class Visit:
    """A signed-in portal, by its capabilities."""

    flow: Flow
    screen: Screen

    async def check_eligibility(self, request: CoverageRequest) -> Coverage:
        """Asks the portal whether a person is covered."""
        answer: Coverage = await self._able("check_eligibility")(self.screen, request)
        return answer

    def _able(self, capability: str) -> Callable[..., Awaitable[Any]]:
        if capability not in self.flow.abilities:
            name = self.flow.portal.flow
            raise ConfigError(f"flows/{name}/{capability}.py is missing: this portal cannot {capability}")
        return self.flow.abilities[capability]


def load(workspace: Workspace, portal: Portal) -> Flow:
    """The flow that `portals.yaml` names, with its page book. `ConfigError` says what is missing."""
    folder = workspace.root / "flows" / portal.flow
    found = [name for name in CAPABILITIES if (folder / f"{name}.py").is_file()]
    return Flow(
        portal=portal,
        book=pagebook.load(workspace.root / "selectors" / f"{portal.flow}.yaml"),
        sign_in=_function(workspace, portal.flow, "sign_in"),
        abilities={name: _function(workspace, portal.flow, name) for name in found},
    )


def _function(workspace: Workspace, flow: str, name: str) -> Callable[..., Awaitable[Any]]:
    module = workspace.module(f"flows.{flow}.{name}")
    function: Callable[..., Awaitable[Any]] | None = getattr(module, name, None)
    if function is None:
        raise ConfigError(f"flows/{flow}/{name}.py has no function {name}")
    return function
