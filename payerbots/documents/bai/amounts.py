"""The values of BAI2 fields: amounts, counts, dates and funds availability, with what is wrong in them noted."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from payerbots.documents.bai.fields import Fields
from payerbots.documents.bai.findings import Findings, scaled
from payerbots.documents.bai.values import date_of, signed, whole
from payerbots.domain.bank import Available, Funds

FUNDS_TYPES = frozenset({"", "Z", "0", "1", "2", "S", "V", "D"})


@dataclass(frozen=True, slots=True)
class Money:
    """Takes values out of one record's fields. `level` and `record` name the record in problems."""

    fields: Fields
    findings: Findings
    level: str
    record: str
    decimals: int = 2

    def units(self, name: str) -> int | None:
        """The next field as an amount in its currency's smallest unit; None when blank or unreadable."""
        return self._units(name, self.fields.take())

    def trailing_total(self, name: str) -> int | None:
        """As `units`, in a trailer: a blank where two of its lines meet is none of its fields."""
        return self._units(name, self._past_joins())

    def trailing_count(self, name: str) -> int | None:
        """A whole number in a trailer, that the balance hangs on."""
        return self._count(name, self._past_joins(), proves=True)

    def amount(self, name: str) -> Decimal | None:
        """The next field as an amount."""
        units = self.units(name)
        return None if units is None else scaled(units, self.decimals)

    def count(self, name: str, *, proves: bool = False) -> int | None:
        """The next field as a whole number. `proves`: the balance hangs on it."""
        return self._count(name, self.fields.take(), proves=proves)

    def date(self, name: str) -> dt.date | None:
        """The next field as a date, YYMMDD or YYYYMMDD."""
        text = self.fields.take()
        value = date_of(text, "YYMMDD") or date_of(text, "YYYYMMDD")
        if text and value is None:
            self._unread(name, "a date, YYMMDD", proves=False)
        return value

    def funds(self) -> Funds:
        """The funds type, and the fields that it brings with it."""
        kind = self.fields.take().upper()
        if kind == "S":
            parts = [self.amount(name) for name in ("immediate", "one day", "two days")]
            return Funds(type=kind, immediate=parts[0], one_day=parts[1], two_days=parts[2])
        if kind == "V":
            return Funds(type=kind, date=self.date("value date"), time=self.fields.take())
        if kind == "D":
            return Funds(type=kind, distribution=tuple(self._distribution()))
        if kind in FUNDS_TYPES:
            return Funds(type=kind)
        self._unread("funds type", "blank, Z, 0, 1, 2, S, V or D")
        return Funds()

    def _past_joins(self) -> str:
        text = self.fields.take()
        while not text and self.fields.at_join and self.fields.more:
            text = self.fields.take()
        return text

    def _units(self, name: str, text: str) -> int | None:
        value = signed(text)
        if text and value is None:
            self._unread(name, "an amount in digits, with or without a sign before them")
        return value

    def _count(self, name: str, text: str, *, proves: bool) -> int | None:
        value = whole(text)
        if text and value is None:
            self._unread(name, "a whole number", proves=proves)
        return value

    def _distribution(self) -> Iterator[Available]:
        expected = self.count("number of availabilities", proves=True)
        if expected is None:
            self._unread("number of availabilities", "how many availabilities follow")
        for _ in range(expected or 0):
            if not self.fields.more:
                self._unread("availability", f"{expected} of them")
                return
            days = self.count("days", proves=True)
            amount = self.amount("amount available")
            if days is None or amount is None:
                self._unread("availability", "days and an amount")
            yield Available(days=days or 0, amount=amount)

    def _unread(self, name: str, expected: str, *, proves: bool = True) -> None:
        note = self.findings.unproven if proves else self.findings.problem
        place = f"record {self.record}, field {self.fields.number} ({name})"
        note(self.level, self.fields.line, f"{place}: expected {expected}")
