"""`payerbots`: finds the command's module when it is called, so that help answers at once."""

import importlib
import os
import sys
from collections.abc import Sequence
from typing import Annotated, Any

import typer
from typer.core import TyperCommand, TyperGroup

from payerbots.cli import options

COMMANDS = {
    "demo": "Run the bots against a practice portal and see what comes out.",
    "run": "Run one bot now.",
    "up": "Keep scheduler, workers, notices and console up on this machine.",
    "status": "See what runs, what is next, what waits and what stands still.",
    "worker": "Work on whatever there is, on any number of machines.",
    "console": "Serve the web console.",
    "users": "Add, disable or list the accounts of the console.",
    "watch": "See live what runs, what waits and what stands still.",
    "scheduler": "Start runs as schedules.yaml says, until it is told to stop.",
    "schedules": "See what is scheduled and what comes; prove it, pause it, run it now.",
    "notify": "Tell people what they must be told; test that it reaches them.",
    "kpi": "See the figures of a time, each with what it was reckoned from.",
    "rechecks": "List the orders whose coverage has to be checked again.",
    "runs": "List runs, or show one.",
    "items": "List items; show, retry, resolve or cancel one.",
    "review": "Exceptions out in a workbook, decisions back; list, show, decide.",
    "rules": "Check the rules for rejected claims, or explain what happens to one.",
    "documents": "Read remittances, acknowledgments, answers and bank files, and prove their totals.",
    "portals": "See how portals stand; pause or resume one.",
    "posting": "Take over what the billing system said of a posting import.",
    "queues": "See how queues of results stand; take from them; try the broker again.",
    "credentials": "Set, list or remove the secrets of logins.",
    "key": "See, rotate or drop the keys that seal what names a person.",
    "audit": "Prove that nobody changed what was written of who did what.",
    "purge": "Delete what is old enough, by retention rules.",
    "evidence": "Open the picture or page that was kept of an item.",
    "setup": "Make a browser available.",
    "doctor": "Check that this machine and workspace are ready.",
    "sandbox": "Serve the practice sites, or print their right answers.",
}


class Commands(TyperGroup):
    """The commands by name; a module is imported when its command is called."""

    def list_commands(self, ctx: Any) -> list[str]:  # noqa: ANN401, ARG002 - typer keeps its context type private
        """The names in the order of the table."""
        return list(COMMANDS)

    def get_command(self, ctx: Any, cmd_name: str) -> Any:  # noqa: ANN401 - as above
        """The command; while help is listed, only its one line."""
        if cmd_name not in COMMANDS:
            return None
        if ctx.meta.get("payerbots.listing"):
            return TyperCommand(cmd_name, help=COMMANDS[cmd_name])
        module = importlib.import_module(f"payerbots.cli.{cmd_name}")
        command = typer.main.get_command(module.app)
        command.name = cmd_name
        return command

    def format_commands(self, ctx: Any, formatter: Any) -> None:  # noqa: ANN401 - as above
        """Lists the commands without importing them."""
        ctx.meta["payerbots.listing"] = True
        super().format_commands(ctx, formatter)


def _version(wanted: bool) -> None:
    if wanted:
        from importlib.metadata import version

        typer.echo(f"payerbots {version('payerbots')}")
        raise typer.Exit


app = typer.Typer(
    cls=Commands,
    add_completion=False,
    rich_markup_mode=None,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
)


@app.callback(
    epilog="Examples:  payerbots demo   |   payerbots doctor   |   "
    "payerbots run eligibility --input in/orders.xlsx   |   payerbots portals status"
)
def payerbots(
    workspace: Annotated[
        str | None, typer.Option(metavar="DIR", help="Default: here, or a folder above.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object instead of text.")] = False,
    version: Annotated[bool, typer.Option("--version", callback=_version, is_eager=True)] = False,  # noqa: ARG001 - told by its callback
) -> None:
    """Software robots for medical-billing back offices.

    Bots sign in to payer portals, ask, and write the answers into workbooks; what needs a person
    comes out as an exception with a reason.
    """
    options.BEFORE.update(workspace=workspace, json=as_json)


def _end_with_parent() -> None:
    """A process that `payerbots up` started ends when that one is gone."""
    if os.environ.get("PAYERBOTS_PARENT"):
        from payerbots.operation.family import end_with_parent

        end_with_parent()


def _seal_audit() -> None:
    """What a command has written into the audit is sealed before it ends; where it cannot be, a worker does."""
    opened = sys.modules.get("payerbots.cli.ledger")
    if opened is not None:
        opened.seal()


def run(arguments: Sequence[str] | None = None) -> None:
    """The console script. Exit codes: 0 done, 1 exceptions, 2 usage, 3 could not finish, 130 interrupted."""
    from payerbots.documents.errors import DocumentError
    from payerbots.errors import ConfigError, DecisionRefused, PayerbotsError
    from payerbots.log import place_of

    os.umask(0o077)
    _end_with_parent()
    try:
        try:
            app(args=arguments, prog_name="payerbots")
        finally:
            _seal_audit()
    except (ConfigError, DecisionRefused, DocumentError) as error:
        typer.echo(f"payerbots: {error}", err=True)
        sys.exit(2)
    except PayerbotsError as error:
        typer.echo(f"payerbots: {error}", err=True)
        sys.exit(3)
    except Exception as error:
        if os.environ.get("PAYERBOTS_DEBUG"):
            raise
        typer.echo(f"payerbots: unforeseen {place_of(error)}; the log may say more", err=True)
        sys.exit(3)
