"""What a pass has found, before it is told as standings."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from payerbots.domain.facts import DepositFact, Match, PaymentFact
from payerbots.domain.matching.batches import Agreement, BatchCheck, batch_checks
from payerbots.domain.matching.book import MoneyBook, Placement
from payerbots.domain.matching.documents import Documents, sort_out
from payerbots.domain.matching.returns import NO_MONEY_OF_ITS_OWN, Returns, returns
from payerbots.domain.matching.rules import Rules
from payerbots.domain.matching.settings import MatchSettings
from payerbots.domain.matching.sides import CARD, NO_MONEY, ZERO, Credit, Paying, Sides
from payerbots.reasons import Reason


@dataclass(frozen=True, kw_only=True)
class Held:
    """Money that is placed, but cannot be posted as it stands."""

    placement: Placement
    reason: Reason


@dataclass(frozen=True, kw_only=True)
class Findings:
    """All that standings are drawn from."""

    book: MoneyBook
    sides: Sides
    documents: Documents
    returns: Returns
    batches: tuple[BatchCheck, ...]
    rules: Rules
    matches: tuple[Match, ...]
    undone: tuple[Match, ...]
    held: tuple[Held, ...]
    lost: Mapping[int, int]
    """Payment → the deposit that it was, or would be, in, and that the bank took back."""


def find(book: MoneyBook, settings: MatchSettings) -> Findings:
    """Runs the rules over what earlier matches leave."""
    sides, back = Sides(settings), returns(book.deposits)
    kept = [each for each in book.matches if each.deposit not in back.taken_back]
    undone = [each for each in book.matches if each.deposit in back.taken_back]
    documents = sort_out(book.payments, sides.payers, frozenset(each.payment for each in kept))
    payings = _payings(documents.firsts, sides, _used((each.payment, each.amount) for each in kept))
    credits_ = _credits(book.deposits, sides, _used((each.deposit, each.amount) for each in kept))
    gone = [each for each in credits_ if each.fact.number in back.taken_back]
    there = [each for each in credits_ if each.fact.number not in back.taken_back]
    rules = Rules(sides, payings, there, frozenset(each.number for each in gone if each.number))
    rules.run()
    batches = batch_checks(book.deposits)
    matches, held = _sorted(rules.placements, documents, batches)
    return Findings(
        book=book,
        sides=sides,
        documents=documents,
        returns=back,
        batches=batches,
        rules=rules,
        matches=matches,
        undone=tuple(sorted(undone, key=lambda each: (each.payment, each.deposit))),
        held=held,
        lost=_lost([*book.undone, *undone], sides, payings, gone),
    )


def _used(amounts: Iterable[tuple[int, Decimal]]) -> dict[int, Decimal]:
    used: dict[int, Decimal] = {}
    for number, amount in amounts:
        used[number] = used.get(number, ZERO) + amount
    return used


def _payings(facts: Sequence[PaymentFact], sides: Sides, used: Mapping[int, Decimal]) -> list[Paying]:
    with_money = [each for each in facts if each.amount > 0 and each.method not in {NO_MONEY, CARD}]
    return [
        sides.paying(fact, max(fact.amount - used.get(fact.number, ZERO), ZERO))
        for fact in sorted(with_money, key=lambda each: each.number)
    ]


def _credits(facts: Sequence[DepositFact], sides: Sides, used: Mapping[int, Decimal]) -> list[Credit]:
    with_money = [each for each in facts if each.amount > 0 and each.kind not in NO_MONEY_OF_ITS_OWN]
    return [
        sides.credit(fact, max(fact.amount - used.get(fact.number, ZERO), ZERO))
        for fact in sorted(with_money, key=lambda each: each.number)
    ]


def _sorted(
    placements: Iterable[Placement], documents: Documents, batches: Iterable[BatchCheck]
) -> tuple[tuple[Match, ...], tuple[Held, ...]]:
    """Placements as matches, or held because one side does not add up."""
    balanced = {each.number for each in documents.firsts if each.balanced}
    over = {number for each in batches if each.agreement is Agreement.MORE for number in each.checks}
    matches, held = [], []
    for each in sorted(placements, key=lambda placed: (placed.payment, placed.deposit)):
        if each.payment not in balanced:
            held.append(Held(placement=each, reason=Reason.REMIT_UNBALANCED))
        elif each.deposit in over:
            held.append(Held(placement=each, reason=Reason.LOCKBOX_TOTALS))
        else:
            matches.append(
                Match(payment=each.payment, deposit=each.deposit, amount=each.amount, why=each.why)
            )
    return tuple(matches), tuple(held)


def _lost(
    undone: Sequence[Match], sides: Sides, payings: Sequence[Paying], gone: Sequence[Credit]
) -> dict[int, int]:
    """Open payments whose money was taken back: by an earlier match, or because the rules would have placed them."""
    open_ones = {each.fact.number for each in payings if each.left > 0}
    lost = {each.payment: each.deposit for each in undone if each.payment in open_ones}
    rest = [
        sides.paying(each.fact, each.left)
        for each in payings
        if each.left > 0 and each.fact.number not in lost
    ]
    matched_before = {each.deposit for each in undone}
    rules = Rules(
        sides, rest, _latest(sides, (c for c in gone if c.fact.number not in matched_before)), frozenset()
    )
    rules.run()
    return lost | {each.payment: each.deposit for each in rules.placements}


def _latest(sides: Sides, gone: Iterable[Credit]) -> list[Credit]:
    """Whole deposits; of a check that was presented again, and came back again, the last one."""
    latest: dict[tuple[str, Decimal] | int, Credit] = {}
    for each in sorted(gone, key=lambda credit: (credit.fact.day, credit.fact.number)):
        whole = sides.credit(each.fact, each.fact.amount)
        latest[(each.number, whole.left) if each.number else each.fact.number] = whole
    return list(latest.values())
