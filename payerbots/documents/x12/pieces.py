"""From bytes to segments: the stream is cut at terminators, block by block, and freed of stray white space."""

import re
from collections.abc import Callable, Iterator
from typing import BinaryIO

from payerbots.documents.errors import FetchAgain, KindUnknown
from payerbots.documents.x12.delimiters import Delimiters, opening

CHUNK = 1 << 17
HEAD = 1 << 16
LONGEST_SEGMENT = 1 << 20
"""Bytes; past this a file has no terminator."""
CLOSING = ("SE", "GE", "IEA")
TAGS = (
    "ISA GS ST BHT BPR NTE TRN CUR REF DTM DTP N1 N2 N3 N4 PER RDM LX TS2 TS3 CLP CAS NM1 MIA MOA AMT QTY SVC LQ "
    "PLB HL STC AK1 AK2 AK3 AK4 AK5 AK9 IK3 IK4 IK5 CTX TA1 EB HSD MSG III LS LE AAA DMG INS HI MPI PRV SBR PAT CLM "
    "CL1 PWK CN1 K3 CR1 CR2 CR3 CRC HCP OI SV1 SV5 PS1 LIN CTP SVD MEA CR5 FRM SE GE IEA"
)
KNOWN_TAGS = frozenset(TAGS.split())
"""All segments of the sets that are read; another one is damage."""
_ISA = re.compile(rb"(?:ISA|isa)[^A-Za-z0-9 \t\r\n]")
_KNOWN = "|".join(sorted(KNOWN_TAGS, key=len, reverse=True))
_BLANK = b" \t\r\n"
_NEAR = 512
"""How far back the end of the segment before an ISA is looked for."""
_WRAPPED = 3
"""So many lines of one width, besides the first and the last, are no chance."""


class Pieces:
    """`blocks` gives lists of segments as text; `delimiters` are those that they are written with.

    An ISA is a block by itself. Raises `FetchAgain` for an empty stream, `KindUnknown` where nothing is X12.
    """

    def __init__(self, stream: BinaryIO, problem: Callable[[str, str], None]) -> None:
        self.delimiters = Delimiters("*", ":", "^", "~")
        self.blocks: Iterator[list[str]] = self._read()
        self._stream = stream
        self._problem = problem
        self._buffer = b""
        self._ended = False
        self._width = 0

    def _read(self) -> Iterator[list[str]]:
        self._fill()
        if not self._buffer.strip():
            raise FetchAgain("the file is empty")
        first = True
        while self._buffer.strip():
            yield self._opening(first=first)
            first = False
            while block := self._cut():
                yield self._split(block)
            self._fill()

    def _opening(self, *, first: bool) -> list[str]:
        """ISA as a piece, its delimiters taken; nothing when the file begins without ISA."""
        text = self._buffer[:HEAD].decode("latin-1")
        found = opening(text)
        if found is None and first:
            raise KindUnknown("no X12: neither ISA nor ST was found")
        if found is None or (not first and found.start):
            self._problem("interchange", "an ISA that cannot be read")
            self._buffer = self._buffer[len("ISA") :]
            return []
        if text[: found.start].strip("\xef\xbb\xbf \t\r\n"):
            self._problem("file", "there is text before the first segment")
        self.delimiters = found.delimiters
        self._buffer = self._buffer[found.end :]
        if not found.isa:
            self._problem("interchange", "there is no ISA: delimiters are taken from the first segments")
            return []
        return [found.delimiters.element.join(found.isa)]

    # -- cutting ------------------------------------------------------------------------------------------

    def _fill(self) -> None:
        while not self._ended and len(self._buffer) < HEAD:
            self._more()

    def _more(self) -> None:
        chunk = self._stream.read(CHUNK)
        self._ended = not chunk
        self._buffer += chunk

    def _cut(self) -> bytes:
        """The bytes of the next whole segments; none at the next ISA and at the end."""
        ender = self.delimiters.segment.encode("latin-1")
        while True:
            isa = self._next_isa(ender)
            end = isa if isa is not None else self._buffer.rfind(ender) + 1
            if isa is not None or end:
                return self._take(end)
            if self._ended:
                return self._unfinished()
            if len(self._buffer) > LONGEST_SEGMENT:
                return self._endless()
            self._more()

    def _take(self, end: int) -> bytes:
        block, self._buffer = self._buffer[:end], self._buffer[end:]
        return block

    def _unfinished(self) -> bytes:
        """What stands after the last terminator: kept only if it closes something, for it may be half a figure."""
        rest = self._take(len(self._buffer)).strip()
        if rest and not rest.upper().startswith(tuple(tag.encode() for tag in CLOSING)):
            self._problem(
                "file", "the file ends inside a segment: it was cut off, and that segment is left out"
            )
            return b""
        return rest

    def _endless(self) -> bytes:
        self._problem("file", f"no segment ends within {LONGEST_SEGMENT} bytes: the rest was not read")
        self._buffer, self._ended = b"", True
        return b""

    def _next_isa(self, ender: bytes) -> int | None:
        if b"ISA" not in self._buffer and b"isa" not in self._buffer:  # much faster than the pattern
            return None
        for found in _ISA.finditer(self._buffer):
            before = self._buffer[max(0, found.start() - _NEAR) : found.start()]
            bare = before.rstrip(_BLANK)
            if not bare or bare.endswith(ender) or before[len(bare) :].strip(b" \t"):
                return found.start()
        return None

    # -- cleaning -----------------------------------------------------------------------------------------

    def _split(self, block: bytes) -> list[str]:
        ender = self.delimiters.segment
        text = _decode(block, ender).strip(" \t\r\n")
        if "\r" in text or "\n" in text:
            text = text.replace("\r\n", "\n").replace("\r", "\n")
            if ender in "\r\n":
                ender = "\n"
            else:
                text = self._without_newlines(text)
        text = self._without_padding(text, ender)
        pieces = [piece for piece in text.split(ender) if piece]
        if not text.isupper() and re.search(re.escape(ender) + "[A-Z0-9]{0,2}[a-z]", ender + text):
            pieces = [self._upper_tag(piece) for piece in pieces]
        return pieces

    def _without_newlines(self, text: str) -> str:
        """Line ends after a terminator and within a wrapped line go; one that stands for a terminator becomes it."""
        ender = self.delimiters.segment
        if text.count("\n") != text.count(f"{ender}\n") and not self._wrapped(text):
            separator = re.escape(self.delimiters.element)
            text = re.sub(rf"\n[ \t\n]*(?=(?:{_KNOWN}){separator})", lambda _: ender, text)
        return text.replace("\n", "")

    def _wrapped(self, text: str) -> bool:
        """Whether the lines are all of one width: then a line end means nothing."""
        lines = text.split("\n")
        widths = {len(line) for line in lines[1:-1]}
        if len(lines) >= _WRAPPED + 2 and len(widths) == 1:
            self._width = widths.pop()
        return self._width > 0 and widths <= {self._width} and max(map(len, lines)) <= self._width

    def _without_padding(self, text: str, ender: str) -> str:
        separator = self.delimiters.element
        marks = (f" {separator}", f"{separator} ", f" {ender}", f"{ender} ", "\t")
        if not any(mark in text for mark in marks):
            return text
        edge = f"[{re.escape(separator + ender)}]"
        return re.sub(f"[ \\t]+(?={edge})|(?<={edge})[ \\t]+", "", text)

    def _upper_tag(self, piece: str) -> str:
        tag, separator, rest = piece.partition(self.delimiters.element)
        return tag.upper() + separator + rest


def _decode(block: bytes, ender: str) -> str:
    if not ender.isascii():
        return block.decode("latin-1")
    try:
        return block.decode("utf-8")
    except UnicodeDecodeError:
        return block.decode("latin-1")
