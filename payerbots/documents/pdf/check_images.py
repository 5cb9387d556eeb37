"""The images of a lockbox batch: a page for each check, then the pages that came in its envelope."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cache
from pathlib import Path

from payerbots import yamlfile
from payerbots.documents.pdf.rows import Row
from payerbots.documents.pdf.template import Pattern
from payerbots.domain.texts import amount

FILE = Path(__file__).with_name("check_images.yaml")
Page = tuple[int, tuple[Row, ...]]
"""A page's number in its file, and its rows."""


class BankImages(yamlfile.Strict):
    """How one bank marks checks: `index` has the groups lockbox, batch and item, `amount` the group amount."""

    bank: str
    index: Pattern
    amount: Pattern


class _Known(yamlfile.Strict):
    banks: tuple[BankImages, ...]


@dataclass(frozen=True, kw_only=True)
class CheckImage:
    """A check as the bank's index line places it; its amount as written on it."""

    lockbox: str
    batch: str
    item: str
    amount: Decimal | None


@dataclass(frozen=True, kw_only=True)
class Envelope:
    """What came with a check; of a file that is no batch all pages, and no check."""

    check: CheckImage | None
    pages: list[Page] = field(default_factory=list, repr=False)


@cache
def known_images(file: Path = FILE) -> tuple[BankImages, ...]:
    """The shipped marks."""
    return yamlfile.parse(_Known, yamlfile.read(file), file).banks


def envelopes(pages: Iterable[Page]) -> Iterator[Envelope]:
    """The pages, envelope by envelope; those before the first check, if any, are one without check."""
    current = Envelope(check=None)
    for page in pages:
        check = _check(page)
        if check is None:
            current.pages.append(page)
            continue
        if current.check or current.pages:
            yield current
        current = Envelope(check=check)
    if current.check or current.pages:
        yield current


def _check(page: Page) -> CheckImage | None:
    text = "\n".join(row.text for row in page[1])
    for bank in known_images():
        if found := re.search(bank.index, text):
            written = re.search(bank.amount, text)
            return CheckImage(**found.groupdict(), amount=amount(written["amount"]) if written else None)
    return None
