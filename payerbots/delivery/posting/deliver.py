"""`posting-YYYY-MM-DD.xlsx` and `posting-import-YYYY-MM-DD.csv`, drawn from the facts and the kept files."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import Any

from payerbots.delivery.posting.day import PostingDay
from payerbots.delivery.posting.exceptions import exception_rows
from payerbots.delivery.posting.view import MoneyView
from payerbots.documents.posting_import import write_import
from payerbots.documents.posting_map import map_of
from payerbots.documents.workbook.posting import PostingBook, write_posting
from payerbots.documents.workbook.rows import ExceptionRow
from payerbots.domain.denial_rules import denial_rules
from payerbots.domain.denial_work import DenialWork, denial_work
from payerbots.domain.facts import DepositFact, Match, Of, StandingState
from payerbots.domain.posting import DepositRow, LedgerTotals, PayerStanding
from payerbots.engine.contract import Delivered, FinishedRun
from payerbots.review.delivering import review_delivery

DENIALS = "denial_work.yaml"
_ZERO = Decimal(0)
_SETTLED = (StandingState.MATCHED, StandingState.UNCONCERNED)


def deliver(run: FinishedRun[Any, Any, Any]) -> list[Delivered]:
    """Writes the posting of the run's day, and all that needs a person. Written again from the same facts, the files are the same bytes."""
    day = PostingDay(MoneyView(run.context, run.facts))
    exceptions = exception_rows(day, run.held)
    out, name = run.context.out, run.context.day.isoformat()
    book = write_posting(out / f"posting-{name}.xlsx", _book(day, exceptions))
    layout = map_of(run.context.root)
    imported = write_import(out / f"posting-import-{name}.csv", day.lines(), day.gathered.batches, layout)
    return [
        Delivered(what="posting", path=book),
        Delivered(what="posting import", path=imported.path, note=f"{imported.rows} lines"),
        review_delivery(run),
    ]


def _book(day: PostingDay, exceptions: Sequence[ExceptionRow]) -> PostingBook:
    view, gathered = day.view, day.gathered
    denials = denials_of(day)
    deposits = list(_deposits(day))
    return PostingBook(
        day=view.context.day,
        zone=view.context.zone,
        payments=gathered.payments,
        lines=day.lines(),
        provider_adjustments=gathered.moved,
        denials=denials,
        deposits=deposits,
        exceptions=exceptions,
        standings=standings(view),
        batches=gathered.batches,
        ledger=_totals(day, deposits, denials, exceptions),
        means=lambda code: day.codes.carc(code).means,
    )


def denials_of(day: PostingDay) -> Sequence[DenialWork]:
    """The day's denials as work."""
    view = day.view
    own = view.context.root / DENIALS
    rules = denial_rules(own if own.is_file() else None)
    rates = view.settings.win_rates
    return denial_work(
        day.gathered.denied,
        view.context.day,
        rules,
        day.codes,
        (lambda row: rates.get(row.carc)) if rates else None,
    )


def standings(view: MoneyView) -> Sequence[PayerStanding]:
    """What each payer's payments come to that cannot be posted."""
    counts = {state: defaultdict[str, int](int) for state in StandingState}
    amounts = {state: defaultdict[str, Decimal](lambda: _ZERO) for state in StandingState}
    for payment in view.own:
        state = view.of_payment(payment.number).state
        counts[state][payment.payer] += 1
        amounts[state][payment.payer] += payment.amount
    waiting, wrong = StandingState.WAITING, StandingState.EXCEPTION
    payers = sorted({*counts[waiting], *counts[wrong]}, key=str.casefold)
    return [
        PayerStanding(
            payer=payer,
            waiting=counts[waiting][payer],
            waiting_amount=amounts[waiting][payer],
            exceptions=counts[wrong][payer],
            exceptions_amount=amounts[wrong][payer],
        )
        for payer in payers
    ]


def _deposits(day: PostingDay) -> Iterator[DepositRow]:
    """What is open, and what was settled today."""
    view = day.view
    today = view.facts.stood(Of.DEPOSIT, view.morning)
    held = defaultdict[int, list[Match]](list)
    for match in view.matches:
        held[match.deposit].append(match)
    for deposit in sorted(view.deposits.values(), key=lambda each: (each.day, each.number)):
        standing = view.standings[Of.DEPOSIT, deposit.number]
        if standing.state not in _SETTLED or deposit.number in today:
            yield _deposit(day, deposit, held[deposit.number])


def _deposit(day: PostingDay, deposit: DepositFact, matches: Sequence[Match]) -> DepositRow:
    standing = day.view.standings[Of.DEPOSIT, deposit.number]
    batches = [day.fundings[each.payment].batch for each in matches if each.payment in day.fundings]
    why = " ".join(dict.fromkeys(each.why for each in matches)) or standing.detail
    return DepositRow(
        state=standing.state.value,
        until=standing.until,
        bank=deposit.portal,
        account=deposit.account,
        day=deposit.day,
        kind=deposit.kind.value,
        reference=deposit.reference,
        payer=day.view.payer_of(deposit),
        trace=deposit.trace,
        check_number=deposit.check_number,
        lockbox_batch=deposit.batch,
        amount=deposit.amount,
        matched=sum((each.amount for each in matches), _ZERO),
        batch=next(iter(batches), ""),
        why=why,
        file=deposit.file,
    )


def _totals(
    day: PostingDay,
    deposits: Sequence[DepositRow],
    denials: Sequence[DenialWork],
    exceptions: Sequence[ExceptionRow],
) -> LedgerTotals:
    """The ledger's own figures: of facts and matches, not of rows, wherever the ledger knows them."""
    shown = [row for row in deposits if row.state != StandingState.UNCONCERNED]
    gathered = day.gathered
    return LedgerTotals(
        payments=len(day.view.ready),
        payments_amount=sum((each.amount for each in day.view.ready), _ZERO),
        lines=gathered.lines,
        lines_paid=gathered.paid,
        provider_adjustments=sum(gathered.adjusted.values(), _ZERO),
        deposits_matched=sum((row.matched for row in shown), _ZERO),
        deposits_unmatched=sum((row.amount - row.matched for row in shown), _ZERO),
        denials=len(denials),
        exceptions=len(exceptions),
        exceptions_dollars=sum((row.dollars or _ZERO for row in exceptions), _ZERO),
    )
