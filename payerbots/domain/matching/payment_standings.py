"""Where each payment stands after the rules."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterator
from decimal import Decimal

from payerbots.domain.facts import DepositFact, Of, PaymentFact, Standing, StandingState
from payerbots.domain.matching import words
from payerbots.domain.matching.findings import Findings, Held
from payerbots.domain.matching.lookup import CreditLookup, distinct
from payerbots.domain.matching.sides import CARD, NO_MONEY, ZERO, Credit, Paying
from payerbots.domain.payer_names import Relation
from payerbots.reasons import Reason


class PaymentStandings:
    """Makes the standing of each payment."""

    def __init__(self, findings: Findings, today: dt.date) -> None:
        self._found, self._today = findings, today
        documents, rules = findings.documents, findings.rules
        self._same = {each.payment: each for each in documents.same}
        self._clashes = {each.payment: each for each in documents.clashes}
        self._open = {each.fact.number: each for each in rules.payings}
        self._deposits = {each.number: each for each in findings.book.deposits}
        self._placed = _matched(findings)
        self._held: dict[int, list[Held]] = defaultdict(list)
        for each in findings.held:
            self._held[each.placement.payment].append(each)
        self._unnamed = CreditLookup(findings.sides, rules.unnamed())
        self._numbered: dict[str, list[Credit]] = defaultdict(list)
        for credit in rules.live_credits():
            self._numbered[credit.number].append(credit)
        self._sums: dict[int, list[Credit]] = defaultdict(list)
        for doubt in rules.doubtful:
            for paying in doubt.payings:
                self._sums[paying.fact.number] += doubt.credits

    def of(self, fact: PaymentFact) -> Standing:
        """The standing of one payment."""
        number = fact.number
        if fact.amount > 0 and self._placed[number] >= fact.amount:
            return _standing(fact, StandingState.MATCHED)
        if number in self._same:
            return _standing(fact, StandingState.UNCONCERNED, detail=self._same[number].why)
        if number in self._clashes:
            return _exception(fact, Reason.REMIT_KEY_CLASH, self._clashes[number].detail)
        if not fact.balanced:
            return _exception(fact, Reason.REMIT_UNBALANCED, self._unbalanced(fact))
        if number not in self._open:
            return _without_money(fact)
        return self._with_money(fact, self._open[number])

    def _with_money(self, fact: PaymentFact, paying: Paying) -> Standing:
        if self._held[fact.number]:
            return _exception(fact, self._held[fact.number][0].reason, self._over(fact))
        if fact.number in self._found.lost:
            lost = self._deposits.get(self._found.lost[fact.number])
            where = words.deposit(lost) if lost else "its deposit"
            return _exception(fact, Reason.DEPOSIT_RETURNED, f"The bank has taken {where} back.", paying.left)
        candidates = words.candidates(words.deposit(each) for each in self._candidates(paying))
        if candidates:
            return _exception(
                fact,
                Reason.MATCH_UNSURE,
                f"{words.money(paying.left)} to find; could be {candidates}.",
                paying.left,
            )
        return self._by_window(fact, paying)

    def _by_window(self, fact: PaymentFact, paying: Paying) -> Standing:
        until = self._found.sides.payment_window_ends(paying)
        if self._today <= until:
            detail = f"{words.money(paying.left)} can reach the bank until {until.isoformat()}."
            return _standing(fact, StandingState.WAITING, until=until, dollars=paying.left, detail=detail)
        detail = f"{words.money(paying.left)} has not reached the bank by {until.isoformat()}."
        return _exception(fact, Reason.DEPOSIT_MISSING, detail, paying.left)

    def _unbalanced(self, fact: PaymentFact) -> str:
        said = words.unbalanced(self._found.book.unbalanced.get(fact.number))
        where = words.candidates(words.deposit(each) for each in self._places(fact.number))
        return f"{said} Its money is in {where}." if where else said

    def _over(self, fact: PaymentFact) -> str:
        where = words.candidates(words.deposit(each) for each in self._places(fact.number))
        return f"Its money is in {where}, of a lockbox batch whose checks come to more than was deposited."

    def _places(self, number: int) -> list[DepositFact]:
        return [self._deposits[each.placement.deposit] for each in self._held[number]]

    def _candidates(self, paying: Paying) -> Iterator[DepositFact]:
        return (each.fact for each in distinct(self._possible(paying)) if each.left > 0)

    def _possible(self, paying: Paying) -> Iterator[Credit]:
        for credit in self._numbered[paying.number] if paying.number else ():
            if nearly(self._found, paying, credit):
                yield credit
        yield from self._unnamed.equal(paying)
        yield from self._unnamed.nameless(paying)
        yield from self._sums[paying.fact.number]


def nearly(findings: Findings, paying: Paying, credit: Credit) -> bool:
    """Whether two of one number could be one: equal amounts, or another amount of one payer in time."""
    if paying.left == credit.left:
        return True
    one_payer = findings.sides.payer(paying, credit) is not Relation.DIFFERS
    return one_payer and findings.sides.in_time(paying, credit)


def _matched(findings: Findings) -> dict[int, Decimal]:
    matched: dict[int, Decimal] = defaultdict(lambda: ZERO)
    undone = set(findings.undone)
    for each in (*findings.book.matches, *findings.matches):
        if each not in undone:
            matched[each.payment] += each.amount
    return matched


def _without_money(fact: PaymentFact) -> Standing:
    if fact.amount == 0:
        return _standing(fact, StandingState.UNCONCERNED, detail="No money moves.")
    if fact.method == CARD:
        return _exception(
            fact, Reason.CARD_PAYMENT, f"A virtual card of {words.money(fact.amount)} to be run."
        )
    if fact.method == NO_MONEY:
        detail = f"The remittance says that no money moves (NON), and names {words.money(fact.amount)}."
    else:
        detail = f"The payer takes {words.money(-fact.amount)}: no deposit can be it."
    return _exception(fact, Reason.MATCH_UNSURE, detail)


def _exception(fact: PaymentFact, reason: Reason, detail: str, dollars: Decimal | None = None) -> Standing:
    owed = abs(fact.amount) if dollars is None else dollars
    return _standing(fact, StandingState.EXCEPTION, reason=reason, dollars=owed, detail=detail)


def _standing(fact: PaymentFact, state: StandingState, **said: object) -> Standing:
    return Standing(of=Of.PAYMENT, number=fact.number, state=state, **said)  # type: ignore[arg-type]  # its own fields
