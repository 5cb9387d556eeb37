"""From a remittance to the lines that are posted."""

import datetime as dt
from base64 import b32encode
from collections.abc import Callable, Iterable, Iterator
from decimal import Decimal
from hashlib import sha256
from typing import Protocol

from payerbots.domain.posting import AdjustmentRow, PostingLine
from payerbots.domain.record import Record
from payerbots.domain.remittance import Adjustment, Claim, Line, PaymentHeader

CLAIM_ITSELF = 0
"""The position of what a claim says beside its lines."""
_ONE = Decimal(1)
_ZERO = Decimal(0)
_PATIENT = "PR"
_PATIENTS = {"1": "deductible", "2": "coinsurance", "3": "copay"}
_OWN_COLUMN = {"45": "contractual", "253": "sequestration"}
_PLACES = tuple(
    (f"other_{place}_group", f"other_{place}_code", f"other_{place}_amount") for place in range(1, 5)
)


class Funding(Record, frozen=True, kw_only=True):
    """Where the money of a payment was found; of one without money (NON) only its batch."""

    batch: str
    deposit: str = ""
    deposit_date: dt.date | None = None


class Decided(Protocol):
    """What was decided on a claim."""

    @property
    def reversal_of(self) -> str:
        """The number of the claim that it takes back."""

    @property
    def patient_billable(self) -> bool:
        """Whether the patient owes what is adjusted to the patient."""

    @property
    def next_payer(self) -> str:
        """Whom the office bills next."""

    def of_line(self, position: int) -> str:
        """The action of a line from 1; of `CLAIM_ITSELF` that of what the claim says beside its lines."""


def lines_of(
    payment: PaymentHeader, claims: Iterable[tuple[Claim, Decided]], funding: Funding, file: str
) -> Iterator[PostingLine]:
    """The posting lines of a payment, claim by claim with what was decided on it, in the order of the remittance.

    A claim without lines is one row. Where a claim has amounts beside its lines (adjustments of its own), these are
    a row before them, with position 0: the paid amounts of the rows always add up to the claim's.
    """
    maker = _Maker(payment, funding, file)
    for claim, decided in claims:
        yield from maker.of_claim(claim, decided)


def adjustments_of(line: PostingLine, means: Callable[[str], str]) -> Iterator[AdjustmentRow]:
    """Every adjustment of a line as a row; `means` puts a CARC into words."""
    for each in line.adjustments:
        yield AdjustmentRow(
            row=line.row,
            batch=line.batch,
            payer=line.payer,
            trace=line.trace,
            claim=line.claim,
            patient=line.patient,
            date_from=line.date_from,
            hcpcs=line.hcpcs,
            group=each.group,
            code=each.code,
            amount=each.amount,
            quantity=each.quantity,
            means=means(each.code),
        )


def payment_mark(payer_id: str, trace: str, day: dt.date | None, amount: Decimal) -> str:
    """What the rows of a payment begin with: 12 letters and digits, made of the payment key."""
    return _digest(payer_id, trace, day.isoformat() if day else "", f"{amount:.2f}", size=12)


def mark_of(row: str) -> str:
    """The payment's mark in the ID of one of its rows."""
    return row.partition("-")[0]


def row_id(mark: str, claim: Claim, position: int) -> str:
    """The ID of a row: payment, claim and line.

    The claim's numbers are part of it: payers repeat a trace with other claims, and a place alone would be theirs too.
    """
    return f"{_stem(mark, claim)}-{position}"


def _stem(mark: str, claim: Claim) -> str:
    who = _digest(claim.patient_control_number, claim.payer_claim_number, claim.status, size=6)
    return f"{mark}-{claim.number}{who}"


def _digest(*parts: str, size: int) -> str:
    return b32encode(sha256("\x1f".join(parts).encode()).digest())[:size].decode()


class _Maker:
    """Makes the lines of one payment."""

    def __init__(self, payment: PaymentHeader, funding: Funding, file: str) -> None:
        self._mark = payment_mark(*payment.key)
        self._said: dict[str, object] = {
            "batch": funding.batch,
            "deposit": funding.deposit,
            "deposit_date": funding.deposit_date,
            "payer": payment.payer,
            "trace": payment.trace,
            "payer_id": payment.payer_id,
            "method": payment.method,
            "payment_date": payment.date,
            "payment_total": payment.amount,
            "file": file,
        }

    def of_claim(self, claim: Claim, decided: Decided) -> Iterator[PostingLine]:
        """The lines of a claim."""
        said = self._said | _of_whole_claim(claim)
        stem, rest = _stem(self._mark, claim), _beside_lines(claim)
        lines = enumerate(claim.lines, 1)
        for position, line in [(CLAIM_ITSELF, rest), *lines] if rest else lines:
            yield PostingLine(
                **said,  # type: ignore[arg-type]  # a dict of the fields that the claim's lines share
                **_of_line(line, claim),  # type: ignore[arg-type]  # as above
                **_in_columns(line.adjustments),  # type: ignore[arg-type]  # as above
                adjustments=line.adjustments,
                action=decided.of_line(position),
                reversal_of=decided.reversal_of,
                patient_billable=decided.patient_billable
                and any(each.group == _PATIENT for each in line.adjustments),
                next_payer=decided.next_payer,
                row=f"{stem}-{position}",
            )


def _beside_lines(claim: Claim) -> Line | None:
    """What a claim says beside its lines, as a line: all of it when it has none; None when it says nothing."""
    charge = claim.charge - sum((line.charge for line in claim.lines), _ZERO)
    paid = claim.paid - sum((line.paid for line in claim.lines), _ZERO)
    if claim.lines and not (claim.adjustments or charge or paid):
        return None
    return Line(procedure="", charge=charge, paid=paid, adjustments=claim.adjustments)


def _of_whole_claim(claim: Claim) -> dict[str, object]:
    return {
        "claim": claim.patient_control_number,
        "payer_claim": claim.payer_claim_number,
        "patient": claim.patient,
        "member_id": claim.member_id,
        "corrected_member_id": claim.corrected_member_id or "",
        "status": claim.status,
        "crossover_payer": claim.crossover_payer or "",
    }


def _of_line(line: Line, claim: Claim) -> dict[str, object]:
    paid = (_ONE if line.units is None else line.units) if line.procedure else line.units
    return {
        "line_control": line.control or "",
        "date_from": line.date or _day(claim, "232"),
        "date_to": line.date_to or line.date or _day(claim, "233") or _day(claim, "232"),
        "hcpcs": line.procedure or line.revenue_code or "",
        "modifiers": " ".join(line.modifiers),
        "original_hcpcs": " ".join((line.original_procedure or "", *line.original_modifiers)).strip(),
        "units_billed": paid if line.units_billed is None else line.units_billed,
        "units_paid": paid,
        "charge": line.charge,
        "allowed": line.allowed,
        "paid": line.paid,
        "remarks": " ".join(dict.fromkeys(line.remarks + claim.remarks)),
    }


def _day(claim: Claim, qualifier: str) -> dt.date | None:
    return next((each.date for each in claim.dates if each.qualifier == qualifier), None)


def _in_columns(adjustments: Iterable[Adjustment]) -> dict[str, object]:
    """Adjustments by their column; those of one group and code are summed."""
    sums: dict[str, Decimal | None] = dict.fromkeys(
        ("deductible", "coinsurance", "copay", "other_pr", "contractual", "sequestration")
    )
    others: dict[tuple[str, str], Decimal] = {}
    for each in adjustments:
        column = _column(each)
        if column:
            sums[column] = (sums[column] or _ZERO) + each.amount
        else:
            key = (each.group, each.code)
            others[key] = others.get(key, _ZERO) + each.amount
    return sums | _others(others)


def _column(adjustment: Adjustment) -> str | None:
    if adjustment.group == _PATIENT:
        return _PATIENTS.get(adjustment.code, "other_pr")
    return _OWN_COLUMN.get(adjustment.code)


def _others(others: dict[tuple[str, str], Decimal]) -> dict[str, object]:
    found: dict[str, object] = {}
    for names, ((group, code), amount) in zip(_PLACES, others.items(), strict=False):
        found.update(zip(names, (group, code, amount), strict=True))
    if len(others) > len(_PLACES):
        found["further"] = sum([*others.values()][len(_PLACES) :], _ZERO)
    return found
