"""Reading a table that has to be scrolled: one that holds only the rows a person sees, or one that grows."""

import asyncio
import time
from collections.abc import Mapping
from dataclasses import dataclass

from payerbots.browser.screen import Cells, Screen
from payerbots.errors import AnswerIncomplete

_LOOK = 0.05
_STILL = 1.0
"""How long rows may take to change after scrolling, before they are taken for the last ones."""
_GROWN = 60.0
"""How long a table may take to come to its end."""


@dataclass(frozen=True, kw_only=True)
class Virtual:
    """A table of a record, the column that tells its rows apart, and the element that scrolls it."""

    record: str
    table: str
    key: str
    scroll: str


async def read_all(screen: Screen, virtual: Virtual) -> list[Cells]:
    """All rows of a table that is at its top, in order.

    `AnswerIncomplete` when two looks in a row have no row in common: something may lie between them.
    How many there should be, the page says: compare.
    """
    seen = await _rows(screen, virtual, {})
    before = seen
    while await screen.scroll(virtual.scroll):
        now = await _rows(screen, virtual, before)
        if before and not now.keys() & before.keys():
            raise AnswerIncomplete("rows were passed over while the table was scrolled")
        seen |= now
        before = now
    return list(seen.values())


async def _rows(screen: Screen, virtual: Virtual, before: Mapping[str, Cells]) -> dict[str, Cells]:
    """The rows shown now, once they are others than before and all have come."""
    until = time.monotonic() + _STILL
    while True:
        rows = (await screen.read(virtual.record)).rows(virtual.table)
        found = {row[virtual.key] or "": row for row in rows}
        if ("" not in found and found.keys() != before.keys()) or time.monotonic() > until:
            break
        await asyncio.sleep(_LOOK)
    if "" in found:
        raise AnswerIncomplete("rows of a table did not load")
    return found


@dataclass(frozen=True, kw_only=True)
class Growing:
    """A table of a record that grows while an element is scrolled, and the pages that say whether it is whole."""

    record: str
    table: str
    scroll: str
    more: str
    end: str


async def read_growing(screen: Screen, growing: Growing) -> list[Cells]:
    """All rows of a table that grows. `AnswerIncomplete` when it does not come to its end in time."""
    until = time.monotonic() + _GROWN
    while await screen.arrive(growing.end, growing.more) == growing.more:
        if time.monotonic() > until:
            raise AnswerIncomplete("a list did not come to its end")
        if not await screen.scroll(growing.scroll):
            await asyncio.sleep(_LOOK)
    return (await screen.read(growing.record)).rows(growing.table)
