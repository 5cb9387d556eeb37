"""`payerbots queues`: how queues stand, taking results from the office's own, and trying the broker again."""

import json
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from payerbots.cli.ledger import open_ledger, person, show_rows
from payerbots.cli.options import JsonOption, WorkspaceOption, print_json, say, wants_json

if TYPE_CHECKING:
    from payerbots.ledger.records import Ledger
    from payerbots.workspace import Workspace

_COLUMNS = ("queue", "to", "carries", "waiting", "taken", "done", "oldest", "stuck")

app = typer.Typer(
    add_completion=False,
    rich_markup_mode=None,
    no_args_is_help=True,
    help="See how queues stand; take results from the office's own queues; try the broker again.",
    epilog="Examples:  payerbots queues list   |   payerbots queues take to-post --count 10 --by poster --json   |   "
    "payerbots queues done to-post 17 18 --by poster   |   payerbots queues resend results",
)

NameArgument = Annotated[str, typer.Argument(help="The queue, as in queues.yaml.")]
ByOption = Annotated[str, typer.Option("--by", help="Who takes: a name that stays the same.")]
NumbersArgument = Annotated[list[int], typer.Argument(help="The messages' numbers, as `take` gave them.")]


@app.command("list")
def list_(workspace: WorkspaceOption = None, as_json: JsonOption = False) -> None:
    """Show every queue: messages waiting, taken and done, the oldest, and what came back from the broker.

    Exit code 1 says that the broker returned or refused messages.
    """
    from payerbots.ledger import outbox

    space, _ = open_ledger(workspace)
    levels = {one.queue: one for one in outbox.levels()}
    names = [*space.queues, *(name for name in levels if name not in space.queues)]
    rows = []
    for name in names:
        known, level = space.queues.get(name), levels.get(name)
        rows.append(
            {
                "queue": name,
                "to": known.to.value if known else "no longer in queues.yaml",
                "carries": known.carries.value if known else None,
                "waiting": level.waiting if level else 0,
                "taken": level.taken if level else 0,
                "done": level.done if level else 0,
                "oldest": f"{level.oldest:%Y-%m-%d %H:%M}" if level and level.oldest else None,
                "stuck": ", ".join(f"{count} {why}" for why, count in level.stuck.items()) if level else "",
            }
        )
    if rows or wants_json(as_json):
        show_rows(rows, _COLUMNS, as_json=wants_json(as_json))
    else:
        typer.echo("no queues: describe one in queues.yaml, and results go there as runs go on")
    reported = any(why in level.stuck for level in levels.values() for why in outbox.REPORTED)
    raise typer.Exit(1 if reported else 0)


@app.command()
def take(
    name: NameArgument,
    by: ByOption,
    count: Annotated[int, typer.Option("--count", min=1, max=1000, help="How many at most.")] = 1,
    minutes: Annotated[float, typer.Option("--minutes", min=0.1, max=20, help="For how long.")] = 15,
    workspace: WorkspaceOption = None,
) -> None:
    """Take messages from one of the office's own queues, as a JSON list. They are yours for some minutes.

    Say `queues done` when they are dealt with; what is not said so by then goes to the next who asks. Of one
    item the next message comes when the one before is done. The look is audited.
    """
    from payerbots.ledger import audit, outbox

    space, ledger = open_ledger(workspace)
    _office_queue(space, name)
    taken = outbox.take(ledger, [name], _owner(by), timedelta(minutes=minutes), count)
    if taken:
        audit.note(
            ledger, person(), "queue taken", {}, after={"queue": name, "messages": len(taken), "by": by}
        )
    print_json([{"number": one.number, "message": json.loads(one.body)} for one in taken])


@app.command()
def done(
    name: NameArgument,
    numbers: NumbersArgument,
    by: ByOption,
    workspace: WorkspaceOption = None,
    as_json: JsonOption = False,
) -> None:
    """Say that messages are dealt with: nobody gets them again. Exit code 1: some were no longer yours."""
    from payerbots.ledger import outbox

    space, ledger = _opened(workspace, name)
    _office_queue(space, name)
    count = outbox.handed_on(ledger, _owner(by), numbers)
    shown = {"queue": name, "done": count, "not_yours": len(numbers) - count}
    say(f"{count} of {len(numbers)} done", shown, as_json=wants_json(as_json))
    raise typer.Exit(0 if count == len(numbers) else 1)


@app.command("give-back")
def give_back(
    name: NameArgument,
    by: ByOption,
    workspace: WorkspaceOption = None,
    as_json: JsonOption = False,
) -> None:
    """Give back all that was taken and is not done, for others."""
    from payerbots.ledger import outbox

    _opened(workspace, name)
    count = outbox.give_back(_owner(by))
    say(f"{count} given back", {"queue": name, "given_back": count}, as_json=wants_json(as_json))


@app.command()
def resend(name: NameArgument, workspace: WorkspaceOption = None, as_json: JsonOption = False) -> None:
    """Try what the broker returned or refused again now, after a queue was bound or emptied there."""
    from payerbots.ledger import outbox

    _opened(workspace, name)
    count = outbox.hurry(name)
    say(f"{count} are tried again now", {"queue": name, "hurried": count}, as_json=wants_json(as_json))


def _opened(given: Path | None, name: str) -> "tuple[Workspace, Ledger]":
    from payerbots.errors import ConfigError

    space, ledger = open_ledger(given)
    if name not in space.queues:
        raise ConfigError(f"no queue {name!r}; queues.yaml has: {', '.join(space.queues) or 'none'}")
    return space, ledger


def _office_queue(space: "Workspace", name: str) -> None:
    from payerbots.errors import ConfigError
    from payerbots.queues import Goal

    known = space.queues.get(name)
    if known is None:
        raise ConfigError(f"no queue {name!r}; queues.yaml has: {', '.join(space.queues) or 'none'}")
    if known.to is not Goal.OFFICE:
        raise ConfigError(f"{name} is the broker's (`to: amqp`): take its messages there")


def _owner(by: str) -> str:
    return f"consumer:{by}"[:80]
