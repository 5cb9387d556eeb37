"""Which remittances are one payment, and which only look like one.

The same payment key with the same contents is one payment. The same key with other contents is a second remittance:
a person compares. An EOB has no TRN03: it is the payment of an 835 with the same payer, check number and amount.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence

from payerbots.domain.facts import PaymentFact, PaymentForm
from payerbots.domain.matching import words
from payerbots.domain.matching.book import SamePayment
from payerbots.domain.payer_names import Payers, Relation, same_payer, tidy_number
from payerbots.domain.record import Record


class Clash(Record, frozen=True, kw_only=True):
    """A second remittance under the key of another one; `detail` says what differs."""

    payment: int
    other: int
    detail: str


class Documents(Record, frozen=True, kw_only=True):
    """What stands for a payment, and what comes beside it."""

    firsts: tuple[PaymentFact, ...]
    same: tuple[SamePayment, ...]
    clashes: tuple[Clash, ...]


def sort_out(payments: Iterable[PaymentFact], payers: Payers, settled: frozenset[int]) -> Documents:
    """One document for each payment. `settled` are payments with money: they stay the first of theirs.

    After them come balanced ones, 835s, those received first, and in one file the one that stands before the other.
    """
    same: list[SamePayment] = []
    clashes: list[Clash] = []
    firsts: list[PaymentFact] = []
    for group in _groups(sorted(payments, key=lambda each: each.number), payers):
        first, *others = sorted(group, key=lambda each: _rank(each, settled))
        firsts.append(first)
        seen = [first]
        for other in others:
            twin = next((each for each in seen if _one(each, other)), None)
            if twin is None:
                clashes.append(_clash(first, other))
                seen.append(other)
            else:
                same.append(_same(other, twin))
    return Documents(
        firsts=tuple(firsts),
        same=tuple(sorted(same, key=lambda each: each.payment)),
        clashes=tuple(sorted(clashes, key=lambda each: each.payment)),
    )


def _rank(payment: PaymentFact, settled: frozenset[int]) -> tuple[object, ...]:
    return (
        payment.number not in settled,
        not payment.balanced,
        payment.form is not PaymentForm.X12,
        payment.received,
        payment.item,
        payment.file,
        payment.place,
        payment.number,
    )


def _groups(payments: Sequence[PaymentFact], payers: Payers) -> Iterator[list[PaymentFact]]:
    """Those that share a key; EOBs join the one group of 835s that they fit, or stay by themselves."""
    keyed: dict[tuple[object, ...], list[PaymentFact]] = defaultdict(list)
    for each in payments:
        keyed[_key(each)].append(each)
    remittances = _by_number(group for group in keyed.values() if group[0].form is PaymentForm.X12)
    joined: dict[int, list[PaymentFact]] = {}
    for group in keyed.values():
        home = _home(group, remittances, payers)
        joined.setdefault(id(home), home)
        if home is not group:
            home.extend(group)
    yield from joined.values()


def _key(payment: PaymentFact) -> tuple[object, ...]:
    payer = (
        payment.payer_id
        if payment.form is PaymentForm.X12
        else (payment.payer_id or payment.payer.casefold())
    )
    return (payment.form, payer, tidy_number(payment.trace), payment.date, payment.amount)


_Numbered = dict[tuple[str, object], list[list[PaymentFact]]]


def _by_number(groups: Iterable[list[PaymentFact]]) -> _Numbered:
    found: _Numbered = defaultdict(list)
    for group in groups:
        found[tidy_number(group[0].trace), group[0].amount].append(group)
    return found


def _home(group: list[PaymentFact], remittances: _Numbered, payers: Payers) -> list[PaymentFact]:
    eob = group[0]
    number = tidy_number(eob.trace)
    if eob.form is PaymentForm.X12 or not number:
        return group
    fitting = [
        each
        for each in remittances.get((number, eob.amount), [])
        if _payer(each[0], eob, payers) is Relation.SAME
    ]
    dated = [each for each in fitting if each[0].date == eob.date]
    chosen = dated if len(dated) == 1 else fitting
    return chosen[0] if len(chosen) == 1 else group


def _payer(one: PaymentFact, other: PaymentFact, payers: Payers) -> Relation:
    return same_payer(payers.of(one.payer_id, one.payer), payers.of(other.payer_id, other.payer))


def _one(one: PaymentFact, other: PaymentFact) -> bool:
    """Whether two of one key say the same; of a PDF and an 835 only the number of claims can be compared."""
    if one.form is other.form:
        return one.contents == other.contents
    return one.claims == other.claims


def _same(other: PaymentFact, first: PaymentFact) -> SamePayment:
    how = (
        "key and contents" if other.form is first.form else "payer, check number, amount and number of claims"
    )
    return SamePayment(
        payment=other.number,
        counts_as=first.number,
        why=f"The same {how} as {words.payment(first)}: it counts once.",
    )


def _clash(first: PaymentFact, other: PaymentFact) -> Clash:
    how = (
        "its claims differ"
        if other.claims == first.claims
        else f"{other.claims} claims here, {first.claims} there"
    )
    return Clash(
        payment=other.number,
        other=first.number,
        detail=f"The same payer, trace, date and amount as {words.payment(first)}, and {how}.",
    )
