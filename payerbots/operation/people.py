"""`notices.yaml`: who is told of what, how, and when not. Without the file notices only show in `payerbots watch`.

mail:                          # the server that mails go through
  host: smtp.office.example
  port: 587
  security: starttls           # starttls | tls | none
  sender: payerbots@office.example
  user: payerbots
  from: env                    # where its password is: env | keyring | file
people:
  maria:
    mail: maria@office.example
    least: warning             # nothing that presses less: info | warning | urgent
    quiet: ["Mon-Fri 18:00-07:00", "Sat,Sun 00:00-24:00"]
    despite_quiet: urgent      # what comes all the same
    summary: true              # the summary of each day
  operations:
    channel: env               # Teams, Slack and others: the address is a secret, as apprise writes it
    kinds: [stopped, code]     # only these
gather: 2m                     # what happens within this is told together
at_most_every: 15m             # what is not urgent comes no oftener
summary: {at: "07:30", days: Mon-Fri}
severity: {upkeep: warning}    # kinds that press more or less here than usual
"""

import re
from collections.abc import Mapping
from datetime import datetime, time, timedelta
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Self
from zoneinfo import ZoneInfo, available_timezones

from pydantic import BeforeValidator, Field, field_validator, model_validator

from payerbots import yamlfile
from payerbots.errors import ConfigError
from payerbots.operation.kinds import KINDS, Severity, kind
from payerbots.portals.config import SecretsFrom
from payerbots.portals.durations import duration
from payerbots.portals.hours import Hours, Windows, day_names
from payerbots.yamlfile import Strict, misplaced

FILE = "notices.yaml"
NAME = r"^[a-z][a-z0-9_-]{0,59}$"
Length = Annotated[timedelta, BeforeValidator(duration)]
_ADDRESS = re.compile(r"[^@\s<>,;]+@[^@\s<>,;]+")
_LOCAL = {"127.0.0.1", "localhost", "::1"}
_LONGEST_GATHERED = timedelta(hours=24)


def _address(text: object) -> str:
    if not _ADDRESS.fullmatch(str(text)):
        raise ValueError("a mail address such as maria@office.example")
    return str(text)


Address = Annotated[str, BeforeValidator(_address)]


class Security(StrEnum):
    """How the line to the mail server is secured."""

    STARTTLS = "starttls"
    TLS = "tls"
    NONE = "none"


class MailServer(Strict):
    """The server that mails go through; its password is a secret of `from`."""

    host: str
    port: int = Field(587, ge=1, le=65535)
    security: Security = Security.STARTTLS
    sender: Address
    user: str = ""
    source: SecretsFrom = Field(SecretsFrom.ENV, alias="from")

    @model_validator(mode="after")
    def _no_password_in_clear(self) -> Self:
        if self.user and self.security is Security.NONE and self.host not in _LOCAL:
            raise misplaced("none", "starttls or tls: a password would go in clear", "security")
        return self


class Person(Strict):
    """Who is told: a mailbox, or a channel of many. Names of people at the office, never a patient."""

    name: str = Field(pattern=NAME)
    mail: Address | None = None
    channel: SecretsFrom | None = None
    least: Severity = Severity.WARNING
    kinds: tuple[str, ...] = ()
    portals: tuple[str, ...] = ()
    bots: tuple[str, ...] = ()
    schedules: tuple[str, ...] = ()
    quiet: Windows = ()
    despite_quiet: Severity = Severity.URGENT
    summary: bool = False

    @model_validator(mode="after")
    def _can_be_reached(self) -> Self:
        if (self.mail is None) == (self.channel is None):
            found = "both" if self.mail else "neither"
            raise misplaced(found, "one of mail: ADDRESS, channel: env, keyring or file")
        return self

    @field_validator("kinds")
    @classmethod
    def _known(cls, kinds: tuple[str, ...]) -> tuple[str, ...]:
        return _known_kinds(kinds)


def _known_kinds(kinds: tuple[str, ...]) -> tuple[str, ...]:
    for one in kinds:
        if one not in KINDS:
            raise ValueError(f"kinds {', '.join(KINDS)}")
    return kinds


def clock_time(text: object) -> time:
    """A time of the day: `07:30`."""
    if isinstance(text, time):
        return text
    try:
        return datetime.strptime(str(text), "%H:%M").time()  # noqa: DTZ007 - a wall time has no zone
    except ValueError:
        raise ValueError('a time of day such as "07:30"') from None


ClockTime = Annotated[time, BeforeValidator(clock_time)]


class SummaryTime(Strict):
    """When the summary of the day is made: on the office's wall clock."""

    at: ClockTime = time(7, 30)
    days: Annotated[frozenset[int], BeforeValidator(day_names)] = frozenset(range(7))


class Notices(Strict):
    """All that `notices.yaml` says. `zone` is that of quiet hours and of the summary; the office's by itself."""

    mail: MailServer | None = None
    people: dict[str, Person] = Field(default_factory=dict)
    gather: Length = timedelta(minutes=2)
    at_most_every: Length = timedelta(minutes=15)
    summary: SummaryTime = SummaryTime()
    severity: dict[str, Severity] = Field(default_factory=dict)
    zone: str = ""

    @model_validator(mode="before")
    @classmethod
    def _named(cls, data: object) -> object:
        people = data.get("people") if isinstance(data, Mapping) else None
        if not isinstance(data, Mapping) or not isinstance(people, Mapping):
            return data
        named = {
            name: {**one, "name": name} if isinstance(one, Mapping) else one for name, one in people.items()
        }
        return {**data, "people": named}

    @field_validator("zone")
    @classmethod
    def _known_zone(cls, name: str) -> str:
        if name and name not in available_timezones():
            raise ValueError("a time zone such as America/New_York")
        return name

    @model_validator(mode="after")
    def _fits(self) -> Self:
        for name in self.severity:
            if name not in KINDS:
                raise misplaced(name, ", ".join(KINDS), "severity", name)
        for person in self.people.values():
            if person.mail and self.mail is None:
                raise misplaced(str(person.mail), "a server under mail: first", "people", person.name, "mail")
        if max(self.gather, self.at_most_every) > _LONGEST_GATHERED:
            raise misplaced(str(self.gather), "at most 24h", "gather")
        return self

    def presses(self, name: str) -> Severity:
        """How much notices of a kind press here."""
        return self.severity.get(name, kind(name).severity)


def load(root: Path) -> Notices | None:
    """What a workspace says of notices; None without the file. `ConfigError` names what is wrong, and where."""
    file = root / FILE
    if not file.exists():
        return None
    found = yamlfile.parse(Notices, data := yamlfile.read(file), file)
    if not found.people:
        raise ConfigError("expected people who are told", file=file, line=yamlfile.line_of(data, ["people"]))
    return found


def quiet_until(person: Person, zone: ZoneInfo, now: datetime) -> datetime | None:
    """The end of the quiet hours that hold for a person now; None: none do."""
    if not person.quiet:
        return None
    hours = Hours(zone=zone.key, open=person.quiet)
    return hours.closes(now) if hours.is_open(now) else None
