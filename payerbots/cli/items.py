"""`payerbots items`: what became of each, and sending it back to work."""

from typing import Annotated

import typer

from payerbots.cli.ledger import open_ledger, person, show_rows
from payerbots.cli.options import JsonOption, WorkspaceOption, print_json, say, wants_json

app = typer.Typer(
    add_completion=False,
    rich_markup_mode=None,
    no_args_is_help=True,
    help="List items; show, retry, resolve or cancel one. Nobody is named here: numbers, states, reasons.",
    epilog="Examples:  payerbots items list --state parked   |   payerbots items show 12   |   "
    "payerbots items retry 12 13   |   payerbots items retry --reason PORTAL_CHANGED",
)

_COLUMNS = ("id", "bot", "portal", "state", "reason", "attempts", "updated_at")
_TRIES = ("number", "revision", "started_at", "outcome", "reason", "error", "note")
_ACTS = ("action", "state", "confirmation", "intended_at", "act_before", "ended_at")
_MANY = 10_000


@app.command("list")
def list_items(
    state: Annotated[
        str, typer.Option(help="new, running, waiting, done, exception, parked, abandoned, cancelled")
    ] = "",
    reason: Annotated[str, typer.Option(help="A reason's code.")] = "",
    portal: Annotated[str, typer.Option(help="A portal's name.")] = "",
    bot: Annotated[str, typer.Option(help="A bot's name.")] = "",
    run: Annotated[int | None, typer.Option(help="A run's number.")] = None,
    limit: Annotated[int, typer.Option(help="How many.")] = 50,
    workspace: WorkspaceOption = None,
    as_json: JsonOption = False,
) -> None:
    """List items, the newest first."""
    from payerbots.ledger import lists

    open_ledger(workspace)
    wanted = lists.Wanted(state=state, reason=reason, portal=portal, bot=bot, run=run, limit=limit)
    show_rows(lists.items(wanted), _COLUMNS, as_json=wants_json(as_json))


@app.command()
def show(
    item: Annotated[int, typer.Argument(help="The item's number.")],
    workspace: WorkspaceOption = None,
    as_json: JsonOption = False,
) -> None:
    """Show an item: its attempts with what went wrong, its evidence, its history."""
    from payerbots.errors import ConfigError
    from payerbots.ledger import lists

    open_ledger(workspace)
    found = lists.item(item)
    if found is None:
        raise ConfigError(f"there is no item {item}")
    if wants_json(as_json):
        print_json(found)
        return
    show_rows([found], _COLUMNS, as_json=False)
    typer.echo("\nattempts")
    show_rows(found["tries"], _TRIES, as_json=False)
    if found["intents"]:
        typer.echo("\nirreversible acts")
        show_rows(found["intents"], _ACTS, as_json=False)
    typer.echo("\nhistory")
    show_rows(found["history"], ("at", "actor", "action", "after"), as_json=False)


@app.command()
def retry(
    items: Annotated[list[int] | None, typer.Argument(help="The items' numbers.")] = None,
    reason: Annotated[
        str, typer.Option(help="All parked, abandoned and excepted items of this reason.")
    ] = "",
    not_sent: Annotated[
        bool,
        typer.Option("--not-sent", help="You looked on the portal: what may have been sent was not."),
    ] = False,
    workspace: WorkspaceOption = None,
    as_json: JsonOption = False,
) -> None:
    """Send items back to work, after the cause was removed. The next run of their bot, or a worker, takes them up.

    What may have been sent is looked up on the portal first; --not-sent says that you have done so.
    """
    from payerbots.domain.decisions import Decision
    from payerbots.errors import ConfigError, DecisionRefused
    from payerbots.ledger import lists
    from payerbots.ledger.decide import Ruling, decide

    _, ledger = open_ledger(workspace)
    numbers = list(items or [])
    if reason:
        for state in ("parked", "exception", "abandoned"):
            found = lists.items(lists.Wanted(state=state, reason=reason, limit=_MANY))
            numbers += [row["id"] for row in found]
    if not numbers:
        raise ConfigError("name items by number, or --reason CODE of parked items or exceptions")
    done, refused = [], []
    for number in sorted(set(numbers)):
        try:
            decide(ledger, Ruling(item=number, decision=Decision.SEND_BACK, by=person(), not_sent=not_sent))
            done.append(number)
        except DecisionRefused as error:
            refused.append(str(error))
    told = "\n".join(f"item {number} is new again" for number in done)
    say(told, [{"id": number, "state": "new"} for number in done], as_json=wants_json(as_json))
    if refused:
        raise DecisionRefused("; ".join(refused))


@app.command()
def resolve(
    item: Annotated[int, typer.Argument(help="The item's number.")],
    workspace: WorkspaceOption = None,
    as_json: JsonOption = False,
) -> None:
    """Close an item that you have dealt with by hand. What may have been sent counts as sent."""
    from payerbots.domain.decisions import Decision
    from payerbots.ledger.decide import Ruling, decide

    _, ledger = open_ledger(workspace)
    decide(ledger, Ruling(item=item, decision=Decision.RESOLVED, by=person()))
    say(f"item {item} is done", {"id": item, "state": "done"}, as_json=wants_json(as_json))


@app.command()
def cancel(
    item: Annotated[int, typer.Argument(help="The item's number.")],
    workspace: WorkspaceOption = None,
    as_json: JsonOption = False,
) -> None:
    """Take an item that has not run yet out of the work."""
    from payerbots.ledger.decide import cancel as cancel_item

    _, ledger = open_ledger(workspace)
    cancel_item(ledger, item, person())
    say(f"item {item} is cancelled", {"id": item, "state": "cancelled"}, as_json=wants_json(as_json))
