"""Amounts as four payers print them."""

from decimal import Decimal


def trailing(amount: Decimal) -> str:
    """`1234.56`, `12.00-`, `.00`."""
    text = f"{abs(amount):.2f}"
    shown = text[1:] if text.startswith("0.") else text
    return shown + ("-" if amount < 0 else "")


def dollars(amount: Decimal) -> str:
    """`$1,234.56`, `($12.00)`."""
    text = f"${abs(amount):,.2f}"
    return f"({text})" if amount < 0 else text


def brackets(amount: Decimal) -> str:
    """`1,234.56`, `(12.00)`."""
    text = f"{abs(amount):,.2f}"
    return f"({text})" if amount < 0 else text


def leading(amount: Decimal) -> str:
    """`1234.56`, `-12.00`."""
    return f"{amount:.2f}"


def or_blank(shown: str, amount: Decimal) -> str:
    """The text, or nothing when the amount is zero."""
    return shown if amount else ""
