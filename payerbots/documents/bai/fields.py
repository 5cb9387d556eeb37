"""BAI2 records with their continuations (88), and a cursor over their fields."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from payerbots.documents.bai.findings import Findings
from payerbots.documents.bai.lines import Line

CODES = frozenset({"01", "02", "03", "16", "49", "98", "99"})
CONTINUATION = "88"


@dataclass(frozen=True, slots=True)
class Piece:
    """What follows the code on one line. A code without even a comma has no fields, not one that is blank."""

    number: int
    text: str
    has_fields: bool


@dataclass(frozen=True, slots=True)
class Whole:
    """A record with all its continuations: `pieces` holds what follows the code of each line.

    A code that BAI2 does not have stands as the empty one.
    """

    code: str
    line: int
    pieces: list[Piece] = field(default_factory=list)

    def __len__(self) -> int:
        """How many records of the file it takes, as the trailers count them."""
        return len(self.pieces)


def whole_records(numbered: Iterable[Line], findings: Findings) -> Iterator[Whole]:
    """Each record with the continuations that follow it, as far as the stream is read."""
    current: Whole | None = None
    for line in numbered:
        code, content = _parted(line)
        if code == CONTINUATION and current is not None:
            current.pieces.append(content)
            continue
        if current is not None:
            yield current
        if code not in CODES:
            findings.unproven("file", line.number, _no_record(code))
        current = Whole(code if code in CODES else "", line.number, [content])
    if current is not None:
        yield current


def _no_record(code: str) -> str:
    if code == CONTINUATION:
        return "a continuation (88) with no record before it"
    return "a record code that BAI2 does not have; expected 01, 02, 03, 16, 49, 88, 98 or 99"


def _parted(line: Line) -> tuple[str, Piece]:
    # A slash ends a record; a text (16) may leave it out, so that one slash at the end is never its content.
    code, comma, content = line.text.removesuffix("/").partition(",")
    return code.strip(), Piece(line.number, content, bool(comma))


def _fields(piece: Piece) -> list[str]:
    return piece.text.split(",") if piece.has_fields else []


class Fields:
    """Takes a record's fields one by one, over the ends of its lines.

    `line` and `number` tell where the field taken last stands: its line, and its place in the record, the code
    being 1. `at_join` says that it stands where two of its lines meet: a blank there may be none.
    """

    def __init__(self, record: Whole) -> None:
        self.line = record.line
        self.number = 1
        self.at_join = False
        self._pieces = record.pieces
        self._piece = 0
        self._parts = _fields(record.pieces[0])
        self._next = 0

    @property
    def more(self) -> bool:
        """Whether a field is left."""
        return self._next < len(self._parts) or self._piece + 1 < len(self._pieces)

    def take(self) -> str:
        """The next field without the blanks around it; empty after the last one."""
        self.number += 1
        while self._next >= len(self._parts) and self._piece + 1 < len(self._pieces):
            self._piece += 1
            self._parts, self._next = _fields(self._pieces[self._piece]), 0
        if self._next >= len(self._parts):
            return ""
        self.line = self._pieces[self._piece].number
        begins = self._next == 0 and self._piece > 0
        ends = self._next == len(self._parts) - 1 and self._piece + 1 < len(self._pieces)
        self.at_join = begins or ends
        self._next += 1
        return self._parts[self._next - 1].strip()

    def rest(self) -> str:
        """All that is left as text: commas are its own, and each continuation begins a new line."""
        started = ",".join(self._parts[self._next :])
        texts = [started] if self._next < len(self._parts) else []
        texts += [piece.text for piece in self._pieces[self._piece + 1 :]]
        return "\n".join(text.rstrip() for text in texts).strip()
