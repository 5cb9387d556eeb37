"""Options that commands share, and what they stand for."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    from payerbots.workspace import Workspace

WorkspaceOption = Annotated[
    Path | None, typer.Option("--workspace", help="The workspace; default: here, or a folder above.")
]
JsonOption = Annotated[bool, typer.Option("--json", help="Print one JSON object instead of text.")]
BrowserOption = Annotated[Path | None, typer.Option("--browser", help="The browser's executable.")]


Encode = Callable[[Any], str]
"""A value as JSON."""
BEFORE: dict[str, Any] = {}
"""The values of the options that stood before the command."""


def find_workspace(given: Path | None) -> "Workspace":
    """The workspace that the option before or after the command names, or the one here."""
    from payerbots.workspace import Workspace

    before = BEFORE.get("workspace")
    return Workspace.find(given or (Path(before) if before else None))


def wants_json(given: bool) -> bool:
    """Whether `--json` stands before or after the command."""
    return given or bool(BEFORE.get("json"))


def print_json(value: Any) -> None:  # noqa: ANN401 - whatever json can hold
    """One JSON object on standard output."""
    typer.echo(json.dumps(value, indent=1, default=str, ensure_ascii=False))


def say(told: str, value: Any, *, as_json: bool) -> None:  # noqa: ANN401 - as above
    """What a command has done: as a sentence, or as one JSON object."""
    if as_json:
        print_json(value)
    else:
        typer.echo(told)


def keeps_all(evidence: str) -> bool:
    """Whether `--evidence` asks for pictures of what went well too. `ConfigError` for another word."""
    from payerbots.errors import ConfigError

    if evidence not in {"exceptions", "all"}:
        raise ConfigError(f"--evidence: found {evidence!r}, allowed: exceptions, all")
    return evidence == "all"
