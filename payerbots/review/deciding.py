"""One decision from a person to the ledger; corrected values become a request on the way."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date

from payerbots.documents.workbook.values import shown
from payerbots.domain.decisions import Decision
from payerbots.domain.review import About, Rules, Terms
from payerbots.engine import codec
from payerbots.engine.contract import Correcting
from payerbots.engine.desk import Desk
from payerbots.errors import CorrectionRefused, DecisionRefused
from payerbots.ledger import case_views, cases
from payerbots.ledger.decide import Placed, Ruling, decide
from payerbots.review.described import Bots


@dataclass(frozen=True, kw_only=True)
class Wish:
    """What somebody decided, and on what they saw; `mark` and `seen` are None at a terminal, where they look as they decide."""

    about: About
    decision: Decision
    by: str
    terms: Terms
    values: Mapping[str, object]
    source: str
    mark: str | None = None
    seen: int | None = None


@dataclass(frozen=True)
class Decider:
    """Decides for people, by the office's rules."""

    desk: Desk
    rules: Rules
    day: date
    bots: Bots

    def decide(self, wish: Wish) -> str:
        """What it came to, as `ledger.decide:decide` says. Called where the ledger may be spoken to.

        `AlreadyDecided` where somebody was first, before anything is looked at; `CorrectionRefused` names a value.
        """
        ruling = Ruling(
            about=wish.about,
            decision=wish.decision,
            by=f"person:{wish.by}",
            terms=wish.terms,
            mark=wish.mark,
            seen=wish.seen,
            source=wish.source,
            today=self.day,
        )
        if wish.seen is not None:
            cases.check_before(self.desk.ledger, wish.about, wish.seen, ruling.ruled)
        if wish.decision is Decision.CORRECTED:
            ruling = self._corrected(ruling, wish.values)
        return decide(self.desk.ledger, ruling, self.rules)

    def _corrected(self, ruling: Ruling, values: Mapping[str, object]) -> Ruling:
        case = case_views.one(self.desk.ledger, ruling.on)
        if case is None:
            raise DecisionRefused(f"{ruling.on} no longer needs a person")
        known = self.bots.answered(case.bot, case.row) if case.row else None
        if known is None:
            raise DecisionRefused(f"{ruling.on}: its request cannot be corrected")
        bot, row = known
        asked = bot.describe(row).asked
        titles = {title.casefold(): title for title in asked}
        wanted = {_title(titles, name): cell for name, cell in values.items()}
        ask = bot.correct(row, wanted, Correcting(payers=self.desk.workspace.payers, day=self.day))
        request = codec.pack(bot.request, ask.request)
        if case.row is not None and request == case.row.request:
            raise DecisionRefused(f"{ruling.on}: the corrected values are those that were asked")
        subject = self.desk.ledger.keys.hashed(bot.name, *ask.subject) if ask.subject else ""
        told = {title: (asked.get(title, ""), shown(cell)) for title, cell in wanted.items()}
        return replace(
            ruling,
            request=request,
            placed=Placed(portal=ask.portal, payer_id=ask.payer_id, subject=subject),
            terms=replace(ruling.terms, values=told),
        )


def _title(titles: Mapping[str, str], name: str) -> str:
    """A field's title, in any case."""
    found = titles.get(" ".join(name.casefold().split()))
    if found is None:
        raise CorrectionRefused(
            name, f"nothing: what can be corrected is {', '.join(titles.values()) or 'nothing'}"
        )
    return found
