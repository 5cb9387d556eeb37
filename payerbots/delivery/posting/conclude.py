"""What follows from the money at hand: matches, where everything stands, and the events that others hear of."""

from collections import Counter
from collections.abc import Iterator

from payerbots.delivery.posting.day import PostingDay
from payerbots.delivery.posting.view import MoneyView
from payerbots.documents.codes.lists import Codes, codes
from payerbots.domain.conclusions import Concern, Conclusion, Event, EventName
from payerbots.domain.denied_lines import DeniedLine, coverage_changed, denied_lines
from payerbots.domain.facts import DepositFact, Of, PaymentFact, Standing, StandingState
from payerbots.engine.contract import Concluding


def conclude(run: Concluding) -> Conclusion:
    """Matches what is open. Denials and changes of coverage are told of payments that can be posted."""
    view = MoneyView(run.context, run.facts)
    return Conclusion(
        matches=view.matches,
        standings=view.matching.standings,
        events=[*_money(view), *_denials(view, codes(run.context.code_lists))],
        concerns=[*_concerns(view)],
    )


def _concerns(view: MoneyView) -> Iterator[Concern]:
    """Claims and provider adjustments of payments at hand on which a person decides."""
    count = Counter[tuple[int, str]]()
    for decided in PostingDay(view).decided(_ready_ones(view)):
        for hold in decided.holds():
            named = f"{hold.reason}:{hold.what}"
            count[hold.payment.number, named] += 1
            yield Concern(
                payment=hold.payment.number,
                key=f"{named}:{count[hold.payment.number, named]}",
                reason=hold.reason,
                dollars=hold.dollars,
                patient=hold.patient,
                claim=hold.claim,
                payer_claim=hold.payer_claim,
                detail=hold.detail,
            )


def _ready_ones(view: MoneyView) -> list[PaymentFact]:
    return [each for each in view.own if each.number in view.matching.ready]


def _money(view: MoneyView) -> Iterator[Event]:
    for payment in view.own:
        if payment.number in view.matching.ready:
            yield _ready(payment)
        elif view.of_payment(payment.number).state is StandingState.EXCEPTION:
            yield _unmatched(payment, view.of_payment(payment.number), _of_payment(payment))
    for deposit in view.deposits.values():
        standing = view.standings[Of.DEPOSIT, deposit.number]
        if standing.state is StandingState.EXCEPTION:
            yield _unmatched(deposit, standing, _of_deposit(deposit))


def _ready(payment: PaymentFact) -> Event:
    return Event(
        name=EventName.PAYMENT_READY,
        item=payment.item,
        key=f"payment:{payment.number}",
        body=_of_payment(payment),
        portal=payment.portal,
    )


def _unmatched(fact: PaymentFact | DepositFact, standing: Standing, body: dict[str, object]) -> Event:
    """Told again only when the reason is another one."""
    return Event(
        name=EventName.PAYMENT_UNMATCHED,
        item=fact.item,
        key=f"{standing.of}:{standing.number}:{standing.reason}",
        body={**body, "reason": standing.reason, "dollars": standing.dollars, "detail": standing.detail},
        portal=fact.portal,
    )


def _of_payment(payment: PaymentFact) -> dict[str, object]:
    return {
        "payment": payment.number,
        "payer": payment.payer,
        "trace": payment.trace,
        "method": payment.method,
        "date": payment.date,
        "amount": payment.amount,
        "claims": payment.claims,
    }


def _of_deposit(deposit: DepositFact) -> dict[str, object]:
    return {
        "deposit": deposit.number,
        "kind": str(deposit.kind),
        "day": deposit.day,
        "payer": deposit.payer,
        "reference": deposit.reference,
        "amount": deposit.amount,
    }


def _denials(view: MoneyView, book: Codes) -> Iterator[Event]:
    """Of the payments at hand: told once, whenever they became ready."""
    for payment, said in view.remittances(_ready_ones(view)):
        changed: set[int] = set()
        for denied in denied_lines(payment, said.claims, book.no_denials):
            yield _denied(payment, denied)
            is_new = denied.denial.claim not in changed
            if is_new and coverage_changed(denied.denial.codes, denied.denial.remarks):
                changed.add(denied.denial.claim)
                yield _coverage(payment, denied)


def _denied(payment: PaymentFact, denied: DeniedLine) -> Event:
    denial = denied.denial
    return Event(
        name=EventName.DENIAL_FOUND,
        item=payment.item,
        key=f"payment:{payment.number}:{denial.claim}:{denial.line or 0}",
        body={
            "payment": payment.number,
            "payer": payment.payer,
            "hcpcs": denied.hcpcs,
            "carc": denial.codes,
            "rarc": denial.remarks,
            "amount": denial.amount,
        },
        answer=_named(denied),
        portal=payment.portal,
    )


def _coverage(payment: PaymentFact, denied: DeniedLine) -> Event:
    return Event(
        name=EventName.COVERAGE_CHANGED,
        item=payment.item,
        key=f"payment:{payment.number}:{denied.denial.claim}",
        body={
            "payment": payment.number,
            "payer": payment.payer,
            "service_date": denied.service_date,
            "carc": denied.denial.codes,
            "rarc": denied.denial.remarks,
        },
        answer=_named(denied),
        portal=payment.portal,
    )


def _named(denied: DeniedLine) -> dict[str, object]:
    """What names somebody, for queues that carry answers."""
    return {
        "patient": denied.patient,
        "member_id": denied.member_id,
        "claim": denied.claim,
        "payer_claim": denied.payer_claim,
        "service_date": denied.service_date,
    }
