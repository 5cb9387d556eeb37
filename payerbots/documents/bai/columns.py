"""Columns of a fixed-column record, as a layout file names them: `8-17`, or `8` for a single one."""

import re
from dataclasses import dataclass
from typing import Annotated

from pydantic import PlainValidator

_FORM = re.compile(r"([0-9]{1,4})(?:\s*-\s*([0-9]{1,4}))?")
_TYPE_COLUMN = 1


@dataclass(frozen=True, slots=True)
class Span:
    """Columns `first` to `last`, both included, counted from 1."""

    first: int
    last: int

    def __str__(self) -> str:
        return str(self.first) if self.first == self.last else f"{self.first}-{self.last}"

    def raw(self, text: str) -> str:
        """What stands in the columns, blanks and all; shorter where the record ends before."""
        return text[self.first - 1 : self.last]

    def of(self, text: str) -> str:
        """What stands in the columns without the blanks around it."""
        return self.raw(text).strip()

    def reached(self, text: str) -> bool:
        """Whether the record goes on to the last of the columns."""
        return len(text) >= self.last

    def overlaps(self, other: "Span") -> bool:
        """Whether a column belongs to both."""
        return self.first <= other.last and other.first <= self.last


def _span(value: object) -> Span:
    if isinstance(value, Span):
        return value
    found = _FORM.fullmatch(str(value).strip()) if isinstance(value, str | int) else None
    if not found:
        raise ValueError("a column such as 8, or columns such as 8-17")
    first, last = int(found[1]), int(found[2] or found[1])
    if last < first:
        raise ValueError("columns from the lower to the higher, such as 8-17")
    if first <= _TYPE_COLUMN:
        raise ValueError("columns from 2 on; column 1 holds the record type")
    return Span(first, last)


Columns = Annotated[Span, PlainValidator(_span)]
