"""The lists that ship: `data/*.yaml`, each a mapping from list to code to entry."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Annotated, Literal, NoReturn

from pydantic import Field, TypeAdapter, ValidationError
from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

from payerbots import yamlfile
from payerbots.errors import ConfigError
from payerbots.reasons import Reason

DATA = Path(__file__).with_name("data")
PAIRS = "pairs"
FILES: Mapping[str, str] = {
    "carc": "carc",
    PAIRS: "carc",
    "rarc": "rarc",
    "status": "status",
    "category": "category",
    "plb": "plb",
    "service_type": "service_type",
    "eb": "eb",
    "aaa": "aaa",
    "follow_up": "aaa",
    "entity": "entity",
    **dict.fromkeys(("TA104", "TA105", "IK304", "IK403", "IK501", "IK502", "AK901", "AK905"), "ak"),
}
"""Which file holds which list."""

Words = Annotated[str, Field(min_length=1, max_length=140)]
Stands = Literal[
    "received", "accepted", "not_found", "split", "rejected", "error", "finalized", "pending", "request"
]


class Entry(yamlfile.Strict):
    """What a file says of one code."""

    means: Words
    do: Words
    reason: Reason | None = None
    denial: bool = True
    appeal: bool = True
    stands: Stands | None = None
    wrapper: bool = False


class Pair(yamlfile.Strict):
    """What a CARC says together with a RARC; without `carc` it fits any."""

    carc: str | None = None
    rarc: str
    means: Words
    do: Words
    reason: Reason | None = None


class Pairs(yamlfile.Strict):
    """The section `pairs`."""

    pairs: tuple[Pair, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Lists:
    """One file."""

    pairs: tuple[Pair, ...]
    lists: Mapping[str, Mapping[str, Entry]]


_LISTS = TypeAdapter(dict[str, dict[str, Entry]])


def entries(name: str) -> Mapping[str, Entry]:
    """The shipped entries of one list, by code."""
    return read(DATA / f"{FILES[name]}.yaml").lists[name]


def pairs() -> Sequence[Pair]:
    """The shipped pairs of CARC and RARC, the more particular first."""
    return read(DATA / f"{FILES[PAIRS]}.yaml").pairs


@cache
def read(path: Path) -> Lists:
    """The lists in one file. `ConfigError` names file, line and key of what is wrong in it."""
    try:
        rows = dict(YAML(typ="safe").load(path.read_text(encoding="utf-8")))
        found = Pairs(pairs=rows.pop(PAIRS, ()))
        return Lists(lists=_LISTS.validate_python(rows), pairs=found.pairs)
    except (OSError, UnicodeDecodeError, YAMLError, ValidationError, TypeError, ValueError):
        _explain(path)


def _explain(path: Path) -> NoReturn:
    """Reads the file again, slowly, with line numbers, to say what is wrong."""
    rows = yamlfile.read(path)
    yamlfile.parse(Pairs, {PAIRS: rows.get(PAIRS, ())}, path, root=rows)
    for name, found in rows.items():
        for code, entry in found.items() if isinstance(found, Mapping) else ():
            yamlfile.parse(Entry, entry, path, root=rows, key=(name, code))
    raise ConfigError("expected lists of codes, each with means and do", file=path)
