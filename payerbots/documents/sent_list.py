"""A list of claims that were sent (CSV), for an office that cannot give its claim files.

Columns by name, in any order: `claim`, `sent`, `payer`, `payer_id`, `charge`, `service_date`. The first two are needed.
Dates are ISO or MM/DD/YYYY.
"""

import csv
import datetime as dt
from collections.abc import Mapping
from contextlib import suppress
from decimal import Decimal, InvalidOperation
from io import StringIO

from payerbots.documents.errors import DocumentError
from payerbots.domain.rejection import SentClaim
from payerbots.domain.texts import us_date

KIND = "sent-list"
_NEEDED = ("claim", "sent")


def is_list(content: bytes) -> bool:
    """Whether a file begins with the names of such a list's columns."""
    head = content[:4096].decode("utf-8-sig", errors="replace").splitlines()[:1]
    names = _names(head[0]) if head else []
    return all(name in names for name in _NEEDED)


def read_sent_list(content: bytes) -> list[SentClaim]:
    """The claims of a list. `DocumentError` names line and column of what cannot be read."""
    rows = csv.DictReader(StringIO(content.decode("utf-8-sig", errors="replace")))
    rows.fieldnames = [_name(name) for name in rows.fieldnames or ()]
    return [_claim(row, rows.line_num) for row in rows if any(row.values())]


def _claim(row: Mapping[str, str | None], line: int) -> SentClaim:
    sent = _day(row, "sent", line)
    control = _text(row, "claim")
    if not control or sent is None:
        raise DocumentError(f"line {line}: claim and sent are needed")
    return SentClaim(
        control=control,
        payer=_text(row, "payer"),
        payer_id=_text(row, "payer_id"),
        sent=sent,
        charge=_amount(row, line),
        service_date=_day(row, "service_date", line),
    )


def _text(row: Mapping[str, str | None], name: str) -> str:
    return (row.get(name) or "").strip()


def _day(row: Mapping[str, str | None], name: str, line: int) -> dt.date | None:
    text = _text(row, name)
    for read in (dt.date.fromisoformat, us_date):
        with suppress(ValueError):
            return read(text) if text else None
    raise DocumentError(f"line {line}, {name}: expected a date such as 2026-03-31")


def _amount(row: Mapping[str, str | None], line: int) -> Decimal | None:
    text = _text(row, "charge").replace("$", "").replace(",", "")
    try:
        return Decimal(text) if text else None
    except InvalidOperation:
        raise DocumentError(f"line {line}, charge: expected an amount such as 118.40") from None


def _names(line: str) -> list[str]:
    return [_name(name) for name in next(csv.reader([line]), [])]


def _name(name: str) -> str:
    return name.strip().casefold().replace(" ", "_")
