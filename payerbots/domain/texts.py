"""Dates and amounts as American portals write them."""

import re
from datetime import date, datetime
from decimal import Decimal

_AMOUNT = re.compile(r"\(?-?\$?\s?(\d{1,3}(?:,\d{3})*|\d+)(\.\d+)?\)?")


def us_date(text: str | None) -> date | None:
    """`01/31/2026` → the date; None for no text. `ValueError` for anything else."""
    return datetime.strptime(text, "%m/%d/%Y").date() if text else None  # noqa: DTZ007 - a calendar date has no zone


def as_us_date(day: date) -> str:
    """The date as `01/31/2026`."""
    return day.strftime("%m/%d/%Y")


def amount(text: str | None) -> Decimal | None:
    """`$1,500.00`, `20%` or `(12.50)` → the number; None for no text. `ValueError` for anything else."""
    if not text:
        return None
    tidy = text.strip().removesuffix("%").strip()
    found = _AMOUNT.fullmatch(tidy)
    if not found or tidy.startswith("(") != tidy.endswith(")"):
        raise ValueError("not an amount")
    value = Decimal(found[1].replace(",", "") + (found[2] or ""))
    return -value if tidy.startswith(("(", "-")) else value
