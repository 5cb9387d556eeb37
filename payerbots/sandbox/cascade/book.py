"""Cascade Mutual's members, and the office's requests about them: made again from the same seed and day."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from random import Random
from typing import TYPE_CHECKING

from payerbots.sandbox import mint, requests, scenarios, world
from payerbots.sandbox.office import Draft, Office
from payerbots.sandbox.people import People
from payerbots.sandbox.records import World

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date
    from pathlib import Path

    from payerbots.sandbox.records import Member, Organisation, Program

NAMES = ("Cascade Mutual", "Cascade Mutual Ins Co")
"""What the office writes for the payer: usually, and sometimes."""
PAYER_ID = "CASMU"
FIRST_ROW = 5
PLANS = {
    "PPO": ("Cascade Open Access 1000", "Cascade Open Access 2500"),
    "HMO": ("Cascade CareLink HMO",),
    "POS": ("Cascade Bridge POS",),
    "EPO": ("Cascade Core EPO",),
}
BACKGROUND = 25
# Months back and ahead of today for which the payer answers.
WINDOW = (18, 2)


class Members(People):
    """Draws members of Cascade's plans."""

    def commercial(
        self, organisation: Organisation, kinds: tuple[str, ...] = ("PPO", "HMO", "POS", "EPO")
    ) -> Member:
        """Make an active member of one of Cascade's plans of these kinds."""
        member = super().commercial(organisation, kinds)
        return replace(member, plan=self.rng.choice(PLANS[member.plan_type]))

    def _fresh_id(self, program: Program) -> str:  # noqa: ARG002 - all members are commercial
        while True:
            fresh = f"CM{self.rng.randrange(10_000_000, 99_999_999)}"
            if fresh not in self._ids:
                self._ids.add(fresh)
                return fresh


class Desk(Office):
    """The office as far as it asks Cascade."""

    def either(self) -> Member:
        """Make a clean member; all are commercial."""
        return self.people.commercial(self.organisation())


def ppo(office: Office) -> Draft:
    """Draft a request about a plain active PPO member."""
    return office.draft(office.people.commercial(office.organisation(), ("PPO",)))


def other_primary(office: Office) -> Draft:
    """Draft a request about a member whose other payer comes first: never Cascade itself."""
    while True:
        draft = scenarios.other_primary(office)
        other = draft.members[0].other
        if other and not other.payer.startswith("Cascade"):
            return draft


def long_ago(office: Office) -> Draft:
    """Draft a request with a service date that the payer no longer answers for."""
    on = office.today - timedelta(days=office.rng.randint(600, 900))
    return replace(office.draft(office.either()), scenario="DATE_NOT_ANSWERED", on=on)


SCENARIOS: tuple[Callable[[Office], Draft], ...] = (
    ppo,
    scenarios.hmo,
    scenarios.out_of_network,
    scenarios.by_name,
    scenarios.own_rental,
    scenarios.authorized,
    scenarios.not_found,
    scenarios.mismatch,
    scenarios.several,
    scenarios.terminated,
    other_primary,
    scenarios.same_similar,
    scenarios.auth_needed,
    scenarios.not_enrolled,
    long_ago,
    scenarios.try_later,
)


def build(seed: int, today: date, first_row: int = FIRST_ROW) -> World:
    """Return the members and requests of this seed; the requests' rows begin at `first_row`."""
    rng = Random(f"cascade {seed}")
    organisations = world.build(seed, today).organisations
    people = Members(rng, today)
    office = Desk(rng, today, organisations, people)
    drafts = [make(office) for make in SCENARIOS]
    rng.shuffle(drafts)
    members = dict.fromkeys(member for draft in drafts if not draft.absent for member in draft.members)
    others = [people.commercial(rng.choice(organisations)) for _ in range(BACKGROUND)]
    asked = [world.request(rng, draft, row, today) for row, draft in enumerate(drafts, start=first_row)]
    alias = rng.randrange(len(asked))
    return World(
        seed=seed,
        today=today,
        organisations=organisations,
        members=(*members, *others),
        requests=tuple(replace(item, payer=NAMES[at == alias]) for at, item in enumerate(asked)),
        blank_row=0,
    )


def window(today: date) -> tuple[date, date]:
    """First and last service date that the payer answers for."""
    back, ahead = WINDOW
    return mint.add_months(today, -back), mint.add_months(today, ahead)


def write_workbook(path: Path, seed: int, today: date) -> None:
    """Write the requests as the office's own workbook; see `sandbox.requests`."""
    requests.write(path, build(seed, today).requests, today)
