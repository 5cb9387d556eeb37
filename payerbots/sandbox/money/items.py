"""What the office bills: HCPCS codes with modifiers, units, charges and what payers allow."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Final

from payerbots.sandbox import mint

if TYPE_CHECKING:
    from random import Random

CENT = Decimal("0.01")
FIRST_MONTH, EARLY_MONTHS = 1, 3
CAP = 13


@dataclass(frozen=True, kw_only=True)
class Item:
    """A code: what it is charged, what is usually allowed for one unit, and how many units are billed at once."""

    code: str
    kind: str
    """capped (rented for 13 months), oxygen (rented), bought, supply."""
    charge: str
    allowed: str
    units: tuple[int, ...] = (1,)
    modifiers: tuple[str, ...] = ()


ITEMS: Final = {
    item.code: item
    for item in (
        Item(code="E0601", kind="capped", charge="125.00", allowed="47.06", modifiers=("KX",)),
        Item(code="E0470", kind="capped", charge="310.00", allowed="115.85", modifiers=("KX",)),
        Item(code="E0260", kind="capped", charge="185.00", allowed="71.42", modifiers=("KX",)),
        Item(code="K0001", kind="capped", charge="75.00", allowed="28.31", modifiers=("KX",)),
        Item(code="E0277", kind="capped", charge="980.00", allowed="431.70", modifiers=("KX",)),
        Item(code="E2402", kind="capped", charge="1650.00", allowed="702.15", modifiers=("KX",)),
        Item(code="E0570", kind="capped", charge="22.00", allowed="7.04", modifiers=("KX",)),
        Item(code="E1390", kind="oxygen", charge="260.00", allowed="98.12"),
        Item(code="E0431", kind="oxygen", charge="55.00", allowed="18.06"),
        Item(code="A7030", kind="bought", charge="240.00", allowed="96.42", modifiers=("NU", "KX")),
        Item(code="E0143", kind="bought", charge="148.00", allowed="72.60", modifiers=("NU", "KX")),
        Item(code="L0650", kind="bought", charge="1480.00", allowed="892.36"),
        Item(code="A7037", kind="supply", charge="36.00", allowed="12.44", modifiers=("NU", "KX")),
        Item(
            code="A7038", kind="supply", charge="9.00", allowed="3.12", units=(2, 6), modifiers=("NU", "KX")
        ),
        Item(code="A4253", kind="supply", charge="38.00", allowed="8.32", units=(2, 3, 4), modifiers=("KX",)),
        Item(code="A4351", kind="supply", charge="4.10", allowed="1.62", units=(60, 90, 120)),
        Item(code="B4150", kind="supply", charge="1.85", allowed="0.61", units=(300, 450, 600)),
    )
}
SETS: Final = (
    ("E0601",),
    ("E0601", "A7030", "A7037", "A7038"),
    ("A7030", "A7037", "A7038"),
    ("A7037", "A7038"),
    ("E1390", "E0431"),
    ("E1390",),
    ("E0260",),
    ("K0001",),
    ("K0001", "E0143"),
    ("E0143",),
    ("E0570",),
    ("A4253",),
    ("A4351",),
    ("B4150",),
    ("E0470", "A7030", "A7037"),
)


@dataclass(frozen=True, kw_only=True)
class Service:
    """One line as it was billed, with what this payer allows for all its units."""

    item: Item
    modifiers: tuple[str, ...]
    units: int
    first: date
    last: date
    charge: Decimal
    allowed: Decimal


def serve(rng: Random, code: str, first: date, month: int = 0) -> Service:
    """The item as billed from the day on; `month` is that of a rental, 0 for any."""
    item = ITEMS[code]
    units = rng.choice(item.units)
    factor = Decimal(rng.randint(930, 1070)).scaleb(-3)
    return Service(
        item=item,
        modifiers=_modifiers(item, month or rng.randint(1, CAP - 1)),
        units=units,
        first=first,
        last=_last(item, first),
        charge=cents(Decimal(item.charge) * units),
        allowed=cents(Decimal(item.allowed) * units * factor),
    )


def cents(amount: Decimal) -> Decimal:
    """The amount in whole cents."""
    return amount.quantize(CENT)


def _modifiers(item: Item, month: int) -> tuple[str, ...]:
    if item.kind == "oxygen":
        return ("RR", *item.modifiers)
    if item.kind != "capped":
        return item.modifiers
    part = "KH" if month == FIRST_MONTH else "KI" if month <= EARLY_MONTHS else "KJ"
    return ("RR", part, *item.modifiers)


def _last(item: Item, first: date) -> date:
    return mint.add_months(first, 1) - timedelta(days=1) if item.kind in {"capped", "oxygen"} else first
