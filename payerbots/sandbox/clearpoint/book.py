"""The made-up front end: `build` makes the same claims, files and reports again from the same seed and day."""

from __future__ import annotations

from functools import lru_cache
from random import Random
from typing import TYPE_CHECKING

from payerbots.sandbox import world
from payerbots.sandbox.clearpoint import cases, claims_837, member_ids, reports
from payerbots.sandbox.clearpoint.desk import Desk
from payerbots.sandbox.clearpoint.plan import SLOTS, Plan
from payerbots.sandbox.clearpoint.records import Answer, Book, ClaimFile, Fate, Outcome

if TYPE_CHECKING:
    from datetime import date

__all__ = ["answers", "build"]

FIRST_FILE = 3_140


@lru_cache(maxsize=8)
def build(seed: int, today: date) -> Book:
    """Return the book of this seed, as it stands on the morning of `today`."""
    rng = Random(f"clearpoint {seed}")
    office = world.build(seed, today)
    plan = Plan(rng, today, Desk(rng, today, office.organisations))
    member_ids.perform(plan, office)
    for perform in cases.CASES:
        perform(plan)
    files = tuple(_file(plan, place) for place in range(len(SLOTS)))
    again = next(one.control for one in plan.answers.values() if "came again" in one.case)
    return Book(
        seed=seed,
        today=today,
        files=files,
        sendings=tuple(sorted(plan.sendings, key=lambda one: (one.at, one.claim.control))),
        reports=reports.made(files, plan.sendings, today, again),
        answers=tuple(sorted(plan.answers.values(), key=lambda one: one.control)),
    )


def answers(seed: int, today: date) -> tuple[Answer, ...]:
    """What is right for each claim, by control number."""
    return build(seed, today).answers


def as_json(answer: Answer) -> dict[str, object]:
    """An answer as `sandbox answers` prints it."""
    return {
        "claim": answer.control,
        "outcome": answer.outcome.value,
        "reason": answer.reason or None,
        "changes": [{"field": one.field, "before": one.before, "after": one.after} for one in answer.changes],
        "submissions": answer.submissions,
    }


def to_correct(book: Book) -> list[Answer]:
    """The claims that are to be corrected and sent."""
    return [one for one in book.answers if one.outcome is Outcome.CORRECT]


def _file(plan: Plan, place: int) -> ClaimFile:
    slot, number = SLOTS[place], FIRST_FILE + 11 * place
    mine = [one for one in plan.sendings if one.file == place]
    sets = tuple(tuple(one.claim for one in mine if one.set == part) for part in range(len(slot.fates)))
    sent_at = plan.sent_at(place)
    return ClaimFile(
        number=number,
        name=f"LHM_837P_{sent_at:%Y%m%d}_{number:09d}.txt",
        sent_at=sent_at,
        sets=sets,
        fates=slot.fates or (Fate.ACCEPTED,),
        envelope=slot.envelope,
        content=claims_837.write(number, sent_at, sets),
    )
