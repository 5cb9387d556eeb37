"""A payer's or bank's file as a page shows it: what it is, whether its totals hold, and what stands in it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, BinaryIO

from payerbots.console import plain
from payerbots.documents.read import Document, Terms, documents
from payerbots.domain.problems import Problem
from payerbots.domain.record import Record
from payerbots.domain.remittance import Claim, PaymentHeader, PaymentTotals

MOST_CLAIMS = 300
MOST_ROWS = 300
MOST_DOCUMENTS = 50


@dataclass
class Paid:
    """A payment with its claims, as many as are shown."""

    header: PaymentHeader
    totals: PaymentTotals | None = None
    claims: list[Claim] = field(default_factory=list, repr=False)
    count: int = 0


@dataclass
class Reading:
    """A document that was read to its end."""

    file: str
    sha256: str
    kind: str
    error: str = ""
    balanced: bool = True
    payments: list[Paid] = field(default_factory=list, repr=False)
    records: list[Sequence[plain.Fact]] = field(default_factory=list, repr=False)
    problems: Sequence[Problem] = ()

    @property
    def paid(self) -> Decimal:
        """What its payments come to."""
        return sum((one.header.amount for one in self.payments), Decimal(0))


def read(name: str, stream: BinaryIO, terms: Terms | None = None) -> list[Reading]:
    """All documents of a file, the first ones of an archive with very many."""
    found: list[Reading] = []
    for document in documents(name, stream, terms):
        found.append(_read(document))
        if len(found) == MOST_DOCUMENTS:
            break
    return found


def _read(document: Document) -> Reading:
    reading = Reading(document.file, document.sha256, document.kind)
    for part in document.parts:
        _add(reading, part)
    reading.balanced, reading.problems = document.balanced, document.problems[:MOST_ROWS]
    reading.error = str(document.error) if document.error else ""
    return reading


def _add(reading: Reading, part: Record) -> None:
    if isinstance(part, PaymentHeader):
        reading.payments.append(Paid(part))
    elif isinstance(part, Claim) and reading.payments:
        last = reading.payments[-1]
        last.count += 1
        if len(last.claims) < MOST_CLAIMS:
            last.claims.append(part)
    elif isinstance(part, PaymentTotals) and reading.payments:
        reading.payments[-1].totals = part
    elif len(reading.records) < MOST_ROWS:
        reading.records.append(list(_few(plain.facts(part.plain))))


def _few(facts: Sequence[plain.Fact]) -> Iterator[plain.Fact]:
    """Long tables are cut off."""
    for fact in facts:
        if len(fact.rows) > MOST_ROWS:
            shown: Any = fact.rows[:MOST_ROWS]
            title = f"{fact.label}: the first {MOST_ROWS} of {len(fact.rows)}"
            yield plain.Fact(title, fact.value, fact.heads, shown)
        else:
            yield fact
