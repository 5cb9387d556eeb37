"""Member IDs that are wrong, of people about whom the office has asked Summit's portal; and what only looks alike."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from payerbots.sandbox import payer
from payerbots.sandbox.clearpoint.payers import CASCADE, MEDICARE, SUMMIT
from payerbots.sandbox.clearpoint.plan import LAST_FULL, LATER, RECENT
from payerbots.sandbox.clearpoint.records import Change, Status
from payerbots.sandbox.records import Program

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from payerbots.sandbox.clearpoint.plan import Plan
    from payerbots.sandbox.clearpoint.records import Claim
    from payerbots.sandbox.records import Member, Request, World

INVALID_MBI: Final = Status(category="A7", code="164", entity="IL")
NOT_FOUND: Final = Status(category="A7", code="33", entity="IL")
SETTLED: Final = timedelta(days=8)
"""Claims about deliveries that are at least as old have been answered."""


def perform(plan: Plan, world: World) -> None:
    """Put the claims in the plan."""
    found = _People(plan, world)
    _proven(plan, found)
    _unlike(plan, found)
    _not_covered(plan, found)
    _unasked(plan)


class _People:
    """People of the office's requests, each given once: those with older dates of service first."""

    def __init__(self, plan: Plan, world: World) -> None:
        self._plan, self._world = plan, world
        self._given: set[str] = set()

    def take(self, program: Program, scenario: str = "clean") -> Member:
        """The next person of a program whose request ended so; `scenario` clean: active on the date."""
        return next(self._of(program, scenario))

    def inactive(self) -> Member:
        """Somebody who is not covered on the day that the claim is about."""
        for program in Program:
            for member in self._of(program, "INACTIVE_ON_DATE"):
                if not payer.active(member, self.served_on(member)):
                    return member
        message = "nobody in the world is without coverage"
        raise LookupError(message)

    def served_on(self, member: Member) -> date:
        """The day that a claim about the person is about: the one that was asked about, if it is long enough ago."""
        asked = next(request.on for request in self._requests() if self._member(request) == member)
        return min(asked, self._plan.today - SETTLED)

    def _of(self, program: Program, scenario: str) -> Iterator[Member]:
        wanted = (one for one in self._requests() if (one.program, one.scenario) == (program, scenario))
        found = ((request, self._member(request)) for request in wanted)
        for _, member in sorted(
            ((request.on, member) for request, member in found if member is not None),
            key=lambda one: (bool(one[1].suffix), one[0]),
        ):
            covered = payer.active(member, self.served_on(member))
            if member.member_id not in self._given and (covered or scenario != "clean"):
                self._given.add(member.member_id)
                yield member

    def _requests(self) -> tuple[Request, ...]:
        return self._world.requests

    def _member(self, request: Request) -> Member | None:
        names = (payer.plain(request.last), payer.plain(request.first), request.born)
        return next(
            (
                one
                for one in self._world.members
                if (payer.plain(f"{one.last} {one.suffix}"), payer.plain(one.first), one.born) == names
            ),
            None,
        )


def _proven(plan: Plan, people: _People) -> None:
    for program, status, slot in (
        (Program.MEDICARE, INVALID_MBI, LAST_FULL),
        (Program.MEDICARE, INVALID_MBI, RECENT),
        (Program.COMMERCIAL, NOT_FOUND, LAST_FULL),
    ):
        member = people.take(program)
        claim = _claim(plan, people, member, slot)
        wrong = _misread(member)
        plan.send(replace(claim, member_id=wrong), slot, *plan.returned(slot, status))
        change = Change(field="subscriber.member_id", before=wrong, after=member.member_id)
        plan.correct(replace(claim, member_id=wrong), "member ID known from eligibility", change)


def _unlike(plan: Plan, people: _People) -> None:
    """The same birth date under another name; the same person, asked about at another payer."""
    member = people.take(Program.MEDICARE)
    claim = _claim(plan, people, member, LAST_FULL)
    other = "LUCINDA" if claim.patient.sex == "F" else "LUCIAN"
    claim = replace(claim, patient=replace(claim.patient, first=other), member_id=_misread(member))
    plan.send(claim, LAST_FULL, *plan.returned(LAST_FULL, INVALID_MBI))
    plan.person(claim, "invalid member ID, the name differs", "REJ_MEMBER")

    member = people.take(Program.COMMERCIAL)
    claim = _claim(plan, people, member, LAST_FULL)
    claim = replace(claim, payer=CASCADE, payer_id=CASCADE.payer_id, member_id=f"CM{_misread(member)}")
    plan.send(claim, LAST_FULL, *plan.returned(LAST_FULL, NOT_FOUND))
    plan.person(claim, "member not found, asked about at another payer only", "REJ_MEMBER")


def _not_covered(plan: Plan, people: _People) -> None:
    """Not in force on the date, and joined to a Medicare Advantage plan."""
    member = people.inactive()
    status = INVALID_MBI if member.medicare else NOT_FOUND
    claim = replace(_claim(plan, people, member, LAST_FULL), member_id=_misread(member))
    plan.send(claim, LAST_FULL, *plan.returned(LAST_FULL, status))
    plan.person(claim, "invalid member ID, not in force on the date", "REJ_MEMBER")

    member = people.take(Program.MEDICARE, "BILL_MA_PLAN")
    claim = replace(_claim(plan, people, member, LAST_FULL), member_id=_misread(member))
    plan.send(claim, LAST_FULL, *plan.returned(LAST_FULL, INVALID_MBI))
    plan.person(claim, "invalid member ID, joined a Medicare Advantage plan", "REJ_MEMBER")


def _unasked(plan: Plan) -> None:
    """People about whom nobody has asked."""
    for to, status in ((MEDICARE, INVALID_MBI), (SUMMIT, replace(NOT_FOUND, category="A3"))):
        member = plan.desk.member(to)
        claim = plan.desk.claim(to, before=plan.day(LATER), member=member)
        claim = replace(claim, member_id=_misread(member))
        plan.send(claim, LATER, *plan.returned(LATER, status))
        plan.person(claim, "invalid member ID, not asked about", "REJ_MEMBER")


def _claim(plan: Plan, people: _People, member: Member, slot: int) -> Claim:
    to = SUMMIT if member.medicare is None else MEDICARE
    claim = plan.desk.claim(to, before=plan.day(slot), member=member)
    return plan.desk.served(claim, people.served_on(member))


def _misread(member: Member) -> str:
    """The ID as somebody keyed it: a letter that a Medicare number never has, or two digits the wrong way round."""
    right = member.member_id
    if member.medicare is not None:
        return f"{right[:4]}S{right[5:]}" if right[4] != "S" else f"{right[:1]}O{right[2:]}"
    place = next(at for at in range(len(right) - 1) if right[at] != right[at + 1])
    return f"{right[:place]}{right[place + 1]}{right[place]}{right[place + 2 :]}"
