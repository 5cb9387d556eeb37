"""Durations as people write them in YAML."""

import re
from datetime import timedelta

_UNITS = {"ms": 0.001, "s": 1, "m": 60, "h": 3600, "d": 86400}
_LONGEST = 366 * 86400


def seconds(text: object) -> float:
    """`10s`, `5m`, `250ms`, `2h`, `1d` → seconds. `ValueError` for anything else, and for more than 366 days."""
    found = re.fullmatch(r"(\d+(?:\.\d+)?)\s*(ms|s|m|h|d)", str(text).strip())
    value = float(found[1]) * _UNITS[found[2]] if found else None
    if value is None or value > _LONGEST:
        raise ValueError("a duration such as 30s, 5m or 2h, at most 366d")
    return value


def duration(text: object) -> timedelta:
    """The same as a timedelta; one that is a timedelta already stays."""
    return text if isinstance(text, timedelta) else timedelta(seconds=seconds(text))
