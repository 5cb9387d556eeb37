"""What the type codes of BAI2 mean, and how many decimals a currency has."""

from functools import cache
from pathlib import Path
from typing import Literal

from payerbots import yamlfile
from payerbots.documents.bai.values import whole

Direction = Literal["credit", "debit", ""]

FILE = Path(__file__).with_name("type_codes.yaml")
# Cash Management Balance Reporting Specifications, version 2, appendix A: the ranges of type codes.
_RANGES: tuple[tuple[int, int, Direction], ...] = (
    (100, 399, "credit"),
    (400, 699, "debit"),
    (920, 959, "credit"),
    (960, 999, "debit"),
)
_USUAL_DECIMALS = 2


class TypeCodes(yamlfile.Strict):
    """`codes`: wording by type code. `decimals`: by currency, of those that have not two."""

    codes: dict[str, str]
    decimals: dict[str, int]


@cache
def _known() -> TypeCodes:
    return yamlfile.parse(TypeCodes, yamlfile.read(FILE), FILE)


def describe(code: str) -> str:
    """The wording of a type code; empty for one that is not listed."""
    return _known().codes.get(code, "")


def direction(code: str) -> Direction:
    """Which way money of this type goes, by the code's range; empty for balances, loans and notices."""
    number = whole(code)
    return next((way for low, high, way in _RANGES if number is not None and low <= number <= high), "")


def decimals_of(currency: str) -> int:
    """How many of an amount's digits stand behind the point, which the file does not write."""
    return _known().decimals.get(currency, _USUAL_DECIMALS)
