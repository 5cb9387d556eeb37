"""`payerbots evidence ITEM`: the picture or page that was kept of an item, decrypted into a file."""

import os
from pathlib import Path
from typing import Annotated

import typer

from payerbots.cli.ledger import open_ledger, person
from payerbots.cli.options import WorkspaceOption

app = typer.Typer(add_completion=False, rich_markup_mode=None)


@app.command(epilog="Example:  payerbots evidence 1042 --out item-1042.png")
def evidence(
    item: Annotated[int, typer.Argument(help="The item's number, as in the workbooks.")],
    out: Annotated[
        Path, typer.Option("--out", help="Where to put it. It names a person: delete it after use.")
    ],
    kind: Annotated[str, typer.Option(help="picture or page")] = "picture",
    workspace: WorkspaceOption = None,
) -> None:
    """Write the newest picture (or the page's source) of an item into a file. The look is audited."""
    from payerbots.browser.evidence import opened
    from payerbots.errors import ConfigError
    from payerbots.ledger.views import evidence_of

    space, ledger = open_ledger(workspace)
    name = evidence_of(ledger, item, kind, person())
    if name is None:
        raise ConfigError(f"item {item} has no {kind}")
    data = opened(space.keys, space.data / "evidence", name)
    with open(out, "wb", opener=lambda path, flags: os.open(path, flags, 0o600)) as file:
        file.write(data)
    typer.echo(f"{out}: {len(data)} bytes")
