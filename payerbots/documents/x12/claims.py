"""837P (005010X222A1): the claims that were sent, each with the loops that it stands in."""

from dataclasses import dataclass, field
from datetime import date
from typing import Any

from payerbots.documents.x12.fields import Fields
from payerbots.documents.x12.reader import Reader, SetStart
from payerbots.domain.remittance import Name, Qualified
from payerbots.domain.submission import Answered, SubmittedClaim, SubmittedLine, SubmittedSet

CERTIFICATE_DATES = frozenset({"461", "463", "607"})
"""DTP01 of a certificate: last certification, begin of therapy, recertification."""
_BILLING = (
    "billing_provider",
    "billing_npi",
    "billing_street",
    "billing_city",
    "billing_state",
    "billing_zip",
    "billing_city_segment",
)
"""What a subscriber's level keeps of the provider's above it."""
_PERSONS = {
    "IL": ("subscriber", "member_id"),
    "PR": ("payer", "payer_id"),
    "85": ("billing_provider", "billing_npi"),
}


@dataclass(slots=True)
class _Open:
    """A loop that is being read: single facts, and those that come more than once."""

    facts: dict[str, Any] = field(default_factory=dict)
    many: dict[str, list[Any]] = field(default_factory=dict)

    def add(self, name: str, value: object) -> None:
        self.many.setdefault(name, []).append(value)

    def gathered(self) -> dict[str, Any]:
        return {**self.facts, **{name: tuple(values) for name, values in self.many.items()}}


@dataclass(slots=True)
class _Claim(_Open):
    lines: list[_Open] = field(default_factory=list)


def submitted(reader: Reader, start: SetStart) -> SubmittedSet:
    """The claims in the set that has begun; what cannot be read is a problem of `reader`."""
    return _Submitted(reader, start).read()


class _Submitted:
    def __init__(self, reader: Reader, start: SetStart) -> None:
        self._reader, self._start = reader, start
        self._reference = ""
        self._created: date | None = None
        self._around: dict[str, Any] = {}
        self._file: dict[str, str] = {}
        self._named = ""
        self._claims: list[_Claim] = []
        self._claim: _Claim | None = None
        self._line: _Open | None = None
        self._takers = {
            "BHT": self._begin,
            "HL": self._level,
            "SBR": self._subscriber,
            "NM1": self._name,
            "N3": self._street,
            "N4": self._city,
            "DMG": self._person,
            "CLM": self._next_claim,
            "HI": self._diagnoses,
            "REF": self._refer,
            "LX": self._next_line,
            "SV1": self._service,
            "DTP": self._date,
            "PWK": self._paper,
            "CR3": self._certificate,
            "CRC": self._condition,
            "LQ": self._form,
            "FRM": self._answer,
        }

    def read(self) -> SubmittedSet:
        for elements in self._reader.body():
            taker = self._takers.get(elements[0])
            if taker is not None:
                taker(Fields(self._reader, elements, "line" if self._line else "claim"))
            else:
                self._reader.stray("claim", elements)
        return SubmittedSet(
            control=self._start.control,
            reference=self._reference,
            created=self._created,
            submitter=self._file.get("41", ""),
            receiver=self._file.get("40", ""),
            claims=tuple(self._finished(claim) for claim in self._claims),
        )

    def _finished(self, claim: _Claim) -> SubmittedClaim:
        lines = tuple(SubmittedLine(**line.gathered()) for line in claim.lines)
        return SubmittedClaim(**claim.gathered(), lines=lines, transaction=self._start.control)

    # -- around the claims --------------------------------------------------------------------------------

    def _begin(self, bht: Fields) -> None:
        self._reference, self._created = bht[3], bht.day(4)

    def _level(self, hl: Fields) -> None:
        """A subscriber's level forgets the subscriber before it; a patient's keeps the subscriber."""
        kept = {"20": (), "22": _BILLING}.get(hl[3])
        if kept is not None:
            self._around = {name: self._around[name] for name in kept if name in self._around}
        self._claim = self._line = None

    def _subscriber(self, sbr: Fields) -> None:
        if self._claim is None:
            self._around |= {"payer_responsibility": sbr.code(1), "filing_indicator": sbr.code(9)}

    def _name(self, nm1: Fields) -> None:
        entity = self._named = nm1.code(1)
        name = Name(
            entity=entity,
            last=nm1[3],
            first=nm1[4],
            middle=nm1[5],
            suffix=nm1[7],
            qualifier=nm1.code(8),
            identifier=nm1[9],
        )
        inside = self._line or self._claim
        if inside is not None:
            inside.add("names", name)
        elif entity in {"40", "41"}:
            self._file[entity] = nm1[3]
        else:
            self._surround(nm1, entity)

    def _surround(self, nm1: Fields, entity: str) -> None:
        given = " ".join(part for part in (nm1[4], nm1[5], nm1[7]) if part)
        full = f"{nm1[3]}, {given}" if given else nm1[3]
        if entity in _PERSONS:
            name, identifier = _PERSONS[entity]
            self._around |= {name: full, identifier: nm1[9]}
        if entity == "IL":
            self._around |= {"patient": full, "member_segment": nm1.segment}
        elif entity == "PR":
            self._around["payer_segment"] = nm1.segment
        elif entity == "QC":
            self._around["patient"] = full

    def _street(self, n3: Fields) -> None:
        if self._claim is None and self._named == "85":
            self._around["billing_street"] = n3[1]

    def _city(self, n4: Fields) -> None:
        if self._claim is None and self._named == "85":
            self._around |= {
                "billing_city": n4[1],
                "billing_state": n4.code(2),
                "billing_zip": n4[3],
                "billing_city_segment": n4.segment,
            }

    def _person(self, dmg: Fields) -> None:
        if self._claim is None:
            self._around["birth_date"] = dmg.day(2)

    # -- claims -------------------------------------------------------------------------------------------

    def _next_claim(self, clm: Fields) -> None:
        place = clm.parts(5)
        self._line = None
        self._claim = _Claim(
            {
                **self._around,
                "patient_control_number": clm[1],
                "charge": clm.amount(2),
                "place_of_service": place[0],
                "frequency": place[2],
                "segment": clm.segment,
            }
        )
        self._claims.append(self._claim)

    def _diagnoses(self, hi: Fields) -> None:
        if self._claim is None:
            return
        self._claim.add("diagnosis_segments", hi.segment)
        for place in range(1, len(hi.elements)):
            qualifier, code, *_ = hi.parts(place)
            if code:
                self._claim.add("diagnoses", Qualified(qualifier=qualifier.upper(), value=code.upper()))

    def _refer(self, ref: Fields) -> None:
        if self._line is not None and ref.code(1) == "6R":
            self._line.facts["control"] = ref[2]
        elif (inside := self._line or self._claim) is not None:
            inside.add("references", Qualified(qualifier=ref.code(1), value=ref[2]))

    # -- lines --------------------------------------------------------------------------------------------

    def _next_line(self, lx: Fields) -> None:
        if self._claim is None:
            self._reader.problem("line", "a line that stands in no claim", tag="LX")
            return
        self._line = _Open({"number": lx[1], "segment": lx.segment})
        self._claim.lines.append(self._line)

    def _service(self, sv1: Fields) -> None:
        if self._line is None:
            self._reader.problem("line", "SV1 without LX: left out", tag="SV1")
            return
        procedure = sv1.parts(1)
        self._line.facts |= {
            "procedure": procedure[1].upper(),
            "modifiers": tuple(part.upper() for part in procedure[2:6] if part),
            "description": procedure[6] or procedure[7],
            "charge": sv1.amount(2),
            "unit": sv1.code(3),
            "units": sv1.amount(4),
            "place_of_service": sv1[5],
            "pointers": tuple(part for part in sv1.parts(7) if part),
            "service_segment": sv1.segment,
        }

    def _date(self, dtp: Fields) -> None:
        if self._line is None:
            return
        if dtp[1] == "472":
            first, last = dtp.period(3)
            self._line.facts |= {"date": first, "date_to": last}
        elif dtp[1] in CERTIFICATE_DATES:
            self._certificate(dtp)

    def _certificate(self, found: Fields) -> None:
        if self._line is not None:
            self._line.add("certificate_segments", found.segment)

    def _paper(self, pwk: Fields) -> None:
        if pwk.code(1) == "CT":
            self._certificate(pwk)

    def _condition(self, crc: Fields) -> None:
        if crc.code(1) == "09":
            self._certificate(crc)

    def _form(self, lq: Fields) -> None:
        if self._line is not None and lq.code(1) == "UT":
            self._line.facts.setdefault("certificate", lq[2])
            self._certificate(lq)

    def _answer(self, frm: Fields) -> None:
        if self._line is not None:
            answer = next((element for element in frm.elements[2:] if element), "")
            self._line.add("answers", Answered(question=frm[1], answer=answer))
            self._certificate(frm)
