"""An EOB PDF, read by its payer's template into the same record that an 835 gives."""

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import BinaryIO

from payerbots.documents.errors import FetchAgain, LayoutUnknown, NeedsOcr
from payerbots.documents.pdf.cells import Heads, amount, runs_on
from payerbots.documents.pdf.parts import OpenPayment
from payerbots.documents.pdf.rows import Row, pages
from payerbots.documents.pdf.template import Template
from payerbots.domain.problems import Problem
from payerbots.domain.remittance import Remittance

LINE_HEIGHT = 14.0
"""A row that goes on with the one above stands no further below it, in points."""


def read_eob(
    stream: BinaryIO, known: Mapping[str, Template], problems: list[Problem] | None = None
) -> Iterator[Remittance]:
    """Every payment in a PDF; what is wrong goes to `problems`.

    Raises `FetchAgain` for a damaged file, `LayoutUnknown` when no template (or more than one) fits, `NeedsOcr` when
    no page has text. A page without text among others is a problem, and its payment does not balance.
    """
    yield from read_pages(enumerate(pages(stream), 1), known, problems)


def read_pages(
    numbered: Iterable[tuple[int, tuple[Row, ...]]],
    known: Mapping[str, Template],
    problems: list[Problem] | None = None,
) -> Iterator[Remittance]:
    """As `read_eob`, of some pages of a file with their numbers."""
    noted = [] if problems is None else problems
    reader: _Reader | None = None
    blank: list[int] = []
    for number, rows in numbered:
        if not rows:
            blank.append(number)
            noted.append(
                Problem(level="page", where=f"page {number}", what="NEEDS_OCR: a picture without text")
            )
        elif reader is None:
            template = _fitting(rows, known)
            reader = _Reader(template, noted, _payer(template, rows[0].text))
            reader.payment.unproven = bool(blank)
        if reader is not None:
            yield from reader.page(number, rows)
    if reader is None:
        raise NeedsOcr(f"pictures without text ({len(blank)})") if blank else FetchAgain("no page")
    yield from reader.close()


def _fitting(rows: tuple[Row, ...], known: Mapping[str, Template]) -> Template:
    text = "\n".join(row.text for row in rows)
    fitting = [name for name, each in known.items() if all(mark in text for mark in each.recognise)]
    if len(fitting) != 1:
        raise LayoutUnknown(f"{len(fitting)} templates fit, expected one; known: {', '.join(sorted(known))}")
    return known[fitting[0]]


def _payer(template: Template, letterhead: str) -> str:
    """The payer as the first row names it, else as the template does."""
    found = re.search(template.letterhead, letterhead) if template.letterhead else None
    return found["payer"].strip() if found else template.payer


class _Reader:
    """Goes through rows: facts of the payment, heads of the table, claims, lines, what they run over to."""

    def __init__(self, template: Template, problems: list[Problem], payer: str) -> None:
        self.payment = OpenPayment(template, problems, payer)
        self._payer = payer
        self._template = template
        self._problems = problems
        self._heads: Heads | None = None
        self._last: Row | None = None
        self._where = ""
        self._ended = False
        self._named: Row | None = None
        self._carried = False
        self._missed = False

    def page(self, number: int, rows: tuple[Row, ...]) -> Iterator[Remittance]:
        """The payments that end on this page."""
        self._where = f"page {number}"
        self._carried = self._carried or self._last is not None
        self._last = None
        for row in rows:
            yield from self._row(row)
        if not rows:
            self.payment.unproven = True
        self._missed = not rows

    def close(self) -> Iterator[Remittance]:
        """The last payment."""
        if self.payment.begun:
            yield self.payment.made()
        else:
            raise LayoutUnknown("no check number was found where the template looks for it")

    def _row(self, row: Row) -> Iterator[Remittance]:
        template, text = self._template, row.text
        if any(re.search(pattern, text) for pattern in template.ignore):
            return
        if text == template.heads:
            self._heads = Heads(template, row)
            self._last, self._ended = None, False
            return
        facts = _found(template.facts, text)
        if facts:
            if self.payment.another(facts):
                yield self.payment.made()
                waiting = self.payment.waiting
                self.payment = OpenPayment(template, self._problems, self._payer)
                self.payment.unproven = self._missed
                self.payment.take(waiting, self._where)
            self.payment.take(facts, self._where)
            return
        self._within(row, text)

    def _within(self, row: Row, text: str) -> None:
        template = self._template
        moved = template.provider_adjustment and re.search(template.provider_adjustment, text)
        if totals := _found(template.totals, text):
            self.payment.total(totals, self._where)
            self._stop()
        elif moved:
            self.payment.move(moved.groupdict(), self._where)
            self._stop()
        elif any(re.search(pattern, text) for pattern in template.ends):
            self.payment.end_claim()
            self._stop()
        elif claim := self._of_claim(row):
            self.payment.claim_facts(claim, self._where)
            self._ended = self._ended and "patient" not in claim
            self._last = row if "remarks" in claim else None
            self._carried = False
        elif self._heads is not None and not self._ended:
            self._table(row, self._heads)

    def _stop(self) -> None:
        self._last, self._ended, self._carried = None, True, False

    def _of_claim(self, row: Row) -> dict[str, str]:
        """What the row says of a claim; a name runs over only to the row right below it."""
        named, self._named = self._named, None
        facts = _found(self._template.claims, row.text)
        if "patient" in facts:
            self._named = row
        elif named is None or row.top - named.top > LINE_HEIGHT:
            facts.pop("patient_more", None)
        return facts

    def _table(self, row: Row, heads: Heads) -> None:
        """A row of the table: totals, a line, or what a line runs over to, at the top of the next page too."""
        cells = heads.cells(row)
        if self._last is None:
            near = self._carried and runs_on(cells)
        else:
            near = row.top - self._last.top <= LINE_HEIGHT
        if self._template.claim_total and re.search(self._template.claim_total, row.text):
            self.payment.claim_total(cells, self._where)
            self._last, self._carried = None, False
        elif "charge" in cells and "paid" in cells:
            self.payment.line(cells, self._where)
            self._last, self._carried = row, False
        elif near and self.payment.more(cells):
            self._last = row
        elif any(amount(word.text) is not None for word in row.words):
            self.payment.lost(self._where)


def _found(patterns: tuple[str, ...], text: str) -> dict[str, str]:
    """The facts that patterns find in a row; none when none does."""
    facts: dict[str, str] = {}
    for pattern in patterns:
        if found := re.search(pattern, text):
            facts |= {name: value.strip() for name, value in found.groupdict().items() if value}
    return facts
