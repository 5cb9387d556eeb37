"""What runs out at a portal: passwords, permissions, recertification, logins that are not used."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from payerbots.portals.config import Portal

MARKS = (14, 7, 1)
"""Days before the end at which somebody is told; once more when the day has come."""


class UpkeepKind(StrEnum):
    """What runs out."""

    KEEP_ALIVE = "keep_alive"
    PASSWORD = "password"  # noqa: S105 - what runs out, not one
    RECERTIFY = "recertify"
    AUTOMATION = "automation"


_WORDS = {
    UpkeepKind.KEEP_ALIVE: ("login {login} is locked for want of use", "sign in with it"),
    UpkeepKind.PASSWORD: (
        "the password of login {login} expires",
        "set a new one on the portal and where the login's secrets are kept",
    ),
    UpkeepKind.RECERTIFY: ("the users of this portal must be recertified", "do that on the portal"),
    UpkeepKind.AUTOMATION: ("the permission for robots ends", "have it renewed, and set automation_until"),
}


@dataclass(frozen=True, kw_only=True)
class Upkeep:
    """Something that runs out `on` a day. `mark` is the step of warning: 14, 7, 1 days before, 0 from then on."""

    kind: UpkeepKind
    portal: str
    login: str
    on: date
    days_left: int

    @property
    def mark(self) -> int:
        """The step of warning that has been reached."""
        if self.days_left <= 0:
            return 0
        return min(mark for mark in MARKS if self.days_left <= mark)

    @property
    def text(self) -> str:
        """What runs out and what to do, for an ops admin."""
        what, todo = _WORDS[self.kind]
        left = self.days_left
        when = (
            f"in {left} days" if left > 1 else "tomorrow" if left == 1 else "today" if left == 0 else "over"
        )
        return f"{self.portal}: {what.format(login=self.login)} on {self.on.isoformat()} ({when}): {todo}"


def due(portal: Portal, today: date, last_used: Mapping[str, date]) -> list[Upkeep]:
    """What runs out within 14 days or has run out, soonest first. `last_used`: the day of each login's last sign-in."""
    dates = [
        (UpkeepKind.RECERTIFY, "", portal.recertify_by),
        (UpkeepKind.AUTOMATION, "", portal.automation_until),
    ]
    dates += [(UpkeepKind.PASSWORD, login.name, login.password_expires) for login in portal.credentials]
    if portal.keep_alive_days is not None:
        limit = timedelta(days=portal.keep_alive_days)
        used = [(login.name, last_used.get(login.name)) for login in portal.credentials]
        dates += [(UpkeepKind.KEEP_ALIVE, name, day + limit) for name, day in used if day is not None]
    found = [
        Upkeep(kind=kind, portal=portal.name, login=login, on=on, days_left=(on - today).days)
        for kind, login, on in dates
        if on is not None and (on - today).days <= MARKS[0]
    ]
    return sorted(found, key=lambda one: (one.on, one.kind, one.login))
