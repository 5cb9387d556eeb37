"""Runs a bot with a progress display, and shows what came of it."""

import asyncio
import signal
import sys
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any

import typer
from rich.console import Console
from rich.table import Table

from payerbots import log
from payerbots.cli.live import Board
from payerbots.cli.options import print_json
from payerbots.delivery.relay import relaying
from payerbots.engine.contract import Delivered
from payerbots.engine.delivering import RunReport
from payerbots.engine.runner import Order, Runner
from payerbots.ledger.records import Ledger
from payerbots.reasons import Reason, text_of
from payerbots.workspace import Workspace


def run_bot(workspace: Workspace, order: Order, *, as_json: bool) -> RunReport:
    """Runs the bot to its end; prints progress on the way and the summary after."""
    log.start(workspace.data / "logs")
    report = _watched(workspace, order, quiet=as_json)
    if as_json:
        print_json(as_plain(report))
    else:
        show(report)
    return report


def run_bots(workspace: Workspace, orders: Sequence[Order], *, as_json: bool) -> list[RunReport]:
    """Runs bots one after the other; prints progress on the way and one summary after."""
    if len(orders) == 1:
        return [run_bot(workspace, orders[0], as_json=as_json)]
    log.start(workspace.data / "logs")
    reports = {order.bot: _watched(workspace, order, quiet=as_json) for order in orders}
    if as_json:
        print_json(all_as_plain(reports))
    else:
        show_all(reports)
    return list(reports.values())


def _watched(workspace: Workspace, order: Order, *, quiet: bool) -> RunReport:
    board = Board(order.bot, quiet=quiet)
    with board.shown():
        return _until_done(Runner(workspace, watch=board.step, collected=board.collected), order, board)


def leave_to_workers(workspace: Workspace, order: Order) -> int:
    """Starts the run for workers to do and deliver; its number."""
    log.start(workspace.data / "logs")
    return asyncio.run(Runner(workspace).leave(order))


def _until_done(runner: Runner, order: Order, board: Board) -> RunReport:
    async def go() -> RunReport:
        task = asyncio.current_task()
        loop = asyncio.get_running_loop()
        if task is not None and sys.platform != "win32":
            for number in (signal.SIGINT, signal.SIGTERM):
                loop.add_signal_handler(number, task.cancel)
        ledger = Ledger(runner.workspace.keys, runner.workspace.clock)
        async with relaying(runner.workspace), board.refreshed(ledger):
            return await runner.run(order)

    try:
        return asyncio.run(go())
    except asyncio.CancelledError:
        Console(stderr=True).print("Interrupted. What was done is saved; run it again to go on.")
        raise typer.Exit(130) from None


def show(report: RunReport) -> None:
    """The summary: counts, exceptions by reason, drift, portals held, files."""
    console = Console()
    console.print(_counts(report))
    _show_rest(console, [report])


def show_all(reports: Mapping[str, RunReport]) -> None:
    """One summary of several runs: the runs, the money by payer, then as of one run."""
    console = Console()
    console.print(_runs(reports))
    figures = {name: value for report in reports.values() for name, value in report.figures.items()}
    if figures.get("payers"):
        console.print(_money(figures["payers"]))
        console.print(_left_over(figures), highlight=False, soft_wrap=True)
    _show_rest(console, list(reports.values()))


def _show_rest(console: Console, reports: Sequence[RunReport]) -> None:
    by_reason = _all_reasons(reports)
    if by_reason:
        console.print(_reasons(by_reason))
    notes = dict.fromkeys(line for report in reports for line in _notes(report))
    written = {file.path: file for report in reports for file in report.files}
    for line in [*notes, *map(_file, written.values())]:
        console.print(line, highlight=False, soft_wrap=True)


def _all_reasons(reports: Iterable[RunReport]) -> dict[str, int]:
    found = Counter[str]()
    for report in reports:
        found.update(report.by_reason)
    return dict(found.most_common())


def _runs(reports: Mapping[str, RunReport]) -> Table:
    table = Table(title="Runs", title_justify="left", show_edge=False)
    table.add_column("bot", style="bold")
    for name in ("run", "state", "items", "new", "exceptions", "seconds"):
        table.add_column(name, justify="right")
    for bot, report in reports.items():
        told = counts(report)
        seconds = f"{report.seconds:.1f}"
        row = (report.run, report.state, told["asked"], told["new in this run"], told["exceptions"], seconds)
        table.add_row(bot, *map(str, row))
    return table


def _money(payers: Sequence[Mapping[str, Any]]) -> Table:
    """Payments by payer and where they stand, with totals."""
    names = ("amount", "ready", "waiting", "exception")
    table = Table(title="Payments by payer", title_justify="left", show_edge=False, show_footer=True)
    table.add_column("payer", footer="all")
    table.add_column("payments", justify="right", footer=str(sum(row["payments"] for row in payers)))
    for name in names:
        total = sum((Decimal(row[name]) for row in payers), Decimal(0))
        table.add_column(name, justify="right", footer=f"{total:,.2f}")
    for row in payers:
        table.add_row(row["payer"], str(row["payments"]), *(f"{Decimal(row[name]):,.2f}" for name in names))
    return table


def _left_over(figures: Mapping[str, Any]) -> str:
    """How money and remittances stand to each other, in a line."""
    states = Counter(row["state"] for row in figures["deposits"])
    ready, denied = figures["lines"]["ready"], figures["denials"]["ready"]
    return (
        f"{ready['lines']} lines ready, {denied['lines']} of them denied (${Decimal(denied['dollars']):,.2f}); "
        f"deposits: {states['matched']} matched, {states['waiting']} waiting, {states['exception']} exceptions"
    )


def _counts(report: RunReport) -> Table:
    table = Table(title=f"Run {report.run} · {report.state}", title_justify="left", show_header=False)
    table.add_column(style="bold")
    table.add_column(justify="right")
    for name, count in counts(report).items():
        table.add_row(name, str(count))
    table.add_row("seconds", f"{report.seconds:.1f}")
    return table


def counts(report: RunReport) -> dict[str, int]:
    """Asked, active, inactive and exceptions of an eligibility run; asked and exceptions of others."""
    answers = report.figures.get("eligibility", [])
    statuses = Counter(row["fields"]["status"] for row in answers)
    return {
        "asked": report.asked,
        "new in this run": report.added,
        "active": statuses.get("active", 0),
        "inactive": statuses.get("inactive", 0),
        "exceptions": sum(report.by_reason.values()),
    }


def _reasons(by_reason: Mapping[str, int]) -> Table:
    table = Table(title="Exceptions by reason", title_justify="left", show_edge=False)
    for name, justify in (
        ("reason", "left"),
        ("count", "right"),
        ("team", "left"),
        ("what it means", "left"),
    ):
        table.add_column(name, justify="right" if justify == "right" else "left", no_wrap=name == "reason")
    for code, count in by_reason.items():
        text = text_of(Reason(code))
        table.add_row(code, str(count), text.team, text.means)
    return table


def _notes(report: RunReport) -> list[str]:
    held = [
        f"[bold]{one.title} was not asked to the end[/]: {one.message} ({one.reason}). "
        f"{text_of(one.reason).advice} "
        + (f"Then: payerbots portals resume {one.portal}. " if one.stopped else "Then run it again. ")
        + f"{one.waiting} items wait."
        for one in report.held
    ]
    drift = [f"The portal has moved, a fallback found it: {line}" for line in report.drift]
    return [*held, *drift]


def _file(file: Delivered) -> str:
    return f"{file.what}: {_short(file.path)}{f' ({file.note})' if file.note else ''}"


def _short(path: Path) -> str:
    try:
        return str(path.relative_to(Path.cwd()))
    except ValueError:
        return str(path)


def as_plain(report: RunReport) -> dict[str, Any]:
    """The report as plain values for `--json`."""
    return {
        "run": report.run,
        "state": str(report.state),
        **counts(report),
        "by_reason": report.by_reason,
        "seconds": round(report.seconds, 1),
        "drift": report.drift,
        "portals_held": {one.portal: one.reason.value for one in report.held},
        "files": {file.what: str(file.path) for file in report.files},
        **report.figures,
    }


def all_as_plain(reports: Mapping[str, RunReport]) -> dict[str, Any]:
    """Several runs as plain values: each by its bot, and what they found together."""
    own = {name: as_plain(report) for name, report in reports.items()}
    figures = {name: value for report in reports.values() for name, value in report.figures.items()}
    return {
        "runs": {
            name: {key: value for key, value in told.items() if key not in figures}
            for name, told in own.items()
        },
        "seconds": round(sum(report.seconds for report in reports.values()), 1),
        "by_reason": _all_reasons(list(reports.values())),
        "files": {what: path for told in own.values() for what, path in told["files"].items()},
        **figures,
    }
