"""`payerbots review`: exceptions out to people in a workbook, and their decisions back."""

import time
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from payerbots.cli.ledger import open_ledger, person, show_rows
from payerbots.cli.options import JsonOption, WorkspaceOption, print_json, say, wants_json

if TYPE_CHECKING:
    from payerbots.engine.desk import Desk
    from payerbots.review.folder import Seen
    from payerbots.review.importing import Imported

app = typer.Typer(
    add_completion=False,
    rich_markup_mode=None,
    no_args_is_help=True,
    help="Exceptions out in a workbook, decisions back; list, show and decide. Only the workbook names people.",
    epilog="Examples:  payerbots review export --out out   |   payerbots review import back.xlsx   |   "
    "payerbots review list --team intake --older-than 3   |   "
    'payerbots review decide 12 "pend until" --until 12/31/2026',
)

_COLUMNS = (
    "item",
    "team",
    "portal",
    "reason",
    "dollars",
    "age",
    "due",
    "attempts",
    "failures",
    "assigned_to",
)
_PAST = ("number", "at", "by", "decision", "state", "reason")
_SECONDS = 5.0


def _desk(workspace: Path | None) -> "Desk":
    from payerbots.engine.desk import directly

    return directly(*open_ledger(workspace))


@app.command()
def export(
    out: Annotated[Path, typer.Option("--out", help="Where the workbook goes.")] = Path("out"),
    team: Annotated[str, typer.Option("--team", help="Only this team's, in a workbook of its own.")] = "",
    workspace: WorkspaceOption = None,
    as_json: JsonOption = False,
) -> None:
    """Write `exceptions-DATE.xlsx`: what needs a person today, a sheet for each team, with room for decisions."""
    from payerbots.review.collecting import today
    from payerbots.review.exporting import export as write

    desk = _desk(workspace)
    made = write(desk, out, today(desk), team=team)
    told = f"{made.path}: {made.rows} exceptions, {made.pended} pended"
    value = {"file": str(made.path), "exceptions": made.rows, "pended": made.pended, "note": made.note}
    say(f"{told}{f'; {made.note}' if made.note else ''}", value, as_json=wants_json(as_json))


@app.command("import")
def import_files(
    files: Annotated[list[Path], typer.Argument(help="Workbooks that were filled in.")],
    workspace: WorkspaceOption = None,
    as_json: JsonOption = False,
) -> None:
    """Take decisions back, each once; the same workbook again changes nothing.

    Exit code 1 says that rows were not taken: each is listed with sheet, row and column, and its workbook can be
    mended and handed in again. 2: a workbook was refused as a whole; those before it were taken.
    """
    from payerbots.review.collecting import today
    from payerbots.review.importing import import_file
    from payerbots.review.rules import load

    desk = _desk(workspace)
    rules = load(desk.workspace.root).rules
    done = [import_file(desk, file, today(desk), by=person(), rules=rules) for file in files]
    _show_imported(done, as_json=wants_json(as_json))
    raise typer.Exit(1 if any(one.problems for one in done) else 0)


def _show_imported(done: "list[Imported]", *, as_json: bool) -> None:
    from payerbots.review.folder import report

    if as_json:
        print_json([_plain(one) for one in done])
        return
    for one in done:
        typer.echo("\n".join(report(one)))


def _plain(imported: "Imported") -> dict[str, Any]:
    return {
        "file": imported.file,
        "rows": imported.rows,
        "taken": imported.taken,
        "proposed": imported.proposed,
        "known": imported.known,
        "before": imported.before.isoformat(timespec="seconds") if imported.before else None,
        "problems": [vars(problem) for problem in imported.problems],
    }


@app.command()
def watch(
    folder: Annotated[
        Path | None, typer.Option("--folder", help="Default: `folder` of review.yaml, else in/review.")
    ] = None,
    once: Annotated[bool, typer.Option("--once", help="Look once, take in what is there, and end.")] = False,
    workspace: WorkspaceOption = None,
    as_json: JsonOption = False,
) -> None:
    """Take in every workbook that is put into a folder, as `import` does; it goes on until it is stopped.

    A workbook goes to `taken/` or `refused/`, with a text beside it that lists what was not taken.
    """
    from payerbots.review.collecting import today
    from payerbots.review.folder import Folder
    from payerbots.review.rules import load

    desk = _desk(workspace)
    settings = load(desk.workspace.root)
    watched = Folder(desk, folder or settings.folder, person(), settings.rules)
    try:
        while True:
            for seen in watched.look(today(desk), at_once=once):
                _show_seen(seen, as_json=wants_json(as_json))
            if once:
                return
            time.sleep(_SECONDS)
    except KeyboardInterrupt:
        raise typer.Exit(130) from None


def _show_seen(seen: "Seen", *, as_json: bool) -> None:
    if seen.imported is None:
        say(seen.refused, {"file": seen.file.name, "refused": seen.refused}, as_json=as_json)
    else:
        _show_imported([seen.imported], as_json=as_json)


@app.command("list")
def list_exceptions(
    team: Annotated[str, typer.Option(help="A team's name.")] = "",
    bot: Annotated[str, typer.Option(help="A bot's name.")] = "",
    portal: Annotated[str, typer.Option(help="A portal's name.")] = "",
    reason: Annotated[str, typer.Option(help="A reason's code.")] = "",
    older_than: Annotated[int | None, typer.Option(help="Business days.")] = None,
    dollars_from: Annotated[float | None, typer.Option(help="At least so much at stake.")] = None,
    due_within: Annotated[int | None, typer.Option(help="Due within so many days.")] = None,
    assigned_to: Annotated[str, typer.Option(help="A person.")] = "",
    pended: Annotated[
        bool, typer.Option("--pended", help="Those that wait for their date, instead.")
    ] = False,
    workspace: WorkspaceOption = None,
    as_json: JsonOption = False,
) -> None:
    """List what needs a person, the most urgent first."""
    from payerbots.review.collecting import today
    from payerbots.review.listing import Wanted, listed

    desk = _desk(workspace)
    wanted = Wanted(
        team=team,
        bot=bot,
        portal=portal,
        reason=reason,
        older_than=older_than,
        dollars_from=None if dollars_from is None else Decimal(str(dollars_from)),
        due_within=due_within,
        assigned_to=assigned_to,
        pended=pended,
    )
    show_rows(listed(desk, today(desk), wanted), _COLUMNS, as_json=wants_json(as_json))


@app.command()
def show(
    item: Annotated[str, typer.Argument(help="An item's number, or `payment-5`, `deposit-7`, `concern-3`.")],
    workspace: WorkspaceOption = None,
    as_json: JsonOption = False,
) -> None:
    """Show one: what it means, what to do, and what was decided on it so far."""
    from payerbots.review.collecting import today
    from payerbots.review.listing import shown

    desk = _desk(workspace)
    found = shown(desk, today(desk), item)
    if wants_json(as_json):
        print_json(found)
        return
    for name, value in found.items():
        if name != "decisions" and value not in (None, [], ""):
            typer.echo(f"{name.replace('_', ' ')}: {', '.join(value) if isinstance(value, list) else value}")
    if found["decisions"]:
        typer.echo("\ndecisions")
        show_rows(found["decisions"], _PAST, as_json=False)


@app.command()
def decide(
    item: Annotated[str, typer.Argument(help="An item's number, or `payment-5`, `deposit-7`, `concern-3`.")],
    decision: Annotated[
        str, typer.Argument(help="As in the workbook: send back, resolved by hand, write off …")
    ],
    amount: Annotated[str, typer.Option(help="write off: dollars.")] = "",
    code: Annotated[str, typer.Option(help="write off: the adjustment code.")] = "",
    until: Annotated[str, typer.Option(help="pend until: a date.")] = "",
    to: Annotated[
        str, typer.Option(help="assign to: a person; not mine: a team; duplicate of: the item.")
    ] = "",
    correct: Annotated[
        list[str] | None, typer.Option(help='corrected: "Member ID=1EG4TE5MK73"; may be repeated.')
    ] = None,
    note: Annotated[str, typer.Option(help="Kept sealed.")] = "",
    by: Annotated[str, typer.Option(help="Who decides. Default: who is at the terminal.")] = "",
    workspace: WorkspaceOption = None,
    as_json: JsonOption = False,
) -> None:
    """Decide on one exception, as its row in the workbook would."""
    from payerbots.review.collecting import today
    from payerbots.review.deciding import Decider
    from payerbots.review.described import Bots
    from payerbots.review.listing import about_of
    from payerbots.review.rules import load
    from payerbots.review.terminal import Typed, wish_of

    desk = _desk(workspace)
    typed = Typed(
        cells={"decision": decision, "amount": amount, "code": code, "until": until, "to": to, "note": note},
        corrected=correct or (),
        by=by or person().removeprefix("person:"),
    )
    day = today(desk)
    wish = wish_of(about_of(item), typed, day)
    after = Decider(desk, load(desk.workspace.root).rules, day, Bots(desk)).decide(wish)
    say(
        f"{wish.about}: {wish.decision}, {after}",
        {"item": str(wish.about), "state": after},
        as_json=wants_json(as_json),
    )
