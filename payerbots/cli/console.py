"""`payerbots console`: serves the web console."""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from typing import TYPE_CHECKING, Annotated

import typer

from payerbots.cli.options import WorkspaceOption, find_workspace

if TYPE_CHECKING:
    from payerbots.workspace import Workspace

app = typer.Typer(add_completion=False, rich_markup_mode=None)


@app.command(epilog="Examples:  payerbots console   |   payerbots console --port 8800")
def console(
    host: Annotated[str, typer.Option("--host", help="Where it listens.")] = "127.0.0.1",
    port: Annotated[int, typer.Option("--port", min=0, max=65535, help="0: a free one.")] = 8700,
    metrics_port: Annotated[
        int,
        typer.Option(
            "--metrics-port", min=0, max=65535, help="Figures for Prometheus on 127.0.0.1; 0: none."
        ),
    ] = 0,
    workspace: WorkspaceOption = None,
) -> None:
    """Serve the console: what runs, what needs a person, and what became of it. Ends with Ctrl-C or SIGTERM.

    Accounts come from `payerbots users add`. On another address than this machine's it is served only behind
    something that ends TLS: PAYERBOTS_CONSOLE_URL says how people call it.
    """
    from payerbots.console import settings

    settings.prepare()
    from payerbots import log
    from payerbots.console import serving

    space = find_workspace(workspace)
    where = settings.address(space.settings.console_url)
    settings.open_office(space, where)

    log.start(space.data / "logs", terminal_level="WARNING")
    with _measured(space, metrics_port):
        serving.serve(host, port, where, on_ready=lambda url: typer.echo(f"console: {url}"))


@contextmanager
def _measured(space: "Workspace", port: int) -> Iterator[None]:
    if not port:
        yield
        return
    from payerbots.ledger.records import Ledger
    from payerbots.operation.metrics import Metrics, look, served

    with served(Metrics(partial(look, Ledger(space.keys), space)), port):
        yield
