"""A shelf of made-up remittances, for a portal that was given none."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from decimal import Decimal
from functools import partial
from random import Random
from typing import TYPE_CHECKING

from payerbots.sandbox import words
from payerbots.sandbox.cascade.book import NAMES
from payerbots.sandbox.cascade.shelf import Remittance, Shelf
from payerbots.sandbox.eob import Adjustment, Check, Claim, Line, draw

if TYPE_CHECKING:
    from datetime import date

COUNT = 180
DAYS = 120
LATE = 3
"""So many of today's documents can be opened only tomorrow."""
CODES = ("E0601", "E1390", "A7030", "A7037", "E0260", "K0001", "A4253", "E0570")
PAYEE, NPI = "LAKESIDE HOME MEDICAL", "1671694135"


@dataclass(frozen=True, kw_only=True)
class _Draft:
    number: str
    method: str
    day: date
    claims: tuple[Claim, ...]

    @property
    def amount(self) -> Decimal:
        return sum((claim.paid for claim in self.claims), Decimal("0.00"))


def shelf(seed: int, today: date) -> Shelf:
    """Remittances of the last months, the same for the same seed and day."""
    rng = Random(seed)
    days = sorted((today - timedelta(days=rng.randint(0, DAYS)) for _ in range(COUNT)), reverse=True)
    late = range(LATE)
    return Shelf(
        remittances=tuple(_remittance(rng, place, day, late=place in late) for place, day in enumerate(days))
    )


def _remittance(rng: Random, place: int, day: date, *, late: bool) -> Remittance:
    claims = tuple(_claim(rng, day) for _ in range(rng.randint(1, 4)))
    method = rng.choice(["ACH", "ACH", "ACH", "CHK"]) if any(claim.paid for claim in claims) else "NON"
    made = _Draft(number=f"{7_204_881 - place * 7}", method=method, day=day, claims=claims)
    posted = datetime.combine(day, time(5, 30), tzinfo=UTC) + timedelta(minutes=COUNT - place)
    trace = "" if method == "NON" else f"{88_000_000 + rng.randrange(900_000)}"
    return Remittance(
        number=made.number,
        trace=trace,
        method=method,
        paid_on=day,
        amount=made.amount,
        claims=len(claims),
        posted_at=posted,
        available_from=posted + timedelta(days=1) if late else None,
        content=partial(_document, made, trace),
    )


def _document(made: _Draft, trace: str) -> bytes:
    check = Check(
        number=trace or made.number,
        date=made.day,
        payer=NAMES[0].upper(),
        payee=PAYEE,
        npi=NPI,
        amount=made.amount,
        method=made.method,
        claims=made.claims,
    )
    return draw("commercial", [check])


def _claim(rng: Random, day: date) -> Claim:
    served = day - timedelta(days=rng.randint(12, 40))
    return Claim(
        last=rng.choice(words.LAST).upper(),
        first=rng.choice(words.WOMEN + words.MEN).upper(),
        member=f"CM{rng.randrange(10_000_000, 99_999_999)}",
        control=f"{rng.randrange(100_000, 999_999)}",
        number=f"C{rng.randrange(10_000_000, 99_999_999)}",
        lines=tuple(_line(rng, served) for _ in range(rng.randint(1, 3))),
    )


def _line(rng: Random, served: date) -> Line:
    charge = Decimal(rng.randrange(2_000, 90_000)).scaleb(-2)
    denied = rng.random() < 0.08  # noqa: PLR2004 - share of denials
    allowed = Decimal("0.00") if denied else (charge * rng.randint(55, 90) / 100).quantize(Decimal("0.01"))
    share = (allowed / 5).quantize(Decimal("0.01"))
    cuts = [Adjustment(group="CO", code="96" if denied else "45", amount=charge - allowed)]
    if share:
        cuts.append(Adjustment(group="PR", code="2", amount=share))
    return Line(
        first=served,
        last=served,
        procedure=rng.choice(CODES),
        charge=charge,
        allowed=allowed,
        paid=allowed - share,
        adjustments=tuple(cuts),
    )
