"""The payers' desks: they adjudicate what the office billed, and pay it."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING

from payerbots.sandbox import mint, words
from payerbots.sandbox.eob import Adjustment, Check, Claim, Line, ProviderAdjustment
from payerbots.sandbox.money.items import SETS, Service, cents, serve
from payerbots.sandbox.money.payers import CASCADE, MEDICAID, MEDICARE
from payerbots.sandbox.money.records import Billed, Payer, Payment, Way

if TYPE_CHECKING:
    from collections.abc import Sequence
    from random import Random

    from payerbots.sandbox.people import People
    from payerbots.sandbox.records import Member, Organisation

ZERO = Decimal("0.00")
FIFTH = Decimal("0.2")
SEQUESTRATION = Decimal("0.02")
FOLD = str.maketrans({"ð": "d", "Ð": "D", "ø": "o", "ł": "l"})
MEDIGAP = words.SECONDARY_PAYERS[0]


@dataclass(frozen=True, kw_only=True)
class Patient:
    """Somebody whom the office supplies, as claims name them."""

    member: Member
    last: str
    first: str
    middle: str
    number: str
    account: str
    qmb: bool = False
    secondary: str = ""


@dataclass(frozen=True, kw_only=True)
class Denial:
    """A way to refuse a line: group, adjustment code, remark codes, and the reason as an office sorts it."""

    group: str
    code: str
    remarks: tuple[str, ...]
    reason: str


@dataclass(frozen=True, kw_only=True)
class Terms:
    """Details of a payment that are seldom other than usual."""

    method: str = "ACH"
    number: str = ""
    trouble: str = ""
    level: str = ""
    case: str = ""
    moved: tuple[ProviderAdjustment, ...] = ()
    difference: Decimal = ZERO
    """By how much the payment is wrong against its own claims."""


USUAL = Terms()


class Desk:
    """Makes claims and payments; all numbers it gives out are unique in its world."""

    def __init__(self, rng: Random, people: People, organisations: tuple[Organisation, ...]) -> None:
        self.rng = rng
        self.organisations = organisations
        self.provider = organisations[0].providers[0]
        self.billed: list[Billed] = []
        self.payments: list[Payment] = []
        self._people = people
        self._controls = rng.randrange(41_000, 52_000)
        self._claims = rng.randrange(110_000, 240_000)
        self._traces = rng.randrange(3_100_000, 6_400_000)
        self._amounts: set[Decimal] = {ZERO}

    # -- people -----------------------------------------------------------------------------------------------

    def patient(self, payer: Payer, *, qmb: bool = False, medigap: bool = False) -> Patient:
        """Somebody who is insured with the payer."""
        home = self.organisations[0]
        of_age = payer.key in {"medicare", "medicaid", "evergreen"}
        member = self._people.medicare(home) if of_age else self._people.commercial(home)
        return Patient(
            member=member,
            last=plain(f"{member.last} {member.suffix}"),
            first=plain(member.first),
            middle=member.middle,
            number=self._number(payer, member.member_id),
            account=f"{self.rng.randrange(100_000, 999_999)}",
            qmb=qmb,
            secondary=MEDICAID.payer_id if qmb else MEDIGAP[1] if medigap else "",
        )

    def _number(self, payer: Payer, number: str) -> str:
        if payer is CASCADE:
            return f"CM{self.rng.randrange(10_000_000, 99_999_999)}"
        if payer is MEDICAID:
            return f"{self.rng.randrange(10**11, 10**12)}"
        return f"E{number[:8]}01" if payer.key == "evergreen" else number

    # -- lines ------------------------------------------------------------------------------------------------

    def services(self, codes: Sequence[str], on: date) -> list[Service]:
        """What is billed together, from one day on."""
        month = self.rng.randint(1, 12)
        return [serve(self.rng, code, on, month) for code in codes]

    def paid(self, payer: Payer, service: Service, *, deductible: Decimal = ZERO) -> Line:
        """The line as the payer pays it; the deductible is taken from what is allowed."""
        cuts: list[Adjustment] = []
        left = service.charge
        for group, code, amount in self._cuts(payer, service, deductible):
            if amount:
                cuts.append(Adjustment(group=group, code=code, amount=amount))
                left -= amount
        return self._line(service, cuts, left)

    def _cuts(self, payer: Payer, service: Service, deductible: Decimal) -> list[tuple[str, str, Decimal]]:
        allowed = service.allowed
        taken = min(deductible, allowed)
        if payer.way is Way.MEDICAID:
            share = cents(allowed * FIFTH)
            return [("OA", "23", service.charge - share)]
        share = cents((allowed - taken) * (FIFTH if payer.way is Way.MEDICARE else self._share()))
        cuts = [("CO", "45", service.charge - allowed), ("PR", "1", taken)]
        if payer.key == "evergreen":
            return [*cuts, ("PR", "3", min(allowed - taken, share))]
        cuts.append(("PR", "2", share))
        if payer.way is Way.MEDICARE:
            cuts.append(("CO", "253", cents((allowed - taken - share) * SEQUESTRATION)))
        return cuts

    def _share(self) -> Decimal:
        return Decimal(self.rng.choice((10, 15, 20))).scaleb(-2)

    def denied(self, service: Service, denial: Denial) -> Line:
        """The line refused as a whole."""
        cut = Adjustment(group=denial.group, code=denial.code, amount=service.charge)
        line = self._line(replace(service, allowed=ZERO), [cut], ZERO)
        return replace(line, remarks=denial.remarks, denied=denial.reason)

    def in_part(self, payer: Payer, service: Service, units: int, denial: Denial) -> Line:
        """The line paid for some of its units only."""
        rate, each = service.charge / service.units, service.allowed / service.units
        whole = replace(service, units=units, charge=cents(rate * units), allowed=cents(each * units))
        line = self.paid(payer, whole)
        cut = Adjustment(group=denial.group, code=denial.code, amount=service.charge - whole.charge)
        return replace(
            line,
            units=service.units,
            units_paid=units,
            charge=service.charge,
            adjustments=(*line.adjustments, cut),
            remarks=denial.remarks,
            denied=denial.reason,
        )

    @staticmethod
    def _line(service: Service, cuts: list[Adjustment], paid: Decimal) -> Line:
        return Line(
            first=service.first,
            last=service.last,
            procedure=service.item.code,
            modifiers=service.modifiers,
            units=service.units,
            charge=service.charge,
            allowed=service.allowed,
            paid=paid,
            adjustments=tuple(cuts),
        )

    # -- claims -----------------------------------------------------------------------------------------------

    def claim(
        self, payer: Payer, patient: Patient, lines: Sequence[Line], on: date, *, ours: bool = True
    ) -> Claim:
        """A claim adjudicated on the day; `ours` says whether the office sent it."""
        self._controls += self.rng.randint(1, 9)
        control = f"H{self._controls:06d}{self.rng.randint(10, 99)}"
        numbered = tuple(
            replace(line, control=f"{control}{place:02d}") for place, line in enumerate(lines, 1)
        )
        claim = Claim(
            last=patient.last,
            first=patient.first,
            middle=patient.middle,
            member=patient.number,
            control=control,
            number=self.claim_number(payer, on),
            status="2" if payer.way is Way.MEDICAID else "1",
            lines=numbered,
            received=on - timedelta(days=self.rng.randint(9, 16)),
        )
        if ours:
            self.billed.append(self._bill(payer, patient, claim))
        return claim

    def usual(
        self, payer: Payer, on: date, codes: Sequence[str] = (), *, patient: Patient | None = None
    ) -> Claim:
        """A claim of somebody, paid as the payer usually pays; seldom with a deductible."""
        chosen = patient or self.patient(payer)
        served = on - timedelta(days=self.rng.randint(18, 47))
        deductible = mint.money(self.rng, 4, 30) if self.rng.random() < 0.25 else ZERO  # noqa: PLR2004 - share
        lines = []
        for service in self.services(codes or self.rng.choice(SETS), served):
            lines.append(self.paid(payer, service, deductible=deductible))
            deductible -= lines[-1].cut("PR", "1")
        return self.claim(payer, chosen, lines, on)

    def claim_number(self, payer: Payer, on: date) -> str:
        """The payer's next own number of a claim."""
        self._claims += self.rng.randint(1, 40)
        received = f"{on - timedelta(days=12):%y%j}"
        return f"{received}{self._claims:06d}000" if payer is MEDICARE else f"{received}{self._claims:06d}"

    def _bill(self, payer: Payer, patient: Patient, claim: Claim) -> Billed:
        received = claim.received or claim.lines[0].last
        return Billed(
            control=claim.control,
            account=patient.account,
            payer=payer.name,
            payer_id=payer.payer_id,
            member=claim.member,
            last=claim.last,
            first=claim.first,
            born=patient.member.born,
            qmb=patient.qmb,
            secondary=patient.secondary,
            npi=self.provider.npi,
            billed_on=received - timedelta(days=1),
            first_day=min(line.first for line in claim.lines),
            last_day=max(line.last for line in claim.lines),
            procedures=tuple(line.procedure for line in claim.lines),
            charge=claim.charge,
        )

    # -- payments ---------------------------------------------------------------------------------------------

    def trace(self, payer: Payer) -> str:
        """The payer's next trace or check number."""
        self._traces += self.rng.randint(1, 700)
        prefix = {"summit": "00", "medicare": "8", "evergreen": "EVG"}.get(payer.key, "")
        return f"{prefix}{self._traces}"

    def pay(self, payer: Payer, on: date, claims: Sequence[Claim], terms: Terms = USUAL) -> Payment:
        """A payment of these claims; `ValueError` when another one has the same amount, as two seldom have."""
        home = self.organisations[0]
        moved = sum((one.amount for one in terms.moved), ZERO)
        amount = sum((claim.paid for claim in claims), ZERO) - moved + terms.difference
        check = Check(
            number=terms.number or self.trace(payer),
            date=on,
            payer=payer.name,
            payee=home.name.upper(),
            npi=self.provider.npi,
            amount=amount,
            method=terms.method if amount else "NON",
            claims=tuple(claims),
            adjustments=terms.moved,
        )
        payment = Payment(
            key=f"{payer.key}-{len(self.payments) + 1:02d}",
            payer=payer,
            check=check,
            organisation=home,
            trouble=terms.trouble,
            level=terms.level,
            case=terms.case,
        )
        self.payments.append(payment)
        self._amounts.add(amount)
        return payment

    def fresh(self, claims: Sequence[Claim], extra: Decimal = ZERO) -> bool:
        """Whether no payment has the amount of these claims yet."""
        return sum((claim.paid for claim in claims), extra) not in self._amounts

    def ordinary(self, payer: Payer, on: date, count: int, terms: Terms = USUAL) -> Payment:
        """A payment of so many usual claims, of an amount that no other payment has."""
        claims = [self.usual(payer, on) for _ in range(count)]
        while not self.fresh(claims, terms.difference - sum((one.amount for one in terms.moved), ZERO)):
            claims.append(self.usual(payer, on))
        return self.pay(payer, on, claims, terms)


def reversal(claim: Claim) -> Claim:
    """The claim taken back: every amount with the other sign, under the same numbers."""
    lines = tuple(
        replace(
            line,
            charge=-line.charge,
            allowed=-line.allowed,
            paid=-line.paid,
            adjustments=tuple(replace(cut, amount=-cut.amount) for cut in line.adjustments),
            denied="",
        )
        for line in claim.lines
    )
    return replace(claim, status="22", lines=lines, crossover=None)


def plain(name: str) -> str:
    """The name in capitals of the plain alphabet, as claims have it."""
    parts = unicodedata.normalize("NFKD", name.translate(FOLD))
    return "".join(char for char in parts if char.isascii()).upper().strip()
