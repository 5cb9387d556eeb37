"""`payerbots sandbox`: the practice portal by itself."""

from datetime import datetime
from typing import Annotated

import typer

from payerbots.cli.options import print_json

app = typer.Typer(
    add_completion=False,
    rich_markup_mode=None,
    no_args_is_help=True,
    help="Serve the practice portal Summit Health Plan, or print its right answers.",
    epilog="Examples:  payerbots sandbox serve --seed 1 --port 8080 --fault slow=2   |   "
    "payerbots sandbox answers --seed 1 --json",
)


@app.command()
def serve(
    seed: Annotated[int, typer.Option(help="Which made-up book of business.")] = 1,
    port: Annotated[int, typer.Option(help="0: a free one.")] = 0,
    fault: Annotated[list[str] | None, typer.Option("--fault", help="NAME=VALUE; may be repeated.")] = None,
    latency_ms: Annotated[float, typer.Option("--latency-ms", help="Added to every answer.")] = 0,
) -> None:
    """Serve the practice portal on 127.0.0.1 until Ctrl-C. The first line printed is its address."""
    from payerbots.errors import ConfigError
    from payerbots.sandbox import faults
    from payerbots.sandbox.server import serve as serve_portal

    try:
        chosen = faults.parse(fault or [])
    except ValueError as error:
        raise ConfigError(str(error)) from None
    serve_portal(seed, port, chosen, latency_ms, on_ready=typer.echo)


@app.command()
def answers(
    seed: Annotated[int, typer.Option(help="Which made-up book of business.")] = 1,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object; it always is.")] = False,  # noqa: ARG001 - accepted for symmetry
) -> None:
    """Print the right answer to every request of the sample workbook, as one JSON object."""
    from payerbots.sandbox.answers import answers as right_answers

    print_json(right_answers(seed, datetime.now().astimezone().date()))
