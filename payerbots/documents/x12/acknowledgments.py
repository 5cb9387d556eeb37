"""999 (005010X231A1), 997 and TA1: whether what was sent was taken, and what is wrong in it."""

from dataclasses import dataclass, field
from decimal import Decimal

from payerbots.documents.x12.fields import Fields
from payerbots.documents.x12.reader import Reader, SetStart
from payerbots.domain.acknowledgment import (
    ACCEPTED,
    AcknowledgedSet,
    Acknowledgment,
    InterchangeAcknowledgment,
    SyntaxFault,
)
from payerbots.domain.remittance import Balance, Difference

_FIRST_CODE = 2
_FIRST_GROUP_CODE = 5


@dataclass(slots=True)
class _Fault:
    segment: str = ""
    position: int | None = None
    loop: str = ""
    code: str = ""
    element: str = ""
    reference: str = ""
    claim: str = ""
    context: list[str] = field(default_factory=list)

    def made(self) -> SyntaxFault:
        return SyntaxFault(
            segment=self.segment,
            position=self.position,
            loop=self.loop,
            code=self.code,
            element=self.element,
            reference=self.reference,
            claim=self.claim,
            context=tuple(self.context),
        )


@dataclass(slots=True)
class _Set:
    type: str
    control: str
    implementation: str
    code: str = ""
    answered: bool = False
    faults: list[_Fault] = field(default_factory=list)


def interchange_acknowledgment(reader: Reader, start: SetStart) -> InterchangeAcknowledgment:
    """The TA1 that stands in the interchange itself."""
    ta1 = Fields(reader, list(start.elements), "interchange")
    return InterchangeAcknowledgment(
        control=ta1[1],
        code=ta1.code(4),
        note=ta1.code(5),
        accepted=ta1.code(4) in ACCEPTED,
        date=ta1.day(2),
        time=ta1[3],
    )


def acknowledgment(reader: Reader, start: SetStart) -> Acknowledgment:
    """The 999 or 997 in the set that has begun; what cannot be read is a problem of `reader`."""
    return _Acknowledgment(reader, start).read()


class _Acknowledgment:
    def __init__(self, reader: Reader, start: SetStart) -> None:
        self._reader, self._start = reader, start
        self._sets: list[_Set] = []
        self._group: Fields | None = None
        self._end: Fields | None = None
        self._takers = {
            "AK1": self._begin,
            "AK2": self._next,
            "IK3": self._segment,
            "AK3": self._segment,
            "IK4": self._element,
            "AK4": self._element,
            "CTX": self._context,
            "IK5": self._answer,
            "AK5": self._answer,
            "AK9": self._finish,
        }

    def read(self) -> Acknowledgment:
        for elements in self._reader.body():
            taker = self._takers.get(elements[0])
            if taker is not None:
                taker(Fields(self._reader, elements))
            else:
                self._reader.stray("transaction", elements)
        group, end = self._group, self._end
        if end is None:
            self._reader.problem("transaction", "there is no AK9: whether the group was taken is unknown")
        return Acknowledgment(
            control=self._start.control,
            kind=self._start.kind,
            group=group[2] if group else "",
            functional=group.code(1) if group else "",
            code=end.code(1) if end else "",
            accepted=end is not None and end.code(1) in ACCEPTED,
            errors=_codes(end, _FIRST_GROUP_CODE) if end else (),
            sets=tuple(_finished(each) for each in self._sets),
            balance=self._balance(),
        )

    def _begin(self, ak1: Fields) -> None:
        self._group = ak1

    def _next(self, ak2: Fields) -> None:
        self._sets.append(_Set(ak2[1], ak2[2], ak2[3]))

    def _open(self, tag: str) -> _Set | None:
        if not self._sets:
            self._reader.problem("transaction", f"{tag} stands under no AK2: left out", tag=tag)
            return None
        return self._sets[-1]

    def _segment(self, found: Fields) -> None:
        if (answered := self._open(found.tag)) is not None:
            code = found.repeats(4)
            fault = _Fault(found.code(1), found.count(2), found[3], code[0].upper() if code else "")
            answered.faults.append(fault)

    def _element(self, found: Fields) -> None:
        if (answered := self._open(found.tag)) is not None:
            last = answered.faults[-1] if answered.faults else _Fault()
            place = ".".join(part for part in found.parts(1)[:2] if part)
            answered.faults.append(
                _Fault(last.segment, last.position, last.loop, found.code(3), place, found[2])
            )

    def _context(self, found: Fields) -> None:
        """What a fault is about: the claim, and the names of loops and segments."""
        if self._sets and self._sets[-1].faults:
            unit = found.repeats(1)[:1] or [""]
            named, _, value = unit[0].partition(self._start.delimiters.component)
            places = [part for part in (found[2], found[3], found[4]) if part]
            fault = self._sets[-1].faults[-1]
            fault.context.append(" ".join([named, *places]))
            fault.claim = fault.claim or (value if named == "CLM01" else "")

    def _answer(self, found: Fields) -> None:
        if (answered := self._open(found.tag)) is None:
            return
        if answered.answered:
            self._reader.problem(
                "transaction", "a set that is answered twice: the last answer counts", tag=found.tag
            )
        answered.code, answered.answered = found.code(1), True
        answered.faults += [_Fault(code=code) for code in _codes(found, _FIRST_CODE)]

    def _finish(self, ak9: Fields) -> None:
        self._end = ak9

    def _balance(self) -> Balance:
        """AK902 to AK904: sets sent, received, accepted. Sets that were taken need not be listed (997, 999)."""
        if self._end is None or not self._sets:
            return Balance(ok=self._end is not None)
        accepted = sum(each.code in ACCEPTED for each in self._sets)
        received, taken = self._end.amount(3), self._end.amount(4)
        rejected = len(self._sets) - accepted
        stated = received - taken if received is not None and taken is not None else None
        if stated is None or stated == rejected:
            return Balance(ok=stated is not None)
        wanted = Decimal(rejected)
        difference = Difference(
            level="group",
            where="AK9 sets rejected",
            expected=wanted,
            found=stated,
            difference=stated - wanted,
        )
        return Balance(ok=False, differences=(difference,))


def _codes(found: Fields, first: int) -> tuple[str, ...]:
    return tuple(element.upper() for element in found.elements[first:] if element)


def _finished(answered: _Set) -> AcknowledgedSet:
    return AcknowledgedSet(
        control=answered.control,
        type=answered.type,
        code=answered.code,
        accepted=answered.code in ACCEPTED,
        errors=tuple(fault.made() for fault in answered.faults),
        implementation=answered.implementation,
    )
