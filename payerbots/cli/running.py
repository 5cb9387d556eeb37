"""Runs a bot with a progress display, and shows what came of it."""

import asyncio
import signal
import sys
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import AbstractContextManager, asynccontextmanager, nullcontext
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import typer
from rich.console import Console
from rich.live import Live
from rich.table import Table

from payerbots import log
from payerbots.cli import bars
from payerbots.cli.options import print_json
from payerbots.delivery.relay import relaying
from payerbots.engine.database import Database
from payerbots.engine.delivering import RunReport
from payerbots.engine.runner import Order, Runner
from payerbots.engine.worker import Progress as Step
from payerbots.ledger import progress
from payerbots.ledger.records import Ledger, RunView
from payerbots.ledger.runs import OPEN
from payerbots.reasons import Reason, text_of
from payerbots.workspace import Workspace

_REFRESH_SECONDS = 1.0


@dataclass
class Board:
    """The live display: bars on a terminal, plain lines elsewhere, nothing with `quiet`."""

    bot: str
    quiet: bool = False
    console: Console = field(default_factory=lambda: Console(stderr=True))
    _states: Counter[str] = field(default_factory=Counter)
    _live: Live | None = None
    _total: int = 0
    _run: int | None = None

    def shown(self) -> AbstractContextManager[object]:
        """The display while a run goes on."""
        if self.quiet or not self.console.is_terminal:
            return nullcontext()
        reading = f"{self.bot}: finding out what there is to do"
        self._live = Live(reading, console=self.console, refresh_per_second=4, transient=True)
        return self._live

    def collected(self, added: int, view: RunView) -> None:
        """It is known what there is to do."""
        left = sum(view.counts.get(state, 0) for state in OPEN)
        self._total, self._run = sum(view.counts.values()), view.id
        self._states["done before"] = self._total - left
        self._tell(f"{self._total} items, {added} new, {left} to ask")

    def step(self, step: Step) -> None:
        """An attempt has ended."""
        if step.state in OPEN:
            return
        self._states[step.state] += 1
        reason = f": {step.reason}" if step.reason else ""
        self._tell(f"item {step.item} {step.state}{reason}")

    def _tell(self, line: str) -> None:
        if self._live is None and not self.quiet:
            typer.echo(f"[{sum(self._states.values())}/{self._total}] {line}", err=True)

    @asynccontextmanager
    async def refreshed(self, ledger: Ledger) -> AsyncIterator[None]:
        """Meanwhile the bars follow the ledger, in which other workers' work shows too."""
        if self._live is None:
            yield
            return
        database = Database()
        task = asyncio.create_task(self._refresh(self._live, database, ledger))
        try:
            yield
        finally:
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)
            database.close()

    async def _refresh(self, live: Live, database: Database, ledger: Ledger) -> None:
        while True:
            if self._run is not None:
                found = await database(progress.courses, ledger, self._run)
                live.update(bars.drawn(found, await database(progress.late_exceptions, self._run)))
            await asyncio.sleep(_REFRESH_SECONDS)


def run_bot(workspace: Workspace, order: Order, *, as_json: bool) -> RunReport:
    """Runs the bot to its end; prints progress on the way and the summary after."""
    log.start(workspace.data / "logs")
    board = Board(order.bot, quiet=as_json)
    with board.shown():
        report = _until_done(Runner(workspace, watch=board.step, collected=board.collected), order, board)
    if as_json:
        print_json(as_plain(report))
    else:
        show(report)
    return report


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
        ledger = Ledger(runner.workspace.keys)
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
    if report.by_reason:
        console.print(_reasons(report))
    for line in _notes(report):
        console.print(line, highlight=False, soft_wrap=True)


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


def _reasons(report: RunReport) -> Table:
    table = Table(title="Exceptions by reason", title_justify="left", show_edge=False)
    for name, justify in (
        ("reason", "left"),
        ("count", "right"),
        ("team", "left"),
        ("what it means", "left"),
    ):
        table.add_column(name, justify="right" if justify == "right" else "left", no_wrap=name == "reason")
    for code, count in report.by_reason.items():
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
    files = [
        f"{file.what}: {_short(file.path)}{f' ({file.note})' if file.note else ''}" for file in report.files
    ]
    return [*held, *drift, *files]


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
