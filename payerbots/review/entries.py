"""What a person filled into a row, as a decision with its terms; what does not fit is told with its cell."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from payerbots.documents.workbook import dates
from payerbots.documents.workbook.review_columns import CORRECT
from payerbots.documents.workbook.review_reading import Entry, ReviewProblem
from payerbots.documents.workbook.values import Unreadable, shown
from payerbots.domain.decisions import Decision
from payerbots.domain.review import NAMES, About, Terms, takes, teams

_DASHES = re.compile(r"\s*[-\u2010-\u2015\u2212]\s*")
_AMOUNT = re.compile(r"\$?\s*([0-9]{1,3}(?:,[0-9]{3})+|[0-9]+)(\.[0-9]{1,2})?")
_CENT = Decimal("0.01")
_TO = {
    Decision.DUPLICATE: ("other", "the other item, such as 12 or payment 5"),
    Decision.ASSIGN: ("assignee", "a person"),
    Decision.NOT_MINE: ("team", f"one of the teams {', '.join(teams())}"),
}
"""What *To / of* means for a decision."""


@dataclass(frozen=True, kw_only=True)
class Filled:
    """A decision that was filled in. `values` are the corrected ones, as they stand in their cells."""

    decision: Decision
    terms: Terms
    by: str
    values: Mapping[str, object] = field(default_factory=dict, repr=False)


class Unclear(Exception):
    """A cell that cannot be taken: `name` is that of `FILL_IN` or a header."""

    def __init__(self, name: str, expected: str, *, told: bool = True) -> None:
        super().__init__(expected)
        self.name, self.expected, self.told = name, expected, told


def read(entry: Entry, day: date) -> Filled | ReviewProblem | None:
    """What a row says; None where somebody has only left a name, a problem where it is not clear."""
    if entry.cells.keys() <= {"by"} and not entry.values:
        return None
    try:
        return _Row(entry, day).read()
    except Unclear as unclear:
        return entry.problem(f"expected {unclear.expected}", unclear.name, told=unclear.told)


def decision_of(text: str) -> Decision:
    """A decision by its words, in any case and with any dash. `ValueError` for other words."""
    return Decision(_DASHES.sub(" - ", " ".join(text.casefold().split())))


def amount_of(cell: object) -> Decimal:
    """Dollars and cents: a number, or a text such as `$1,234.50`. `ValueError` for anything else."""
    if isinstance(cell, bool) or cell is None:
        raise ValueError
    if isinstance(cell, int | float):
        try:
            found = Decimal(str(cell))
            rounded = found.quantize(_CENT)
        except InvalidOperation:
            raise ValueError from None
        if abs(found - rounded) > Decimal("1e-9"):
            raise ValueError
        return rounded
    matched = _AMOUNT.fullmatch(shown(cell))
    if matched is None:
        raise ValueError
    return Decimal(matched[1].replace(",", "") + (matched[2] or "")).quantize(_CENT)


class _Row:
    """One row as it is read."""

    def __init__(self, entry: Entry, day: date) -> None:
        self._entry, self._day = entry, day

    def read(self) -> Filled:
        decision = self._decision()
        self._check_beside(decision)
        wanted = takes(decision)
        readers: Mapping[str, Callable[[Decision], Any]] = {
            "amount": self._amount,
            "code": self._code,
            "until": self._until,
            "other": self._to,
            "assignee": self._to,
            "team": self._to,
        }
        terms: dict[str, Any] = {name: reader(decision) for name, reader in readers.items() if name in wanted}
        if "values" in wanted:
            terms["values"] = {title: ("", shown(cell)) for title, cell in self._values().items()}
        return Filled(
            decision=decision,
            terms=Terms(note=self._text("note"), **terms),
            by=self._by(),
            values=self._entry.values,
        )

    def _text(self, name: str) -> str:
        return shown(self._entry.cells.get(name))

    def _decision(self) -> Decision:
        text = self._text("decision")
        try:
            return decision_of(text)
        except ValueError:
            allowed = ", ".join(one.value for one in Decision)
            raise Unclear("decision", f"one of: {allowed}") from None

    def _check_beside(self, decision: Decision) -> None:
        """A cell that another decision would need makes it unclear what was meant."""
        wanted = takes(decision)
        given = {"amount": {"amount"}, "code": {"code"}, "until": {"until"}, "to": set(_names())}
        for name, terms in given.items():
            if name in self._entry.cells and not wanted & terms:
                raise Unclear(name, f"nothing beside `{decision}`")
        if self._entry.values and "values" not in wanted:
            title = next(iter(self._entry.values))
            raise Unclear(f"{CORRECT}{title}", f"nothing beside `{decision}`", told=False)

    def _amount(self, _decision: Decision) -> Decimal:
        try:
            return amount_of(self._entry.cells.get("amount"))
        except ValueError:
            raise Unclear("amount", "an amount such as 125.50") from None

    def _code(self, _decision: Decision) -> str:
        if not self._text("code"):
            raise Unclear("code", NAMES["code"])
        return self._text("code").upper()

    def _until(self, _decision: Decision) -> date:
        cell = self._entry.cells.get("until")
        try:
            return dates.service_date(cell, today=self._day, epoch=self._entry.epoch)
        except Unreadable:
            raise Unclear("until", "a date such as 12/31/2026") from None

    def _to(self, decision: Decision) -> About | str:
        _, expected = _TO[decision]
        text = self._text("to")
        if not text:
            raise Unclear("to", expected)
        if decision is Decision.ASSIGN:
            return text
        try:
            if decision is Decision.DUPLICATE:
                return About.read(text)
            return {name.casefold(): name for name in teams()}[text.casefold()]
        except (ValueError, KeyError):
            raise Unclear("to", expected) from None

    def _values(self) -> Mapping[str, object]:
        if not self._entry.values:
            raise Unclear("decision", f"corrected values under the columns `{CORRECT}…`")
        return self._entry.values

    def _by(self) -> str:
        text = self._text("by")
        if not text:
            raise Unclear("by", "the name or initials of who decided")
        return text


def _names() -> list[str]:
    return [name for name, _ in _TO.values()]
