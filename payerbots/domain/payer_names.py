"""Whether two names or ids are one payer: a remittance, an EOB and a bank each name it in their own way."""

import re
from collections.abc import Iterable
from enum import Enum

from payerbots.domain.record import Record

_LEGAL = frozenset({"INC", "LLC", "LLP", "LTD", "CO", "CORP", "COMPANY", "CORPORATION", "INCORPORATED"})
"""Words at the end of a name that do not tell companies apart."""
_FIELD = 16
"""The length of the company's name in an ACH batch header: banks cut longer names there (Nacha record 5, field 3)."""
_EIN = re.compile(r"1(\d{9})")
"""TRN03 is a 1 before the payer's tax id; some banks show it without the 1."""


class PayerAlias(Record, frozen=True, kw_only=True):
    """One payer under several names (on checks, at the bank, in PDFs) and ids (TRN03, the office's own)."""

    names: tuple[str, ...]
    ids: tuple[str, ...] = ()


class Relation(Enum):
    """How two payers stand to each other."""

    SAME = "same"
    UNKNOWN = "unknown"
    """One side names none."""
    DIFFERS = "differs"


class PayerIdentity(Record, frozen=True, kw_only=True):
    """A payer by all that it is known by. Two that share a mark are the same."""

    marks: frozenset[str]
    shortened: frozenset[str] = frozenset()
    """What a bank shows of a name that does not fit into its field."""
    by_id: frozenset[str] = frozenset()
    """The marks that come of its id (TRN03); none where the document has no id."""

    @property
    def known(self) -> bool:
        """Whether anything is known of the payer."""
        return bool(self.marks)


class Payers:
    """Makes identities; `aliases` say what belongs together beyond equal ids and equal names."""

    def __init__(self, aliases: Iterable[PayerAlias] = ()) -> None:
        self._groups: dict[str, str] = {}
        self._made: dict[tuple[str, str], PayerIdentity] = {}
        for place, alias in enumerate(aliases):
            for mark in (*map(_name, alias.names), *map(_id, alias.ids)):
                self._groups[mark] = f"group:{place}"

    def of(self, payer_id: str, name: str) -> PayerIdentity:
        """The identity of a payer by id and name; either may be empty."""
        key = (payer_id, name)
        if key not in self._made:
            self._made[key] = self._make(payer_id, name)
        return self._made[key]

    def _make(self, payer_id: str, name: str) -> PayerIdentity:
        by_id, by_name = self._with_group(_id(payer_id)), self._with_group(_name(name))
        whole = _upper(name)
        cut = {f"name:{_letters(whole[:_FIELD])}"} if len(whole) > _FIELD else set()
        return PayerIdentity(marks=by_id | by_name, shortened=frozenset(cut), by_id=by_id)

    def _with_group(self, mark: str) -> frozenset[str]:
        return frozenset({mark, self._groups.get(mark, mark)} if mark else ())


def same_payer(one: PayerIdentity, other: PayerIdentity) -> Relation:
    """Whether two documents name one payer."""
    if not one.known or not other.known:
        return Relation.UNKNOWN
    return Relation.SAME if one.marks & other.marks else Relation.DIFFERS


def paid_by(payer: PayerIdentity, bank: PayerIdentity, *, strict: bool) -> Relation:
    """Whether money at the bank is a payer's. `strict`: where both give an id, equal names alone are not enough."""
    if not bank.known or not payer.known:
        return Relation.UNKNOWN
    if strict and payer.by_id and bank.by_id:
        return Relation.SAME if payer.by_id & bank.by_id else Relation.DIFFERS
    common = payer.marks & bank.marks or payer.shortened & bank.marks
    return Relation.SAME if common else Relation.DIFFERS


def tidy_number(number: str) -> str:
    """A trace or check number without blanks, hyphens, case and leading zeros; empty when nothing is left."""
    return re.sub(r"[\s-]", "", number).upper().lstrip("0")


def _id(payer_id: str) -> str:
    tidy = re.sub(r"[\W_]", "", payer_id).upper()
    ein = _EIN.fullmatch(tidy)
    return f"id:{ein[1] if ein else tidy}" if tidy else ""


def _name(name: str) -> str:
    letters = _letters(_upper(name))
    return f"name:{letters}" if letters else ""


def _upper(name: str) -> str:
    return re.sub(r"\s+", " ", name).strip().upper()


def _letters(name: str) -> str:
    words = re.findall(r"\w+", name.replace("'", "").replace(".", ""))
    while len(words) > 1 and words[-1] in _LEGAL:
        words.pop()
    return "".join(words)
