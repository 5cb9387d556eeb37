"""Lockbox deposits of the account report (115) against the checks of the lockbox file."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from enum import Enum

from payerbots.domain.facts import DepositFact, DepositKind
from payerbots.domain.matching.words import money
from payerbots.domain.payer_names import tidy_number
from payerbots.domain.record import Record

_ZERO = Decimal(0)
_Day = tuple[str, dt.date]


class Agreement(Enum):
    """How the bank's sum and the checks stand to each other."""

    AGREES = "agrees"
    LESS = "less"
    """Checks are missing: the lockbox file may still come."""
    MORE = "more"
    """There are checks whose money is not in the deposit."""


class BatchCheck(Record, frozen=True, kw_only=True):
    """What the account report says of a lockbox deposit, and what its checks come to."""

    batches: tuple[int, ...]
    checks: tuple[int, ...]
    deposited: Decimal
    summed: Decimal

    @property
    def agreement(self) -> Agreement:
        """Which of both is greater."""
        if self.summed == self.deposited:
            return Agreement.AGREES
        return Agreement.MORE if self.summed > self.deposited else Agreement.LESS

    @property
    def detail(self) -> str:
        """Both figures."""
        apart = abs(self.summed - self.deposited)
        said = (
            f"{len(self.checks)} checks come to {money(self.summed)}, the deposit is {money(self.deposited)}"
        )
        return f"{said}." if not apart else f"{said}, {money(apart)} apart."


def batch_checks(deposits: Iterable[DepositFact]) -> tuple[BatchCheck, ...]:
    """One for each lockbox deposit; those of one day and account that name no batch are taken together.

    A deposit names a batch or a lockbox (the first part of a check's reference), or neither: then all checks of the
    day that no other deposit names.
    """
    batches: dict[_Day, list[DepositFact]] = defaultdict(list)
    checks: dict[_Day, list[DepositFact]] = defaultdict(list)
    for each in sorted(deposits, key=lambda fact: fact.number):
        if each.kind is DepositKind.BATCH:
            batches[each.portal, each.day].append(each)
        elif each.kind is DepositKind.CHECK:
            checks[each.portal, each.day].append(each)
    return tuple(found for day, of_day in batches.items() for found in _of_day(of_day, checks[day]))


def _of_day(batches: Sequence[DepositFact], checks: Sequence[DepositFact]) -> Iterator[BatchCheck]:
    groups: dict[tuple[str, str], list[DepositFact]] = defaultdict(list)
    for batch in batches:
        groups[batch.account, tidy_number(batch.batch)].append(batch)
    left = list(checks)
    for (account, name), group in sorted(groups.items(), key=lambda each: not each[0][1]):
        mine = [each for each in left if _is_of(each, account, name)]
        taken = {each.number for each in mine}
        left = [each for each in left if each.number not in taken]
        yield BatchCheck(
            batches=tuple(each.number for each in group),
            checks=tuple(each.number for each in mine),
            deposited=sum((each.amount for each in group), _ZERO),
            summed=sum((each.amount for each in mine), _ZERO),
        )


def _is_of(check: DepositFact, account: str, name: str) -> bool:
    if check.account and account and check.account != account:
        return False
    lockbox, batch = check.reference.partition("/")[0], check.reference.rpartition("/")[0]
    return not name or name in {tidy_number(each) for each in (check.batch, lockbox, batch)}
