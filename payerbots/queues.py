"""`queues.yaml`: which results go to which queue. Without the file nothing is sent anywhere.

eligibility-results:           # the queue's name
  bot: eligibility
  states: [done, exception]    # which outcomes; parked is possible too
  to: office                   # office: consumers take them here; amqp: the broker of PAYERBOTS_AMQP_URL
  carries: outcome             # outcome: numbers, states, reasons; answer: what the payer said too
  key: eligibility.{state}     # the routing key at the broker
"""

import re
from collections.abc import Mapping
from enum import StrEnum
from pathlib import Path
from typing import Any

from pydantic import Field, field_validator

from payerbots import yamlfile
from payerbots.errors import ConfigError
from payerbots.yamlfile import Strict

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


class Queue(Strict):
    """One queue of results."""

    name: str
    bot: str
    states: tuple[State, ...] = Field((State.DONE, State.EXCEPTION), min_length=1)
    to: Goal
    carries: Carries = Carries.OUTCOME
    key: str = Field("{bot}.{state}", max_length=80)

    @field_validator("key")
    @classmethod
    def _fields(cls, text: str) -> str:
        if re.sub(r"\{(bot|state|portal)\}", "", text).count("{") or not text:
            raise ValueError("a routing key; it may hold {bot}, {state} and {portal}")
        return text

    def routing_key(self, state: str, portal: str) -> str:
        """The routing key of one message."""
        return self.key.format(bot=self.bot, state=state, portal=portal)


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
