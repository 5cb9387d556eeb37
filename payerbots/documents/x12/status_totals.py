"""The totals of a 277CA, proven: claims and dollars accepted and rejected, per provider and for the receiver."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Protocol

from payerbots.documents.x12.values import ZERO
from payerbots.domain.remittance import Balance, Difference
from payerbots.domain.status import ClaimStatus, Standing

ACCEPTED = frozenset({("QTY", "90"), ("QTY", "QA"), ("AMT", "YU")})
REJECTED = frozenset({("QTY", "AA"), ("QTY", "QC"), ("AMT", "YY")})
_NAMES = {"21": "receiver", "19": "provider", "20": "payer"}


class Place(Protocol):
    """A level of the report."""

    @property
    def code(self) -> str:
        """HL03."""

    def above(self, code: str, /) -> "Place | None":
        """The nearest level of this code, from here upwards."""


@dataclass(frozen=True, slots=True)
class Stated:
    """A QTY or AMT of a level above the claims."""

    level: Place
    tag: str
    qualifier: str
    value: Decimal | None


def balance(stated: Sequence[Stated], claims: Sequence[tuple[Place, ClaimStatus]]) -> Balance:
    """What is stated against what the claims below the level come to. `expected` is the claims' sum."""
    found: list[Difference] = []
    unreadable = False
    for total in stated:
        key = (total.tag, total.qualifier)
        if key not in ACCEPTED | REJECTED:
            continue
        if total.value is None:
            unreadable = True
            continue
        below = [claim for level, claim in claims if level.above(total.level.code) is total.level]
        if not below and key in REJECTED:  # a batch that is rejected as a whole lists no claims
            continue
        wanted = _sum(total.tag, [claim for claim in below if _rejected(claim) == (key in REJECTED)])
        if wanted != total.value:
            found.append(_difference(total, wanted, total.value))
    return Balance(ok=not found and not unreadable, differences=tuple(found))


def _rejected(claim: ClaimStatus) -> bool:
    return claim.standing is Standing.REJECTED


def _sum(tag: str, claims: list[ClaimStatus]) -> Decimal:
    return Decimal(len(claims)) if tag == "QTY" else sum((claim.amount or ZERO for claim in claims), ZERO)


def _difference(total: Stated, expected: Decimal, found: Decimal) -> Difference:
    level = _NAMES.get(total.level.code, "level")
    where = f"{level} {total.tag} {total.qualifier}"
    return Difference(level=level, where=where, expected=expected, found=found, difference=found - expected)
