"""`payerbots rechecks`: which active orders have to be checked again, as a list for the eligibility bot."""

from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from payerbots.cli.ledger import open_ledger
from payerbots.cli.options import JsonOption, WorkspaceOption, print_json, wants_json

app = typer.Typer(add_completion=False, rich_markup_mode=None)


@app.command(
    epilog="Examples:  payerbots rechecks   |   "
    "payerbots rechecks --orders in/active-orders.xlsx --out in/rechecks.xlsx --day 2027-01-01"
)
def rechecks(
    orders: Annotated[
        Path | None, typer.Option("--orders", help="The list of active orders; else that of rechecks.yaml.")
    ] = None,
    out: Annotated[
        Path | None, typer.Option("--out", help="Write the list for the bot: a folder, or a file .xlsx.")
    ] = None,
    day: Annotated[
        datetime | None, typer.Option("--day", formats=["%Y-%m-%d"], help="As it is due on this day.")
    ] = None,
    workspace: WorkspaceOption = None,
    as_json: JsonOption = False,
) -> None:
    """List the orders to be checked again: before a refill, before a rental month, in the first days of January.

    Each only where its last answer is older than it is valid. Counts are shown, nobody's name. Exit code 1: rows of
    the list cannot be read.
    """
    from collections import Counter

    from payerbots.errors import ConfigError
    from payerbots.operation import rechecks as lists

    space, ledger = open_ledger(workspace)
    settings = lists.load(space.root)
    file = orders or (space.root / settings.orders if settings.orders else None)
    if file is None:
        raise ConfigError(
            f"say where the list of active orders is: --orders FILE, or `orders:` in {lists.FILE}"
        )
    today = day.date() if day else ledger.now().astimezone(space.zone).date()
    listed = lists.due(space, ledger, file, today)
    written = lists.write(listed, out, today) if out and listed.due else None
    counts = Counter(one.why.value for one in listed.due)
    bad = [f"row {one.row}, column {one.column} ({one.header})" for one in listed.sheet.bad]
    if wants_json(as_json):
        told = {"orders": len(listed.sheet.orders), "due": len(listed.due), "by_rule": dict(counts)}
        print_json({**told, "unreadable": bad, "file": str(written) if written else None})
    else:
        typer.echo(f"{len(listed.due)} of {len(listed.sheet.orders)} active orders are to be checked again")
        for why, count in sorted(counts.items()):
            typer.echo(f"  {count} {why}")
        for line in bad:
            typer.echo(f"  cannot be read: {line}")
        if written:
            typer.echo(f"written: {written}")
    raise typer.Exit(1 if bad else 0)
