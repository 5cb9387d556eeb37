"""`review.yaml`: an office's rules for decisions. Without the file, these hold.

second_person_above: 100.00    # a write-off of more dollars needs a second person
codes: [WO1, TIMELY]           # adjustment codes that write-offs may have; left out: any
folder: in/review              # where workbooks come back; `payerbots review watch` takes them in
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from pathlib import Path

from payerbots import yamlfile
from payerbots.domain.review import Rules
from payerbots.errors import ConfigError

FILE = "review.yaml"
_KEYS = ("second_person_above", "codes", "folder")


@dataclass(frozen=True, kw_only=True)
class ReviewSettings:
    """The rules, and the folder in which workbooks come back."""

    rules: Rules = field(default_factory=Rules)
    folder: Path


def load(root: Path) -> ReviewSettings:
    """The settings of a workspace. `ConfigError` names the line that is wrong."""
    file = root / FILE
    if not file.exists():
        return ReviewSettings(folder=root / "in" / "review")
    said = yamlfile.read(file)
    for key in said:
        if key not in _KEYS:
            raise _wrong(file, said, str(key), f"found {key!r}, allowed: {', '.join(_KEYS)}")
    return ReviewSettings(
        rules=Rules(
            second_person_above=_limit(file, said),
            codes=frozenset(_codes(file, said)),
        ),
        folder=root / str(said.get("folder", "in/review")),
    )


def _limit(file: Path, said: Mapping[str, object]) -> Decimal:
    key = "second_person_above"
    if key not in said:
        return Rules().second_person_above
    try:
        found = Decimal(str(said[key]))
    except InvalidOperation:
        found = Decimal(-1)
    if not found.is_finite() or found < 0:
        raise _wrong(file, said, key, f"found {said[key]!r}, allowed: dollars such as 100.00")
    return found


def _codes(file: Path, said: Mapping[str, object]) -> list[str]:
    found = said.get("codes", [])
    if not isinstance(found, list):
        raise _wrong(file, said, "codes", f"found {found!r}, allowed: a list such as [WO1, TIMELY]")
    return [str(code).upper() for code in found]


def _wrong(file: Path, said: Mapping[str, object], key: str, what: str) -> ConfigError:
    return ConfigError(what, file=file, line=yamlfile.line_of(said, [key]), key=key)
