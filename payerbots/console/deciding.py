"""Decisions made in the console: read and applied as those of workbooks and of the terminal are."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from django.http import HttpRequest

from payerbots.console import plain
from payerbots.console.office import actor, office
from payerbots.domain.decisions import Decision
from payerbots.domain.review import About
from payerbots.engine.contract import Described
from payerbots.engine.desk import Desk, directly
from payerbots.errors import ConfigError, DecisionRefused
from payerbots.ledger.case_views import OpenCase
from payerbots.ledger.decide import PROPOSED
from payerbots.ledger.exceptions import Listed
from payerbots.review import rules
from payerbots.review.deciding import Decider
from payerbots.review.described import Bots
from payerbots.review.terminal import Typed, wish_of

_CELLS = ("decision", "amount", "code", "until", "to", "note")
_CORRECT = "correct:"
_WAS = "was:"

_PAST = {
    Decision.SEND_BACK: "sent back and will run again",
    Decision.CORRECTED: "corrected and will run again",
    Decision.RESOLVED: "resolved",
    Decision.WRITE_OFF: "written off, or waiting for a second person",
    Decision.PEND: "pended",
    Decision.DUPLICATE: "closed as a duplicate",
    Decision.ASSIGN: "assigned",
    Decision.NOT_MINE: "handed to the other team",
}
BULK = (Decision.SEND_BACK, Decision.RESOLVED, Decision.ASSIGN, Decision.NOT_MINE, Decision.PEND)
"""What can be decided on many at once."""


@dataclass(frozen=True)
class Seen:
    """What somebody decides on, as it stood when they saw it."""

    about: About
    mark: str
    seen: int

    def __str__(self) -> str:
        return f"{self.about.kind}-{self.about.number}:{self.mark}:{self.seen}"

    @classmethod
    def read(cls, text: str) -> "Seen":
        """What `str` made. `DecisionRefused` for anything else."""
        about, _, rest = text.partition(":")
        mark, _, seen = rest.partition(":")
        try:
            return cls(About.read(about), mark, int(seen))
        except ValueError:
            raise DecisionRefused("the page was not ours: load it again") from None


def of_row(row: Listed) -> Seen:
    """A row as it stands."""
    return Seen(row.about, row.mark, row.seen)


def desk() -> Desk:
    """The ledger as review wants it."""
    return directly(office().space, office().ledger)


def decide(request: HttpRequest, seen: str) -> str:
    """Applies what the form says to one exception; in words what came of it. `DecisionRefused` says why not."""
    shown = Seen.read(seen)
    here, day = desk(), office().space.today
    cells = {name: request.POST.get(name, "").strip()[:500] for name in _CELLS}
    typed = Typed(
        cells, _corrections(request.POST, cells["decision"]), actor(request).removeprefix("person:")
    )
    try:
        wish = replace(wish_of(shown.about, typed, day), source="console", mark=shown.mark, seen=shown.seen)
    except ConfigError as error:
        raise DecisionRefused(str(error)) from None
    decider = Decider(here, rules.load(office().space.root).rules, day, Bots(here))
    after = decider.decide(wish)
    if after == PROPOSED:
        return f"{shown.about.kind} {shown.about.number} waits for a second person to agree"
    return f"{shown.about.kind} {shown.about.number} is {past(str(wish.decision))}"


def _corrections(sent: Mapping[str, str], decision: str) -> list[str]:
    """The fields that somebody has changed, as `Title=value`."""
    if decision != Decision.CORRECTED:
        return []
    titles = [name.removeprefix(_CORRECT) for name in sent if name.startswith(_CORRECT)]
    changed = [
        title for title in titles if sent[_CORRECT + title].strip() != sent.get(_WAS + title, "").strip()
    ]
    return [f"{title}={sent[_CORRECT + title].strip()}" for title in changed]


def past(decision: str) -> str:
    """What a decision has done, in words."""
    return _PAST[Decision(decision)] if decision in set(Decision) else "decided"


def describe(case: OpenCase) -> Described:
    """What a biller needs to know of an exception, as its bot says it."""
    return Bots(desk()).describe(case)


def described(bots: Bots, row: Listed) -> Described:
    """The same of a row of a list."""
    if row.row is None:
        facts: dict[str, Any] = dict(row.facts)
        return Described(payer=row.payer, **facts)
    known = bots.answered(row.bot, row.row)
    found = known[0].describe(known[1]) if known else Described(detail=row.row.note)
    if found.patient or found.payer:
        return found
    who = plain.who(json.loads(row.row.request) if row.row.request else None)
    return replace(
        found, patient=who.get("patient", ""), payer=who.get("payer", ""), order=who.get("order", "")
    )
