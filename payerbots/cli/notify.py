"""`payerbots notify`: tells people what they must be told; tests that it reaches them."""

import signal
from datetime import timedelta
from typing import TYPE_CHECKING, Annotated, Any

import typer

from payerbots.cli.ledger import open_ledger, show_rows
from payerbots.cli.options import JsonOption, WorkspaceOption, find_workspace, print_json, say, wants_json
from payerbots.cli.secret_input import ask

if TYPE_CHECKING:
    from payerbots.operation.people import Notices
    from payerbots.workspace import Workspace

app = typer.Typer(
    add_completion=False,
    rich_markup_mode=None,
    no_args_is_help=True,
    help="Tell people what they must be told, as notices.yaml says; test that it reaches them.",
    epilog="Examples:  payerbots notify test   |   payerbots notify watch   |   payerbots notify list   |   "
    "payerbots notify summary",
)


def _notices(space: "Workspace") -> "Notices":
    from payerbots.errors import ConfigError
    from payerbots.operation import people

    found = people.load(space.root)
    if found is None:
        raise ConfigError(f"there is no {people.FILE} in {space.root.name}: it says who is told of what")
    return found


@app.command()
def watch(
    once: Annotated[bool, typer.Option("--once", help="Look and tell once, and end.")] = False,
    workspace: WorkspaceOption = None,
) -> None:
    """Look out for what people must be told, and tell them, until it is told to stop.

    Runs that failed, promises at risk, portals stopped, codes needed, exceptions, files that did not come; and the
    summary of the day. Without notices.yaml notices are left, and show in `payerbots watch`.
    """
    from payerbots import log
    from payerbots.ledger.records import Ledger
    from payerbots.operation.attendant import Attendant, Watch

    space = find_workspace(workspace)
    log.start(space.data / "logs", terminal_level="INFO")
    space.connect()
    attendant = Attendant(space, Ledger(space.keys, space.clock))
    if once:
        try:
            typer.echo(f"{attendant.turn()} sent")
        finally:
            attendant.close()
        return
    watching = Watch(attendant)
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: watching.stop())
    watching.run()


@app.command("test")
def send_test(
    person: Annotated[str, typer.Argument(help="Only this one of notices.yaml.")] = "",
    workspace: WorkspaceOption = None,
    as_json: JsonOption = False,
) -> None:
    """Send everybody of notices.yaml a test, at once and whatever the hour. Exit code 1: one did not arrive."""
    from payerbots.errors import ConfigError
    from payerbots.operation.letters import Letter
    from payerbots.operation.post import Apprised

    space = find_workspace(workspace)
    told = _notices(space)
    if person and person not in told.people:
        raise ConfigError(f"no {person!r} in notices.yaml, allowed: {', '.join(told.people)}")
    post = Apprised(told, space.vault_of)
    letter = Letter("A test", "This is a test of payerbots. Nothing is to be done.\n")
    rows = []
    for name in [person] if person else told.people:
        try:
            post.check(told.people[name])
            error = post.send(told.people[name], letter)
        except ConfigError as wrong:
            error = str(wrong)
        rows.append({"person": name, "how": _how(told, name), "result": error or "sent"})
    show_rows(rows, ("person", "how", "result"), as_json=wants_json(as_json))
    raise typer.Exit(1 if any(row["result"] != "sent" for row in rows) else 0)


def _how(told: "Notices", name: str) -> str:
    person = told.people[name]
    return "mail" if person.mail else "channel"


@app.command("list")
def list_(
    limit: Annotated[int, typer.Option(min=1, max=1000)] = 50,
    workspace: WorkspaceOption = None,
    as_json: JsonOption = False,
) -> None:
    """Show notices that not all have been told of, and whom notices could not reach."""
    from payerbots.ledger import notice_deliveries, notices

    _, ledger = open_ledger(workspace)
    left = notices.unsent(limit)
    failing = notice_deliveries.failing(ledger, timedelta(days=7))
    if wants_json(as_json):
        print_json({"notices": left, "failing": failing})
        return
    show_rows(left, ("id", "at", "kind", "portal", "schedule", "message"), as_json=False)
    for one in failing:
        typer.echo(f"{one['person']}: {one['count']} not told, {one['error']}")


@app.command()
def summary(workspace: WorkspaceOption = None, as_json: JsonOption = False) -> None:
    """Show the summary of the day as it would be sent now, since the last one that was."""
    from payerbots.operation.attendant import last_summary
    from payerbots.operation.summary import day_of, letter

    space, ledger = open_ledger(workspace)
    now = ledger.now()
    since = last_summary(2**62) or now - timedelta(days=1)
    text = letter(day_of(space, ledger, since, now), space.zone)
    say(f"{text.title}\n\n{text.body}", vars(text), as_json=wants_json(as_json))


@app.command("set")
def set_(
    name: Annotated[
        str, typer.Argument(help="A channel of notices.yaml, or `mail`: the mail server's password.")
    ],
    workspace: WorkspaceOption = None,
    as_json: JsonOption = False,
) -> None:
    """Type the address of a channel (as apprise writes it), or the mail server's password, unseen."""
    from payerbots.operation import post

    space = find_workspace(workspace)
    source, owner, what = _secret_of(space, name)
    vault = space.vault_of(source)
    vault.put(post.PLACE, owner, what, vault.get(post.PLACE, owner, what))  # refused before anything is typed
    vault.put(post.PLACE, owner, what, ask("Password" if what == post.PASSWORD else "Address"))
    say(
        f"{name}: {what} set ({source})",
        {"name": name, "from": source, "set": [what]},
        as_json=wants_json(as_json),
    )


def _secret_of(space: "Workspace", name: str) -> tuple[Any, str, str]:
    from payerbots.errors import ConfigError
    from payerbots.operation import post

    told = _notices(space)
    if name == post.MAIL and told.mail is not None:
        return told.mail.source, post.MAIL, post.PASSWORD
    channels = {one.name: one.channel for one in told.people.values() if one.channel}
    if name not in channels:
        known = [*channels, *([post.MAIL] if told.mail else [])]
        raise ConfigError(f"{name!r} has no secret in notices.yaml; allowed: {', '.join(known) or 'none'}")
    return channels[name], name.replace("-", "_"), post.CHANNEL
