"""The plan of some weeks: which claim goes in which file, what is said of it and when, what is right to do."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime, time, timedelta
from typing import TYPE_CHECKING, Final

from payerbots.sandbox.clearpoint.records import (
    Answer,
    Change,
    Fate,
    Outcome,
    Ruling,
    Sending,
    Source,
    Status,
)
from payerbots.sandbox.money.calendar import bank_day

if TYPE_CHECKING:
    from datetime import date
    from random import Random

    from payerbots.sandbox.clearpoint.desk import Desk
    from payerbots.sandbox.clearpoint.records import Claim

SENT: Final = time(20, 30)
"""When the office sends its file, in UTC."""


@dataclass(frozen=True, kw_only=True)
class Slot:
    """A file of the plan: sent so many bank days ago, with the fates of its sets."""

    back: int
    fates: tuple[Fate, ...] = (Fate.ACCEPTED,)
    envelope: str = "000"


OLDEST, EARLY, REFUSED, FIRST, SPLIT, REPEATED, NOTED, QUIET, LATER, LAST_FULL, RECENT, NEWEST = range(12)
SLOTS: Final = (
    Slot(back=15),
    Slot(back=13),
    Slot(back=12, envelope="024"),
    Slot(back=10),
    Slot(back=9, fates=(Fate.ACCEPTED, Fate.REJECTED)),
    Slot(back=8),
    Slot(back=6, fates=(Fate.ERRORS_NOTED, Fate.ACCEPTED)),
    Slot(back=5),
    Slot(back=4),
    Slot(back=3),
    Slot(back=2),
    Slot(back=1),
)
RECEIVED: Final = Status(category="A1", code="19", entity="AY")
FORWARDED: Final = Status(category="A0", code="16", entity="PR")
TAKEN: Final = Status(category="A2", code="20", entity="AY")
ACCEPTED: Final = Status(category="A2", code="20", entity="PR")
PENDING: Final = Status(category="A1", code="20", entity="PR")


class Plan:
    """Collects what cases make."""

    def __init__(self, rng: Random, today: date, desk: Desk) -> None:
        self.rng = rng
        self.today = today
        self.desk = desk
        self.sendings: list[Sending] = []
        self.answers: dict[str, Answer] = {}

    def day(self, slot: int) -> date:
        """When the file is sent."""
        return bank_day(self.today, -SLOTS[slot].back)

    def sent_at(self, slot: int) -> datetime:
        """The moment in which the file is sent."""
        return datetime.combine(self.day(slot), SENT, tzinfo=UTC)

    def heard(self, slot: int, days: int) -> datetime:
        """Early on a bank day so many bank days after the file was sent."""
        return datetime.combine(bank_day(self.day(slot), days), time(9, 5), tzinfo=UTC)

    def send(self, claim: Claim, slot: int, *rulings: Ruling, part: int = 0) -> Claim:
        """Put the claim in a set of the file."""
        self.sendings.append(
            Sending(claim=claim, file=slot, set=part, at=self.sent_at(slot), rulings=rulings)
        )
        return claim

    def by_hand(self, claim: Claim, at: datetime, user: str, confirmation: str) -> None:
        """Note that somebody sent the claim in the claim editor."""
        self.sendings.append(Sending(claim=claim, file=-1, set=0, at=at, by=user, confirmation=confirmation))

    # -- what is said of a claim ------------------------------------------------------------------------------

    def passed(self, slot: int) -> tuple[Ruling, ...]:
        """The clearinghouse has taken it; its words differ, and none of them is the payer's."""
        word = self.rng.choice([RECEIVED, RECEIVED, FORWARDED, TAKEN])
        return (self.ruling(slot, Source.CLEARINGHOUSE, word),)

    def accepted(self, slot: int) -> tuple[Ruling, ...]:
        """The clearinghouse and then the payer have taken it."""
        return (*self.passed(slot), self.ruling(slot, Source.PAYER, ACCEPTED))

    def returned(self, slot: int, *statuses: Status) -> tuple[Ruling, ...]:
        """The clearinghouse has sent it back."""
        return (self.ruling(slot, Source.CLEARINGHOUSE, *statuses),)

    def refused(self, slot: int, *statuses: Status) -> tuple[Ruling, ...]:
        """The clearinghouse has taken it, and the payer has sent it back."""
        return (*self.passed(slot), self.ruling(slot, Source.PAYER, *statuses))

    def ruling(self, slot: int, source: Source, *statuses: Status) -> Ruling:
        """What the clearinghouse says on the next bank day, or a payer on the one after that."""
        days = 1 if source is Source.CLEARINGHOUSE else 2
        number = f"{self.rng.randrange(10**10, 10**11)}"
        return Ruling(source=source, statuses=statuses, at=self.heard(slot, days), number=number)

    # -- what is right ----------------------------------------------------------------------------------------

    def correct(self, claim: Claim, case: str, *changes: Change) -> None:
        """The claim is to be corrected so, and sent once."""
        self._answer(claim, Answer(control="", case=case, outcome=Outcome.CORRECT, changes=changes))

    def person(self, claim: Claim, case: str, reason: str) -> None:
        """The claim goes to a person."""
        self._answer(claim, Answer(control="", case=case, outcome=Outcome.PERSON, reason=reason))

    def overdue(self, claim: Claim, case: str) -> None:
        """Nobody has said a word of the claim for too long."""
        self._answer(claim, Answer(control="", case=case, outcome=Outcome.OVERDUE, reason="ACK_OVERDUE"))

    def nothing(self, claim: Claim, case: str) -> None:
        """There is nothing to do."""
        self._answer(claim, Answer(control="", case=case, outcome=Outcome.NOTHING))

    def _answer(self, claim: Claim, answer: Answer) -> None:
        sent = [one for one in self.sendings if one.claim.control == claim.control]
        rejecting = [ruling for one in sent for ruling in one.rulings if ruling.rejects]
        shown = tuple(str(one) for one in rejecting[-1].statuses) if rejecting else ()
        self.answers[claim.control] = replace(
            answer, control=claim.control, charge=claim.charge, statuses=shown
        )


def noon_after(at: datetime) -> datetime:
    """A time of office hours on the day after."""
    return at + timedelta(hours=19, minutes=12)
