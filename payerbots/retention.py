"""`retention.yaml`: how long what is kept is kept at least. Without the file, these rules hold.

evidence: 30d      # pictures and pages of what was asked
answers: 90d       # what was asked and answered
files: 7y          # files as they came from payers and banks (records of Medicare claims: seven years)
messages: 7d       # messages that were handed on
sessions: 1d       # signed-in sessions and one-time codes
notices: 90d       # notices that were sent
audit: 6y          # who did what (45 CFR 164.316(b)(2)(i): six years)
"""

import re
from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path

from payerbots import yamlfile
from payerbots.errors import ConfigError

RULES: Mapping[str, timedelta] = {
    "evidence": timedelta(days=30),
    "answers": timedelta(days=90),
    "files": timedelta(days=7 * 365),
    "messages": timedelta(days=7),
    "sessions": timedelta(days=1),
    "notices": timedelta(days=90),
    "audit": timedelta(days=6 * 365),
}
FILE = "retention.yaml"
_DAYS = {"d": 1, "w": 7, "y": 365}
_LONGEST = 100 * 365


def age(text: object) -> timedelta:
    """`90d`, `6w` or `6y` as a timedelta. `ValueError` for anything else."""
    found = re.fullmatch(r"(\d{1,6})\s*([dwy])", str(text).strip())
    days = int(found[1]) * _DAYS[found[2]] if found else 0
    if found is None or days > _LONGEST:
        raise ValueError("an age in days, weeks or years, such as 90d, 6w or 6y")
    return timedelta(days=days)


def load(root: Path) -> dict[str, timedelta]:
    """The rules of a workspace. `ConfigError` names the line that is wrong."""
    file = root / FILE
    if not file.exists():
        return dict(RULES)
    said = yamlfile.read(file)
    return {**RULES, **{str(kind): _rule(file, said, str(kind)) for kind in said}}


def _rule(file: Path, said: Mapping[str, object], kind: str) -> timedelta:
    line = yamlfile.line_of(said, [kind])
    if kind not in RULES:
        raise ConfigError(f"found {kind!r}, allowed: {', '.join(RULES)}", file=file, line=line, key=kind)
    try:
        return age(said[kind])
    except ValueError as error:
        raise ConfigError(f"found {said[kind]!r}, allowed: {error}", file=file, line=line, key=kind) from None
