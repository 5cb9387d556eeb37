"""The workspace's ledger, opened for a command, and rows shown as lines or JSON."""

import getpass
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer

from payerbots.cli.options import find_workspace, print_json

if TYPE_CHECKING:
    from payerbots.ledger.records import Ledger
    from payerbots.workspace import Workspace


_opened: "list[Ledger]" = []


def open_ledger(given: Path | None) -> "tuple[Workspace, Ledger]":
    """The workspace and its ledger."""
    space = find_workspace(given)
    space.connect()
    return space, opened(space)


def opened(space: "Workspace") -> "Ledger":
    """The ledger of a workspace that is connected; what the command writes into its audit is sealed at its end."""
    from payerbots.ledger.records import Ledger

    _opened.append(Ledger(space.keys, space.clock))
    return _opened[-1]


def seal() -> None:
    """Seals what the command has written into the audit of the ledgers that it opened."""
    from django.db import DatabaseError

    from payerbots.ledger import seals

    while _opened:
        with suppress(DatabaseError):
            seals.seal(_opened.pop())


def person() -> str:
    """Who is at the terminal, for the audit."""
    return f"person:{getpass.getuser()}"


def show_rows(rows: Sequence[Mapping[str, Any]], columns: Sequence[str], *, as_json: bool) -> None:
    """Rows as one JSON list, or as a line each under their headings."""
    if as_json:
        print_json(list(rows))
        return
    lines = [[str(row[name] if row[name] is not None else "-") for name in columns] for row in rows]
    widths = [max(len(cell) for cell in column) for column in zip(columns, *lines, strict=True)]
    for line in [list(columns), *lines]:
        typer.echo("  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip())
