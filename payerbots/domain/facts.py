"""Facts of money that outlive the items that found them: files, payments, deposits, matches.

The ledger keeps them with their columns in clear, so none of them names a person: `payer` is a company, never
somebody who wrote a check. A payment is one by its key and contents, whatever road it came by.
"""

import datetime as dt
from decimal import Decimal
from enum import StrEnum

from payerbots.domain.record import Record


class FileFact(Record, frozen=True, kw_only=True):
    """A file as it came: kept once by its SHA-256, sealed, in the data folder."""

    sha256: str
    kind: str
    """As `documents read` tells it: 835, pdf, bai2, lockbox, ..."""
    size: int
    portal: str = ""
    """Where it came from first; empty for a file that was dropped into a folder."""


class PaymentForm(StrEnum):
    """What a payment was read from; an EOB has no TRN03 and meets its 835 by payer, check number and amount."""

    X12 = "835"
    EOB = "eob"


class PaymentFact(Record, frozen=True, kw_only=True):
    """One payment of a remittance. `number` and `item` are the ledger's."""

    number: int = 0
    item: int = 0
    payer_id: str
    """TRN03; of an EOB the id that portals.yaml gives the payer, or empty."""
    payer: str
    trace: str
    """TRN02: trace of an electronic payment, or check number."""
    method: str
    """ACH, CHK, FWT, NON (no money), BOP."""
    date: dt.date | None
    amount: Decimal
    form: PaymentForm
    file: str
    """SHA-256 of the file, and the payment's `place` in it, from 1."""
    place: int
    contents: str
    """Hash of all that its claims and provider adjustments say: same key and contents is the same payment."""
    claims: int
    lines: int = 0
    """Service lines that were adjudicated; a claim without any is one. Reversals are none."""
    denied: int = 0
    """How many of them were denied."""
    balanced: bool
    portal: str = ""
    received: dt.date
    """The office's day on which it was first seen."""


class DepositKind(StrEnum):
    """How money came to the bank, or left it again."""

    ACH = "ach"
    WIRE = "wire"
    CHECK = "check"
    """A check of a lockbox batch."""
    BATCH = "batch"
    """A lockbox deposit as the account report has it (115): the sum of a batch's checks, never money beside them."""
    RETURNED = "returned"
    """An item that bounced (BAI2 555); the amount is negative."""
    OTHER = "other"


class DepositFact(Record, frozen=True, kw_only=True):
    """One credit or returned item at the bank, unique by (portal, account, day, kind, reference)."""

    number: int = 0
    item: int = 0
    portal: str
    account: str
    """Its last four digits."""
    day: dt.date
    kind: DepositKind
    amount: Decimal
    reference: str
    """The bank's own reference; of a lockbox check `lockbox/batch/item`."""
    payer: str = ""
    """The company that paid, where the bank names one."""
    payer_id: str = ""
    """TRN03 of the addenda."""
    trace: str = ""
    """TRN02 of the addenda; of a returned item what the bank refers to."""
    check_number: str = ""
    batch: str = ""
    file: str
    received: dt.date


class Match(Record, frozen=True, kw_only=True):
    """That an amount of a deposit is (part of) a payment, and why that is so."""

    payment: int
    deposit: int
    amount: Decimal
    why: str
    """The rule and what agreed, in plain words, without a person's name."""


class StandingState(StrEnum):
    """Where a payment or deposit stands after matching."""

    MATCHED = "matched"
    WAITING = "waiting"
    """For its other half, until a date."""
    EXCEPTION = "exception"
    UNCONCERNED = "unconcerned"
    """Nothing to match: a payment without money (NON), a batch whose checks are matched one by one."""


class Of(StrEnum):
    """What a standing is of."""

    PAYMENT = "payment"
    DEPOSIT = "deposit"


class Standing(Record, frozen=True, kw_only=True):
    """What matching says of one payment or deposit. `dollars` is the money in question."""

    of: Of
    number: int
    state: StandingState
    reason: str = ""
    """A code of REASONS for an exception."""
    until: dt.date | None = None
    dollars: Decimal = Decimal(0)
    detail: str = ""
    """Both figures, the candidates, what is missing; never a person's name."""
