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


@app.command(
    epilog="Examples:  payerbots demo   |   payerbots demo --console   |   payerbots demo --seed 2 --json"
)
def demo(
    seed: Annotated[int, typer.Option(help="Which made-up book of business.")] = 1,
    out: Annotated[Path, typer.Option("--out", help="Where files go.")] = Path("out"),
    bots: Annotated[
        str, typer.Option(help="Which bots, with commas between.")
    ] = "eligibility,remittance,lockbox,rejections",
    fault: Annotated[
        list[str] | None, typer.Option("--fault", help="NAME=VALUE of Summit's portal, or SITE.NAME=VALUE.")
    ] = None,
    console: Annotated[
        bool, typer.Option("--console", help="Then serve the console with it, until Ctrl-C.")
    ] = False,
    port: Annotated[
        int, typer.Option("--port", min=0, max=65535, help="The console's port; 0: a free one.")
    ] = 0,
    evidence: Annotated[str, typer.Option("--evidence", help="exceptions or all")] = "exceptions",
    browser: BrowserOption = None,
    workspace: WorkspaceOption = None,
    as_json: JsonOption = False,
) -> None:
    """Start two practice portals, a practice bank and a practice clearinghouse, run the bots there, and show what comes out.

    Eligibility asks both payers about the requests of a sample workbook; remittance and lockbox bring in what was paid
    and match it with the bank; rejections clears the claims that came back. Ledger and evidence lie in OUT/.demo-SEED; run again, it goes on there and adds nothing twice.

    With `--console` the practice sites stay up with a worker and the console, and a link is printed that lets you in
    once as an ops admin: what you send back runs again.
    """
    from payerbots.cli.practice import BOTS, Demo, run_demo
    from payerbots.errors import ConfigError

    chosen = [name.strip() for name in bots.split(",")]
    if not set(chosen) <= set(BOTS):
        raise ConfigError(f"--bots: found {bots!r}, allowed: {', '.join(BOTS)}")
    wanted = Demo(
        seed=seed,
        out=out.resolve(),
        bots=chosen,
        faults=fault or [],
        keep_all_evidence=keeps_all(evidence),
        browser=browser,
        console=port if console else None,
    )
    run_demo(find_workspace(workspace), wanted, as_json=wants_json(as_json))
