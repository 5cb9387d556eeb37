"""Dates as offices write them. US order: month, day, year; what could be read in two ways is not read."""

import re
from collections.abc import Callable
from datetime import date, datetime

from openpyxl.utils.datetime import WINDOWS_EPOCH, from_excel

from payerbots.documents.workbook.values import Missing, Unreadable, needed, shown

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_LAST_SERIAL = 99_999
_OLDEST = 130
_SERVICE_YEARS = 20
BIRTH_EXPECTED = "a date such as 03/14/1948"
SERVICE_EXPECTED = "a date such as 01/02/2026"


def birth_date(cell: object, *, today: date, epoch: datetime = WINDOWS_EPOCH) -> date:
    """A birth date: never in the future, nobody older than 130. `48` is 1948, `19` is 2019."""
    day = _read(cell, BIRTH_EXPECTED, epoch, lambda year: _past_century(year, today))
    if day > today and _two_digits(cell):
        day = _years_before(day, 100)
    if not today.year - _OLDEST <= day.year or day > today:
        raise Unreadable(f"{BIRTH_EXPECTED}, not in the future")
    return day


def service_date(cell: object, *, today: date, epoch: datetime = WINDOWS_EPOCH) -> date:
    """A service date, within 20 years of today: whatever lies beyond is a slip of the keyboard."""
    day = _read(cell, SERVICE_EXPECTED, epoch, lambda year: 2000 + year)
    if abs(day.year - today.year) > _SERVICE_YEARS:
        raise Unreadable(SERVICE_EXPECTED)
    return day


def _past_century(year: int, today: date) -> int:
    return 2000 + year if 2000 + year <= today.year else 1900 + year


def _two_digits(cell: object) -> bool:
    return isinstance(cell, str) and re.search(r"(?<!\d)\d{2}\D*$", _without_time(shown(cell))) is not None


def _years_before(day: date, years: int) -> date:
    try:
        return day.replace(year=day.year - years)
    except ValueError:
        raise Unreadable(BIRTH_EXPECTED) from None


def _read(cell: object, expected: str, epoch: datetime, century: Callable[[int], int]) -> date:
    if isinstance(cell, Missing):
        needed(cell, expected)
    if isinstance(cell, datetime):
        return cell.date()
    if isinstance(cell, date):
        return cell
    try:
        found = _from_number(cell, epoch) if _is_number(cell) else _from_text(shown(cell), epoch, century)
    except (ValueError, OverflowError):
        found = None
    if found is None:
        raise Unreadable(expected)
    return found


def _is_number(cell: object) -> bool:
    return isinstance(cell, int | float) and not isinstance(cell, bool)


def _from_number(cell: object, epoch: datetime) -> date | None:
    number = float(str(cell))
    if 1 <= number <= _LAST_SERIAL:
        return _from_serial(number, epoch)
    return _from_digits(str(int(number))) if number.is_integer() else None


def _from_serial(serial: float, epoch: datetime) -> date | None:
    found = from_excel(int(serial), epoch)
    return found.date() if isinstance(found, datetime) else None


def _from_text(found: str, epoch: datetime, century: Callable[[int], int]) -> date | None:
    plain = _without_time(found)
    if re.fullmatch(r"[0-9]{5}", plain):
        return _from_serial(int(plain), epoch)
    if re.fullmatch(r"[0-9]{7,8}", plain):
        return _from_digits(plain)
    parts = _parts(plain)
    if parts is None:
        return None
    year, month, day = parts
    return date(century(int(year)) if len(year) == len("26") else int(year), month, day)


def _from_digits(digits: str) -> date | None:
    """`20260102`, `01022026`, and `1022026` whose zero a spreadsheet has taken."""
    if re.fullmatch(r"(19|20)[0-9]{6}", digits):
        return date(int(digits[:4]), int(digits[4:6]), int(digits[6:]))
    padded = digits.zfill(8)
    if not re.fullmatch(r"[01][0-9]{3}(19|20)[0-9]{2}", padded):
        return None
    return date(int(padded[4:]), int(padded[:2]), int(padded[2:4]))


def _without_time(found: str) -> str:
    return re.sub(r"[ T]+\d{1,2}:\d{2}(:\d{2}(\.\d+)?)?\s*([AP]\.?M\.?|Z)?$", "", found, flags=re.IGNORECASE)


def _parts(plain: str) -> tuple[str, int, int] | None:
    """Year as written, month and day."""
    if match := re.fullmatch(r"([0-9]{4})([-/])([0-9]{1,2})\2([0-9]{1,2})", plain):
        return match[1], int(match[3]), int(match[4])
    if match := re.fullmatch(r"([0-9]{1,2})\s?([-/])\s?([0-9]{1,2})\s?\2\s?([0-9]{4}|[0-9]{2})", plain):
        return match[4], int(match[1]), int(match[3])
    if match := re.fullmatch(
        r"([A-Za-z]{3,9})\.?[ -]([0-9]{1,2})(?:st|nd|rd|th)?,?[ -]([0-9]{4}|[0-9]{2})", plain
    ):
        return match[3], _month(match[1]), int(match[2])
    if match := re.fullmatch(r"([0-9]{1,2})[ -]([A-Za-z]{3,9})\.?,?[ -]([0-9]{4}|[0-9]{2})", plain):
        return match[3], _month(match[2]), int(match[1])
    return None


def _month(word: str) -> int:
    return _MONTHS.index(word[:3].casefold()) + 1
