"""`payerbots demo`: the bots against practice portals, with nothing of the office touched."""

from pathlib import Path
from typing import Annotated

import typer

from payerbots.cli.options import (
    BrowserOption,
    JsonOption,
    WorkspaceOption,
    find_workspace,
    keeps_all,
    wants_json,
)

app = typer.Typer(add_completion=False, rich_markup_mode=None)


@app.command(epilog="Examples:  payerbots demo   |   payerbots demo --seed 2 --out /tmp/demo --json")
def demo(
    seed: Annotated[int, typer.Option(help="Which made-up book of business.")] = 1,
    out: Annotated[Path, typer.Option("--out", help="Where files go.")] = Path("out"),
    bots: Annotated[str, typer.Option(help="Which bots, with commas between.")] = "eligibility",
    fault: Annotated[
        list[str] | None, typer.Option("--fault", help="NAME=VALUE for the practice portal.")
    ] = None,
    evidence: Annotated[str, typer.Option("--evidence", help="exceptions or all")] = "exceptions",
    browser: BrowserOption = None,
    workspace: WorkspaceOption = None,
    as_json: JsonOption = False,
) -> None:
    """Start a practice portal, run the bots over a sample workbook of 40 requests, and show what comes out.

    Ledger and evidence lie in OUT/.demo-SEED; run again, it goes on there and adds nothing twice.
    """
    from payerbots.cli.practice import run_demo
    from payerbots.errors import ConfigError

    chosen = [name.strip() for name in bots.split(",")]
    if chosen != ["eligibility"]:
        raise ConfigError(f"--bots: found {bots!r}, allowed: eligibility")
    run_demo(
        find_workspace(workspace),
        seed=seed,
        out=out.resolve(),
        faults=fault or [],
        keep_all_evidence=keeps_all(evidence),
        browser=browser,
        as_json=wants_json(as_json),
    )
