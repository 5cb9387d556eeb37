"""Payments read again from the files that are kept, one file after the other."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from payerbots.documents.remittance_file import Placed, placed
from payerbots.domain.facts import PaymentFact
from payerbots.domain.remittance import Remittance
from payerbots.engine.facts import Facts


@dataclass(frozen=True)
class Archive:
    """The kept files."""

    facts: Facts
    root: Path

    def remittances(self, payments: Iterable[PaymentFact]) -> Iterator[tuple[PaymentFact, Remittance]]:
        """Each payment with what its file says of it, file by file, in the order of the first of each file.

        `FileNotFoundError` for a file that was purged.
        """
        wanted: defaultdict[str, dict[int, PaymentFact]] = defaultdict(dict)
        for payment in payments:
            wanted[payment.file][payment.place] = payment
        for file, places in wanted.items():
            for found in self._read(file):
                if found.place in places:
                    yield places[found.place], found.remittance

    def _read(self, file: str) -> Iterator[Placed]:
        folder = self.root / "templates"
        with self.facts.content(file) as stream:
            for found in placed(stream, (folder,) if folder.is_dir() else ()):
                if isinstance(found, Placed):
                    yield found
