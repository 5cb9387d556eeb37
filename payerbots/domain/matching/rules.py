"""The rules by which money at the bank is found to be a payment's. What they do not prove they leave.

In this order, each on what the ones before it left:
1. the same number (trace in the addenda, or check number), amount and payer, in time; then where the bank names no payer;
2. the same number, and several amounts that add up;
3. without a number: amount, date and payer, and nothing else fits on either side;
4. without a number: amounts of one payer within the window add up, and only one combination of them does.

A rule looks at all pairs before it takes one, and takes only pairs that exclude no other: the order does not matter.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from decimal import Decimal
from itertools import chain, islice
from typing import TypeVar

from payerbots.domain.combinations import MOST, Combined, combinations
from payerbots.domain.facts import DepositKind
from payerbots.domain.matching import words
from payerbots.domain.matching.book import Placement
from payerbots.domain.matching.lookup import CreditLookup, PayingLookup, distinct
from payerbots.domain.matching.sides import Credit, Paying, Sides
from payerbots.domain.payer_names import Relation
from payerbots.domain.record import Record

CROWD = 2500
"""Pairs with one number and one amount beyond this are not compared: none of them can be the only one."""
Pair = tuple[Paying, Credit]
T = TypeVar("T")
K = TypeVar("K")
S = TypeVar("S", Paying, Credit)


class Sum(Record, frozen=True, kw_only=True):
    """One side that several of the other add up to. Without `sure` it is known only that some could."""

    payings: tuple[Paying, ...]
    credits: tuple[Credit, ...]
    why: str
    sure: bool

    @property
    def members(self) -> Iterator[tuple[str, int]]:
        """Both sides by their numbers."""
        yield from (("payment", each.fact.number) for each in self.payings)
        yield from (("deposit", each.fact.number) for each in self.credits)


class Rules:
    """One pass over what is open; `placements` is what it found, `doubtful` the sums that it could not prove."""

    def __init__(
        self, sides: Sides, payings: Sequence[Paying], credits_: Sequence[Credit], named: frozenset[str]
    ) -> None:
        """`named` are numbers of deposits that the bank has taken back: their payments are placed by nothing less."""
        self.sides = sides
        self.payings, self.credits = payings, credits_
        self.placements: list[Placement] = []
        self.doubtful: list[Sum] = []
        self._taken_back = named

    def run(self) -> None:
        """All rules, the surest first, until they find nothing more: what one takes may leave another alone."""
        found = -1
        while found != len(self.placements):
            found = len(self.placements)
            self._once()

    def _once(self) -> None:
        self.doubtful = []
        self._same_number(Relation.SAME)
        self._same_number(Relation.UNKNOWN)
        self._settle(self._numbered_sums())
        self._alone()
        self._settle(self._plain_sums())

    def live_payings(self) -> list[Paying]:
        """Payments of which something is left."""
        return [each for each in self.payings if each.left > 0]

    def live_credits(self) -> list[Credit]:
        """Deposits of which something is left."""
        return [each for each in self.credits if each.left > 0]

    def spoken_for(self) -> set[int]:
        """Payments whose number an open or returned deposit gives, though more than the number did not agree."""
        by_number = _grouped(self.live_credits(), lambda each: each.number)
        return {
            each.fact.number
            for each in self.live_payings()
            if each.number
            and (
                each.number in self._taken_back
                or any(self._linked(each, credit) for credit in by_number.get(each.number, ()))
            )
        }

    def _linked(self, paying: Paying, credit: Credit) -> bool:
        return self.sides.payer(paying, credit) is not Relation.DIFFERS

    def _same_number(self, wanted: Relation) -> None:
        credits_ = _grouped(self.live_credits(), lambda each: (each.number, each.left))
        pairs: list[Pair] = []
        for key, payings in _grouped(self.live_payings(), lambda each: (each.number, each.left)).items():
            found = credits_.get(key, [])
            if key[0] and len(payings) * len(found) <= CROWD:
                pairs += (
                    (paying, credit)
                    for paying in payings
                    for credit in found
                    if self._agrees(paying, credit) and self.sides.payer(paying, credit) is wanted
                )
        for paying, credit in _lone(pairs):
            self._place(paying, credit, words.same_number(paying, credit, wanted))

    def _agrees(self, paying: Paying, credit: Credit) -> bool:
        return credit.fact.kind in paying.roads and self.sides.in_time(paying, credit)

    def _numbered_sums(self) -> Iterator[Sum]:
        credits_ = _grouped(self.live_credits(), lambda each: each.number)
        for number, payings in _grouped(self.live_payings(), lambda each: each.number).items():
            found = credits_.get(number, []) if number else []
            if len(payings) * len(found) <= CROWD:
                yield from self._sums_of_number(payings, found)

    def _sums_of_number(self, payings: list[Paying], credits_: list[Credit]) -> Iterator[Sum]:
        for credit in credits_:
            parts = [p for p in payings if self._agrees(p, credit) and self._linked(p, credit)]
            yield from _into_credit(credit, parts, words.SAME_NUMBER)
        for paying in payings:
            shares = [c for c in credits_ if self._agrees(paying, c) and self._linked(paying, c)]
            yield from _over_credits(paying, shares, words.SAME_NUMBER)

    def _alone(self) -> None:
        spoken = self.spoken_for()
        credits_ = CreditLookup(self.sides, self.unnamed())
        payings = PayingLookup(self.sides, self.live_payings())
        found = []
        for paying in self.live_payings():
            fitting = list(islice(distinct(credits_.equal(paying)), 2))
            rivals = list(islice(distinct(payings.equal(fitting[0])), 2)) if len(fitting) == 1 else []
            if len(rivals) == 1 and paying.fact.number not in spoken:
                found.append((paying, fitting[0]))
        for paying, credit in found:
            self._place(paying, credit, words.alone(paying, credit))

    def _plain_sums(self) -> Iterator[Sum]:
        spoken = self.spoken_for()
        payings = PayingLookup(self.sides, self.live_payings())
        unnamed, strangers = (
            CreditLookup(self.sides, self.unnamed()),
            CreditLookup(self.sides, self._strangers()),
        )
        by_number = _grouped(self.live_credits(), lambda each: each.number)
        for credit in self.unnamed():
            if credit.payer.known:
                parts = (p for p in payings.not_above(credit) if p.fact.number not in spoken)
                yield from _into_credit(credit, parts, words.NO_NUMBER)
        for paying in self.live_payings():
            if paying.fact.number not in spoken:
                yield from _over_credits(paying, unnamed.not_above(paying), words.NO_NUMBER)
            else:
                rest = chain(unnamed.not_above(paying), strangers.not_above(paying))
                yield from self._anchored(paying, by_number.get(paying.number, []), rest)

    def _anchored(self, paying: Paying, named: list[Credit], rest: Iterable[Credit]) -> Iterator[Sum]:
        """A payment of which one deposit gives the number and a part, and another one must be the rest."""
        if len(named) > MOST:
            return
        anchors = [each for each in named if self._agrees(paying, each) and self._linked(paying, each)]
        for found in _over_credits(paying, chain(anchors, rest) if anchors else (), words.ANCHORED):
            sure = found.sure and any(credit.number == paying.number for credit in found.credits)
            yield Sum(payings=found.payings, credits=found.credits, why=found.why, sure=sure)

    def unnamed(self) -> list[Credit]:
        """Open deposits of which the bank gives no number."""
        return [each for each in self.live_credits() if not each.number]

    def _strangers(self) -> list[Credit]:
        """Open checks whose number no payment gives."""
        known = {each.number for each in self.payings}
        checks = (each for each in self.live_credits() if each.fact.kind is DepositKind.CHECK)
        return [each for each in checks if each.number and each.number not in known]

    def _settle(self, sums: Iterable[Sum]) -> None:
        """Takes the sums that share nothing with another one."""
        found = list(sums)
        used = Counter(member for each in found for member in set(each.members))
        for each in found:
            if each.sure and all(used[member] == 1 for member in each.members):
                self._place_sum(each)
            else:
                self.doubtful.append(each)

    def _place_sum(self, found: Sum) -> None:
        for paying in found.payings:
            for credit in found.credits:
                self._place(paying, credit, found.why)

    def _place(self, paying: Paying, credit: Credit, why: str) -> None:
        amount = min(paying.left, credit.left)
        paying.left -= amount
        credit.left -= amount
        self.placements.append(
            Placement(payment=paying.fact.number, deposit=credit.fact.number, amount=amount, why=why)
        )


def _grouped(sides: Iterable[T], key: Callable[[T], K]) -> dict[K, list[T]]:
    groups: dict[K, list[T]] = defaultdict(list)
    for each in sides:
        groups[key(each)].append(each)
    return groups


def _lone(pairs: list[Pair]) -> Iterator[Pair]:
    """The pairs of which neither side stands in another."""
    payings = Counter(paying.fact.number for paying, _ in pairs)
    credits_ = Counter(credit.fact.number for _, credit in pairs)
    for paying, credit in pairs:
        if payings[paying.fact.number] == credits_[credit.fact.number] == 1:
            yield paying, credit


def _into_credit(credit: Credit, parts: Iterable[Paying], rule: str) -> Iterator[Sum]:
    fitting = _some(parts, credit.left)
    found = combinations([each.left for each in fitting], credit.left)
    chosen = _chosen(found)
    if chosen:
        payings = tuple(fitting[place] for place in chosen)
        why = words.several_payments(payings, credit, rule)
        yield Sum(payings=payings, credits=(credit,), why=why, sure=found.only is not None)


def _over_credits(paying: Paying, shares: Iterable[Credit], rule: str) -> Iterator[Sum]:
    fitting = _some(shares, paying.left)
    found = combinations([each.left for each in fitting], paying.left, most_parts=2)
    chosen = _chosen(found)
    if chosen:
        credits_ = tuple(fitting[place] for place in chosen)
        why = words.several_deposits(paying, credits_, rule)
        yield Sum(payings=(paying,), credits=credits_, why=why, sure=found.only is not None)


def _some(sides: Iterable[S], most: Decimal) -> list[S]:
    """Those whose amount is not above `most`, by number; none where there are too many to prove anything."""
    fitting = list(islice((each for each in distinct(sides) if 0 < each.left <= most), MOST + 1))
    return [] if len(fitting) > MOST else sorted(fitting, key=lambda each: each.fact.number)


def _chosen(found: Combined) -> Sequence[int]:
    """All places that a combination holds."""
    return sorted({*found.first, *found.second})
