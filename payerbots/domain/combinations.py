"""Amounts that add up to another one: whether exactly one combination does."""

from collections.abc import Iterator, Sequence
from decimal import Decimal
from itertools import islice

from payerbots.domain.record import Record

MOST = 8
"""Of more amounts some combination fits too many sums by chance, so none proves anything: of unrelated amounts up to
$5,000, 12 meet one sum in 800 by chance and 8 one in 10,000."""
_ZERO = Decimal(0)


class Combined(Record, frozen=True, kw_only=True):
    """What combinations of amounts were found: their number (2 stands for more) and the places in the first two."""

    count: int = 0
    first: tuple[int, ...] = ()
    second: tuple[int, ...] = ()

    @property
    def only(self) -> tuple[int, ...] | None:
        """The one combination, if there is exactly one and it has more than one part."""
        return self.first if self.count == 1 and len(self.first) > 1 else None


def combinations(amounts: Sequence[Decimal], target: Decimal, most_parts: int = MOST) -> Combined:
    """The combinations of at most `most_parts` amounts that add up to `target` exactly, single ones included.

    More than `MOST` amounts are not tried. Halves are combined, so that 8 amounts take 2 x 16 sums and not 256.
    """
    if not 0 < len(amounts) <= MOST:
        return Combined()
    found = list(islice(_found(amounts, target, most_parts), 2))
    first, second = (*found, (), ())[:2]
    return Combined(count=len(found), first=first, second=second)


def _found(amounts: Sequence[Decimal], target: Decimal, most_parts: int) -> Iterator[tuple[int, ...]]:
    half = len(amounts) // 2
    left: dict[Decimal, list[tuple[int, ...]]] = {}
    for total, places in _sums(amounts, range(half)):
        left.setdefault(total, []).append(places)
    for total, places in _sums(amounts, range(half, len(amounts))):
        for others in left.get(target - total, ()):
            if 0 < len(others) + len(places) <= most_parts:
                yield others + places


def _sums(amounts: Sequence[Decimal], places: range) -> list[tuple[Decimal, tuple[int, ...]]]:
    sums: list[tuple[Decimal, tuple[int, ...]]] = [(_ZERO, ())]
    for place in places:
        sums += [(total + amounts[place], (*before, place)) for total, before in sums]
    return sums
