"""`payerbots schedules`: what is scheduled, proving it, seeing what comes, and pausing it."""

import json
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from payerbots.cli.ledger import open_ledger, person, show_rows
from payerbots.cli.options import (
    BrowserOption,
    JsonOption,
    WorkspaceOption,
    find_workspace,
    print_json,
    say,
    wants_json,
)

if TYPE_CHECKING:
    from payerbots.ledger.records import Ledger
    from payerbots.ledger.schedules import SlotView, Standing
    from payerbots.schedule.config import Book, Schedule
    from payerbots.workspace import Workspace

app = typer.Typer(
    add_completion=False,
    rich_markup_mode=None,
    no_args_is_help=True,
    help="See what is scheduled and what comes; prove schedules.yaml; pause, resume or run a schedule now.",
    epilog="Examples:  payerbots schedules check   |   payerbots schedules next --days 2   |   "
    "payerbots schedules preview --out week.png   |   payerbots schedules pause eligibility-morning --hours 4",
)

NameArgument = Annotated[str, typer.Argument(help="The schedule, as in schedules.yaml.")]
NamesArgument = Annotated[list[str] | None, typer.Argument(help="Schedules, as in schedules.yaml.")]
AllOption = Annotated[bool, typer.Option("--all", help="All schedules.")]


@app.command("list")
def list_(workspace: WorkspaceOption = None, as_json: JsonOption = False) -> None:
    """Show every schedule: when, its next slot, its last one and what came of it, and whether it is paused."""
    from payerbots.ledger import schedules
    from payerbots.schedule.words import when

    space, ledger, book = _opened(workspace)
    standing, last, now = schedules.standings(), schedules.last_started(ledger), ledger.now()
    rows = []
    for name, one in book.schedules.items():
        coming = _next(book, name, now)
        rows.append(
            {
                "schedule": name,
                "bot": one.bot,
                "when": when(one),
                "next": f"{coming:%a %Y-%m-%d %H:%M}" if coming else None,
                "last": _told(last.get(name)),
                "paused": _paused(standing.get(name), now, space),
            }
        )
    leads = schedules.leader(ledger)
    if wants_json(as_json):
        print_json({"scheduler": vars(leads) if leads else None, "schedules": rows})
        return
    show_rows(rows, ("schedule", "bot", "when", "next", "last", "paused"), as_json=False)
    if leads is None:
        typer.echo("no scheduler runs: payerbots scheduler")


def _told(last: "SlotView | None") -> str | None:
    return None if last is None else f"run {last.run} {last.run_state}"


def _paused(standing: "Standing | None", now: datetime, space: "Workspace") -> str | None:
    if standing is None or not standing.is_paused(now) or standing.paused_at is None:
        return None
    until = standing.paused_until
    told = f" until {until.astimezone(space.zone):%a %H:%M}" if until else ""
    return f"by {standing.paused_by} since {standing.paused_at.astimezone(space.zone):%a %H:%M}{told}"


def _next(book: "Book", name: str, now: datetime) -> datetime | None:
    from payerbots.schedule.slots import next_slot

    found = next_slot(book.timing(name), now)
    return found.wall if found else None


@app.command()
def check(workspace: WorkspaceOption = None, as_json: JsonOption = False) -> None:
    """Prove schedules.yaml: what is wrong in it, and what may surprise.

    It tells of times that a change of the clocks skips or repeats, of portals that are closed, of bots that
    want one login at once, and of chains that loop. Exit code 2: something is wrong; 1: something may surprise.
    """
    from payerbots.schedule.checks import findings
    from payerbots.schedule.config import FILE
    from payerbots.schedule.reading import Office, Reader

    space = find_workspace(workspace)
    reader = Reader(space.root / FILE, Office.of(space))
    wrong = [str(problem) for problem in reader.problems()]
    book = reader.book()
    wrong += _cannot_start(space, book)
    found = findings(_checked(space, book)) if not wrong else []
    if wants_json(as_json):
        print_json(
            {"schedules": list(book.schedules), "wrong": wrong, "findings": [vars(one) for one in found]}
        )
    else:
        for line in wrong:
            typer.echo(f"wrong    {line}")
        for one in found:
            typer.echo(f"look     {one.schedule}: {one.text}")
        if not wrong:
            typer.echo(f"{len(book.schedules)} schedules are right; {len(found)} to look at")
    raise typer.Exit(2 if wrong else 1 if found else 0)


def _checked(space: "Workspace", book: "Book") -> Any:  # noqa: ANN401 - a record that only `check` needs
    from payerbots.engine.orders import prepare
    from payerbots.schedule.acting import order_of
    from payerbots.schedule.checks import Checked

    def uses(one: "Schedule") -> list[str]:
        return [portal.name for portal in prepare(space, order_of(space, one)).portals]

    return Checked(book, space.portals, uses, space.root, space.clock())


def _cannot_start(space: "Workspace", book: "Book") -> list[str]:
    """Schedules whose runs could not start: a bot that cannot be loaded, a portal that forbids robots."""
    from payerbots.engine.orders import prepare
    from payerbots.errors import ConfigError
    from payerbots.schedule.acting import order_of

    wrong = []
    for name, one in book.schedules.items():
        try:
            prepare(space, order_of(space, one))
        except ConfigError as error:
            wrong.append(f"{name}: {error}")
    return wrong


@app.command("next")
def next_(
    names: NamesArgument = None,
    days: Annotated[int, typer.Option("--days", min=1, max=400, help="How far ahead.")] = 7,
    workspace: WorkspaceOption = None,
    as_json: JsonOption = False,
) -> None:
    """Show the slots that come, in the order of their times, on the wall clock of each schedule's zone."""
    from payerbots.ledger import schedules
    from payerbots.schedule.slots import slots

    _, ledger, book = _opened(workspace)
    now, standing = ledger.now(), schedules.standings()
    rows = []
    for name in _known(book, names) or list(book.schedules):
        timing = book.timing(name)
        for slot in slots(timing, now, now + timedelta(days=days)):
            paused = name in standing and standing[name].is_paused(slot.at)
            moved = f"named {slot.nominal:%H:%M}: the clocks go forward" if slot.is_moved else ""
            late = slot.start_at - slot.at
            rows.append(
                {
                    "at": slot.at.isoformat(timespec="seconds"),
                    "when": f"{slot.wall:%a %Y-%m-%d %H:%M}",
                    "zone": timing.zone.key,
                    "schedule": name,
                    "bot": book.schedules[name].bot,
                    "note": ("paused" if paused else moved)
                    or (f"starts {late.total_seconds():.0f} s later" if late else ""),
                }
            )
    rows.sort(key=lambda row: (row["at"], row["schedule"]))
    if wants_json(as_json):
        print_json(rows)
        return
    show_rows(rows, ("when", "zone", "schedule", "bot", "note"), as_json=False)
    _echo_untimed(book, names)


def _echo_untimed(book: "Book", names: list[str] | None) -> None:
    from payerbots.schedule.words import when

    for name, one in book.schedules.items():
        if one.cron is None and one.every is None and name in (names or book.schedules):
            typer.echo(f"{name}: {when(one)}")


@app.command()
def slots(
    names: NamesArgument = None,
    days: Annotated[int, typer.Option("--days", min=1, max=400, help="How far back.")] = 7,
    workspace: WorkspaceOption = None,
    as_json: JsonOption = False,
) -> None:
    """Show the slots that were due: started as which run, or why not."""
    from payerbots.ledger import schedules
    from payerbots.ledger.models import SlotReason

    space, ledger = open_ledger(workspace)
    rows = [
        {
            "at": f"{one.at.astimezone(space.zone):%a %Y-%m-%d %H:%M}",
            "schedule": one.schedule,
            "state": one.state,
            "run": one.run,
            "run_state": one.run_state,
            "due_by": f"{one.due_by.astimezone(space.zone):%H:%M}" if one.due_by else None,
            "why": one.note or (SlotReason(one.reason).label if one.reason else None),
        }
        for one in schedules.lately(ledger, ledger.now() - timedelta(days=days))
        if not names or one.schedule in names
    ]
    columns = ("at", "schedule", "state", "run", "run_state", "due_by", "why")
    show_rows(rows, columns, as_json=wants_json(as_json))


@app.command()
def preview(
    out: Annotated[Path, typer.Option("--out", help="Where the picture goes: .html or .png.")],
    start: Annotated[str, typer.Option("--from", help="A day of the week to draw, such as 2026-11-02.")] = "",
    browser: BrowserOption = None,
    workspace: WorkspaceOption = None,
    as_json: JsonOption = False,
) -> None:
    """Draw a week's calendar of all schedules, in the office's time zone."""
    import asyncio

    from payerbots.errors import ConfigError
    from payerbots.schedule.preview import html, picture
    from payerbots.schedule.reading import of_workspace
    from payerbots.schedule.week import week_of

    space = find_workspace(workspace)
    if out.suffix.lower() not in {".html", ".png"}:
        raise ConfigError(f"--out: found {out.name!r}, allowed: a name that ends in .html or .png")
    try:
        day = date.fromisoformat(start) if start else space.today
    except ValueError:
        raise ConfigError(f"--from: found {start!r}, allowed: a day such as 2026-11-02") from None
    drawn = html(week_of(of_workspace(space), day, space.clock()))
    if out.suffix.lower() == ".png":
        out.write_bytes(asyncio.run(picture(drawn, browser)))
    else:
        out.write_text(drawn, encoding="utf-8")
    say(f"drawn to {out}", {"out": str(out)}, as_json=wants_json(as_json))


@app.command()
def pause(
    names: NamesArgument = None,
    everything: AllOption = False,
    hours: Annotated[float | None, typer.Option(min=0.01, help="For how long; else until resumed.")] = None,
    workspace: WorkspaceOption = None,
    as_json: JsonOption = False,
) -> None:
    """Skip the slots of schedules for a while, or until they are resumed. What runs already goes on."""
    from payerbots.ledger import schedules

    _, ledger, book = _opened(workspace)
    wanted = _wanted(book, names, everything=everything)
    schedules.pause(ledger, wanted, person(), None if hours is None else timedelta(hours=hours))
    until = f"for {hours:g} hours" if hours else "until: payerbots schedules resume"
    say(
        f"{', '.join(wanted)}: paused {until}",
        {"paused": wanted, "hours": hours},
        as_json=wants_json(as_json),
    )


@app.command()
def resume(
    names: NamesArgument = None,
    everything: AllOption = False,
    workspace: WorkspaceOption = None,
    as_json: JsonOption = False,
) -> None:
    """Let paused schedules run again from now on. What was skipped meanwhile stays skipped: see `run-now`."""
    from payerbots.ledger import schedules

    _, ledger, book = _opened(workspace)
    resumed = schedules.resume(ledger, _wanted(book, names, everything=everything), person())
    told = f"{', '.join(resumed)}: resumed" if resumed else "none of them was paused"
    say(told, {"resumed": resumed}, as_json=wants_json(as_json))


@app.command("run-now")
def run_now(
    name: NameArgument,
    workspace: WorkspaceOption = None,
    as_json: JsonOption = False,
) -> None:
    """Start a schedule's run now, also while it is paused; workers do it. Its slots stay as they are."""
    from payerbots.schedule.by_hand import run_now as start
    from payerbots.schedule.shelf import Edition

    space, ledger, book = _opened(workspace)
    (one,) = _known(book, [name])
    runs = start(Edition(book, space), ledger, book.schedules[one], person())
    told = ", ".join(f"run {run}" for run in runs)
    say(
        f"{name}: {told} is left to the workers",
        {"schedule": name, "runs": runs},
        as_json=wants_json(as_json),
    )


@app.command()
def schema(
    out: Annotated[Path | None, typer.Option("--out", help="Where it goes; else it is printed.")] = None,
    names: Annotated[
        bool,
        typer.Option("--names", help="With this workspace's bots and portals, so that editors offer them."),
    ] = False,
    workspace: WorkspaceOption = None,
) -> None:
    """Print the JSON Schema of schedules.yaml. Editors use the one that the file's first line names."""
    from payerbots.schedule.json_schema import schema as made

    space = find_workspace(workspace) if names else None
    known = (tuple(space.bot_names()), tuple(space.portals)) if space is not None else ()
    text = json.dumps(made(*known), indent=1) + "\n"
    if out is None:
        typer.echo(text, nl=False)
    else:
        out.write_text(text, encoding="utf-8")
        typer.echo(f"written to {out}")


def _opened(given: Path | None) -> "tuple[Workspace, Ledger, Book]":
    from payerbots.schedule.reading import of_workspace

    space, ledger = open_ledger(given)
    return space, ledger, of_workspace(space)


def _known(book: "Book", names: list[str] | None) -> list[str]:
    from payerbots.errors import ConfigError

    for name in names or ():
        if name not in book.schedules:
            known = ", ".join(book.schedules) or "none"
            raise ConfigError(f"no schedule {name!r}; schedules.yaml has: {known}")
    return list(names or ())


def _wanted(book: "Book", names: list[str] | None, *, everything: bool) -> list[str]:
    from payerbots.errors import ConfigError

    if bool(names) == everything:
        raise ConfigError("name the schedules, or say --all")
    return _known(book, names) or list(book.schedules)
