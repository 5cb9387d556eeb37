"""Items that the bank took back, and the deposits that they were."""

from collections import defaultdict
from collections.abc import Iterable, Mapping

from payerbots.domain.facts import DepositFact, DepositKind
from payerbots.domain.matching import words
from payerbots.domain.payer_names import tidy_number
from payerbots.domain.record import Record

NO_MONEY_OF_ITS_OWN = frozenset({DepositKind.RETURNED, DepositKind.BATCH})


class Returns(Record, frozen=True, kw_only=True):
    """Which deposit each returned item takes back; `open` are items of which that is not known, with why not."""

    taken_back: Mapping[int, int]
    """Deposit → returned item."""
    open: Mapping[int, str]


def returns(deposits: Iterable[DepositFact]) -> Returns:
    """Finds them by what the bank refers to and the amount, in the same account; never by the amount alone.

    Items are taken day by day: a check that was presented again and came back again is two deposits.
    """
    items, by_amount = [], defaultdict(list)
    for each in sorted(deposits, key=lambda fact: (fact.day, fact.number)):
        if each.kind is DepositKind.RETURNED:
            items.append(each)
        elif each.kind is not DepositKind.BATCH:
            by_amount[each.amount].append(each)
    taken: dict[int, int] = {}
    unclear: dict[int, str] = {}
    for item in items:
        fitting = [
            each
            for each in by_amount[-item.amount]
            if each.day <= item.day and each.number not in taken and _one_account(each, item)
        ]
        named = [each for each in fitting if _numbers(item) & _numbers(each)]
        if len(named) == 1:
            taken[named[0].number] = item.number
        else:
            unclear[item.number] = _why_not(named or fitting, found=bool(named))
    return Returns(taken_back=taken, open=unclear)


def _one_account(deposit: DepositFact, item: DepositFact) -> bool:
    same = not deposit.account or not item.account or deposit.account == item.account
    return deposit.portal == item.portal and same


def _numbers(fact: DepositFact) -> set[str]:
    """What a deposit can be referred to by, and what a returned item refers to."""
    found = {fact.trace, fact.check_number}
    if fact.kind is not DepositKind.RETURNED or not any(found):
        found.add(fact.reference)
    return {tidy_number(each) for each in found if tidy_number(each)}


def _why_not(fitting: list[DepositFact], *, found: bool) -> str:
    if not fitting:
        return "No deposit of this amount is known that it takes back."
    named = words.candidates(map(words.deposit, fitting))
    if found:
        return f"Several deposits have its number and amount: {named}."
    return f"The bank's reference fits none of the deposits of this amount: {named}."
