"""A page as rows of words, from top to bottom; pages one at a time, so that memory stays flat."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from io import BytesIO
from typing import Any, BinaryIO, cast

import pdfplumber

from payerbots.documents.errors import FetchAgain

SAME_ROW = 3.0
"""Points by which the tops of words in one row may differ."""


@dataclass(frozen=True, slots=True)
class Word:
    """A word and where it stands, in points from the page's upper left."""

    text: str
    left: float
    right: float
    top: float


@dataclass(frozen=True, slots=True)
class Row:
    """Words of one height, from left to right."""

    words: tuple[Word, ...]
    top: float

    @property
    def text(self) -> str:
        """The words with one space between."""
        return " ".join(word.text for word in self.words)


def pages(stream: BinaryIO) -> Iterator[tuple[Row, ...]]:
    """The rows of each page; a page without text has none. `FetchAgain` when it is no PDF that can be opened."""
    try:
        with pdfplumber.open(cast("BytesIO", stream)) as pdf:
            for page in pdf.pages:
                found = _words(page)
                page.close()
                yield _rows(found)
    except Exception as error:  # noqa: BLE001 - on damaged files pdfminer raises whatever it stumbles over
        raise FetchAgain("a PDF that is damaged, locked, or cut off") from RuntimeError(type(error).__name__)


class _Lie(StrEnum):
    """Which way the words of a page run."""

    UPRIGHT = "to the right"
    DOWN = "down: the page lies on its right side"
    HEAD = "to the left: the page stands on its head"
    UP = "up: the page lies on its left side"


_READING: Mapping[_Lie, Mapping[str, str]] = {
    _Lie.UPRIGHT: {},
    _Lie.DOWN: {},
    _Lie.HEAD: {"char_dir": "rtl", "line_dir": "btt"},
    _Lie.UP: {"char_dir_rotated": "btt"},
}
"""In which order pdfplumber puts characters together."""
SAMPLE = 400
"""So many characters tell how a page lies."""


def _words(page: Any) -> list[Word]:  # noqa: ANN401 - pdfplumber has no types
    lie = _lie(page.chars[:SAMPLE])
    found = page.extract_words(x_tolerance=1.5, return_chars=False, **_READING[lie])
    return [_laid(word, lie, page) for word in found]


def _lie(characters: Sequence[dict[str, Any]]) -> _Lie:
    """How most of the characters are turned, by the matrix that each is drawn with."""
    counted = Counter(_turned(*character["matrix"][:2]) for character in characters)
    return counted.most_common(1)[0][0] if counted else _Lie.UPRIGHT


def _turned(along: float, across: float) -> _Lie:
    if abs(along) >= abs(across):
        return _Lie.UPRIGHT if along >= 0 else _Lie.HEAD
    return _Lie.UP if across > 0 else _Lie.DOWN


def _laid(word: dict[str, Any], lie: _Lie, page: Any) -> Word:  # noqa: ANN401 - as above
    """The word where it would stand if the page lay upright."""
    width, height = float(page.width), float(page.height)
    left, right, top, bottom = word["x0"], word["x1"], word["top"], word["bottom"]
    if lie is _Lie.DOWN:
        return Word(word["text"], top, bottom, width - right)
    if lie is _Lie.HEAD:
        return Word(word["text"], width - right, width - left, height - bottom)
    if lie is _Lie.UP:
        return Word(word["text"], height - bottom, height - top, left)
    return Word(word["text"], left, right, top)


def _rows(words: list[Word]) -> tuple[Row, ...]:
    rows: list[list[Word]] = []
    for word in sorted(words, key=lambda each: (each.top, each.left)):
        if rows and word.top - rows[-1][0].top <= SAME_ROW:
            rows[-1].append(word)
        else:
            rows.append([word])
    return tuple(Row(tuple(sorted(row, key=lambda each: each.left)), row[0].top) for row in rows)
