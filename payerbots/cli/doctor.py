"""`payerbots doctor`: whether this machine and workspace are ready, and what is to be done if not."""

import sys
from collections.abc import Sequence
from functools import cache
from typing import TYPE_CHECKING

import typer

from payerbots.cli import machine
from payerbots.cli.options import (
    BrowserOption,
    JsonOption,
    WorkspaceOption,
    find_workspace,
    print_json,
    wants_json,
)

if TYPE_CHECKING:
    from payerbots.cli.checks import Check
    from payerbots.workspace import Workspace

app = typer.Typer(add_completion=False, rich_markup_mode=None)


@app.command(epilog="Examples:  payerbots doctor   |   payerbots --workspace /srv/office doctor --json")
def doctor(
    workspace: WorkspaceOption = None, browser: BrowserOption = None, as_json: JsonOption = False
) -> None:
    """Check this machine and workspace: each check with ok, or with what to do.

    Names missing variables, never a value. Ends with 0 when all is well, else with 1.
    """
    from payerbots.cli.checks import Subject, run_all

    @cache
    def space() -> "Workspace":
        return find_workspace(workspace)

    subject = Subject(workspace=space, browser=lambda: machine.find_browser(browser))
    raise typer.Exit(report(list(run_all(subject)), as_json=wants_json(as_json)))


def report(checks: Sequence["Check"], *, as_json: bool) -> int:
    """Prints the checks; the exit code."""
    ok = all(check.ok for check in checks)
    if as_json:
        print_json({"ok": ok, "checks": [check._asdict() for check in checks]})
    elif sys.stdout.isatty():
        _table(checks)
    else:
        _lines(checks)
    return 0 if ok else 1


def _lines(checks: Sequence["Check"]) -> None:
    for name, ok, found, do in checks:
        typer.echo(f"{'ok' if ok else 'MEND':<4}  {name:<14}  {found}")
        if do:
            typer.echo(f"{'':22}-> {do}")


def _table(checks: Sequence["Check"]) -> None:
    from rich import box
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    table = Table("", "check", "found", "what to do", box=box.SIMPLE_HEAD)
    for name, ok, found, do in checks:
        state = Text("ok", style="green") if ok else Text("mend", style="bold red")
        table.add_row(state, Text(name), Text(found, overflow="fold"), Text(do, overflow="fold"))
    Console().print(table)
