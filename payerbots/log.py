"""The log: one file in the data folder, and warnings on the terminal. It holds item numbers, never a person.

loguru's default prints variables in tracebacks, and variables hold health information: `diagnose` is off,
and what is logged of an exception is its class and place only (`place_of`).
"""

import sys
from pathlib import Path
from traceback import extract_tb

from loguru import logger

_FORMAT = "{time:YYYY-MM-DD HH:mm:ss.SSS!UTC}Z {level:<7} {extra[where]} {message}"


def start(folder: Path | None, *, terminal_level: str = "WARNING") -> None:
    """Sends the log to `folder` (14 days kept) and, from `terminal_level` on, to standard error."""
    logger.remove()
    logger.configure(extra={"where": "-"})
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


def place_of(error: BaseException) -> str:
    """`ValueError at check_eligibility.py:41`: class and place, without the text, which may hold anything."""
    frames = extract_tb(error.__traceback__)
    place = f" at {Path(frames[-1].filename).name}:{frames[-1].lineno}" if frames else ""
    return f"{type(error).__name__}{place}"
