"""The office that asks: draws requests about members before they have a row on the worksheet."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from payerbots.sandbox import mint, words
from payerbots.sandbox.records import Member, Program, Provider

if TYPE_CHECKING:
    from datetime import date
    from random import Random

    from payerbots.sandbox.people import People
    from payerbots.sandbox.records import Organisation


@dataclass(frozen=True, kw_only=True)
class Draft:
    """A request before it has a row, and the members it is about (the first one is asked for).

    `absent` keeps the members out of the book; what is None is written as the member has it.
    """

    members: tuple[Member, ...]
    provider: Provider
    on: date
    hcpcs: tuple[str, ...]
    scenario: str = "clean"
    member_id: str | None = None
    last: str | None = None
    born: date | None = None
    absent: bool = False
    quirks: frozenset[str] = frozenset()


class Office:
    """Draws drafts for the organizations' orders."""

    def __init__(
        self, rng: Random, today: date, organisations: tuple[Organisation, ...], people: People
    ) -> None:
        self.rng = rng
        self.today = today
        self.organisations = organisations
        self.people = people

    def organisation(self) -> Organisation:
        """Pick an organization; the first one has three orders of four."""
        return self.rng.choice([self.organisations[0]] * 3 + [self.organisations[1]])

    def on(self) -> date:
        """Return a service date such as offices ask for: lately or in the next days."""
        return mint.days(self.rng, self.today, -25, 10)

    def open_items(self, program: Program) -> tuple[str, ...]:
        """One or several HCPCS codes that need no authorization."""
        needing = words.AUTH_MEDICARE if program is Program.MEDICARE else words.AUTH_COMMERCIAL
        single = [(code,) for code in (*words.RENTALS, *words.PURCHASES) if code not in needing]
        return self.rng.choice([*single, *words.SUPPLIES])

    def draft(self, member: Member, hcpcs: tuple[str, ...] = ()) -> Draft:
        """Draft a request about a member that names an enrolled provider in network."""
        home = next(item for item in self.organisations if item.key == member.organisation)
        pool = [item for item in home.providers if item.enrolled and item.in_network]
        asked = hcpcs or self.open_items(member.program)
        if self.rng.random() < 0.35:  # noqa: PLR2004 - about a third have something else on file
            member = self.people.with_history(member, asked, self.rng.choice(words.SUPPLIERS))
        return Draft(members=(member,), provider=self.rng.choice(pool), on=self.on(), hcpcs=asked)

    def either(self) -> Member:
        """Make a clean member of either program."""
        make = self.rng.choice([self.people.commercial, self.people.medicare])
        return make(self.organisation())
