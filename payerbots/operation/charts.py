"""Charts as SVG that stands in the page: no script, nothing to fetch, every bar with its number."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from html import escape

from payerbots.domain.kpi import Line

DONE_COLOUR, EXCEPTION_COLOUR, BAR_COLOUR = "#2f7d6b", "#d9822b", "#4a6785"
_WIDTH = 680
_NARROW, _LABEL, _ROW, _BAR, _NUMBER = 480, 190, 28, 16, 92
_LETTERS = 26
_PLOT, _TOP, _FOOT = 190, 34, 26
_WIDEST_COLUMN = 84


@dataclass(frozen=True)
class _Column:
    """A column of the week chart: where it stands, and what it shows."""

    left: float
    width: float
    line: Line


def weeks(lines: Sequence[Line]) -> str:
    """Items of each week, done and for a person; the straight-through rate above."""
    highest = max((line.finished for line in lines), default=0)
    if not highest:
        return ""
    step = _WIDTH / len(lines)
    width = min(step * 0.6, _WIDEST_COLUMN)
    parts = [
        _week(_Column(index * step + (step - width) / 2, width, line), highest)
        for index, line in enumerate(lines)
    ]
    floor = _TOP + _PLOT
    axis = f'<line class="axis" x1="0" y1="{floor}" x2="{_WIDTH}" y2="{floor}"/>'
    return _svg("Items by week", _WIDTH, floor + _FOOT, axis + "".join(parts))


def _week(column: _Column, highest: int) -> str:
    line, floor = column.line, _TOP + _PLOT
    done, other = (_PLOT * count / highest for count in (line.done, line.exceptions))
    middle = column.left + column.width / 2
    rate = line.straight_through
    told = "" if rate is None else _text(middle, floor - done - other - 6, f"{rate} %", "middle", "strong")
    name = f"{date.fromisoformat(line.name):%b %d}".replace(" 0", " ")
    title = f"week of {name}: {line.done:,} done, {line.exceptions:,} for a person"
    return (
        f"<g><title>{escape(title)}</title>"
        + _rect(column.left, floor - done, column.width, done, DONE_COLOUR)
        + _rect(column.left, floor - done - other, column.width, other, EXCEPTION_COLOUR)
        + told
        + _inside(middle, floor - done / 2, done, f"{line.done:,}")
        + _inside(middle, floor - done - other / 2, other, f"{line.exceptions:,}")
        + _text(middle, floor + 17, name, "middle", "label")
        + "</g>"
    )


def _inside(x: float, y: float, height: float, text: str) -> str:
    """A number in its bar, where there is room."""
    return _text(x, y + 4, text, "middle", "inside") if height >= _BAR else ""


def bars(title: str, counts: Mapping[str, int | Decimal], *, dollars: bool = False) -> str:
    """A horizontal bar for each name, with its number."""
    highest = max(counts.values(), default=0)
    if not highest:
        return ""
    room = _NARROW - _LABEL - _NUMBER
    parts = []
    for index, (name, count) in enumerate(counts.items()):
        top = index * _ROW + 4
        length = float(room * count / highest)
        shown = f"${count:,.2f}" if dollars else f"{count:,}"
        parts.append(
            _text(_LABEL - 10, top + 13, _short(name), "end", "label")
            + _rect(_LABEL, top, max(length, 1.0), _BAR, BAR_COLOUR)
            + _text(_LABEL + length + 8, top + 13, shown, "start", "strong")
        )
    return _svg(title, _NARROW, len(counts) * _ROW + 6, "".join(parts))


def _short(name: str) -> str:
    return name if len(name) <= _LETTERS else f"{name[: _LETTERS - 1]}…"


def _svg(title: str, width: int, height: int, content: str) -> str:
    return f'<svg viewBox="0 0 {width} {height}" role="img" aria-label="{escape(title)}">{content}</svg>'


def _rect(x: float, y: float, width: float, height: float, colour: str) -> str:
    return f'<rect x="{x:.1f}" y="{y:.1f}" width="{width:.1f}" height="{height:.1f}" rx="2" fill="{colour}"/>'


def _text(x: float, y: float, text: str, anchor: str, kind: str) -> str:
    return f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}" class="{kind}">{escape(text)}</text>'
