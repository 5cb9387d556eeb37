"""What a portal can be asked. A flow implements a capability as a function of the same name."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Protocol

from payerbots.domain.coverage import Coverage, CoverageRequest


class ChecksEligibility(Protocol):
    """A portal that says whether a person is covered."""

    async def check_eligibility(self, request: CoverageRequest) -> Coverage:
        """The payer's answer. `BusinessException` when it has none that a machine may use."""
        ...


class Answer(StrEnum):
    """Whether a portal knows of something that may have been done."""

    YES = "yes"
    NO = "no"
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class WasDone:
    """A portal's answer to whether something was done, with its confirmation number when it was."""

    answer: Answer
    confirmation: str = ""


class ActsOnce(Protocol):
    """A portal at which something irreversible is done: it can be asked, and its page can be armed."""

    @property
    def name(self) -> str:
        """The portal's name."""
        ...

    async def was_done(self, action: str, key: str) -> WasDone:
        """Whether this was done before, as the portal itself shows it."""
        ...

    async def ticks(self) -> Any:  # noqa: ANN401 - whatever `arm` understands
        """The page's own clocks, now."""
        ...

    async def arm(self, ticks: Any, seconds: float) -> None:  # noqa: ANN401 - what `ticks` gave
        """From `seconds` after `ticks` on, the page itself takes no click, submit or key."""
        ...

    async def disarm(self) -> None:
        """The page takes them again."""
        ...


CAPABILITIES = ("check_eligibility", "was_done")
"""The names of all capabilities; each is a module of a flow that offers it."""
