"""The office's own list of the claims that it sent: which are ours, whose patient is a QMB, who is billed next."""

import csv
import io
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from importlib import resources
from pathlib import Path

from payerbots import yamlfile
from payerbots.documents.errors import WorkbookUnusable
from payerbots.documents.workbook.sources import decoded

_EXPECTED = "a .csv file with a header and a column for claim numbers"
_YES = frozenset({"y", "yes", "1", "true", "x"})
_DELIMITERS = ",;\t|"


class _Names(yamlfile.Strict):
    control: tuple[str, ...]
    qmb: tuple[str, ...]
    secondary: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class ClaimList:
    """Claims by their control number; a claim stands once however many rows it has."""

    control: frozenset[str] = field(repr=False)
    qmb: frozenset[str] = field(default=frozenset(), repr=False)
    next_payers: Mapping[str, str] = field(default_factory=dict, repr=False)


def read_claim_list(path: Path) -> ClaimList:
    """Reads the file. `WorkbookUnusable` when it is no such list."""
    return _read(path, path.stat().st_mtime_ns if path.is_file() else 0)


@cache
def _read(path: Path, changed: int) -> ClaimList:  # noqa: ARG001 - a list that was changed is read again
    text = decoded(path)
    for delimiter in _DELIMITERS:
        rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter))
        columns = _columns(rows[0]) if rows else {}
        if "control" in columns:
            return _list(rows[1:], columns)
    raise WorkbookUnusable(path, "its first line has no column for claim numbers", _EXPECTED)


def _columns(header: Sequence[str]) -> Mapping[str, int]:
    keys = [_key(cell) for cell in header]
    found = {}
    for name, known in _names().items():
        place = next((keys.index(each) for each in known if each in keys), None)
        if place is not None:
            found[name] = place
    return found


@cache
def _names() -> Mapping[str, tuple[str, ...]]:
    with resources.as_file(resources.files("payerbots.data").joinpath("claim_list_headers.yaml")) as path:
        known = yamlfile.parse(_Names, yamlfile.read(path), path)
    return {name: tuple(map(_key, getattr(known, name))) for name in ("control", "qmb", "secondary")}


def _key(header: str) -> str:
    return re.sub(r"[\W_]", "", header.casefold())


def _list(rows: Sequence[Sequence[str]], columns: Mapping[str, int]) -> ClaimList:
    control, qmb, following = set(), set(), {}
    for row in rows:
        told = {name: row[at].strip() for name, at in columns.items() if at < len(row)}
        number = told.get("control", "")
        if not number:
            continue
        control.add(number)
        if told.get("qmb", "").casefold() in _YES:
            qmb.add(number)
        if told.get("secondary"):
            following[number] = told["secondary"]
    return ClaimList(control=frozenset(control), qmb=frozenset(qmb), next_payers=following)
