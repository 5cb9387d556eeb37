"""`payerbots portals`: how portals stand, and resuming one that was stopped."""

import typer

from payerbots.cli.ledger import open_ledger, person
from payerbots.cli.options import JsonOption, WorkspaceOption, print_json, wants_json

app = typer.Typer(
    add_completion=False,
    rich_markup_mode=None,
    no_args_is_help=True,
    help="See how portals stand; resume one that was stopped.",
    epilog="Examples:  payerbots portals status   |   payerbots portals resume summit_health",
)


@app.command()
def status(workspace: WorkspaceOption = None, as_json: JsonOption = False) -> None:
    """Show for each portal whether it is open, paused or stopped, and why."""
    from payerbots.ledger import portals as standings
    from payerbots.reasons import Reason, text_of

    space, ledger = open_ledger(workspace)
    found = [standings.standing(ledger, name) for name in space.portals]
    if wants_json(as_json):
        print_json(
            {one.portal: {"state": one.state, "reason": one.reason, "until": one.until} for one in found}
        )
        return
    for one in found:
        advice = f": {one.reason}. {text_of(Reason(one.reason)).advice}" if one.reason else ""
        typer.echo(f"{one.portal}  {one.state}{advice}")


@app.command()
def resume(name: str, workspace: WorkspaceOption = None) -> None:
    """Open a stopped portal again, after the cause was removed: a new password set, a page signed."""
    from payerbots.ledger import portals as standings

    space, ledger = open_ledger(workspace)
    space.portal(name)
    before = standings.resume(ledger, name, person())
    typer.echo(f"{name} is open again (was {before.state}).")
