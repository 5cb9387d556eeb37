"""Writes what comes back: TA1, 999 (005010X231A1) and 277CA (005010X214)."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING, Final

from payerbots.sandbox.clearpoint.records import Fate, Source
from payerbots.sandbox.clearpoint.x12 import (
    HOUSE,
    NAMES,
    OFFICE,
    Envelope,
    Levels,
    acknowledged,
    day,
    written,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import datetime

    from payerbots.sandbox.clearpoint.records import Claim, ClaimFile, Line, Payer, Ruling, Status
    from payerbots.sandbox.clearpoint.x12 import Segment

    Said = tuple[Claim, Ruling]

NOTED: Final[tuple[Segment, ...]] = (
    ("IK3", "NM1", "19", "2010", "8"),
    ("CTX", "SITUATIONAL TRIGGER", "NM1", "19", "2010"),
    ("IK4", "5", "1037", "6"),
)
"""An error that is noted and does no harm."""
WRONG: Final[tuple[Segment, ...]] = (
    ("IK3", "DMG", "22", "2010", "8"),
    ("IK4", "2", "1251", "8"),
)
IN_DETAIL: Final = {Fate.ACCEPTED: (), Fate.ERRORS_NOTED: NOTED, Fate.REJECTED: WRONG}


@dataclass(frozen=True, kw_only=True)
class Stamp:
    """The control number and the time (aware UTC) of a report."""

    control: int
    made_at: datetime

    def envelope(self, functional: str, version: str) -> Envelope:
        """The envelope of a report to the office."""
        return Envelope(
            sender=HOUSE,
            receiver=OFFICE,
            control=self.control,
            made_at=self.made_at,
            functional=functional,
            version=version,
        )


def interchange(stamp: Stamp, file: ClaimFile) -> bytes:
    """A TA1 about a file."""
    code = "R" if file.refused else "A"
    sent = file.sent_at
    answer = ("TA1", f"{file.number:09d}", f"{sent:%y%m%d}", f"{sent:%H%M}", code, file.envelope)
    return written(stamp.envelope("FA", "005010X231A1"), [], answer)


def acknowledgment(stamp: Stamp, file: ClaimFile) -> bytes:
    """A 999 about a file."""
    body: list[Segment] = []
    for place, fate in enumerate(file.fates, 1):
        body.append(("AK2", "837", f"{place:04d}", "005010X222A1"))
        body += IN_DETAIL[fate]
        body.append(("IK5", fate.value, *(("5",) if fate is not Fate.ACCEPTED else ())))
    taken = sum(fate is not Fate.REJECTED for fate in file.fates)
    verdict = "P" if taken < len(file.fates) else "E" if Fate.ERRORS_NOTED in file.fates else "A"
    if not taken:
        verdict = "R"
    count = f"{len(file.fates)}"
    body.append(("AK9", verdict, count, count, f"{taken}"))
    return acknowledged(stamp.envelope("FA", "005010X231A1"), file.number, body)


def status(stamp: Stamp, payer: Payer | None, batch: str, said: Sequence[Said]) -> bytes:
    """A 277CA: of a payer, or of the clearinghouse itself."""
    return written(stamp.envelope("HN", "005010X214"), [("277", list(_report(stamp, payer, batch, said)))])


def _report(stamp: Stamp, payer: Payer | None, batch: str, said: Sequence[Said]) -> Iterator[Segment]:
    made = stamp.made_at
    levels = Levels()
    yield ("BHT", "0085", "08", f"R{stamp.control}", day(made), f"{made:%H%M}", "TH")
    yield from levels.level(None, "20", children=True)
    if payer:
        yield ("NM1", Source.PAYER.value, "2", payer.name, "", "", "", "", "PI", payer.payer_id)
    else:
        yield ("NM1", Source.CLEARINGHOUSE.value, "2", NAMES[HOUSE], "", "", "", "", "46", HOUSE)
    yield ("TRN", "1", f"{stamp.control}")
    yield ("DTP", "050", "D8", day(made))
    yield ("DTP", "009", "D8", day(made))
    yield from levels.level(1, "21", children=True)
    yield ("NM1", "41", "2", NAMES[OFFICE], "", "", "", "", "46", OFFICE)
    yield ("TRN", "2", batch)
    yield from _totals(said, "A1:19:PR" if payer else "A1:19:AY", day(made), "90", "AA")
    for npi, some in groupby(sorted(said, key=_by_npi), key=lambda one: one[0].location.npi):
        yield from _provider(levels, npi, list(some), day(made))


def _by_npi(said: Said) -> tuple[str, str]:
    return said[0].location.npi, said[0].control


def _totals(said: Sequence[Said], code: str, made: str, good: str, bad: str) -> Iterator[Segment]:
    rejected = [claim for claim, ruling in said if ruling.rejects]
    taken = [claim for claim, ruling in said if not ruling.rejects]
    total = sum(claim.charge for claim, _ in said)
    yield ("STC", code, made, "WQ", f"{total}")
    for qualifier, some in ((good, taken), (bad, rejected)):
        if some:
            yield ("QTY", qualifier, f"{len(some)}")
    for qualifier, some in (("YU", taken), ("YY", rejected)):
        if some:
            yield ("AMT", qualifier, f"{sum(claim.charge for claim in some)}")


def _provider(levels: Levels, npi: str, said: Sequence[Said], made: str) -> Iterator[Segment]:
    yield from levels.level(2, "19", children=True)
    above = levels.last
    yield ("NM1", "85", "2", said[0][0].location.name, "", "", "", "", "XX", npi)
    yield ("TRN", "1", "0")
    yield from _totals(said, "A1:19", made, "QA", "QC")
    for claim, ruling in said:
        yield from _claim(levels, above, claim, ruling)


def _claim(levels: Levels, above: int, claim: Claim, ruling: Ruling) -> Iterator[Segment]:
    patient = claim.patient
    action, heard = ("U" if ruling.rejects else "WQ"), day(ruling.at)
    yield from levels.level(above, "PT")
    name = (patient.last, patient.first, patient.middle, "", patient.suffix)
    yield ("NM1", "QC", "1", *name, "MI", claim.member_id)
    yield ("TRN", "2", claim.control)
    of_claim = [one for one in ruling.statuses if not one.line]
    of_lines = [one for one in ruling.statuses if one.line]
    if of_claim or of_lines:
        shown = of_claim or [_wrapper(of_lines[0])]
        yield _stc(shown, heard, action, f"{claim.charge}")
    yield ("REF", "1K", ruling.number)
    yield ("DTP", "472", "D8", day(claim.served_on))
    for line in claim.lines:
        mine = [one for one in of_lines if one.line == line.number]
        if mine:
            yield from _line(claim, line, mine, heard)


def _wrapper(status: Status) -> Status:
    """A claim is sent back for its line's reason where only the line has one."""
    return type(status)(category=status.category, code=status.code, entity=status.entity)


def _stc(statuses: Sequence[Status], heard: str, action: str, amount: str) -> Segment:
    first, *more = [str(one) for one in statuses]
    tail = ("", "", "", "", "", *more) if more else ()
    return ("STC", first, heard, action, amount, *tail)


def _line(claim: Claim, line: Line, statuses: Sequence[Status], heard: str) -> Iterator[Segment]:
    yield (
        "SVC",
        ":".join(("HC", line.hcpcs, *line.modifiers)),
        f"{line.charge}",
        "",
        "",
        "",
        "",
        f"{line.units}",
    )
    yield _stc(statuses, heard, "U", f"{line.charge}")
    yield ("REF", "FJ", f"{claim.control}L{line.number}")
    yield ("DTP", "472", "D8", day(line.first))
