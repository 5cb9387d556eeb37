"""The log: one file in the data folder, and warnings on the terminal. It holds item numbers, never a person.

loguru's default prints variables in tracebacks, and variables hold health information: `diagnose` is off,
and what is logged of an exception is its class and place only (`place_of`). Should a text hold more all the
same, it is blacked out on its way: secrets in use, what the item at hand asks for, and what looks like a
person's number or address.
"""

import json
import re
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from pathlib import Path
from traceback import extract_tb
from typing import TYPE_CHECKING, Any

from loguru import logger

if TYPE_CHECKING:
    from loguru import Record

_FORMAT = "{time:YYYY-MM-DD HH:mm:ss.SSS!UTC}Z {level:<7} {extra[where]} {message}"
_BLACK = "•••"
_SHORTEST = 4
"""Characters below which a value is no name: blacking it out would blacken every line."""

_LOOKS_PERSONAL = re.compile(
    r"\b\d{3}-\d{2}-\d{4}\b"  # a social security number
    r"|\b[1-9][AC-HJKMNP-RT-Y][AC-HJKMNP-RT-Y\d]\d-?[AC-HJKMNP-RT-Y][AC-HJKMNP-RT-Y\d]\d-?[AC-HJKMNP-RT-Y]{2}\d{2}\b"  # an MBI
    r"|[\w.+-]+@[\w-]+(?:\.[\w-]+)+"  # an address
    r"|(?<=\?)[^\s?]*=[^\s]*"  # what a URL asks for
)
_secrets: set[str] = set()
_at_hand: ContextVar[bytes] = ContextVar("what the item at hand asks for", default=b"")


def start(folder: Path | None, *, terminal_level: str = "WARNING") -> None:
    """Sends the log to `folder` (14 days kept) and, from `terminal_level` on, to standard error."""
    logger.remove()
    logger.configure(extra={"where": "-"}, patcher=_redact)
    logger.add(sys.stderr, level=terminal_level, format="{level}: {message}", diagnose=False, backtrace=False)
    if folder is not None:
        logger.add(
            folder / "payerbots.log",
            level="INFO",
            format=_FORMAT,
            rotation="00:00",
            retention="14 days",
            diagnose=False,
            backtrace=False,
            encoding="utf-8",
        )


def hide(secrets: Iterable[str]) -> None:
    """From now on these texts never stand in a log line of this process."""
    _secrets.update(one for one in secrets if len(one) >= _SHORTEST)


def is_secret(text: str) -> bool:
    """Whether a text is one of the secrets in use."""
    return text in _secrets


def without_secrets(text: str) -> str:
    """`text` with every secret in use blacked out."""
    for found in sorted(_secrets, key=len, reverse=True):
        text = text.replace(found, _BLACK)
    return text


@contextmanager
def hiding(request: bytes) -> Iterator[None]:
    """Meanwhile no text that stands in `request` (JSON) gets into a log line of this task."""
    token = _at_hand.set(request)
    try:
        yield
    finally:
        _at_hand.reset(token)


def redacted(text: str) -> str:
    """`text` with everything blacked out that a log must not hold."""
    for found in sorted(_secrets | set(_texts(_at_hand.get())), key=len, reverse=True):
        text = re.sub(rf"(?<!\w){re.escape(found)}(?!\w)", _BLACK, text, flags=re.IGNORECASE)
    return _LOOKS_PERSONAL.sub(_BLACK, text)


def place_of(error: BaseException) -> str:
    """`ValueError at check_eligibility.py:41`: class and place, without the text, which may hold anything."""
    frames = extract_tb(error.__traceback__)
    place = f" at {Path(frames[-1].filename).name}:{frames[-1].lineno}" if frames else ""
    return f"{type(error).__name__}{place}"


def _redact(record: "Record") -> None:
    """An exception that is logged as a whole is told by its place; its text and its causes' are left out."""
    told = record["message"]
    raised = record["exception"]
    if raised is not None:
        place = place_of(raised.value) if raised.value else "an exception"
        told, record["exception"] = f"{told} ({place})", None
    record["message"] = redacted(told)


def _texts(request: bytes) -> Iterator[str]:
    if not request:
        return
    try:
        yield from _leaves(json.loads(request))
    except ValueError:
        return


def _leaves(value: Any) -> Iterator[str]:  # noqa: ANN401 - whatever JSON holds
    if isinstance(value, str):
        if len(value) >= _SHORTEST and not value.isspace():
            yield value
    elif isinstance(value, dict):
        for one in value.values():
            yield from _leaves(one)
    elif isinstance(value, list):
        for one in value:
            yield from _leaves(one)
