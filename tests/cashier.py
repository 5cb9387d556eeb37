"""This repository's workspace at all practice sites, in this process: its money bots, day by day."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from payerbots import log
from payerbots.browser.chromium import Chromium
from payerbots.cli.practice import practice_environment
from payerbots.engine.delivering import RunReport
from payerbots.engine.runner import Order, Runner
from payerbots.engine.worker import Progress
from payerbots.sandbox import sites
from payerbots.sandbox.money import clearinghouse
from payerbots.sandbox.server import PracticeSite
from payerbots.settings import Settings
from payerbots.workspace import Workspace
from tests.support import ROOT, LoopThread, one_login

SECONDS = 220.0
"""One run over a whole world, on a machine that is busy with others."""


@dataclass(kw_only=True)
class Cashier:
    """An office whose day is `day`, at sites that show what has come by then."""

    folder: Path
    seed: int
    world_day: date
    """The day that the world was made for."""
    day: date
    sites: Mapping[str, PracticeSite]
    workspace: Workspace
    loop: LoopThread
    chromium: Chromium
    steps: list[Progress] = field(default_factory=list)

    @property
    def out(self) -> Path:
        """Where files go."""
        return self.folder / "out"

    def run(self, bot: str, portals: Sequence[str] = (), **order: Any) -> RunReport:
        """Runs a bot to its end; remittance looks into the input folder too."""
        given = {"input": self.folder / "in"} if bot == "remittance" and not portals else {}
        wanted = Order(**{"bot": bot, "portals": portals, "out": self.out, **given, **order})
        runner = Runner(self.workspace, watch=self.steps.append, chromium=self.chromium)
        return self.loop.run(runner.run(wanted), SECONDS)

    def both(self) -> dict[str, Any]:
        """Remittances, then the bank; the figures of the second run, which knows both."""
        self.run("remittance")
        return self.run("lockbox").figures

    def files(self) -> dict[str, bytes]:
        """What has been delivered."""
        return {path.name: path.read_bytes() for path in sorted(self.out.iterdir())}

    @property
    def log(self) -> str:
        """All that was logged."""
        return "".join(file.read_text() for file in sorted((self.workspace.data / "logs").iterdir()))


def _clock(shift: timedelta) -> Any:
    return lambda: datetime.now(UTC) + shift


@contextmanager
def cashier(
    folder: Path,
    loop: LoopThread,
    chromium: Chromium,
    *,
    seed: int = 1,
    world_day: date,
    later: timedelta = timedelta(0),
) -> Iterator[Cashier]:
    """The office and its sites. The world was made for `world_day`; `later` is how far the office has come since.

    Sites show what has come by the office's day: the end of it, for what comes during a day has come by then.
    """
    day = world_day + later
    behind = datetime.combine(day, datetime.now(UTC).time(), tzinfo=UTC) - datetime.now(UTC)
    with ExitStack() as stack, pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_CONFIG_HOME", str(folder / "config"))
        served = {
            name: stack.enter_context(PracticeSite(*sites.make(name, seed, world_day)))
            for name in sites.NAMES
        }
        for site in served.values():
            _show(site, day)
        urls = {name: site.url for name, site in served.items()}
        for name, value in practice_environment(urls.pop(sites.SUMMIT), **urls).items():
            patch.setenv(name, value)
        (folder / "in").mkdir(exist_ok=True)
        clearinghouse.write(folder / "in", seed, world_day, day)
        clearinghouse.write_claims(folder / "claims.csv", seed, world_day)
        settings = Settings(data=folder / "data", retry_pace=0.001, zone="UTC", claims=folder / "claims.csv")
        workspace = one_login(Workspace(ROOT, settings, _clock(behind)))
        office = Cashier(
            folder=folder,
            seed=seed,
            world_day=world_day,
            day=day,
            sites=served,
            workspace=workspace,
            loop=loop,
            chromium=chromium,
        )
        workspace.connect()
        log.start(workspace.data / "logs")
        yield office


def _show(site: PracticeSite, day: date) -> None:
    """Makes a site show by now, whatever the hour, exactly what has come by the end of a day."""
    state: Any = site._state
    moved = _Moved(day)
    if hasattr(state, "world") and hasattr(state, "notices"):
        vars(state)["notices"] = tuple(
            replace(one, posted_at=moved(one.posted_at), available_from=moved(one.available_from))
            for one in state.notices
        )
    elif not hasattr(state, "shelf"):
        return  # the clearinghouse has no money
    elif hasattr(state.shelf, "remittances"):
        state.shelf = replace(
            state.shelf,
            remittances=tuple(
                replace(
                    one,
                    posted_at=moved(one.posted_at),
                    available_from=moved(one.available_from) if one.available_from else None,
                )
                for one in state.shelf.remittances
            ),
        )
    else:
        state.shelf = replace(state.shelf, days=tuple(_moved_day(one, moved) for one in state.shelf.days))


def _moved_day(day: Any, moved: "_Moved") -> Any:
    files = [
        replace(
            one,
            versions=tuple(replace(each, posted_at=moved(each.posted_at)) for each in one.versions),
        )
        for one in day.files
    ]
    return replace(day, files=tuple(files))


@dataclass(frozen=True)
class _Moved:
    """A moment of the world as the sites' own clock has it: past when it has come by the day, else far ahead."""

    day: date

    def __call__(self, at: datetime) -> datetime:
        if at.date() > self.day:
            return datetime.now(UTC) + timedelta(days=300)
        return min(at, datetime.now(UTC) - timedelta(minutes=1))
