"""`payerbots sandbox`: the practice sites by themselves."""

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated

import typer

from payerbots.cli.options import print_json

app = typer.Typer(
    add_completion=False,
    rich_markup_mode=None,
    no_args_is_help=True,
    help="Serve the practice sites (two payers, a bank, a clearinghouse), or print their right answers.",
    epilog="Examples:  payerbots sandbox serve --seed 1 --port 8080 --fault slow=2   |   "
    "payerbots sandbox serve --portal harbor_bank   |   payerbots sandbox answers --seed 1 --json",
)


@app.command()
def serve(
    seed: Annotated[int, typer.Option(help="Which made-up book of business.")] = 1,
    port: Annotated[int, typer.Option(help="Of the first site; 0: a free one.")] = 0,
    portal: Annotated[str | None, typer.Option("--portal", help="Only this site.")] = None,
    fault: Annotated[
        list[str] | None,
        typer.Option("--fault", help="NAME=VALUE of the first site, or SITE.NAME=VALUE; may be repeated."),
    ] = None,
    latency_ms: Annotated[float, typer.Option("--latency-ms", help="Added to every answer.")] = 0,
) -> None:
    """Serve the practice sites on 127.0.0.1 until Ctrl-C.

    The first line printed is the first site's address; then follow name and address of each,
    and of the mailbox to which ClearPoint mails its codes.
    """
    from payerbots.errors import ConfigError
    from payerbots.sandbox import sites
    from payerbots.sandbox.server import Serving
    from payerbots.sandbox.server import serve as serve_sites

    if portal is not None and portal not in sites.NAMES:
        raise ConfigError(f"--portal: found {portal!r}, allowed: {', '.join(sites.NAMES)}")
    names = (portal,) if portal else sites.NAMES
    try:
        faults = sites.parse_faults(fault or [], names)
    except ValueError as error:
        raise ConfigError(str(error)) from None
    serve_sites(Serving(seed=seed, names=names, port=port, faults=faults, latency_ms=latency_ms), _told)


def _told(urls: Mapping[str, str]) -> None:
    first, *_ = urls.values()
    typer.echo("\n".join([first, *(f"{name} {url}" for name, url in urls.items())]))


@app.command()
def answers(
    seed: Annotated[int, typer.Option(help="Which made-up book of business.")] = 1,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object; it always is.")] = False,  # noqa: ARG001 - accepted for symmetry
) -> None:
    """Print what is right, as one JSON object: each request of the sample list, all of the money, each claim."""
    from payerbots.sandbox.sites import answers as right_answers

    print_json(right_answers(seed, datetime.now().astimezone().date()))
