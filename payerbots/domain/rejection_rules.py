"""`rules/rejections.yaml`: what is done about a rejection, by category, code and entity. A biller can read it."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Self

from pydantic import BeforeValidator, Field, model_validator

from payerbots import yamlfile
from payerbots.domain.rejection import Said
from payerbots.reasons import Reason, text_of

FILE = "rules/rejections.yaml"
ANY = "*"
_PART = r"[A-Z0-9]{1,3}|[A-Z0-9]{0,2}\*"
_PATTERN = re.compile(
    rf"(?P<category>(?:{_PART})(?:/(?:{_PART}))*):(?P<code>\d{{1,4}}|[A-Z]\d{{0,3}}|\*)(?::(?P<entity>[A-Z0-9]{{2}}|\*))?"
)
_CODE = re.compile(r"([A-Z0-9]{2,3}):([A-Z0-9]{1,4})(?::([A-Z0-9]{1,3}))?")
_NEVER_SENT = frozenset({Reason.REJ_DUPLICATE, Reason.REJ_FILE, Reason.REJ_THIRD_TIME})


class Correction(StrEnum):
    """What the bot can correct."""

    MODIFIER = "duplicate-modifier"
    CERTIFICATE = "drop-certificate"
    MEMBER_ID = "member-id"
    ZIP = "complete-zip"
    PAYER_ID = "payer-id"


class Proof(StrEnum):
    """What shows that a correction is right."""

    CLAIM = "claim"
    PAYERS = "payers"
    ELIGIBILITY = "eligibility"
    ADDRESSES = "addresses"


PROOFS = {
    Correction.MODIFIER: Proof.CLAIM,
    Correction.CERTIFICATE: Proof.PAYERS,
    Correction.MEMBER_ID: Proof.ELIGIBILITY,
    Correction.ZIP: Proof.ADDRESSES,
    Correction.PAYER_ID: Proof.PAYERS,
}
"""The proof that a correction needs: the claim itself, the table of payers, an eligibility answer, our addresses."""


class Mode(StrEnum):
    """Whether the bot sends what it can prove, or only says what it would send."""

    SUGGEST = "suggest"
    CORRECT = "correct"


@dataclass(frozen=True)
class Pattern:
    """What a rule is about: `A7:164:IL`, with `*` for anything and `/` between categories."""

    categories: tuple[str, ...]
    code: str
    entity: str

    @classmethod
    def read(cls, text: object) -> "Pattern":
        """A pattern as it is written."""
        if isinstance(text, Pattern):
            return text
        found = _PATTERN.fullmatch(str(text).strip().upper())
        if found is None:
            raise ValueError("CATEGORY:CODE:ENTITY such as A7:164:IL, A3/A7:33 or A*:54:*")
        return cls(tuple(found["category"].split("/")), found["code"], found["entity"] or ANY)

    def fits(self, said: Said) -> bool:
        """Whether it is about this status."""
        return (
            any(_fits(one, said.category) for one in self.categories)
            and self.code in {ANY, said.code}
            and self.entity in {ANY, said.entity}
        )

    @property
    def exactness(self) -> tuple[bool, bool, bool]:
        """What counts when several fit: a code, then an entity, then a category that is written out."""
        written_out = all(ANY not in one for one in self.categories)
        return self.code != ANY, self.entity != ANY, written_out

    def __str__(self) -> str:
        return f"{'/'.join(self.categories)}:{self.code}:{self.entity}"


def _fits(pattern: str, text: str) -> bool:
    return text.startswith(pattern[:-1]) if pattern.endswith(ANY) else text == pattern


class Rule(yamlfile.Strict):
    """One rule. `reason` gives the team, unless `team` says otherwise; without `correct` a person does it."""

    when: tuple[Annotated[Pattern, BeforeValidator(Pattern.read)], ...] = Field(min_length=1)
    means: str = Field(min_length=1, max_length=200)
    do: str = Field(min_length=1, max_length=200)
    reason: Reason
    team: str = Field("", max_length=30)
    correct: Correction | None = None
    proof: Proof | None = None
    mode: Mode = Mode.SUGGEST
    beside: bool = False
    """Whether it says nothing by itself: another code beside it counts."""

    @model_validator(mode="after")
    def _correctable(self) -> Self:
        if self.correct is None:
            given = next((name for name in ("proof", "mode") if name in self.model_fields_set), None)
            if given == "proof" or self.mode is Mode.CORRECT:
                raise yamlfile.misplaced(getattr(self, str(given)), "only beside `correct`", str(given))
            return self
        if self.reason in _NEVER_SENT:
            raise yamlfile.misplaced(
                self.correct.value, f"nothing: {self.reason} is never sent again", "correct"
            )
        if self.proof is not PROOFS[self.correct]:
            found = self.proof.value if self.proof else "none"
            raise yamlfile.misplaced(found, f"`{PROOFS[self.correct]}` for {self.correct}", "proof")
        return self

    @property
    def team_name(self) -> str:
        """Who works it."""
        return self.team or text_of(self.reason).team


class _File(yamlfile.Strict):
    rules: dict[str, Rule] = Field(min_length=1)

    @model_validator(mode="after")
    def _each_pattern_once(self) -> Self:
        seen: dict[tuple[str, str, str], str] = {}
        for name, rule in self.rules.items():
            for place, pattern in enumerate(rule.when):
                for category in pattern.categories:
                    key = (category, pattern.code, pattern.entity)
                    if key in seen:
                        raise yamlfile.misplaced(
                            str(pattern),
                            f"a pattern that {seen[key]} does not have",
                            "rules",
                            name,
                            "when",
                            place,
                        )
                    seen[key] = name
        return self


@dataclass(frozen=True, kw_only=True)
class Found:
    """The rule for one status, and the pattern that fits; `known` is False where there is none."""

    said: Said
    name: str
    rule: Rule
    pattern: Pattern | None

    @property
    def known(self) -> bool:
        """Whether a rule of the file fits."""
        return self.pattern is not None


UNKNOWN = Rule(
    when=(Pattern((ANY,), ANY, ANY),),
    means=text_of(Reason.REJ_UNKNOWN).means,
    do=text_of(Reason.REJ_UNKNOWN).advice,
    reason=Reason.REJ_UNKNOWN,
)
"""What holds where no rule fits."""


@dataclass(frozen=True)
class RejectionRules:
    """The rules by name, in the order of the file."""

    rules: Mapping[str, Rule]

    def fitting(self, said: Said) -> list[Found]:
        """Every rule that fits a status, the most exact first; of equals the first in the file."""
        found = [
            Found(said=said, name=name, rule=rule, pattern=pattern)
            for name, rule in self.rules.items()
            for pattern in rule.when
            if pattern.fits(said)
        ]
        return sorted(found, key=_exactness, reverse=True)

    def find(self, said: Said) -> Found:
        """The rule for a status."""
        found = self.fitting(said)
        return found[0] if found else Found(said=said, name="", rule=UNKNOWN, pattern=None)

    def find_all(self, codes: Iterable[Said]) -> list[Found]:
        """The rules for the statuses of one rejection, in the order of the file, unknown ones last.

        What says nothing by itself is left out where there is something else.
        """
        places = {name: place for place, name in enumerate(self.rules)}
        found = [self.find(said) for said in codes]
        counting = [one for one in found if not one.rule.beside] or found
        return sorted(counting, key=lambda one: places.get(one.name, len(places)))


def _exactness(found: Found) -> tuple[bool, bool, bool]:
    return found.pattern.exactness if found.pattern else (False, False, False)


def load(path: Path) -> RejectionRules:
    """The rules of a workspace. `ConfigError` names file, line, key, what was found and what is allowed."""
    data = yamlfile.read(path)
    return RejectionRules(yamlfile.parse(_File, data, path).rules)


def status(text: str) -> Said | None:
    """A status as a person writes it: `A7:164:IL`, the entity may be left out. None for anything else."""
    found = _CODE.fullmatch(text.strip().upper())
    return Said(category=found[1], code=found[2], entity=found[3] or "") if found else None


def shadowed(rules: RejectionRules) -> Iterator[tuple[str, Pattern, str]]:
    """Patterns that are never reached: name, pattern, and the rule that stands before it and takes all of it."""
    before: list[tuple[str, Pattern]] = []
    for name, rule in rules.rules.items():
        for pattern in rule.when:
            hiding = (other for other, earlier in before if _hides(earlier, pattern) and other != name)
            if (first := next(hiding, None)) is not None:
                yield name, pattern, first
            before.append((name, pattern))


def _hides(one: Pattern, other: Pattern) -> bool:
    """Whether `one`, which stands first, takes every status that `other` fits."""
    categories = all(any(_covers(mine, its) for mine in one.categories) for its in other.categories)
    codes = one.code in {ANY, other.code} and one.entity in {ANY, other.entity}
    return categories and codes and one.exactness >= other.exactness


def _covers(one: str, other: str) -> bool:
    """Whether a category pattern fits all that another one fits."""
    if ANY not in one:
        return one == other
    return other.rstrip(ANY).startswith(one[:-1])
