"""What the site writes: times, counts, status codes."""

import re
from datetime import UTC, datetime

from payerbots.api import PortalChanged, Said, Screen

_CODE = re.compile(r"(?:line (\d+) )?([A-Z]\d):(\d+)(?::(\w+))?")


def moment(screen: Screen, text: str | None) -> datetime:
    """`11/24/2026 04:05:00 AM EST` → the moment, UTC."""
    wall, _, zone = (text or "").rpartition(" ")
    try:
        at = datetime.strptime(f"{wall} {screen.word('zone', zone)}", "%m/%d/%Y %I:%M:%S %p %z")
    except ValueError:
        raise PortalChanged(screen.at, "a time") from None
    return at.astimezone(UTC)


def count(screen: Screen, text: str | None) -> int:
    """`48 claims` → 48."""
    number = (text or "").split()[:1]
    if not number or not number[0].isdecimal():
        raise PortalChanged(screen.at, "a count")
    return int(number[0])


def codes(screen: Screen, text: str | None) -> tuple[Said, ...]:
    """`A3:247; line 1 A7:453` → what is said of the claim and of its lines."""
    found = [_CODE.fullmatch(part.strip()) for part in (text or "").split(";")]
    said = tuple(
        Said(category=one[2], code=one[3], entity=one[4] or "", line=int(one[1] or 0)) for one in found if one
    )
    if len(said) != len(found):
        raise PortalChanged(screen.at, "status codes")
    return said
