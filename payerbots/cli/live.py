"""What a run shows while it goes on: bars on a terminal, lines elsewhere."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import AbstractContextManager, asynccontextmanager, nullcontext
from dataclasses import dataclass, field

import typer
from rich.console import Console
from rich.live import Live

from payerbots.cli import bars
from payerbots.engine.database import Database
from payerbots.engine.worker import Progress as Step
from payerbots.ledger import progress
from payerbots.ledger.records import Ledger, RunView
from payerbots.ledger.runs import OPEN

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
