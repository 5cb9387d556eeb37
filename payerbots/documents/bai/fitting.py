"""Which layout a lockbox file has: the one whose columns hold what they must, or none."""

from collections.abc import Iterable, Mapping

from payerbots.documents.bai.columns import Span
from payerbots.documents.bai.layout import Layout, Map, Place
from payerbots.documents.bai.lines import records_of, text_of
from payerbots.documents.bai.values import date_of, whole
from payerbots.documents.errors import LayoutUnknown

_DEMANDED = frozenset({"amount", "count", "total", "records", "sequence"})
_IN_DIGITS = frozenset({"lockbox", "batch", "item", "routing"})
_BLANK = " \t\r\n\x0c\x1a"


def fitting(first_lines: Iterable[bytes], layouts: Mapping[str, Layout]) -> Layout:
    """The one layout that fits the first lines of a file; whole lines, the more the surer.

    A line fits when its record type is known and digits and dates stand where the layout has numbers and dates.
    Raises `LayoutUnknown` when none fits, or more than one: then the layout's name has to be given.
    """
    lines = list(first_lines)
    fit = [layout for layout in layouts.values() if _fits_all(lines, layout)]
    if len(fit) == 1:
        return fit[0]
    if fit:
        names = ", ".join(layout.name for layout in fit)
        raise LayoutUnknown(f"several lockbox layouts fit: {names}; name the one that this bank uses")
    known = ", ".join(layouts) or "none"
    raise LayoutUnknown(f"no lockbox layout fits (known: {known}): one has to be written for this bank")


def _fits_all(lines: Iterable[bytes], layout: Layout) -> bool:
    records = (record for line in lines for record in records_of(line, layout.record_length))
    filled = [text for text in (text_of(record).rstrip(_BLANK) for record in records) if text]
    return bool(filled) and all(_fits(text, layout) for text in filled)


def _fits(text: str, layout: Layout) -> bool:
    columns = layout.maps.get(text[0])
    if columns is None or len(text) > layout.record_length:
        return False
    return all(_holds(place, span, text, layout) for place, span in _told(columns))


def _told(columns: Map) -> Iterable[tuple[Place, Span]]:
    """The columns that are a field of the record, and the amounts of its invoices, whose numbers may be words."""
    return ((place, span) for place, span in columns.spans() if len(place) == 1 or place[-1] == "amount")


def _holds(place: Place, span: Span, text: str, layout: Layout) -> bool:
    found, name = span.of(text), place[-1]
    if name == "date":
        return not found or date_of(found, layout.dates) is not None
    if name in _IN_DIGITS or (not found and len(place) > 1):
        return not found or whole(found) is not None
    if name in _DEMANDED:
        return whole(found) is not None and span.reached(text)
    return True
