"""`payerbots kpi`: the figures of a time, on the terminal, as JSON, as a workbook, as a page."""

from collections.abc import Sequence
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from payerbots.cli.ledger import open_ledger
from payerbots.cli.options import JsonOption, WorkspaceOption, print_json, wants_json

if TYPE_CHECKING:
    from rich.table import Table

    from payerbots.domain.kpi import Line, Report

app = typer.Typer(add_completion=False, rich_markup_mode=None)


@app.command(
    epilog="Examples:  payerbots kpi   |   payerbots kpi --from 2026-10-01 --to 2026-10-31 --html october.html   |   "
    "payerbots kpi --xlsx kpi.xlsx --json"
)
def kpi(
    first: Annotated[
        datetime | None, typer.Option("--from", formats=["%Y-%m-%d"], help="The first day.")
    ] = None,
    last: Annotated[
        datetime | None, typer.Option("--to", formats=["%Y-%m-%d"], help="The last day; today by itself.")
    ] = None,
    xlsx: Annotated[Path | None, typer.Option("--xlsx", help="Write a workbook with charts.")] = None,
    html: Annotated[Path | None, typer.Option("--html", help="Write a page with charts.")] = None,
    workspace: WorkspaceOption = None,
    as_json: JsonOption = False,
) -> None:
    """Show the figures of a time, the last 30 days by itself, each with what it was reckoned from.

    Everything is counted by the first outcome of an item. What there is no data of says what is missing.
    """
    from payerbots.operation import kpi as figures
    from payerbots.operation.promises import book_of, kept

    space, ledger = open_ledger(workspace)
    today = ledger.now().astimezone(space.zone).date()
    wanted = figures.period(_day(first), _day(last), today)
    due = kept(ledger, space.zone, book_of(space), wanted.first, wanted.last)
    report = figures.report(space, wanted, today, due)
    title = "Key figures"
    written = _write(report, title, xlsx, html)
    if wants_json(as_json):
        print_json(as_plain(report) | {"files": written})
        return
    _show(report, title)
    for file in written:
        typer.echo(f"written: {file}")


def _day(at: datetime | None) -> date | None:
    return at.date() if at else None


def _write(report: "Report", title: str, xlsx: Path | None, html: Path | None) -> list[str]:
    from payerbots.documents.workbook.kpis import write_kpis
    from payerbots.operation.kpi_page import write_page

    written = []
    if xlsx is not None:
        written.append(str(write_kpis(xlsx, report, title)))
    if html is not None:
        written.append(str(write_page(html, report, title)))
    return written


def _show(report: "Report", title: str) -> None:
    from rich.console import Console

    from payerbots.operation.kpi_page import shown

    console = Console()
    console.print(f"{title}, {report.first} to {report.last}", style="bold", highlight=False)
    for one in report.figures:
        if one.value is not None:
            of = f"  {one.of}{f' ({one.note})' if one.note else ''}" if one.of or one.note else ""
            console.print(f"{one.definition.title:<24}[bold]{shown(one):>13}[/]{of}", highlight=False)
            console.print(f"    {one.definition.formula}", style="dim", highlight=False)
    for note, names in _missing(report).items():
        console.print(f"no data, {note}: {', '.join(names)}", style="dim", highlight=False)
    for name, lines in (("bot", report.by_bot), ("portal", report.by_portal), ("payer", report.by_payer)):
        if lines:
            console.print(_lines(name, lines))
    if report.reasons:
        console.print("Exceptions: " + ", ".join(f"{name} {count}" for name, count in report.reasons.items()))


def _missing(report: "Report") -> dict[str, list[str]]:
    """The figures without data, by what is missing."""
    found: dict[str, list[str]] = {}
    for one in report.figures:
        if one.value is None:
            found.setdefault(one.note, []).append(one.definition.title)
    return found


def _lines(what: str, lines: "Sequence[Line]") -> "Table":
    from rich.table import Table

    table = Table(title=f"By {what}", title_justify="left", show_edge=False)
    table.add_column(what, no_wrap=True)
    for name in ("finished", "done", "rate", "exceptions", "retries", "hours saved"):
        table.add_column(name, justify="right")
    for one in lines:
        rate = "-" if one.straight_through is None else f"{one.straight_through} %"
        hours = "no data" if one.minutes is None else f"{one.minutes / 60:,.1f}"
        table.add_row(
            one.name, *(str(n) for n in (one.finished, one.done, rate, one.exceptions, one.retries)), hours
        )
    return table


def as_plain(report: "Report") -> dict[str, Any]:
    """The report as plain values; numbers are numbers, what is missing is null with a note."""
    return {
        "from": report.first,
        "to": report.last,
        "figures": {
            one.definition.key: {
                "title": one.definition.title,
                "value": _number(one.value),
                "unit": one.definition.unit,
                "of": one.of,
                "note": one.note,
                "formula": one.definition.formula,
            }
            for one in report.figures
        },
        "by_bot": [_plain(one) for one in report.by_bot],
        "by_portal": [_plain(one) for one in report.by_portal],
        "by_payer": [_plain(one) for one in report.by_payer],
        "by_week": [_plain(one) for one in report.by_week],
        "exceptions": dict(report.reasons),
        "backlog": [vars(one) for one in report.backlog],
        "unapplied": {name: str(amount) for name, amount in report.unapplied.items()},
        "minutes_by_hand": {bot: _number(one) for bot, one in report.minutes.items()},
    }


def _plain(one: "Line") -> dict[str, Any]:
    return {
        "name": one.name,
        "finished": one.finished,
        "done": one.done,
        "straight_through": _number(one.straight_through),
        "exceptions": one.exceptions,
        "retries": one.retries,
        "minutes_saved": _number(one.minutes),
    }


def _number(value: Any) -> float | int | None:  # noqa: ANN401 - a Decimal or None
    if value is None:
        return None
    return int(value) if value == value.to_integral_value() else float(value)
