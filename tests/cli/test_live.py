"""What a run shows while it goes on: bars with rate and time left on a terminal, plain lines elsewhere."""

import asyncio
import io
from collections.abc import Sequence
from datetime import UTC, datetime

import pytest
from rich.console import Console

from payerbots.cli import bars
from payerbots.cli.live import Board
from payerbots.engine.worker import Progress
from payerbots.ledger.progress import Course, LateException
from payerbots.ledger.records import RunView
from tests.ledger.conftest import empty_ledger, sqlite_desk  # noqa: F401 - fixtures are found by their names
from tests.ledger.desk import DONE, Desk, new_item
from tests.support import LoopThread

NOW = datetime(2026, 11, 22, 15, 0, tzinfo=UTC)


def course(**values: float | str) -> Course:
    given: dict[str, object] = {
        "bot": "eligibility",
        "portal": "summit_health",
        "total": 40,
        "left": 30,
        "running": 2,
        "for_a_person": 3,
        "per_minute": 12.0,
        "sessions": 2,
    }
    return Course(**{**given, **values})  # type: ignore[arg-type]  # a test's own values


def shown(courses: Sequence[Course], exceptions: Sequence[LateException] = ()) -> str:
    console = Console(file=io.StringIO(), width=120, force_terminal=False)
    console.print(bars.drawn(courses, exceptions))
    assert isinstance(console.file, io.StringIO)
    return console.file.getvalue()


def test_a_bar_with_rate_time_left_sessions_and_exceptions() -> None:
    line = shown([course()])
    for part in (
        "eligibility",
        "summit_health",
        "━",
        "10/40",
        "12/min",
        "2 min left",
        "2 sessions, 3 for a person",
    ):
        assert part in line


@pytest.mark.parametrize(
    ("values", "told"),
    [
        ({"left": 0}, "done"),
        ({"per_minute": 0.0}, ""),
        ({"left": 5, "per_minute": 60.0}, "5 s left"),
        ({"left": 600, "per_minute": 4.0}, "2 h 30 min left"),
    ],
)
def test_the_time_left_in_words(values: dict[str, float], told: str) -> None:
    assert bars.left(course(**values)) == told


def test_exceptions_stand_below_as_they_come() -> None:
    late = LateException(1042, "summit_health", "exception", "MEMBER_NOT_FOUND", NOW)
    assert "item 1042 exception: MEMBER_NOT_FOUND (summit_health)" in shown([course()], [late])


def test_without_a_terminal_there_are_plain_lines(capsys: pytest.CaptureFixture[str]) -> None:
    board = Board("eligibility", console=Console(file=io.StringIO(), force_terminal=False))
    with board.shown():
        board.collected(2, view({"new": 2, "done": 1}))
        board.step(Progress(7, "summit", "waiting", "", ()))
        board.step(Progress(7, "summit", "exception", "AUTH_NEEDED", ()))
    assert capsys.readouterr().err.splitlines() == [
        "[1/3] 3 items, 2 new, 2 to ask",
        "[2/3] item 7 exception: AUTH_NEEDED",
    ]


def view(counts: dict[str, int], number: int = 1) -> RunView:
    return RunView(
        id=number,
        bot="eligibility",
        state="running",
        day=NOW.date(),
        created_at=NOW,
        counts=counts,
        options=b"",
    )


def test_on_a_terminal_the_bars_follow_the_ledger(
    sqlite_desk: Desk,  # noqa: F811 - the fixture
    loop_thread: LoopThread,
) -> None:
    desk = sqlite_desk
    number = desk.fill(new_item(1), new_item(2))
    out = io.StringIO()
    board = Board("eligibility", console=Console(file=out, force_terminal=True, width=120))

    desk.finish(desk.claimed(), DONE)
    with board.shown():
        board.collected(2, view({"new": 1, "done": 1}, number))
        loop_thread.run(_until(board, desk, out))
    assert "summit" in out.getvalue()


async def _until(board: Board, desk: Desk, out: io.StringIO) -> None:
    async with board.refreshed(desk.ledger):
        while "1/2" not in out.getvalue():  # noqa: ASYNC110 - no event tells what is drawn
            await asyncio.sleep(0.02)
