"""What provider adjustments (835 PLB) mean for the next payment and how they are booked: `data/bookings.yaml`."""

from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Protocol

from payerbots import yamlfile
from payerbots.domain.posting import ProviderAdjustmentRow
from payerbots.domain.posting_lines import payment_mark
from payerbots.domain.remittance import PaymentHeader, ProviderAdjustment
from payerbots.reasons import Reason, text_of

REFUND = "72"


class AdjustmentDecided(Protocol):
    """What was decided on a provider adjustment."""

    @property
    def action(self) -> str:
        """`post`, or `hold` for a person."""

    @property
    def reason(self) -> str:
        """Why it goes to a person, a code of REASONS; empty when it does not."""

    @property
    def claim(self) -> str:
        """Our number of the claim that it is about; empty for none."""

    @property
    def pair(self) -> int | None:
        """The place of its other half: a refund acknowledged, and the recoupment that it closes."""

    @property
    def means(self) -> str:
        """What it is, in words."""


class Effect(yamlfile.Strict):
    """What an amount of one sign does."""

    next: str
    book: str


class Booking(yamlfile.Strict):
    """One code; a sign that is not there is asked about."""

    positive: Effect | None = None
    negative: Effect | None = None


class Bookings(yamlfile.Strict):
    """All codes, and what holds for one that is not among them."""

    unknown: Effect
    codes: Mapping[str, Booking]

    def effect(self, adjustment: ProviderAdjustment, *, paired: bool) -> Effect:
        """What the adjustment does; both halves of a pair do what a refund does that is acknowledged."""
        booking = self.codes.get(REFUND if paired else adjustment.code)
        positive = adjustment.amount > 0 and not paired
        return (booking and (booking.positive if positive else booking.negative)) or self.unknown


@cache
def bookings() -> Bookings:
    """The shipped ones."""
    source = resources.files("payerbots.data").joinpath("bookings.yaml")
    with resources.as_file(source) as path:
        return read_bookings(path)


def read_bookings(path: Path) -> Bookings:
    """Those of a file. `ConfigError` says what is wrong in it."""
    return yamlfile.parse(Bookings, yamlfile.read(path), path)


def provider_adjustment_rows(
    payment: PaymentHeader,
    adjustments: Iterable[tuple[ProviderAdjustment, AdjustmentDecided]],
    batch: str,
) -> Iterator[ProviderAdjustmentRow]:
    """The rows of a payment's provider adjustments with what was decided on each, in the order of the remittance."""
    mark = payment_mark(*payment.key)
    for place, (each, decided) in enumerate(adjustments, 1):
        effect = bookings().effect(each, paired=decided.pair is not None)
        yield ProviderAdjustmentRow(
            batch=batch,
            payer=payment.payer,
            trace=payment.trace,
            payment_date=payment.date,
            provider=each.provider,
            code=each.code,
            reference=each.reference,
            amount=each.amount,
            claim=decided.claim,
            means=decided.means,
            next_payment=effect.next,
            ledger_action=effect.book,
            action=str(decided.action),
            advice=text_of(Reason(decided.reason)).advice if decided.reason else "",
            row=f"{mark}-P{place}",
        )
