"""The day's posting: what became ready, payment by payment, with what was decided on each claim and adjustment."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property

from payerbots.delivery.posting.claims import reference_of
from payerbots.delivery.posting.view import MoneyView
from payerbots.documents.codes.lists import Codes, codes
from payerbots.domain.bookings import provider_adjustment_rows
from payerbots.domain.denied_lines import DeniedLine, denied_lines
from payerbots.domain.facts import Match, PaymentFact
from payerbots.domain.postable import ClaimDecision, decide_claims
from payerbots.domain.posting import Batch, PaymentRow, PostingLine, ProviderAdjustmentRow
from payerbots.domain.posting_batches import batches, fundings
from payerbots.domain.posting_lines import Funding, lines_of
from payerbots.domain.provider_adjustments import AdjustmentDecision, decide_adjustments
from payerbots.domain.remittance import Claim, ProviderAdjustment, Remittance
from payerbots.reasons import Reason

_ZERO = Decimal(0)


@dataclass(frozen=True, kw_only=True)
class Hold:
    """A claim or provider adjustment that goes to a person while the rest of its payment is posted."""

    reason: Reason
    payment: PaymentFact
    what: str
    dollars: Decimal
    detail: str
    patient: str = ""
    claim: str = ""
    payer_claim: str = ""


@dataclass(frozen=True, kw_only=True)
class Decided:
    """A payment with what is done with each of its claims and provider adjustments."""

    payment: PaymentFact
    said: Remittance
    claims: Sequence[tuple[Claim, ClaimDecision]]
    adjustments: Sequence[tuple[ProviderAdjustment, AdjustmentDecision]]

    @property
    def adjusted(self) -> Decimal:
        """The sum of its provider adjustments; positive lowers the payment."""
        return sum((each.amount for each, _ in self.adjustments), _ZERO)

    def holds(self) -> Iterator[Hold]:
        """What of it a person decides."""
        for claim, decision in self.claims:
            if decision.reason:
                yield Hold(
                    reason=Reason(decision.reason),
                    payment=self.payment,
                    what=claim.patient_control_number,
                    dollars=abs(claim.paid),
                    detail=decision.detail,
                    patient=claim.patient,
                    claim=claim.patient_control_number,
                    payer_claim=claim.payer_claim_number,
                )
        for adjustment, taken in self.adjustments:
            if taken.reason:
                yield Hold(
                    reason=Reason(taken.reason),
                    payment=self.payment,
                    what=f"{adjustment.code} {adjustment.reference}",
                    dollars=abs(adjustment.amount),
                    detail=f"{adjustment.code} {adjustment.reference}: {taken.means}",
                )


@dataclass(frozen=True)
class PostingDay:
    """Drawn from a view; the lines come as a stream, any number of times, the same each time."""

    view: MoneyView

    @cached_property
    def codes(self) -> Codes:
        """The code lists."""
        return codes(self.view.context.code_lists)

    @cached_property
    def matches(self) -> Sequence[Match]:
        """Those of the day's payments."""
        ready = {each.number for each in self.view.ready}
        return [each for each in self.view.matches if each.payment in ready]

    @cached_property
    def fundings(self) -> Mapping[int, Funding]:
        """Where each payment's money was found."""
        return fundings(self.view.ready, self.view.deposits, self.matches)

    def decided(self, payments: Sequence[PaymentFact]) -> Iterator[Decided]:
        """Payments, one in memory at a time."""
        known = self.view.known
        for payment, said in self.view.remittances(payments):
            place = reference_of(payment)
            claims = decide_claims(place, said.claims, known, self.codes.no_denials)
            moved = decide_adjustments(place, said.provider_adjustments, said.claims, known)
            yield Decided(
                payment=payment,
                said=said,
                claims=tuple(zip(said.claims, claims, strict=True)),
                adjustments=tuple(zip(said.provider_adjustments, moved, strict=True)),
            )

    def lines(self) -> Iterator[PostingLine]:
        """Every line of the day's payments."""
        for each in self.decided(self.view.ready):
            yield from self._lines(each)

    def _lines(self, each: Decided) -> Iterator[PostingLine]:
        return lines_of(each.said, each.claims, self.fundings[each.payment.number], each.payment.file)

    @cached_property
    def gathered(self) -> "Gathered":
        """All but the lines, in one pass."""
        found = Gathered()
        for each in self.decided(self.view.ready):
            own = list(self._lines(each))
            found.lines += len(own)
            found.paid += sum((line.paid for line in own), _ZERO)
            found.adjusted[each.payment.number] = each.adjusted
            found.payments.append(self._row(each, own))
            batch = self.fundings[each.payment.number].batch
            found.moved += provider_adjustment_rows(each.said, each.adjustments, batch)
            found.denied += denied_lines(each.payment, each.said.claims, self.codes.no_denials)
            found.holds += each.holds()
        found.batches = batches(self.view.ready, self.fundings, self.matches, found.adjusted)
        return found

    def _row(self, each: Decided, lines: Sequence[PostingLine]) -> PaymentRow:
        payment, funding = each.payment, self.fundings[each.payment.number]
        why = [match.why for match in self.matches if match.payment == payment.number]
        return PaymentRow(
            batch=funding.batch,
            deposit=funding.deposit,
            deposit_date=funding.deposit_date,
            payer=payment.payer,
            trace=payment.trace,
            payer_id=payment.payer_id,
            method=payment.method,
            payment_date=payment.date,
            claims=len(each.claims),
            lines=len(lines),
            charge=sum((line.charge for line in lines), _ZERO),
            paid=sum((line.paid for line in lines), _ZERO),
            provider_adjustments=each.adjusted,
            amount=payment.amount,
            why=" ".join(dict.fromkeys(why)) or "No money moves.",
            form=payment.form.value,
            portal=payment.portal,
            received=payment.received,
            file=payment.file,
        )


class Gathered:
    """What one pass over the day's payments notes; lists in the order of the payments."""

    def __init__(self) -> None:
        self.lines = 0
        self.paid = _ZERO
        self.adjusted: dict[int, Decimal] = {}
        self.payments: list[PaymentRow] = []
        self.moved: list[ProviderAdjustmentRow] = []
        self.denied: list[DeniedLine] = []
        self.holds: list[Hold] = []
        self.batches: Sequence[Batch] = ()
