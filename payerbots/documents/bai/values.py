"""Numbers and dates of the banks' formats; None where a text is none, never a guess."""

import datetime as dt
import re

# Padded with zeros to any sensible width; more than 18 digits are no money and no count.
_DIGITS = "0{0,40}[0-9]{1,18}"
_WHOLE = re.compile(_DIGITS)
_SIGNED = re.compile(f"[+-]?{_DIGITS}")


def whole(text: str) -> int | None:
    """Digits alone as a number."""
    return int(text) if _WHOLE.fullmatch(text) else None


def signed(text: str) -> int | None:
    """Digits with or without a sign before them: an amount in the smallest unit of its currency."""
    return int(text) if _SIGNED.fullmatch(text) else None


def date_of(text: str, form: str) -> dt.date | None:
    """A date of the form YYMMDD, YYYYMMDD, MMDDYY or MMDDYYYY; two digits of a year are 2000 and after."""
    if len(text) != len(form) or whole(text) is None:
        return None
    year = text[form.index("Y") : form.rindex("Y") + 1]
    month, day = (text[form.index(part) :][:2] for part in ("MM", "DD"))
    try:
        return dt.date(int(year) if "YYYY" in form else 2000 + int(year), int(month), int(day))
    except ValueError:
        return None
