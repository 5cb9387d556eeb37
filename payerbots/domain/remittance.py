"""A payer's remittance: one payment, the claims in it, and why each was paid what it was paid.

The same record comes out of an X12 835 and out of an EOB PDF. Field names are the keys of `documents read --json`.
Codes are X12's own (005010X221A1); amounts are dollars, exact.
"""

import datetime as dt
from decimal import Decimal

from payerbots.domain.problems import Problem
from payerbots.domain.record import Record


class Adjustment(Record, frozen=True, kw_only=True):
    """Why the payment differs from the charge (CAS): a positive `amount` lowers the payment."""

    group: str
    """CO the supplier's, PR the patient's, OA other, PI the payer's own reduction, CR correction (old files)."""
    code: str
    """The claim adjustment reason code (CARC)."""
    amount: Decimal
    quantity: Decimal | None = None
    """Units that were cut."""


class Name(Record, frozen=True, kw_only=True):
    """Somebody named in the claim (NM1). `entity`: QC patient, IL insured, 74 corrected, 82 rendering, TT crossover."""

    entity: str
    last: str = ""
    """The last name, or the whole name of an organisation."""
    first: str = ""
    middle: str = ""
    suffix: str = ""
    qualifier: str = ""
    identifier: str = ""


class Qualified(Record, frozen=True, kw_only=True):
    """A value under a qualifier of X12: a reference (REF)."""

    qualifier: str
    value: str


class Dated(Record, frozen=True, kw_only=True):
    """A date under a qualifier (DTM): 232 and 233 statement from and to, 050 received, 036 expires, ..."""

    qualifier: str
    date: dt.date


class Amount(Record, frozen=True, kw_only=True):
    """An amount or a quantity for information (AMT, QTY); it never takes part in balancing."""

    qualifier: str
    amount: Decimal


class Line(Record, frozen=True, kw_only=True):
    """A service line (SVC)."""

    control: str | None = None
    """The line control number that was sent with the claim (REF*6R)."""
    procedure: str
    modifiers: tuple[str, ...] = ()
    original_procedure: str | None = None
    """What was billed, when the payer paid for something else (SVC06)."""
    charge: Decimal
    paid: Decimal
    allowed: Decimal | None = None
    """AMT*B6."""
    units_billed: Decimal | None = None
    """SVC07; the standard leaves it out when it equals `units`."""
    units: Decimal | None = None
    """Units paid (SVC05); the standard's default is 1."""
    date: dt.date | None = None
    date_to: dt.date | None = None
    remarks: tuple[str, ...] = ()
    """Remittance advice remark codes (RARC)."""
    adjustments: tuple[Adjustment, ...] = ()
    procedure_qualifier: str = ""
    """HC for HCPCS, NU for a revenue code, N4 for an NDC, ..."""
    original_modifiers: tuple[str, ...] = ()
    revenue_code: str | None = None
    references: tuple[Qualified, ...] = ()
    amounts: tuple[Amount, ...] = ()
    quantities: tuple[Amount, ...] = ()


class Claim(Record, frozen=True, kw_only=True):
    """A claim as the payer has adjudicated it (CLP)."""

    patient_control_number: str
    status: str
    """CLP02: 1, 2, 3 primary, secondary, tertiary; 4 patient not recognised; 19-21, 23 forwarded; 22 reversal."""
    charge: Decimal
    paid: Decimal
    patient_responsibility: Decimal | None = None
    payer_claim_number: str = ""
    filing_indicator: str = ""
    frequency: str = ""
    patient: str = ""
    """`LAST, FIRST MIDDLE`."""
    member_id: str = ""
    corrected_member_id: str | None = None
    """NM1*74."""
    crossover_payer: str | None = None
    """The payer that the claim was passed on to (NM1*TT); it must not be billed again."""
    received: dt.date | None = None
    dates: tuple[Dated, ...] = ()
    remarks: tuple[str, ...] = ()
    adjustments: tuple[Adjustment, ...] = ()
    """Those of the claim itself; lines hold their own."""
    lines: tuple[Line, ...] = ()
    facility: str = ""
    names: tuple[Name, ...] = ()
    references: tuple[Qualified, ...] = ()
    amounts: tuple[Amount, ...] = ()
    quantities: tuple[Amount, ...] = ()
    adjudication: tuple[str, ...] = ()
    """MIA or MOA as it stands, its tag first; the remark codes in it are in `remarks` too."""
    assigned: str = ""
    """The header number (LX01) that the claim stands under."""
    provider: str = ""
    """TS301: the provider the claim is summed under."""
    number: int
    """Its place in the transaction, from 1."""
    segment: int = 0
    """Where its CLP stands in the file, counted in segments from 1; 0 for a claim of no X12 file."""


class ProviderAdjustment(Record, frozen=True, kw_only=True):
    """Money moved outside of claims (PLB): a positive `amount` lowers the payment."""

    code: str
    """WO recoupment, FB forwarding balance, 72 refund returned, L6 interest, CS, IR, LE, J1, AP, B2, B3, ..."""
    reference: str
    amount: Decimal
    provider: str = ""
    period: dt.date | None = None
    """The end of the provider's fiscal year."""


class Difference(Record, frozen=True, kw_only=True):
    """A sum that does not hold. `level`: line, claim or transaction; `difference` is found - expected."""

    level: str
    where: str
    expected: Decimal
    found: Decimal
    difference: Decimal


class Balance(Record, frozen=True, kw_only=True):
    """Whether the money adds up, on every level."""

    ok: bool
    differences: tuple[Difference, ...] = ()


class PaymentHeader(Record, frozen=True, kw_only=True):
    """What is said of a payment before its claims."""

    control: str
    """ST02; the number of the check in an EOB."""
    payer: str
    payer_id: str
    """TRN03, the payer's own id; empty in an EOB PDF."""
    payee: str
    payee_npi: str
    trace: str
    """TRN02: the check number or the trace of the electronic payment."""
    method: str
    """ACH, CHK, NON (no money), FWT, BOP."""
    amount: Decimal
    date: dt.date | None
    """The day of the check, or the day the money moves (BPR16)."""
    handling: str = ""
    """BPR01: I with the money, H for information, C and D see BPR."""
    debit: bool = False
    """BPR03 is D: the money goes the other way."""
    produced: dt.date | None = None
    payer_identifiers: tuple[Qualified, ...] = ()
    payer_address: tuple[str, ...] = ()
    payer_contacts: tuple[str, ...] = ()
    payee_identifiers: tuple[Qualified, ...] = ()
    payee_address: tuple[str, ...] = ()
    references: tuple[Qualified, ...] = ()
    receiver: str = ""
    """The interchange's receiver (ISA08)."""

    @property
    def key(self) -> tuple[str, str, dt.date | None, Decimal]:
        """The payment key (TRN03, TRN02, BPR16, BPR02): the same payment, whatever road it came by."""
        return (self.payer_id, self.trace, self.date, self.amount)


class PaymentTotals(Record, frozen=True, kw_only=True):
    """What stands after a payment's claims, and whether it all adds up."""

    claims: int
    charge: Decimal
    paid: Decimal
    provider_adjustments: tuple[ProviderAdjustment, ...]
    balance: Balance
    problems: tuple[Problem, ...] = ()


class Remittance(PaymentHeader, frozen=True, kw_only=True):
    """One payment with all its claims."""

    claims: tuple[Claim, ...] = ()
    provider_adjustments: tuple[ProviderAdjustment, ...] = ()
    balance: Balance
