"""`payerbots run BOT`: one run, now."""

from pathlib import Path
from typing import Annotated

import typer

from payerbots.cli.options import (
    BrowserOption,
    JsonOption,
    WorkspaceOption,
    find_workspace,
    keeps_all,
    print_json,
    wants_json,
)

app = typer.Typer(add_completion=False, rich_markup_mode=None)


@app.command(
    epilog="Examples:  payerbots run eligibility --input in/orders.xlsx   |   "
    "payerbots run eligibility --input in/orders.xlsx --out results --evidence all"
)
def run(
    bot: Annotated[str, typer.Argument(help="The bot's name, as in bots/.")],
    input: Annotated[Path | None, typer.Option("--input", help="The list of requests.")] = None,  # noqa: A002 - the option's name
    out: Annotated[Path, typer.Option("--out", help="Where files go.")] = Path("out"),
    portal: Annotated[
        list[str] | None, typer.Option("--portal", help="Only this portal; may be repeated.")
    ] = None,
    evidence: Annotated[str, typer.Option("--evidence", help="exceptions or all")] = "exceptions",
    priority: Annotated[int, typer.Option("--priority", help="Higher goes first.")] = 0,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Do nothing that cannot be taken back; say what would be done.")
    ] = False,
    leave: Annotated[bool, typer.Option("--leave", help="Start it and leave it to the workers.")] = False,
    browser: BrowserOption = None,
    workspace: WorkspaceOption = None,
    as_json: JsonOption = False,
) -> None:
    """Run one bot now, to the end, and write its files. Workers that share the ledger help.

    Run again on the same day it goes on with what is left: an answered request is not asked again.
    Exit code 1 says that something needs a person.
    """
    from payerbots.cli.running import leave_to_workers, run_bot
    from payerbots.engine.runner import Order

    order = Order(
        bot=bot,
        portals=portal or (),
        input=input.resolve() if input else None,
        out=out.resolve(),
        keep_all_evidence=keeps_all(evidence),
        browser=browser,
        priority=priority,
        dry_run=dry_run,
    )
    if leave:
        number = leave_to_workers(find_workspace(workspace), order)
        shown = {"run": number, "state": "running"}
        print_json(shown) if wants_json(as_json) else typer.echo(f"run {number} is left to the workers")
        return
    report = run_bot(find_workspace(workspace), order, as_json=wants_json(as_json))
    raise typer.Exit(1 if report.needs_a_person else 0)
