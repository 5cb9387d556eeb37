"""The lines of a bank's file, whatever machine wrote it."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import chain
from typing import BinaryIO

from payerbots.documents.errors import FetchAgain

_BOM = b"\xef\xbb\xbf"
_BLANK = b" \t\r\n\x0c\x1a"
_BINARY = re.compile(rb"[\x00-\x08\x0e-\x19\x1b-\x1f]")
_OTHER_FORMATS = (b"<", b"%PDF", b"PK\x03\x04", b"{\\rtf")
_PIECES = 1024
_LONGEST = 64


@dataclass(frozen=True, slots=True)
class Line:
    """A line that is not empty: its number in the file, from 1, and its text without the blanks at its end."""

    number: int
    text: str


def lines(stream: BinaryIO, width: int | None = None) -> Iterator[Line]:
    """The lines of the stream; of `width` bytes each where the file has no line breaks at all.

    Forgiven: a byte order mark, CR or CR LF, empty lines, blanks and Ctrl-Z at the end, Latin-1 instead of UTF-8.
    Raises `FetchAgain` for what is empty or is no text of a bank: a web page, a PDF, an archive, binary data.
    """
    numbered = ((n, raw.removeprefix(_BOM).rstrip(_BLANK)) for n, raw in enumerate(_pieces(stream, width), 1))
    filled = ((n, raw) for n, raw in numbered if raw)
    first = next(filled, None)
    if first is None:
        raise FetchAgain("the file is empty")
    _refuse_other_formats(first[1])
    for number, raw in chain([first], filled):
        yield Line(number, text_of(raw))


def text_of(raw: bytes) -> str:
    """The line as text without a byte order mark: UTF-8, or Latin-1 where it is not, which every byte is."""
    try:
        return raw.removeprefix(_BOM).decode("utf-8")
    except UnicodeDecodeError:
        return raw.decode("latin-1")


def _pieces(stream: BinaryIO, width: int | None) -> Iterator[bytes]:
    limit = (width or _LONGEST) * _PIECES
    start = stream.readline(len(_BOM)).removeprefix(_BOM)
    if not start.endswith(b"\n"):
        start += stream.readline(limit - len(start))
    for raw in chain([start], iter(lambda: stream.readline(limit), b"")):
        yield from records_of(raw, width)


def records_of(raw: bytes, width: int | None) -> Iterator[bytes]:
    """The records that a line of a stream holds: more where only CR ends them, or nothing but their `width`."""
    for line in raw.removesuffix(b"\n").removesuffix(b"\r").split(b"\r"):
        yield from _blocks(line, width)


def _blocks(line: bytes, width: int | None) -> Iterable[bytes]:
    if width is None or len(line.rstrip(_BLANK)) <= width or len(line) < 2 * width:
        return [line]
    return (line[at : at + width] for at in range(0, len(line), width))


def _refuse_other_formats(first: bytes) -> None:
    start = first.lstrip(_BLANK)
    if start.startswith(_OTHER_FORMATS) or _BINARY.search(start):
        raise FetchAgain("not the text file of a bank")
