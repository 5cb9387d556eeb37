"""Where each deposit stands after the rules."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterator
from decimal import Decimal

from payerbots.domain.facts import DepositFact, DepositKind, Of, PaymentFact, Standing, StandingState
from payerbots.domain.matching import words
from payerbots.domain.matching.batches import Agreement, BatchCheck
from payerbots.domain.matching.findings import Findings, Held
from payerbots.domain.matching.lookup import PayingLookup, distinct
from payerbots.domain.matching.payment_standings import nearly
from payerbots.domain.matching.sides import ZERO, Credit, Paying
from payerbots.reasons import Reason


class DepositStandings:
    """Makes the standing of each deposit."""

    def __init__(self, findings: Findings, today: dt.date) -> None:
        self._found, self._today = findings, today
        rules = findings.rules
        self._open = {each.fact.number: each for each in rules.credits}
        self._deposits = {each.number: each for each in findings.book.deposits}
        self._payments = {each.number: each for each in findings.book.payments}
        self._batches = {number: each for each in findings.batches for number in each.batches}
        self._takes = {item: deposit for deposit, item in findings.returns.taken_back.items()}
        self._held: dict[int, list[Held]] = defaultdict(list)
        for each in findings.held:
            self._held[each.placement.deposit].append(each)
        live = rules.live_payings()
        self._payings = PayingLookup(findings.sides, live)
        self._numbered: dict[str, list[Paying]] = defaultdict(list)
        for paying in live:
            self._numbered[paying.number].append(paying)
        self._sums: dict[int, list[Paying]] = defaultdict(list)
        for doubt in rules.doubtful:
            for credit in doubt.credits:
                self._sums[credit.fact.number] += doubt.payings

    def of(self, fact: DepositFact) -> Standing:
        """The standing of one deposit."""
        if fact.kind is DepositKind.RETURNED:
            return self._returned(fact)
        if fact.kind is DepositKind.BATCH:
            return self._batch(fact, self._batches[fact.number])
        if fact.number in self._found.returns.taken_back:
            item = self._deposits[self._found.returns.taken_back[fact.number]]
            detail = f"The bank took it back on {item.day.isoformat()}."
            return _standing(fact, StandingState.UNCONCERNED, detail=detail)
        if fact.number not in self._open:
            return _standing(fact, StandingState.UNCONCERNED, detail="No money came.")
        return self._money(fact, self._open[fact.number])

    def _money(self, fact: DepositFact, credit: Credit) -> Standing:
        held = self._held[fact.number]
        if held:
            return self._with_held(fact, held)
        if credit.left == 0:
            return _standing(fact, StandingState.MATCHED)
        candidates = words.candidates(words.payment(each) for each in self._candidates(credit))
        if candidates:
            detail = f"{words.money(credit.left)} to explain; could be {candidates}."
            return _exception(fact, Reason.MATCH_UNSURE, credit.left, detail)
        return self._by_window(fact, credit)

    def _with_held(self, fact: DepositFact, held: list[Held]) -> Standing:
        payments = words.candidates(words.payment(self._payments[each.placement.payment]) for each in held)
        dollars = sum((each.placement.amount for each in held), ZERO)
        if held[0].reason is Reason.REMIT_UNBALANCED:
            detail = f"Belongs to {payments}, which does not balance."
        else:
            detail = (
                f"Belongs to {payments}, but the checks of its lockbox batch come to more than was deposited."
            )
        return _exception(fact, held[0].reason, dollars, detail)

    def _by_window(self, fact: DepositFact, credit: Credit) -> Standing:
        until = self._found.sides.credit_window_ends(credit)
        if self._today <= until:
            detail = f"Its remittance can come until {until.isoformat()}."
            return _standing(fact, StandingState.WAITING, until=until, dollars=credit.left, detail=detail)
        detail = f"No remittance for {words.money(credit.left)} has come by {until.isoformat()}."
        return _exception(fact, Reason.REMIT_MISSING, credit.left, detail)

    def _returned(self, fact: DepositFact) -> Standing:
        if fact.number not in self._takes:
            return _exception(
                fact, Reason.DEPOSIT_RETURNED, abs(fact.amount), self._found.returns.open[fact.number]
            )
        deposit = self._takes[fact.number]
        lost = [self._payments[each] for each in self._lost_with(deposit) if each in self._payments]
        told = words.candidates(map(words.payment, lost))
        detail = f"Takes back {words.deposit(self._deposits[deposit])}" + (f", of {told}." if told else ".")
        return _exception(fact, Reason.DEPOSIT_RETURNED, abs(fact.amount), detail)

    def _lost_with(self, deposit: int) -> list[int]:
        undone = (*self._found.book.undone, *self._found.undone)
        before = {each.payment for each in undone if each.deposit == deposit}
        return sorted(before | {each for each, where in self._found.lost.items() if where == deposit})

    def _batch(self, fact: DepositFact, check: BatchCheck) -> Standing:
        if check.agreement is Agreement.AGREES:
            return _standing(fact, StandingState.UNCONCERNED, detail=check.detail)
        first = fact.number == check.batches[0]
        apart = abs(check.summed - check.deposited) if first else ZERO
        until = self._found.sides.days.after(fact.day, self._found.sides.settings.ach_days)
        if check.agreement is Agreement.LESS and self._today <= until:
            detail = f"{check.detail} The rest can come until {until.isoformat()}."
            return _standing(fact, StandingState.WAITING, until=until, dollars=apart, detail=detail)
        return _exception(fact, Reason.LOCKBOX_TOTALS, apart, check.detail)

    def _candidates(self, credit: Credit) -> Iterator[PaymentFact]:
        return (each.fact for each in distinct(self._possible(credit)) if each.left > 0)

    def _possible(self, credit: Credit) -> Iterator[Paying]:
        if credit.number:
            found = self._numbered[credit.number]
            yield from (each for each in found if nearly(self._found, each, credit))
        else:
            yield from self._payings.equal(credit)
        yield from self._sums[credit.fact.number]


def _exception(fact: DepositFact, reason: Reason, dollars: Decimal, detail: str) -> Standing:
    return _standing(fact, StandingState.EXCEPTION, reason=reason, dollars=dollars, detail=detail)


def _standing(fact: DepositFact, state: StandingState, **said: object) -> Standing:
    return Standing(of=Of.DEPOSIT, number=fact.number, state=state, **said)  # type: ignore[arg-type]  # its own fields
