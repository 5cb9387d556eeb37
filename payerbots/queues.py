"""`queues.yaml`: which results and events go to which queue. Without the file nothing is sent anywhere.

eligibility-results:           # the queue's name
  bot: eligibility
  states: [done, exception]    # which outcomes; parked is possible too
  to: office                   # office: consumers take them here; amqp: the broker of PAYERBOTS_AMQP_URL
  carries: outcome             # outcome: numbers, states, reasons; answer: what the payer said too
  key: eligibility.{state}     # the routing key at the broker
ready-to-post:
  events: [payment.ready]      # instead of bot and states: what bots conclude, each once
  to: office
"""

import re
from collections.abc import Mapping
from enum import StrEnum
from pathlib import Path
from typing import Any, Self

from pydantic import Field, model_validator

from payerbots import yamlfile
from payerbots.domain.conclusions import EventName
from payerbots.errors import ConfigError
from payerbots.yamlfile import Strict, misplaced

FILE = "queues.yaml"


class Goal(StrEnum):
    """Where a queue is."""

    OFFICE = "office"
    AMQP = "amqp"


class Carries(StrEnum):
    """What a message holds: only that and how an item ended, or the answer too, which names a person."""

    OUTCOME = "outcome"
    ANSWER = "answer"


class State(StrEnum):
    """The outcomes that can be sent."""

    DONE = "done"
    EXCEPTION = "exception"
    PARKED = "parked"


_OF_OUTCOMES, _OF_EVENTS = ("bot", "state", "portal"), ("event", "portal")


class Queue(Strict):
    """One queue: of a bot's outcomes, or of events."""

    name: str
    bot: str = ""
    states: tuple[State, ...] = Field((State.DONE, State.EXCEPTION), min_length=1)
    events: tuple[EventName, ...] = ()
    to: Goal
    carries: Carries = Carries.OUTCOME
    key: str = Field("", max_length=80)
    """Empty: `{bot}.{state}`, of events `{event}`."""

    @model_validator(mode="after")
    def _of_one_kind(self) -> Self:
        given = self.model_fields_set
        if "events" in given and given & {"bot", "states"}:
            raise misplaced(min(given & {"bot", "states"}), "either bot and states, or events", "events")
        if not self.bot and not self.events:
            where = "events" if "events" in given else "bot"
            raise misplaced("", "a bot, or a list of events instead", where)
        return self

    @model_validator(mode="after")
    def _fields(self) -> Self:
        known = _OF_EVENTS if self.events else _OF_OUTCOMES
        if re.sub(rf"\{{({'|'.join(known)})\}}", "", self.key).count("{"):
            names = ", ".join(f"{{{name}}}" for name in known)
            raise misplaced(self.key, f"a routing key; it may hold {names}", "key")
        return self

    def routing_key(self, state: str, portal: str) -> str:
        """The routing key of an outcome's message."""
        return (self.key or "{bot}.{state}").format(bot=self.bot, state=state, portal=portal)

    def event_key(self, event: str, portal: str) -> str:
        """The routing key of an event's message."""
        return (self.key or "{event}").format(event=event, portal=portal)


def load(root: Path) -> dict[str, Queue]:
    """The queues of a workspace by name. `ConfigError` names file, line and key of what is wrong."""
    file = root / FILE
    if not file.exists():
        return {}
    data = yamlfile.read(file)
    return {str(name): _queue(file, data, str(name), row) for name, row in data.items()}


def _queue(file: Path, data: Mapping[str, Any], name: str, row: object) -> Queue:
    line = yamlfile.line_of(data, [name])
    if not re.fullmatch(r"[a-z][a-z0-9_.-]{0,59}", name):
        raise ConfigError(
            f"found {name!r}, allowed: up to 60 lower-case letters, digits, -, _ and .",
            file=file,
            line=line,
            key=name,
        )
    if not isinstance(row, Mapping):
        raise ConfigError("expected the queue's settings", file=file, line=line, key=name)
    return yamlfile.parse(Queue, {**row, "name": name}, file, root=data, key=[name])
