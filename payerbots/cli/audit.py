"""`payerbots audit`: proves that nobody changed or removed what was written of who did what."""

from typing import Annotated

import typer

from payerbots.cli.ledger import open_ledger
from payerbots.cli.options import JsonOption, WorkspaceOption, print_json, wants_json

app = typer.Typer(
    add_completion=False,
    rich_markup_mode=None,
    no_args_is_help=True,
    help="Who did what, in a chain of seals that shows every change.",
    epilog="Examples:  payerbots audit verify   |   payerbots audit verify --head 1042:9f2c…",
)


@app.callback()
def audit() -> None:
    """Who did what, in a chain of seals that shows every change."""


@app.command()
def verify(
    head: Annotated[
        str, typer.Option("--head", help="A head noted before; proves that nothing since then was cut off.")
    ] = "",
    workspace: WorkspaceOption = None,
    as_json: JsonOption = False,
) -> None:
    """Go along the whole chain: changed, removed and slipped-in rows, and rows unsealed for over a minute.

    Exit code 1 says that something is wrong. Note the head it prints elsewhere, and give it the next time.
    """
    from payerbots.ledger import seals

    _, ledger = open_ledger(workspace)
    found = seals.verify(ledger, head)
    if wants_json(as_json):
        print_json({"whole": found.whole, **vars(found)})
    else:
        for problem in found.problems:
            typer.echo(f"WRONG  {problem}")
        purged = f", {found.purged} of them purged" if found.purged else ""
        state = "whole" if found.whole else "BROKEN"
        typer.echo(
            f"the chain is {state}: {found.links} links{purged}; {found.unsealed} rows wait for their seal"
        )
        if found.head:
            typer.echo(f"head: {found.head}")
    raise typer.Exit(0 if found.whole else 1)
