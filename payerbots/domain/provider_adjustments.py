"""What provider adjustments (835 PLB) mean for the next payment and how they are booked (`data/provider_adjustments.yaml`)."""

from collections.abc import Callable, Iterator, Mapping
from functools import cache
from importlib import resources
from pathlib import Path

from payerbots import yamlfile
from payerbots.domain.posting import ProviderAdjustmentRow
from payerbots.domain.posting_lines import payment_mark
from payerbots.domain.remittance import PaymentHeader, ProviderAdjustment
from payerbots.reasons import Reason, text_of

POST = "post"


class Effect(yamlfile.Strict):
    """What an amount of one sign does."""

    next: str
    book: str


class Booking(yamlfile.Strict):
    """One code; a sign that is not there is asked about."""

    claim: bool = False
    positive: Effect | None = None
    negative: Effect | None = None


class Bookings(yamlfile.Strict):
    """All codes, and what holds for one that is not among them."""

    unknown: Effect
    codes: Mapping[str, Booking]

    def effect(self, adjustment: ProviderAdjustment) -> Effect | None:
        """What the adjustment does; None when that is not known."""
        booking = self.codes.get(adjustment.code)
        if booking is None:
            return None
        return booking.positive if adjustment.amount > 0 else booking.negative

    def needs_claim(self, adjustment: ProviderAdjustment) -> bool:
        """Whether its reference must lead to a claim of ours before it is booked."""
        booking = self.codes.get(adjustment.code)
        return booking is not None and booking.claim


@cache
def bookings() -> Bookings:
    """The shipped ones."""
    source = resources.files("payerbots.data").joinpath("provider_adjustments.yaml")
    with resources.as_file(source) as path:
        return read_bookings(path)


def read_bookings(path: Path) -> Bookings:
    """A site's own. `ConfigError` says what is wrong."""
    return yamlfile.parse(Bookings, yamlfile.read(path), path)


def provider_adjustment_rows(
    payment: PaymentHeader,
    adjustments: tuple[ProviderAdjustment, ...],
    batch: str,
    claim_of: Callable[[ProviderAdjustment], str],
    means: Callable[[str], str],
) -> Iterator[ProviderAdjustmentRow]:
    """The rows of a payment's provider adjustments, in the order of the remittance.

    `claim_of` finds our claim number by the payer's reference, or nothing; `means` puts a code into words. What is
    not known, and what needs a claim and has none, is not booked: a person decides.
    """
    mark = payment_mark(*payment.key)
    for place, each in enumerate(adjustments, 1):
        claim, effect = claim_of(each), bookings().effect(each)
        alone = effect is None or (bookings().needs_claim(each) and not claim)
        shown = effect or bookings().unknown
        yield ProviderAdjustmentRow(
            batch=batch,
            payer=payment.payer,
            trace=payment.trace,
            payment_date=payment.date,
            provider=each.provider,
            code=each.code,
            reference=each.reference,
            amount=each.amount,
            claim=claim,
            means=means(each.code),
            next_payment=shown.next,
            ledger_action=shown.book,
            decision=text_of(Reason.PLB_UNMATCHED).advice if alone else POST,
            row=f"{mark}-P{place}",
        )
