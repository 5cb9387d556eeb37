"""Segments, sets and envelopes as the office and the clearinghouse write them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import date, datetime

    Segment = tuple[str, ...]

OFFICE: Final = "LAKESIDEHM"
HOUSE: Final = "CLEARPOINT"
NAMES: Final = {OFFICE: "LAKESIDE HOME MEDICAL", HOUSE: "CLEARPOINT CLEARINGHOUSE"}
END: Final = "~\n"


@dataclass(frozen=True, kw_only=True)
class Envelope:
    """Who sends to whom, under which control number, and when (aware UTC)."""

    sender: str
    receiver: str
    control: int
    made_at: datetime
    functional: str
    """GS01: HC claims, FA acknowledgment, HN status."""
    version: str
    """GS08."""


def written(
    envelope: Envelope, sets: Sequence[tuple[str, Sequence[Segment]]], answer: Segment | None = None
) -> bytes:
    """An interchange: each set is its ST01 and the segments between ST and SE. `answer` is a TA1."""
    segments = [_isa(envelope)]
    if answer:
        segments.append(answer)
    if sets:
        segments.append(_gs(envelope))
        for place, (kind, body) in enumerate(sets, 1):
            number = f"{place:04d}"
            segments += [("ST", kind, number, envelope.version), *body, ("SE", f"{len(body) + 2}", number)]
        segments.append(("GE", f"{len(sets)}", f"{envelope.control}"))
    segments.append(("IEA", f"{int(bool(sets))}", f"{envelope.control:09d}"))
    return "".join(_joined(segment) for segment in segments).encode("ascii")


def _joined(segment: Segment) -> str:
    text = "*".join(segment)
    return (text if segment[0] == "ISA" else text.rstrip("*")) + END


def _isa(envelope: Envelope) -> Segment:
    made = envelope.made_at
    return (
        "ISA", "00", " " * 10, "00", " " * 10, "ZZ", f"{envelope.sender:15}", "ZZ", f"{envelope.receiver:15}",
        f"{made:%y%m%d}", f"{made:%H%M}", "^", "00501", f"{envelope.control:09d}", "0", "P", ":",
    )  # fmt: skip


def _gs(envelope: Envelope) -> Segment:
    made = envelope.made_at
    return (
        "GS", envelope.functional, envelope.sender, envelope.receiver, f"{made:%Y%m%d}", f"{made:%H%M}",
        f"{envelope.control}", "X", envelope.version,
    )  # fmt: skip


def day(value: date) -> str:
    """A date as X12 has it."""
    return f"{value:%Y%m%d}"


def acknowledged(envelope: Envelope, answered: int, fates: Sequence[Segment]) -> bytes:
    """A 999 of a file's only group; `fates` are AK2 to IK5 of its sets, and AK9."""
    return written(envelope, [("999", [("AK1", "HC", f"{answered}", "005010X222A1"), *fates])])


class Levels:
    """Numbers the HL segments of a set."""

    def __init__(self) -> None:
        self.last = 0

    def level(self, parent: int | None, code: str, *, children: bool | None = None) -> Iterator[Segment]:
        """The next HL."""
        self.last += 1
        above = "" if parent is None else f"{parent}"
        yield ("HL", f"{self.last}", above, code, *(() if children is None else (f"{int(children)}",)))
