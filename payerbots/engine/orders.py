"""What is ordered of a bot, and the run that follows from it: for the CLI, the demo and the schedule alike."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from payerbots.engine import bots
from payerbots.engine.bots import AnyBot
from payerbots.engine.usable import able, capabilities, usable
from payerbots.errors import ConfigError
from payerbots.ledger import runs
from payerbots.portals.config import Portal
from payerbots.workspace import Workspace


@dataclass(frozen=True, kw_only=True)
class Order:
    """What to run: a bot on portals (all, when none are named), with its input and where files go."""

    bot: str
    portals: Sequence[str] = ()
    input: Path | None = None
    out: Path = Path("out")
    keep_all_evidence: bool = False
    browser: Path | None = None
    priority: int = 0
    dry_run: bool = False
    """Nothing irreversible is done; what would be is delivered."""
    patience: timedelta = timedelta(minutes=20)
    """How long a run waits for a paused portal before it delivers without it."""
    due: datetime | None = None
    """When its items are wanted, where a list does not say so itself."""
    messages: Sequence[int] = ()
    """Numbers of messages of an office queue that it takes in."""
    actor: str = "cli"


@dataclass(frozen=True)
class Prepared:
    """An order that can be carried out: its bot, where, and the run to be."""

    bot: AnyBot
    portals: Sequence[Portal]
    start: runs.Start


def prepare(workspace: Workspace, order: Order) -> Prepared:
    """The run that an order asks for, not started yet. `ConfigError` when it cannot be: bot, portal or permission."""
    bot, day = bots.load(workspace, order.bot), workspace.today
    portals = able(workspace, usable(workspace, order.portals, day), bot, named=bool(order.portals))
    start = runs.Start(
        bot=bot.name,
        day=day,
        options=_options(order),
        portals=_collected_at(bot, order, portals),
        actor=order.actor,
        priority=order.priority,
    )
    return Prepared(bot, portals, start)


def _options(order: Order) -> bytes:
    told: dict[str, object] = {"input": str(order.input) if order.input else None, "out": str(order.out)}
    if order.dry_run:
        told["dry_run"] = True
    if order.priority:
        told["priority"] = order.priority
    if order.due is not None:
        told["due"] = order.due.isoformat()
    if order.messages:
        told["messages"] = list(order.messages)
    return json.dumps(told).encode()


def _collected_at(bot: AnyBot, order: Order, portals: Sequence[Portal]) -> list[str]:
    """The portals at which a run collects; `""`: where none is needed. `ConfigError` when there is nothing to do."""
    if not bot.each_portal:
        return [""]
    places = [portal.name for portal in portals]
    if bot.reads_input and order.input is not None:
        places.append("")
    if not places:
        needed = ", ".join(sorted(capabilities(bot)))
        raise ConfigError(f"{bot.name} has nothing to do: no portal of portals.yaml offers {needed}")
    return places
