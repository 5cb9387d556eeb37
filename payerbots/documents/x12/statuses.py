"""277CA (005010X214) and 277 (005010X212): every STC at every level, with the chain that it stands under."""

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from payerbots.documents.x12.fields import Fields
from payerbots.documents.x12.reader import Reader, SetStart
from payerbots.documents.x12.status_totals import Stated, balance
from payerbots.domain.remittance import Qualified
from payerbots.domain.status import (
    REJECTED,
    ClaimStatus,
    LineStatus,
    Standing,
    Status,
    StatusCode,
    StatusReport,
    meant,
    overall,
    standing,
)

CLAIM_LEVELS = frozenset({"22", "23", "PT"})
ACKNOWLEDGMENT = "277CA"
_CODE_PLACES = (1, 10, 11)


@dataclass(slots=True)
class _Level:
    """An HL: whom it names, and what its claims inherit."""

    code: str
    parent: "_Level | None"
    name: str = ""
    entity: str = ""
    identifier: str = ""
    trace: str = ""

    def above(self, code: str) -> "_Level | None":
        """The nearest level of this code, from here upwards."""
        level: _Level | None = self
        while level is not None and level.code != code:
            level = level.parent
        return level


@dataclass(slots=True)
class _Line:
    service: Fields
    statuses: list[Status] = field(default_factory=list)
    control: str | None = None
    dates: tuple[date | None, date | None] = (None, None)


@dataclass(slots=True)
class _Claim:
    level: _Level
    trace: str
    statuses: list[Status] = field(default_factory=list)
    lines: list[_Line] = field(default_factory=list)
    references: list[Qualified] = field(default_factory=list)
    dates: tuple[date | None, date | None] = (None, None)


def status_report(reader: Reader, start: SetStart) -> StatusReport:
    """The report in the set that has begun; what cannot be read is a problem of `reader`."""
    return _Report(reader, start).read()


class _Report:
    def __init__(self, reader: Reader, start: SetStart) -> None:
        self._reader, self._start = reader, start
        self._kind = ACKNOWLEDGMENT if "X214" in start.implementation else "277"
        self._reference = ""
        self._created: date | None = None
        self._levels: dict[str, _Level] = {}
        self._level = _Level("", None)
        self._claim: _Claim | None = None
        self._line: _Line | None = None
        self._claims: list[_Claim] = []
        self._statuses: list[Status] = []
        self._stated: list[Stated] = []
        self._takers = {
            "BHT": self._begin,
            "HL": self._next_level,
            "NM1": self._name,
            "TRN": self._trace,
            "STC": self._status,
            "SVC": self._service,
            "REF": self._refer,
            "DTP": self._date,
            "QTY": self._state,
            "AMT": self._state,
        }

    def read(self) -> StatusReport:
        for elements in self._reader.body():
            taker = self._takers.get(elements[0])
            if taker is not None:
                taker(Fields(self._reader, elements, "claim" if self._claim else "transaction"))
            else:
                self._reader.stray("claim" if self._claim else "transaction", elements)
        claims = tuple(_finished(claim) for claim in self._claims)
        payer, receiver = self._first("20"), self._first("21")
        return StatusReport(
            control=self._start.control,
            kind=self._kind,
            reference=self._reference,
            created=self._created,
            payer=payer.name,
            payer_id=payer.identifier,
            source=payer.entity,
            receiver=receiver.name,
            statuses=tuple(self._statuses),
            claims=claims,
            balance=balance(
                self._stated, [(claim.level, made) for claim, made in zip(self._claims, claims, strict=True)]
            ),
        )

    def _first(self, code: str) -> _Level:
        return next((level for level in self._levels.values() if level.code == code), _Level(code, None))

    def _begin(self, bht: Fields) -> None:
        if not self._start.implementation and bht[1] == "0085":
            self._kind = ACKNOWLEDGMENT
        self._reference, self._created = bht[3], bht.day(4)

    def _next_level(self, hl: Fields) -> None:
        self._level = _Level(hl.code(3), self._levels.get(hl[2]) if hl[2] else None)
        self._levels[hl[1]] = self._level
        self._claim = self._line = None

    def _name(self, nm1: Fields) -> None:
        given = " ".join(part for part in (nm1[4], nm1[5], nm1[7]) if part)
        self._level.name = f"{nm1[3]}, {given}" if given else nm1[3]
        self._level.entity, self._level.identifier = nm1.code(1), nm1[9]

    def _trace(self, trn: Fields) -> None:
        if self._level.code in CLAIM_LEVELS:
            self._claim, self._line = _Claim(self._level, trn[2]), None
            self._claims.append(self._claim)
        else:
            self._level.trace = trn[2]

    def _status(self, stc: Fields) -> None:
        codes = tuple(_code(stc.parts(place)) for place in _CODE_PLACES if stc[place])
        action = stc.code(3)
        status = Status(
            level=self._level.code,
            line=self._line.service[1] if self._line else None,
            trace=self._claim.trace if self._claim else self._level.trace,
            codes=codes,
            action=action,
            amount=stc.amount(4),
            date=stc.day(2),
            message=stc[12],
            paid=stc.amount(5),
            standing=standing(codes[0].category, action) if codes else Standing.UNKNOWN,
            segment=stc.segment,
        )
        if status.standing is Standing.RECEIVED and codes[0].category in REJECTED:
            self._reader.problem("claim", f"{codes[0].category} rejects but WQ accepts: WQ counts", tag="STC")
        self._statuses.append(status)
        if self._line:
            self._line.statuses.append(status)
        elif self._claim:
            self._claim.statuses.append(status)

    def _service(self, svc: Fields) -> None:
        if self._claim is None:
            self._reader.problem("line", "a line that stands under no claim", tag="SVC")
            return
        self._line = _Line(svc)
        self._claim.lines.append(self._line)

    def _refer(self, ref: Fields) -> None:
        if self._line:
            self._line.control = ref[2] if ref.code(1) == "FJ" else self._line.control
        elif self._claim:
            self._claim.references.append(Qualified(qualifier=ref.code(1), value=ref[2]))

    def _date(self, dtp: Fields) -> None:
        part = self._line or self._claim
        if part and dtp[1] == "472":
            part.dates = dtp.period(3)

    def _state(self, total: Fields) -> None:
        if self._claim is None:
            self._stated.append(Stated(self._level, total.tag, total.code(1), total.amount(2)))


def _code(parts: list[str]) -> StatusCode:
    return StatusCode(category=parts[0].upper(), code=parts[1].upper(), entity=parts[2].upper())


def _finished(claim: _Claim) -> ClaimStatus:
    statuses, lines = tuple(claim.statuses), tuple(_line(line) for line in claim.lines)
    of_lines = tuple(status for line in lines for status in line.statuses)
    receiver, provider = claim.level.above("21"), claim.level.above("19")
    member = claim.level if claim.level.identifier else claim.level.above("22")
    referred = {each.qualifier: each.value for each in reversed(claim.references)}
    return ClaimStatus(
        trace=claim.trace,
        receiver=receiver.name if receiver else "",
        provider=provider.name if provider else "",
        provider_id=provider.identifier if provider else "",
        patient=claim.level.name,
        member_id=member.identifier if member else "",
        payer_claim_number=referred.get("1K", ""),
        patient_control_number=referred.get("EJ", claim.trace),
        bill_type=referred.get("BLT", ""),
        date=claim.dates[0],
        date_to=claim.dates[1],
        amount=_amount(statuses),
        references=tuple(claim.references),
        statuses=statuses,
        lines=lines,
        standing=overall(statuses or of_lines),
        codes=meant(statuses, lines),
    )


def _amount(statuses: tuple[Status, ...]) -> Decimal | None:
    return next((status.amount for status in statuses if status.amount is not None), None)


def _line(line: _Line) -> LineStatus:
    svc = line.service
    procedure = svc.parts(1)
    return LineStatus(
        procedure=procedure[1].upper() or procedure[0],
        modifiers=tuple(part.upper() for part in procedure[2:6] if part),
        charge=svc.amount(2),
        paid=svc.amount(3),
        control=line.control,
        date=line.dates[0],
        date_to=line.dates[1],
        statuses=tuple(line.statuses),
    )
