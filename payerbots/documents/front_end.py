"""Files of the front end: claims as they were sent (837P), and what came back (TA1, 999, 277CA)."""

import datetime as dt
import hashlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from io import BytesIO

from payerbots.documents.kinds import set_kind
from payerbots.documents.x12.acknowledgments import acknowledgment, interchange_acknowledgment
from payerbots.documents.x12.claims import submitted
from payerbots.documents.x12.reader import Reader, SetStart
from payerbots.documents.x12.statuses import status_report
from payerbots.documents.x12.values import DAYS, Unreadable, at
from payerbots.domain.rejection import (
    ACKNOWLEDGMENT,
    TA1,
    Answer,
    ClaimState,
    Envelope,
    FileAnswer,
    Said,
    SaidOfLine,
    SentClaim,
    SentLine,
    Source,
)
from payerbots.domain.status import ClaimStatus, Standing, Status, StatusReport
from payerbots.domain.submission import SubmittedClaim, SubmittedLine

CLAIMS, STATUS = "837P", "277CA"
_REFERRING = ("DN", "DK", "P3")
"""NM101 of who referred the patient or ordered the equipment, the first that is named counts."""
_STATES = {
    Standing.REJECTED: ClaimState.REJECTED,
    Standing.RECEIVED: ClaimState.RECEIVED,
    Standing.SPLIT: ClaimState.RECEIVED,
    Standing.ACCEPTED: ClaimState.CLOSED,
}
_FORWARDED = "A0"


@dataclass(slots=True)
class FrontEnd:
    """What files of the front end say; `kinds` are those of the transaction sets that were read."""

    sent: list[SentClaim] = field(default_factory=list)
    answers: list[Answer] = field(default_factory=list)
    files: list[FileAnswer] = field(default_factory=list)
    kinds: list[str] = field(default_factory=list)
    problems: int = 0


def read_front_end(content: bytes, found: FrontEnd | None = None) -> FrontEnd:
    """What one file says, added to what was `found` before.

    Transaction sets of other kinds are passed over. Raises `DocumentError` for what is no X12.
    """
    made = found or FrontEnd()
    sha256 = hashlib.sha256(content).hexdigest()
    reader = Reader(BytesIO(content))
    for start in reader.sets():
        kind = set_kind(start)
        if kind in _READERS:
            made.kinds.append(kind)
            _READERS[kind](made, reader, start, sha256)
    made.problems += len(reader.problems)
    return made


# -- what was sent ----------------------------------------------------------------------------------------


def _claims(made: FrontEnd, reader: Reader, start: SetStart, sha256: str) -> None:
    read = submitted(reader, start)
    written = _written(start)
    day = read.created or (written.date() if written else None)
    envelope = Envelope(
        interchange=at(list(start.isa), 13),
        group=at(list(start.group), 6),
        transaction=start.control,
        file=sha256,
    )
    for claim in read.claims:
        if day is not None:
            made.sent.append(sent_claim(claim, day, written, envelope))


def sent_claim(
    claim: SubmittedClaim, day: dt.date, written: dt.datetime | None, envelope: Envelope
) -> SentClaim:
    """A claim of an 837P as it is followed from then on."""
    lines = tuple(_line(number, line) for number, line in enumerate(claim.lines, 1))
    return SentClaim(
        control=claim.patient_control_number,
        payer=claim.payer,
        payer_id=claim.payer_id,
        sent=day,
        made=written,
        charge=claim.charge,
        service_date=min((line.first for line in lines if line.first), default=None),
        filing_indicator=claim.filing_indicator,
        member_id=claim.member_id,
        patient=claim.patient,
        birth_date=claim.birth_date,
        own_policy=claim.patient == claim.subscriber,
        npi=claim.billing_npi,
        street=claim.billing_street,
        city=claim.billing_city,
        state=claim.billing_state,
        zip=claim.billing_zip,
        referred_by=_referred_by(claim),
        lines=lines,
        envelope=envelope,
    )


def _line(number: int, line: SubmittedLine) -> SentLine:
    return SentLine(
        number=int(line.number) if line.number.isascii() and line.number.isdigit() else number,
        hcpcs=line.procedure,
        modifiers=line.modifiers,
        first=line.date,
        last=line.date_to or line.date,
        charge=line.charge,
        control=line.control or "",
        certificate=line.certificate or "",
    )


def _referred_by(claim: SubmittedClaim) -> str:
    names = [*claim.names, *(name for line in claim.lines for name in line.names)]
    for entity in _REFERRING:
        for name in names:
            if name.entity == entity:
                return f"{name.last}, {name.first}" if name.first else name.last
    return ""


# -- what came back ---------------------------------------------------------------------------------------


def _interchange(made: FrontEnd, reader: Reader, start: SetStart, _: str) -> None:
    ta1 = interchange_acknowledgment(reader, start)
    made.files.append(
        FileAnswer(
            kind=TA1, interchange=ta1.control, accepted=ta1.accepted, code=ta1.note or ta1.code, day=ta1.date
        )
    )


def _acknowledgment(made: FrontEnd, reader: Reader, start: SetStart, _: str) -> None:
    found = acknowledgment(reader, start)
    written = _written(start)
    day = written.date() if written else None
    if not found.sets or found.code == "R":
        made.files.append(
            FileAnswer(
                kind=ACKNOWLEDGMENT, group=found.group, accepted=found.accepted, code=found.code, day=day
            )
        )
        return
    for one in found.sets:
        made.files.append(
            FileAnswer(
                kind=ACKNOWLEDGMENT,
                group=found.group,
                transaction=one.control,
                accepted=one.accepted,
                code=one.code,
                day=day,
            )
        )


def _statuses(made: FrontEnd, reader: Reader, start: SetStart, _: str) -> None:
    report = status_report(reader, start)
    written = _written(start)
    made.answers += _answers(report, written)


def _answers(report: StatusReport, written: dt.datetime | None) -> Iterator[Answer]:
    for claim in report.claims:
        statuses = [*claim.statuses, *(status for line in claim.lines for status in line.statuses)]
        state = _state(report, claim, statuses)
        day = next((status.date for status in statuses if status.date), report.created)
        if state is None or day is None:
            continue
        yield Answer(
            control=claim.trace,
            day=day,
            made=written,
            source=_source(report, claim),
            state=state,
            codes=_codes(claim.statuses, state),
            lines=tuple(
                SaidOfLine(procedure=line.procedure, control=line.control or "", codes=codes)
                for line in claim.lines
                if (codes := _codes(line.statuses, state))
            ),
            message="; ".join(dict.fromkeys(status.message for status in statuses if status.message)),
        )


def _state(report: StatusReport, claim: ClaimStatus, statuses: Iterable[Status]) -> ClaimState | None:
    """A rejection of the claim, or of any of its lines, wins. A clearinghouse that accepts or forwards has cleared it."""
    all_of_it = list(statuses)
    if any(status.standing is Standing.REJECTED for status in all_of_it):
        return ClaimState.REJECTED
    state = _STATES.get(claim.standing)
    if state is None or _source(report, claim) is Source.PAYER:
        return state
    forwarded = any(code.category == _FORWARDED for status in all_of_it for code in status.codes)
    return ClaimState.CLEARED if forwarded or state is ClaimState.CLOSED else state


def _source(report: StatusReport, claim: ClaimStatus) -> Source:  # noqa: ARG001 - one report speaks for one source
    return Source.PAYER if report.source in {"PR", ""} else Source.CLEARINGHOUSE


def _codes(statuses: Iterable[Status], state: ClaimState) -> tuple[Said, ...]:
    """The codes that count: of a rejection those that reject."""
    wanted = [
        status
        for status in statuses
        if state is not ClaimState.REJECTED or status.standing is Standing.REJECTED
    ]
    return tuple(
        Said(category=code.category, code=code.code, entity=code.entity)
        for status in wanted
        for code in status.codes
    )


def _written(start: SetStart) -> dt.datetime | None:
    """When the group, or else the interchange, was written (GS04 and GS05, ISA09 and ISA10)."""
    group, isa = list(start.group), list(start.isa)
    return _moment(at(group, 4), at(group, 5)) or _moment(at(isa, 9), at(isa, 10))


def _moment(day: str, time: str) -> dt.datetime | None:
    try:
        hour, minute = (int(time[:2]), int(time[2:4])) if time[:4].isdigit() else (0, 0)
        return dt.datetime.combine(DAYS[day], dt.time(hour, minute, tzinfo=dt.UTC))
    except (Unreadable, ValueError):
        return None


_READERS: dict[str, Callable[[FrontEnd, Reader, SetStart, str], None]] = {
    CLAIMS: _claims,
    TA1: _interchange,
    ACKNOWLEDGMENT: _acknowledgment,
    "997": _acknowledgment,
    STATUS: _statuses,
}
