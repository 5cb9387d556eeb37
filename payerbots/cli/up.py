"""`payerbots up`: scheduler, workers, notices and console on this machine, kept up."""

from typing import Annotated

import typer

from payerbots.cli.options import WorkspaceOption, find_workspace

app = typer.Typer(add_completion=False, rich_markup_mode=None)


@app.command(
    epilog="Examples:  payerbots up   |   payerbots up --workers 4 --metrics-port 9464   |   "
    "payerbots up --no-scheduler --no-notices (a machine that only works)"
)
def up(
    workers: Annotated[int, typer.Option("--workers", min=0, max=64, help="How many workers.")] = 1,
    concurrency: Annotated[
        int, typer.Option("--concurrency", min=1, max=64, help="Items at once, each.")
    ] = 2,
    metrics_port: Annotated[
        int,
        typer.Option(
            "--metrics-port",
            min=0,
            max=65000,
            help="The first worker's port for Prometheus, the next the next's, the console's last; 0: none.",
        ),
    ] = 0,
    scheduler: Annotated[bool, typer.Option(help="Start runs as schedules.yaml says.")] = True,
    notices: Annotated[bool, typer.Option(help="Tell people as notices.yaml says.")] = True,
    console: Annotated[bool, typer.Option(help="Serve the console.")] = True,
    console_port: Annotated[
        int,
        typer.Option("--console-port", min=0, max=65535, help="Where the console listens; 0: a free one."),
    ] = 8700,
    workspace: WorkspaceOption = None,
) -> None:
    """Keep everything up that a machine needs: what ends begins anew, after a while that grows.

    Ctrl-C or SIGTERM ends it when what is at hand is done; a second time at once. Several machines may do so on
    one PostgreSQL: one scheduler leads, the others stand by.
    """
    from payerbots.cli.uprunning import Wanted, programs, run

    space = find_workspace(workspace)
    wanted = Wanted(workers, concurrency, metrics_port, scheduler, notices, console_port if console else None)
    raise typer.Exit(run(space, programs(wanted)))
