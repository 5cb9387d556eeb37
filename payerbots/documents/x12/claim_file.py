"""A file of claims (837P) that can be corrected: what is not changed comes out byte for byte."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from io import BytesIO

from payerbots.documents.errors import DocumentError, KindUnknown
from payerbots.documents.x12.claims import submitted
from payerbots.documents.x12.delimiters import Delimiters, opening
from payerbots.documents.x12.reader import Reader
from payerbots.domain.problems import Problem
from payerbots.domain.submission import SubmittedClaim, SubmittedLine

CODING = "latin-1"
"""One byte, one character: whatever the file's own coding, its bytes come back."""
BLANK = " \t\r\n"
MODIFIERS = 4
"""A line has room for this many (SV101-3 to -6)."""


class CannotCorrect(DocumentError):
    """A change that the file's form does not allow."""


@dataclass(frozen=True, slots=True)
class _Segment:
    """A segment as it stands: white space before it, its text, what ends it, and how it is written."""

    before: str
    text: str
    after: str
    delimiters: Delimiters

    def __str__(self) -> str:
        return self.before + self.text + self.after

    @property
    def tag(self) -> str:
        """What kind of segment it is, in upper case."""
        return self.text.split(self.delimiters.element, 1)[0].strip().upper()

    def element(self, place: int) -> str:
        """The element at `place`; empty where the segment ends before it."""
        elements = self.text.split(self.delimiters.element)
        return elements[place] if place < len(elements) else ""

    def with_elements(self, values: Mapping[int, str]) -> "_Segment":
        """The same with other elements; refuses a value that holds a delimiter."""
        marks = self.delimiters
        elements = self.text.split(marks.element)
        for place, value in values.items():
            if any(mark in value for mark in (marks.element, marks.segment, "\n", "\r")):
                raise CannotCorrect("the new value holds a delimiter of the file")
            elements += [""] * (place + 1 - len(elements))
            elements[place] = value
        return replace(self, text=marks.element.join(elements))


class ClaimFile:
    """The claims of a file, and the file itself. Nothing changes in place: each correction gives another file.

    Raises `KindUnknown` for a file without 837, `CannotCorrect` for one whose segments cannot be told apart byte
    for byte (line ends that only sometimes stand for terminators).
    """

    def __init__(self, content: bytes) -> None:
        reader = Reader(BytesIO(content))
        claims: list[SubmittedClaim] = []
        for start in reader.sets():
            if start.kind == "837":
                claims += submitted(reader, start).claims
        segments = tuple(_segments(content))
        numbered = [place for place, segment in enumerate(segments) if segment.text.strip(BLANK)]
        if not claims:
            raise KindUnknown("X12, but no claims (837)")
        if len(numbered) != reader.number or "".join(map(str, segments)).encode(CODING) != content:
            raise CannotCorrect("its segments do not all end alike")
        self.claims = tuple(claims)
        self.problems: tuple[Problem, ...] = tuple(reader.problems)
        self._content = content
        self._segments = segments
        self._numbered = numbered

    def __bytes__(self) -> bytes:
        return self._content

    # -- corrections --------------------------------------------------------------------------------------

    def with_member_id(self, claim: SubmittedClaim, member_id: str) -> "ClaimFile":
        """The subscriber's ID (NM109 of the IL loop) replaced; for all claims under that subscriber."""
        return self._with({claim.member_segment: {9: self._plain(claim.member_segment, member_id)}})

    def with_payer_id(self, claim: SubmittedClaim, payer_id: str) -> "ClaimFile":
        """The payer's ID (NM109 of the PR loop) replaced; for all claims under that subscriber."""
        return self._with({claim.payer_segment: {9: self._plain(claim.payer_segment, payer_id)}})

    def with_billing_zip(self, claim: SubmittedClaim, code: str) -> "ClaimFile":
        """The billing provider's ZIP (N403 of loop 2010AA) replaced; for all claims under that provider."""
        return self._with({claim.billing_city_segment: {3: self._plain(claim.billing_city_segment, code)}})

    def with_modifiers(self, line: SubmittedLine, modifiers: Iterable[str]) -> "ClaimFile":
        """The modifiers of a line (SV101-3 to -6) replaced; what follows them stays."""
        segment = self._at(line.service_segment)
        component = segment.delimiters.component
        parts = segment.element(1).split(component)
        wanted = [self._plain(line.service_segment, each) for each in modifiers]
        if len(wanted) > MODIFIERS:
            raise CannotCorrect("a line takes up to four modifiers")
        tail = parts[2 + MODIFIERS :]
        shown = [*parts[:2], *wanted, *([""] * (MODIFIERS - len(wanted)) if tail else []), *tail]
        return self._with({line.service_segment: {1: component.join(shown)}})

    def with_diagnoses(self, claim: SubmittedClaim, codes: Mapping[str, str]) -> "ClaimFile":
        """Diagnosis codes replaced, each by its old code."""
        changes = {number: self._diagnoses(number, codes) for number in claim.diagnosis_segments}
        return self._with(changes)

    def _diagnoses(self, number: int, codes: Mapping[str, str]) -> dict[int, str]:
        segment = self._at(number)
        component = segment.delimiters.component
        changed: dict[int, str] = {}
        for place, element in enumerate(segment.text.split(segment.delimiters.element)[1:], 1):
            parts = element.split(component)
            if len(parts) > 1 and parts[1] in codes:
                changed[place] = component.join([parts[0], self._plain(number, codes[parts[1]]), *parts[2:]])
        return changed

    def with_frequency(self, claim: SubmittedClaim, frequency: str) -> "ClaimFile":
        """The claim's frequency (CLM05-3) replaced."""
        segment = self._at(claim.segment)
        component = segment.delimiters.component
        parts = segment.element(5).split(component)
        parts += [""] * (3 - len(parts))
        parts[2] = self._plain(claim.segment, frequency)
        return self._with({claim.segment: {5: component.join(parts)}})

    def without_certificate(self, line: SubmittedLine) -> "ClaimFile":
        """The line's certificate of medical necessity left out, and the set's segment count (SE01) made right."""
        return self._with({}, dropped=frozenset(line.certificate_segments))

    # -- the bytes ----------------------------------------------------------------------------------------

    def _at(self, number: int) -> _Segment:
        if not 1 <= number <= len(self._numbered):
            raise CannotCorrect("the claim has no segment to change there")
        return self._segments[self._numbered[number - 1]]

    def _plain(self, number: int, value: str) -> str:
        """A value that can stand in that segment: no delimiter in it, and a character that the file can hold."""
        marks = self._at(number).delimiters
        if any(mark and mark in value for mark in (marks.component, marks.repetition)):
            raise CannotCorrect("the new value holds a delimiter of the file")
        if not (value.isascii() and value.isprintable()):
            raise CannotCorrect("the new value holds characters that are not plain")
        return value

    def _with(
        self, changes: Mapping[int, Mapping[int, str]], dropped: frozenset[int] = frozenset()
    ) -> "ClaimFile":
        written: list[str] = []
        gone = 0
        numbers = {place: number for number, place in enumerate(self._numbered, 1)}
        for place, segment in enumerate(self._segments):
            number = numbers.get(place, 0)
            if number in dropped:
                gone += 1
                continue
            changed = segment.with_elements(changes.get(number, {}))
            if segment.tag == "SE" and gone:
                changed, gone = _counted(changed, gone), 0
            written.append(str(changed))
        return ClaimFile("".join(written).encode(CODING))


def _counted(end: _Segment, gone: int) -> _Segment:
    count = end.element(1).strip()
    if not count.isascii() or not count.isdigit():
        raise CannotCorrect("SE01 is not a number")
    return end.with_elements({1: str(int(count) - gone)})


def _segments(content: bytes) -> Iterable[_Segment]:
    """Every segment with what stands around it; together they are the file. White space alone has no text."""
    text = content.decode(CODING)
    position = 0
    while (begins := opening(text[position:])) is not None:
        lead = text[position : position + begins.start]
        position += begins.start
        end = _end_of_interchange(text, position, begins.delimiters.segment)
        yield from _cut(lead, text[position:end], begins.delimiters)
        position = end
    if position < len(text):
        yield _Segment(text[position:], "", "", Delimiters("*", ":", "^", "~"))


def _end_of_interchange(text: str, start: int, ender: str) -> int:
    """Where the next ISA begins, or the end of the file."""
    position = start
    while (position := text.find("ISA", position + 1)) >= 0:
        before = text[start:position].rstrip(" \t\r\n")
        if not text[position + 3 : position + 4].isalnum() and before.endswith(ender):
            return position
    return len(text)


def _cut(lead: str, text: str, marks: Delimiters) -> Iterable[_Segment]:
    pieces = text.split(marks.segment)
    for number, piece in enumerate(pieces):
        after = marks.segment if number < len(pieces) - 1 else ""
        if piece or after:
            bare = piece.lstrip(BLANK)
            yield _Segment(lead + piece[: len(piece) - len(bare)], bare, after, marks)
        lead = ""
