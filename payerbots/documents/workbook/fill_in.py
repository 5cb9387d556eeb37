"""Results written into the person's own workbook, which otherwise stays as it is."""

import warnings
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from io import BytesIO
from pathlib import Path
from zoneinfo import ZoneInfo

from openpyxl import Workbook, load_workbook

from payerbots.documents.errors import WorkbookUnusable
from payerbots.documents.workbook.atomic import is_open, save_atomically
from payerbots.documents.workbook.block import write_block
from payerbots.documents.workbook.cached import with_cached_values
from payerbots.documents.workbook.look import Kind, cell_at, paint_body, put
from payerbots.documents.workbook.losses import in_words, losses
from payerbots.documents.workbook.rows import ResultRow
from payerbots.documents.workbook.saving import save
from payerbots.documents.workbook.sheets import damaged, refuse_other_formats
from payerbots.documents.workbook.sources import read_csv


@dataclass(frozen=True, kw_only=True)
class Filled:
    """Where the results went; `beside` when that is not the workbook asked for, and then `why`."""

    path: Path
    beside: bool
    why: str | None = None


@dataclass(frozen=True)
class _Task:
    """What is to be written where."""

    source: Path
    sheet: str
    header_row: int
    rows: Mapping[int, ResultRow]
    zone: ZoneInfo


def fill_in(
    path: Path,
    sheet: str,
    header_row: int,
    rows: Mapping[int, ResultRow],
    *,
    zone: ZoneInfo,
    out: Path | None = None,
) -> Filled:
    """Write the result columns into `path` (or `out`), to the right of what is there.

    `rows` are the results by row number. Columns of an earlier run are overwritten, never added
    twice. Where openpyxl would lose something of the workbook, where it is a CSV file, or where it
    is open in Excel, `NAME-results.xlsx` is written beside it instead. Formulas stay formulas with
    their last values, and Excel calculates them anew when it opens the file. Raises
    `WorkbookUnusable` when the workbook or the sheet cannot be found or read.
    """
    task, target = _Task(path, sheet, header_row, rows, zone), out or path
    if path.suffix.lower() == ".csv":
        return _save(_filled_csv(task), _beside(target), "a .csv file has no room for colours and types")
    refuse_other_formats(path)
    content = BytesIO(path.read_bytes())
    draft = _filled(task, content, keep_vba=path.suffix.lower() == ".xlsm")
    lost = losses(content, draft)
    if lost:
        return _save(partial(_without_macros, task, content, draft), _beside(target), in_words(lost))
    if is_open(target):
        return _save(partial(_without_macros, task, content, draft), _beside(target), _open(target))
    written = save_atomically(target, lambda temporary: _write(temporary, draft))
    return Filled(path=written, beside=written != target, why=None if written == target else _open(target))


def _beside(target: Path) -> Path:
    return target.with_name(f"{target.stem}-results.xlsx")


def _open(target: Path) -> str:
    return f"{target.name} is open in another program"


def _save(content: Callable[[], BytesIO], path: Path, why: str) -> Filled:
    draft = content()
    return Filled(
        path=save_atomically(path, lambda temporary: _write(temporary, draft)), beside=True, why=why
    )


def _write(path: Path, content: BytesIO) -> None:
    path.write_bytes(content.getvalue())


def _without_macros(task: _Task, content: BytesIO, draft: BytesIO) -> BytesIO:
    """A sibling is always an .xlsx, and that may hold no macros."""
    return _filled(task, content, keep_vba=False) if task.source.suffix.lower() == ".xlsm" else draft


def _filled(task: _Task, content: BytesIO, *, keep_vba: bool) -> BytesIO:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        book = _load(task.source, content, keep_vba=keep_vba)
        if task.sheet not in book.sheetnames:
            raise WorkbookUnusable(
                task.source, f"it has no sheet {task.sheet} any more", "the sheet that was read"
            )
        write_block(book[task.sheet], task.header_row, task.rows, task.zone)
        return with_cached_values(content, _saved(book))


def _load(path: Path, content: BytesIO, *, keep_vba: bool) -> Workbook:
    try:
        return load_workbook(content, keep_vba=keep_vba, rich_text=True)
    except Exception:  # noqa: BLE001 — openpyxl raises whatever its parsers do; its texts may hold cells
        raise damaged(path) from None


def _saved(book: Workbook) -> BytesIO:
    book.calculation.fullCalcOnLoad = True
    out = BytesIO()
    save(book, out)
    if book.vba_archive:
        book.vba_archive.close()
    return out


def _filled_csv(task: _Task) -> Callable[[], BytesIO]:
    def fill() -> BytesIO:
        book = Workbook()
        sheet = book.worksheets[0]
        sheet.title = "Requests"
        for number, record in enumerate(read_csv(task.source), start=1):
            for index, value in enumerate(record, start=1):
                cell = cell_at(sheet, number, index)
                paint_body(cell, Kind.TEXT)
                put(cell, str(value))
        write_block(sheet, task.header_row, task.rows, task.zone)
        return _saved(book)

    return fill
