"""A site's licensed lists: CSV files with the official texts, which this program does not ship."""

import csv
import io
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from payerbots.errors import ConfigError

CODE, TEXT = "code", "description"
ENDS = frozenset({"stop", "stop date", "end", "end date"})


@dataclass(frozen=True, kw_only=True)
class Row:
    """One code of a licensed list; `ended` when the list has a stop date for it."""

    line: int
    code: str
    text: str
    ended: bool


@dataclass(frozen=True, kw_only=True)
class _Columns:
    code: int
    text: int
    ends: tuple[int, ...]


def read_licensed(path: Path) -> Mapping[str, str]:
    """The texts of one licensed list, by code. A code still in force wins over an ended one of the same name."""
    chosen: dict[str, Row] = {}
    for row in _rows(path):
        other = chosen.get(row.code)
        if other and not row.ended and not other.ended:
            raise _wrong(path, row.line, f"found code {row.code} again", f"it only in line {other.line}")
        if not other or other.ended:
            chosen[row.code] = row
    return {code: row.text for code, row in chosen.items()}


def _rows(path: Path) -> Iterator[Row]:
    lines = _lines(path)
    line, header = next(lines, (1, []))
    columns = _columns(path, line, header)
    for line, cells in lines:
        if any(cells):
            yield _row(path, line, cells, columns)


def _row(path: Path, line: int, cells: list[str], columns: _Columns) -> Row:
    if len(cells) <= max(columns.code, columns.text):
        raise _wrong(path, line, f"found {len(cells)} columns", "as many as in the first line")
    code, text = cells[columns.code].upper(), cells[columns.text]
    if not code or not text:
        raise _wrong(path, line, f"found no {TEXT if code else CODE}", f"both {CODE} and {TEXT}")
    ended = any(cells[place] for place in columns.ends if place < len(cells))
    return Row(line=line, code=code, text=text, ended=ended)


def _columns(path: Path, line: int, header: list[str]) -> _Columns:
    names = [name.lower() for name in header]
    if CODE not in names or TEXT not in names:
        raise _wrong(path, line, f"found columns {names}", f"the columns {CODE} and {TEXT}, parted by commas")
    ends = tuple(place for place, name in enumerate(names) if name in ENDS)
    return _Columns(code=names.index(CODE), text=names.index(TEXT), ends=ends)


def _lines(path: Path) -> Iterator[tuple[int, list[str]]]:
    """The rows with the line that each begins in; white space and line breaks in a cell become one blank."""
    reader = csv.reader(io.StringIO(_text(path), newline=""), strict=True)
    while True:
        line = reader.line_num + 1
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            raise _wrong(path, line, f"found {error}", "cells parted by commas, quoted as a whole") from None
        yield line, [" ".join(cell.split()) for cell in cells]


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        line = error.object[: error.start].count(b"\n") + 1
        raise _wrong(path, line, "found another encoding", "a text in UTF-8") from None
    except OSError as error:
        raise ConfigError(f"cannot be read: {error.strerror}", file=path) from error


def _wrong(path: Path, line: int, found: str, expected: str) -> ConfigError:
    return ConfigError(f"{found}, expected {expected}", file=path, line=line)
