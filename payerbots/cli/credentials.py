"""`payerbots credentials`: sets, lists and removes the secrets of logins, in the keyring or the sealed file."""

from typing import TYPE_CHECKING, Annotated

import typer

from payerbots.cli.options import JsonOption, WorkspaceOption, find_workspace, print_json, say, wants_json
from payerbots.cli.secret_input import ask

if TYPE_CHECKING:
    from payerbots.portals.config import Login
    from payerbots.workspace import Workspace

app = typer.Typer(
    add_completion=False,
    rich_markup_mode=None,
    no_args_is_help=True,
    help="Set, list and remove user, password and code secrets of logins. No command ever shows one.",
    epilog="Examples:  payerbots credentials list   |   payerbots credentials set summit_health bot1   |   "
    "payerbots credentials remove summit_health bot1",
)

_PROMPTS = {
    "user": "User",
    "password": "Password",
    "totp": "Secret for one-time codes (base 32, as the portal showed it)",
    "mail_password": "Password of the mailbox that codes come to",
}


@app.command("set")
def set_(
    portal: Annotated[str, typer.Argument(help="The portal, as in portals.yaml.")],
    login: Annotated[str, typer.Argument(help="The login's name, such as bot1.")],
    workspace: WorkspaceOption = None,
    as_json: JsonOption = False,
) -> None:
    """Type a login's secrets; they go where `from:` in portals.yaml says: keyring, or the sealed file.

    Without a terminal each is one line of standard input, in the order in which they are asked for.
    """
    from payerbots.portals import credentials, vaults

    space = find_workspace(workspace)
    known = _login(space, portal, login)
    vault = space.vault(known)
    names = vaults.fields(known)
    vault.put(
        portal, login, names[-1], vault.get(portal, login, names[-1])
    )  # refused before anything is typed
    given = {name: ask(_PROMPTS[name], hidden=name != vaults.USER) for name in names}
    if vaults.TOTP in given:
        credentials.check_totp("the secret for one-time codes", given[vaults.TOTP])
    for name, value in given.items():
        vault.put(portal, login, name, value)
    shown = {"portal": portal, "login": login, "from": known.source, "set": list(given)}
    say(
        f"{portal} {login}: {', '.join(given)} set ({known.source})",
        shown,
        as_json=wants_json(as_json),
    )


@app.command("list")
def list_(workspace: WorkspaceOption = None, as_json: JsonOption = False) -> None:
    """Show for each login where its secrets are kept, and which are missing. Exit code 1: some are."""
    from payerbots.portals import vaults

    space = find_workspace(workspace)
    rows = []
    for portal in space.portals.values():
        for login in portal.credentials:
            vault = space.vault(login)
            names = vaults.fields(login)
            missing = [name for name in names if not vault.get(portal.name, login.name, name)]
            rows.append(
                {
                    "portal": portal.name,
                    "login": login.name,
                    "from": login.source.value,
                    "code": login.code.value,
                    "missing": [vault.place(portal.name, login.name, name) for name in missing],
                }
            )
    if wants_json(as_json):
        print_json(rows)
    else:
        for row in rows:
            state = f"missing: {', '.join(row['missing'])}" if row["missing"] else "all set"
            typer.echo(f"{row['portal']} {row['login']}  from {row['from']}, code {row['code']}: {state}")
    raise typer.Exit(1 if any(row["missing"] for row in rows) else 0)


@app.command()
def remove(
    portal: Annotated[str, typer.Argument(help="The portal, as in portals.yaml.")],
    login: Annotated[str, typer.Argument(help="The login's name.")],
    workspace: WorkspaceOption = None,
    as_json: JsonOption = False,
) -> None:
    """Remove all secrets of a login from the keyring or the sealed file."""
    from payerbots.portals import vaults

    space = find_workspace(workspace)
    known = _login(space, portal, login)
    vault = space.vault(known)
    for name in (vaults.USER, vaults.PASSWORD, vaults.TOTP, vaults.MAIL_PASSWORD):
        vault.put(portal, login, name, None)
    shown = {"portal": portal, "login": login, "from": known.source}
    say(f"{portal} {login}: nothing is kept any more ({known.source})", shown, as_json=wants_json(as_json))


def _login(space: "Workspace", portal: str, name: str) -> "Login":
    from payerbots.errors import ConfigError

    logins = {one.name: one for one in space.portal(portal).credentials}
    if name not in logins:
        raise ConfigError(f"no login {name!r}; {portal} has: {', '.join(logins)}")
    return logins[name]
