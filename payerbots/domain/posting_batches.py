"""Batches: deposits and the payments that they hold, as few together as belong together."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from itertools import count

from payerbots.domain.facts import DepositFact, Match, PaymentFact
from payerbots.domain.posting import Batch
from payerbots.domain.posting_lines import Funding, payment_mark

_ZERO = Decimal(0)


def deposit_id(deposit: DepositFact) -> str:
    """What a deposit is called in rows: its day, its account and the bank's own reference."""
    parts = (f"{deposit.day:%Y%m%d}", deposit.account, deposit.reference)
    return "-".join(part for part in parts if part)


def fundings(
    payments: Iterable[PaymentFact], deposits: Mapping[int, DepositFact], matches: Iterable[Match]
) -> Mapping[int, Funding]:
    """Where each payment's money was found, by the payment's number. One without a match has a batch of its own.

    Payments that share a deposit, and deposits that share a payment, are one batch. It is named after its first
    deposit by day and reference, so that it keeps its name on every run.
    """
    held = defaultdict[int, set[int]](set)
    for match in matches:
        held[match.payment].add(match.deposit)
    groups = _grouped(held)
    return {
        payment.number: _funding([deposits[each] for each in groups[payment.number]])
        if payment.number in held
        else Funding(batch=unfunded(payment))
        for payment in payments
    }


def unfunded(payment: PaymentFact) -> str:
    """The batch of a payment without money."""
    return f"NON-{payment_mark(payment.payer_id, payment.trace, payment.date, payment.amount)}"


def batches(
    payments: Sequence[PaymentFact],
    fundings: Mapping[int, Funding],
    matches: Iterable[Match],
    provider_adjustments: Mapping[int, Decimal],
) -> Sequence[Batch]:
    """The batches of these payments, by day and name, with what the deposits must come to.

    `provider_adjustments` are the sums by the payment's number.
    """
    deposited = defaultdict[int, Decimal](lambda: _ZERO)
    for match in matches:
        deposited[match.payment] += match.amount
    found = defaultdict[Funding, list[PaymentFact]](list)
    for payment in payments:
        found[fundings[payment.number]].append(payment)
    made = [
        Batch(
            batch=funding.batch,
            deposits=funding.deposit,
            day=funding.deposit_date,
            deposited=sum((deposited[each.number] for each in held), _ZERO),
            provider_adjustments=sum((provider_adjustments.get(each.number, _ZERO) for each in held), _ZERO),
            payments=len(held),
        )
        for funding, held in found.items()
    ]
    return sorted(made, key=lambda batch: (batch.day is None, batch.day, batch.batch))


def _grouped(held: Mapping[int, set[int]]) -> Mapping[int, frozenset[int]]:
    """By payment all deposits of its batch: deposits that share a payment are put into one group."""
    names = count()
    group_of: dict[int, int] = {}
    members = defaultdict[int, set[int]](set)
    for deposits in held.values():
        name = next(names)
        members[name] = {*deposits}.union(
            *(members.pop(group) for group in {group_of[each] for each in deposits if each in group_of})
        )
        group_of.update(dict.fromkeys(members[name], name))
    return {payment: frozenset(members[group_of[next(iter(deposits))]]) for payment, deposits in held.items()}


def _funding(deposits: Sequence[DepositFact]) -> Funding:
    ordered = sorted(deposits, key=lambda each: (each.day, deposit_id(each)))
    names = [deposit_id(each) for each in ordered]
    return Funding(batch=names[0], deposit=" + ".join(names), deposit_date=ordered[-1].day)
