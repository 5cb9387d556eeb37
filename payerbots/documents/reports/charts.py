"""Charts of reports: Pareto bars with their line, and stacked bars by week."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Literal

from reportlab.graphics.shapes import Drawing, Line, PolyLine, Rect, String
from reportlab.lib.colors import Color, HexColor

from payerbots.domain.rejection_analysis import Share, Week

INK, GREY, PALE, BAR, LINE = (
    HexColor(f"#{code}") for code in ("1F2A33", "66747F", "E7EBEE", "3E7C8A", "C0562F")
)
GOOD, BAD, OPEN = HexColor("#2F855A"), HexColor("#C53030"), HexColor("#B8C2CA")
FONT = "Helvetica"
_SIZE = 7.5
_ROW, _LABELS, _NUMBERS = 15.0, 150.0, 78.0
_MOST = 10
_AXIS, _TOP = 26.0, 18.0
Anchor = Literal["start", "middle", "end"]


def pareto(shares: Sequence[Share], width: float) -> Drawing:
    """Lying bars by count, each with its number, dollars and the share of all up to it."""
    shown = shares[:_MOST]
    height = _ROW * max(len(shown), 1) + 14
    drawing = Drawing(width, height)
    room = width - _LABELS - _NUMBERS
    most = max((one.count for one in shown), default=1)
    points: list[float] = []
    for place, one in enumerate(shown):
        y = height - 14 - _ROW * (place + 1) + 3
        long = room * one.count / most
        drawing.add(_bar((_LABELS, y, long, _ROW - 5), BAR))
        drawing.add(_text(_LABELS - 6, y + 2, fitting(one.name, _LABELS - 8), anchor="end"))
        inside = long > room * 0.12
        drawing.add(
            _text(
                _LABELS + long + (-4 if inside else 4),
                y + 2,
                str(one.count),
                anchor="end" if inside else "start",
                colour=HexColor("#FFFFFF") if inside else INK,
            )
        )
        drawing.add(_text(width - 34, y + 2, f"${one.dollars:,.0f}", anchor="end"))
        drawing.add(_text(width, y + 2, f"{one.cumulative:.0%}", anchor="end", colour=LINE))
        points += [_LABELS + room * float(one.cumulative), y + (_ROW - 5) / 2]
    _line(drawing, points)
    drawing.add(_text(width - 34, height - 9, "dollars", anchor="end", colour=GREY))
    drawing.add(_text(width, height - 9, "up to", anchor="end", colour=GREY))
    return drawing


def _line(drawing: Drawing, points: list[float]) -> None:
    if len(points) > 2:  # noqa: PLR2004 - one point is no line
        drawing.add(PolyLine(points, strokeColor=LINE, strokeWidth=1.1))


def weeks(found: Sequence[Week], width: float, height: float = 150) -> Drawing:
    """Stacked bars: accepted at once, rejected, not decided; above each the clean-claim rate."""
    drawing = Drawing(width, height)
    most = max((week.sent for week in found), default=0) or 1
    slot = width / max(len(found), 1)
    room = height - _AXIS - _TOP
    for place, week in enumerate(found):
        x, y = slot * place + slot * 0.2, _AXIS
        for count, colour in ((week.clean, GOOD), (week.rejected, BAD), (week.open, OPEN)):
            tall = room * count / most
            drawing.add(_bar((x, y, slot * 0.6, tall), colour))
            y += tall
        middle = x + slot * 0.3
        drawing.add(_text(middle, y + 4, _rate(week.clean_rate, week.sent), anchor="middle"))
        drawing.add(_text(middle, _AXIS - 10, f"{week.monday:%m/%d}", anchor="middle", colour=GREY))
    drawing.add(Line(0, _AXIS, width, _AXIS, strokeColor=PALE))
    _legend(drawing)
    return drawing


def _rate(rate: Decimal | None, sent: int) -> str:
    return f"{rate:.0%} of {sent}" if rate is not None else ""


def _legend(drawing: Drawing) -> None:
    x = 0.0
    for name, colour in (("accepted at once", GOOD), ("rejected", BAD), ("not decided yet", OPEN)):
        drawing.add(_bar((x, 2, 8, 7), colour))
        drawing.add(_text(x + 11, 2.5, name, colour=GREY))
        x += 22 + 3.9 * len(name)


def _bar(place: tuple[float, float, float, float], colour: Color) -> Rect:
    bar = Rect(*place)
    bar.fillColor, bar.strokeColor = colour, None
    return bar


def _text(x: float, y: float, text: str, *, anchor: Anchor = "start", colour: Color = INK) -> String:
    return String(x, y, text, fontName=FONT, fontSize=_SIZE, fillColor=colour, textAnchor=anchor)


def fitting(text: str, width: float) -> str:
    """A text as far as it fits, by the usual width of a letter."""
    most = int(width / (_SIZE * 0.52))
    return text if len(text) <= most else f"{text[: most - 1]}…"
