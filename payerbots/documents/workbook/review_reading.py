"""An exceptions workbook as it comes back: the rows in which a person filled in something, wherever they stand now.

Columns are found by their headers, rows by their mark. Nothing is guessed: what is not clear is a problem with its place.
"""

import warnings
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from openpyxl.utils import get_column_letter

from payerbots.documents.errors import WorkbookUnusable
from payerbots.documents.workbook.review_columns import CORRECT, FILL_IN, MARK, SHOWN
from payerbots.documents.workbook.review_summary import NOTHING
from payerbots.documents.workbook.review_upload import EXPECTED, refuse_unsafe
from payerbots.documents.workbook.sheets import XlsxGrid, open_workbook
from payerbots.documents.workbook.values import shown

_NEEDED = (MARK, *SHOWN, *FILL_IN.values())
_ENOUGH = 4


@dataclass(frozen=True, kw_only=True)
class ReviewProblem:
    """What could not be taken, and where. `found` is the cell's text where it cannot name a person."""

    sheet: str
    expected: str
    row: int = 0
    column: str = ""
    header: str = ""
    found: str = ""

    def __str__(self) -> str:
        places = [f"sheet {self.sheet}"] if self.sheet else []
        places += [f"row {self.row}"] if self.row else []
        places += [f"column {self.column} ({self.header})"] if self.column else []
        found = f"found '{self.found}', " if self.found else ""
        return f"{', '.join(places)}: {found}{self.expected}"


@dataclass(frozen=True, kw_only=True)
class Entry:
    """A row in which something was filled in.

    `shown_as` is by what a person knows it, as `ExceptionRow.shown_as`; `cells` what was filled in, by the names of
    `FILL_IN`, and `values` the corrected ones by title, as they stand in the cells; neither holds empty ones.
    """

    sheet: str
    row: int
    mark: str
    shown_as: tuple[str, ...] = field(repr=False)
    cells: Mapping[str, object] = field(repr=False)
    values: Mapping[str, object] = field(repr=False)
    letters: Mapping[str, str]
    epoch: datetime

    def problem(self, expected: str, name: str = "", *, told: bool = True) -> ReviewProblem:
        """What is wrong with this row, in the cell of a name of `FILL_IN` or of a header. `told`: with what stands there."""
        header = FILL_IN.get(name, name)
        cell = shown(self.cells.get(name)) if told and name not in {"note", "by"} else ""
        return ReviewProblem(
            sheet=self.sheet,
            row=self.row,
            column=self.letters.get(header, ""),
            header=header,
            found=cell[:40],
            expected=expected,
        )


@dataclass(frozen=True, kw_only=True)
class ReadReview:
    """What stands in the workbook: entries in their order, what could not be read, and how many rows have a mark."""

    entries: tuple[Entry, ...]
    problems: tuple[ReviewProblem, ...]
    rows: int


def read_review(path: Path) -> ReadReview:
    """Read the workbook. Raises `WorkbookUnusable` when as a whole it is not let in, or is none of ours."""
    refuse_unsafe(path)
    entries: list[Entry] = []
    problems: list[ReviewProblem] = []
    rows, known = 0, False
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        with open_workbook(path) as grids:
            for grid in grids:
                place = _header(grid)
                if place is None:
                    known = known or _says_nothing(grid)
                    continue
                known = True
                reader = _Reader(grid, *place)
                for found in reader.read():
                    (entries if isinstance(found, Entry) else problems).append(found)  # type: ignore[arg-type]  # each into its own list
                rows += reader.rows
    if not known:
        raise WorkbookUnusable(path, "no sheet has the columns of an exceptions workbook", EXPECTED)
    return ReadReview(entries=tuple(entries), problems=tuple(problems), rows=rows)


def _says_nothing(grid: XlsxGrid) -> bool:
    """Whether it is the summary of a workbook of ours that has no rows."""
    return any(NOTHING in cells for cells in grid.head())


def _header(grid: XlsxGrid) -> tuple[int, Sequence[str]] | None:
    """The row of the headers and their texts: the first row with some of ours, the decision among them."""
    for number, cells in enumerate(grid.head(), start=1):
        texts = [shown(cell) for cell in cells]
        if FILL_IN["decision"] in texts and len(set(texts) & {*_NEEDED}) >= _ENOUGH:
            return number, texts
    return None


class _Reader:
    """Reads the rows of one sheet below its header."""

    def __init__(self, grid: XlsxGrid, header_row: int, headers: Sequence[str]) -> None:
        self._grid, self._header_row = grid, header_row
        self._twice = sorted({text for text in headers if text and headers.count(text) > 1 and _ours(text)})
        self._columns = {text: index for index, text in enumerate(headers) if _ours(text)}
        self._letters = {text: get_column_letter(index + 1) for text, index in self._columns.items()}
        self._filled = {
            index
            for text, index in self._columns.items()
            if text in FILL_IN.values() or text.startswith(CORRECT)
        }
        self.rows = 0
        """Rows with a mark."""

    def read(self) -> Iterator[Entry | ReviewProblem]:
        """Entries and problems in the order of the rows; one problem alone where the headers cannot be used."""
        wrong = [f"the column {text} only once" for text in self._twice]
        wrong += [f"a column {text}" for text in _NEEDED if text not in self._columns]
        if wrong:
            yield ReviewProblem(
                sheet=self._grid.name, row=self._header_row, expected=f"expected {', '.join(wrong)}"
            )
            return
        for number, cells in enumerate(self._grid.rows(), start=1):
            if number > self._header_row:
                yield from self._row(number, cells)

    def _row(self, number: int, cells: Sequence[object]) -> Iterator[Entry | ReviewProblem]:
        mark = shown(self._cell(cells, MARK))
        self.rows += bool(mark)
        given = {name: self._cell(cells, header) for name, header in FILL_IN.items()}
        given = {name: cell for name, cell in given.items() if shown(cell)}
        values = {
            text.removeprefix(CORRECT): self._cell(cells, text)
            for text in self._columns
            if text.startswith(CORRECT) and shown(self._cell(cells, text))
        }
        if not given and not values:
            return
        entry = Entry(
            sheet=self._grid.name,
            row=number,
            mark=mark,
            shown_as=tuple(shown(self._cell(cells, header)) for header in SHOWN),
            cells=given,
            values=values,
            letters=self._letters,
            epoch=self._grid.epoch,
        )
        merged = self._filled & self._grid.merged.get(number, {}).keys()
        if merged:
            header = next(text for text, index in self._columns.items() if index == min(merged))
            yield entry.problem("expected a cell of its own; it is merged with others", header, told=False)
        elif not mark:
            expected = "expected the mark of the row: copy rows with all their columns, the hidden one too"
            yield entry.problem(expected, MARK)
        else:
            yield entry

    def _cell(self, cells: Sequence[object], header: str) -> object:
        index = self._columns[header]
        return cells[index] if index < len(cells) else None


def _ours(text: str) -> bool:
    return text in _NEEDED or text.startswith(CORRECT)
