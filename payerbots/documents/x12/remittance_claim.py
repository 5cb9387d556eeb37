"""A claim of an 835: from its segments, CLP first, to a `Claim`."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal

from payerbots.documents.x12.pieces import KNOWN_TAGS
from payerbots.documents.x12.reader import Reader
from payerbots.documents.x12.values import DAYS, NUMBERS, STATED, ZERO, Unreadable, at, period
from payerbots.domain.remittance import Adjustment, Amount, Claim, Dated, Line, Name, Qualified

MEMBER_QUALIFIERS = frozenset({"MI", "HN", "MR", "II", "C", "MC", "1W"})
"""NM108 of a number by which the payer knows the member; 34 is a social security number and is left alone."""
MIA_REMARKS = (5, 20, 21, 22, 23)
MOA_REMARKS = (3, 4, 5, 6, 7)
_MONEY = frozenset({"CLP03", "CLP04", "SVC02", "SVC03"})
"""What takes part in balancing beside CAS; none of it may be missing."""
_PADDING = [""] * 10
_ONE_ADJUSTMENT = 4
Place = tuple[int, int, str, str]
"""The claim's number, its first segment's, and LX01 and TS301 that it stands under."""
Procedure = tuple[str, str, tuple[str, ...]]


class _Part:
    """What has been read of a claim, or of one of its lines."""

    __slots__ = (
        "adjudication",
        "adjustments",
        "allowed",
        "amounts",
        "control",
        "dates",
        "line",
        "names",
        "quantities",
        "references",
        "remarks",
    )

    def __init__(self, *, line: bool) -> None:
        self.line = line
        self.control: str | None = None
        self.allowed: Decimal | None = None
        self.adjustments: list[Adjustment] = []
        self.dates: list[tuple[str, date, date]] = []
        self.references: list[Qualified] = []
        self.amounts: list[Amount] = []
        self.quantities: list[Amount] = []
        self.remarks: list[str] = []
        self.names: list[Name] = []
        self.adjudication: tuple[str, ...] = ()


def _adjustments(part: _Part, elements: list[str]) -> None:
    """Raises before it adds anything: a CAS with something wrong in it is read piece by piece instead."""
    group, code = elements[1].upper(), elements[2]
    if not group or not code:
        raise Unreadable("there")
    if len(elements) == _ONE_ADJUSTMENT:
        part.adjustments.append(Adjustment(group=group, code=code.upper(), amount=STATED[elements[3]]))
        return
    found = []
    for index in range(2, len(elements), 3):
        code, amount, quantity = elements[index], at(elements, index + 1), at(elements, index + 2)
        if code:
            units = NUMBERS[quantity] if quantity else None
            found.append(Adjustment(group=group, code=code.upper(), amount=STATED[amount], quantity=units))
        elif amount or quantity:
            raise Unreadable("there")
    part.adjustments += found


def _dates(part: _Part, elements: list[str]) -> None:
    if at(elements, 2):
        day = DAYS[elements[2]]
        part.dates.append((elements[1], day, day))
    elif at(elements, 6):
        part.dates.append((elements[1], *period(elements[6])))


def _references(part: _Part, elements: list[str]) -> None:
    qualifier = elements[1].upper()
    if qualifier == "6R" and part.line and part.control is None:
        part.control = elements[2]
    else:
        part.references.append(Qualified(qualifier=qualifier, value=elements[2]))


def _amounts(part: _Part, elements: list[str]) -> None:
    qualifier, amount = elements[1].upper(), STATED[elements[2]]
    if qualifier == "B6" and part.line and part.allowed is None:
        part.allowed = amount
    else:
        part.amounts.append(Amount(qualifier=qualifier, amount=amount))


def _quantities(part: _Part, elements: list[str]) -> None:
    part.quantities.append(Amount(qualifier=elements[1].upper(), amount=STATED[elements[2]]))


def _remarks(part: _Part, elements: list[str]) -> None:
    part.remarks.append(elements[2].upper())


def _name(part: _Part, elements: list[str]) -> None:
    _, entity, _, last, first, middle, _, suffix, qualifier, identifier = (elements + _PADDING)[:10]
    part.names.append(
        Name(
            entity=entity.upper(),
            last=last,
            first=first,
            middle=middle,
            suffix=suffix,
            qualifier=qualifier.upper(),
            identifier=identifier,
        )
    )


def _adjudication(part: _Part, elements: list[str]) -> None:
    part.adjudication = tuple(elements)
    places = MIA_REMARKS if elements[0] == "MIA" else MOA_REMARKS
    part.remarks += [elements[place].upper() for place in places if at(elements, place)]


_HANDLERS: dict[str, Callable[[_Part, list[str]], None]] = {
    "CAS": _adjustments,
    "DTM": _dates,
    "REF": _references,
    "AMT": _amounts,
    "QTY": _quantities,
    "LQ": _remarks,
    "NM1": _name,
    "MIA": _adjudication,
    "MOA": _adjudication,
}


class ClaimReader:
    """Makes claims out of segments; what cannot be read is a problem of `reader`, and when it is money the payment cannot be proven."""

    def __init__(self, reader: Reader) -> None:
        self.unreadable_money = False
        self._reader = reader
        self._procedures: dict[str, Procedure] = {}
        self._component = reader.delimiters.component
        self._segments: list[list[str]] = []
        self._first = 0

    def claim(self, segments: list[list[str]], place: Place) -> Claim:
        """The claim of these segments, which begin with CLP."""
        whole = part = _Part(line=False)
        lines: list[Line] = []
        service: list[str] = []
        self._segments, self._first = segments, place[1]
        rest = iter(segments)
        next(rest)
        while True:
            try:
                for elements in rest:
                    handler = _HANDLERS.get(elements[0])
                    if handler is not None:
                        handler(part, elements)
                    elif elements[0] == "SVC":
                        if service:
                            lines.append(self._line(service, part))
                        service, part = elements, _Part(line=True)
                    elif elements[0] not in KNOWN_TAGS:
                        self._reader.stray("claim", elements, self._place(elements))
                break
            except (Unreadable, IndexError) as error:
                self._spoiled(part, elements, error)
        if service:
            lines.append(self._line(service, part))
        return self._whole(segments, whole, tuple(lines), place)

    def _whole(self, segments: list[list[str]], part: _Part, lines: tuple[Line, ...], place: Place) -> Claim:
        clp = segments[0] + _PADDING
        try:
            charge, paid, owed = STATED[clp[3]], STATED[clp[4]], NUMBERS[clp[5]]
        except Unreadable:
            charge, paid, owed = self._numbers(segments[0], 3, 4, 5)
        patient, member, corrected, crossover = _people(part.names)
        return Claim(
            patient_control_number=clp[1],
            status=clp[2],
            charge=charge,
            paid=paid,
            patient_responsibility=owed if clp[5] else None,
            filing_indicator=clp[6].upper(),
            payer_claim_number=clp[7],
            facility=clp[8],
            frequency=clp[9],
            patient=patient,
            member_id=member,
            corrected_member_id=corrected,
            crossover_payer=crossover,
            received=next((day for qualifier, day, _ in part.dates if qualifier == "050"), None),
            dates=_dated(part.dates),
            remarks=tuple(part.remarks),
            adjustments=tuple(part.adjustments),
            lines=lines,
            names=tuple(part.names),
            references=tuple(part.references),
            amounts=tuple(part.amounts),
            quantities=tuple(part.quantities),
            adjudication=part.adjudication,
            number=place[0],
            segment=place[1],
            assigned=place[2],
            provider=place[3],
        )

    def _line(self, service: list[str], part: _Part) -> Line:
        svc = service + _PADDING
        try:
            charge, paid, units, billed = STATED[svc[2]], STATED[svc[3]], NUMBERS[svc[5]], NUMBERS[svc[7]]
        except Unreadable:
            charge, paid, units, billed = self._numbers(service, 2, 3, 5, 7)
        qualifier, code, modifiers = self._procedures.get(svc[1]) or self._procedure(svc[1])
        original = self._procedure(svc[6]) if svc[6] else None
        first, last = _span(part.dates)
        return Line(
            control=part.control,
            procedure=code,
            modifiers=modifiers,
            original_procedure=original[1] if original else None,
            charge=charge,
            paid=paid,
            allowed=part.allowed,
            units_billed=billed if svc[7] else None,
            units=units if svc[5] else None,
            date=first,
            date_to=last,
            remarks=tuple(part.remarks),
            adjustments=tuple(part.adjustments),
            procedure_qualifier=qualifier,
            original_modifiers=original[2] if original else (),
            revenue_code=svc[4] or None,
            references=tuple(part.references),
            amounts=tuple(part.amounts),
            quantities=tuple(part.quantities),
        )

    def _procedure(self, text: str) -> Procedure:
        known = self._procedures.get(text)
        if known is None:
            parts = [part.strip().upper() for part in text.split(self._component)]
            qualifier, code = (parts[0], parts[1]) if len(parts) > 1 else ("", parts[0])
            known = (qualifier, code, tuple(part for part in parts[2:6] if part))
            self._procedures[text] = known
        return known

    # -- what cannot be read ------------------------------------------------------------------------------

    def _numbers(self, elements: list[str], *places: int) -> list[Decimal]:
        """The elements at these places; what is missing or cannot be read is 0, and a problem."""
        return [self._number(elements, place) for place in places]

    def _number(self, elements: list[str], place: int) -> Decimal:
        name, text = f"{elements[0]}{place:02}", at(elements, place)
        try:
            return STATED[text] if name in _MONEY else NUMBERS[text]
        except Unreadable as error:
            self._refuse(elements, place, error, money=name in _MONEY)
            return ZERO

    def _spoiled(self, part: _Part, elements: list[str], error: Unreadable | IndexError) -> None:
        """A segment that could not be taken as a whole: of a CAS all pieces that can be read are kept."""
        tag = elements[0]
        if tag == "CAS" and len(elements) > 1:
            self._pieces(part, elements)
        elif isinstance(error, IndexError):
            self._refuse(elements, None, error, money=tag == "CAS")
        else:
            self._refuse(elements, 6 if tag == "DTM" and not at(elements, 2) else 2, error)

    def _pieces(self, part: _Part, elements: list[str]) -> None:
        if not elements[1]:
            self._refuse(elements, 1, Unreadable("there"))
        for index in range(2, len(elements), 3):
            if not any(elements[index : index + 3]):
                continue
            if not elements[index]:
                self._refuse(elements, index, Unreadable("there"))
            code, amount = elements[index].upper(), self._maybe(STATED, elements, index + 1)
            units = self._maybe(NUMBERS, elements, index + 2) if at(elements, index + 2) else None
            if amount is not None:
                group = elements[1].upper()
                part.adjustments.append(Adjustment(group=group, code=code, amount=amount, quantity=units))

    def _maybe(self, known: dict[str, Decimal], elements: list[str], place: int) -> Decimal | None:
        try:
            return known[at(elements, place)]
        except Unreadable as error:
            self._refuse(elements, place, error, money=known is STATED)
            return None

    def _refuse(
        self, elements: list[str], place: int | None, error: Exception, *, money: bool = False
    ) -> None:
        self.unreadable_money = self.unreadable_money or money
        tag = elements[0]
        what = f"{tag} is too short" if place is None else f"{tag}{place:02} is {error}"
        level = "line" if tag == "SVC" else "claim"
        self._reader.problem(level, what, tag=tag, segment=self._place(elements))

    def _place(self, elements: list[str]) -> int:
        return self._first + next(n for n, each in enumerate(self._segments) if each is elements)


def _people(names: list[Name]) -> tuple[str, str, str | None, str | None]:
    """Who the patient is, the member ID, the corrected member ID, and the payer that it was passed on to."""
    patient = member = ""
    corrected = crossover = None
    for name in names:
        if name.entity == "QC":
            patient = full_name(name)
        if name.entity in {"QC", "IL"} and name.qualifier in MEMBER_QUALIFIERS:
            member = member or name.identifier
        elif name.entity == "74":
            corrected = name.identifier or None
        elif name.entity == "TT":
            crossover = name.last or name.identifier
    return patient, member, corrected, crossover


def full_name(name: Name) -> str:
    """`LAST, FIRST MIDDLE SUFFIX`."""
    given = " ".join(part for part in (name.first, name.middle, name.suffix) if part)
    return f"{name.last}, {given}" if given else name.last


def _dated(dates: list[tuple[str, date, date]]) -> tuple[Dated, ...]:
    return tuple(Dated(qualifier=qualifier, date=day) for qualifier, day, _ in dates)


def _span(dates: list[tuple[str, date, date]]) -> tuple[date | None, date | None]:
    """The line's first and last day: 150 and 151, or 472 alone."""
    first = last = None
    for qualifier, begins, ends in dates:
        if qualifier in {"472", "150"}:
            first = begins
            if ends != begins:
                last = ends
        elif qualifier == "151":
            last = begins
    return first, last
