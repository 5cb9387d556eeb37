"""271 (005010X279A1, and 004010X092A1): every benefit of every person, with what belongs to it."""

from dataclasses import dataclass, field
from datetime import date
from typing import Any

from payerbots.documents.x12.fields import Fields
from payerbots.documents.x12.reader import Reader, SetStart
from payerbots.domain.benefits import Benefit, Delivery, Eligibility, Period, Rejection, Subject
from payerbots.domain.remittance import Name, Qualified

PERSONS = frozenset({"22", "23"})


@dataclass(slots=True)
class _Open:
    """What is gathered for a level or for a benefit; `facts` are fields of its record."""

    code: str
    facts: dict[str, Any] = field(default_factory=dict)
    many: dict[str, list[Any]] = field(default_factory=dict)

    def add(self, name: str, value: object) -> None:
        self.many.setdefault(name, []).append(value)

    def gathered(self) -> dict[str, Any]:
        return {**self.facts, **{name: tuple(values) for name, values in self.many.items()}}


def eligibility(reader: Reader, start: SetStart) -> Eligibility:
    """The answer in the set that has begun; what cannot be read is a problem of `reader`."""
    return _Eligibility(reader, start).read()


class _Eligibility:
    def __init__(self, reader: Reader, start: SetStart) -> None:
        self._reader, self._start = reader, start
        self._reference = ""
        self._created: date | None = None
        self._level = _Open("")
        self._levels: list[_Open] = []
        self._benefit: _Open | None = None
        self._in_loop = False
        self._takers = {
            "BHT": self._begin,
            "HL": self._next,
            "NM1": self._name,
            "TRN": self._trace,
            "REF": self._refer,
            "PER": self._contact,
            "N3": self._address,
            "N4": self._address,
            "DMG": self._person,
            "INS": self._relation,
            "DTP": self._date,
            "AAA": self._reject,
            "EB": self._next_benefit,
            "HSD": self._deliver,
            "MSG": self._say,
            "III": self._place,
            "LS": self._loop,
            "LE": self._loop,
        }

    def read(self) -> Eligibility:
        for elements in self._reader.body():
            taker, level = self._takers.get(elements[0]), self._where
            if taker is not None:
                taker(Fields(self._reader, elements, level))
            else:
                self._reader.stray(level, elements)
        self._close_benefit()
        payer, receiver = self._first("20"), self._first("21")
        others = [level for level in self._levels if level.code not in PERSONS]
        return Eligibility(
            control=self._start.control,
            reference=self._reference,
            created=self._created,
            payer=payer.facts.get("name", ""),
            payer_id=payer.facts.get("member_id", ""),
            receiver=receiver.facts.get("name", ""),
            rejections=tuple(each for level in others for each in level.many.get("rejections", ())),
            subjects=tuple(
                Subject(level=level.code, **level.gathered())
                for level in self._levels
                if level.code in PERSONS
            ),
        )

    @property
    def _where(self) -> str:
        return "subject" if self._level.code in PERSONS else "transaction"

    def _first(self, code: str) -> _Open:
        return next((level for level in self._levels if level.code == code), _Open(code))

    @property
    def _target(self) -> _Open:
        return self._benefit or self._level

    def _begin(self, bht: Fields) -> None:
        self._reference, self._created = bht[3], bht.day(4)

    def _next(self, hl: Fields) -> None:
        self._close_benefit()
        self._level = _Open(hl.code(3))
        self._levels.append(self._level)

    def _name(self, nm1: Fields) -> None:
        if self._benefit is not None:
            self._benefit.add("entities", _entity(nm1))
            return
        given = " ".join(part for part in (nm1[4], nm1[5], nm1[7]) if part)
        named = {"name": f"{nm1[3]}, {given}" if given else nm1[3], "member_id": nm1[9]}
        self._level.facts |= named
        if self._level.code in PERSONS:
            self._level.facts |= {"last": nm1[3], "first": nm1[4]}

    def _trace(self, trn: Fields) -> None:
        if self._level.code in PERSONS:
            self._level.add("traces", trn[2])

    def _refer(self, ref: Fields) -> None:
        if self._level.code in PERSONS:
            self._target.add("references", Qualified(qualifier=ref.code(1), value=ref[2]))

    def _contact(self, per: Fields) -> None:
        """How another payer or a facility is reached."""
        if self._benefit is not None:
            self._benefit.add("contacts", " ".join(part for part in per.elements[2:] if part))

    def _address(self, found: Fields) -> None:
        if self._level.code in PERSONS and self._benefit is None:
            for part in found.elements[1:]:
                self._level.add("address", part)

    def _person(self, dmg: Fields) -> None:
        if self._level.code in PERSONS and self._benefit is None:
            self._level.facts |= {"birth_date": dmg.day(2), "sex": dmg.code(3)}

    def _relation(self, ins: Fields) -> None:
        if self._level.code in PERSONS:
            self._level.facts["relationship"] = ins.code(2)

    def _date(self, dtp: Fields) -> None:
        if self._level.code in PERSONS:
            first, last = dtp.period(3)
            self._target.add("dates", Period(qualifier=dtp[1], date=first, date_to=last))

    def _reject(self, aaa: Fields) -> None:
        rejection = Rejection(
            level=self._level.code, code=aaa.code(3), follow_up=aaa.code(4), valid=aaa.code(1) == "Y"
        )
        self._target.add("rejections", rejection)

    def _next_benefit(self, eb: Fields) -> None:
        self._close_benefit()
        procedure = eb.parts(13)
        self._in_loop = False
        self._benefit = _Open(
            "EB",
            {
                "info": eb.code(1),
                "coverage": eb.code(2),
                "service_types": tuple(each.upper() for each in eb.repeats(3)),
                "insurance": eb.code(4),
                "plan": eb[5],
                "time": eb[6],
                "amount": eb.amount(7),
                "percent": eb.amount(8),
                "quantity_qualifier": eb.code(9),
                "quantity": eb.amount(10),
                "authorization": eb.code(11),
                "network": eb.code(12),
                "procedure": procedure[1].upper(),
                "modifiers": tuple(part.upper() for part in procedure[2:6] if part),
                "pointers": tuple(part for part in eb.parts(14) if part),
                "segment": eb.segment,
            },
        )

    def _deliver(self, hsd: Fields) -> None:
        delivery = Delivery(
            quantity_qualifier=hsd.code(1),
            quantity=hsd.amount(2),
            unit=hsd.code(3),
            frequency=hsd.amount(4),
            period=hsd.code(5),
            periods=hsd.amount(6),
            pattern=hsd.code(7),
        )
        if self._benefit is not None:
            self._benefit.add("deliveries", delivery)

    def _say(self, msg: Fields) -> None:
        if self._benefit is not None:
            self._benefit.add("messages", msg[1])

    def _place(self, iii: Fields) -> None:
        if self._benefit is not None:
            self._benefit.add("places", Qualified(qualifier=iii.code(1), value=iii[2]))

    def _loop(self, found: Fields) -> None:
        """LS opens and LE closes the entities of a benefit; files that leave them out are read the same."""
        opens = found.tag == "LS"
        if opens == self._in_loop:
            self._reader.problem("subject", f"{found.tag} without its other half", tag=found.tag)
        self._in_loop = opens

    def _close_benefit(self) -> None:
        if self._benefit is None:
            return
        if self._in_loop:
            self._reader.problem("subject", "LS without LE before the next benefit")
        if self._level.code in PERSONS:
            self._level.add("benefits", Benefit(**self._benefit.gathered()))
        else:
            self._reader.problem("transaction", "an EB that is nobody's: left out", tag="EB")
        self._benefit, self._in_loop = None, False


def _entity(nm1: Fields) -> Name:
    return Name(
        entity=nm1.code(1),
        last=nm1[3],
        first=nm1[4],
        middle=nm1[5],
        suffix=nm1[7],
        qualifier=nm1.code(8),
        identifier=nm1[9],
    )
