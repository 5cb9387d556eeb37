"""What is handed to cash posting: a row for each service line, payment, provider adjustment, deposit and batch.

The fields of a row stand in the order of its columns. Amounts are dollars, exact; a field without a value is None
or empty, never zero. Texts may name a patient.
"""

import datetime as dt
from decimal import Decimal

from payerbots.domain.record import Record
from payerbots.domain.remittance import Adjustment


class PostingLine(Record, frozen=True, kw_only=True):
    """A service line, or what a claim says beside its lines: the columns of the posting import, in their order."""

    batch: str
    deposit: str
    """The bank's references of the deposits that hold the payment."""
    deposit_date: dt.date | None
    payer: str
    trace: str
    payer_id: str
    method: str
    payment_date: dt.date | None
    payment_total: Decimal
    file: str
    """SHA-256 of the file that it was read from."""
    claim: str
    line_control: str
    payer_claim: str
    patient: str
    member_id: str
    corrected_member_id: str
    status: str
    """CLP02."""
    date_from: dt.date | None
    date_to: dt.date | None
    hcpcs: str
    modifiers: str
    original_hcpcs: str
    units_billed: Decimal | None
    units_paid: Decimal | None
    charge: Decimal
    allowed: Decimal | None
    """As the payer says it (AMT*B6); never computed."""
    paid: Decimal
    deductible: Decimal | None
    """PR 1."""
    coinsurance: Decimal | None
    """PR 2."""
    copay: Decimal | None
    """PR 3."""
    other_pr: Decimal | None
    """All other adjustments of group PR."""
    contractual: Decimal | None
    """45, not of group PR."""
    sequestration: Decimal | None
    """253, not of group PR."""
    other_1_group: str = ""
    other_1_code: str = ""
    other_1_amount: Decimal | None = None
    other_2_group: str = ""
    other_2_code: str = ""
    other_2_amount: Decimal | None = None
    other_3_group: str = ""
    other_3_code: str = ""
    other_3_amount: Decimal | None = None
    other_4_group: str = ""
    other_4_code: str = ""
    other_4_amount: Decimal | None = None
    further: Decimal | None = None
    """The sum of what does not fit into four; one by one it stands among the adjustments."""
    remarks: str
    crossover_payer: str
    action: str
    """post, post + denial, reverse, hold."""
    reversal_of: str
    """The number of the claim that a reversal takes back, the payer's or ours."""
    patient_billable: bool
    """Whether the patient owes what this line leaves to the patient (PR)."""
    next_payer: str
    """Whom the office bills next; empty for nobody."""
    row: str
    """The same on every run, so that importing twice is harmless."""
    adjustments: tuple[Adjustment, ...] = ()
    """All of them, as the payer gave them; no column, but rows of the sheet *Adjustments*."""


class AdjustmentRow(Record, frozen=True, kw_only=True):
    """One adjustment of one line, whatever its code."""

    row: str
    batch: str
    payer: str
    trace: str
    claim: str
    patient: str
    date_from: dt.date | None
    hcpcs: str
    group: str
    code: str
    amount: Decimal
    quantity: Decimal | None
    means: str = ""


class PaymentRow(Record, frozen=True, kw_only=True):
    """A payment that balances and whose money has been found at the bank."""

    batch: str
    deposit: str
    deposit_date: dt.date | None
    payer: str
    trace: str
    payer_id: str
    method: str
    payment_date: dt.date | None
    claims: int
    lines: int
    charge: Decimal
    paid: Decimal
    """What its claims were paid."""
    provider_adjustments: Decimal
    """Positive lowers the payment."""
    amount: Decimal
    why: str
    """The rule by which its money was found."""
    form: str
    portal: str
    received: dt.date | None
    file: str


class ProviderAdjustmentRow(Record, frozen=True, kw_only=True):
    """Money moved outside of claims (PLB), what it means for the next payment and how it is booked."""

    batch: str
    payer: str
    trace: str
    payment_date: dt.date | None
    provider: str
    code: str
    reference: str
    amount: Decimal
    """Positive lowers the payment."""
    claim: str
    """Ours, where the reference was found among our claims."""
    means: str
    next_payment: str
    ledger_action: str
    action: str
    """`post`, or `hold` for a person."""
    advice: str
    """What that person does."""
    row: str


class DepositRow(Record, frozen=True, kw_only=True):
    """Money at the bank, and what it was found to be."""

    state: str
    """matched, waiting, exception, unconcerned."""
    until: dt.date | None
    bank: str
    account: str
    day: dt.date
    kind: str
    reference: str
    payer: str
    trace: str
    check_number: str
    lockbox_batch: str
    amount: Decimal
    matched: Decimal
    """How much of it payments account for."""
    batch: str
    why: str
    """The rule, or what is missing."""
    file: str


class PayerStanding(Record, frozen=True, kw_only=True):
    """What a payer's payments came to that cannot be posted: those that wait for money, and those that need a person."""

    payer: str
    waiting: int = 0
    waiting_amount: Decimal = Decimal(0)
    exceptions: int = 0
    exceptions_amount: Decimal = Decimal(0)


class Batch(Record, frozen=True, kw_only=True):
    """Deposits and the payments that they hold: as few as belong together. `total` is the sum of the matches."""

    batch: str
    deposits: str
    day: dt.date | None
    deposited: Decimal
    """What of the deposits the payments account for; of a batch without money 0."""
    provider_adjustments: Decimal
    """Of its payments, positive lowers them: lines paid less these are what was deposited."""
    payments: int


class LedgerTotals(Record, frozen=True, kw_only=True):
    """The ledger's own figures, against which the sheets are checked; None is not checked."""

    payments: int | None = None
    payments_amount: Decimal | None = None
    lines: int | None = None
    lines_paid: Decimal | None = None
    provider_adjustments: Decimal | None = None
    deposits_matched: Decimal | None = None
    deposits_unmatched: Decimal | None = None
    denials: int | None = None
    exceptions: int | None = None
    exceptions_dollars: Decimal | None = None
