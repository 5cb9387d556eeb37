"""`payerbots runs`: what ran."""

from typing import Annotated

import typer

from payerbots.cli.ledger import open_ledger, show_rows
from payerbots.cli.options import JsonOption, WorkspaceOption, print_json, wants_json

app = typer.Typer(
    add_completion=False,
    rich_markup_mode=None,
    no_args_is_help=True,
    help="List runs, or show one.",
    epilog="Examples:  payerbots runs list   |   payerbots runs show 12 --json",
)

_COLUMNS = ("id", "bot", "state", "day", "created_at", "finished_at")


@app.command("list")
def list_runs(
    bot: Annotated[str, typer.Option(help="A bot's name.")] = "",
    state: Annotated[str, typer.Option(help="running, done, held, interrupted, failed")] = "",
    limit: Annotated[int, typer.Option(help="How many.")] = 20,
    workspace: WorkspaceOption = None,
    as_json: JsonOption = False,
) -> None:
    """List the latest runs."""
    from payerbots.ledger import lists

    open_ledger(workspace)
    show_rows(lists.runs(limit, bot, state), _COLUMNS, as_json=wants_json(as_json))


@app.command()
def show(
    run: Annotated[int, typer.Argument(help="The run's number.")],
    workspace: WorkspaceOption = None,
    as_json: JsonOption = False,
) -> None:
    """Show a run with the counts of its items by state."""
    from payerbots.errors import ConfigError
    from payerbots.ledger import runs

    _, ledger = open_ledger(workspace)
    if not runs.exists(run):
        raise ConfigError(f"there is no run {run}")
    view = runs.look(ledger, run)
    found = {"id": view.id, "bot": view.bot, "state": view.state, "day": view.day, "items": view.counts}
    if wants_json(as_json):
        print_json(found)
        return
    typer.echo(f"run {view.id}  {view.bot}  {view.state}  {view.day}")
    for state, count in sorted(view.counts.items()):
        typer.echo(f"  {state}  {count}")
