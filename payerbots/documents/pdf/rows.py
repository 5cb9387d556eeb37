"""A page as rows of words, from top to bottom; pages one at a time, so that memory stays flat."""

from collections.abc import Iterator
from dataclasses import dataclass
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


def _words(page: Any) -> list[Word]:  # noqa: ANN401 - pdfplumber has no types
    found = page.extract_words(x_tolerance=1.5, return_chars=False)
    turned = sum(not word["upright"] for word in found) * 2 > len(found)
    return [_turned(word, page) if turned else _upright(word) for word in found]


def _upright(word: dict[str, Any]) -> Word:
    return Word(word["text"], word["x0"], word["x1"], word["top"])


def _turned(word: dict[str, Any], page: Any) -> Word:  # noqa: ANN401 - as above
    """A word that runs down the page: the page lies on its side."""
    return Word(word["text"], word["top"], word["bottom"], float(page.width) - word["x1"])


def _rows(words: list[Word]) -> tuple[Row, ...]:
    rows: list[list[Word]] = []
    for word in sorted(words, key=lambda each: (each.top, each.left)):
        if rows and word.top - rows[-1][0].top <= SAME_ROW:
            rows[-1].append(word)
        else:
            rows.append([word])
    return tuple(Row(tuple(sorted(row, key=lambda each: each.left)), row[0].top) for row in rows)
