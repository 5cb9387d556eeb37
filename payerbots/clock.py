"""The time, passed in so that a test passes its own."""

from collections.abc import Callable
from datetime import UTC, datetime

Clock = Callable[[], datetime]
"""Gives the present as an aware UTC datetime."""


def utc_now() -> datetime:
    """The present in UTC."""
    return datetime.now(UTC)
