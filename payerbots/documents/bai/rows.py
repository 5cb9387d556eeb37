"""One fixed-column record and the values in it, with what is wrong in them noted."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from payerbots.documents.bai.columns import Span
from payerbots.documents.bai.findings import Findings, scaled
from payerbots.documents.bai.layout import Layout, Map
from payerbots.documents.bai.lines import Line
from payerbots.documents.bai.values import date_of, whole
from payerbots.domain.bank import Invoice


@dataclass(frozen=True, slots=True)
class Row:
    """A record under its layout; `level` names it in problems."""

    line: Line
    layout: Layout
    findings: Findings
    level: str

    def text(self, span: Span | None) -> str:
        """What stands in the columns; empty where the layout has none."""
        return span.of(self.line.text) if span else ""

    def number(self, span: Span | None, name: str, *, may_be_blank: bool = False) -> int | None:
        """Digits as a number: a count, or an amount in its smallest unit; None where they are none.

        A record that ends inside the columns may have lost digits of the amount: it is none then.
        """
        found = self.text(span)
        if span is None or (may_be_blank and not found):
            return None
        value = whole(found)
        if value is None or not span.reached(self.line.text):
            self._unread(span, name, "digits up to the last column")
            return None
        return value

    def date(self, span: Span | None, name: str = "date") -> dt.date | None:
        """A date in the layout's form; None where it is blank, zeros or none at all."""
        found = self.text(span)
        if span is None or not found.strip("0"):
            return None
        value = date_of(found, self.layout.dates)
        if value is None:
            what = f"{self._place(span, name)}: expected a date, {self.layout.dates}"
            self.findings.problem(self.level, self.line.number, what)
        return value

    def amount(self, units: int | None) -> Decimal | None:
        """Units of the record as an amount."""
        return None if units is None else scaled(units, self.layout.decimals)

    def invoices(self, columns: Map) -> Iterator[tuple[Invoice, int | None]]:
        """The invoices on the record and their units; a place of blanks or zeros holds none."""
        for pair in columns.pairs:
            number = self.text(pair.number)
            units = self.number(pair.amount, "invoice amount", may_be_blank=True)
            unread = units is None and self.text(pair.amount)
            if number.strip("0") or units or unread:
                yield Invoice(number=number, amount=self.amount(units)), units

    def _unread(self, span: Span, name: str, expected: str) -> None:
        self.findings.unproven(
            self.level, self.line.number, f"{self._place(span, name)}: expected {expected}"
        )

    def _place(self, span: Span, name: str) -> str:
        return f"record {self.line.text[0]}, columns {span} ({name})"
