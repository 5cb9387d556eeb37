"""A portal's flow: the functions in `flows/<name>/` that drive it, loaded from the workspace."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from payerbots.browser import pagebook
from payerbots.browser.arming import Ticks
from payerbots.browser.pagebook import PageBook
from payerbots.browser.screen import Screen
from payerbots.domain.coverage import Coverage, CoverageRequest
from payerbots.domain.rejection import Change, ListedRejection
from payerbots.errors import ConfigError
from payerbots.portals.capabilities import (
    CAPABILITIES,
    Answer,
    BankFile,
    Downloaded,
    ListedRemittance,
    WasDone,
)
from payerbots.portals.config import Portal
from payerbots.portals.credentials import Credential
from payerbots.portals.front_end import ListedReport
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

    @property
    def name(self) -> str:
        """The portal's name."""
        return self.flow.portal.name

    async def was_done(self, action: str, key: str) -> WasDone:
        """Whether the portal knows of an earlier act; unknown where its flow cannot look that up."""
        if "was_done" not in self.flow.abilities:
            return WasDone(Answer.UNKNOWN)
        answer: WasDone = await self._able("was_done")(self.screen, action, key)
        return answer

    async def ticks(self) -> Ticks:
        """The clocks of the page's frames, now."""
        return await self.screen.ticks()

    async def arm(self, ticks: Ticks, seconds: float) -> None:
        """From `seconds` after `ticks` on, the page takes no click, submit or key."""
        await self.screen.arm(ticks, seconds)

    async def disarm(self) -> None:
        """The page takes them again."""
        await self.screen.disarm()

    async def check_eligibility(self, request: CoverageRequest) -> Coverage:
        """Asks the portal whether a person is covered."""
        answer: Coverage = await self._able("check_eligibility")(self.screen, request)
        return answer

    async def list_remittances(self, since: date, until: date) -> Sequence[ListedRemittance]:
        """What the portal has posted between two days."""
        listed: Sequence[ListedRemittance] = await self._able("list_remittances")(self.screen, since, until)
        return listed

    async def fetch_remittance(self, listed: ListedRemittance) -> Downloaded:
        """The file of a remittance."""
        found: Downloaded = await self._able("fetch_remittance")(self.screen, listed)
        return found

    async def list_bank_files(self, since: date, until: date) -> Sequence[BankFile]:
        """What the bank reports of some days."""
        listed: Sequence[BankFile] = await self._able("list_bank_files")(self.screen, since, until)
        return listed

    async def fetch_bank_file(self, file: BankFile) -> Downloaded:
        """A file of the bank."""
        found: Downloaded = await self._able("fetch_bank_file")(self.screen, file)
        return found

    async def list_reports(self, since: date) -> Sequence[ListedReport]:
        """The reports that came on a day or later."""
        listed: Sequence[ListedReport] = await self._able("list_reports")(self.screen, since)
        return listed

    async def fetch_report(self, listed: ListedReport) -> Downloaded:
        """The file of a report."""
        found: Downloaded = await self._able("fetch_report")(self.screen, listed)
        return found

    async def list_rejections(self, since: date) -> Sequence[ListedRejection]:
        """The claims that wait in the worklist, rejected on a day or later."""
        listed: Sequence[ListedRejection] = await self._able("list_rejections")(self.screen, since)
        return listed

    async def open_claim(self, control: str) -> None:
        """Opens a claim in the editor."""
        await self._able("open_claim")(self.screen, control)

    async def fill_correction(self, changes: Sequence[Change]) -> Sequence[str]:
        """Fills in and saves changes of the claim that is open; the fields that are not as they were sent."""
        differing: Sequence[str] = await self._able("fill_correction")(self.screen, changes)
        return differing

    async def send_correction(self) -> str:
        """Sends the claim that is open; the confirmation number."""
        confirmation: str = await self._able("send_correction")(self.screen)
        return confirmation

    def _able(self, capability: str) -> Callable[..., Awaitable[Any]]:
        if capability not in self.flow.abilities:
            name = self.flow.portal.flow
            raise ConfigError(f"flows/{name}/{capability}.py is missing: this portal cannot {capability}")
        return self.flow.abilities[capability]


def offered(workspace: Workspace, portal: Portal) -> list[str]:
    """The capabilities that a portal's flow has modules for; none of them is loaded."""
    folder = workspace.root / "flows" / portal.flow
    return [name for name in CAPABILITIES if (folder / f"{name}.py").is_file()]


def load(workspace: Workspace, portal: Portal) -> Flow:
    """The flow that `portals.yaml` names, with its page book. `ConfigError` says what is missing."""
    return Flow(
        portal=portal,
        book=pagebook.load(workspace.root / "selectors" / f"{portal.flow}.yaml"),
        sign_in=_function(workspace, portal.flow, "sign_in"),
        abilities={name: _function(workspace, portal.flow, name) for name in offered(workspace, portal)},
    )


def _function(workspace: Workspace, flow: str, name: str) -> Callable[..., Awaitable[Any]]:
    module = workspace.module(f"flows.{flow}.{name}")
    function: Callable[..., Awaitable[Any]] | None = getattr(module, name, None)
    if function is None:
        raise ConfigError(f"flows/{flow}/{name}.py has no function {name}")
    return function
