"""`payerbots portals`: how portals stand, pausing one, and resuming one that was stopped."""

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Annotated, Any

import typer

from payerbots.cli.ledger import open_ledger, person
from payerbots.cli.options import JsonOption, WorkspaceOption, print_json, say, wants_json

if TYPE_CHECKING:
    from payerbots.ledger.codes import Asked
    from payerbots.ledger.portals import Standing
    from payerbots.portals.upkeep import Upkeep

app = typer.Typer(
    add_completion=False,
    rich_markup_mode=None,
    no_args_is_help=True,
    help="See how portals stand; pause one; resume one that was paused or stopped.",
    epilog="Examples:  payerbots portals status   |   payerbots portals pause summit_health --hours 2   |   "
    "payerbots portals resume summit_health",
)


@app.command()
def status(
    state: Annotated[str, typer.Option(help="Only open, paused or stopped ones.")] = "",
    workspace: WorkspaceOption = None,
    as_json: JsonOption = False,
) -> None:
    """Show for each portal whether it is open, paused or stopped, why, and what runs out soon.

    Exit code 1 says that a portal is stopped.
    """
    from payerbots.engine.guard import seen, upkeep_of
    from payerbots.ledger import codes

    space, ledger = open_ledger(workspace)
    found = [
        one for one in seen(ledger, space.portals, list(space.portals)).values() if state in {"", one.state}
    ]
    today = datetime.now(space.zone).date()
    asked = codes.waiting(ledger)
    soon = {one.portal: upkeep_of(space.portals[one.portal], today) for one in found}
    if wants_json(as_json):
        print_json({one.portal: _plain(one, soon[one.portal]) | _codes_of(one, asked) for one in found})
    else:
        for one in found:
            needed = [_code_line(code) for code in asked if code.portal == one.portal]
            typer.echo("\n  ".join([_line(one), *needed, *(coming.text for coming in soon[one.portal])]))
    raise typer.Exit(1 if any(one.state == "stopped" for one in found) else 0)


def _codes_of(one: "Standing", asked: "list[Asked]") -> dict[str, Any]:
    mine = [code for code in asked if code.portal == one.portal]
    return {"codes_asked": [{"login": code.login, "until": code.expires_at} for code in mine]}


def _code_line(code: "Asked") -> str:
    if code.typed:
        return f"{code.login} is using the one-time code that was typed"
    until = f"{code.expires_at:%H:%M} UTC"
    return f"{code.login} needs a one-time code until {until}: payerbots portals code {code.portal}"


def _plain(one: "Standing", soon: "list[Upkeep]") -> dict[str, Any]:
    return {
        "state": one.state,
        "reason": one.reason,
        "login": one.login,
        "since": one.since,
        "until": one.until,
        "message": one.message,
        "soon": [
            {"kind": coming.kind, "login": coming.login, "on": coming.on, "days_left": coming.days_left}
            for coming in soon
        ],
    }


def _line(one: "Standing") -> str:
    from payerbots.reasons import Reason, text_of

    login = f" (login {one.login})" if one.login else ""
    until = f" until {one.until:%Y-%m-%d %H:%M} UTC" if one.until else ""
    if one.reason:
        return f"{one.portal}  {one.state}{until}{login}: {one.reason}. {text_of(Reason(one.reason)).advice}"
    return f"{one.portal}  {one.state}{until}" + (f": {one.message}" if one.message else "")


@app.command()
def pause(
    name: str,
    hours: Annotated[float | None, typer.Option(min=0.01, help="For how long; else until resumed.")] = None,
    workspace: WorkspaceOption = None,
    as_json: JsonOption = False,
) -> None:
    """Let a portal rest: nobody asks it anything, what is at hand is done to its end."""
    from payerbots.ledger import portals as standings

    space, ledger = open_ledger(workspace)
    space.portal(name)
    standings.rest(ledger, name, person(), None if hours is None else timedelta(hours=hours))
    until = f"for {hours:g} hours" if hours else "until: payerbots portals resume " + name
    shown = {"portal": name, "state": "paused", "hours": hours}
    say(f"{name} is paused {until}", shown, as_json=wants_json(as_json))


@app.command()
def resume(name: str, workspace: WorkspaceOption = None, as_json: JsonOption = False) -> None:
    """Open a paused or stopped portal again, after the cause was removed: a new password set, a page signed."""
    from payerbots.ledger import portals as standings

    space, ledger = open_ledger(workspace)
    space.portal(name)
    before = standings.resume(ledger, name, person())
    shown = {"portal": name, "state": "open", "was": before.state}
    say(f"{name} is open again (was {before.state}).", shown, as_json=wants_json(as_json))


@app.command()
def code(
    name: str,
    login: Annotated[str, typer.Option(help="The login that waits, where several do.")] = "",
    workspace: WorkspaceOption = None,
    as_json: JsonOption = False,
) -> None:
    """Type the one-time code that a login waits for; it is not shown. Without a terminal: standard input."""
    from payerbots.cli.secret_input import ask
    from payerbots.errors import DecisionRefused
    from payerbots.ledger import codes

    space, ledger = open_ledger(workspace)
    space.portal(name)
    if not any(one.portal == name for one in codes.waiting(ledger)):
        raise DecisionRefused(codes.why_nobody_waits(ledger, name, login))
    taken = codes.type_in(ledger, name, login, ask("One-time code"), person())
    shown = {"portal": name, "login": taken.login}
    say(f"the code for {taken.login} is handed on", shown, as_json=wants_json(as_json))
