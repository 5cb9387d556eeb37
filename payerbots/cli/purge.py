"""`payerbots purge`: deletes what is old enough, by retention rules."""

from typing import Annotated

import typer

from payerbots.cli.ledger import open_ledger, person
from payerbots.cli.options import JsonOption, WorkspaceOption, print_json, wants_json

app = typer.Typer(add_completion=False, rich_markup_mode=None)


@app.command(
    epilog="Examples:  payerbots purge --older-than 120d --dry-run   |   payerbots purge --older-than 1y"
)
def purge(
    older_than: Annotated[str, typer.Option("--older-than", help="An age: 90d, 12w or 6y.")],
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only say what would go.")] = False,
    workspace: WorkspaceOption = None,
    as_json: JsonOption = False,
) -> None:
    """Delete pictures, what was asked and answered, files, handed-on messages, sessions and audit older than an age.

    The rules of retention.yaml keep each kind at least so long (the audit six years, files seven). States, money, dates
    and references stay; what waits for a person is never purged; the audit's chain stays verifiable.
    """
    from payerbots import retention
    from payerbots.errors import ConfigError
    from payerbots.ledger.purge import Purge

    try:
        age = retention.age(older_than)
    except ValueError as error:
        raise ConfigError(f"--older-than: found {older_than!r}, allowed: {error}") from None
    space, ledger = open_ledger(workspace)
    wanted = Purge(ledger, space.data, age, retention.load(space.root), person())
    parts = wanted.planned() if dry_run else wanted.carry_out()
    if wants_json(as_json):
        print_json(
            {
                "dry_run": dry_run,
                "purged": {one.kind: {"count": one.count, "before": one.before} for one in parts},
            }
        )
        return
    word = "would go" if dry_run else "gone"
    for one in parts:
        ruled = "  (kept longer by its rule)" if one.ruled else ""
        typer.echo(f"{one.kind:<9} {one.count:>7} {word}, older than {one.before:%Y-%m-%d}{ruled}")
