"""Sums of several amounts are a proof only when one combination alone gives them."""

from decimal import Decimal
from itertools import chain
from itertools import combinations as every

import pytest
from hypothesis import given
from hypothesis import strategies as st

from payerbots.domain.combinations import MOST, combinations

ROWS = [
    ("two of three", ["60", "40", "25"], "100", (0, 1)),
    ("all three", ["60", "40", "25"], "125", (0, 1, 2)),
    ("a single one is no combination", ["100", "7"], "100", None),
    ("a single one beside a pair", ["100", "60", "40"], "100", None),
    ("two pairs", ["60", "40", "70", "30"], "100", None),
    ("a cent off", ["60", "40.01"], "100", None),
    ("nothing", [], "100", None),
]


@pytest.mark.parametrize(
    ("amounts", "target", "only"), [row[1:] for row in ROWS], ids=[row[0] for row in ROWS]
)
def test_the_only_combination(amounts: list[str], target: str, only: tuple[int, ...] | None) -> None:
    found = combinations([Decimal(each) for each in amounts], Decimal(target)).only
    assert (sorted(found) if found else None) == (sorted(only) if only else None)


def test_no_more_parts_than_allowed() -> None:
    assert combinations([Decimal(each) for each in (50, 30, 20)], Decimal(100), most_parts=2).count == 0


def test_too_many_amounts_prove_nothing() -> None:
    amounts = [Decimal(2**place) for place in range(MOST + 1)]
    assert combinations(amounts, Decimal(3)).count == 0
    assert combinations(amounts[:MOST], Decimal(3)).only is not None


@given(st.lists(st.integers(1, 30).map(Decimal), max_size=MOST), st.integers(1, 90).map(Decimal))
def test_it_counts_as_trying_everything_does(amounts: list[Decimal], target: Decimal) -> None:
    places = range(len(amounts))
    sets = chain.from_iterable(every(places, size) for size in range(1, len(amounts) + 1))
    fitting = [each for each in sets if sum(amounts[place] for place in each) == target]
    found = combinations(amounts, target)
    assert found.count == min(len(fitting), 2)
    assert found.count == 0 or tuple(sorted(found.first)) in fitting
