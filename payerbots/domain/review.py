"""Exceptions as people decide on them: what one is about, and the rules of an office for decisions."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from enum import StrEnum
from typing import Self

from payerbots.domain.decisions import Decision
from payerbots.errors import DecisionRefused
from payerbots.reasons import catalogue

LONGEST_PEND = timedelta(days=366)
_CENT = Decimal("0.01")
_CODE = re.compile(r"[A-Z0-9][A-Z0-9-]{0,11}")
_PERSON = re.compile(r"[^\W_][\w .,'@-]{0,39}")
_LABEL = re.compile(r"(?:([a-z]+)[ -])?([0-9]{1,18})")


class Kind(StrEnum):
    """What an exception can be about."""

    ITEM = "item"
    PAYMENT = "payment"
    DEPOSIT = "deposit"
    CONCERN = "concern"
    """Something within a payment: a claim, a provider adjustment."""


@dataclass(frozen=True, order=True)
class About:
    """What an exception is about: an item, a payment, a deposit or a concern, by the ledger's number."""

    kind: Kind
    number: int

    def __str__(self) -> str:
        return str(self.number) if self.kind is Kind.ITEM else f"{self.kind} {self.number}"

    @classmethod
    def read(cls, text: str) -> Self:
        """`12`, `item 12`, `payment 5`, `payment-5`. `ValueError` for anything else."""
        found = _LABEL.fullmatch(text.strip().lower())
        if found is None or (found[1] or Kind.ITEM) not in set(Kind):
            raise ValueError("an item such as 12, or payment 5, deposit 7, concern 3")
        return cls(Kind(found[1] or Kind.ITEM), int(found[2]))


@dataclass(frozen=True, kw_only=True)
class Terms:
    """What goes with a decision: each of the decisions takes its own, and no other.

    `values` are the corrected ones by the title of their field, each with what stood there before.
    """

    amount: Decimal | None = None
    code: str = ""
    until: date | None = None
    team: str = ""
    assignee: str = ""
    other: About | None = None
    note: str = field(default="", repr=False)
    values: Mapping[str, tuple[str, str]] = field(default_factory=dict, repr=False)


_TAKES: Mapping[Decision, frozenset[str]] = {
    Decision.SEND_BACK: frozenset(),
    Decision.CORRECTED: frozenset({"values"}),
    Decision.RESOLVED: frozenset(),
    Decision.WRITE_OFF: frozenset({"amount", "code"}),
    Decision.PEND: frozenset({"until"}),
    Decision.DUPLICATE: frozenset({"other"}),
    Decision.ASSIGN: frozenset({"assignee"}),
    Decision.NOT_MINE: frozenset({"team"}),
}
NAMES: Mapping[str, str] = {
    "amount": "an amount",
    "code": "an adjustment code",
    "until": "a date",
    "other": "the item that it duplicates",
    "assignee": "a person",
    "team": "a team",
    "values": "corrected values",
}
"""What goes with a decision, in words."""


def takes(decision: Decision) -> frozenset[str]:
    """The terms that a decision needs; all of them."""
    return _TAKES[decision]


@dataclass(frozen=True, kw_only=True)
class Rules:
    """An office's rules. A write-off above `second_person_above` dollars takes effect when a second person agrees.

    `codes` are the adjustment codes that a write-off may have; none: any.
    """

    second_person_above: Decimal = Decimal(100)
    codes: frozenset[str] = frozenset()

    def needs_second(self, decision: Decision, terms: Terms) -> bool:
        """Whether a second person must agree."""
        return decision is Decision.WRITE_OFF and (terms.amount or 0) > self.second_person_above

    def check(self, decision: Decision, terms: Terms, by: str, today: date) -> None:
        """`DecisionRefused` where the terms do not fit the decision, or are none."""
        given = {name for name in NAMES if getattr(terms, name)}
        if terms.amount is not None:
            given.add("amount")
        _check_given(decision, given)
        if not _PERSON.fullmatch(by.removeprefix("person:")):
            raise DecisionRefused("who decided is needed: a name or initials, at most 40 characters")
        for name in given:
            _CHECKS.get(name, _anything)(self, terms, today)


def _check_given(decision: Decision, given: set[str]) -> None:
    wanted = takes(decision)
    missing = [NAMES[name] for name in NAMES if name in wanted - given]
    if missing:
        raise DecisionRefused(f"`{decision}` needs {' and '.join(missing)}")
    beside = [NAMES[name] for name in NAMES if name in given - wanted]
    if beside:
        raise DecisionRefused(f"`{decision}` takes no {' and no '.join(_bare(one) for one in beside)}")


def _bare(name: str) -> str:
    return re.sub(r"^(an?|the) ", "", name)


def _anything(_rules: Rules, _terms: Terms, _today: date) -> None:
    """Fits."""


def _amount(_rules: Rules, terms: Terms, _today: date) -> None:
    amount = terms.amount
    if amount is None or not amount.is_finite() or amount <= 0 or amount != amount.quantize(_CENT):
        raise DecisionRefused("the amount is not more than 0 and in whole cents")


def _code(rules: Rules, terms: Terms, _today: date) -> None:
    if not _CODE.fullmatch(terms.code):
        raise DecisionRefused("the adjustment code is not one of at most 12 letters, digits and hyphens")
    if rules.codes and terms.code not in rules.codes:
        raise DecisionRefused(
            f"adjustment code {terms.code} is not allowed; allowed: {', '.join(sorted(rules.codes))}"
        )


def _until(_rules: Rules, terms: Terms, today: date) -> None:
    if terms.until is None or not today < terms.until <= today + LONGEST_PEND:
        raise DecisionRefused("the date is not after today and within a year")


def _assignee(_rules: Rules, terms: Terms, _today: date) -> None:
    if not _PERSON.fullmatch(terms.assignee):
        raise DecisionRefused("the person is not a name or initials, at most 40 characters")


def _team(_rules: Rules, terms: Terms, _today: date) -> None:
    if terms.team not in teams():
        raise DecisionRefused(f"there is no such team; teams: {', '.join(teams())}")


_CHECKS = {"amount": _amount, "code": _code, "until": _until, "assignee": _assignee, "team": _team}


def teams() -> tuple[str, ...]:
    """The teams that reasons belong to, in the order of the catalogue."""
    return tuple(dict.fromkeys(text.team for text in catalogue().values()))
