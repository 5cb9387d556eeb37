"""The result columns within a sheet that belongs to somebody else."""

from collections.abc import Iterator, Mapping
from itertools import count, takewhile
from zoneinfo import ZoneInfo

from openpyxl.cell import Cell, MergedCell
from openpyxl.utils import column_index_from_string, get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from payerbots.documents.workbook.columns import FOUND, answer
from payerbots.documents.workbook.look import Dresser, Kind, cell_at, paint_header, paint_verdict
from payerbots.documents.workbook.rows import ResultRow

_HEADERS = tuple(column.heading.header for column in FOUND)
_VERDICT = _HEADERS[0]
_RECOGNISED = 3
_MARGIN = 4
_COLUMN_PIXELS_EMU = 609_600


def write_block(sheet: Worksheet, header_row: int, rows: Mapping[int, ResultRow], zone: ZoneInfo) -> None:
    """Write the results of `rows` (by row number) under our headers, adding those that are missing.

    Texts are not wrapped: the person's rows keep their height.
    """
    places = _places(sheet, header_row, max((*rows, header_row)))
    dresser = Dresser()
    for number, row in sorted(rows.items()):
        one = answer(row, zone)
        for column in FOUND:
            if cell := _cell(sheet, number, places[column.heading.header]):
                kind = Kind.TEXT if column.heading.kind is Kind.WRAPPED else column.heading.kind
                dresser.write(cell, kind, column.value(one))
        if cell := _cell(sheet, number, places[_VERDICT]):
            paint_verdict(cell, row.verdict)


def _places(sheet: Worksheet, header_row: int, last_row: int) -> dict[str, int]:
    """The column of each of our headers, by an earlier run or new at the right end."""
    places = _earlier(sheet, header_row)
    free = count(_last_column(sheet, header_row, last_row) + 1)
    for column in FOUND:
        if column.heading.header not in places:
            index = places[column.heading.header] = next(free)
            paint_header(cell_at(sheet, header_row, index), column.heading)
            _widen(sheet, index, max(column.heading.width, len(column.heading.header) + _MARGIN))
    return places


def _earlier(sheet: Worksheet, header_row: int) -> dict[str, int]:
    """Our columns of an earlier run: *Verdict* and what follows it without a gap; at least three."""
    headers = _headers(sheet, header_row)
    for start in sorted((index for index, header in headers.items() if header == _VERDICT), reverse=True):
        run = takewhile(lambda index: headers.get(index) in _HEADERS, count(start))
        places = {headers[index]: index for index in run}
        if len(places) >= _RECOGNISED:
            return places
    return {}


def _headers(sheet: Worksheet, header_row: int) -> dict[int, str]:
    return {
        column: str(cell.value) for (row, column), cell in _cells(sheet) if row == header_row and cell.value
    }


def _last_column(sheet: Worksheet, first_row: int, last_row: int) -> int:
    """The last column in use, at or below the header, by cells, merged ranges, tables and drawings."""
    used = [column for (row, column), cell in _cells(sheet) if row >= first_row and cell.value is not None]
    used += [merged.max_col for merged in sheet.merged_cells.ranges if merged.max_row >= first_row]
    used += [_right_edge(table.ref) for table in sheet.tables.values()]
    used += [right for right, top in _drawn(sheet) if top <= last_row]
    return max(used, default=0)


def _right_edge(reference: str) -> int:
    return column_index_from_string("".join(filter(str.isalpha, reference.rpartition(":")[2])))


def _drawn(sheet: Worksheet) -> Iterator[tuple[int, int]]:
    """Last column and first row of each picture and chart."""
    for drawing in (*getattr(sheet, "_charts", ()), *getattr(sheet, "_images", ())):
        start, end = getattr(drawing.anchor, "_from", None), getattr(drawing.anchor, "to", None)
        size = getattr(drawing.anchor, "ext", None)
        if start is not None and end is not None:
            yield end.col + 1, start.row + 1
        elif start is not None and size is not None:
            yield start.col + 2 + size.width // _COLUMN_PIXELS_EMU, start.row + 1


def _cells(sheet: Worksheet) -> Iterator[tuple[tuple[int, int], Cell | MergedCell]]:
    yield from sheet._cells.items()  # noqa: SLF001 — iter_rows would make every cell up to the last one


def _cell(sheet: Worksheet, row: int, column: int) -> Cell | None:
    """A cell that can be written; None where the person has merged it away."""
    cell = sheet.cell(row, column)
    if isinstance(cell, Cell):
        return cell
    return None


def _widen(sheet: Worksheet, index: int, width: float) -> None:
    """Set a width, unless the person has set one for a span of columns that this one is part of."""
    spans = [(dimension.min or 0, dimension.max or 0) for dimension in sheet.column_dimensions.values()]
    if not any(first <= index <= last for first, last in spans):
        sheet.column_dimensions[get_column_letter(index)].width = width
