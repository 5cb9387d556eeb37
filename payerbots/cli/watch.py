"""`payerbots watch`: a live board of the work."""

import time
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Annotated, Any

import typer

from payerbots.cli.ledger import open_ledger
from payerbots.cli.options import JsonOption, WorkspaceOption, print_json, wants_json

if TYPE_CHECKING:
    from rich.console import RenderableType

    from payerbots.ledger.records import Ledger
    from payerbots.workspace import Workspace

app = typer.Typer(add_completion=False, rich_markup_mode=None)


@app.command(epilog="Examples:  payerbots watch   |   payerbots watch --once   |   payerbots watch --json")
def watch(
    once: Annotated[bool, typer.Option("--once", help="Show it once and end.")] = False,
    every: Annotated[float, typer.Option("--every", min=0.5, help="Seconds between two looks.")] = 2.0,
    workspace: WorkspaceOption = None,
    as_json: JsonOption = False,
) -> None:
    """Show live what runs, what waits, which portals stand still and what a person must be told.

    It ends with Ctrl-C. Where there is no terminal, and with --json, it shows the board once.
    """
    from rich.console import Console
    from rich.live import Live

    space, ledger = open_ledger(workspace)
    if wants_json(as_json):
        print_json(_board(space, ledger))
        return
    console = Console()
    if once or not console.is_terminal:
        console.print(_drawn(_board(space, ledger)))
        return
    try:
        with Live(_drawn(_board(space, ledger)), console=console, screen=True, auto_refresh=False) as live:
            while True:
                time.sleep(every)
                live.update(_drawn(_board(space, ledger)), refresh=True)
    except KeyboardInterrupt:
        return


def _board(space: "Workspace", ledger: "Ledger") -> dict[str, Any]:
    from payerbots.engine.guard import seen
    from payerbots.ledger import progress
    from payerbots.ledger.board import snapshot

    board = snapshot(ledger, timedelta(seconds=space.settings.heartbeat_seconds))
    board["courses"] = [vars(one) for one in progress.courses(ledger)]
    board["exceptions"] = [vars(one) for one in progress.late_exceptions()]
    standing = seen(ledger, space.portals, list(space.portals))
    board["portals"] = [
        {
            "portal": one.portal,
            "state": one.state,
            "reason": one.reason,
            "message": one.message,
            "until": one.until,
        }
        for one in standing.values()
    ]
    return board


def _drawn(board: Mapping[str, Any]) -> "RenderableType":
    from rich.console import Group

    now: datetime = board["at"]
    title = f"payerbots · {now:%Y-%m-%d %H:%M:%S} UTC · last five minutes: {_told(board['ended_lately'])}"
    parts = [
        *_courses(board),
        _portals(board["portals"]),
        _table("Backlog", board["backlog"], _BACKLOG, now, empty="Nothing waits."),
        _table("Runs", board["runs"], _RUNS, now, empty="No run is going on."),
        _table("At hand", board["at_hand"], _AT_HAND, now, empty="No item is worked on."),
        _table("Workers", board["workers"], _WORKERS, now, empty="No worker is alive: payerbots worker"),
    ]
    if board["lost_workers"]:
        parts.append(_table("Workers not heard of", board["lost_workers"], _LOST, now, empty=""))
    if board["notices"]:
        parts.append(_table("Notices", board["notices"], _NOTICES, now, empty=""))
    return Group(title, *parts)


def _courses(board: Mapping[str, Any]) -> "list[RenderableType]":
    from payerbots.cli.bars import drawn
    from payerbots.ledger.progress import Course, LateException

    courses = [Course(**one) for one in board["courses"]]
    return [drawn(courses, [LateException(**one) for one in board["exceptions"]])] if courses else []


def _told(ended: Mapping[str, int]) -> str:
    return ", ".join(f"{count} {outcome}" for outcome, count in ended.items()) or "nothing ended"


_BACKLOG = ("bot", "portal", "ready", "running", "waiting", "oldest")
_RUNS = ("id", "bot", "created_at", "items", "left", "for_a_person")
_AT_HAND = ("item", "bot", "portal", "attempt", "since", "worker")
_WORKERS = ("host", "pid", "state", "busy", "places", "ended", "megabytes", "started_at")
_LOST = ("host", "pid", "busy", "seen_at")
_NOTICES = ("at", "kind", "portal", "message")
_HEADINGS = {
    "created_at": "began",
    "started_at": "up for",
    "seen_at": "last heard",
    "at": "since",
    "oldest": "oldest waits",
    "since": "for",
}
_STYLES = {"open": "green", "paused": "yellow", "stopped": "bold red"}


def _portals(rows: Sequence[Mapping[str, Any]]) -> "RenderableType":
    from rich.table import Table
    from rich.text import Text

    table = Table(title="Portals", title_justify="left", show_edge=False, expand=False)
    for name in ("portal", "state", "until", "why"):
        table.add_column(name)
    for row in rows:
        until = f"{row['until']:%H:%M} UTC" if row["until"] else ""
        why = " ".join(part for part in (row["reason"], row["message"]) if part)
        table.add_row(row["portal"], Text(row["state"], _STYLES.get(row["state"], "")), until, why)
    return table


def _table(
    title: str, rows: Sequence[Mapping[str, Any]], columns: Sequence[str], now: datetime, *, empty: str
) -> "RenderableType":
    from rich.table import Table
    from rich.text import Text

    if not rows:
        return Text(f"{title}: {empty}", style="dim")
    table = Table(title=title, title_justify="left", show_edge=False, expand=False)
    for name in columns:
        number = isinstance(rows[0][name], int) and name != "pid"
        table.add_column(_HEADINGS.get(name, name.replace("_", " ")), justify="right" if number else "left")
    for row in rows:
        table.add_row(*(_cell(row[name], now) for name in columns))
    return table


def _cell(value: object, now: datetime) -> str:
    """A time as how long ago it was."""
    if not isinstance(value, datetime):
        return "-" if value in {None, ""} else str(value)
    gone = int((now - value).total_seconds())
    hours, minutes, seconds = gone // 3600, gone // 60 % 60, gone % 60
    return (
        f"{hours} h {minutes} min" if hours else f"{minutes} min {seconds} s" if minutes else f"{seconds} s"
    )
