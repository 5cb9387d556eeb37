"""Makes members: names, births, coverage figures and plans, all drawn from one generator."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING

from payerbots.sandbox import mint, words
from payerbots.sandbox.records import Benefits, Equipment, Medicare, Member, Meter, Program, Share, Span

if TYPE_CHECKING:
    from random import Random

    from payerbots.sandbox.records import Organisation

RETIREMENT_AGE = 65
SUFFIXES = ("", "", "", "", "", "", "", "", "Jr", "Sr", "III")


class People:
    """Draws members that are told apart by name and by member ID."""

    def __init__(self, rng: Random, today: date) -> None:
        self.rng = rng
        self.today = today
        self._names: set[tuple[str, str]] = set()
        self._ids: set[str] = set()

    def commercial(
        self, organisation: Organisation, kinds: tuple[str, ...] = ("PPO", "HMO", "POS", "EPO")
    ) -> Member:
        """Make a member of a Summit plan of one of these kinds, active for some years."""
        rng = self.rng
        plan, kind = rng.choice([item for item in words.PLANS if item[1] in kinds])
        start = date(self.today.year - rng.randint(1, 5), 1, 1)
        return replace(
            self._person(organisation, Program.COMMERCIAL, 24, 64),
            member_id=self._fresh_id(Program.COMMERCIAL),
            plan=plan,
            plan_type=kind,
            span=Span(start=start),
            benefits=self._benefits(kind),
        )

    def medicare(self, organisation: Organisation) -> Member:
        """Make a beneficiary with Parts A and B and no Medicare Advantage plan."""
        rng = self.rng
        person = self._person(organisation, Program.MEDICARE, 58, 93)
        span = Span(start=self._entitled(person.born))
        deductible = Decimal(words.PART_B_DEDUCTIBLE_LATEST)
        met = rng.choice([deductible, Decimal("0.00"), mint.money(rng, 5, int(deductible))])
        return replace(
            person,
            member_id=self._fresh_id(Program.MEDICARE),
            plan=words.MEDICARE[0],
            plan_type="Original Medicare",
            span=span,
            medicare=Medicare(part_a=span, part_b=span, deductible_met=met),
        )

    def twin(self, member: Member) -> Member:
        """Somebody else with the same name and birth date."""
        city = self.rng.choice([item for item in words.CITIES if item != member.city])
        middle = self.rng.choice([item for item in "ABCDEFGHJKLM" if item != member.middle])
        return replace(member, member_id=self._fresh_id(member.program), city=city, middle=middle)

    def with_leading_zeros(self, member: Member) -> Member:
        """Return the member with an ID that a spreadsheet would shorten."""
        fresh = f"{self.rng.randrange(100_000, 9_999_999):09d}"
        while fresh in self._ids:
            fresh = f"{self.rng.randrange(100_000, 9_999_999):09d}"
        self._ids.add(fresh)
        return replace(member, member_id=fresh)

    def with_history(self, member: Member, asked: tuple[str, ...], supplier: str) -> Member:
        """Return the member with things on file that have no bearing on the items asked."""
        related = set(asked).union(*(group for group in words.SIMILAR if group & set(asked)))
        other = self.rng.choice([code for code in words.NAMES if code not in related])
        recent = self.today - timedelta(days=self.rng.randint(90, 1200))
        ancient = self.today - timedelta(days=self.rng.randint(1950, 2600))
        return replace(
            member,
            equipment=(
                *member.equipment,
                Equipment(hcpcs=other, supplier=self.rng.choice(words.SUPPLIERS), supplied_on=recent),
                Equipment(hcpcs=asked[0], supplier=supplier, supplied_on=ancient),
            ),
        )

    def _person(self, organisation: Organisation, program: Program, youngest: int, oldest: int) -> Member:
        first, last = self._fresh_name()
        born = mint.birth(self.rng, self.today, youngest, oldest)
        return Member(
            member_id="",
            program=program,
            organisation=organisation.key,
            last=last,
            first=first,
            middle=self.rng.choice("ABCDEFGHJKLMPRSTW") if self.rng.random() < 0.7 else "",  # noqa: PLR2004 - share
            suffix=self.rng.choice(SUFFIXES) if first in words.MEN else "",
            born=born,
            city=self.rng.choice(words.CITIES),
            plan="",
            plan_type="",
            span=Span(start=born),
        )

    def _fresh_name(self) -> tuple[str, str]:
        while True:
            name = (self.rng.choice(words.WOMEN + words.MEN), self.rng.choice(words.LAST))
            if name not in self._names:
                self._names.add(name)
                return name

    def _fresh_id(self, program: Program) -> str:
        while True:
            fresh = mint.mbi(self.rng) if program is Program.MEDICARE else mint.commercial_id(self.rng)
            if fresh not in self._ids:
                self._ids.add(fresh)
                return fresh

    def _entitled(self, born: date) -> date:
        of_age = date(born.year + RETIREMENT_AGE, born.month, 1)
        if of_age < self.today - timedelta(days=365):
            return of_age
        return date(self.today.year - self.rng.randint(2, 9), self.rng.randint(1, 12), 1)

    def _benefits(self, kind: str) -> Benefits:
        rng = self.rng
        has_outside = kind in {"PPO", "POS"}
        return Benefits(
            inside=self._share(
                rng.choice([500, 750, 1000, 1500, 2000, 2500]), rng.choice([10, 15, 20]), outside=False
            ),
            outside=self._share(rng.choice([3000, 4000, 5000]), rng.choice([40, 50]), outside=True)
            if has_outside
            else None,
            limit=rng.choice([None, None, *words.LIMITS]),
            referral_needed=kind == "HMO" or (kind == "POS" and rng.random() < 0.5),  # noqa: PLR2004 - one in two
        )

    def _share(self, deductible: int, coinsurance: int, *, outside: bool) -> Share:
        rng = self.rng
        family = deductible * 2 if rng.random() < 0.7 else deductible * 3  # noqa: PLR2004 - share
        most = deductible * 3 + 1000
        met = self._used(deductible)
        spent = min(Decimal(most), met + mint.money(rng, 20, 900))
        return Share(
            deductible=Meter(total=_dollars(deductible), met=met),
            family_deductible=Meter(
                total=_dollars(family), met=min(_dollars(family), met + mint.money(rng, 30, 700))
            ),
            out_of_pocket=Meter(total=_dollars(most), met=spent),
            family_out_of_pocket=Meter(total=_dollars(most * 2), met=spent + mint.money(rng, 50, 800)),
            coinsurance=coinsurance,
            copay=_dollars(0 if outside else rng.choice([0, 0, 15, 25, 40])),
        )

    def _used(self, total: int) -> Decimal:
        rng = self.rng
        return rng.choice(
            [_dollars(0), _dollars(total), mint.money(rng, 10, total), mint.money(rng, 10, total)]
        )


def _dollars(amount: int) -> Decimal:
    return Decimal(amount).quantize(Decimal("0.01"))
