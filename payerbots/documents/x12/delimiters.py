"""The four delimiters of an interchange: read from its ISA, or from its first ST when there is no ISA."""

import re
from dataclasses import dataclass

_BLANK = " \t\r\n"
"""What counts as white space; the separators of ASCII (1C to 1F) do not: files are written with them."""
_ISA = re.compile(r"(?<![A-Za-z0-9])(?:ISA|isa)([^A-Za-z0-9 \t\r\n])")
_TAIL = re.compile(r"[ \t\r\n]*([^A-Za-z0-9 \t\r\n]?)[ \t\r\n]*(?=[A-Za-z][A-Za-z0-9]{1,2}[^A-Za-z0-9]|\Z)")
_BARE = re.compile(r"(?:\A|(?<=[^A-Za-z0-9]))(?:GS|ST)([^A-Za-z0-9 \t\r\n])")
_FIRST_END = re.compile(r"([^A-Za-z0-9 \t.,'\-])[ \t\r\n]*(?=(?:ST|BPR|BHT|AK1|TRN)[^A-Za-z0-9 \t\r\n])")
ISA_ELEMENTS = 16


@dataclass(frozen=True, slots=True)
class Delimiters:
    """What separates elements, components and repetitions, and what ends a segment."""

    element: str
    component: str
    repetition: str
    segment: str


@dataclass(frozen=True, slots=True)
class Opening:
    """How an interchange begins: its delimiters, ISA's elements (none without ISA), and where segments go on."""

    delimiters: Delimiters
    isa: tuple[str, ...]
    start: int
    end: int


def opening(text: str) -> Opening | None:
    """The first interchange that begins in `text`, or the first ST of a file without ISA; None when neither."""
    for found in _ISA.finditer(text):
        separator = found.group(1)
        if text[max(0, found.start() - 1) : found.start()] == separator:  # a name of these letters
            continue
        return _from_isa(text, found.start(), separator) or _from_set(text)
    return _from_set(text)


def _from_isa(text: str, start: int, separator: str) -> Opening | None:
    elements, position = ["ISA"], start + len("ISA") + 1
    for _ in range(ISA_ELEMENTS - 1):
        end = text.find(separator, position)
        if end < 0:
            return None
        elements.append(text[position:end].strip(_BLANK))
        position = end + 1
    component = text[position : position + 1]
    tail = _TAIL.match(text, position + 1)
    if not component or tail is None:
        return None
    segment = tail.group(1) or text[position + 1 : tail.end()][:1]
    if not segment:  # ISA16 is empty: what stands in its place ends the segment
        component, segment = ":", component
    repetition = elements[11][:1]
    delimiters = Delimiters(separator, component, "" if repetition.isalnum() else repetition, segment)
    return Opening(delimiters, (*elements, component), start, tail.end())


def _from_set(text: str) -> Opening | None:
    for found in _BARE.finditer(text):
        end = _FIRST_END.search(text, found.end())
        if end is not None and end.group(1) != found.group(1):
            delimiters = Delimiters(
                found.group(1), _likely_component(text, found.group(1)), "^", end.group(1)
            )
            return Opening(delimiters, (), found.start(), found.start())
    return None


def _likely_component(text: str, separator: str) -> str:
    """Without an ISA the component separator shows itself in the first SVC or STC."""
    found = re.search(r"(?:SVC|SV1|STC)[^A-Za-z0-9](?:[A-Z0-9]{2})([^A-Za-z0-9])", text)
    return found.group(1) if found is not None and found.group(1) != separator else ":"
