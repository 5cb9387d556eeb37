"""The billing desk: draws usual claims, which scenarios then spoil."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Final

from payerbots.sandbox import mint, payer, words
from payerbots.sandbox.clearpoint.payers import EVERGREEN, MEDICAID, MEDICARE, locations
from payerbots.sandbox.clearpoint.records import Certificate, Claim, Doctor, Line, Patient
from payerbots.sandbox.people import People

if TYPE_CHECKING:
    from random import Random

    from payerbots.sandbox.clearpoint.records import Location, Payer
    from payerbots.sandbox.records import Member, Organisation


@dataclass(frozen=True, kw_only=True)
class Item:
    """An item of equipment: code, modifiers as they are billed, price of a unit, units, the diagnosis it is for."""

    hcpcs: str
    modifiers: tuple[str, ...]
    price: str
    units: int
    diagnosis: str


RENTED: Final = (
    Item(hcpcs="E0601", modifiers=("RR", "KH", "KX"), price="118.40", units=1, diagnosis="G4733"),
    Item(hcpcs="E0601", modifiers=("RR", "KJ", "KX"), price="88.80", units=1, diagnosis="G4733"),
    Item(hcpcs="E0470", modifiers=("RR", "KI", "KX"), price="236.15", units=1, diagnosis="G4733"),
    Item(hcpcs="E1390", modifiers=("RR",), price="173.31", units=1, diagnosis="J9611"),
    Item(hcpcs="E0431", modifiers=("RR",), price="31.79", units=1, diagnosis="J9611"),
    Item(hcpcs="K0001", modifiers=("RR", "KH", "KX"), price="54.60", units=1, diagnosis="M6281"),
    Item(hcpcs="E0260", modifiers=("RR", "KJ", "KX"), price="121.77", units=1, diagnosis="M6281"),
    Item(hcpcs="E0570", modifiers=("RR", "KH"), price="18.62", units=1, diagnosis="J449"),
)
SOLD: Final = (
    Item(hcpcs="A7030", modifiers=("NU", "KX"), price="172.05", units=1, diagnosis="G4733"),
    Item(hcpcs="A7037", modifiers=("NU", "KX"), price="36.20", units=1, diagnosis="G4733"),
    Item(hcpcs="A7038", modifiers=("NU", "KX"), price="4.70", units=6, diagnosis="G4733"),
    Item(hcpcs="E0143", modifiers=("NU",), price="96.12", units=1, diagnosis="M6281"),
    Item(hcpcs="A4253", modifiers=("NU", "KS"), price="9.33", units=2, diagnosis="E119"),
    Item(hcpcs="A4351", modifiers=("KX",), price="1.98", units=90, diagnosis="R339"),
    Item(hcpcs="B4150", modifiers=("BA",), price="0.84", units=180, diagnosis="R1310"),
)
OXYGEN: Final = next(item for item in RENTED if item.hcpcs == "E1390")
ENTERAL: Final = next(item for item in SOLD if item.hcpcs == "B4150")
FORMS: Final = {
    "E1390": ("484.03", (("1A", "54"), ("1C", "20260301"), ("2", "Y"), ("5", "2"))),
    "B4150": ("10.03", (("1", "Y"), ("3A", "B4150"), ("4A", "1200"), ("5", "3"))),
}
"""The certificate that used to go with an item, and its answers."""
STREETS: Final = ("ELM ST", "LAKE RD", "MAPLE AVE", "RIVER DR", "CHURCH ST", "HILLTOP LN", "SYCAMORE CT")
DOCTORS: Final = ("OYELARAN", "BRANDT", "KESTREL", "MARCHETTI", "SOUTHWICK", "TRAN", "VALDEZ", "HOLM")


class Desk:
    """Draws claims of one seed."""

    def __init__(self, rng: Random, today: date, organisations: tuple[Organisation, ...]) -> None:
        self.rng = rng
        self.today = today
        self.organisations = organisations
        self.people = People(rng, today)
        self.locations = locations(organisations)
        self._doctors = tuple(
            Doctor(last=last, first=payer.plain(rng.choice(words.WOMEN)), npi=mint.npi(rng))
            for last in DOCTORS
        )
        self._control = rng.randrange(410_000, 690_000)

    def location(self) -> Location:
        """A location; the main one has every second claim."""
        return self.rng.choice(
            [self.locations[0]] * 3 + [self.locations[3], self.locations[1], self.locations[4]]
        )

    def member(self, payer: Payer) -> Member:
        """A new person with an ID such as the payer gives."""
        make = self.people.medicare if payer is MEDICARE else self.people.commercial
        return make(self.organisations[0])

    def claim(self, to: Payer, *items: Item, before: date, member: Member | None = None) -> Claim:
        """A usual claim about equipment delivered in the ten days before it is sent."""
        someone = member or self.member(to)
        wanted = items or self.items(to)
        self._control += self.rng.randint(1, 40)
        codes = tuple(dict.fromkeys(item.diagnosis for item in wanted))
        on = before - timedelta(days=self.rng.randint(2, 10))
        return Claim(
            control=f"LHM{self._control}",
            payer=to,
            payer_id=to.payer_id,
            member_id=self._member_id(to, someone),
            patient=self._patient(someone),
            location=self.location(),
            doctor=self.rng.choice(self._doctors),
            diagnoses=codes,
            lines=tuple(
                self._line(number, item, on, codes.index(item.diagnosis) + 1)
                for number, item in enumerate(wanted, 1)
            ),
        )

    def items(self, to: Payer) -> tuple[Item, ...]:
        """One to three items that go together; Medicaid takes no KX."""
        chosen = self.rng.choice(
            [*((one,) for one in RENTED), SOLD[:2], SOLD[:3], SOLD[3:4], SOLD[4:5], SOLD[5:6]]
        )
        if to in {MEDICAID, EVERGREEN}:
            return tuple(replace(one, modifiers=one.modifiers[:1]) for one in chosen)
        return chosen

    def served(self, claim: Claim, on: date) -> Claim:
        """The claim with another date of service."""
        return replace(claim, lines=tuple(replace(line, first=on, last=on) for line in claim.lines))

    def certified(self, claim: Claim, place: int = 0) -> Claim:
        """The claim with a certificate of medical necessity at a line."""
        line = claim.lines[place]
        form, answers = FORMS[line.hcpcs]
        certificate = Certificate(form=form, answers=answers, signed_on=line.first - timedelta(days=9))
        return with_line(claim, place, certificate=certificate)

    def _line(self, number: int, item: Item, on: date, pointer: int) -> Line:
        return Line(
            number=number,
            hcpcs=item.hcpcs,
            modifiers=item.modifiers,
            charge=Decimal(item.price) * item.units,
            units=item.units,
            first=on,
            last=on,
            pointers=(pointer,),
        )

    def _member_id(self, to: Payer, member: Member) -> str:
        prefix = {"evergreen": "EG", "cascade": "CM", "union": "HT", "medicaid": "91"}.get(to.key, "")
        return f"{prefix}{member.member_id}"

    def _patient(self, member: Member) -> Patient:
        rng = self.rng
        return Patient(
            last=payer.plain(member.last),
            first=payer.plain(member.first),
            middle=member.middle,
            suffix=member.suffix.upper(),
            born=member.born,
            sex="F" if member.first in words.WOMEN else "M",
            street=f"{rng.randrange(12, 4800)} {rng.choice(STREETS)}",
            city=payer.plain(member.city),
            state="OH",
            zip=f"44{rng.randrange(100, 800):03d}{rng.randrange(1000, 9999)}",
        )


def with_line(claim: Claim, place: int, **changes: object) -> Claim:
    """The claim with one of its lines changed."""
    line = replace(claim.lines[place], **changes)  # type: ignore[arg-type]  # fields by their names
    return replace(claim, lines=(*claim.lines[:place], line, *claim.lines[place + 1 :]))
