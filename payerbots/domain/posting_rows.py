"""Payments and deposits of the ledger as rows of the posting workbook, and the ledger's own figures to check them by."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from payerbots.domain.facts import DepositFact, Match, Of, PaymentFact, Standing, StandingState
from payerbots.domain.posting import DepositRow, LedgerTotals, PayerStanding, PaymentRow, PostingLine
from payerbots.domain.posting_lines import Funding

_ZERO = Decimal(0)
_READY = frozenset({StandingState.MATCHED, StandingState.UNCONCERNED})
Standings = Mapping[tuple[Of, int], Standing]


@dataclass
class Tally:
    """What posting lines come to, added up as they pass."""

    rows: int = 0
    charge: Decimal = _ZERO
    paid: Decimal = _ZERO

    def add(self, line: PostingLine) -> None:
        """Counts a line."""
        self.rows += 1
        self.charge += line.charge
        self.paid += line.paid


def by_number(standings: Iterable[Standing]) -> Standings:
    """Standings by what they are of."""
    return {(each.of, each.number): each for each in standings}


def to_post(payments: Iterable[PaymentFact], standings: Standings) -> list[PaymentFact]:
    """The payments that can be posted: they balance, and their money was found or there is none to find."""
    return [
        each
        for each in payments
        if each.balanced
        and (standing := standings.get((Of.PAYMENT, each.number))) is not None
        and standing.state in _READY
    ]


def payment_row(
    payment: PaymentFact, funding: Funding, tally: Tally, provider_adjustments: Decimal, why: str
) -> PaymentRow:
    """A payment's row; `tally` is of its lines, `why` says how its money was found."""
    return PaymentRow(
        batch=funding.batch,
        deposit=funding.deposit,
        deposit_date=funding.deposit_date,
        payer=payment.payer,
        trace=payment.trace,
        payer_id=payment.payer_id,
        method=payment.method,
        payment_date=payment.date,
        claims=payment.claims,
        lines=tally.rows,
        charge=tally.charge,
        paid=tally.paid,
        provider_adjustments=provider_adjustments,
        amount=payment.amount,
        why=why,
        form=payment.form.value,
        portal=payment.portal,
        received=payment.received,
        file=payment.file,
    )


def whys(matches: Iterable[Match]) -> Mapping[int, str]:
    """How the money of payments was found, by the payment's number: the rule of each of its matches, once."""
    found = defaultdict[int, dict[str, None]](dict)
    for each in matches:
        found[each.payment][each.why] = None
    return {payment: " ".join(rules) for payment, rules in found.items()}


def deposit_rows(
    deposits: Iterable[DepositFact],
    standings: Standings,
    matches: Iterable[Match],
    fundings: Mapping[int, Funding],
) -> list[DepositRow]:
    """The deposits by day and reference. One on which nobody has concluded yet waits."""
    of_deposit = defaultdict[int, list[Match]](list)
    for match in matches:
        of_deposit[match.deposit].append(match)
    ordered = sorted(
        deposits, key=lambda each: (each.day, each.portal, each.account, each.reference, each.kind)
    )
    return [
        _deposit(each, standings.get((Of.DEPOSIT, each.number)), of_deposit[each.number], fundings)
        for each in ordered
    ]


def _deposit(
    deposit: DepositFact,
    standing: Standing | None,
    matches: Sequence[Match],
    fundings: Mapping[int, Funding],
) -> DepositRow:
    why = [each.why for each in matches] or [standing.detail if standing else ""]
    batches = (fundings[each.payment].batch for each in matches if each.payment in fundings)
    return DepositRow(
        state=(standing.state if standing else StandingState.WAITING).value,
        until=standing.until if standing else None,
        bank=deposit.portal,
        account=deposit.account,
        day=deposit.day,
        kind=deposit.kind.value,
        reference=deposit.reference,
        payer=deposit.payer,
        trace=deposit.trace,
        check_number=deposit.check_number,
        lockbox_batch=deposit.batch,
        amount=deposit.amount,
        matched=sum((each.amount for each in matches), _ZERO),
        batch=next(batches, ""),
        why=" ".join(dict.fromkeys(why)),
        file=deposit.file,
    )


def payer_standings(payments: Iterable[PaymentFact], standings: Standings) -> list[PayerStanding]:
    """By payer, what waits and what needs a person; a payment on which nobody has concluded yet waits."""
    waiting, wrong = defaultdict[str, list[Decimal]](list), defaultdict[str, list[Decimal]](list)
    for each in payments:
        standing = standings.get((Of.PAYMENT, each.number))
        if not each.balanced or (standing and standing.state is StandingState.EXCEPTION):
            wrong[each.payer].append(each.amount)
        elif standing is None or standing.state is StandingState.WAITING:
            waiting[each.payer].append(each.amount)
    return [
        PayerStanding(
            payer=payer,
            waiting=len(waiting[payer]),
            waiting_amount=sum(waiting[payer], _ZERO),
            exceptions=len(wrong[payer]),
            exceptions_amount=sum(wrong[payer], _ZERO),
        )
        for payer in sorted({*waiting, *wrong})
    ]


def ledger_totals(
    ready: Sequence[PaymentFact],
    deposits: Iterable[DepositFact],
    standings: Standings,
    matches: Iterable[Match],
) -> LedgerTotals:
    """What the ledger itself says of payments that are ready and of deposits; it holds no lines."""
    amounts = {
        each.number: each.amount
        for each in deposits
        if (standing := standings.get((Of.DEPOSIT, each.number))) is None
        or standing.state is not StandingState.UNCONCERNED
    }
    matched = sum((each.amount for each in matches if each.deposit in amounts), _ZERO)
    return LedgerTotals(
        payments=len(ready),
        payments_amount=sum((each.amount for each in ready), _ZERO),
        deposits_matched=matched,
        deposits_unmatched=sum(amounts.values(), _ZERO) - matched,
    )
