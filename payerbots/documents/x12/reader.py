"""The envelope of X12 files: interchanges, groups and transaction sets, read as a stream, whatever their form.

Delimiters are read afresh from each ISA. Forgiven: an ISA of another length or none at all, line ends after or
instead of the terminator, wrapped and indented lines, padded elements, lower-case tags, a byte order mark, text
before the first ISA, several interchanges, missing SE, GE or IEA. What is forgiven and matters is a `Problem`.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import BinaryIO

from payerbots.documents.x12.delimiters import Delimiters
from payerbots.documents.x12.pieces import KNOWN_TAGS, Pieces
from payerbots.documents.x12.values import at
from payerbots.domain.problems import Problem

_TAG = re.compile(r"[A-Z][A-Z0-9]{1,2}")
ENVELOPE = frozenset({"ISA", "GS", "ST", "SE", "GE", "IEA"})


@dataclass(frozen=True, slots=True)
class SetStart:
    """A transaction set (ST), or a TA1 that stands in the interchange itself.

    `kind` is ST01 (835, 277, ...) or `TA1`; `implementation` is ST03, or GS08 where ST03 is absent. `segment` is
    its place in the file, counted in segments from 1. `isa` and `group` hold the elements of ISA and GS.
    """

    kind: str
    control: str
    implementation: str
    segment: int
    delimiters: Delimiters
    elements: tuple[str, ...]
    isa: tuple[str, ...]
    group: tuple[str, ...]


class Reader:
    """Reads a stream once: `sets()` gives each set's start, `body()` the segments of the set that has begun.

    `problems` fills while it is read; `number` is the place of the segment given last. Memory stays flat.
    Raises `FetchAgain` for what is empty, `KindUnknown` for what is no X12.
    """

    def __init__(self, stream: BinaryIO) -> None:
        self.problems: list[Problem] = []
        self.number = 0
        self.isa: tuple[str, ...] = ()
        self.group: tuple[str, ...] = ()
        self.in_set = False
        self.cut_off = False
        """Whether the stream ended inside a transaction set."""
        self._blocks = Pieces(stream, self.problem)
        self._pieces: Iterator[str] = iter(())
        self._held: list[str] | None = None
        self._counts = {"sets": 0, "groups": 0}
        self._open: dict[str, str] = {}

    # -- what the readers of transaction sets use ---------------------------------------------------------

    def sets(self) -> Iterator[SetStart]:
        """Each set in turn; what is left of one is read over before the next."""
        outside: dict[str, Callable[[list[str]], None]] = {"GS": self._group_begins, "GE": self._group_ends}
        outside |= {"IEA": self._interchange_ends, "ISA": self._interchange_begins}
        for elements in self._outside():
            if elements[0] in {"ST", "TA1"}:
                yield self._start(elements)
                for _ in self.body():
                    pass
            elif elements[0] in outside:
                outside[elements[0]](elements)
            else:
                self.problem("file", "a segment outside of any transaction set", tag=elements[0])
        self._close()

    def body(self) -> Iterator[list[str]]:
        """The segments between ST and SE as lists of elements, the tag first."""
        while self.in_set:
            separator = self.delimiters.element
            for piece in self._pieces:
                elements = piece.split(separator)
                self.number += 1
                if elements[0] in ENVELOPE:
                    self._leave(elements)
                    return
                yield elements
            if not self._next():
                self.cut_off = True
                self._missing("SE", "the file ends inside the transaction set: it was cut off")

    @property
    def delimiters(self) -> Delimiters:
        """Those of the interchange that is being read."""
        return self._blocks.delimiters

    def problem(self, level: str, what: str, *, tag: str = "", segment: int | None = None) -> None:
        """Notes something wrong at the segment given last (or at `segment`)."""
        number = self.number if segment is None else segment
        shown = tag if _TAG.fullmatch(tag) else ""
        where = f"segment {number} {shown}".rstrip() if number else "start of the file"
        self.problems.append(Problem(level=level, where=where, what=what))

    def stray(self, level: str, elements: list[str], segment: int | None = None) -> None:
        """Notes a segment that no set has: its tag is damaged, and what it said is missing."""
        if elements[0] not in KNOWN_TAGS:
            self.problem(level, "a segment of no known kind: left out", segment=segment)

    # -- sets, groups, interchanges -----------------------------------------------------------------------

    def _outside(self) -> Iterator[list[str]]:
        while True:
            if self._held is not None:
                held, self._held = self._held, None
                yield held
                continue
            piece = next(self._pieces, None)
            if piece is not None:
                self.number += 1
                yield piece.split(self.delimiters.element)
            elif not self._next():
                return

    def _next(self) -> bool:
        block = next(self._blocks.blocks, None)
        self._pieces = iter(block or ())
        return block is not None

    def _start(self, elements: list[str]) -> SetStart:
        self.in_set = elements[0] == "ST"
        if self.in_set:
            self._counts["sets"] += 1
            self._open["ST"], self._first = at(elements, 2), self.number
        return SetStart(
            kind=at(elements, 1) if self.in_set else "TA1",
            control=at(elements, 2) if self.in_set else at(elements, 1),
            implementation=(at(elements, 3) or at(list(self.group), 8)).upper() if self.in_set else "",
            segment=self.number,
            delimiters=self.delimiters,
            elements=tuple(elements),
            isa=self.isa,
            group=self.group,
        )

    def _leave(self, elements: list[str]) -> None:
        if elements[0] != "SE":
            self._held = elements
            self._missing("SE", f"{elements[0]} where SE was expected: the transaction set has no end")
            return
        self.in_set = False
        count = self.number - self._first + 1
        self._agree("transaction", "SE", 1, elements, (str(count), "segments in the set"))
        self._agree("transaction", "SE", 2, elements, (self._open.pop("ST", ""), "the number in ST02"))

    def _group_begins(self, elements: list[str]) -> None:
        if "GS" in self._open:
            self._missing("GE", "GS where GE was expected: the group has no end")
        self.group = tuple(elements)
        self._counts["sets"] = 0
        self._counts["groups"] += 1
        self._open["GS"] = at(elements, 6)

    def _group_ends(self, elements: list[str]) -> None:
        self._agree("group", "GE", 1, elements, (str(self._counts["sets"]), "transaction sets in the group"))
        self._agree("group", "GE", 2, elements, (self._open.pop("GS", ""), "the number in GS06"))

    def _interchange_begins(self, elements: list[str]) -> None:
        if "ISA" in self._open:
            self._missing("IEA", "ISA where IEA was expected: the interchange has no end")
        self._open = {"ISA": at(elements, 13)}
        self._counts = {"sets": 0, "groups": 0}
        self.isa, self.group = tuple(elements), ()

    def _interchange_ends(self, elements: list[str]) -> None:
        if "GS" in self._open:
            self._missing("GE", "IEA where GE was expected: the group has no end")
        self._agree("interchange", "IEA", 1, elements, (str(self._counts["groups"]), "groups"))
        self._agree("interchange", "IEA", 2, elements, (self._open.pop("ISA", ""), "the number in ISA13"))

    def _close(self) -> None:
        for opened, closing in (("GS", "GE"), ("ISA", "IEA")):
            if opened in self._open:
                self._missing(closing, f"the file ends before {closing}: it was cut off or never finished")

    def _missing(self, tag: str, what: str) -> None:
        level, opened = {"SE": ("transaction", "ST"), "GE": ("group", "GS"), "IEA": ("interchange", "ISA")}[
            tag
        ]
        self._open.pop(opened, None)
        self.in_set = False
        self.problem(level, what)

    def _agree(
        self, level: str, tag: str, index: int, elements: list[str], expected: tuple[str, str]
    ) -> None:
        found, (wanted, meaning) = at(elements, index), expected
        if found.lstrip("0") != wanted.lstrip("0") and not (found == "" and wanted == ""):
            shown = found if found.isascii() and found.isalnum() else "nothing readable"
            self.problem(
                level, f"{tag}{index:02} is {shown}, expected {wanted or 'none'} ({meaning})", tag=tag
            )
