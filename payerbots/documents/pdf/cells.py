"""Cells of an EOB: a row's words put under the heads of the table, and texts as amounts, dates, codes."""

import re
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal

from payerbots.documents.pdf.rows import Row, Word
from payerbots.documents.pdf.template import Column, Template

_AMOUNT = re.compile(
    r"(?P<minus>-)?(?P<open>\()?\$?(?P<figures>[0-9]{1,3}(?:,[0-9]{3})*|[0-9]{0,12})(?P<cents>\.[0-9]{2})"
    r"(?P<trailing>-)?(?P<close>\))?"
)
REMARK = re.compile(r"\b(?:MA[0-9]{1,3}|M[0-9]{1,3}|N[0-9]{1,4})\b")
REASON = re.compile(r"\b(CO|PR|OA|PI)[ -]?([A-Z]?[0-9]{1,3})\b")
_CODES = re.compile(r"(?:MA[0-9]{1,3}|M[0-9]{1,3}|N[0-9]{1,4}|[A-Z0-9]{2})(?:[ ,;]+(?!$)|$)")
EDGE = 2.0
"""Points by which a value may stand out beyond its head."""


def amount(text: str) -> Decimal | None:
    """1,234.56, $1,234.56, 1234.56-, (1,234.56), -12.00, .00; None for what is no amount."""
    found = _AMOUNT.fullmatch(text.strip().replace("-$", "-"))
    if found is None or (found["open"] is None) != (found["close"] is None):
        return None
    value = Decimal(f"{found['figures'].replace(',', '') or 0}{found['cents']}")
    return -value if found["minus"] or found["trailing"] or found["open"] else value


def runs_on(cells: Mapping[str, str]) -> bool:
    """Whether a row at the top of a page can only go on with the line at the end of the page before.

    Stricter than below a line, for there the page's own heading stands: a reason with its amount, or bare codes.
    """
    holds = set(cells)
    if holds == {"reason", "reduced"}:
        return REASON.fullmatch(cells["reason"]) is not None and amount(cells["reduced"]) is not None
    if holds == {"reason_amount"}:
        reason, _, text = cells["reason_amount"].rpartition(" ")
        return REASON.fullmatch(reason) is not None and amount(text) is not None
    return holds <= {"modifiers", "remarks"} and not any(_CODES.sub("", text) for text in cells.values())


def day(text: str, formats: Sequence[str]) -> date | None:
    """The date in the first format that fits."""
    for each in formats:
        try:
            return datetime.strptime(text.strip(), each).date()  # noqa: DTZ007 - a date, of no zone
        except ValueError:
            continue
    return None


class Heads:
    """Where the table's columns stand on a page, from the row that heads them."""

    def __init__(self, template: Template, row: Row) -> None:
        self._columns = template.columns
        extents = _extents(template.columns, row.words)
        self._limits = [
            _limit(left, right, columns)
            for left, right, columns in zip(
                extents, extents[1:], zip(template.columns, template.columns[1:], strict=False), strict=False
            )
        ]

    def cells(self, row: Row) -> dict[str, str]:
        """The row's texts by what their columns hold."""
        found: dict[str, list[str]] = {}
        for word in row.words:
            middle = (word.left + word.right) / 2
            place = sum(limit <= middle for limit in self._limits)
            found.setdefault(self._columns[place].holds, []).append(word.text)
        return {holds: " ".join(texts) for holds, texts in found.items()}


def _extents(columns: Sequence[Column], words: Sequence[Word]) -> list[tuple[float, float]]:
    extents, place = [], 0
    for column in columns:
        count = len(column.head.split())
        own = words[place : place + count]
        extents.append((own[0].left, own[-1].right))
        place += count
    return extents


def _limit(one: tuple[float, float], other: tuple[float, float], columns: tuple[Column, Column]) -> float:
    """Where one column ends and the next begins: values keep to the edge that they are set to."""
    if columns[0].right and not columns[1].right:
        return (one[1] + other[0]) / 2
    if columns[0].right:
        return one[1] + EDGE
    if not columns[1].right:
        return other[0] - EDGE
    return (one[1] + other[0]) / 2
