"""Writing what a bot concluded: matches, standings and events, in one transaction, any number of times.

Whoever concludes first takes the subject's epoch with the facts. What was drawn from an older epoch than the one
that stands is not written: two that conclude at once never contradict each other, the later one looks again.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from django.db import transaction

from payerbots.domain.conclusions import Conclusion
from payerbots.domain.facts import Match, Of, Standing
from payerbots.errors import ConclusionRefused
from payerbots.ledger import audit, concerns, dialect, epochs, first_sends, models, outbox
from payerbots.ledger.audit import Change
from payerbots.ledger.facts import is_money
from payerbots.ledger.models import Deposit, Item, MoneyState, Payment
from payerbots.ledger.money_views import in_chunks, match_of, rows_of, standing_of
from payerbots.ledger.records import Ledger, Telling
from payerbots.reasons import Reason

_COLUMNS = ("state", "reason", "until", "dollars", "detail")

Rows = Mapping[Of, Mapping[int, Payment | Deposit]]
Holding = dict[tuple[int, int], models.Match]


@dataclass(frozen=True, kw_only=True)
class Written:
    """What a conclusion changed; nothing when it was known."""

    matched: int = 0
    undone: int = 0
    stand: int = 0
    told: int = 0
    concerns: int = 0
    counted: int = 0

    def __bool__(self) -> bool:
        return any((self.matched, self.undone, self.stand, self.told, self.concerns, self.counted))


@dataclass(frozen=True, kw_only=True)
class Draft:
    """A conclusion of a run, drawn from the facts as they stood at `epoch`; `events` are its events as messages."""

    run: int
    actor: str
    epoch: int
    conclusion: Conclusion = field(repr=False)
    events: Sequence[Telling] = field(default=(), repr=False)


def epoch() -> int:
    """The epoch at hand. It is taken before the facts are read."""
    return epochs.look(epochs.MONEY)


@transaction.atomic
def write(ledger: Ledger, draft: Draft) -> Written | None:
    """Writes what is new in a conclusion. None, and nothing is written, when the epoch is over: conclude again.

    `ConclusionRefused` when it contradicts itself or the ledger.
    """
    now = epochs.hold(epochs.MONEY)
    if now.number != draft.epoch:
        return None
    rows = _rows(draft.conclusion)
    _check(draft.conclusion, rows)
    concerns.check(draft.conclusion.concerns, rows[Of.PAYMENT])
    first_sends.check(draft.conclusion.first_sends)
    _check_items(draft.events)
    written = _Writing(ledger, draft, rows).write()
    if written:
        epochs.step(now)
    return written


def _rows(conclusion: Conclusion) -> Rows:
    """The payments and deposits that it speaks of."""
    named = {of: sorted({one.number for one in conclusion.standings if one.of is of}) for of in Of}
    return {of: {row.pk: row for row in in_chunks(rows_of(of), "pk", named[of])} for of in Of}


def _check(conclusion: Conclusion, rows: Rows) -> None:
    _once("standing", [(one.of, one.number) for one in conclusion.standings])
    _once("match", [(one.payment, one.deposit) for one in conclusion.matches])
    for standing in conclusion.standings:
        _check_standing(standing, rows)
    for match in conclusion.matches:
        if match.payment not in rows[Of.PAYMENT] or match.deposit not in rows[Of.DEPOSIT]:
            raise ConclusionRefused(f"{_named(match)} has no standing of both its sides")
        if not is_money(match.amount) or "\0" in match.why:
            raise ConclusionRefused(
                f"{_named(match)}: its amount is not in whole cents, or its text holds a NUL"
            )


def _check_standing(one: Standing, rows: Rows) -> None:
    if one.number not in rows[one.of]:
        raise ConclusionRefused(f"there is no {one.of} {one.number}")
    if one.reason and one.reason not in Reason.__members__:
        raise ConclusionRefused(f"{one.of} {one.number}: no reason {one.reason!r}")
    if not is_money(one.dollars) or "\0" in one.detail:
        raise ConclusionRefused(f"{one.of} {one.number}: not in whole cents, or its text holds a NUL")


def _once(what: str, keys: Sequence[object]) -> None:
    if len(keys) != len(set(keys)):
        raise ConclusionRefused(f"a {what} comes twice")


def _named(match: Match) -> str:
    return f"the match of payment {match.payment} and deposit {match.deposit}"


def _check_items(events: Sequence[Telling]) -> None:
    items = {one.item for one in events}
    known = {row.pk for row in in_chunks(Item.objects.only("pk"), "pk", sorted(items))}
    if items - known:
        raise ConclusionRefused(f"an event is of item {min(items - known)}, which is none")


@dataclass(frozen=True)
class _Writing:
    """One conclusion on its way into the ledger."""

    ledger: Ledger
    draft: Draft
    rows: Rows

    def write(self) -> Written:
        """Only what is not known yet; what that was."""
        held = self._holding()
        wanted = {(one.payment, one.deposit): one for one in self.draft.conclusion.matches}
        gone = [row for pair, row in held.items() if wanted.get(pair) != match_of(row)]
        kept = {pair for pair, row in held.items() if wanted.get(pair) == match_of(row)}
        fresh = [one for pair, one in wanted.items() if pair not in kept]
        self._undo(gone)
        self._match(fresh)
        return Written(
            undone=len(gone),
            matched=len(fresh),
            stand=sum(self._stand(of) for of in Of),
            told=outbox.tell(self.ledger, self.draft.events),
            concerns=concerns.write(
                self.ledger, self.draft.actor, self.draft.conclusion.concerns, self.rows[Of.PAYMENT]
            ),
            counted=first_sends.write(self.draft.conclusion.first_sends),
        )

    def _holding(self) -> Holding:
        """The matches that hold of what the conclusion speaks of."""
        holding = models.Match.objects.filter(undone_at=None)
        found = [
            *in_chunks(holding, "payment", sorted(self.rows[Of.PAYMENT])),
            *in_chunks(holding, "deposit", sorted(self.rows[Of.DEPOSIT])),
        ]
        return {(row.payment_id, row.deposit_id): row for row in found}

    def _undo(self, gone: Sequence[models.Match]) -> None:
        for one in map(match_of, gone):
            if one.payment not in self.rows[Of.PAYMENT] or one.deposit not in self.rows[Of.DEPOSIT]:
                raise ConclusionRefused(f"{_named(one)} would end, and only one side of it has a standing")
        now = self.ledger.now()
        for row in gone:
            row.undone_at = now
        dialect.update(gone, ["undone_at"])
        self._tell("match undone", [Change(before=_sides(match_of(row))) for row in gone])

    def _match(self, fresh: Sequence[Match]) -> None:
        now = self.ledger.now()
        rows = [
            models.Match(
                payment_id=one.payment, deposit_id=one.deposit, amount=one.amount, why=one.why, made_at=now
            )
            for one in fresh
        ]
        models.Match.objects.bulk_create(rows)
        self._tell("matched", [Change(after=_sides(one)) for one in fresh])

    def _stand(self, of: Of) -> int:
        """Writes where payments or deposits stand now; how many stood elsewhere."""
        judged = {one.number: one for one in self.draft.conclusion.standings if one.of is of}
        moved = [row for number, row in self.rows[of].items() if not _stands(of, row, judged[number])]
        before = [_shown(of, row) for row in moved]
        now = self.ledger.now()
        for row in moved:
            _move(row, judged[row.pk], now)
        dialect.update(moved, [*_COLUMNS, "stood_at"])
        self._tell(
            "stands",
            [
                Change({"item": row.item_id, "portal": row.portal}, stood, _shown(of, row))
                for row, stood in zip(moved, before, strict=True)
            ],
        )
        return len(moved)

    def _tell(self, action: str, changes: Sequence[Change]) -> None:
        told = [replace(one, about={**one.about, "run": self.draft.run}) for one in changes]
        audit.notes(self.ledger, self.draft.actor, action, told)


def _move(row: Payment | Deposit, judged: Standing, now: datetime) -> None:
    for name in _COLUMNS:
        setattr(row, name, getattr(judged, name))
    row.stood_at = now


def _stands(of: Of, row: Payment | Deposit, judged: Standing) -> bool:
    return row.state != MoneyState.NEW and standing_of(of, row) == judged


def _shown(of: Of, row: Payment | Deposit) -> dict[str, Any]:
    until = row.until.isoformat() if row.until else ""
    told = {"state": str(row.state), "reason": row.reason, "until": until, "dollars": f"{row.dollars:.2f}"}
    return {str(of): row.pk, **told}


def _sides(match: Match) -> dict[str, Any]:
    return {"payment": match.payment, "deposit": match.deposit, "amount": f"{match.amount:.2f}"}
