"""`payerbots worker`: works on whatever there is, until it is told to stop."""

from typing import Annotated

import typer

from payerbots.cli.options import BrowserOption, WorkspaceOption, find_workspace

app = typer.Typer(add_completion=False, rich_markup_mode=None)


@app.command(
    epilog="Examples:  payerbots worker   |   payerbots worker --concurrency 8 --portals summit_health   |   "
    "kill -TERM PID (to the end of what is at hand; a second time: at once)"
)
def worker(
    concurrency: Annotated[int, typer.Option("--concurrency", min=1, max=64, help="Items at once.")] = 2,
    portals: Annotated[str, typer.Option("--portals", help="Only these, with commas between.")] = "",
    bots: Annotated[str, typer.Option("--bots", help="Only these, with commas between.")] = "",
    recycle_items: Annotated[
        int, typer.Option("--recycle-items", min=1, help="Begin anew after so many attempts.")
    ] = 500,
    recycle_mb: Annotated[
        int, typer.Option("--recycle-mb", min=100, help="Begin anew when the process holds so much memory.")
    ] = 1500,
    metrics_port: Annotated[
        int,
        typer.Option(
            "--metrics-port", min=0, max=65535, help="Figures for Prometheus on 127.0.0.1; 0: none."
        ),
    ] = 0,
    browser: BrowserOption = None,
    workspace: WorkspaceOption = None,
) -> None:
    """Work on the items of all runs, and see runs to their end that nobody sees to.

    Any number of workers may share a ledger: several on one machine, or many machines on one PostgreSQL
    (PAYERBOTS_DATABASE_URL) with one data folder.
    """
    from payerbots import log
    from payerbots.cli.serving import serve
    from payerbots.engine.service import Terms

    space = find_workspace(workspace)
    log.start(space.data / "logs", terminal_level="INFO")
    terms = Terms(
        portals=_names(portals),
        bots=_names(bots),
        places=concurrency,
        most_items=recycle_items,
        most_megabytes=recycle_mb,
    )
    raise typer.Exit(serve(space, terms, browser, metrics_port))


def _names(text: str) -> tuple[str, ...]:
    return tuple(name.strip() for name in text.split(",") if name.strip())
