"""The money at hand on a day: all that is open, all that was settled today, and what belongs to it."""

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from payerbots.delivery.posting.archive import Archive
from payerbots.delivery.posting.claims import known_claims
from payerbots.documents.claim_list import ClaimList, read_claim_list
from payerbots.domain.conclusions import OpenFacts
from payerbots.domain.facts import DepositFact, Match, Of, PaymentFact, Standing, StandingState
from payerbots.domain.known_claims import KnownClaims
from payerbots.domain.matching import Matching, MoneyBook, match_money
from payerbots.domain.matching.returns import returns
from payerbots.domain.money_settings import MoneySettings, money_settings
from payerbots.domain.remittance import Difference, Remittance
from payerbots.engine.contract import RunContext
from payerbots.engine.facts import Facts

REMITTANCES, BANK = "remittance", "lockbox"
"""The bots that collect both sides."""
_MEMORY = dt.timedelta(days=400)
"""How far back payments are looked into for what reversals and recoupments refer to."""


@dataclass(frozen=True)
class MoneyView:
    """What a run concludes and delivers from. Everything is read when first asked for, and once."""

    context: RunContext
    facts: Facts

    @cached_property
    def settings(self) -> MoneySettings:
        """The office's own."""
        return money_settings(self.context.root)

    @cached_property
    def archive(self) -> Archive:
        """The files."""
        return Archive(self.facts, self.context.root)

    @cached_property
    def morning(self) -> dt.datetime:
        """When the office's day began."""
        return dt.datetime.combine(self.context.day, dt.time(), tzinfo=self.context.zone)

    @cached_property
    def open(self) -> OpenFacts:
        """The facts."""
        return self.facts.unsettled(since=self.context.day, stood=self.morning)

    @cached_property
    def payments(self) -> Mapping[int, PaymentFact]:
        """Payments by number."""
        return {each.number: each for each in self.open.payments}

    @cached_property
    def deposits(self) -> Mapping[int, DepositFact]:
        """Deposits by number."""
        return {each.number: each for each in self.open.deposits}

    @cached_property
    def unbalanced(self) -> Mapping[int, Difference]:
        """Of each payment that does not balance, the first sum that does not hold."""
        wrong = [each for each in self.open.payments if not each.balanced]
        return {
            fact.number: said.balance.differences[0]
            for fact, said in self.archive.remittances(wrong)
            if said.balance.differences
        }

    @cached_property
    def matching(self) -> Matching:
        """What belongs together, and where everything stands. A side is late only once the other one was read."""
        banked, remitted = self._read_through(BANK), self._read_through(REMITTANCES)
        of_payments = self._match(banked)
        if banked == remitted:
            return of_payments
        of_deposits = self._match(remitted)
        standings = [each for each in of_payments.standings if each.of is Of.PAYMENT]
        standings += [each for each in of_deposits.standings if each.of is Of.DEPOSIT]
        return Matching(
            matches=of_payments.matches,
            undone=of_payments.undone,
            standings=tuple(standings),
            same=of_payments.same,
            ready=of_payments.ready,
        )

    def _match(self, on: dt.date) -> Matching:
        book = MoneyBook(
            payments=tuple(self.open.payments),
            deposits=tuple(self.open.deposits),
            matches=tuple(self.open.matches),
            unbalanced=self.unbalanced,
        )
        return match_money(book, on, self.settings.matching)

    def _read_through(self, bot: str) -> dt.date:
        """The day up to which a bot has read at all its portals, or without any in its folder; else the earliest day."""
        reached = self.facts.reached(bot)
        counted = [value for portal, value in reached.items() if portal] or reached.values()
        return min((dt.date.fromisoformat(value) for value in counted), default=dt.date.min)

    @cached_property
    def matches(self) -> Sequence[Match]:
        """All that hold now."""
        undone = set(self.matching.undone)
        kept = [each for each in self.open.matches if each not in undone]
        return sorted([*kept, *self.matching.matches], key=lambda each: (each.payment, each.deposit))

    @cached_property
    def standings(self) -> Mapping[tuple[Of, int], Standing]:
        """Where everything stands."""
        return {(each.of, each.number): each for each in self.matching.standings}

    def of_payment(self, number: int) -> Standing:
        """Where a payment stands."""
        return self.standings[Of.PAYMENT, number]

    @cached_property
    def _taken_back(self) -> Mapping[int, int]:
        return {item: deposit for deposit, item in returns(self.open.deposits).taken_back.items()}

    def payer_of(self, deposit: DepositFact) -> str:
        """Who paid, where the bank says it; of a returned item who wrote the check that bounced."""
        bounced = self._taken_back.get(deposit.number)
        return deposit.payer or (self.deposits[bounced].payer if bounced else "")

    @cached_property
    def doubles(self) -> frozenset[int]:
        """Payments that count with another document of the same payment."""
        return frozenset(each.payment for each in self.matching.same)

    @cached_property
    def own(self) -> Sequence[PaymentFact]:
        """Every payment once, without second documents."""
        return [each for each in self.open.payments if each.number not in self.doubles]

    @cached_property
    def ready(self) -> Sequence[PaymentFact]:
        """Payments that can be posted and became so today."""
        today = self.facts.stood(Of.PAYMENT, self.morning)
        return [each for each in self.own if each.number in self.matching.ready and each.number in today]

    @cached_property
    def claim_list(self) -> ClaimList | None:
        """The office's list of claims, where it gave one."""
        return read_claim_list(self.context.claims) if self.context.claims else None

    @cached_property
    def known(self) -> KnownClaims:
        """What is known of claims beyond one payment; older payments are read only when something refers to them."""
        known = known_claims(self.archive.remittances(self._trusted), self.claim_list)
        if not known.beyond:
            return known.claims
        before = self.facts.payments(since=self.context.day - _MEMORY)
        return known_claims(self.archive.remittances(self._with(before)), self.claim_list).claims

    @property
    def _trusted(self) -> list[PaymentFact]:
        """Payments of which nothing is in doubt but their money."""
        return [each for each in self.own if self._is_trusted(each)]

    def _is_trusted(self, payment: PaymentFact) -> bool:
        return payment.balanced and self.of_payment(payment.number).reason != "REMIT_KEY_CLASH"

    def _with(self, before: Sequence[PaymentFact]) -> list[PaymentFact]:
        """The trusted ones, and older ones that stand settled."""
        numbers = [each.number for each in before if each.number not in self.payments and each.balanced]
        settled = {StandingState.MATCHED, StandingState.UNCONCERNED}
        stand = {each.number for each in self.facts.standings(Of.PAYMENT, numbers) if each.state in settled}
        older = [each for each in before if each.number in stand]
        kept = {each.sha256 for each in self.facts.files(sorted({each.file for each in older}))}
        return [*self._trusted, *(each for each in older if each.file in kept)]

    def remittances(self, payments: Sequence[PaymentFact]) -> Iterator[tuple[PaymentFact, Remittance]]:
        """Payments with what their files say."""
        return self.archive.remittances(payments)
