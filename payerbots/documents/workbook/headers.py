"""Which row of a sheet is its header, and which column holds which field of a request."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources

from openpyxl.utils import get_column_letter
from ruamel.yaml import YAML

from payerbots.documents.workbook.values import shown

SEARCHED_ROWS = 30
_ENOUGH = 4
_NEEDED = {
    "payer": "payer",
    "birth_date": "birth date",
    "service_date": "service date",
    "hcpcs": "HCPCS",
    "npi": "NPI",
}


@dataclass(frozen=True, kw_only=True)
class Column:
    """A column of requests: its index from 0 and its header as the person wrote it."""

    index: int
    header: str

    @property
    def letter(self) -> str:
        """The column's letter in the sheet."""
        return get_column_letter(self.index + 1)


@dataclass(frozen=True, kw_only=True)
class Header:
    """A header row: its number from 1, and the column of each field that was recognised."""

    row: int
    columns: Mapping[str, Column]

    @property
    def missing(self) -> tuple[str, ...]:
        """Names of the required columns that are not there."""
        names = [name for field, name in _NEEDED.items() if field not in self.columns]
        if not ({"last_name", "first_name"} <= self.columns.keys() or "patient" in self.columns):
            names.append("patient, or last and first name")
        return tuple(names)


def find_header(rows: Sequence[Sequence[object]]) -> Header | None:
    """The row among the first 30 in which most fields are recognised, at least four; else None."""
    candidates = [_header(number, row) for number, row in enumerate(rows[:SEARCHED_ROWS], start=1)]
    best = max(candidates, key=lambda header: len(header.columns), default=None)
    return best if best and len(best.columns) >= _ENOUGH else None


def _header(number: int, row: Sequence[object]) -> Header:
    ranks: dict[str, int] = {}
    columns: dict[str, Column] = {}
    for index, cell in enumerate(row):
        field, rank = _recognise(shown(cell))
        if field and (field not in ranks or rank < ranks[field]):
            ranks[field] = rank
            columns[field] = Column(index=index, header=shown(cell))
    return Header(row=number, columns=columns)


def _recognise(header: str) -> tuple[str | None, int]:
    names = _names()
    without_brackets = re.sub(r"[(\[].*?[)\]]", "", header)
    return names.get(_key(header)) or names.get(_key(without_brackets)) or (None, 0)


@cache
def _names() -> Mapping[str, tuple[str, int]]:
    """Field and rank of every known header."""
    source = resources.files("payerbots.data").joinpath("request_headers.yaml").read_text(encoding="utf-8")
    fields = YAML(typ="safe").load(source)
    return {
        _key(str(name)): (field, rank) for field, names in fields.items() for rank, name in enumerate(names)
    }


def _key(header: str) -> str:
    return re.sub(r"[\W_]", "", header.replace("#", "no").casefold())
