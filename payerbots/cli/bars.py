"""Bars of how far runs have come, for `run` and `watch`."""

from collections.abc import Sequence
from datetime import timedelta

from rich.console import Group, RenderableType
from rich.progress_bar import ProgressBar
from rich.table import Table
from rich.text import Text

from payerbots.ledger.progress import Course, LateException

_WIDTH = 24


def drawn(courses: Sequence[Course], exceptions: Sequence[LateException] = ()) -> RenderableType:
    """A bar for each bot and portal with rate and time left, and the last exceptions."""
    table = Table.grid(padding=(0, 2))
    for justify in ("left", "left", "left", "right", "right", "left", "left"):
        table.add_column(justify="right" if justify == "right" else "left", no_wrap=True)
    for one in courses:
        table.add_row(
            Text(one.bot, "bold"),
            one.portal or "no portal",
            ProgressBar(total=max(one.total, 1), completed=one.ended, width=_WIDTH),
            f"{one.ended}/{one.total}",
            f"{one.per_minute:.0f}/min" if one.per_minute else "",
            left(one),
            _aside(one),
        )
    lines = [Text(told(one), "yellow") for one in exceptions]
    return Group(table, *lines)


def left(one: Course) -> str:
    """How long the rest takes, in words."""
    rest = one.time_left
    if not one.left:
        return "done"
    return "" if rest is None else f"{_words(rest)} left"


def _words(length: timedelta) -> str:
    minutes = int(length.total_seconds() // 60)
    if minutes >= 60:  # noqa: PLR2004 - minutes of an hour
        return f"{minutes // 60} h {minutes % 60} min"
    return f"{minutes} min" if minutes else f"{int(length.total_seconds())} s"


def _aside(one: Course) -> str:
    parts = [
        f"{one.sessions} session{'s' if one.sessions > 1 else ''}" if one.sessions else "",
        f"{one.for_a_person} for a person" if one.for_a_person else "",
    ]
    return ", ".join(part for part in parts if part)


def told(one: LateException) -> str:
    """An item that came to need a person, in one line."""
    return f"item {one.item} {one.state}: {one.reason}" + (f" ({one.portal})" if one.portal else "")
