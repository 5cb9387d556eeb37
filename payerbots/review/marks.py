"""The mark of a row: what it is about and what its reader has seen, signed with the office's key.

A mark of another office, one that was typed, and one beside whose cells another row was pasted do not fit.
"""

import hmac
from collections.abc import Sequence
from dataclasses import dataclass

from payerbots.documents.workbook.values import shown
from payerbots.domain.review import About, Kind
from payerbots.keys import Keys

_LENGTH = 20


@dataclass(frozen=True)
class Mark:
    """What a row is about; `stands` as the ledger's mark, and `seen` decisions."""

    about: About
    stands: str
    seen: int

    def signed(self, keys: Keys, shown_as: Sequence[str]) -> str:
        """As it stands in a workbook, beside cells with these texts."""
        plain = f"{self.about.kind}-{self.about.number}:{self.stands}:{self.seen}"
        return f"{plain}:{_signature(keys, plain, *map(shown, shown_as))}:{_signature(keys, plain)}"


@dataclass(frozen=True)
class Checked:
    """A mark as it was found: None where it is not of this office. `fits`: the cells beside it are those it was made for."""

    mark: Mark | None
    fits: bool = False


def check(keys: Keys, text: str, shown_as: Sequence[str]) -> Checked:
    """Reads a mark and proves it."""
    plain, _, signatures = text.partition(":")
    stands, _, signatures = signatures.partition(":")
    seen, _, signatures = signatures.partition(":")
    beside, _, own = signatures.partition(":")
    whole = f"{plain}:{stands}:{seen}"
    if not hmac.compare_digest(own.encode(), _signature(keys, whole).encode()):
        return Checked(None)
    kind, _, number = plain.partition("-")
    mark = Mark(About(Kind(kind), int(number)), stands, int(seen))
    return Checked(mark, hmac.compare_digest(beside.encode(), _signature(keys, whole, *shown_as).encode()))


def _signature(keys: Keys, *parts: str) -> str:
    return keys.hashed("review", *parts)[:_LENGTH]
