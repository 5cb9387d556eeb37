"""Payments read again from the files that are kept, one file after the other."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from payerbots.documents.remittance_file import Placed, placed
from payerbots.domain.facts import PaymentFact, PaymentForm
from payerbots.domain.remittance import Remittance
from payerbots.engine.facts import Facts


@dataclass(frozen=True)
class Archive:
    """The kept files. Those of paper are slow to read and few, and stay in memory once read."""

    facts: Facts
    root: Path
    _papers: dict[str, list[Placed]] = field(default_factory=dict, repr=False)

    def remittances(self, payments: Iterable[PaymentFact]) -> Iterator[tuple[PaymentFact, Remittance]]:
        """Each payment with what its file says of it, file by file, in the order of the first of each file.

        `FileNotFoundError` for a file that was purged.
        """
        wanted: defaultdict[str, dict[int, PaymentFact]] = defaultdict(dict)
        for payment in payments:
            wanted[payment.file][payment.place] = payment
        for file, places in wanted.items():
            on_paper = any(each.form is PaymentForm.EOB for each in places.values())
            for found in self._paper(file) if on_paper else self._read(file):
                if found.place in places:
                    yield places[found.place], found.remittance

    def _paper(self, file: str) -> list[Placed]:
        if file not in self._papers:
            self._papers[file] = list(self._read(file))
        return self._papers[file]

    def _read(self, file: str) -> Iterator[Placed]:
        folder = self.root / "templates"
        with self.facts.content(file) as stream:
            for found in placed(stream, (folder,) if folder.is_dir() else ()):
                if isinstance(found, Placed):
                    yield found
