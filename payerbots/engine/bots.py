"""A bot of the workspace by its name."""

from typing import Any

from payerbots.engine.contract import Bot
from payerbots.errors import ConfigError
from payerbots.workspace import Workspace

AnyBot = Bot[Any, Any, Any, Any]


def load(workspace: Workspace, name: str) -> AnyBot:
    """The bot in `bots/<name>.py`. `ConfigError` says which there are."""
    known = workspace.bot_names()
    if name not in known:
        raise ConfigError(f"no bot {name!r}; bots/ has: {', '.join(known) or 'none'}")
    module = workspace.module(f"bots.{name}")
    for value in vars(module).values():
        if isinstance(value, type) and issubclass(value, Bot) and getattr(value, "name", None) == name:
            return value()
    raise ConfigError(f"bots/{name}.py has no Bot whose name is {name!r}")
