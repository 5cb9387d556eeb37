"""`payerbots users`: who may sign in to the console."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from payerbots.cli.options import JsonOption, WorkspaceOption, find_workspace, say, wants_json

if TYPE_CHECKING:
    from payerbots.ledger.records import Ledger
    from payerbots.workspace import Workspace

app = typer.Typer(
    add_completion=False,
    rich_markup_mode=None,
    no_args_is_help=True,
    help="Add, disable or list the accounts of the console.",
    epilog="Examples:  payerbots users add ana --role biller   |   payerbots users disable ana   |   "
    "payerbots users list",
)


@app.command()
def add(
    name: Annotated[str, typer.Argument(help="What the person signs in with.")],
    role: Annotated[str, typer.Option("--role", help="ops admin, biller, developer, leader or auditor")],
    password: Annotated[
        bool, typer.Option("--password", help="Type a password now, instead of a link for the person.")
    ] = False,
    workspace: WorkspaceOption = None,
    as_json: JsonOption = False,
) -> None:
    """Add an account. It prints a link that lets the person in once within a day, to set a password."""
    from payerbots.cli.ledger import person
    from payerbots.cli.secret_input import ask

    space, ledger = _opened(workspace)
    from payerbots.console import accounts

    user = accounts.add(ledger, name, role, person(), ask("Password") if password else None)
    shown = {"account": name, "role": role}
    if password:
        say(f"{name} may sign in as {role}", shown, as_json=wants_json(as_json))
        return
    link = f"{_base(space)}/enter/{accounts.entry_token(ledger, user, person())}"
    say(
        f"{name} may sign in as {role}, once by this link:\n{link}",
        shown | {"link": link},
        as_json=wants_json(as_json),
    )


@app.command()
def link(
    name: Annotated[str, typer.Argument(help="Whose link.")],
    workspace: WorkspaceOption = None,
    as_json: JsonOption = False,
) -> None:
    """Make a new link that lets a person in once within a day: to someone who has forgotten the password."""
    from payerbots.cli.ledger import person
    from payerbots.errors import ConfigError

    space, ledger = _opened(workspace)
    from django.contrib.auth.models import User

    from payerbots.console import accounts

    user = User.objects.filter(username=name, is_active=True).first()
    if user is None:
        raise ConfigError(f"there is no account {name}, or it is disabled")
    found = f"{_base(space)}/enter/{accounts.entry_token(ledger, user, person())}"
    say(found, {"account": name, "link": found}, as_json=wants_json(as_json))


@app.command()
def disable(name: str, workspace: WorkspaceOption = None, as_json: JsonOption = False) -> None:
    """Let nobody in with an account any more; who is signed in with it is out."""
    from payerbots.cli.ledger import person

    _, ledger = _opened(workspace)
    from payerbots.console import accounts

    accounts.disable(ledger, name, person())
    say(f"{name} is disabled", {"account": name, "active": False}, as_json=wants_json(as_json))


@app.command("list")
def list_(workspace: WorkspaceOption = None, as_json: JsonOption = False) -> None:
    """List accounts with their roles."""
    from payerbots.cli.ledger import show_rows

    _opened(workspace)
    from payerbots.console import accounts

    rows = [vars(one) for one in accounts.accounts()]
    if rows or wants_json(as_json):
        show_rows(rows, ("name", "role", "active", "last_login"), as_json=wants_json(as_json))
    else:
        typer.echo("no accounts: payerbots users add NAME --role 'ops admin'")


def _opened(given: Path | None) -> "tuple[Workspace, Ledger]":
    """The workspace with the console's tables, which other commands leave alone."""
    from payerbots.console import settings

    settings.prepare()
    from payerbots.cli.ledger import opened

    space = find_workspace(given)
    settings.open_office(space, settings.address(space.settings.console_url))
    return space, opened(space)


def _base(space: "Workspace") -> str:
    return (space.settings.console_url or "http://127.0.0.1:8700").rstrip("/")
