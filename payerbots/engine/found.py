"""What an outcome found: checked, and its files on disk, before the outcome is written."""

import hashlib
from collections.abc import Sequence
from typing import Any

from payerbots.engine.contract import Outcome
from payerbots.errors import FileNotKept
from payerbots.ledger import facts
from payerbots.ledger.filestore import FileStore
from payerbots.ledger.records import Fact


def kept(store: FileStore, outcome: Outcome[Any]) -> Sequence[Fact]:
    """The facts of an outcome, checked, with their files on disk; a file that no outcome names is harmless.

    `FactRefused` for what the ledger cannot keep, `FileNotKept` when there is no room.
    """
    if not outcome.facts and not outcome.files:
        return ()
    sizes = {hashlib.sha256(content).hexdigest(): len(content) for content in outcome.files}
    facts.check(outcome.facts, sizes)
    for content in outcome.files:
        _keep(store, content)
    return outcome.facts


def _keep(store: FileStore, content: bytes) -> None:
    try:
        store.keep(content)
    except OSError as error:
        raise FileNotKept(
            f"the data folder takes no file: {error.strerror or type(error).__name__}"
        ) from None
