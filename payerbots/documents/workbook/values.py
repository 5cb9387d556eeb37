"""What the cells of a request mean. Every reader raises `Unreadable`, which says what was expected.

A cell is what openpyxl or a CSV reader gives: text, number, date, None, or `NOT_CALCULATED`.
"""

import re
from datetime import date, datetime
from enum import Enum

from payerbots.domain.coverage import Acquisition


class Unreadable(Exception):
    """A cell that holds nothing usable; the message is what was expected, never what was found."""


class Missing(Enum):
    """A cell whose value the workbook does not hold."""

    NOT_CALCULATED = "a formula that was never calculated"


NOT_CALCULATED = Missing.NOT_CALCULATED
SCIENTIFIC = re.compile(r"\d(\.\d+)?E\+\d+", re.IGNORECASE)
_ERRORS = frozenset({"#N/A", "#REF!", "#VALUE!", "#NAME?", "#DIV/0!", "#NULL!", "#NUM!", "#SPILL!", "#CALC!"})
_INVISIBLE = re.compile(r"[\u200b-\u200f\u2060\ufeff\u00ad]")
_DIGITS_KEPT = 10**15
_ACQUISITIONS = {
    Acquisition.PURCHASE: ("", "p", "nu", "new", "purchase", "purchased", "buy", "sale", "no"),
    Acquisition.RENTAL: ("r", "rr", "rent", "rental", "rented", "yes"),
    Acquisition.USED: ("u", "ue", "used"),
}
_PARTICLES = frozenset(
    {"da", "de", "del", "della", "den", "der", "di", "dos", "du", "el", "la", "las", "le", "los", "mac", "mc"}
    | {"san", "st", "st.", "van", "von", "y"}
)


def shown(cell: object) -> str:
    """The cell as a person sees it: no outer or doubled blanks, no `.0`, dates as MM/DD/YYYY."""
    if cell is None:
        return ""
    if isinstance(cell, Missing):
        return cell.value
    if isinstance(cell, datetime | date):
        return f"{cell:%m/%d/%Y}"
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return " ".join(_INVISIBLE.sub("", str(cell)).split())


def text(cell: object) -> str:
    """Free text such as an order number; an error value or an uncalculated formula counts as empty."""
    found = shown(cell)
    return "" if isinstance(cell, Missing) or found in _ERRORS else found


def needed(cell: object, expected: str) -> str:
    """Text that must be there."""
    found = text(cell)
    if isinstance(cell, Missing):
        raise Unreadable(f"{expected} (open the workbook in Excel and save it, so that formulas have values)")
    if not found:
        raise Unreadable(expected)
    return found


def member_id(cell: object) -> str | None:
    """A member ID, untidied; None where the cell is empty."""
    if isinstance(cell, datetime | date):
        raise Unreadable("a member ID as text (Excel has turned it into a date)")
    if isinstance(cell, int | float) and abs(cell) >= _DIGITS_KEPT:
        raise Unreadable("a member ID as text (Excel keeps only 15 digits of a number)")
    found = shown(cell)
    if SCIENTIFIC.fullmatch(found):
        raise Unreadable("a member ID as text, with all its digits")
    if found and not text(cell):
        return needed(cell, "a member ID")
    return found or None


def npi(cell: object) -> str:
    """A National Provider Identifier: ten digits."""
    digits = re.sub(r"[\s-]", "", needed(cell, "an NPI of ten digits"))
    if not re.fullmatch(r"[0-9]{10}", digits):
        raise Unreadable("an NPI of ten digits")
    return digits


def hcpcs(cell: object) -> tuple[str, ...]:
    """HCPCS codes in upper case, each once, in their order."""
    expected = "HCPCS codes such as E0601, A7030"
    codes = [code.upper() for code in re.split(r"[,;/\s]+", needed(cell, expected)) if code]
    if not codes or not all(re.fullmatch(r"[A-Z][0-9]{4}", code) for code in codes):
        raise Unreadable(expected)
    return tuple(dict.fromkeys(codes))


def acquisition(cell: object) -> Acquisition:
    """How the equipment is provided; an empty cell is a purchase."""
    found = text(cell).casefold()
    for kind, words in _ACQUISITIONS.items():
        if found in words:
            return kind
    raise Unreadable("purchase, rental or used")


def person_name(cell: object) -> tuple[str, str]:
    """Last and first name from `LAST, FIRST M` or `First M Last`; a middle initial is left out."""
    expected = "a name such as SMITH, JOHN"
    found = needed(cell, expected)
    last, first = _split_at_comma(found) if "," in found else _split_at_last_word(found)
    first = re.sub(r"(?<=\S)\s+[A-Za-z]\.?$", "", first)
    if not re.search(r"[^\W\d_]", last) or not re.search(r"[^\W\d_]", first):
        raise Unreadable(expected)
    return last, first


def _split_at_comma(name: str) -> tuple[str, str]:
    last, _, first = name.partition(",")
    suffix = re.fullmatch(r"\s*(jr|sr|ii|iii|iv)\.?\s*,(.+)", first, re.IGNORECASE)
    if suffix:
        last, first = f"{last} {suffix[1]}", suffix[2]
    return last.strip(), first.strip(" ,")


def _split_at_last_word(name: str) -> tuple[str, str]:
    words = name.split()
    start = len(words) - 1
    if start > 1 and re.fullmatch(r"(jr|sr|ii|iii|iv)\.?", words[start], re.IGNORECASE):
        start -= 1
    while start > 1 and words[start - 1].casefold() in _PARTICLES:
        start -= 1
    return " ".join(words[start:]), " ".join(words[:start])
