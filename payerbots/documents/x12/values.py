"""Elements of X12 as values: amounts, quantities, dates. What cannot be read is refused, never guessed."""

import re
from datetime import date
from decimal import Decimal

_NUMBER = re.compile(r"[+-]?(?:[0-9]{1,18}(?:\.[0-9]{0,8})?|\.[0-9]{1,8})")
_DAY = re.compile(r"[0-9]{8}|[0-9]{6}")
_KEPT = 1 << 16
_CENTURY = 2000
"""Six-figure dates (004010 and ISA09) are of this century."""


class Unreadable(ValueError):
    """An element that is not what it must be; `expected` says what. It never holds the element itself."""

    def __init__(self, expected: str) -> None:
        super().__init__(f"not {expected}")
        self.expected = expected


class Numbers(dict[str, Decimal]):
    """Text to `Decimal`, remembered: the same few amounts come again and again.

    At most 18 figures before the point, as X12's type R allows: sums of them stay exact. Neither exponents nor
    thousands separators. An empty text is 0, as X12 means it.
    """

    def __missing__(self, text: str) -> Decimal:
        if text and _NUMBER.fullmatch(text) is None:
            raise Unreadable("a number")
        if len(self) >= _KEPT:
            self.clear()
        return self.setdefault(text, Decimal(text or 0))


class Days(dict[str, date]):
    """CCYYMMDD (or YYMMDD) to a date, remembered."""

    def __missing__(self, text: str) -> date:
        if _DAY.fullmatch(text) is None:
            raise Unreadable("a date CCYYMMDD")
        year, rest = (int(text[:-4]), text[-4:])
        try:
            day = date(year if len(text) > len("YYMMDD") else _CENTURY + year, int(rest[:2]), int(rest[2:]))
        except ValueError:
            raise Unreadable("a date that exists") from None
        if len(self) >= _KEPT:
            self.clear()
        return self.setdefault(text, day)


class Stated(Numbers):
    """As `Numbers`, where nothing is not 0 but missing."""

    def __missing__(self, text: str) -> Decimal:
        if not text:
            raise Unreadable("there")
        return super().__missing__(text)


NUMBERS = Numbers()
STATED = Stated()
DAYS = Days()
ZERO = Decimal(0)


def period(text: str) -> tuple[date, date]:
    """A date CCYYMMDD, or a range CCYYMMDD-CCYYMMDD, as its first and last day."""
    first, dash, last = text.partition("-")
    return (DAYS[first], DAYS[last]) if dash else (DAYS[first], DAYS[first])


def at(elements: list[str], index: int) -> str:
    """The element at `index`, or an empty text where the segment ends before it."""
    return elements[index] if index < len(elements) else ""
