"""Waiting for an action of the browser while something may stand in its way."""

import asyncio
from collections.abc import Awaitable, Callable, Coroutine
from typing import Any, TypeVar

T = TypeVar("T")

_EVERY = 0.5


async def patiently(action: Coroutine[Any, Any, T], meanwhile: Callable[[], Awaitable[object]]) -> T:
    """What the action gives. `meanwhile` is called as long as it does not end, and may clear its way."""
    pending = asyncio.ensure_future(action)
    try:
        while not pending.done():
            await asyncio.wait({pending}, timeout=_EVERY)
            if not pending.done():
                await meanwhile()
        return await pending
    finally:
        if not pending.cancel():
            pending.exception()
