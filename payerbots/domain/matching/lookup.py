"""Payments and deposits by payer, road and amount, so that nothing is compared with everything.

What is known by two marks (a name and an id) comes twice: `distinct` leaves the first of each.
"""

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator
from decimal import Decimal
from itertools import product, takewhile
from typing import TypeVar

from payerbots.domain.facts import DepositKind
from payerbots.domain.matching.sides import Credit, Paying, Sides
from payerbots.domain.payer_names import Relation

NAMELESS = ""
"""Stands for the payer of a deposit of which the bank names none."""
_Key = tuple[str, DepositKind, Decimal]
_DayKey = tuple[str, DepositKind, int]
Side = TypeVar("Side", Paying, Credit)


def distinct(found: Iterable[Side]) -> Iterator[Side]:
    """Each once."""
    seen: set[int] = set()
    for each in found:
        if each.fact.number not in seen:
            seen.add(each.fact.number)
            yield each


class PayingLookup:
    """Payments that are not placed yet."""

    def __init__(self, sides: Sides, payings: Iterable[Paying]) -> None:
        self._sides = sides
        self._equal: dict[_Key, list[Paying]] = defaultdict(list)
        self._by_day: dict[_DayKey, list[Paying]] = defaultdict(list)
        for paying in sorted(payings, key=_order):
            for road in paying.roads:
                for mark in (*paying.payer.marks, *paying.payer.shortened, NAMELESS):
                    self._equal[mark, road, paying.left].append(paying)
                    self._by_day[mark, road, paying.place].append(paying)

    def equal(self, credit: Credit) -> Iterator[Paying]:
        """Payments of the deposit's payer and amount within its window; of any payer where the bank names none."""
        wanted = Relation.SAME if credit.payer.known else Relation.UNKNOWN
        span = self._sides.window(credit.fact.kind)
        for mark in _marks(credit):
            found = self._equal.get((mark, credit.fact.kind, credit.left), [])
            for paying in _within(found, credit.place, span):
                if self._sides.payer(paying, credit) is wanted:
                    yield paying

    def not_above(self, credit: Credit) -> Iterator[Paying]:
        """Payments of the deposit's payer within its window whose amount is not greater."""
        span = self._sides.window(credit.fact.kind)
        for mark in _marks(credit):
            for place in range(credit.place - span, credit.place + span + 1):
                found = self._by_day.get((mark, credit.fact.kind, place), [])
                for paying in takewhile(lambda each: each.left <= credit.left, found):
                    if self._sides.payer(paying, credit) is Relation.SAME:
                        yield paying


class CreditLookup:
    """Deposits that are not placed yet."""

    def __init__(self, sides: Sides, credits_: Iterable[Credit]) -> None:
        self._sides = sides
        self._equal: dict[_Key, list[Credit]] = defaultdict(list)
        self._by_day: dict[_DayKey, list[Credit]] = defaultdict(list)
        for credit in sorted(credits_, key=_order):
            for mark in _marks(credit):
                self._equal[mark, credit.fact.kind, credit.left].append(credit)
                self._by_day[mark, credit.fact.kind, credit.place].append(credit)

    def equal(self, paying: Paying) -> Iterator[Credit]:
        """Deposits of the payment's payer and amount within the window."""
        for mark in _shown(paying):
            yield from self._of(paying, mark, Relation.SAME)

    def nameless(self, paying: Paying) -> Iterator[Credit]:
        """Deposits of its amount within the window of which the bank names no payer either."""
        return self._of(paying, NAMELESS, Relation.UNKNOWN)

    def not_above(self, paying: Paying) -> Iterator[Credit]:
        """Deposits of the payment's payer within the window whose amount is not greater."""
        for mark, road in product(_shown(paying), sorted(paying.roads)):
            span = self._sides.window(road)
            for place in range(paying.place - span, paying.place + span + 1):
                found = self._by_day.get((mark, road, place), [])
                for credit in takewhile(lambda each: each.left <= paying.left, found):
                    if self._sides.payer(paying, credit) is Relation.SAME:
                        yield credit

    def _of(self, paying: Paying, mark: str, wanted: Relation) -> Iterator[Credit]:
        for road in sorted(paying.roads):
            found = self._equal.get((mark, road, paying.left), [])
            for credit in _within(found, paying.place, self._sides.window(road)):
                if self._sides.payer(paying, credit) is wanted:
                    yield credit


def _marks(credit: Credit) -> tuple[str, ...]:
    return tuple(sorted(credit.payer.marks)) or (NAMELESS,)


def _shown(paying: Paying) -> list[str]:
    """What a bank may call the payment's payer."""
    return sorted(paying.payer.marks | paying.payer.shortened)


def _within(found: list[Side], place: int, span: int) -> Iterator[Side]:
    """Those of one amount whose bank day lies within the span."""
    first = bisect_left(found, place - span, key=_place)
    for index in range(first, bisect_right(found, place + span, key=_place)):
        yield found[index]


def _place(side: Paying | Credit) -> int:
    return side.place


def _order(side: Paying | Credit) -> tuple[int, Decimal, int]:
    return (side.place, side.left, side.fact.number)
