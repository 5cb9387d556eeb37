"""The ledger at hand for what is done outside a worker's loop: delivering, reviewing."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TypeVar

from payerbots.engine.facts import Asking, Facts
from payerbots.ledger.filestore import FileStore
from payerbots.ledger.records import Ledger
from payerbots.workspace import Workspace

T = TypeVar("T")


@dataclass(frozen=True)
class Desk:
    """A workspace, its ledger, and how the ledger is asked from the thread at hand."""

    workspace: Workspace
    ledger: Ledger
    asking: Asking = field(repr=False)

    @property
    def facts(self) -> Facts:
        """The facts of money, for the thread at hand."""
        store = FileStore(self.ledger.keys, self.workspace.data / "files")
        return Facts(self.asking, store, self.ledger)

    def ask(self, work: Callable[[], T]) -> T:
        """What `work` gives, which speaks to the ledger."""
        answer: T = self.asking(work)
        return answer


def directly(workspace: Workspace, ledger: Ledger) -> Desk:
    """For a command: the ledger is asked in this very thread, whose connection it is."""
    return Desk(workspace, ledger, lambda work: work())
