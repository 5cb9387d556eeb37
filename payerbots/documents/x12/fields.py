"""Elements as values for readers that keep a transaction set whole: what cannot be read is a problem, and None."""

from datetime import date
from decimal import Decimal

from payerbots.documents.x12.reader import Reader
from payerbots.documents.x12.values import DAYS, NUMBERS, Unreadable, at, period


class Fields:
    """The elements of one segment, by place. `level` is where its problems are put."""

    def __init__(self, reader: Reader, elements: list[str], level: str = "transaction") -> None:
        self.tag = elements[0]
        self.elements = elements
        self.segment = reader.number
        self._reader = reader
        self._level = level

    def __getitem__(self, place: int) -> str:
        return at(self.elements, place)

    def code(self, place: int) -> str:
        """A code: upper case."""
        return at(self.elements, place).upper()

    def amount(self, place: int) -> Decimal | None:
        """A number; None where nothing stands, or nothing that can be read."""
        text = at(self.elements, place)
        try:
            return NUMBERS[text] if text else None
        except Unreadable as error:
            self._refuse(place, error)
            return None

    def count(self, place: int) -> int | None:
        """A count or position."""
        number = self.amount(place)
        return int(number) if number is not None else None

    def day(self, place: int) -> date | None:
        """A date CCYYMMDD."""
        text = at(self.elements, place)
        try:
            return DAYS[text] if text else None
        except Unreadable as error:
            self._refuse(place, error)
            return None

    def period(self, place: int) -> tuple[date | None, date | None]:
        """A date, or a range: its first day, and its last where it is another."""
        text = at(self.elements, place)
        try:
            first, last = period(text) if text else (None, None)
        except Unreadable as error:
            self._refuse(place, error)
            return None, None
        return first, (last if last != first else None)

    def parts(self, place: int) -> list[str]:
        """The components of a composite, padded to eight."""
        parts = [part.strip() for part in at(self.elements, place).split(self._reader.delimiters.component)]
        return parts + [""] * (8 - len(parts))

    def repeats(self, place: int) -> list[str]:
        """The repetitions of an element."""
        text, separator = at(self.elements, place), self._reader.delimiters.repetition
        found = text.split(separator) if separator else [text]
        return [each.strip() for each in found if each.strip()]

    def _refuse(self, place: int, error: Unreadable) -> None:
        self._reader.problem(self._level, f"{self.tag}{place:02} is {error}", tag=self.tag)
