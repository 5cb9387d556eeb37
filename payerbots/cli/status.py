"""`payerbots status`: what runs, what is next, what waits, what stands still."""

from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import typer

from payerbots.cli.ledger import open_ledger
from payerbots.cli.options import JsonOption, WorkspaceOption, print_json, wants_json

if TYPE_CHECKING:
    from payerbots.operation.status import Standing

app = typer.Typer(add_completion=False, rich_markup_mode=None)


@app.command(epilog="Examples:  payerbots status   |   payerbots status --json")
def status(workspace: WorkspaceOption = None, as_json: JsonOption = False) -> None:
    """Show what runs and what is next, each bot's backlog against what is promised, portals and processes.

    Exit code 1 says that something needs a person; the first lines say what.
    """
    from payerbots.operation.status import standing

    space, ledger = open_ledger(workspace)
    found = standing(space, ledger)
    if wants_json(as_json):
        print_json({**found.values, "wrong": list(found.wrong)})
    else:
        _show(found, space.zone)
    raise typer.Exit(1 if found.wrong else 0)


def _show(found: "Standing", zone: ZoneInfo) -> None:
    from rich.console import Console
    from rich.text import Text

    values, now = found.values, found.values["at"]
    console = Console()
    for line in found.wrong:
        console.print(Text(f"! {line}", "bold red"), soft_wrap=True)
    for title, lines in {
        "Processes": _processes(values, now),
        "Runs": [_run(row, now) for row in values["runs"]] or ["none"],
        "Next": [_next(row, now, zone) for row in values["next"]] or ["nothing is scheduled"],
        "Backlog": [_backlog(row, now, zone) for row in values["backlog"]] or ["nothing waits"],
        "Portals": [_portal(row, zone) for row in values["portals"]],
        "Notices": _notices(values["notices"]),
    }.items():
        console.print(Text(title, "bold"))
        for line in lines:
            console.print(Text(f"  {line}"), soft_wrap=True)


def _processes(values: Mapping[str, Any], now: datetime) -> list[str]:
    leader = values["scheduler"]
    scheduler = (
        f"{leader['host']} {leader['pid']}, leads for {_ago(leader['since'], now)}" if leader else "none"
    )
    workers = [
        f"worker     {row['host']} {row['pid']}, {row['state']}, {row['busy']}/{row['places']} busy, {row['megabytes']} MB"
        for row in values["workers"]
    ]
    others = [f"{row['name']:<10} {row['host']} {row['pid']}, {row['state']}" for row in values["services"]]
    return [f"scheduler  {scheduler}", *(workers or ["worker     none"]), *others]


def _run(row: Mapping[str, Any], now: datetime) -> str:
    return (
        f"run {row['id']}  {row['bot']}  {row['items'] - row['left']}/{row['items']} items, "
        f"{row['for_a_person']} for a person, for {_ago(row['created_at'], now)}"
    )


def _next(row: Mapping[str, Any], now: datetime, zone: ZoneInfo) -> str:
    at = row["at"].astimezone(zone)
    return f"{at:%a %m/%d %H:%M}  {row['schedule']}  ({row['bot']}, in {_ago(now, row['at'])})"


def _backlog(row: Mapping[str, Any], now: datetime, zone: ZoneInfo) -> str:
    parts = [
        f"{row['open']} open"
        + (f", the oldest {_ago(row['oldest_open'], now)}" if row["oldest_open"] else "")
    ]
    if row["not_before"]:
        kept = "LATE" if row["late"] else "within"
        parts.append(f"{kept}: none older than {row['not_before'].astimezone(zone):%m/%d %H:%M}")
    if row["for_a_person"]:
        since = row["oldest_for_a_person"]
        parts.append(
            f"{row['for_a_person']} for a person" + (f", the oldest {_ago(since, now)}" if since else "")
        )
    return f"{row['bot']}: {'; '.join(parts)}"


def _portal(row: Mapping[str, Any], zone: ZoneInfo) -> str:
    until = f" until {row['until'].astimezone(zone):%m/%d %H:%M}" if row["until"] else ""
    why = " ".join(part for part in (row["reason"], row["message"]) if part)
    return f"{row['portal']}: {row['state']}{until}{f' ({why})' if why else ''}"


def _notices(row: Mapping[str, Any]) -> list[str]:
    waiting = row["waiting"] + row["unplanned"]
    failing = [f"{one['person']}: {one['count']} not told, {one['error']}" for one in row["failing"]]
    return [f"{waiting} wait to be told", *failing]


def _ago(earlier: datetime, later: datetime) -> str:
    minutes = int((later - earlier).total_seconds() // 60)
    days, hours = minutes // 1440, minutes // 60 % 24
    if days:
        return f"{days} d {hours} h"
    return f"{hours} h {minutes % 60} min" if hours else f"{minutes} min"
