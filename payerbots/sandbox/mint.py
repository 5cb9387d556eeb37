"""Identifiers and dates that look right: MBIs, member IDs, NPIs with their check digit, births."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from random import Random

LETTERS = "ACDEFGHJKMNPQRTUVWXY"
DIGITS = "0123456789"
MBI_PATTERN = "CAX9AX9AA99"


def mbi(rng: Random) -> str:
    """Return a Medicare number of 11 characters: `1-9 A X 9 A X 9 A A 9 9`, never S L O I B Z."""
    pools = {"C": "123456789", "A": LETTERS, "X": LETTERS + DIGITS, "9": DIGITS}
    return "".join(rng.choice(pools[place]) for place in MBI_PATTERN)


def is_mbi(text: str) -> bool:
    """Whether the text has the shape of a Medicare number."""
    pools = {"C": "123456789", "A": LETTERS, "X": LETTERS + DIGITS, "9": DIGITS}
    return len(text) == len(MBI_PATTERN) and all(
        char in pools[place] for char, place in zip(text, MBI_PATTERN, strict=True)
    )


def commercial_id(rng: Random) -> str:
    """Nine digits; about half of them with leading zeros."""
    return f"{rng.choice([rng.randrange(100_000, 9_999_999), rng.randrange(100_000_000, 999_999_999)]):09d}"


def npi(rng: Random) -> str:
    """Ten digits with the Luhn check digit over the prefix 80840."""
    body = "1" + "".join(rng.choice(DIGITS) for _ in range(8))
    return body + luhn("80840" + body)


def luhn(body: str) -> str:
    """Return the check digit for a row of digits."""
    total = 0
    for place, char in enumerate(reversed(body)):
        value = int(char) * (2 if place % 2 == 0 else 1)
        total += value - 9 if value > 9 else value  # noqa: PLR2004 - the Luhn rule
    return str(-total % 10)


def tax_id(rng: Random) -> str:
    """Return an employer identification number."""
    return f"81-{rng.randrange(1_000_000, 9_999_999)}"


def birth(rng: Random, today: date, youngest: int, oldest: int) -> date:
    """Return a birth date of somebody between the two ages."""
    return today - timedelta(days=rng.randrange(youngest * 365 + 30, oldest * 365))


def days(rng: Random, today: date, earliest: int, latest: int) -> date:
    """Return a day between so many days from today, both included; negative is the past."""
    return today + timedelta(days=rng.randint(earliest, latest))


def money(rng: Random, lowest: int, highest: int) -> Decimal:
    """Return an amount with cents."""
    return Decimal(rng.randrange(lowest * 100, highest * 100)).scaleb(-2)


def add_months(day: date, months: int) -> date:
    """Return the same day of another month, or the last day of it."""
    count = day.year * 12 + day.month - 1 + months
    first = date(count // 12, count % 12 + 1, 1)
    following = date(count // 12 + (count % 12 == 11), count % 12 + 2 if count % 12 < 11 else 1, 1)  # noqa: PLR2004 - December
    return first + timedelta(days=min(day.day, (following - first).days) - 1)
