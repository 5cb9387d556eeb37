"""The billing system's answer to a posting import: which rows it took, and which it refused and why."""

import csv
import io
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from payerbots.documents.errors import WorkbookUnusable
from payerbots.documents.posting_map import AnswerMap, PostingMap
from payerbots.documents.workbook.sources import decoded

_EXPECTED = "a .csv file of the billing system with a column for row IDs and one for results"
_HEADER_LINES = 20
_DELIMITERS = ",;\t|"
_ROW_ID = re.compile(r"[A-Z2-7]{12}-[0-9]+[A-Z2-7]{6}-[0-9]+")
_ROW_EXPECTED = "a row ID as the import has it, such as K7Q2MZP4X3WA-12ABCDEF-1"
Record = tuple[int, Sequence[str]]
"""A record's cells, and the line that it ends on."""


@dataclass(frozen=True, kw_only=True)
class Answered:
    """What was said of one row of the import."""

    line: int
    row: str
    accepted: bool
    reason: str = field(default="", repr=False)
    """Why it was refused, in the billing system's own words; they may name somebody."""


@dataclass(frozen=True, kw_only=True)
class BadAnswer:
    """A line that cannot be used."""

    file: str
    line: int
    column: str
    found: str = field(repr=False)
    expected: str

    def sentence(self) -> str:
        """Where it is, what stands there and what should: for the biller's eyes, never for a log."""
        shown = f"'{self.found}'" if self.found else "nothing"
        return f"{self.file}, line {self.line}, column {self.column}: found {shown}, expected {self.expected}"


@dataclass(frozen=True, kw_only=True)
class Answer:
    """The whole file. A row that it names twice with one meaning is here once; with two meanings the later is bad."""

    rows: tuple[Answered, ...]
    bad: tuple[BadAnswer, ...]


def read_answer(path: Path, layout: PostingMap) -> Answer:
    """Read the file. Raises `WorkbookUnusable` when it is no such file; a bad line costs only itself."""
    content = decoded(path)
    for delimiter in _DELIMITERS:
        records = _records(path, content, delimiter)
        for place, (_, cells) in enumerate(records[:_HEADER_LINES]):
            columns = _columns(cells, layout.answer)
            if columns is not None:
                mark = layout.trailer.mark if layout.trailer else None
                told = [each for each in records[place + 1 :] if any(each[1]) and each[1][0] != mark]
                return _Reader(path.name, columns, layout.answer).read(told)
    raise WorkbookUnusable(path, "no line has the headers that `answer` in the map names", _EXPECTED)


def _records(path: Path, content: str, delimiter: str) -> list[Record]:
    reader = csv.reader(io.StringIO(content, newline=""), delimiter=delimiter)
    try:
        return [(reader.line_num, [cell.strip() for cell in cells]) for cells in reader]
    except csv.Error:
        raise WorkbookUnusable(path, "it is not a table of cells", _EXPECTED) from None


@dataclass(frozen=True)
class _Column:
    """Where a column stands, and its header as the file has it."""

    at: int
    header: str

    def of(self, cells: Sequence[str]) -> str:
        return cells[self.at] if self.at < len(cells) else ""


def _columns(cells: Sequence[str], layout: AnswerMap) -> tuple[_Column, _Column, _Column | None] | None:
    row, verdict = _named(cells, layout.row), _named(cells, layout.verdict)
    return (row, verdict, _named(cells, layout.reason)) if row and verdict else None


def _named(cells: Sequence[str], names: Sequence[str]) -> _Column | None:
    wanted = {name.casefold() for name in names}
    return next((_Column(at, cell) for at, cell in enumerate(cells) if cell.casefold() in wanted), None)


class _Reader:
    """Reads the lines below the header."""

    def __init__(
        self, file: str, columns: tuple[_Column, _Column, _Column | None], layout: AnswerMap
    ) -> None:
        self._file = file
        self._row, self._verdict, self._reason = columns
        self._meanings = dict.fromkeys((word.casefold() for word in layout.accepted), True)
        self._meanings |= dict.fromkeys((word.casefold() for word in layout.refused), False)
        self._words = ", ".join((*layout.accepted, *layout.refused))

    def read(self, records: Sequence[Record]) -> Answer:
        rows: dict[str, Answered] = {}
        bad: list[BadAnswer] = []
        for line, cells in records:
            said = self._said(line, cells)
            if isinstance(said, Answered):
                first = rows.setdefault(said.row, said)
                if first.accepted == said.accepted:
                    continue
                expected = f"what line {first.line} says of the same row"
                said = self._bad(line, self._verdict, cells, expected)
            bad.append(said)
        return Answer(rows=tuple(rows.values()), bad=tuple(bad))

    def _said(self, line: int, cells: Sequence[str]) -> Answered | BadAnswer:
        row = self._row.of(cells).upper()
        if not _ROW_ID.fullmatch(row):
            return self._bad(line, self._row, cells, _ROW_EXPECTED)
        accepted = self._meanings.get(self._verdict.of(cells).casefold())
        if accepted is None:
            return self._bad(line, self._verdict, cells, f"one of {self._words}")
        reason = self._reason.of(cells) if self._reason and not accepted else ""
        return Answered(line=line, row=row, accepted=accepted, reason=reason)

    def _bad(self, line: int, column: _Column, cells: Sequence[str], expected: str) -> BadAnswer:
        return BadAnswer(
            file=self._file, line=line, column=column.header, found=column.of(cells), expected=expected
        )
