"""What a portal can be asked. A flow implements a capability as a function of the same name."""

from typing import Protocol

from payerbots.domain.coverage import Coverage, CoverageRequest


class ChecksEligibility(Protocol):
    """A portal that says whether a person is covered."""

    async def check_eligibility(self, request: CoverageRequest) -> Coverage:
        """The payer's answer. `BusinessException` when it has none that a machine may use."""
        ...


CAPABILITIES = ("check_eligibility",)
"""The names of all capabilities; each is a module of a flow that offers it."""
